// The timeline: what it draws, that a range is chosen by pointer and by keyboard, and that it can be read.

import assert from 'node:assert/strict';
import { test } from 'node:test';

const plot = '.timeline-plot';
const handles = '.timeline-handle';

/// Where bucket i of the plot lies on the screen: its middle.
async function place(v, i) {
  const count = Number(await v.page.locator(handles).first().getAttribute('aria-valuemax')) + 1;
  const box = await v.page.locator(`${plot} .timeline-ground`).boundingBox();
  const rtl = await v.page.evaluate(() => document.documentElement.dir === 'rtl');
  const x = (i + 0.5) / count * box.width;
  return [box.x + (rtl ? box.width - x : x), box.y + box.height / 2];
}

async function drag(v, from, to) {
  await v.page.mouse.move(...await place(v, from));
  await v.page.mouse.down();
  await v.page.mouse.move(...await place(v, to), { steps: 4 });
}

const dates_of = v => v.page.evaluate(() => [...document.querySelectorAll('.hit .when')].map(node => node.dateTime ?? ''));

export default function timeline_tests(here) {
  const on_page = (name, options, body) => test(name, () => here.visit(name, options, body));
  const asked = async q => (await here.ask(`search?limit=0&timeline=auto&${q}`)).timeline;

  on_page('what was found is drawn over time, as tall as the counts are', {}, async v => {
    const { unit, buckets, undated } = await asked('q=*');
    assert.ok(buckets.length > 2);
    await v.go('?q=*');
    await v.shows('.timeline h2', `Articles by ${unit}`);
    const bars = await v.page.evaluate(() => [...document.querySelectorAll('.timeline-bar')].map(bar => +bar.getAttribute('height')));
    const counts = buckets.map(b => b.count).filter(Boolean);
    assert.equal(bars.length, counts.length);
    const tallest = Math.max(...bars) / Math.max(...counts);
    counts.forEach((count, i) => assert.ok(Math.abs(bars[i] - count * tallest) < 2, `${bars[i]} for ${count}`));
    if (undated) await v.shows('.timeline-apart', `${undated} more`);
    const name = await v.page.getAttribute(plot, 'aria-label');
    assert.match(name, new RegExp(`from ${buckets[0].date} to ${buckets.at(-1).date}`));
    assert.equal(await v.page.locator('#timeline [style]').count(), 0);
  });

  on_page('no label of the axis lies on another, whatever the span', {}, async v => {
    for (const [q, width] of [['inquiry', 1280], ['inquiry', 400], ['varland brigades OR inquiry', 1280], ['*', 700]]) {
      await v.page.setViewportSize({ width, height: 900 });
      await v.go(`?q=${encodeURIComponent(q)}`);
      await v.page.locator(plot).waitFor();
      const crossed = await v.page.evaluate(() => {
        const labels = [...document.querySelectorAll('.timeline svg text:not(.timeline-most)')].map(text => text.getBoundingClientRect());
        return labels.filter((box, i) => labels.some((other, n) => n !== i && box.left < other.right && other.left < box.right)).length;
      });
      assert.equal(crossed, 0, `${q} at ${width}`);
    }
  });

  for (const locale of ['en-GB', 'ar']) {
    on_page(`dragging chooses the range from and to, in ${locale}`, { locale }, async v => {
      const { buckets } = await asked('q=*');
      const [first, last] = [buckets.length - 4, buckets.length - 2];
      await v.go('?q=*&page=2');
      await v.page.locator(plot).waitFor();
      await drag(v, last, first);  // backwards is a range too
      await v.page.mouse.up();
      await v.until_address({ q: '*', from: buckets[first].date, to: buckets[last].date });
      await v.until(([from, to]) => {
        const dates = [...document.querySelectorAll('.hit .when')].map(node => node.dateTime ?? '');
        return dates.length > 0 && dates.every(date => date.slice(0, 4) >= from && date.slice(0, 4) <= to);
      }, [buckets[first].date, buckets[last].date]);
      await v.page.locator('#timeline [data-key=time-whole]').click();
      await v.until_address({ q: '*' });
    });
  }

  on_page('a press without dragging chooses one bar; Escape ends a drag without a choice', {}, async v => {
    const { buckets } = await asked('q=*');
    const at = buckets.findIndex(b => b.date === '2019');
    await v.go('?q=*');
    await v.page.locator(plot).waitFor();
    await drag(v, 0, at);
    await v.page.locator('.timeline-chosen:not([visibility])').waitFor({ state: 'attached' });
    await v.press('Escape');
    await v.page.locator('.timeline-chosen[visibility=hidden]').waitFor({ state: 'attached' });
    await v.page.mouse.up();
    await v.until_address({ q: '*' });
    await v.page.mouse.click(...await place(v, at));
    await v.until_address({ q: '*', from: '2019', to: '2019' });
    await v.shows('.chip', '2019');
    await v.until(() => {
      const dates = [...document.querySelectorAll('.hit .when')].map(node => node.dateTime ?? '');
      return dates.length > 0 && dates.every(date => date.startsWith('2019'));
    });
    // What was a bar is now a timeline of its own.
    const inner = await asked('q=*&from=2019&to=2019');
    if (inner.buckets.length > 1) await v.shows('.timeline h2', `Articles by ${inner.unit}`);
  });

  on_page('the keyboard chooses a range by its two ends', {}, async v => {
    const { buckets } = await asked('q=*');
    await v.go('?q=*');
    const [first, last] = [v.page.locator(handles).nth(0), v.page.locator(handles).nth(1)];
    await first.focus();
    assert.equal(await first.getAttribute('role'), 'slider');
    assert.equal(await first.getAttribute('aria-valuenow'), '0');
    await v.press('ArrowRight', 'ArrowRight', 'ArrowLeft', 'ArrowRight');
    assert.equal(await first.getAttribute('aria-valuenow'), '2');
    assert.match(await first.getAttribute('aria-valuetext'), new RegExp(`^${buckets[2].date}: ${buckets[2].count} article`));
    await last.focus();
    await v.press('ArrowLeft');
    assert.equal(await last.getAttribute('aria-valuenow'), String(buckets.length - 2));
    await v.shows('.timeline-readout', `${buckets[2].date} – ${buckets.at(-2).date}`);
    await v.press('Escape');
    assert.equal(await first.getAttribute('aria-valuenow'), '0');
    await first.focus();
    await v.press('ArrowRight');
    await last.focus();
    await v.press('Home');
    assert.equal(await last.getAttribute('aria-valuenow'), '1', 'the ends do not cross');
    await first.focus();
    await v.press('End');
    assert.equal(await first.getAttribute('aria-valuenow'), '1', 'nor from the other side');
    await v.press('Home');
    await last.focus();
    await v.press('End', 'ArrowLeft', 'Enter');
    await v.until_address({ q: '*', from: buckets[0].date, to: buckets.at(-2).date });
  });

  on_page('the share of all articles is a line of its own, and stays in the address', {}, async v => {
    const answer = { unit: 'year', exact: true, undated: 0, less_precise: 0, buckets: [
      { date: '2018', count: 3, of: 100, share: 0.03 }, { date: '2019', count: 6, of: 50, share: 0.12 },
      { date: '2020', count: 0, of: 0 }, { date: '2021', count: 1, of: 2, share: 0.5 },
      { date: '2022', count: 1, of: 20, share: 0.05 }, { date: '2023', count: 2, of: 20, share: 0.1 }] };
    await v.page.route('**/api/v1/search?*', async route => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...await response.json(), timeline: answer } });
    });
    await v.go('?q=*');
    await v.page.locator('#timeline [data-key=time-share]').click();
    await v.until_address({ q: '*', view: 'share' });
    await v.focused('#timeline [data-key=time-share]');
    assert.equal(await v.page.getAttribute('#timeline [data-key=time-share]', 'aria-pressed'), 'true');
    const path = await v.page.getAttribute('.timeline-share', 'd');
    assert.equal(path.match(/[ML]/g).join(''), 'MLML', 'few articles make no share, and no line is drawn over them');
    await v.shows('.timeline-most.share', '12%');
    await v.shows('.timeline-apart', 'at least 10');
    await v.page.reload();
    await v.page.locator('.timeline-share').waitFor();
  });

  on_page('all of it can be read as a table, whose rows lead on', {}, async v => {
    const { unit, buckets } = await asked('q=the');
    assert.ok(unit === 'year' && buckets.some(b => b.count && b.of > b.count));
    const { date } = buckets.find(b => b.count);
    await v.go('?q=the');
    const button = v.page.locator('#timeline [data-key=time-table]');
    assert.equal(await button.getAttribute('aria-expanded'), 'false');
    await button.click();
    await v.shows('.timeline-table caption', 'Articles over time');
    await v.focused('[data-key=time-table]');
    const rows = await v.page.evaluate(() => [...document.querySelectorAll('.timeline-table tbody tr')].map(row => [...row.cells].map(cell => cell.textContent)));
    assert.deepEqual(rows.map(([date, count, of]) => [date, count, of]), buckets.map(b => [b.date, String(b.count), String(b.of)]));
    await v.until_address({ q: 'the', view: 'table' });
    await v.page.reload();
    await v.shows('.timeline-table', date);
    await v.page.locator('.timeline-table a', { hasText: date }).click();
    await v.until_address({ q: 'the', from: date, to: date, view: 'table' });
    await v.page.goBack();
    await v.until_address({ q: 'the', view: 'table' });
    await v.page.locator('#timeline [data-key=time-table]').click();
    await v.until_address({ q: 'the' });
    assert.equal(await v.page.locator('.timeline-table').count(), 0);
  });

  on_page('estimates and what is not in it are said', {}, async v => {
    await v.page.route('**/api/v1/search?*', async route => {
      const response = await route.fetch();
      const answer = await response.json();
      await route.fulfill({ response, json: { ...answer, total: { value: 1200, exact: false }, facets_estimated: ['source'],
        timeline: { ...answer.timeline, exact: false, less_precise: 1, undated: 3 } } });
    });
    await v.go('?q=*');
    await v.shows('.timeline-apart', 'Counts are estimates. 1 more has a less precise date. 3 more have no date.');
    await v.shows('#count', 'About 1,200 articles');
    await v.shows('.facet[data-facet=source] .tally', '≈');
  });

  on_page('where there is nothing to see over time, nothing is drawn', {}, async v => {
    await v.go('?q=xyzzyplugh');
    await v.shows('#count', 'No article');
    assert.equal(await v.page.locator('#timeline').isVisible(), false);
    // Years of which none has anything: nor is that a picture.
    await v.page.route('**/api/v1/search?*', async route => {
      const response = await route.fetch();
      const answer = await response.json();
      const buckets = ['2018', '2019', '2020'].map(date => ({ date, count: 0, of: 5, share: 0 }));
      await route.fulfill({ response, json: { ...answer, timeline: { ...answer.timeline, unit: 'year', buckets } } });
    });
    await v.go('?q=lucja');
    await v.shows('#count', '“lucja”');
    assert.equal(await v.page.locator('#timeline').isVisible(), false);
    await v.page.unroute('**/api/v1/search?*');
    await v.go('');
    await v.shows('#start h1', /./);
    assert.equal(await v.page.locator('#timeline').isVisible(), false);
  });

  test('it follows the width of the screen, in light and dark', async () => {
    for (const dark of [false, true]) {
      await here.visit(`timeline ${dark}`, { dark, width: 900, height: 800 }, async v => {
        await v.go('?q=*');
        await v.page.locator(plot).waitFor();
        for (const width of [1500, 360]) {
          await v.page.setViewportSize({ width, height: 800 });
          await v.until(() => Math.abs(document.querySelector('.timeline-plot').getBoundingClientRect().width - document.querySelector('.timeline-place').clientWidth) < 1);
          await v.no_sideways_scrolling();
        }
        assert.ok((await dates_of(v)).length > 0);
      });
    }
  });
}
