// The page is light: what a first visit loads, and that nothing moves once it is seen.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { painted, watch_paint } from './painted.mjs';
import { held } from './site.mjs';

const most_bytes = 60_000;
const most_requests = 32;

/// Counts what comes over the wire, headers included, from now on.
async function weighed(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.clearBrowserCache');
  const load = { bytes: 0, of: new Map() };
  const names = new Map();
  session.on('Network.requestWillBeSent', ({ requestId, request }) => names.set(requestId, request.url));
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    load.bytes += encodedDataLength;
    load.of.set(names.get(requestId), encodedDataLength);
  });
  return load;
}

/// Notes every shift of the layout that the reader did not bring about, with what moved.
const watch_shifts = page => page.addInitScript(() => {
  window.shifts = [];
  const frame = requestAnimationFrame.bind(window);  // a test may stop the page's own
  window.after_frames = () => new Promise(resolve => frame(() => frame(() => resolve(window.shifts))));
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) {
      if (!entry.hadRecentInput) window.shifts.push([entry.value, ...entry.sources.map(s => `${s.node?.nodeName} ${s.node?.id ?? ''} ${s.node?.className ?? ''}`)]);
    }
  }).observe({ type: 'layout-shift', buffered: true });
});
const shifts = v => v.page.evaluate(() => window.after_frames());

