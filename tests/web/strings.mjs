// The catalogues of words (web/strings/LANG.json) and sentences (web/sentences/LANG.json), without a browser: each has every word, with the same placeholders
// and every plural form of its language, and the page uses the words that there are, and none is left over.

import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { test } from 'node:test';

const web = new URL('../../web/', import.meta.url);
const catalogue = async (code, folder = 'strings') => JSON.parse(await readFile(new URL(`${folder}/${code}.json`, web), 'utf8'));
const forms = value => typeof value === 'string' ? { other: value } : value;
const placeholders = text => [...text.matchAll(/\{(\w+)\}/g)].map(found => found[1]).sort();

export default function strings_tests() {
  for (const folder of ['strings', 'sentences']) {
    test(`every catalogue of ${folder} has what the others have, with its placeholders and all plural forms of the language`, async () => {
      const codes = (await readdir(new URL(`${folder}/`, web))).map(name => name.replace(/\.json$/, ''));
      const source = await readFile(new URL('strings.js', web), 'utf8');
      for (const code of codes) assert.match(source, new RegExp(`\\b${code}: '`), `${code} can be chosen`);
      assert.ok(codes.length >= 8);
      const english = await catalogue('en', folder);
      for (const code of codes) {
        const words = await catalogue(code, folder);
        assert.deepEqual(Object.keys(words).sort(), Object.keys(english).sort(), code);
        const categories = new Intl.PluralRules(code).resolvedOptions().pluralCategories;
        for (const [key, value] of Object.entries(words)) {
          const where = `${code} ${key}`;
          assert.equal(typeof value, typeof english[key], where);
          const wanted = placeholders(forms(english[key]).other);
          if (typeof value === 'object') assert.deepEqual(Object.keys(value).sort(), [...categories].sort(), where);
          for (const [category, text] of Object.entries(forms(value))) {
            assert.ok(typeof text === 'string' && text.trim(), where);
            // "One article" may do without its number where the category is of one number.
            const spelt = /^(?:zero|one|two)$/.test(category) ? wanted.filter(name => name !== 'n') : wanted;
            const has = placeholders(text);
            assert.ok([wanted, spelt].some(list => list.join() === has.join()), `${where} (${category}) has {${has}}, not {${wanted}}`);
            // Letters that reorder what stands beside them, and blanks that nobody sees.
            assert.doesNotMatch(text, /[\u200e\u200f\u202a-\u202e\u2066-\u2069]|\s{2}/, where);
            if (key !== 'comma') assert.equal(text, text.trim(), where);
          }
        }
      }
    });
  }

  test('the page uses the words that there are, and none is left over', async () => {
    const english = await catalogue('en');
    const used = new Set();
    const prefixes = [];
    for (const name of (await readdir(web)).filter(name => /\.(?:js|html)$/.test(name))) {
      const text = await readFile(new URL(name, web), 'utf8');
      for (const [, key] of text.matchAll(/\bt\.([a-z]\w*)/g)) used.add(key);
      for (const [, key] of text.matchAll(/\bdata-t(?:-\w+)?="(\w+)"/g)) used.add(key);
      for (const [, prefix] of text.matchAll(/`(\w+_)\$\{/g)) prefixes.push(prefix);  // t[`facet_${name}`]
    }
    for (const key of used) assert.ok(key in english, `t.${key} is used and is in no catalogue`);
    for (const key of Object.keys(english)) {
      assert.ok(used.has(key) || prefixes.some(prefix => key.startsWith(prefix)), `${key} is used nowhere`);
    }
  });

  test('the plain pages use the words of their own that there are, and none is left over', async () => {
    const used = new Set();
    for (const folder of [new URL('plain/', web), new URL('../server/pages/', web)]) {
      for (const name of (await readdir(folder)).filter(name => /\.(?:cpp|mustache)$/.test(name))) {
        for (const [key] of (await readFile(new URL(name, folder), 'utf8')).matchAll(/\bplain_[a-z_]+\b/g)) used.add(key);
      }
    }
    const kept = Object.keys(await catalogue('en', 'sentences')).filter(key => key.startsWith('plain_'));
    assert.ok(kept.length > 10);
    assert.deepEqual(kept.filter(key => !used.has(key)), []);
  });
}
