// The pure parts, without a browser: the address and the state, dates as typed, years as bars.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

// The folder web/ has no package.json to tell Node 18 that its files are modules.
const source = await readFile(new URL('../../web/state.js', import.meta.url), 'utf8');
const { address, facet_params, filtered_by, normal_date, parse, search_params } =
  await import(`data:text/javascript;charset=utf-8,${encodeURIComponent(source)}`);

export default function state_tests() {
  test('an address and its state are each other’s image', () => {
    for (const text of [
      './',
      '?q=quintal',
      '?q=%22special+rapporteur%22+-visit',
      '?q=a%26b%3Dc%2523+%F0%9F%95%8A',
      '?q=x&source=A%2C+B&source=C&lang=ar&from=2019&to=2019-06&sort=newest&expand=off&page=3&article=a%2Fb',
      '?collection=Kolm+Valley+files&tag.country=Varland&article=%3Cscript%3E',
    ]) assert.equal(address(parse(text)), text);
  });

  test('what an address says wrongly is left out', () => {
    for (const [text, left] of [
      ['?page=-1', './'], ['?page=1.5', './'], ['?page=x', './'], ['?page=1', './'], ['?sort=random', './'],
      ['?expand=on', './'], ['?unknown=1', './'], ['?tag.Bad-Name=1', './'], ['?source=', './'],
      ['?q=+x+', '?q=x'], ['?source=a&source=a', '?source=a'],
    ]) assert.equal(address(parse(text)), left, text);
  });

  test('the API is asked for the page that the address names', () => {
    const params = search_params(parse('?q=x&source=A&source=B&page=3&article=z'));
    assert.deepEqual(params.getAll('source'), ['A', 'B']);
    assert.equal(params.get('offset'), '40');
    assert.equal(params.get('limit'), '20');
    assert.equal(params.get('article'), null);
  });

  test('a filter goes on and off, and leads back to the first page of the list', () => {
    const once = filtered_by(parse('?q=x&page=4&article=z'), 'lang', 'ko', true);
    assert.equal(address(once), '?q=x&lang=ko');
    assert.equal(address(filtered_by(once, 'lang', 'ko', true)), '?q=x&lang=ko');
    assert.equal(address(filtered_by(once, 'lang', 'ar', true)), '?q=x&lang=ko&lang=ar');
    assert.equal(address(filtered_by(once, 'lang', 'ko', false)), '?q=x');
    assert.equal(address(filtered_by(once, 'lang', 'ar', false)), '?q=x&lang=ko');
  });

  test('a facet that filters is also counted without its filter', () => {
    const asked = text => facet_params(parse(text)).map(([facet, params]) => `${facet}: ${params}`);
    assert.deepEqual(asked('?q=x&tag.country=Varland'), []);
    assert.deepEqual(asked('?q=x&source=A&source=B&sort=newest&page=2'), ['source: q=x&limit=0&facets=source']);
    assert.deepEqual(asked('?source=A&lang=ko&to=2019'), [
      'source: lang=ko&to=2019&limit=0&facets=source', 'lang: source=A&to=2019&limit=0&facets=lang',
      'year: source=A&lang=ko&limit=0&facets=year']);
  });

  test('dates are read as people type them, and only real ones', () => {
    for (const [typed, read] of [
      ['2019', '2019'], [' 2019-06 ', '2019-06'], ['2019-6-3', '2019-06-03'], ['2019/06/13', '2019-06-13'], ['2019.6', '2019-06'],
      ['2024-02-29', '2024-02-29'], ['2000-02-29', '2000-02-29'], ['0001', '0001'],
      ['2023-02-29', null], ['1900-02-29', null], ['2019-13', null], ['2019-00', null], ['2019-06-31', null], ['2019-06-00', null],
      ['0000', null], ['19', null], ['June 2019', null], ['', null], ['2019-06-13T10:00', null],
    ]) assert.equal(normal_date(typed), read, typed);
  });
}
