// Reading: the article with its matches, steps between them, and that an article is text and nothing else.

import assert from 'node:assert/strict';
import { test } from 'node:test';

const in_view = () => {
  const box = document.querySelector('mark[aria-current]').getBoundingClientRect();
  const pane = document.getElementById('pane').getBoundingClientRect();
  return box.top >= Math.max(0, pane.top) && box.bottom <= Math.min(innerHeight, pane.bottom);
};

export default function article_tests(here) {
  const on_page = (name, options, body) => test(name, () => here.visit(name, options, body));

  on_page('an article opens with every match marked, and keys step through them', {}, async v => {
    const id = await here.id_of('kolm valley', 'Kolm Valley inquiry found');
    await v.go(`?q=varland&article=${id}`);
    await v.shows('#step-count', /\d+ match/);
    const answer = await here.ask(`articles/${encodeURIComponent(id)}?q=varland`);
    const marks = await v.texts('#sheet mark');
    assert.equal(marks.length, answer.matches);
    assert.ok(marks.length > 2);
    await v.press('n');
    await v.shows('#step-count', `1 of ${marks.length}`);
    await v.until(in_view);
    await v.press('n', 'n');
    await v.shows('#step-count', `3 of ${marks.length}`);
    await v.until(in_view);
    await v.shows('#live', `Match 3 of ${marks.length}`);
    await v.press('p', 'p', 'p');
    await v.shows('#step-count', `${marks.length} of ${marks.length}`);
    await v.until(in_view);
    await v.page.click('#step-on');
    await v.shows('#step-count', `1 of ${marks.length}`);
    assert.equal(await v.page.locator('mark[aria-current]').count(), 1);
    assert.ok(await v.page.locator('#ruler i').count() > 0);
  });

  on_page('the whole text is there, in its paragraphs', {}, async v => {
    const id = await here.id_of('quivara brigades', 'Search brigades');
    await v.go(`?q=tooth&article=${id}`);
    await v.shows('#sheet h1', 'Search brigades return to the dunes of Puerto Ñandú');
    const { paragraphs } = await here.ask(`articles/${encodeURIComponent(id)}?q=tooth`);
    assert.deepEqual(await v.texts('#sheet .body p'), paragraphs.map(runs => runs.map(run => run.text).join('')));
    await v.shows('#sheet time', '13 Jun 2019');
    await v.shows('#sheet', 'Inés Ñuflo de Alarcia');
    await v.shows('#original', 'courier.example.org');
    assert.equal(await v.page.getAttribute('#original', 'href'), 'https://courier.example.org/2019/06/search-brigades');
    assert.match(await v.page.getAttribute('#original', 'rel'), /noreferrer/);
    assert.equal(await v.page.title(), 'Search brigades return to the dunes of Puerto Ñandú – Rapporteur');
  });

  on_page('the open article is in the address: reload, back and forward keep list and article', {}, async v => {
    await v.go();
    await v.search('quintal');
    await v.shows('#count', '“quintal”');
    await v.press('j', 'j', 'Enter');
    await v.shows('#sheet h1', /./);
    await v.focused('#sheet-title');
    const title = await v.page.textContent('#sheet h1');
    await v.page.reload();
    await v.shows('#sheet h1', title);
    await v.shows('#count', '“quintal”');
    await v.page.goBack();
    await v.hidden('#reader');
    await v.until_address({ q: 'quintal' });
    await v.page.goForward();
    await v.shows('#sheet h1', title);
    // j and k read on, without a step of history for each.
    await v.press('k');
    await v.until(before => {
      const now = document.querySelector('#sheet h1')?.textContent;
      return now && now !== before;
    }, title);
    await v.press('Escape');
    await v.hidden('#reader');
    await v.until_address({ q: 'quintal' });
    await v.page.goBack();
    await v.shows('#start h1', /./);
  });

  on_page('an article without a title or a date says so', {}, async v => {
    const id = await here.id_of('harsk investigator', 'A thaw in trade');
    await v.go(`?article=${id}`);
    await v.shows('#sheet', 'No date');
    await v.shows('#sheet', 'Title taken from the text');
    await v.hidden('#steps');
  });

  on_page('markup in an article is text', {}, async v => {
    const id = await here.id_of('hacked', 'Hacked');
    await v.go('?q=hacked');
    await v.shows('.hit h2', '"<b>CLOSED</b>" & nothing else');
    await v.page.locator('.hit h2 a', { hasText: '<b>CLOSED</b>' }).click();
    await v.until_address({ q: 'hacked', article: id });
    await v.shows('#sheet .body', '<script>alert(1)</script>');
    await v.shows('#sheet .body', '&amp;lt;script&amp;gt;');
    assert.equal(await v.page.locator('main :is(script, img, iframe, style, object, b, svg)').count(), 0);
    assert.match(await v.page.title(), /^Hacked: .*<b>CLOSED<\/b>/);
  });

  on_page('only addresses on the web become links', {}, async v => {
    const id = await here.id_of('hacked', 'Hacked');
    const answer = await here.ask(`articles/${encodeURIComponent(id)}`);
    await v.page.route('**/api/v1/articles/**', route => route.fulfill({ json: {
      ...answer, url: 'javascript:alert(1)', authors: ['<img src=x onerror=alert(1)>'], lang: '"><script>' } }));
    await v.go(`?article=${id}`);
    await v.shows('#sheet', '<img src=x onerror=alert(1)>');
    await v.hidden('#original');
    await v.shows('#sheet .about', 'javascript:alert(1)');
    assert.equal(await v.page.locator('a[href^="javascript"]').count(), 0);
    assert.equal(await v.page.getAttribute('#sheet h1', 'lang'), '');
  });

  on_page('Arabic runs from right to left, in the list and in the article', {}, async v => {
    await v.go('?lang=ar&sort=newest');
    await v.shows('.hit h2', 'أوستمير');
    const direction = selector => v.page.locator(selector).first().evaluate(node =>
      [getComputedStyle(node).direction, node.closest('[lang]').lang]);
    assert.deepEqual(await direction('.hit h2'), ['rtl', 'ar']);
    assert.deepEqual(await direction('.hit .snippet'), ['rtl', 'ar']);
    await v.page.locator('.hit a.open').first().click();
    await v.shows('#sheet h1', /./);
    assert.deepEqual(await direction('#sheet h1'), ['rtl', 'ar']);
    assert.deepEqual(await direction('#sheet .body p'), ['rtl', 'ar']);
    assert.equal(await v.page.evaluate(() => getComputedStyle(document.body).direction), 'ltr');
  });

  on_page('a marked Arabic or Korean word is the word that was searched', {}, async v => {
    for (const [q, word] of [['الحرية', 'الحرية'], ['인권', '인권'], ['ガラス', 'ガラス']]) {
      await v.go(`?q=${encodeURIComponent(q)}`);
      await v.shows('.hit mark', word);
    }
  });

  on_page('an article that is not there is said to be missing', { expected: [/404/] }, async v => {
    await v.go('?q=quintal&article=no-such-article');
    await v.shows('#reader-notice', 'This article is not in the archive');
    await v.shows('#count', '“quintal”');
    await v.press('Escape');
    await v.hidden('#reader');
  });
}
