// What the server says by a code (warnings, problems) is told in the reader's language, with its numbers and words, from
// sentences/LANG.json: fetched when the first of it is to be told, and before it is.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { held } from './site.mjs';

/// The sentences of a language, by their keys.
export const sentences = async code => JSON.parse(await readFile(new URL(`../../web/sentences/${code}.json`, import.meta.url), 'utf8'));

const query = 'varland ville:quintal to* camp NEAR/99 list';
const isolated = text => `\u2068${text}\u2069`;

/// What is asked of the sentences from now on.
function asked_of(page) {
  const list = [];
  page.on('request', request => /\/sentences\//.test(request.url()) && list.push(new URL(request.url()).pathname));
  return list;
}

export default function told_tests(here) {
  const on_page = (name, options, body) => test(name, () => here.visit(name, options, body));

  for (const [locale, ...notes] of [
    ['en-GB', `There is no field ${isolated('ville')} (`, 'At least 3 letters must stand before the star', 'from 1 to 50: 50 was taken'],
    ['ru', `Поля ${isolated('ville')} нет (`, 'Перед звёздочкой нужно не меньше 3 букв', 'от 1 до 50: взято 50'],
    ['ar-EG', `لا حقل باسم ${isolated('ville')} (`, 'يلزم قبل النجمة ٣ حروف على الأقل', 'إلى ٥٠: أُخذت ٥٠'],
    ['ja', `${isolated('ville')} というフィールドはありません`, '少なくとも 3 文字', '50 としました'],
  ]) {
    on_page(`warnings are told in ${locale} with their numbers and words`, { locale }, async v => {
      await v.go(`?q=${encodeURIComponent(query)}`);
      for (const note of notes) await v.shows('.note', note);
      // The server's own words, which are English, are nowhere.
      const { query: { warnings } } = await here.ask(`search?q=${encodeURIComponent(query)}`);
      assert.equal(warnings.length, notes.length);
      const shown = (await v.texts('.note')).join('\n');
      for (const { message } of warnings) assert.ok(!shown.includes(message), message);
    });
  }

  on_page('a word that runs from the right stays where it stands, and what it opens is closed', {}, async v => {
    // The server sends no such letters by itself.
    await v.page.route('**/api/v1/search*', async route => {
      const answer = await (await route.fetch()).json();
      for (const { values } of answer.query.warnings) values.value = `\u202b${values.value}\u2067`;
      await route.fulfill({ json: answer });
    });
    await v.go(`?q=${encodeURIComponent('date:\u202bأمس\u2067 quintal')}`);
    const note = v.page.locator('.note', { hasText: 'is not a date' });
    await note.waitFor();
    const text = await note.textContent();
    assert.match(text, /\u2068[^\u2069]*أمس[^\u2069]*\u2069+ is not a date/);
    assert.equal(text.match(/[\u2066-\u2068]/g).length, text.match(/\u2069/g).length, 'every isolate is closed');
    // The sentence begins at the left, before the word, and goes on at its right.
    const sides = await note.evaluate(node => {
      const place = (from, to) => {
        const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
        for (let t = texts.nextNode(); t; t = texts.nextNode()) {
          const at = t.data.indexOf(from);
          if (at < 0) continue;
          const range = document.createRange();
          range.setStart(t, at);
          range.setEnd(t, at + to.length);
          return range.getBoundingClientRect();
        }
      };
      return [place('أمس', 'أمس').right, place('is not', 'is not').left];
    });
    assert.ok(sides[0] <= sides[1], `${sides}`);
  });

  for (const [locale, address, ...says] of [
    ['fr', 'q=a&from=yesterday', 'Indiquez une année, un mois ou un jour'],
    ['fr', 'q=a&from=2020&to=2019', 'La première date'],
    ['fr', `q=a&source=${'s'.repeat(2000)}`, `${isolated('source')} dans l’adresse compte 2\u202f000 octets ; 1\u202f024 au plus sont admis.`, 'Raccourcissez'],
    ['ko', `q=a&author=${'s'.repeat(2000)}`, `주소의 ${isolated('author')}이(가)`],
    ['ar', `q=a&source=${'s'.repeat(2000)}`, `طول الوسيط ${isolated('source')} في العنوان`],
  ]) {
    on_page(`a problem is told in ${locale}: ${address.slice(0, 30)}`, { locale, expected: [/400/] }, async v => {
      await v.go(`?${address}`);
      for (const say of says) await v.shows('#notice', say);
      const refused = await fetch(`${here.server.origin}/api/v1/search?${address}`);
      assert.equal(refused.status, 400);
      assert.ok(!(await v.page.textContent('#notice')).includes((await refused.json()).detail));
    });
  }

  on_page('the sentences are fetched when one is to be told, and once', {}, async v => {
    const asked = asked_of(v.page);
    await v.go('?q=quintal');
    await v.shows('.hit', /./);
    assert.deepEqual(asked, []);
    await v.search('quintal to*');
    await v.shows('.note', 'At least 3 letters');
    await v.search('quintal ma*');
    await v.shows('#count', 'ma*');
    await v.shows('.note', 'At least 3 letters');
    assert.deepEqual(asked, ['/sentences/en.json']);
  });

  on_page('another language tells anew', {}, async v => {
    await v.go('?q=quintal%20to*');
    await v.shows('.note', 'At least 3 letters');
    await v.page.selectOption('#language', 'es');
    await v.shows('.note', 'al menos 3 letras');
    await v.page.selectOption('#language', 'en');
    await v.shows('.note', 'At least 3 letters');
  });

  on_page('sentences that cannot be had, or that there are not, leave the server’s own, marked as English', { locale: 'ru', expected: [/404/] }, async v => {
    await v.page.route('**/sentences/*', route => route.fulfill({ status: 404 }));
    await v.go('?q=quintal%20to*');
    await v.shows('.note [lang=en]', 'Too few letters before the star (at least 3)');
    await v.page.unroute('**/sentences/*');
    // They are asked for again when they are needed again.
    await v.search('quintal ma*');
    await v.shows('.note', 'не меньше 3 букв');
    await v.page.route('**/api/v1/search*', async route => {
      const response = await route.fetch();
      const answer = await response.json();
      answer.query.warnings = [{ column: 1, code: 'of_tomorrow', message: 'A warning of tomorrow.' }];
      await route.fulfill({ response, json: answer });
    });
    await v.search('varland');
    await v.shows('.note [lang=en]', 'A warning of tomorrow.');
  });

  on_page('late sentences are waited for, and never told of an older query', {}, async v => {
    const late = await held(v.page, '/sentences/');
    await v.go('?q=quintal%20to*');
    await late.first;
    await v.shows('#wait', 'Searching');
    assert.equal(await v.page.locator('.hit').count(), 0);
    await v.search('varland');
    await v.shows('#count', '“varland”');
    late.release();
    await v.search('varland ma*');
    await v.shows('.note', 'At least 3 letters');
    assert.equal(await v.page.locator('.note', { hasText: 'letters' }).count(), 1);
    assert.match(await v.page.textContent('#count'), /varland ma/);
  });
}
