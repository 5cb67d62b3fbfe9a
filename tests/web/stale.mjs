// Nothing is ever shown for an older query: what was found for one is out of sight from the moment at which another is
// asked for, and what comes late for it is dropped. The server's answers are held back and let go in the worst order.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { held } from './site.mjs';

/// What can be seen, or is told to somebody who does not see it, of these elements.
const seen = (v, selectors) => v.page.evaluate(list => list.filter(selector => [...document.querySelectorAll(selector)]
  .some(node => node.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true }) && node.getClientRects().length)), selectors);

const of_a_list = ['#count', '#hits .hit', '#hits mark', '#notes .note', '#timeline svg', '#timeline svg *', '#facets input', '#facets .tally', '#pages a', '#notice *',
  '#export', '#follow', '#start a', '#foot'];

/// The requests of the page that have ended without an answer.
const called_off = (v, part) => v.page.waitForEvent('requestfailed', request => request.url().includes(part));

export default function stale_tests(here) {
  const on_page = (name, options, body) => test(name, () => here.visit(name, options, body));
  const two = async () => [await here.id_of('kolm valley', 'Kolm Valley inquiry found'), await here.id_of('quivara brigades', 'Search brigades')];

  for (const [name, first, second] of [
    ['a query', 'varland', v => v.search('lucja')],
    ['an order', 'varland', v => v.page.selectOption('#sort', 'newest')],
    ['a filter', 'varland', v => v.page.locator('#facets input').first().check()],
    ['a stretch of time', 'varland', async v => {
      await v.page.focus('[data-key=time-first]');
      await v.press('ArrowRight', 'Enter');
    }],
    ['the start page', 'varland', v => v.page.click('#home')],
    ['the query before', 'varland', v => v.page.goBack()],
  ]) {
    on_page(`once another list is asked for, nothing of the one before is seen: ${name}`, {}, async v => {
      await v.go('?q=quintal');
      await v.shows('#count', '“quintal”');
      await v.search(first);
      await v.shows('#count', `“${first}”`);
      const there = await seen(v, of_a_list);
      for (const part of ['#count', '#hits mark', '#timeline svg *', '#facets .tally', '#foot']) assert.ok(there.includes(part), part);
      const before = await v.page.evaluate(() => document.documentElement.scrollHeight);
      // No answer, and no timer that could have shown a wait: what is seen is what the step itself left.
      await v.page.clock.install();
      await v.page.clock.pauseAt(Date.now() + 60_000);
      const late = await held(v.page, '/api/v1/search');
      await second(v);
      await late.first;
      assert.deepEqual(await seen(v, of_a_list), []);
      assert.deepEqual(await seen(v, ['#wait']), [], 'the wait is not shown at once');
      assert.equal(await v.page.locator('#results').ariaSnapshot().then(text => /“varland”|mark/.test(text)), false);
      if (name !== 'the start page') assert.ok(await v.page.evaluate(() => document.documentElement.scrollHeight) >= before, 'its room is kept');
      await v.page.clock.runFor(300);
      await v.shows('#wait', 'Searching');
      assert.deepEqual(await seen(v, of_a_list), []);
      await v.page.clock.resume();
      late.release();
      await v.shows(name === 'the start page' ? '#start h1' : '#hits .hit h2', /./);
      await v.hidden('#wait');
    });
  }

  on_page('the focus is back on what has taken the place of what had it', {}, async v => {
    await v.go('?q=varland');
    await v.shows('#count', '“varland”');
    const box = v.page.locator('#facets input').first();
    const key = await box.getAttribute('data-key');
    await box.focus();
    await v.press('Space');
    await v.shows('.chip', /./);
    await v.until(wanted => document.activeElement?.dataset.key === wanted, key);
    // Also where a wait has taken the list out of the document meanwhile.
    const slow = await held(v.page, '/api/v1/search');
    await v.press('Space');
    await slow.first;
    await v.shows('#wait', /./);
    slow.release();
    await v.shows('#hits .hit', /./);
    await v.until(wanted => document.activeElement?.dataset.key === wanted, key);
    await v.page.focus('#sort');
    const late = await held(v.page, 'sort=newest');
    await v.page.selectOption('#sort', 'newest');
    await late.first;
    await v.shows('#wait', /./);
    late.release();
    await v.shows('#hits .hit', /./);
    await v.focused('#sort');
  });

  on_page('an answer that could not be called off is dropped', {}, async v => {
    // As a browser does that has the answer already when the next query is asked for.
    await v.page.addInitScript(() => {
      const ask = window.fetch;
      window.fetch = (url, options) => ask(url, { ...options, signal: undefined });
    });
    await v.go();
    const late = await held(v.page, 'q=quintal');
    await v.search('quintal');
    await late.first;
    await v.search('lucja');
    await v.shows('#count', '“lucja”');
    const { hits } = await here.ask('search?q=lucja&limit=20');
    const shown = () => v.page.locator('.hit').evaluateAll(list => list.map(node => node.dataset.id));
    // Nor does the moment come after which the older one would have shown a wait.
    await v.page.evaluate(() => new Promise(resolve => setTimeout(resolve, 300)));
    assert.deepEqual(await shown(), hits.map(hit => hit.id));
    const came = v.page.waitForResponse(response => response.url().includes('q=quintal'));
    late.release();
    await (await came).finished();
    await v.page.evaluate(() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    assert.deepEqual(await shown(), hits.map(hit => hit.id));
    assert.equal(await v.page.title(), 'lucja – Rapporteur');
  });

  on_page('a trouble leaves nothing of the list before', { expected: [/503/] }, async v => {
    await v.go('?q=varland');
    await v.shows('#facets .tally', /./);
    await v.page.route('**/api/v1/search*', route => route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"status":503,"code":"overloaded"}' }));
    await v.search('lucja');
    await v.shows('#notice h1', /./);
    assert.deepEqual(await seen(v, of_a_list.filter(part => part !== '#notice *')), []);
  });

  on_page('typing calls off a search, and what it would have shown', {}, async v => {
    await v.go('?q=varland');
    await v.shows('#count', '“varland”');
    const late = await held(v.page, 'q=quintal');
    await v.search('quintal');
    await late.first;
    const ended = called_off(v, 'q=quintal');
    await v.page.locator('#q').pressSequentially('s');
    await ended;
    await v.shows('#notice', 'Search stopped');
    assert.deepEqual(await seen(v, of_a_list.filter(part => part !== '#notice *')), []);
    late.release();
  });

  on_page('a facet that is counted late is not that of another query', {}, async v => {
    const q = 'sort=newest';
    await v.go(`?${q}`);
    const fold = v.page.locator('#facets .fold').first();
    const facet = (await fold.getAttribute('data-key')).slice('open-'.length);
    const late = await held(v.page, `limit=0`);
    await fold.click();
    await late.first;
    const ended = called_off(v, 'limit=0');
    await v.search('lucja');
    await ended;
    await v.shows('#count', '“lucja”');
    late.release();
    const { facets } = await here.ask(`search?q=lucja&facets=${facet}`);
    assert.deepEqual(await v.texts(`[data-facet="${facet}"] .choice-name`), facets[facet].map(value => value.value).slice(0, 8));
  });

  on_page('a timeline is that of the query', {}, async v => {
    await v.go('?q=varland');
    await v.shows('#timeline svg', /./);
    const late = await held(v.page, 'q=quintal');
    await v.search('quintal');
    await late.first;
    // A new width is a reason to draw it again, and not to show it.
    await v.page.setViewportSize({ width: 1180, height: 900 });
    await v.page.evaluate(() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    assert.deepEqual(await seen(v, ['#timeline svg *']), []);
    await v.search('xyzzyplugh');
    await v.shows('#notice', /./);
    assert.equal(await v.page.locator('#timeline').isVisible(), false);
    late.release();
  });

  on_page('what is suggested goes on from what is in the box, also before the answer', {}, async v => {
    await v.go();
    await v.page.locator('#q').pressSequentially('va');
    await v.page.locator('[role=option]').first().waitFor({ state: 'visible' });
    await v.shows('[role=option]', /^varland/i);
    const late = await held(v.page, '/api/v1/suggest');
    await v.press('r');
    await late.first;
    const kept = await v.texts('.suggestion-text');
    assert.ok(kept.length > 0 && kept.every(text => text.toLowerCase().startsWith('var')), kept.join());
    const ended = called_off(v, '/api/v1/suggest');
    await v.press('x');
    await ended;
    assert.equal(await v.page.locator('#suggestions').isVisible(), false);
    assert.equal(await v.page.getAttribute('#q', 'aria-expanded'), 'false');
    late.release();
    await v.press('Backspace');
    await v.shows('[role=option]', /^varland/i);
  });

  on_page('an article that comes late is not shown under another', { width: 1440 }, async v => {
    const [first, second] = await two();
    await v.go(`?q=varland&article=${second}`);
    await v.shows('#sheet h1', 'Search brigades');
    const late = await held(v.page, `/articles/${first}`);
    await v.page.evaluate(list => document.querySelector('main').append(...list.map(([id, href]) => Object.assign(document.createElement('a'), { id, href, textContent: id }))),
      [['to-first', `?q=varland&article=${first}`], ['to-second', `?q=varland&article=${second}`]]);
    await v.page.click('#to-first');
    await late.first;
    assert.deepEqual(await seen(v, ['#sheet *', '#matches *', '#ruler *', '#original', '#steps', '#related *', '#copied', '.why *']), [], 'nothing of the article before');
    assert.equal(await v.page.title(), 'Rapporteur');
    const ended = called_off(v, `/articles/${first}`);
    await v.page.click('#to-second');
    await ended;
    await v.shows('#sheet h1', 'Search brigades');
    late.release();
    await v.shows('#related', /./);
    assert.match(await v.page.textContent('#sheet h1'), /Search brigades/);
    assert.deepEqual(await seen(v, ['#reader-notice', '#reader-wait']), []);
  });

  on_page('an article is not shown under another although what shows it comes late', { width: 1440 }, async v => {
    const [first, second] = await two();
    await v.page.addInitScript(() => (window.titles = new Set()));
    await v.go('?q=varland');
    await v.shows('#count', '“varland”');
    await v.page.evaluate(list => {
      new MutationObserver(() => {
        const title = document.querySelector('#sheet h1')?.textContent;
        if (title) window.titles.add(title);
      }).observe(document.getElementById('sheet'), { childList: true });
      document.querySelector('main').append(...list.map(([id, href]) => Object.assign(document.createElement('a'), { id, href, textContent: id })));
    }, [['to-first', `?q=varland&article=${first}`], ['to-second', `?q=varland&article=${second}`]]);
    const code = await held(v.page, '/article.js');
    const came = v.page.waitForResponse(response => response.url().includes(`/articles/${first}`));
    await v.page.click('#to-first');
    await code.first;
    await (await came).finished();
    await v.page.click('#to-second');
    code.release();
    await v.shows('#sheet h1', 'Search brigades');
    assert.deepEqual(await v.page.evaluate(() => [...window.titles]), ['Search brigades return to the dunes of Puerto Ñandú']);
  });

  on_page('what is like an article, and why it was found, stand under that article alone', { width: 1440 }, async v => {
    const [first, second] = await two();
    const like = await held(v.page, `/articles/${first}/related`);
    const reasons = await held(v.page, `/articles/${first}/why`);
    await v.go(`?q=varland&article=${first}`);
    await v.shows('#sheet h1', 'Kolm Valley');
    await v.page.click('#why');
    await Promise.all([like.first, reasons.first]);
    await v.page.evaluate(href => document.querySelector('main').append(Object.assign(document.createElement('a'), { id: 'to-second', href, textContent: 'second' })), `?q=varland&article=${second}`);
    const ended = [called_off(v, '/related'), called_off(v, '/why')];
    await v.page.click('#to-second');
    await Promise.all(ended);
    await v.shows('#sheet h1', 'Search brigades');
    like.release();
    reasons.release();
    await v.shows('#related', /./);
    const { hits } = await here.ask(`articles/${encodeURIComponent(second)}/related?limit=5`);
    assert.deepEqual(await v.texts('#related li > a'), hits.map(hit => hit.title.map(run => run.text).join('')));
    assert.equal(await v.page.locator('.why table').count(), 0);
    assert.equal(await v.page.getAttribute('#why', 'aria-expanded'), 'false');
  });

  on_page('the matches are those of the query, in text, list and ruler', { width: 1440 }, async v => {
    const [first] = await two();
    await v.go(`?q=varland&article=${first}`);
    await v.shows('#matches-list button', /varland/i);
    await v.press('n');
    const late = await held(v.page, `/articles/${first}?q=inquiry`);
    await v.page.evaluate(href => document.querySelector('main').append(Object.assign(document.createElement('a'), { id: 'other', href, textContent: 'other' })), `?q=inquiry&article=${first}`);
    await v.page.click('#other');
    await late.first;
    assert.deepEqual(await seen(v, ['#sheet *', '#matches *', '#ruler *', '#steps *']), []);
    late.release();
    await v.shows('#step-count', /\d+ match/);
    for (const text of await v.texts('#matches-list mark')) assert.match(text, /inquir/i);
  });
}
