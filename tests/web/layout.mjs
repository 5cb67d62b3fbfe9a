// The page on small and large screens, in the dark, and on paper.

import assert from 'node:assert/strict';
import { test } from 'node:test';

export default function layout_tests(here) {
  for (const width of [320, 390, 768, 1280, 1920]) {
    test(`nothing is wider than a screen of ${width} px`, () => here.visit(`width ${width}`, { width, height: 700 }, async v => {
      await v.go();
      await v.shows('#start h1', /./);
      await v.no_sideways_scrolling();
      await v.go('?sort=newest');
      await v.shows('#count', /./);
      await v.no_sideways_scrolling();
      if (width < 704) {
        await v.page.click('#rail-open');
        await v.shows('#rail', 'Outlet');
        await v.no_sideways_scrolling();
      }
      // 6,000 characters without a space, an address of 700; both directions of writing; a long article.
      for (const [q, title] of [['leaked cable', 'leaked cable'], ['فارلاند', 'فارلاند'], ['kolm valley', 'Kolm Valley inquiry found']]) {
        await v.go(`?q=${encodeURIComponent(q)}&article=${await here.id_of(q, title)}`);
        await v.shows('#sheet h1', title);
        await v.no_sideways_scrolling();
      }
    }));
  }

  test('a phone shows the list or the article, and comes back to the same place in the list', () =>
    here.visit('phone', { width: 390, height: 700 }, async v => {
      await v.go('?sort=newest');
      await v.shows('.hit', /./);
      const link = v.page.locator('.hit:nth-child(12) a.open');
      await link.scrollIntoViewIfNeeded();
      const before = await v.page.evaluate(() => scrollY);
      assert.ok(before > 0);
      await link.click();
      await v.shows('#sheet h1', /./);
      assert.equal(await v.page.locator('#results').isVisible(), false);
      assert.equal(await v.page.evaluate(() => scrollY), 0);
      await v.page.click('#close');
      await v.hidden('#reader');
      await v.until(y => Math.abs(scrollY - y) < 2, before);
      await v.focused('.hit:nth-child(12) a.open');
    }));

  test('side by side, list and article each come back to their own place, by reload, back and forward', () =>
    here.visit('places', { width: 1280, height: 500 }, async v => {
      const id = await here.id_of('kolm valley', 'Kolm Valley inquiry found');
      await v.go('?q=varland');
      const link = v.page.locator(`.hit[data-id="${id}"] a.open`);
      await link.waitFor();
      await v.page.evaluate(key => scrollTo(0, document.querySelector(`[data-id="${key}"]`).offsetTop - 200), id);
      await link.click();
      await v.shows('#sheet h1', /./);
      const places = () => v.page.evaluate(() => [scrollY, document.getElementById('pane').scrollTop].map(Math.round));
      const stand = wanted => v.until(([y, pane]) => document.querySelector('#sheet h1') && document.querySelector('.hit') &&
        Math.abs(scrollY - y) < 2 && Math.abs(document.getElementById('pane').scrollTop - pane) < 2, wanted);
      await v.page.evaluate(() => (document.getElementById('pane').scrollTop = 300));
      await v.until(() => history.state.pane > 0);  // it is kept once the scrolling rests
      const before = await places();
      assert.ok(before.every(place => place > 0), `${before}`);
      await v.page.reload();
      await stand(before);
      await v.page.goBack();
      await v.hidden('#reader');
      await v.until(y => Math.abs(scrollY - y) < 2, before[0]);
      await v.page.goForward();
      await stand(before);
      // Another article begins at its beginning.
      await v.press('j');
      await v.until(open => new URLSearchParams(location.search).get('article') !== open && document.querySelector('#sheet h1'), id);
      assert.equal(await v.page.evaluate(() => document.getElementById('pane').scrollTop), 0);
    }));

  test('colours follow the reader’s choice, and text stands out from its ground', async () => {
    for (const dark of [false, true]) {
      await here.visit(`dark ${dark}`, { dark }, async v => {
        await v.go('?q=quintal');
        await v.shows('.hit mark', /./);
        const ratios = await v.page.evaluate(() => {
          const channel = c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
          const luminance = color => {
            const [r, g, b] = color.match(/[\d.]+/g).map(n => channel(n / 255));
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const ground = node => {
            for (; node; node = node.parentElement) {
              const color = getComputedStyle(node).backgroundColor;
              if (!/, 0\)$/.test(color)) return color;
            }
            return 'rgb(255, 255, 255)';
          };
          return ['body', '.hit mark', '.hit a.open', '.hit-from', '.tally', '.foot', '#count'].map(selector => {
            const node = document.querySelector(selector);
            const [a, b] = [luminance(getComputedStyle(node).color), luminance(ground(node))].sort((x, y) => y - x);
            return [selector, (a + 0.05) / (b + 0.05)];
          });
        });
        for (const [selector, ratio] of ratios) assert.ok(ratio >= 4.5, `${selector} ${ratio} dark=${dark}`);
        const paper = await v.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        assert.equal(Number(paper.match(/\d+/)[0]) < 128, dark);
      });
    }
  });

  test('what underlines is written as WebKit reads it', async () => {
    for (const sheet of ['style.css', 'search.css', 'article.css', 'plain/plain.css']) {
      const css = await (await fetch(`${here.server.origin}/${sheet}`)).text();
      // WebKit takes the shorthand with a line alone, and else drops it whole.
      assert.deepEqual([...css.matchAll(/text-decoration:\s*([^;}]+)/g)].map(found => found[1]).filter(value => /\s/.test(value)), [], sheet);
    }
  });

  test('on paper, the article stands alone', () => here.visit('print', {}, async v => {
    await v.go(`?q=quintal&article=${await here.id_of('quintal', '')}`);
    await v.shows('#sheet h1', /./);
    await v.page.emulateMedia({ media: 'print' });
    for (const selector of ['#results', '#rail', '#search', '.reader-bar', '.head', '.foot', '#matches', '.tools', '.pilcrow', '.related']) {
      assert.equal(await v.page.locator(selector).first().isVisible(), false, selector);
    }
    await v.shows('#sheet .body', /./);
  }));

  test('everything has a name, and the landmarks are there', () => here.visit('names', {}, async v => {
    await v.go(`?q=quintal&article=${await here.id_of('quintal', '')}`);
    await v.shows('#sheet h1', /./);
    await v.shows('.hit', /./);
    const nameless = await v.page.evaluate(() => [...document.querySelectorAll('button, a[href], input, select')]
      .filter(node => node.checkVisibility() && !node.closest('[aria-hidden=true]') && !node.textContent.trim() && !node.getAttribute('aria-label') &&
        !node.labels?.length).map(node => node.outerHTML));
    assert.deepEqual(nameless, []);
    assert.equal(await v.page.locator('main').count(), 1);
    assert.equal(await v.page.locator('[role=search]').count(), 1);
    assert.equal(await v.page.locator('[role=status]').count(), 1);
    const ids = await v.page.evaluate(() => [...document.querySelectorAll('[id]')].map(node => node.id));
    assert.equal(new Set(ids).size, ids.length);
  }));
}
