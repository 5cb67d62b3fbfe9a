// Drives Firefox by Marionette, the protocol that is built into it: JSON over a socket, the commands of WebDriver. No other
// program and no package is needed.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { free_port } from './site.mjs';

const patience = 30_000;  // ms; how long something that must come may take on a busy machine

export const names = { Enter: '\uE007', Escape: '\uE00C', ArrowDown: '\uE015', ArrowRight: '\uE014', Backspace: '\uE003' };

/// One Firefox with a profile of its own and one page. What must become true is waited for.
export class firefox {
  #waiting = new Map();
  #last = 0;
  #read = Buffer.alloc(0);

  /// settings: of about:config.
  async open(program, settings = {}) {
    this.folder = await mkdtemp(path.join(tmpdir(), 'rapporteur-firefox-'));
    const port = await free_port();
    const all = { 'marionette.port': port, 'intl.accept_languages': 'en-GB,en', 'browser.shell.checkDefaultBrowser': false,
      'datareporting.policy.dataSubmissionEnabled': false, 'app.update.enabled': false, 'network.captive-portal-service.enabled': false,
      'network.connectivity-service.enabled': false, 'remote.prefs.recommended': true, ...settings };
    await writeFile(path.join(this.folder, 'user.js'), Object.entries(all).map(pair => `user_pref(${pair.map(value => JSON.stringify(value)).join(', ')});\n`).join(''));
    this.process = spawn(program, ['--headless', '--marionette', '--remote-allow-system-access', '--no-remote', '--profile', this.folder, 'about:blank'],
      { stdio: 'ignore', env: { ...process.env, HOME: this.folder } });
    this.gone = once(this.process, 'exit');
    await this.#connect(port);
    await this.#send('WebDriver:NewSession');
    await this.size(1280, 900);
  }

  /// It says nothing when it listens, so it is asked again until it does.
  async #connect(port) {
    for (const end = Date.now() + 2 * patience; ;) {
      this.socket = net.connect(port, '127.0.0.1');
      try {
        await once(this.socket, 'connect');
        break;
      } catch (error) {
        if (Date.now() > end || this.process.exitCode !== null) throw error;
        await pause(100);
      }
    }
    const greeted = new Promise(resolve => this.#waiting.set(0, [resolve]));
    this.socket.on('data', data => {
      this.#read = Buffer.concat([this.#read, data]);
      for (let colon; (colon = this.#read.indexOf(':')) > 0;) {
        const end = colon + 1 + Number(this.#read.subarray(0, colon));
        if (this.#read.length < end) return;
        const message = JSON.parse(this.#read.subarray(colon + 1, end));
        this.#read = this.#read.subarray(end);
        const [, id, error, result] = Array.isArray(message) ? message : [1, 0, null, message];
        const [resolve, reject] = this.#waiting.get(id);
        this.#waiting.delete(id);
        if (error) reject(new Error(`${error.error}: ${error.message}`));
        else resolve(result);
      }
    });
    await greeted;
  }

  #send(command, parameters = {}) {
    const message = JSON.stringify([0, ++this.#last, command, parameters]);
    const answered = new Promise((resolve, reject) => this.#waiting.set(this.#last, [resolve, reject]));
    this.socket.write(`${Buffer.byteLength(message)}:${message}`);
    return answered;
  }

  go(url) {
    return this.#send('WebDriver:Navigate', { url });
  }

  back() {
    return this.#send('WebDriver:Back');
  }

  /// The window's size, with what the browser itself takes of it.
  size(width, height) {
    return this.#send('WebDriver:SetWindowRect', { width, height });
  }

  /// What a function answers in the page. It is handed over as text, so it knows its arguments only.
  async run(body, ...given) {
    return (await this.#send('WebDriver:ExecuteScript', { script: `return (${body}).apply(null, arguments)`, args: given })).value;
  }

  async until(body, ...given) {
    for (const end = Date.now() + patience; ;) {
      const value = await this.run(body, ...given);
      if (value) return value;
      if (Date.now() > end) throw new Error(`never true: ${body} of ${JSON.stringify(given)}`);
      await pause(50);
    }
  }

  /// Waits until an element that can be seen has the text.
  shows(selector, text) {
    return this.until((wanted, pattern) => [...document.querySelectorAll(wanted)].some(node =>
      node.checkVisibility({ checkVisibilityCSS: true }) && new RegExp(pattern).test(node.textContent)), selector, text.source ?? text);
  }

  type(...list) {
    const actions = list.map(key => names[key] ?? key).flatMap(value => [{ type: 'keyDown', value }, { type: 'keyUp', value }]);
    return this.#send('WebDriver:PerformActions', { actions: [{ type: 'key', id: 'keys', actions }] });
  }

  /// Presses at the first place, moves over the others, lets go.
  drag(...places) {
    const moves = places.map(([x, y], i) => ({ type: 'pointerMove', duration: i ? 50 : 0, x: Math.round(x), y: Math.round(y) }));
    moves.splice(1, 0, { type: 'pointerDown', button: 0 });
    return this.#send('WebDriver:PerformActions', { actions: [{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' },
      actions: [...moves, { type: 'pointerUp', button: 0 }] }] });
  }

  async click(selector) {
    await this.drag(await this.run(wanted => {
      const node = document.querySelector(wanted);
      node.scrollIntoView({ block: 'center' });
      const box = node.getBoundingClientRect();
      return [box.x + box.width / 2, box.y + box.height / 2];
    }, selector));
  }

  /// What the browser complained of in pages of this origin: exceptions, breaches of the policy, style that it does not take.
  async complaints(origin) {
    await this.#send('Marionette:SetContext', { value: 'chrome' });
    const list = await this.run(() => Services.console.getMessageArray().filter(message => message instanceof Ci.nsIScriptError)
      .map(({ errorMessage, sourceName, lineNumber }) => `${errorMessage} ${sourceName}:${lineNumber}`));
    await this.#send('Marionette:SetContext', { value: 'content' });
    return list.filter(text => text.includes(origin));
  }

  async screenshot(file) {
    await writeFile(file, Buffer.from((await this.#send('WebDriver:TakeScreenshot', { full: false })).value, 'base64'));
  }

  async close() {
    if (this.process?.exitCode === null) {
      if (this.socket?.writable) this.#send('Marionette:Quit', { flags: ['eForceQuit'] }).catch(() => {});
      else this.process.kill();
      await this.gone;
    }
    this.socket?.destroy();
    if (this.folder) await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
