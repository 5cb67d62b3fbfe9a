// Suggestions while typing: what is shown, what the keys and the pointer do with it, and what is never shown.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { held } from './site.mjs';

const box = '#q';
const option = '#suggestions [role=option]';

/// What the combobox tells assistive technology.
const told = v => v.page.evaluate(() => {
  const q = document.getElementById('q');
  const active = document.getElementById(q.getAttribute('aria-activedescendant') ?? '');
  return {
    role: q.getAttribute('role'), expanded: q.getAttribute('aria-expanded'), active: active?.querySelector('.suggestion-text').textContent ?? null,
    selected: [...document.querySelectorAll('#suggestions [aria-selected=true]')].length, list: document.getElementById(q.getAttribute('aria-controls')).getAttribute('role'),
    focus: document.activeElement === q,
  };
});

/// The server needs a moment after its start before it suggests anything.
async function ready(here, text) {
  for (;;) {
    const answer = await here.ask(`suggest?limit=8&q=${encodeURIComponent(text)}`);
    if (answer.complete) return answer.suggestions;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

export default function suggest_tests(here) {
  const on_page = (name, options, body) => test(name, () => here.visit(name, options, body));

  on_page('typing shows what the query may go on to, and says how many there are', {}, async v => {
    const expected = await ready(here, 'quin');
    assert.ok(expected.length > 1);
    await v.go();
    await v.focused(box);
    await v.page.keyboard.type('quin');
    await v.shows(option, expected[0].text);
    assert.deepEqual(await v.texts(`${option} .suggestion-text`), expected.map(s => s.text));
    await v.shows('#live', `${expected.length} suggestions`);
    assert.deepEqual(await told(v), { role: 'combobox', expanded: 'true', active: null, selected: 0, list: 'listbox', focus: true });
    for (const kind of await v.texts(`${option} .kind`)) assert.match(kind, /^(word|phrase|name|author|outlet|article)$/);
  });

  on_page('Enter without a choice searches for what was typed', {}, async v => {
    await ready(here, 'quin');
    await v.go();
    await v.page.type(box, 'quin');
    await v.shows(option, /./);
    await v.press('Enter');
    await v.until_address({ q: 'quin' });
    await v.hidden('#suggestions');
    await v.shows('#list-head', /./);
    // Going through all of them and back to the box is no choice either.
    await v.page.fill(box, '');
    await v.page.type(box, 'var');
    await v.shows(option, /./);
    await v.press('ArrowDown', 'ArrowUp', 'Enter');
    await v.until_address({ q: 'var' });
  });

  on_page('what suggests is fetched with the first letter, and goes on from what is typed by then', {}, async v => {
    const expected = await ready(here, 'quin');
    let asked = 0;
    v.page.on('request', request => (asked += request.url().endsWith('/suggest.js')));
    await v.go('?q=varland');
    await v.shows('.hit', /./);
    assert.equal(asked, 0, 'a list does without');
    const late = await held(v.page, '/suggest.js');
    await v.page.fill(box, '');
    await v.page.keyboard.type('quin');
    await late.first;
    late.release();
    await v.shows(option, expected[0].text);
    assert.deepEqual(await v.texts(`${option} .suggestion-text`), expected.map(s => s.text));
    assert.equal(asked, 1);
  });

  on_page('what was asked for before what suggests had come is not suggested upon', {}, async v => {
    await ready(here, 'quin');
    await v.go('?q=varland');
    await v.shows('.hit', /./);
    const late = await held(v.page, '/suggest.js');
    await v.page.focus(box);
    await v.page.fill(box, 'quintal');
    await late.first;
    await v.press('Enter');
    await v.shows('#count', '“quintal”');
    await v.page.focus(box);
    const suggested = [];
    v.page.on('request', request => request.url().includes('/api/v1/suggest') && suggested.push(request.postData()));
    const came = v.page.waitForResponse(response => response.url().endsWith('/suggest.js'));
    late.release();
    await (await came).finished();
    // The next letter is the first that it asks for.
    await v.page.keyboard.type('x');
    await v.page.waitForRequest(request => request.url().includes('/api/v1/suggest')).catch(() => {});
    assert.ok(suggested.length >= 1 && suggested.every(text => text.includes('quintalx')), `${suggested}`);
  });

  on_page('what could not be fetched that suggests is fetched with a later letter', { expected: [/ERR_FAILED/] }, async v => {
    const expected = await ready(here, 'quin');
    await v.go('?q=varland');
    await v.shows('.hit', /./);
    await v.page.route('**/suggest.js', route => route.abort());
    const failed = v.page.waitForEvent('requestfailed');
    await v.page.fill(box, 'qui');
    await failed;
    await v.page.unroute('**/suggest.js');
    await v.page.keyboard.type('n');
    await v.shows(option, expected[0].text);
  });

  on_page('arrows choose and Enter takes the choice, while the text and the focus stay', {}, async v => {
    const expected = (await ready(here, 'quin')).filter(s => !s.id);
    await v.go();
    await v.page.type(box, 'quin');
    await v.shows(option, /./);
    await v.press('ArrowDown');
    assert.deepEqual(await told(v), { role: 'combobox', expanded: 'true', active: expected[0].text, selected: 1, list: 'listbox', focus: true });
    await v.press('ArrowDown');
    assert.equal((await told(v)).active, expected[1].text);
    assert.equal(await v.page.inputValue(box), 'quin');
    await v.press('ArrowUp', 'ArrowUp');
    assert.equal((await told(v)).active, null, 'above the first is the box itself');
    await v.press('ArrowUp');
    assert.notEqual((await told(v)).active, null, 'and above that the last one');
    await v.press('ArrowDown', 'ArrowDown', 'Enter');
    await v.until_address({ q: expected[0].text });
    assert.equal((await told(v)).expanded, 'false');
  });

  on_page('Escape closes and keeps the text, Tab closes and goes on, a caret key ends a choice', {}, async v => {
    await ready(here, 'quin');
    await v.go();
    await v.page.type(box, 'quin');
    await v.shows(option, /./);
    await v.press('ArrowDown', 'Escape');
    await v.hidden('#suggestions');
    assert.deepEqual(await told(v), { role: 'combobox', expanded: 'false', active: null, selected: 0, list: 'listbox', focus: true });
    assert.equal(await v.page.inputValue(box), 'quin');
    await v.press('Alt+ArrowDown');
    await v.shows(option, /./);
    await v.press('ArrowDown', 'ArrowLeft');
    assert.equal((await told(v)).active, null);
    await v.press('Tab');
    await v.hidden('#suggestions');
    await v.focused('#search button');
  });

  on_page('a title opens its article, over the list that was there', {}, async v => {
    const title = (await ready(here, 'varland warns')).find(s => s.kind === 'title');
    assert.ok(title?.id);
    await v.go('?q=quintal');
    await v.shows('#count', '“quintal”');
    await v.page.fill(box, '');
    await v.page.type(box, 'varland warns');
    await v.page.locator('.suggestion[data-kind=title]').first().click();
    await v.until_address({ q: 'quintal', article: title.id });
    await v.shows('#sheet h1', title.text);
    await v.press('Escape');
    await v.until_address({ q: 'quintal' });
  });

  on_page('a press on a suggestion searches for it', {}, async v => {
    const [first] = await ready(here, 'quin');
    await v.go();
    await v.page.type(box, 'quin');
    await v.page.locator(option).first().click();
    await v.until_address({ q: first.text });
  });

  on_page('nothing is shown for an older text, and typing calls off what was asked for it', {}, async v => {
    await ready(here, 'quin');
    await v.go();
    let hold = true;
    const waiting = [];
    await v.page.route('**/api/v1/suggest', async route => {
      if (hold) await new Promise(resolve => waiting.push(resolve));
      await route.continue().catch(() => {});  // called off
    });
    const first = v.page.waitForRequest(request => request.url().endsWith('/suggest'));
    await v.page.type(box, 'q');
    await first;
    const ended = v.page.waitForEvent('requestfailed', request => request.url().endsWith('/suggest'));
    hold = false;
    await v.page.type(box, 'uin');
    await ended;
    await v.shows(option, /quin/i);
    waiting.forEach(resolve => resolve());
    // An empty box has no suggestions, nor has one whose search was sent.
    await v.page.fill(box, '');
    await v.hidden('#suggestions');
    await v.search('lucja');
    await v.shows('#count', '“lucja”');
    assert.equal(await v.page.locator('#suggestions').isVisible(), false);
  });

  on_page('what is typed stands in no address, and the length of a request tells nothing', {}, async v => {
    await ready(here, 'q');
    await v.go();
    const lengths = new Set();
    v.page.on('request', request => {
      if (!request.url().includes('/api/v1/suggest')) return;
      assert.equal(new URL(request.url()).search, '');
      assert.equal(request.method(), 'POST');
      lengths.add(request.postData().length);
    });
    await v.page.type(box, 'quintal 북');
    await v.until(() => document.getElementById('q').value.endsWith('북'));
    assert.equal(lengths.size, 1);
  });

  on_page('without suggestions the page works as it does', { expected: [/503/] }, async v => {
    await v.page.route('**/api/v1/suggest', route => route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{}' }));
    await v.go();
    await v.page.type(box, 'quintal');
    await v.press('Enter');
    await v.shows('#count', '“quintal”');
    assert.equal(await v.page.locator('#suggestions').isVisible(), false);
  });

  on_page('a suggestion made of markup is text', {}, async v => {
    await v.page.route('**/api/v1/suggest', route => route.fulfill({ json: {
      q: 'x', suggestions: [{ text: '<img src=x onerror=alert(1)>', kind: 'word' }, { text: '\u202Egnp.exe', kind: '__proto__' }] } }));
    await v.go();
    await v.page.type(box, 'x');
    await v.shows(option, '<img src=x onerror=alert(1)>');
    assert.equal(await v.page.locator('#suggestions img').count(), 0);
  });
}
