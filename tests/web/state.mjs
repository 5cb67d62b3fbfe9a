// The pure parts, without a browser: the address and the state, the query as text, time in buckets.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

// The folder web/ has no package.json to tell Node 18 that its files are modules.
const load = async name => {
  const source = await readFile(new URL(`../../web/${name}`, import.meta.url), 'utf8');
  return import(`data:text/javascript;charset=utf-8,${encodeURIComponent(source)}`);
};
const { address, anew, chosen, export_params, facets_of, feed_params, filtered_by, normal_date, parse, search_params, viewed } = await load('state.js');
const { bytes_in, plain_words, requiring, requiring_all } = await load('query.js');
const { range_of, round_up, ticks } = await load('timescale.js');

export default function state_tests() {
  test('an address and its state are each other’s image', () => {
    for (const text of [
      './',
      '?q=quintal',
      '?q=%22special+rapporteur%22+-visit',
      '?q=a%26b%3Dc%2523+%F0%9F%95%8A',
      '?q=x&source=A%2C+B&source=C&lang=ar&from=2019&to=2019-06&sort=newest&expand=off&page=3&article=a%2Fb',
      '?collection=Kolm+Valley+files&tag.country=Varland&article=%3Cscript%3E',
      '?q=x&source=-A%2C+B&source=C&tag.country=-Varland',
      '?sort=newest&page=501&cursor=AQHn-_&view=share,table,open.tag.country,all.source',
    ]) assert.equal(address(parse(text)), text);
  });

  test('what an address says wrongly is left out', () => {
    for (const [text, left] of [
      ['?page=-1', './'], ['?page=1.5', './'], ['?page=x', './'], ['?cursor=abc', './'], ['?view=nonsense,open.share', './'], ['?source=-', './'], ['?page=1', './'], ['?sort=random', './'],
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

  test('a value is wanted, excluded or neither, whatever it begins with', () => {
    const start = parse('?q=x');
    for (const [value, wanted, excluded] of [
      ['KCNA', 'KCNA', '-KCNA'], ['-dash', '\\-dash', '--dash'], ['\\back', '\\\\back', '-\\back'],
    ]) {
      const on = filtered_by(start, 'source', value, true);
      assert.deepEqual(on.filters.get('source'), [wanted]);
      assert.deepEqual(chosen(on, 'source'), { wanted: [value], excluded: [] });
      const off = filtered_by(on, 'source', value, 'not');
      assert.deepEqual(off.filters.get('source'), [excluded], 'one takes the place of the other');
      assert.deepEqual(chosen(off, 'source'), { wanted: [], excluded: [value] });
      assert.equal(address(filtered_by(off, 'source', value, false)), '?q=x');
    }
  });

  test('what is unfolded is asked for and is no other list', () => {
    const open = viewed(parse('?q=x&page=2&article=z'), 'open.tag.country', true);
    assert.equal(address(open), '?q=x&page=2&article=z&view=open.tag.country');
    assert.deepEqual(facets_of(open), ['source', 'lang', 'author', 'collection', 'tag.country']);
    assert.equal(address(viewed(open, 'open.tag.country', false)), '?q=x&page=2&article=z');
    assert.deepEqual(facets_of(parse('?tag.place=a')), ['source', 'lang', 'author', 'collection', 'tag.place']);
    assert.equal(address(anew(open, { q: 'y' })), '?q=y&view=open.tag.country');
  });

  test('behind the pages that numbers reach, the API is asked by cursor', () => {
    const params = search_params(parse('?q=x&page=501&cursor=abc'));
    assert.equal(params.get('cursor'), 'abc');
    assert.equal(params.has('offset'), false);
  });

  test('an export has what the list has, a feed what came in last', () => {
    for (const [text, widened, asked] of [
      ['?q=x&source=-A&page=3&article=z&view=table', false, 'q=x&source=-A'],
      ['?q=x&sort=oldest&expand=off', false, 'q=x&expand=off&sort=oldest'],
      ['?q=x', true, 'q=x&sort=relevance&limit=10000'],
      ['?q=x&sort=oldest', true, 'q=x&sort=oldest'],
      ['?q=x&sort=added', false, 'q=x&sort=added&limit=10000'],
    ]) assert.equal(`${export_params(parse(text), widened)}`, asked, text);
    assert.equal(`${feed_params(parse('?q=x&sort=oldest&lang=-ko&page=2&cursor=a'))}`, 'q=x&lang=-ko');
  });

  test('the plain words of a query are told from all else', () => {
    for (const [q, words] of [
      ['prison camps', ['prison', 'camps']], ['“prison camps” north', ['north']], ['a "b c', ['a', 'b', 'c']], ['-a b', ['b']], ['NOT a', ['a']],
      ['a OR b', ['a', 'b']], ['a NEAR/3 b', ['a', 'b']], ['title:a b', ['b']], ['title: "a b" c', ['c']], ['="U.N." x', ['x']], ['-"a b" c', ['c']],
      ['(a b) c', ['c']], ['12:30', []], ['https://example.org/a', ['https://example.org/a']], ['北韩 평양', ['北韩', '평양']], ['a, b!', ['a,', 'b!']], ['-', []], ['', []],
    ]) assert.deepEqual(plain_words(q).map(word => word.text), words, q);
  });

  test('a word that was passed over is required by quotation marks, where it stands', () => {
    for (const [q, word, made] of [
      ['list of the disappeared', 'of', 'list "of" the disappeared'], ['The camps', 'the', '"The" camps'], ['"of" of', 'of', '"of" "of"'],
      ['camps', 'of', 'camps'], ['title:of x', 'of', 'title:of x'],
    ]) assert.equal(requiring(q, word), made, q);
    assert.equal(requiring_all('list of the "no fly" zones camp*', ['of', 'the']), '"list" of the "no fly" "zones" camp*');
  });

  test('the length of a query is that of its bytes', () => {
    assert.deepEqual(['a', 'é', '북', '🕊'].map(bytes_in), [1, 2, 3, 4]);
  });

  const timeline = (unit, ...dates) => ({ unit, buckets: dates.map(date => ({ date })) });

  test('a range of buckets is dates, within those of the search', () => {
    const weeks = timeline('week', '2019-02-25', '2019-03-04', '2019-03-11');
    for (const [line, first, last, own, range] of [
      [timeline('year', '2018', '2019'), 0, 1, {}, ['2018', '2019']],
      [timeline('month', '2019-01', '2019-02'), 1, 1, {}, ['2019-02', '2019-02']],
      [timeline('day', '2019-02-27', '2019-02-28'), 0, 1, {}, ['2019-02-27', '2019-02-28']],
      [weeks, 0, 1, {}, ['2019-02-25', '2019-03-10']],
      [weeks, 0, 2, { from: '2019-03', to: '2019-03-12' }, ['2019-03', '2019-03-12']],
      [weeks, 1, 1, { from: '2019-03', to: '2019-03-12' }, ['2019-03-04', '2019-03-10']],
      [timeline('month', '2020-02'), 0, 0, { to: '2020' }, ['2020-02', '2020-02']],
    ]) assert.deepEqual(Object.values(range_of(line, first, last, own)), range);
  });

  test('labels stand at round dates, as far apart as they need', () => {
    const years = timeline('year', ...Array.from({ length: 30 }, (_, i) => String(1996 + i)));
    assert.deepEqual(ticks(years, 1).length, 30);
    assert.deepEqual(ticks(years, 4).map(i => years.buckets[i].date), ['2000', '2005', '2010', '2015', '2020', '2025']);
    const months = timeline('month', ...Array.from({ length: 24 }, (_, i) => `${2018 + Math.floor((i + 5) / 12)}-${String((i + 5) % 12 + 1).padStart(2, '0')}`));
    assert.deepEqual(ticks(months, 10).map(i => months.buckets[i].date), ['2019-01', '2020-01']);
    assert.deepEqual(ticks(timeline('day', '2019-02-27'), 50), [0]);
    assert.deepEqual([0, 1, 3, 7, 10, 11, 23, 99, 101, 236, 345, 4001].map(round_up), [1, 1, 3, 7, 10, 12, 25, 100, 120, 250, 400, 5000]);
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
