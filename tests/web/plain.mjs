// The plain pages in a browser that runs no scripts: what can be done with links and forms alone.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { chromium } from 'playwright-core';

const folded = text => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

export default function plain_tests(here) {
  /// Runs body(page, visit) in a browser without scripts. Any request to another host, breach of the policy or error in
  /// the console fails it.
  const without_scripts = (name, { locale = 'en-GB', expected = [], width = 1280, dark = false } = {}, body) => test(`without scripts: ${name}`, async () => {
    const browser = await chromium.launch({
      executablePath: process.env.RAPPORTEUR_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'],
    });
    try {
      const context = await browser.newContext({
        javaScriptEnabled: false, locale, viewport: { width, height: 800 }, colorScheme: dark ? 'dark' : 'light',
      });
      const page = await context.newPage();
      page.setDefaultTimeout(30_000);
      const wrong = [];
      page.on('request', request => {
        if (new URL(request.url()).origin !== here.server.origin) wrong.push(`request to ${request.url()}`);
        // The search page names its modules, to be fetched early; the plain pages name none.
        if (request.resourceType() === 'script' && page.url().includes('/plain/')) wrong.push(`script ${request.url()}`);
      });
      page.on('console', message => {
        if (message.type() === 'error' && !expected.some(pattern => pattern.test(message.text()))) wrong.push(message.text());
      });
      page.on('dialog', dialog => {
        wrong.push(`dialog ${dialog.message()}`);
        dialog.dismiss();
      });
      await body(page, address => page.goto(`${here.server.origin}/${address}`));
      assert.deepEqual(wrong, []);
    } finally {
      await browser.close();
    }
  });
  const address = page => {
    const url = new URL(page.url());
    return decodeURIComponent(`${url.pathname}${url.search}${url.hash}`);
  };

  test('the plain pages have the colours and faces of the search page', async () => {
    const roots = async name => [...(await readFile(new URL(`../../web/${name}`, import.meta.url), 'utf8')).split('@media print')[0].matchAll(/:root \{([^}]*)\}/g)]
      .map(([, rules]) => Object.fromEntries([...rules.matchAll(/(--[\w-]+): ([^;]+);/g)].map(found => found.slice(1))));
    const [search, plain] = [await roots('style.css'), await roots('plain/plain.css')];
    assert.equal(plain.length, 2, 'by day and by night');
    plain.forEach((names, i) => {
      assert.ok(Object.keys(names).length > 10);
      for (const [name, value] of Object.entries(names)) assert.equal(value, search[i][name], name);
    });
  });

  without_scripts('the search page leads to the plain pages', {}, async (page, go) => {
    await go('');
    await page.locator('noscript a').click();
    assert.equal(address(page), '/plain/');
    await page.fill('input[name=q]', 'quintal');
    await page.press('input[name=q]', 'Enter');
    await page.waitForURL(/q=quintal/);
    assert.match(await page.locator('h1').textContent(), /articles for “quintal”/);
  });

  without_scripts('the search page’s own form leads there, too', {}, async page => {
    await page.goto(`${here.server.origin}/`);
    // The words come by script; without them nothing stands there empty.
    await page.getByRole('button', { name: 'Search', exact: true }).waitFor({ state: 'visible' });
    assert.deepEqual(await page.locator('.head :is(button, select, input)').evaluateAll(list => list.filter(node =>
      node.checkVisibility() && !node.textContent.trim() && !node.getAttribute('aria-label')).map(node => node.id)), []);
    assert.equal(await page.getAttribute('#search', 'action'), 'plain/');
  });

  without_scripts('search, narrow, page, read, step from match to match, and back', {}, async (page, go) => {
    await go('plain/?sort=newest&limit=5');
    const all = await page.locator('h1').textContent();
    // An outlet on, a language out, both off again.
    const outlet = 'Paper Lantern Review (fictional)';
    const row = page.locator('.facet li', { hasText: outlet });
    const tally = (await row.locator('.tally').textContent()).trim();
    await row.locator('.value').click();
    assert.match(address(page), /source=Paper Lantern Review/);
    assert.match(await page.locator('h1').textContent(), new RegExp(`^${tally} article`));
    assert.deepEqual([...new Set(await page.locator('.hit .outlet').allTextContents())], [outlet]);
    await page.locator('.chip', { hasText: outlet }).click();
    assert.equal(await page.locator('h1').textContent(), all);
    await page.locator('.facet li', { hasText: 'English' }).locator('.without').click();
    assert.match(address(page), /lang=-en/);
    assert.ok(!(await page.locator('.hit .tongue').allTextContents()).includes('English'));
    await page.locator('.chip', { hasText: 'English' }).click();
    assert.equal(await page.locator('h1').textContent(), all);

    const first = await page.locator('.hit h2').allTextContents();
    await page.locator('a[rel=next]').click();
    assert.match(address(page), /offset=5/);
    assert.match(await page.locator('.page-of').textContent(), /^Page 2 of \d+$/);
    const second = await page.locator('.hit h2').allTextContents();
    assert.notDeepEqual(second, first);
    await page.locator('a[rel=prev]').click();
    assert.deepEqual(await page.locator('.hit h2').allTextContents(), first);

    await go('plain/?q=kolm%20valley&sort=newest');
    const found = page.url();
    await page.locator('.hit h2 a').first().click();
    const marks = await page.locator('mark').allTextContents();
    assert.ok(marks.length > 2);
    for (const mark of marks) assert.match(folded(mark), /^(kolm|valleys?|kolm valley)$/);
    await page.locator('.steps a').first().click();
    assert.match(address(page), /#m1$/);
    const shown = page.locator('.jump:visible');
    assert.equal(await shown.count(), 1, 'only the match that one is at has its neighbours beside it');
    await shown.locator('a').last().click();
    assert.match(address(page), /#m2$/);
    await shown.locator('a').last().click();
    assert.match(address(page), /#m3$/);
    await shown.locator('a').first().click();
    assert.match(address(page), /#m2$/);
    await page.locator('.here').first().click();
    assert.match(address(page), /#p1$/);
    await page.locator('.back').click();
    assert.equal(page.url(), found);
  });

  without_scripts('dates and order go with the form; years are links', {}, async (page, go) => {
    await go('plain/?q=quintal&source=-nobody');
    await page.fill('input[name=from]', '2019');
    await page.selectOption('select[name=sort]', 'oldest');
    await page.locator('.ask button').click();
    assert.match(address(page), /from=2019.*sort=oldest/);
    assert.match(address(page), /source=-nobody/, 'filters stay');
    const dates = await page.locator('.hit time').evaluateAll(nodes => nodes.map(node => node.dateTime));
    assert.deepEqual(dates, [...dates].sort());
    assert.ok(dates.every(date => date >= '2019'));
    const year = page.locator('.times th a').first();
    const name = await year.textContent();
    const count = (await page.locator('.times .tally').first().textContent()).trim();
    await year.click();
    assert.match(address(page), new RegExp(`from=${name}&to=${name}`));
    assert.match(await page.locator('h1').textContent(), new RegExp(`^${count} article`));
  });

  without_scripts('what the search says of the query can be followed', {}, async (page, go) => {
    // The words that spelling is corrected by are made behind the first answers.
    while (!(await here.ask('search?q=quintla')).query.did_you_mean);
    await go('plain/?q=quintla');
    const mean = page.locator('.note', { hasText: 'Did you mean' }).locator('a');
    const meant = await mean.textContent();
    await mean.click();
    assert.match(await page.locator('h1').textContent(), new RegExp(meant));
    await go('plain/?q=zzzznothing&lang=en');
    assert.match(await page.locator('h1').textContent(), /No article matches/);
    await page.locator('a', { hasText: 'Search without filters' }).click();
    assert.equal(address(page), '/plain/?q=zzzznothing');
  });

  without_scripts('what cannot be answered is explained on a page', { expected: [/40[04]|414/] }, async (page, go) => {
    let answer = await go('plain/?q=quintal&from=June');
    assert.equal(answer.status(), 400);
    assert.match(await page.locator('main').textContent(), /Write a year, a month or a day/);
    assert.equal(await page.inputValue('input[name=q]'), 'quintal');
    await page.fill('input[name=from]', '2019');
    await page.locator('.ask button').click();
    assert.match(await page.locator('h1').textContent(), /for “quintal”/);
    answer = await go('plain/articles/no-such-article');
    assert.equal(answer.status(), 404);
    assert.match(await page.locator('h1').textContent(), /not in the archive/);
    await page.locator('main a', { hasText: 'start again' }).click();
    assert.equal(address(page), '/plain/');
    answer = await go('plain/articles/no-such-article?q=quintal&lang=en');
    await page.locator('main a', { hasText: 'Search again' }).click();
    assert.equal(address(page), '/plain/?q=quintal&lang=en');
    answer = await go('plain/no/such/page');
    assert.equal(answer.status(), 404);
    assert.match(await page.locator('h1').textContent(), /no such page/);
    await page.locator('.tongues a[lang=ar]').click();
    assert.equal(address(page), '/plain/no/such/page?ui=ar');
    assert.equal(await page.getAttribute('html', 'dir'), 'rtl');
    assert.match(await page.locator('h1').textContent(), /لا توجد صفحة/);
    answer = await go(`plain/?q=${'a'.repeat(5000)}`);
    assert.equal(answer.status(), 400);
    assert.match(await page.locator('main').textContent(), /Shorten the query/);
    // As long as the form lets a query in a script of three bytes a letter become.
    answer = await go(`plain/?q=${'%E4%B8%AD'.repeat(4096)}`);
    assert.equal(answer.status(), 414);
    assert.match(await page.locator('main').textContent(), /Shorten the query/);
  });

  without_scripts('what the search says of the query is in the reader’s language', { locale: 'ru' }, async (page, go) => {
    await go(`plain/?q=${encodeURIComponent('quintal" NEAR')}`);
    const notes = (await page.locator('.note').allTextContents()).join('\n');
    assert.match(notes, /У этой кавычки нет пары/);
    assert.match(notes, /Оператору NEAR здесь нечего соединять/);
    assert.equal(await page.locator('.note [lang=en]').count(), 0);
  });

  without_scripts('the interface is in the reader’s language, and another can be chosen', { locale: 'ar' }, async (page, go) => {
    await go(`plain/?q=${encodeURIComponent('فارلاند')}`);
    assert.equal(await page.getAttribute('html', 'lang'), 'ar');
    assert.equal(await page.getAttribute('html', 'dir'), 'rtl');
    await page.locator('.hit h2 a').first().click();
    assert.equal(await page.getAttribute('html', 'dir'), 'rtl');
    await page.locator('.tongues a[lang=fr]').click();
    assert.equal(await page.getAttribute('html', 'lang'), 'fr');
    await page.locator('.back').click();
    assert.match(address(page), /ui=fr/);
    assert.equal(await page.getAttribute('html', 'lang'), 'fr');
    await page.locator('.hit h2 a').first().click();
    assert.equal(await page.getAttribute('html', 'lang'), 'fr', 'the choice is carried on');
  });

  without_scripts('markup in an article is text', {}, async (page, go) => {
    const id = await here.id_of('bakery', 'CLOSED');
    await go(`plain/articles/${encodeURIComponent(id)}?q=bakery`);
    assert.match(await page.locator('.body').textContent(), /<img src=x onerror="alert\('2'\)">/);
    assert.equal(await page.locator('main img, main script, main b').count(), 0);
    await go('plain/?q=%22%3E%3Cimg+src%3Dx%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E');
    assert.equal(await page.inputValue('input[name=q]'), '"><img src=x><script>alert(1)</script>');
    assert.equal(await page.locator('img, script').count(), 0);
  });

  for (const width of [320, 390, 768, 1280, 1920]) {
    without_scripts(`no plain page is wider than a screen of ${width} px`, { width, expected: [/400/] }, async (page, go) => {
      const long = await here.id_of('leaked cable', 'leaked cable');
      for (const target of ['plain/', 'plain/?q=the&lang=en&source=-nobody&from=2015', 'plain/help', 'plain/?page=2',
        `plain/?q=${encodeURIComponent('فارلاند')}&ui=ar`, `plain/articles/${encodeURIComponent(long)}?q=leaked+cable`, 'plain/?q=leaked+cable&ui=ru']) {
        await go(target);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= width, `${target} is ${wide} px wide on a screen of ${width}`);
      }
    });
  }
}
