// What every browser test stands on: the real indexer and server over tests/articles, one Chromium, and pages that
// are watched: a request to another host, a breach of the content security policy, an error in the console or an
// exception in the page fails the test in which it happens.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../..');
const binaries = path.resolve(process.env.RAPPORTEUR_BIN_DIR ?? path.join(root, 'build/dev'));
const browser_path = process.env.RAPPORTEUR_CHROMIUM ?? '/usr/bin/chromium';
const patience = 30_000;  // ms; how long something that must come may take on a busy machine

// The programs refuse settings that they do not know, and this test's own variables are none; nor are those of whoever
// runs it wanted.
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('RAPPORTEUR_')));

const program = name => {
  const file = path.join(binaries, name);
  assert.ok(existsSync(file), `${file} is missing: build ${name}, or set RAPPORTEUR_BIN_DIR to the folder it is in`);
  return file;
};

/// A port that nobody listens on now.
export async function free_port() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/// Indexes a file or folder, usually the sample articles, into the folder `index`.
export async function index_articles(index, articles = path.join(root, 'tests/articles')) {
  await promisify(execFile)(program('rapporteur-index'), ['--index', index, 'add', articles],
    { cwd: root, env: environment, maxBuffer: 1 << 24 });
}

/// Takes an article out of an index.
export async function remove_article(index, id) {
  await promisify(execFile)(program('rapporteur-index'), ['--index', index, 'remove', id], { cwd: root, env: environment });
}

