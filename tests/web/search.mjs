// The list: searching, marks, the address as state, filters, order, pages, keys, notes, nothing found.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { index_articles, start_server } from './site.mjs';
import { sentences } from './told.mjs';

const folded = text => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

export default function search_tests(here) {
  const on_page = (name, options, body) => test(name, () => here.visit(name, options, body));

  on_page('the start page says what the archive holds, and takes a query at once', {}, async v => {
    await v.go();
    await v.focused('#q');
    await v.shows('#start', /\d+ articles/);
    await v.shows('#start', 'The Sample Courier (fictional)');
    assert.equal(await v.page.title(), 'Rapporteur');
    await v.page.keyboard.type('quintal');
    await v.press('Enter');
    await v.until_address({ q: 'quintal' });
    await v.shows('#count', /\d+ articles for “quintal”/);
  });

  on_page('a search finds, counts and marks what matched, as printed', {}, async v => {
    await v.go();
    await v.search('tomas ibarra quintal');
    await v.shows('#count', 'for “tomas ibarra quintal”');
    const marks = await v.texts('.hit mark');
    assert.ok(marks.length > 0);
    assert.ok(marks.some(mark => mark.includes('Tomás')), 'Tomás is marked with its accent');
    assert.ok(marks.some(mark => mark.includes('Tomas')), 'Tomas is marked without one');
    await v.focused('#count');
    await v.search('"ibarra quintal"');
    await v.shows('#count', /^5 articles for "ibarra quintal"$/);
    for (const mark of await v.texts('.hit mark')) assert.match(folded(mark), /^(ibarra|quintal|ibarra quintal)$/);
  });

  on_page('dates are shown as precise as they are, and not where there is none', {}, async v => {
    await v.go('?q=quintal');
    await v.shows('.when', '17 Jun 2019');
    await v.shows('.when', 'Sept 2022');
    await v.shows('.undated', 'No date');
    assert.equal(await v.page.locator('.hit time[datetime="2022-09"]').count(), 1);
  });

  on_page('the address is the state: reload, back, forward and a shared link restore it', {}, async v => {
    await v.go();
    await v.search('quintal');
    await v.shows('#count', '“quintal”');
    await v.search('lucja');
    await v.shows('#count', '“lucja”');
    const lucja = await v.texts('.hit h2');
    await v.page.reload();
    await v.shows('#count', '“lucja”');
    assert.deepEqual(await v.texts('.hit h2'), lucja);
    assert.equal(await v.page.inputValue('#q'), 'lucja');
    await v.page.goBack();
    await v.shows('#count', '“quintal”');
    assert.equal(await v.page.inputValue('#q'), 'quintal');
    await v.page.goBack();
    await v.shows('#start h1', /./);
    assert.equal(await v.page.inputValue('#q'), '');
    await v.page.goForward();
    await v.page.goForward();
    await v.shows('#count', '“lucja”');
    assert.equal(await v.page.title(), 'lucja – Rapporteur');
  });

  on_page('outlets and languages filter, with counts, and chips take them off again', {}, async v => {
    await v.go('?q=the');
    await v.shows('#count', /articles? for/);
    const outlet = 'Paper Lantern Review (fictional)';
    const choice = v.page.locator('.choice', { hasText: outlet });
    const tally = Number(await choice.locator('.tally').textContent());
    await choice.locator('input').check();
    await v.until_address({ q: 'the', source: outlet });
    await v.shows('#count', `${tally} articles`);
    assert.deepEqual([...new Set(await v.texts('.hit .outlet'))], [outlet]);
    // Focus stays where the reader was.
    await v.until(o => document.activeElement?.dataset.key === `source=${o}`, outlet);
    // The others stay in sight, with what they would add.
    const second = 'The Sample Courier (fictional)';
    const more = Number(await v.page.locator('.choice', { hasText: second }).locator('.tally').textContent());
    await v.page.locator('.choice', { hasText: second }).locator('input').check();
    await v.until_address({ q: 'the', source: [outlet, second] });
    await v.shows('#count', `${tally + more} articles`);
    await v.page.locator('.chip', { hasText: second }).click();
    await v.until_address({ q: 'the', source: outlet });
    await v.page.locator('.chip', { hasText: outlet }).click();
    await v.until_address({ q: 'the' });
    await v.page.locator('.chip').waitFor({ state: 'detached' });
    await v.go('?lang=ar&lang=ja');
    await v.shows('.chip', 'Arabic');
    await v.shows('.chip', 'Japanese');
    for (const name of await v.texts('.hit .tongue')) assert.match(name, /^(Arabic|Japanese)$/);
    await v.page.locator('#chips button', { hasText: 'Remove all' }).click();
    await v.until_address({});
  });

  on_page('dates filter at any precision; a wrong one is said to be wrong and not searched', {}, async v => {
    await v.go('?q=quintal');
    await v.shows('#count', '“quintal”');
    await v.page.fill('#from', '2019-6');
    await v.page.fill('#to', '2019/06');
    await v.page.press('#to', 'Enter');
    await v.until_address({ q: 'quintal', from: '2019-06', to: '2019-06' });
    await v.shows('.chip', '2019-06');
    await v.until(() => {
      const dates = [...document.querySelectorAll('.hit .when')].map(node => node.dateTime ?? '');
      return dates.length > 0 && dates.every(date => date.startsWith('2019-06'));
    });
    await v.page.fill('#from', 'June');
    await v.page.press('#from', 'Enter');
    await v.shows('#dates-error', 'Write a year');
    await v.focused('#from');
    assert.equal(await v.page.getAttribute('#from', 'aria-invalid'), 'true');
    await v.page.fill('#from', '2020');
    await v.page.press('#from', 'Enter');
    await v.shows('#dates-error', 'after the last');
    await v.until_address({ q: 'quintal', from: '2019-06', to: '2019-06' });
  });

  on_page('by date, the undated come last, both ways', {}, async v => {
    await v.go('?q=quintal');
    for (const [order, ascending] of [['newest', false], ['oldest', true]]) {
      await v.page.selectOption('#sort', order);
      await v.until_address({ q: 'quintal', sort: order });
      await v.until(up => {
        const dates = [...document.querySelectorAll('.hit .when')].map(node => node.dateTime ?? '');
        const dated = dates.filter(Boolean);
        const sorted = [...dated].sort();
        if (!up) sorted.reverse();
        return dates.length > 2 && dates.at(-1) === '' && dated.length === dates.indexOf('') && dated.join() === sorted.join();
      }, ascending);
    }
  });

  on_page('pages turn by links and by keys, and are in the address', {}, async v => {
    await v.go('?sort=newest');
    await v.shows('#count', 'Page 1 of 3');
    const first = await v.texts('.hit h2');
    assert.equal(first.length, 20);
    await v.page.click('#pages a[rel=next]');
    await v.until_address({ sort: 'newest', page: '2' });
    await v.shows('#count', 'Page 2 of 3');
    const second = await v.texts('.hit h2');
    assert.equal(await v.page.evaluate(() => scrollY), 0);
    await v.focused('#count');
    await v.press('n');
    await v.shows('#count', 'Page 3 of 3');
    const third = await v.texts('.hit h2');
    const { total } = await here.ask('search?q=&sort=newest&limit=0');
    assert.equal(first.length + second.length + third.length, total.value, 'each article is on one page');
    assert.equal(await v.page.locator('#pages a[rel=next]').count(), 0);
    await v.press('p');
    await v.shows('#count', 'Page 2 of 3');
    assert.deepEqual(await v.texts('.hit h2'), second);
    await v.page.reload();
    await v.shows('#count', 'Page 2 of 3');
    await v.go('?sort=newest&page=9');
    await v.shows('#notice', 'There is no page 9');
    await v.page.click('#notice a');
    await v.until_address({ sort: 'newest', page: '3' });
  });

  on_page('the keyboard reaches everything', {}, async v => {
    await v.go('?q=quintal');
    await v.shows('#count', '“quintal”');
    await v.press('j');
    await v.focused('.hit:nth-child(1) a.open');
    await v.press('j');
    await v.focused('.hit:nth-child(2) a.open');
    await v.press('k');
    await v.focused('.hit:nth-child(1) a.open');
    await v.press('ArrowDown');
    await v.focused('.hit:nth-child(2) a.open');
    await v.press('ArrowUp');
    await v.focused('.hit:nth-child(1) a.open');
    await v.press('/');
    await v.focused('#q');
    assert.equal(await v.page.inputValue('#q'), 'quintal', 'the slash is a key, not text');
    await v.press('ArrowDown');
    await v.focused('.hit:nth-child(1) a.open');
    await v.press('Enter');
    await v.shows('#sheet h1', /./);
    await v.press('Escape');
    await v.until_address({ q: 'quintal' });
    await v.focused('.hit:nth-child(1) a.open');
    // Letters typed into a field are text.
    await v.page.fill('#from', '');
    await v.page.type('#from', 'jn/?');
    assert.equal(await v.page.inputValue('#from'), 'jn/?');
  });

  on_page('reload and back bring back the place in the list, the open article and what was unfolded', { width: 1400, height: 700 }, async v => {
    await v.go('?sort=newest&view=table,share,open.tag.country');
    await v.shows('.hit:nth-child(12)', /./);
    // The page has come to rest: to open the article scrolls nothing, and its place is known all the same.
    await v.page.locator('.hit:nth-child(12) a.open').scrollIntoViewIfNeeded();
    await v.until(() => scrollY > 0 && history.state?.y === scrollY);
    await v.page.locator('.hit:nth-child(12) a.open').click();
    await v.shows('#sheet h1', /./);
    const place = await v.page.evaluate(() => scrollY);
    assert.ok(place > 0);
    await v.until(y => history.state.y === y, place);
    const shown = () => v.page.evaluate(() => [scrollY, document.querySelector('#sheet h1').textContent, location.search,
      Boolean(document.querySelector('.timeline-table')), Boolean(document.querySelector('.timeline-share')),
      document.querySelector('[data-key="open-tag.country"]').getAttribute('aria-expanded'), document.querySelector('.hit.is-open').dataset.id]);
    const before = await shown();
    await v.page.reload();
    await v.shows('#sheet h1', before[1]);
    await v.until(y => Math.abs(scrollY - y) < 2, place);
    assert.deepEqual(await shown(), before);
    await v.page.evaluate(() => document.getElementById('home').click());  // the driver's own click would scroll first
    await v.shows('#start h1', /./);
    await v.page.goBack();
    await v.shows('#sheet h1', before[1]);
    await v.until(y => Math.abs(scrollY - y) < 2, place);
    assert.deepEqual(await shown(), before);
    // Escape ends the reading and leaves the list where it was.
    await v.press('Escape');
    await v.hidden('#reader');
    await v.until(y => Math.abs(scrollY - y) < 2, place);
  });

  on_page('help opens and closes by key, and can turn single keys off for good', {}, async v => {
    await v.go('?q=quintal');
    await v.shows('#count', '“quintal”');
    await v.press('?');
    await v.shows('#help', 'How to search');
    await v.page.locator('#keys-on').uncheck();
    await v.press('Escape');
    await v.hidden('#help');
    await v.press('j', '?');
    assert.equal(await v.page.locator('#help').isVisible(), false);
    await v.page.reload();
    await v.shows('#count', '“quintal”');
    await v.press('?');
    assert.equal(await v.page.locator('#help').isVisible(), false);
    await v.page.click('#help-open');
    await v.page.locator('#keys-on').check();
    await v.press('Escape');
    await v.press('?');
    await v.shows('#help', 'How to search');
  });

  on_page('a warning about the query leads to its place', {}, async v => {
    await v.go();
    await v.search('quintal "varland');
    await v.page.locator('.note .where').first().click();
    await v.focused('#q');
    const caret = await v.page.evaluate(() => document.getElementById('q').selectionStart);
    const { query } = await here.ask(`search?q=${encodeURIComponent('quintal "varland')}`);
    assert.equal(caret, query.warnings[0].column - 1);
    await v.shows('.note', (await sentences('en'))[`warning_${query.warnings[0].code}`]);
  });

  on_page('no results are said so, with what to do', {}, async v => {
    await v.go('?q=xyzzyplugh&lang=ko&from=2019');
    await v.shows('#count', 'No article matches “xyzzyplugh”');
    await v.shows('#notice', 'fewer words');
    assert.equal(await v.page.locator('.hit').count(), 0);
    await v.page.click('#notice a');
    await v.until_address({ q: 'xyzzyplugh' });
  });

  on_page('any characters are a query', {}, async v => {
    for (const q of ['"', '((', '&q=x#%', '<img src=x onerror=alert(1)>', '\\', '-', '*', '🕊️', 'الحرية', '인권']) {
      await v.go();
      await v.search(q);
      await v.until_address({ q });
      await v.until(() => !document.getElementById('list-head').hidden);
      assert.equal(await v.page.locator('#list-head').isVisible(), true, q);
      assert.equal(await v.page.inputValue('#q'), q);
    }
  });

  // Characters are looked for in the first thousand articles that have the words, then in those behind them.
  test('a page that is short with more behind it leads on to the end, and back', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'rapporteur-web-short-'));
    const index = path.join(folder, 'index');
    const has = n => n % 3 === 0;
    const articles = Array.from({ length: 1300 }, (_, n) => ({ id: `a${n}`, title: `Report ${n}`, text: `The count: ${has(n) ? 'envoy, report' : 'envoy report'}.` }));
    const wanted = articles.filter((_, n) => has(n)).map(({ id }) => id);
    let server;
    try {
      await writeFile(path.join(folder, 'articles.jsonl'), articles.map(a => JSON.stringify(a)).join('\n'));
      await index_articles(index, path.join(folder, 'articles.jsonl'));
      server = await start_server(index);
      await here.visit('short page', { server }, async v => {
        const hits = () => v.page.locator('.hit').evaluateAll(list => list.map(node => node.dataset.id));
        const found = [];
        await v.go(`?${new URLSearchParams({ q: '="envoy, report"' })}`);
        for (let page = 1; ; ++page) {
          assert.ok(page < wanted.length / 20 + 3, 'it leads on for ever');
          await v.until(n => document.querySelector('#pages .at').textContent.includes(`${n}`) && !document.body.dataset.list, page);
          found.push(await hits());
          const next = v.page.locator('#pages a[rel=next]');
          if (!await next.count()) break;
          await next.click();
          await v.until(n => new URLSearchParams(location.search).get('page') === `${n}`, page + 1);
        }
        assert.deepEqual(found.flat().sort(), wanted.sort());
        const short = found.findIndex(list => list.length < 20);
        assert.ok(short > 0 && short < found.length - 1, 'a page in between is short');
        for (let page = found.length - 1; page > short; --page) {
          await v.page.locator('#pages a[rel=prev]').click();
          await v.until(n => new URLSearchParams(location.search).get('page') === `${n}` && !document.body.dataset.list, page);
          assert.deepEqual(await hits(), found[page - 1]);
        }
      });
    } finally {
      await server?.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
}
