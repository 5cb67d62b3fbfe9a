// The interface in the reader's language: which one is shown, what the switch does, and how words, numbers and
// directions go with it.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

// The folder web/ has no package.json to tell Node 18 that its files are modules.
const source = await readFile(new URL('../../web/dom.js', import.meta.url), 'utf8');
const { closed, side_of } = await import(`data:text/javascript;charset=utf-8,${encodeURIComponent(source)}`);

const shown = v => v.page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]);

export default function languages_tests(here) {
  test('a piece of a text runs as most of its letters do', () => {
    for (const [text, side] of [
      ['… FIDH (OMCT) العالمية لمناهضة التعذيب من خلال', 'rtl'], ['The word التعذيب in a sentence', 'ltr'], ['חקירת UN', 'rtl'],
      ['plain', 'auto'], ['拷問', 'auto'], ['123', 'auto'], ['', 'auto'],
    ]) assert.equal(side_of(text), side, text);
  });

  test('a text closes the isolates that it opens, and no other', () => {
    const [lri, rli, fsi, pdi] = ['\u2066', '\u2067', '\u2068', '\u2069'];
    for (const [text, kept] of [
      ['plain', 'plain'], [`a${rli}b`, `a${rli}b${pdi}`], [`${lri}a${fsi}b`, `${lri}a${fsi}b${pdi}${pdi}`], [`a${pdi}b`, 'ab'],
      [`${rli}a${pdi}b`, `${rli}a${pdi}b`], [`${rli}a${pdi}${pdi}b${fsi}`, `${rli}a${pdi}b${fsi}${pdi}`], ['\u202ea', '\u202ea'],
    ]) assert.equal(closed(text), kept);
  });

  const on_page = (name, options, body) => test(name, () => here.visit(name, options, body));

  for (const [locale, lang, dir, button] of [
    ['en-US', 'en', 'ltr', 'Search'], ['es-MX', 'es', 'ltr', 'Buscar'], ['fr', 'fr', 'ltr', 'Rechercher'], ['ar-EG', 'ar', 'rtl', 'بحث'],
    ['ko-KR', 'ko', 'ltr', '검색'], ['ja', 'ja', 'ltr', '検索'], ['zh-TW', 'zh', 'ltr', '搜索'], ['ru', 'ru', 'ltr', 'Найти'], ['sv', 'en', 'ltr', 'Search'],
  ]) {
    on_page(`a browser in ${locale} is answered in ${lang}`, { locale }, async v => {
      const asked = [];
      v.page.on('request', request => asked.push(new URL(request.url()).pathname));
      await v.go('?q=quintal');
      await v.shows('#search button', button);
      await v.shows('.hit mark', /./);
      assert.deepEqual(await shown(v), [lang, dir]);
      assert.equal(await v.page.inputValue('#language'), lang);
      assert.deepEqual(asked.filter(path => path.startsWith('/strings/')), [`/strings/${lang}.json`]);
    });
  }

  on_page('the switch changes the language at once and for good, and leaves the address alone', {}, async v => {
    await v.go(`?q=quintal&article=${await here.id_of('quintal', '')}`);
    await v.shows('#sheet h1', /./);
    await v.shows('#count', /articles for “quintal”/);
    const address = v.page.url();
    await v.page.fill('#q', 'quintal varland');  // not yet sent
    await v.page.selectOption('#language', 'ru');
    await v.shows('#count', /стат\p{L}+ по запросу «quintal»/u);
    await v.shows('#step-count', /совпадени/);
    await v.shows('#sheet .about', 'Об этой статье');
    assert.equal(v.page.url(), address);
    assert.deepEqual(await shown(v), ['ru', 'ltr']);
    await v.page.reload();
    await v.shows('#count', /по запросу «quintal»/);
    await v.page.selectOption('#language', 'en');
    await v.shows('#count', 'for “quintal”');
    await v.page.reload();
    await v.shows('#count', 'for “quintal”');
  });

  on_page('nothing is shown before the words are there', {}, async v => {
    let release;
    const opened = new Promise(resolve => (release = resolve));
    await v.page.route('**/strings/*.json', async route => {
      await opened;
      await route.continue();
    });
    await v.go('?q=quintal');
    assert.equal(await v.page.locator('#search').isVisible(), false);
    assert.equal(await v.page.locator('#language').isVisible(), false);
    release();
    await v.shows('#search button', 'Search');
    await v.shows('#count', '“quintal”');
  });

  on_page('a word that a catalogue lacks is taken from English', { locale: 'fr' }, async v => {
    await v.page.route('**/strings/fr.json', async route => {
      const response = await route.fetch();
      const { results_for, filters, ...rest } = await response.json();
      assert.ok(results_for && filters);
      await route.fulfill({ json: rest });
    });
    await v.go('?q=quintal');
    await v.shows('#count', 'articles for «\u202fquintal\u202f»');
    await v.shows('#search button', 'Rechercher');
    assert.equal(await v.page.getAttribute('#rail', 'aria-label'), 'Filters');
  });

  on_page('a catalogue that cannot be had is made up for by English', { locale: 'ja', expected: [/404/] }, async v => {
    await v.page.route('**/strings/ja.json', route => route.fulfill({ status: 404, body: '' }));
    await v.go('?q=quintal');
    await v.shows('#count', 'for “quintal”');
    assert.deepEqual(await shown(v), ['en', 'ltr']);
  });

  on_page('from right to left, names of outlets stand at the right as all else does', { locale: 'ar' }, async v => {
    await v.go('?q=the');
    await v.shows('.choice-name', 'Courier');
    for (const selector of ['.hit .outlet', '.choice-name']) {
      assert.equal(await v.page.locator(selector).first().evaluate(node => getComputedStyle(node).textAlign), 'right', selector);
    }
  });

  on_page('from right to left, an empty box says from the right what may stand in it', { locale: 'ar' }, async v => {
    for (const page of ['./', 'plain/']) {
      await v.go(page);
      await v.until(() => document.dir === 'rtl' && getComputedStyle(document.querySelector('input[name=q]')).direction === 'rtl');
      await v.page.locator('input[name=q]').fill('varland');
      await v.until(() => getComputedStyle(document.querySelector('input[name=q]')).direction === 'ltr');
    }
  });

  on_page('plurals follow the language', { locale: 'ar' }, async v => {
    for (const [value, words] of [[0, 'لا مقال يطابق «x»'], [1, 'مقال واحد عن «x»'], [2, 'مقالان عن «x»'], [3, '3 مقالات عن «x»'], [11, '11 مقالًا عن «x»'], [100, '100 مقال عن «x»']]) {
      await v.page.route('**/api/v1/search*', async route => {
        const answer = await (await route.fetch()).json();
        await route.fulfill({ json: { ...answer, total: { value, exact: true } } });
      });
      await v.go('?q=x');
      await v.shows('#count', new RegExp(`^${words.replace(/\d+/, '[\\d٠-٩]+')}`));
      await v.page.unroute('**/api/v1/search*');
    }
  });
}