/// A running server, with settings from variables. It is ready when it says so; stop() returns when it has ended.
export async function start_server(index, port = 0, settings = {}) {
  const child = spawn(program('rapporteur-server'),
    ['--index', index, '--address', '127.0.0.1', '--port', String(port)],
    {
      cwd: root,
      env: { ...environment, RAPPORTEUR_SERVER_WEB_FOLDER: path.join(root, 'web'), ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const said = [];
  const ended = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`rapporteur-server ended (${signal ?? code}) before it listened:\n${said.join('\n')}`);
  });
  const listening = new Promise(resolve => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', line => {
        said.push(line);
        const found = /listening on (http:\/\/\S+)/.exec(line);
        if (found) resolve(found[1].replace(/\/$/, ''));
      });
    }
  });
  const origin = await Promise.race([listening, ended]);
  ended.catch(() => {});
  return {
    origin,
    port: Number(new URL(origin).port),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/// A running indexer that keeps the index equal to the sample articles and takes in what is posted. stop() returns when
/// it has ended.
export function watch_articles(index, settings = {}) {
  const child = spawn(program('rapporteur-index'), ['--index', index, 'watch', path.join(root, 'tests/articles')],
    { cwd: root, env: { ...environment, ...settings }, stdio: 'ignore' });
  return {
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/// A Chromium with what the folder `profile` keeps of it; a new one if there is no such folder.
export const open_browser = profile => chromium.launchPersistentContext(profile, {
  executablePath: browser_path,
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
  locale: 'en-GB',
});

/// The index, a server and a browser, for all tests.
export class site {
  async open() {
    assert.ok(existsSync(browser_path),
      `no Chromium at ${browser_path}: install Debian's package chromium, or set RAPPORTEUR_CHROMIUM`);
    this.folder = await mkdtemp(path.join(tmpdir(), 'rapporteur-web-'));
    this.index = path.join(this.folder, 'index');
    await index_articles(this.index);
    this.server = await start_server(this.index);
    this.browser = await open_browser(path.join(this.folder, 'profile'));
  }

  async close() {
    await this.browser?.close();
    await this.server?.stop();
    if (this.folder) await rm(this.folder, { recursive: true, force: true });
  }

  /// What the API answers, for expectations.
  async ask(address) {
    const response = await fetch(`${this.server.origin}/api/v1/${address}`);
    assert.equal(response.status, 200, address);
    return response.json();
  }

  /// The id of the one article whose title has these words.
  async id_of(q, title) {
    const { hits } = await this.ask(`search?limit=50&q=${encodeURIComponent(q)}`);
    const found = hits.find(hit => hit.title.map(run => run.text).join('').includes(title));
    assert.ok(found, `no article “${title}” for ${q}`);
    return found.id;
  }

  /// Runs body(visit) on a page of its own. expected: console errors that the test brings about, as patterns.
  async visit(name, { width = 1280, height = 900, dark = false, locale = 'en-GB', clipboard = false, server = this.server, expected = [] } = {}, body) {
    const browser = this.browser.browser() ?? this.browser;
    const context = browser.newContext
      ? await browser.newContext({ viewport: { width, height }, colorScheme: dark ? 'dark' : 'light', locale })
      : this.browser;
    if (clipboard) await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const page = await context.newPage();
    page.setDefaultTimeout(patience);
    const wrong = [];
    page.on('request', request => {
      const url = new URL(request.url());
      if (url.origin !== server.origin && !/^(data|blob|about):$/.test(url.protocol)) wrong.push(`request to ${url.origin}`);
    });
    page.on('console', message => {
      const text = message.text();
      if (message.type() === 'error' && !expected.some(pattern => pattern.test(text))) wrong.push(`console: ${text}`);
    });
    page.on('pageerror', error => wrong.push(`exception: ${error.stack}`));
    page.on('dialog', dialog => {
      wrong.push(`dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
    await page.exposeFunction('report_breach', text => wrong.push(`policy: ${text}`));
    await page.addInitScript(() => addEventListener('securitypolicyviolation',
      event => window.report_breach(`${event.violatedDirective} ${event.blockedURI}`)));
    try {
      await body(new visit(page, server.origin));
      assert.deepEqual(wrong, []);
    } catch (error) {
      const folder = path.join(binaries, 'web-test-failures');
      await mkdir(folder, { recursive: true });
      await page.screenshot({ path: path.join(folder, `${name.replace(/\W+/g, '-')}.png`) }).catch(() => {});
      if (wrong.length) error.message += `\n${wrong.join('\n')}`;
      throw error;
    } finally {
      if (context === this.browser) await page.close();
      else await context.close();
    }
  }
}

/// Holds back requests whose address has `part`; release() lets them on to the server.
export async function held(page, part) {
  let release;
  const opened = new Promise(resolve => (release = resolve));
  let arrived;
  const first = new Promise(resolve => (arrived = resolve));
  await page.route(url => url.href.includes(part), async route => {
    arrived();
    await opened;
    await route.continue().catch(() => {});  // the page may have called it off
  });
  return { release, first };
}

/// One page, with the questions that the tests ask of it. What must become true is waited for.
export class visit {
  constructor(page, origin) {
    this.page = page;
    this.origin = origin;
  }

  go(address = '') {
    return this.page.goto(`${this.origin}/${address}`);
  }

  async search(q) {
    await this.page.fill('#q', q);
    await this.page.press('#q', 'Enter');
  }

  press(...keys) {
    return keys.reduce((before, key) => before.then(() => this.page.keyboard.press(key)), Promise.resolve());
  }

  /// Waits until an element shows the text (a string inside it, or a pattern).
  shows(selector, text) {
    return this.page.locator(selector).filter({ hasText: text }).first().waitFor({ state: 'visible' });
  }

  hidden(selector) {
    return this.page.locator(selector).waitFor({ state: 'hidden' });
  }

  /// Waits until what is on the clipboard passes `test`, and answers it. (A page is told nothing of its clipboard, and
  /// until() takes a promise itself for true.)
  async copied(test) {
    const end = Date.now() + patience;
    for (;;) {
      const text = await this.page.evaluate(() => navigator.clipboard.readText());
      if (test(text)) return text;
      assert.ok(Date.now() < end, `on the clipboard is: ${text}`);
      await this.page.evaluate(() => new Promise(requestAnimationFrame));
    }
  }

  /// Waits until fn, run in the page, answers something true; it must not answer a promise.
  until(fn, argument) {
    return this.page.waitForFunction(fn, argument);
  }

  /// Waits until the address's parameters are exactly these: name → value, or a list of values.
  until_address(parameters) {
    const wanted = Object.entries(parameters).flatMap(([name, values]) => [values].flat().map(value => [name, value]));
    return this.until(list => JSON.stringify([...new URLSearchParams(location.search)].sort()) === list,
      JSON.stringify(wanted.sort()));
  }

  texts(selector) {
    return this.page.locator(selector).allTextContents();
  }

  /// Waits until the element of this selector has the focus.
  focused(selector) {
    return this.until(s => document.activeElement?.matches(s), selector);
  }

  async no_sideways_scrolling() {
    const { page, shown, wide } = await this.page.evaluate(() => ({
      page: document.documentElement.scrollWidth,
      shown: innerWidth,
      wide: [...document.querySelectorAll('body *')].filter(node => {
        const box = node.getBoundingClientRect();
        return box.right > innerWidth + 1 || box.left < -1;
      }).slice(0, 8).map(node => `${node.localName}#${node.id}.${node.className}`),
    }));
    assert.ok(page <= shown, `the page is ${page} px wide on a screen of ${shown}: ${wide.join(', ')}`);
  }
}
