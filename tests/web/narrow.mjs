// What was understood and what narrows a search, each changed with one click: synonyms, words passed over, widening,
// warnings, spelling, filters wanted and excluded, facets; and pages beyond those that numbers reach.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { sentences } from './told.mjs';

const note = kind => `.note[data-note="${kind}"]`;

/// The server's own answer, changed on its way: what a small archive does not bring about.
const changed = (page, change, part = '**/api/v1/search?*') => page.route(part, async route => {
  const response = await route.fetch();
  const answer = await response.json();
  await route.fulfill({ response, json: change(answer, new URL(route.request().url()).searchParams) });
});

export default function narrow_tests(here) {
  const on_page = (name, options, body) => test(name, () => here.visit(name, options, body));

  on_page('synonyms are shown, and go off and on with a click', {}, async v => {
    const q = 'torture';
    const { query } = await here.ask(`search?q=${q}`);
    assert.ok(query.expanded.length > 0);
    await v.go(`?q=${q}`);
    await v.shows(note('quiet'), query.expanded[0]);
    await v.page.locator('.note a', { hasText: 'Without synonyms' }).click();
    await v.until_address({ q, expand: 'off' });
    await v.shows('.chip', 'Synonyms off');
    await v.page.locator('.note a', { hasText: 'With synonyms' }).click();
    await v.until_address({ q });
    await v.shows(note('quiet'), query.expanded[0]);
    await v.page.locator('.chip').waitFor({ state: 'detached' });
  });

  on_page('a word that was passed over is required with a click', {}, async v => {
    const q = 'list of the disappeared';
    await v.go(`?q=${encodeURIComponent(q)}`);
    await v.shows(note('quiet'), 'Not required: of, the');
    const word = v.page.locator('.note a.require', { hasText: /^of$/ });
    assert.equal(await word.getAttribute('aria-label'), 'Require “of”');
    await word.click();
    await v.until_address({ q: 'list "of" the disappeared' });
    await v.shows('#count', /articles? for/);
    await v.shows(note('quiet'), /^Not required: the$/);
    assert.equal((await here.ask(`search?q=${encodeURIComponent('list "of" the disappeared')}`)).query.ignored.join(), 'the');
  });

  on_page('a widened search can be narrowed to what was asked', {}, async v => {
    const q = 'list disappeared tourism';
    const wide = await here.ask(`search?q=${encodeURIComponent(q)}`);
    assert.equal(wide.query.widened, true);
    await v.go(`?q=${encodeURIComponent(q)}`);
    await v.shows('.note', 'articles with any of them follow');
    await v.page.locator('.note a', { hasText: 'Require these words' }).click();
    const strict = '"list" "disappeared" "tourism"';
    await v.until_address({ q: strict });
    const narrow = await here.ask(`search?q=${encodeURIComponent(strict)}`);
    assert.ok(!narrow.query.widened && narrow.total.value < wide.total.value);
    await v.shows('#count', narrow.total.value ? `${narrow.total.value} article` : 'No article');
    await v.page.goBack();
    await v.page.locator('.note a', { hasText: 'Only articles with all of them' }).click();
    await v.until_address({ q, sort: 'newest' });
    await v.until(() => !document.querySelector('#list-head').hidden && ![...document.querySelectorAll('.note')].some(n => n.textContent.includes('any of them')));
  });

  on_page('each warning stands at its column, and leads there, also behind characters of two units', {}, async v => {
    const q = '🕊️🕊️ quintal ) "varland';
    const { query } = await here.ask(`search?q=${encodeURIComponent(q)}`);
    assert.equal(query.warnings.length, 2);
    await v.go(`?q=${encodeURIComponent(q)}`);
    const told = await sentences('en');
    for (const [i, { column, code }] of query.warnings.entries()) {
      await v.shows('.note', told[`warning_${code}`]);
      await v.page.locator('.note .where').nth(i).click();
      await v.focused('#q');
      const [start, end] = await v.page.evaluate(() => [document.getElementById('q').selectionStart, document.getElementById('q').selectionEnd]);
      assert.equal(q.slice(start, end), [...q][column - 1]);
    }
  });

  on_page('did you mean asks for what was meant', {}, async v => {
    await changed(v.page, (answer, asked) => asked.get('q') === 'quintl' ? { ...answer, query: { ...answer.query, did_you_mean: 'quintal' } } : answer);
    await v.go('?q=quintl&page=1');
    await v.page.locator('.note a', { hasText: 'quintal' }).click();
    await v.until_address({ q: 'quintal' });
    await v.shows('#count', '“quintal”');
  });

  on_page('a value is excluded, wanted, or neither, in rail, chips and address', {}, async v => {
    const outlet = 'The Sample Courier (fictional)';
    const key = value => `#rail [data-key=${JSON.stringify(value)}]`;
    await v.go('?q=the');
    const all = (await here.ask('search?q=the&limit=0&facets=source'));
    const own = all.facets.source.find(s => s.value === outlet).count;
    await v.page.locator('.choice', { hasText: outlet }).hover();
    await v.page.locator(key(`source=-${outlet}`)).click();
    await v.until_address({ q: 'the', source: `-${outlet}` });
    await v.shows('#count', `${all.total.value - own} articles`);
    assert.ok(!(await v.texts('.hit .outlet')).includes(outlet));
    await v.focused(key(`source=-${outlet}`));
    assert.equal(await v.page.getAttribute(key(`source=-${outlet}`), 'aria-pressed'), 'true');
    assert.equal(await v.page.getAttribute(key(`source=-${outlet}`), 'aria-label'), `Exclude ${outlet}`);
    await v.shows('.chip', `Not Outlet ${outlet}`);
    await v.page.reload();
    await v.shows('.is-excluded', outlet);
    // The same button takes it off again.
    await v.page.locator(key(`source=-${outlet}`)).click();
    await v.until_address({ q: 'the' });
    await v.shows('#count', `${all.total.value} articles`);
    assert.equal(await v.page.getAttribute(key(`source=-${outlet}`), 'aria-pressed'), 'false');
    await v.page.locator(key(`source=-${outlet}`)).click();
    await v.until_address({ q: 'the', source: `-${outlet}` });
    await v.shows('.is-excluded', outlet);
    // Wanting it ends the exclusion.
    await v.page.locator(key(`source=${outlet}`)).check();
    await v.until_address({ q: 'the', source: outlet });
    await v.shows('#count', `${own} article`);
    await v.page.locator(key(`source=-${outlet}`)).click();
    await v.until_address({ q: 'the', source: `-${outlet}` });
    await v.page.locator('.chip', { hasText: outlet }).click();
    await v.until_address({ q: 'the' });
    await v.shows('#count', `${all.total.value} articles`);
  });

  on_page('every filter of the API is a chip that can be taken off, and what is chosen is listed', {}, async v => {
    const filters = { author: 'Mirae Osgood-Pahk', collection: 'Yearbook', 'tag.country': ['Varland', '-Nawras'], lang: '-ko', from: '2019', to: '2026' };
    await v.go(`?${new URLSearchParams(Object.entries(filters).flatMap(([name, values]) => [values].flat().map(value => [name, value])))}`);
    await v.shows('#list-head', /article/i);
    const chips = [['Author', 'Mirae Osgood-Pahk', 'author'], ['Collection', 'Yearbook', 'collection'], ['country', 'Varland', 'tag.country'],
      ['Not country', 'Nawras', 'tag.country'], ['Not Language', 'Korean', 'lang'], ['From', '2019', 'from'], ['Until', '2026', 'to']];
    assert.equal(await v.page.locator('.chip').count(), chips.length);
    await v.page.locator('#rail input[data-key="author=Mirae Osgood-Pahk"]:checked').waitFor();
    await v.page.locator('#rail input[data-key="tag.country=Varland"]:checked').waitFor();
    await v.page.locator('#rail button[data-key="lang=-ko"][aria-pressed=true]').waitFor();
    for (const [name, value, parameter] of chips) {
      await v.page.locator('.chip', { hasText: name.startsWith('Not') ? `${name} ${value}` : new RegExp(`^${name} ${value}`) }).click();
      await v.until(([p, n]) => new URLSearchParams(location.search).getAll(p).length === n, [parameter, parameter === 'tag.country' && value === 'Varland' ? 1 : 0]);
    }
    await v.until_address({});
  });

  on_page('the facet of a tag is counted when it is opened, without another search', {}, async v => {
    await v.go('?q=the');
    await v.shows('#count', /articles? for/);
    const asked = [];
    v.page.on('request', request => request.url().includes('/api/') && asked.push(new URL(request.url()).searchParams));
    const fold = v.page.locator('#rail [data-key="open-tag.country"]');
    assert.equal(await fold.getAttribute('aria-expanded'), 'false');
    await fold.click();
    const { facets } = await here.ask('search?q=the&limit=0&facets=tag.country');
    await v.shows('[data-facet="tag.country"] .choice', facets['tag.country'][0].value);
    await v.focused('[data-key="open-tag.country"]');
    assert.deepEqual(asked.map(p => [p.get('limit'), p.get('facets')]), [['0', 'tag.country']]);
    await v.until_address({ q: 'the', view: 'open.tag.country' });
    await v.page.reload();
    await v.shows('[data-facet="tag.country"] .choice', facets['tag.country'][0].value);
    await v.page.locator(`#rail input[data-key="tag.country=${facets['tag.country'][0].value}"]`).check();
    await v.until_address({ q: 'the', 'tag.country': facets['tag.country'][0].value, view: 'open.tag.country' });
    await v.shows('#count', `${facets['tag.country'][0].count} article`);
  });

  on_page('one request brings the list, its facets and its timeline', {}, async v => {
    const asked = [];
    v.page.on('request', request => request.url().includes('/api/') && asked.push(new URL(request.url())));
    await v.go('?q=the&source=-Paper+Lantern+Review+(fictional)&lang=en&from=2019');
    await v.shows('.hit', /./);
    assert.equal(asked.length, 1);
    assert.equal(asked[0].searchParams.get('facets'), 'source,lang,author,collection');
    assert.equal(asked[0].searchParams.get('timeline'), 'auto');
  });

  on_page('behind the last page that a number reaches, a cursor goes on, and back', {}, async v => {
    await changed(v.page, (answer, asked) => {
      const deep = asked.has('cursor') || +asked.get('offset') > 0;
      return { ...answer, total: { value: 20_000, exact: true }, next: deep ? '/x' : answer.next, next_cursor: deep ? `after-${asked.get('cursor') ?? 500}` : null };
    });
    await v.page.route('**/api/v1/search?*cursor=*', async route => {
      const url = new URL(route.request().url());
      url.searchParams.delete('cursor');
      const answer = await (await fetch(url)).json();
      const cursor = new URL(route.request().url()).searchParams.get('cursor');
      await route.fulfill({ json: { ...answer, total: { value: 20_000, exact: true }, next: '/x', next_cursor: `${cursor}+` } });
    });
    await v.page.route('**/api/v1/search?*offset=9980*', async route => {
      const url = new URL(route.request().url());
      url.searchParams.delete('offset');
      const answer = await (await fetch(url)).json();
      await route.fulfill({ json: { ...answer, total: { value: 20_000, exact: true }, next: '/x', next_cursor: 'c501' } });
    });
    await v.go('?sort=newest&page=500');
    await v.shows('#count', 'Page 500 of 1,000');
    await v.page.click('#pages a[rel=next]');
    await v.until_address({ sort: 'newest', page: '501', cursor: 'c501' });
    await v.shows('#count', 'Page 501 of 1,000');
    await v.press('n');
    await v.until_address({ sort: 'newest', page: '502', cursor: 'c501+' });
    await v.shows('#count', 'Page 502 of 1,000');
    await v.press('p');
    await v.until_address({ sort: 'newest', page: '501', cursor: 'c501' });
    await v.shows('#count', 'Page 501 of 1,000');
    // A page that is loaded anew remembers its own cursor.
    await v.page.reload();
    await v.shows('#count', 'Page 501 of 1,000');
    await v.press('n');
    await v.until_address({ sort: 'newest', page: '502', cursor: 'c501+' });
    await v.shows('#count', 'Page 502 of 1,000');
    await v.page.click('#pages a[rel=prev]');
    await v.until_address({ sort: 'newest', page: '501', cursor: 'c501' });
    await v.shows('#count', 'Page 501 of 1,000');
    await v.page.click('#pages a[rel=prev]');
    await v.until_address({ sort: 'newest', page: '500' });
    // A link from elsewhere knows no way back but the beginning.
    await v.go('?sort=newest&page=700&cursor=c700');
    await v.shows('#count', 'Page 700 of 1,000');
    assert.equal(await v.page.locator('#pages a[rel=prev]').count(), 0);
    await v.page.locator('#pages a', { hasText: 'first page' }).click();
    await v.until_address({ sort: 'newest' });
  });

  on_page('a page too deep, or a cursor that has expired, says so and leads out', { expected: [/400|410/] }, async v => {
    await v.go('?sort=newest&page=100000');
    await v.shows('#notice', 'up to page 500');
    await v.page.locator('#notice a', { hasText: 'first page' }).click();
    await v.until_address({ sort: 'newest' });
    await v.page.route('**/api/v1/search?*cursor=*', route => route.fulfill({ status: 410, contentType: 'application/problem+json',
      body: JSON.stringify({ title: 'Gone', status: 410, code: 'cursor_expired', detail: 'The ranking has changed.' }) }));
    await v.go('?q=the&page=501&cursor=old');
    await v.shows('#notice h1', 'cannot be gone on from');
    await v.page.locator('#notice a', { hasText: 'Begin again' }).click();
    await v.until_address({ q: 'the' });
    await v.shows('#count', /articles? for/);
    // The server itself says what it makes of a cursor that is none.
    await v.page.unroute('**/api/v1/search?*cursor=*');
    await v.go('?q=the&page=501&cursor=garbled');
    await v.shows('#notice a', 'Begin again');
  });
}
