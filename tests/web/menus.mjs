// What a search gives to other programs: exports, feeds, the browser's search box.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

export default function menus_tests(here) {
  const on_page = (name, options, body) => test(name, () => here.visit(name, options, body));

  on_page('each format of an export has what the list has', {}, async v => {
    const q = 'varland';
    await v.go(`?q=${q}&source=-The+Sample+Courier+(fictional)&from=2019&view=table`);
    await v.shows('#count', 'for “varland”');
    const total = Number((await v.page.locator('#count').textContent()).match(/\d+/)[0]);
    await v.page.click('#export summary');
    await v.shows('#export-body', 'All articles of this search');
    const links = v.page.locator('#export-body a');
    assert.equal(await links.count(), 5);
    const counts = { csv: text => text.trimEnd().split('\r\n').length - 1, jsonl: text => text.trimEnd().split('\n').length,
      ris: text => text.match(/^ER {2}-/gm).length, bib: text => text.match(/^@\w+\{/gm).length, 'csl.json': text => JSON.parse(text).length };
    for (const [i, [suffix, count]] of Object.entries(counts).entries()) {
      const coming = v.page.waitForEvent('download');
      await links.nth(i).click();
      const download = await coming;
      assert.equal(download.suggestedFilename(), `articles.${suffix}`);
      assert.equal(count(await readFile(await download.path(), 'utf8')), total, suffix);
    }
  });

  on_page('exports, feeds and references are those that the server has', {}, async v => {
    const { paths } = await (await fetch(`${here.server.origin}/openapi.json`)).json();
    const forms = Object.entries(paths).flatMap(([at, { get, post }]) => {
      const suffix = /^\/api\/v1\/search\.(.+)$/.exec(at)?.[1];
      return suffix ? [{ suffix, feed: !post, type: Object.keys(get.responses['200'].content)[0] }] : [];
    });
    const [feeds, files] = [true, false].map(wanted => forms.filter(({ feed }) => feed === wanted));
    const suffix_of = address => /\/search\.([a-z.]+)\?/.exec(address)[1];
    const id = await here.id_of('kolm valley', 'Kolm Valley inquiry found');
    await v.go('?q=varland');
    await v.page.click('#export summary');
    await v.shows('#export-body a', /./);
    const offered = await v.page.locator('#export-body a').evaluateAll(links => links.map(link => link.href));
    assert.deepEqual(offered.map(suffix_of).sort(), files.map(({ suffix }) => suffix).sort());
    await v.page.click('#follow summary');
    await v.page.locator('#follow-body input').first().waitFor();
    const followed = await v.page.locator('#follow-body input').evaluateAll(fields => fields.map(field => field.value));
    assert.deepEqual(followed.map(suffix_of).sort(), feeds.map(({ suffix }) => suffix).sort());
    const told = await v.page.locator('head link[rel=alternate]').evaluateAll(links => links.map(link => [link.href, link.type]));
    assert.deepEqual(told.map(([address, type]) => [suffix_of(address), type]).sort(), feeds.map(({ suffix, type }) => [suffix, type]).sort());

    const article = paths['/api/v1/articles/{id}'].get;
    const formats = article.parameters.find(({ name }) => name === 'format').schema.enum.filter(format => format !== 'json');
    await v.go(`?q=varland&article=${id}`);
    await v.page.click('#cite-as');
    await v.shows('.cite-as', /./);
    const buttons = v.page.locator('.cite-as [data-format]');
    assert.deepEqual((await buttons.evaluateAll(list => list.map(node => node.dataset.format))).sort(), [...formats].sort());
    // Each is asked for, and copied, as what the server sends.
    for (const button of await buttons.all()) {
      const coming = v.page.waitForRequest(request => request.url().includes('format='));
      await button.click();
      const request = await coming;
      const type = forms.find(({ suffix }) => suffix === new URL(request.url()).searchParams.get('format')).type;
      assert.equal(request.headers().accept, type);
      assert.ok(type in article.responses['200'].content, type);
    }
  });

  on_page('an export of a widened search has the widened part', {}, async v => {
    const q = 'list disappeared tourism';
    await v.go(`?q=${encodeURIComponent(q)}`);
    await v.shows('.note', 'any of them');
    const total = Number((await v.page.locator('#count').textContent()).match(/\d+/)[0]);
    await v.page.click('#export summary');
    const address = await v.page.locator('#export-body a').nth(1).getAttribute('href');
    const text = await (await fetch(address)).text();
    assert.equal(text.trimEnd().split('\n').length, total);
  });

  on_page('a search is followed by its feeds, whose addresses are copied and are those of the page', {}, async v => {
    await v.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await v.go('?q=varland&lang=en&sort=oldest&page=2');
    await v.shows('#list-head', /article/i);
    await v.page.click('#follow summary');
    for (const [i, [name, type]] of [['Atom', 'application/atom+xml'], ['JSON Feed', 'application/feed+json']].entries()) {
      const field = v.page.getByLabel(name, { exact: true });
      const address = await field.inputValue();
      const asked = new URL(address).searchParams;
      assert.deepEqual([...asked].sort(), [['lang', 'en'], ['q', 'varland']]);
      const response = await fetch(address);
      assert.equal(response.status, 200);
      assert.ok(response.headers.get('content-type').startsWith(type));
      await v.page.locator('#follow-body button').nth(i).click();
      await v.shows('#copied', 'Link copied');
      await v.shows('#live', 'Copied');
      assert.equal(await v.page.evaluate(() => navigator.clipboard.readText()), address);
      assert.equal(await v.page.getAttribute(`head link[rel=alternate][type="${type}"]`, 'href'), address);
    }
    await v.press('Escape');
    await v.hidden('#follow-body');
    await v.focused('#follow summary');
    await v.page.click('#home');
    await v.shows('#start h1', /./);
    assert.equal(await v.page.locator('head link[rel=alternate]').count(), 0);
  });

  on_page('one menu at a time, and none for nothing', {}, async v => {
    await v.go('?q=varland');
    await v.page.click('#export summary');
    await v.shows('#export-body', /./);
    await v.page.click('#follow summary');
    await v.shows('#follow-body', /./);
    await v.hidden('#export-body');
    await v.page.click('#count');
    await v.hidden('#follow-body');
    await v.go('?q=xyzzyplugh');
    await v.shows('#count', 'No article');
    assert.equal(await v.page.locator('#export').isVisible(), false);
  });

  on_page('the browser is offered the archive as a search engine', {}, async v => {
    await v.go();
    const address = await v.page.evaluate(() => document.querySelector('link[rel=search]').href);
    const response = await fetch(address);
    assert.match(response.headers.get('content-type'), /opensearchdescription/);
    const template = /rel="results" template="([^"]+)"/.exec(await response.text())[1];
    await v.page.goto(template.replace('{searchTerms}', 'quintal'));
    await v.shows('#count', '“quintal”');
  });
}
