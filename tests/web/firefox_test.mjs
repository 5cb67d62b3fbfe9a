// The page in a real Firefox, where there is one: what readers do most, and what Firefox has been seen to do otherwise than
// Chromium, in which all else is tested (web_test.mjs). Skips visibly without firefox-esr.
//   RAPPORTEUR_BIN_DIR=build/dev node --test tests/web/firefox_test.mjs

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { firefox } from './marionette.mjs';
import { index_articles, start_server } from './site.mjs';

const program = process.env.RAPPORTEUR_FIREFOX ?? '/usr/bin/firefox-esr';
const skip = existsSync(program) ? false : `no Firefox at ${program}: install Debian's package firefox-esr, or set RAPPORTEUR_FIREFOX`;

describe('in Firefox', { skip }, () => {
  let folder, server, page;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rapporteur-firefox-test-'));
    await index_articles(path.join(folder, 'index'));
    server = await start_server(path.join(folder, 'index'));
    // Suggestions come from a table that the server makes when it is first asked.
    for (let made = 0; !made;) {
      made = (await (await fetch(`${server.origin}/api/v1/suggest?q=varl`)).json()).suggestions.length;
    }
    page = new firefox();
    await page.open(program);
  });
  after(async () => {
    await page?.close();
    await server?.stop();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  /// body runs on the page; afterwards Firefox has nothing to complain of. What it saw of a failure is kept as a picture.
  const on_page = (name, body) => test(name, async () => {
    try {
      await body();
      assert.deepEqual(await page.complaints(server.origin), []);
    } catch (error) {
      const kept = path.join(process.env.RAPPORTEUR_BIN_DIR ?? 'build/dev', 'web-test-failures');
      await mkdir(kept, { recursive: true });
      await page.screenshot(path.join(kept, `firefox-${name.replace(/\W+/g, '-')}.png`)).catch(() => {});
      throw error;
    }
  });
  const go = address => page.go(`${server.origin}/${address}`);
  const address = () => page.run(() => location.search);
  const fits = async () => assert.ok(await page.run(() => document.documentElement.scrollWidth <= innerWidth), 'nothing to scroll sideways');

  on_page('a query is typed, suggested and found', async () => {
    await go('');
    await page.shows('#start h1', /./);
    await page.run(() => document.getElementById('q').focus());
    await page.type(...'varl');
    await page.shows('[role=option]', '[Vv]arland');
    await page.type('ArrowDown');
    assert.ok(await page.run(() => document.getElementById('q').getAttribute('aria-activedescendant')));
    await page.type('Enter');
    await page.shows('#count', '[Vv]arland');
    await page.shows('#facets .tally', /./);
    await page.shows('.hit mark', /./);
    assert.equal(await page.run(() => document.activeElement.id), 'count');
  });

  on_page('a filter, a stretch of time, and back', async () => {
    await go('?q=varland');
    await page.shows('#facets .tally', /./);
    await page.click('#facets input');
    await page.shows('.chip', /./);
    await page.shows('.hit mark', /./);
    await page.back();
    await page.until(() => !document.querySelector('.chip') && document.querySelector('.timeline-plot'));
    await page.shows('.hit mark', /./);
    const { x, y, width } = await page.run(() => document.querySelector('.timeline-plot').getBoundingClientRect().toJSON());
    await page.drag([x + width * 0.3, y + 30], [x + width * 0.5, y + 30], [x + width * 0.9, y + 30]);
    await page.until(() => /from=\d+.*to=\d+/.test(location.search));
    await page.shows('.hit', /./);
    await page.run(() => document.querySelector('[data-key=time-first]').focus());
    await page.type('ArrowRight');
    assert.match(await page.run(() => document.querySelector('.timeline-readout').textContent), /\d/);
  });

  on_page('an article is opened, read from match to match, and closed', async () => {
    await page.size(1280, 500);
    await go('?q=kolm%20valley');
    await page.shows('.hit a.open', /./);
    await page.run(() => document.activeElement.blur());
    await page.type('j', 'Enter');
    await page.shows('#sheet mark', /./);
    await page.type('p');  // the last one, to which the text has to be scrolled
    await page.shows('mark[aria-current]', /./);
    assert.ok(await page.run(() => {
      const { top, bottom } = document.querySelector('mark[aria-current]').getBoundingClientRect();
      return top > 0 && bottom < innerHeight && document.getElementById('pane').scrollTop > 0;
    }));
    await page.type('Escape');
    await page.until(() => document.getElementById('reader').hidden);
    assert.equal(await page.run(() => document.activeElement.className), 'open');
    await page.size(1280, 900);
  });

  on_page('a text that runs the other way than the page begins at its own side', async () => {
    await go('');
    await page.run(() => localStorage.setItem('rapporteur.language', 'ar'));
    await go('?q=quintal&lang=en');
    await page.shows('.hit mark', /./);
    const sides = await page.run(() => ['.hit h2', '.hit .snippet'].map(selector => {
      const style = getComputedStyle(document.querySelector(selector));
      return [style.direction, style.textAlign];
    }));
    await page.run(() => localStorage.clear());
    assert.deepEqual(sides, [['ltr', 'start'], ['ltr', 'start']]);
    await fits();
  });

  on_page('on a narrow screen the head stands in its lines', async () => {
    await page.size(450, 800);  // as narrow as a window of it becomes
    await go('?q=quintal');
    await page.shows('.hit', /./);
    const tall = await page.run(() => document.querySelector('.brand span').getClientRects().length);
    await page.run(() => document.getElementById('rail-open').click());
    await page.shows('#facets .tally', /./);
    await fits();
    await page.size(1280, 900);
    assert.equal(tall, 1, 'the name is not broken');
  });

  on_page('the pages without scripts', async () => {
    await go('plain/?q=quintal');
    await page.shows('mark', /./);
    await fits();
  });
});
