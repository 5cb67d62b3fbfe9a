// How long it takes until the first result is painted in a real Chromium: of a first visit to a list, of one with the
// files in the browser's cache, and from Enter, with what that is made of; and, as the least that the browser itself
// takes, of a first visit to the plain page of the same list, which has no scripts. Over a server that runs, or over the
// sample articles:
//   node tests/bench/page_bench.mjs [--runs 20] [--origin http://127.0.0.1:8080 [--origin …]] [query …]
// Prints the median and the 95th percentile in ms. The target is 150 ms from Enter. Several servers are measured in turns, so
// that two versions of the page can be compared on a machine that is never quiet.

import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { painted, watch_paint } from '../web/painted.mjs';
import { index_articles, start_server } from '../web/site.mjs';

const { chromium } = createRequire(new URL('../web/package.json', import.meta.url))('playwright-core');
const { values: { runs, origin: given }, positionals } = parseArgs({
  options: { runs: { type: 'string', default: '20' }, origin: { type: 'string', multiple: true } }, allowPositionals: true });
const queries = positionals.length ? positionals : given ? ['torture', 'prison camps', 'the rights'] : ['varland', 'quintal'];
const load = () => loadavg().map(n => n.toFixed(1)).join(' ');
const pause = ms => new Promise(resolve => setTimeout(resolve, ms));

const at = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
const told = list => {
  const sorted = list.toSorted((a, b) => a - b);
  return `${at(sorted, 0.5).toFixed(0).padStart(6)} ${at(sorted, 0.95).toFixed(0).padStart(6)}`;
};

let folder, server;
if (!given) {
  folder = await mkdtemp(path.join(tmpdir(), 'rapporteur-bench-'));
  await index_articles(path.join(folder, 'index'));
  server = await start_server(path.join(folder, 'index'));
}
const origins = given ?? [server.origin];
const browser = await chromium.launch({ executablePath: process.env.RAPPORTEUR_CHROMIUM ?? '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu'] });

/// When anything was painted of the page that is there, in ms since the visit began.
const first_paint = page => page.evaluate(() => new Promise(resolve => new PerformanceObserver(list => {
  const entry = list.getEntriesByName('first-contentful-paint')[0];
  if (entry) resolve(entry.startTime);
}).observe({ type: 'paint', buffered: true })));

/// What an Enter was made of, as the page itself noted it.
const parts_of = page => page.evaluate(() => {
  const { startTime, requestStart, responseStart, responseEnd } = performance.getEntriesByType('resource').filter(({ name }) => name.includes('/api/v1/search')).pop();
  return { asked: startTime - window.entered, answer: responseEnd - startTime, sent: requestStart - startTime, waited: responseStart - requestStart,
    drawn: window.changes.find(when => when > responseEnd) - responseEnd };
});

try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await watch_paint(page);
  await page.addInitScript(() => {
    window.changes = [];  // when the document was changed
    new MutationObserver(() => window.changes.push(performance.now())).observe(document, { childList: true, subtree: true });
  });
  // The browser's own windows are built with pages of their own, which is not to be measured.
  for (const origin of origins) await page.goto(`${origin}/?q=${encodeURIComponent(queries[0])}`);
  await pause(3000);
  const blank = async () => {
    await page.goto('about:blank');
    await pause(200);
  };
  const took = new Map();
  const note = (origin, name, ms) => {
    const of = took.get(name) ?? took.set(name, new Map()).get(name);
    of.set(origin, [...of.get(origin) ?? [], ms]);
  };
  console.log(`load ${load()}, ${runs} runs of ${queries.length} queries in turns`);
  for (let i = 0; i < Number(runs); ++i) {
    for (const q of queries) {
      for (const origin of origins) {
        const address = `${origin}/?q=${encodeURIComponent(q)}`;
        await blank();
        await session.send('Network.clearBrowserCache');
        await page.goto(address);
        note(origin, 'first visit', await painted(page));
        await blank();
        await page.goto(address);
        note(origin, 'again', await painted(page));
        await blank();
        await session.send('Network.clearBrowserCache');
        await page.goto(`${origin}/plain/?q=${encodeURIComponent(q)}`);
        note(origin, 'first visit, plain page', await first_paint(page));
        await page.goto(address);
        await painted(page);
        // Another query each time, so that no answer comes from a cache; and the reader has read what is suggested.
        const suggested = page.waitForResponse(response => response.url().includes('/api/v1/suggest'));
        await page.fill('#q', `${q} -x${i}${Date.now()}`);
        await (await suggested).finished();
        await pause(200);
        const answered = page.waitForResponse(response => response.url().includes('/api/v1/search'));
        await page.press('#q', 'Enter');
        const enter = await painted(page, 2) - await page.evaluate(() => window.entered);
        const { asked, answer, sent, waited, drawn } = await parts_of(page);
        note(origin, 'Enter', enter);
        note(origin, '  without the answer', enter - answer);
        note(origin, '  until it is asked', asked);
        note(origin, '  until it is answered', answer);
        note(origin, '    of which to be sent', sent);
        note(origin, '    of which to wait', waited);
        note(origin, '    of which took_ms', (await (await answered).json()).took_ms);
        note(origin, '  until it is drawn', drawn);
      }
    }
  }
  console.log(`${'ms, median and p95'.padEnd(26)}${origins.map(origin => origin.replace('http://', '').padStart(16)).join('')}`);
  for (const [name, of] of took) console.log(`${name.padEnd(26)}${origins.map(origin => `   ${told(of.get(origin))}`).join('')}`);
  console.log(`load ${load()}`);
} finally {
  await browser.close();
  await server?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
}
