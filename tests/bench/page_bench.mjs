// How long it takes until the first result is painted in a real Chromium: of a first visit to a list, of one with the
// files in the browser's cache, and from Enter. Over a server that runs, or over the sample articles:
//   node tests/bench/page_bench.mjs [--runs 20] [--origin http://127.0.0.1:8080] [query …]
// Prints the median and the 95th percentile in ms, and the median of what the server says it took. The target is 150 ms.

import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { painted, watch_paint } from '../web/painted.mjs';
import { index_articles, start_server } from '../web/site.mjs';

const { chromium } = createRequire(new URL('../web/package.json', import.meta.url))('playwright-core');
const { values: { runs, origin: given }, positionals } = parseArgs({
  options: { runs: { type: 'string', default: '20' }, origin: { type: 'string' } }, allowPositionals: true });
const queries = positionals.length ? positionals : given ? ['torture', 'prison camps', 'the rights'] : ['varland', 'quintal'];

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
const origin = given ?? server.origin;
const browser = await chromium.launch({ executablePath: process.env.RAPPORTEUR_CHROMIUM ?? '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu'] });
try {
  console.log(`load ${loadavg().map(n => n.toFixed(1)).join(' ')}, ${runs} runs`);
  console.log(`${'ms, median and p95'.padEnd(28)} first visit   again       Enter      server`);
  for (const q of queries) {
    const took = { first: [], again: [], enter: [], server: [] };
    for (let i = 0; i < Number(runs); ++i) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
      const page = await context.newPage();
      await watch_paint(page);
      const address = `${origin}/?q=${encodeURIComponent(q)}`;
      await page.goto(address);
      took.first.push(await painted(page));
      await page.goto('about:blank');
      await page.goto(address);
      took.again.push(await painted(page));
      // Another query each time, so that no answer comes from a cache.
      const answered = page.waitForResponse(response => response.url().includes('/api/v1/search'));
      await page.fill('#q', `${q} -x${i}${Date.now()}`);
      await page.press('#q', 'Enter');
      const shown = await painted(page, 2);
      took.enter.push(shown - await page.evaluate(() => window.entered));
      took.server.push((await (await answered).json()).took_ms);
      await context.close();
    }
    console.log(`${q.padEnd(28)}${told(took.first)}${told(took.again)}${told(took.enter)}${told(took.server)}`);
  }
} finally {
  await browser.close();
  await server?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
}