export default function light_tests(here) {
  for (const [name, address, shown] of [['the start page', '', '#start h1'], ['a list', '?q=quintal', '.hit mark']]) {
    for (const locale of ['en-GB', 'ar']) {
      test(`a first visit to ${name} in ${locale} is under ${most_bytes} bytes`, () => here.visit(`light ${name} ${locale}`, { locale }, async v => {
        const load = await weighed(v.page);
        await v.go(address);
        await v.shows(shown, /./);
        await v.page.waitForLoadState('networkidle');
        const list = [...load.of].map(([url, bytes]) => `${String(bytes).padStart(7)} ${url}`).join('\n');
        assert.ok(load.bytes > 10_000 && load.bytes < most_bytes, `${load.bytes} bytes:\n${list}`);
        assert.ok(load.of.size <= most_requests, `${load.of.size} requests:\n${list}`);
      }));
    }
  }

  test('every module is asked for at once: none waits for another to name it', async () => {
    const html = await (await fetch(`${here.server.origin}/`)).text();
    const named = new Set([...html.matchAll(/(?:href|src)="([\w/-]+\.js)"/g)].map(found => found[1]));
    for (const name of named) {
      const source = await (await fetch(`${here.server.origin}/${name}`)).text();
      for (const [, other] of source.matchAll(/^import .*from '\.\/([\w/-]+\.js)'/gm)) assert.ok(named.has(other), `${other}, which ${name} needs, is not preloaded`);
    }
  });

  test('a list is asked for before style sheets and the other modules are there', () => here.visit('light early', {}, async v => {
    const names = ['style.css', 'search.css', 'app.js', 'list.js', 'results.js', 'timeline.js', 'strings.js', 'strings/en.json'];
    const late = [];
    for (const name of names) late.push(await held(v.page, `/${name}`));
    const asked = v.page.waitForResponse(response => response.url().includes('/api/v1/search'));
    const going = v.go('?q=quintal');
    await (await asked).finished();
    for (const one of late) one.release();
    await going;
    await v.shows('.hit', /./);
  }));

  /// What is asked of the API from now on, as the part of the address that names it.
  const asked_of_api = page => {
    const list = [];
    page.on('request', request => request.url().includes('/api/') && list.push(new URL(request.url()).pathname));
    return list;
  };

  test('the list and the words overtake the modules that only draw them', () => here.visit('light order', {}, async v => {
    const session = await v.page.context().newCDPSession(v.page);
    await session.send('Network.enable');
    const priority = new Map();
    session.on('Network.requestWillBeSent', ({ request }) => priority.set(new URL(request.url).pathname, request.initialPriority));
    await v.go('?q=quintal');
    await v.shows('.hit', /./);
    for (const path of ['/first.js', '/api.js', '/query.js', '/state.js', '/strings.js', '/strings/en.json', '/api/v1/search']) assert.equal(priority.get(path), 'High', path);
    for (const path of ['/app.js', '/list.js', '/results.js', '/timeline.js']) assert.equal(priority.get(path), 'Low', path);
  }));

  test('a list is asked for before the browser writes its address into the history', () => here.visit('light ahead', {}, async v => {
    await v.page.addInitScript(() => {
      window.done = [];
      for (const [holder, name] of [[window, 'fetch'], [history, 'pushState'], [history, 'replaceState']]) {
        const native = holder[name];
        holder[name] = function (...given) {
          window.done.push(name === 'fetch' ? new URL(given[0]).pathname : name);
          return native.apply(this, given);
        };
      }
    });
    await v.go('?q=quintal');
    await v.shows('.hit', /./);
    for (const step of [() => v.search('varland'), () => v.page.selectOption('#sort', 'newest'), () => v.page.click('#home')]) {
      await v.page.evaluate(() => (window.done.length = 0));
      const answered = v.page.waitForResponse(response => response.url().includes('/api/v1/search'));
      await step();
      await answered;
      const done = (await v.page.evaluate(() => window.done)).filter(name => name !== '/api/v1/suggest');
      assert.ok(done.includes('pushState') && done.indexOf('/api/v1/search') < done.indexOf('pushState'), done.join());
      assert.equal(done.filter(name => name === '/api/v1/search').length, 1, 'asked for once');
    }
  }));

  // How long it takes is told, not judged: tests/bench/page_bench.mjs measures it. What makes it short is judged.
  test('nothing but the one request and its answer stands before the first result', t => here.visit('light painted', {}, async v => {
    await watch_paint(v.page);
    // No timer runs: what is shown waits for none.
    await v.page.clock.install();
    await v.page.clock.pauseAt(Date.now() + 60_000);
    const list = asked_of_api(v.page);
    await v.go('?q=quintal');
    t.diagnostic(`first result painted ${Math.round(await painted(v.page))} ms after the visit began`);
    assert.deepEqual(list, ['/api/v1/search']);
    list.length = 0;
    await v.search('varland');
    const at = await painted(v.page, 2);
    t.diagnostic(`first result painted ${Math.round(at - await v.page.evaluate(() => window.entered))} ms after Enter`);
    t.diagnostic(`tasks of more than 50 ms: ${JSON.stringify(await v.page.evaluate(() => window.long_tasks.map(task => task.map(Math.round))))}`);
    assert.deepEqual(list.filter(path => path !== '/api/v1/suggest'), ['/api/v1/search']);
  }));

  test('a screenful of hits is painted before the rest is drawn, and the rest moves nothing', () => here.visit('light two steps', {}, async v => {
    await watch_shifts(v.page);
    const rest = ['#timeline svg', '#facets input', '#facets .tally', '#foot', '#pages a'];
    const there = () => v.page.evaluate(list => list.filter(part => document.querySelector(part)?.checkVisibility({ checkVisibilityCSS: true })), rest);
    const rects = () => v.page.evaluate(() => ['#count', '#timeline', '.hit', '.hit:nth-child(5)'].map(part => document.querySelector(part).getBoundingClientRect().y));
    await v.page.clock.install();
    await v.page.clock.pauseAt(Date.now() + 60_000);  // no frame's callback is run, so nothing follows the first frame
    for (const [how, step] of [['a first visit', () => v.go('?sort=newest')], ['Enter', () => v.search('the')], ['a shorter one', () => v.search('quintal')]]) {
      await step();
      await v.shows('.hit', /./);
      assert.deepEqual(await there(), [], how);
      const { hits, bottom, tall } = await v.page.evaluate(() => ({
        hits: document.querySelectorAll('.hit').length, bottom: document.querySelector('.hit:last-child').getBoundingClientRect().bottom, tall: innerHeight }));
      assert.ok(hits < 20, how);
      assert.ok(bottom > tall || how === 'a shorter one', `${how}: ${hits} hits end at ${bottom} of ${tall} px`);
      const before = await rects();
      await v.page.clock.runFor(100);
      await v.shows('#facets .tally', /./);
      assert.deepEqual(await there(), how === 'a shorter one' ? rest.slice(0, 4) : rest, how);
      assert.deepEqual(await rects(), before, how);
      assert.deepEqual(await shifts(v), [], how);
    }
  }));

  test('what had the focus in the list, or a place to come back to, is there with the first frame', () => here.visit('light one step', {}, async v => {
    await v.page.clock.install();
    await v.go('?sort=newest');
    await v.page.clock.runFor(100);
    await v.shows('#facets .tally', /./);
    await v.page.clock.pauseAt(Date.now() + 60_000);
    const box = v.page.locator('#facets input').first();
    const key = await box.getAttribute('data-key');
    await box.focus();
    await v.press('Space');
    await v.until(wanted => document.activeElement?.dataset.key === wanted, key);
    assert.equal(await v.page.locator('#timeline svg').isVisible(), true);
  }));

  for (const [width, height] of [[1280, 800], [390, 700]]) {
    test(`nothing moves by itself on a screen of ${width} px`, () => here.visit(`shift ${width}`, { width, height }, async v => {
      await watch_shifts(v.page);
      for (const [address, shown] of [['', '#start h1'], ['?q=quintal', '.hit'], ['?q=quintal&view=table,share', '.timeline-table'], ['?q=xyzzyplugh', '#notice']]) {
        await v.go(address);
        await v.shows(shown, /./);
        assert.deepEqual(await shifts(v), [], address);
      }
      // Answers that are late enough to have a wait of their own.
      await v.page.route('**/api/v1/search*', async route => {
        await v.page.locator('#wait').waitFor({ state: 'visible' });
        await route.continue();
      });
      await v.go('?sort=newest');
      await v.shows('.hit', /./);
      assert.deepEqual(await shifts(v), [], 'a late list');
      await v.page.click('#pages a[rel=next]');
      await v.shows('#count', 'Page 2');
      assert.deepEqual(await shifts(v), [], 'a late page');
    }));
  }
}
