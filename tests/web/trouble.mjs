// When answers fail, are late, or come for a query that is no longer the one asked.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { start_server } from './site.mjs';

/// Holds back requests whose address has `part`; release() lets them on to the server.
async function held(page, part) {
  let release;
  const opened = new Promise(resolve => (release = resolve));
  let arrived;
  const first = new Promise(resolve => (arrived = resolve));
  await page.route(url => url.href.includes(part), async route => {
    arrived();
    await opened;
    await route.continue().catch(() => {});  // the page may have called it off
  });
  return { release, first };
}

export default function trouble_tests(here) {
  const on_page = (name, options, body) => test(name, () => here.visit(name, options, body));

  test('a server that is gone is said to be unreachable, and asked again', async () => {
    let server = await start_server(here.index);
    try {
      await here.visit('unreachable', { server, expected: [/ERR_CONNECTION_REFUSED/] }, async v => {
        await v.go('?q=quintal');
        await v.shows('#count', '“quintal”');
        const { port } = server;
        await server.stop();
        await v.search('lucja');
        await v.shows('#notice h1', 'cannot be reached');
        await v.shows('#live', 'cannot be reached');
        assert.equal(await v.page.inputValue('#q'), 'lucja');
        assert.equal(await v.page.locator('.hit').count(), 0, 'nothing of the older query is left');
        server = await start_server(here.index, port);
        await v.page.click('#notice button');
        await v.shows('#count', '“lucja”');
        await v.hidden('#notice');
      });
    } finally {
      await server.stop();
    }
  });

  on_page('what the server refuses is explained in its words', { expected: [/400/] }, async v => {
    await v.go('?q=quintal&from=yesterday');
    await v.shows('#notice h1', 'This search cannot be run');
    await v.shows('#notice', 'from');
    await v.shows('.chip', 'yesterday');
    await v.page.locator('.chip').click();
    await v.shows('#count', '“quintal”');
    await v.go('?q=quintal&page=100000');
    await v.shows('#notice h1', 'This search cannot be run');
  });

  on_page('a busy server is said to be busy', { expected: [/503/] }, async v => {
    await v.page.route('**/api/v1/search*', route => route.fulfill({
      status: 503, headers: { 'Retry-After': '2' }, contentType: 'application/problem+json',
      body: JSON.stringify({ title: 'Overloaded', status: 503, code: 'overloaded', detail: 'The queue is full.' }) }));
    await v.go('?q=quintal');
    await v.shows('#notice h1', 'is busy');
    await v.shows('#notice', 'The queue is full.');
    await v.shows('#notice', '2 seconds');
    await v.page.unroute('**/api/v1/search*');
    await v.page.click('#notice button');
    await v.shows('#count', '“quintal”');
  });

  on_page('an archive without an index is not called busy', { expected: [/503/] }, async v => {
    await v.page.route('**/api/v1/search*', route => route.fulfill({
      status: 503, contentType: 'application/problem+json',
      body: JSON.stringify({ title: 'No index', status: 503, code: 'index_missing', detail: 'There is no index yet.' }) }));
    await v.go();
    await v.shows('#notice h1', 'not ready');
    await v.shows('#notice', 'There is no index yet.');
  });

  on_page('a page of a proxy instead of an answer is said to be none', { expected: [/502/] }, async v => {
    for (const [status, words] of [[200, 'could not be read'], [502, 'server failed']]) {
      await v.page.route('**/api/v1/search*', route => route.fulfill({ status, contentType: 'text/html', body: '<h1>Sign in</h1>' }));
      await v.go('?q=quintal');
      await v.shows('#notice h1', words);
      await v.page.unroute('**/api/v1/search*');
    }
  });

  on_page('a wait is shown, and nothing of the older query beside it', {}, async v => {
    await v.go('?q=quintal');
    await v.shows('#count', '“quintal”');
    const late = await held(v.page, 'q=lucja');
    await v.search('lucja');
    await late.first;
    await v.shows('#wait', 'Searching');
    assert.equal(await v.page.locator('.hit').count(), 0);
    assert.equal(await v.page.locator('#count').isVisible(), false);
    late.release();
    await v.shows('#count', '“lucja”');
    await v.hidden('#wait');
  });

  on_page('a late answer for an older query is never shown', {}, async v => {
    await v.go();
    const late = await held(v.page, 'q=quintal');
    await v.search('quintal');
    await late.first;
    const ended = v.page.waitForEvent('requestfailed', request => request.url().includes('q=quintal'));
    await v.search('lucja');
    await ended;  // the older request was called off
    await v.shows('#count', '“lucja”');
    late.release();
    await v.page.reload();
    await v.shows('#count', '“lucja”');
    await v.until_address({ q: 'lucja' });
  });

  on_page('typing calls off the search that is under way', {}, async v => {
    await v.go('?q=lucja');
    await v.shows('#count', '“lucja”');
    const late = await held(v.page, 'q=quintal');
    await v.search('quintal');
    await late.first;
    const ended = v.page.waitForEvent('requestfailed', request => request.url().includes('q=quintal'));
    await v.page.type('#q', 's');
    await ended;
    await v.shows('#notice', 'Search stopped');
    assert.equal(await v.page.locator('.hit').count(), 0);
    late.release();
    await v.press('Enter');
    await v.until_address({ q: 'quintals' });
    await v.shows('#count', '“quintals”');
  });

  on_page('leaving an article calls off its loading', {}, async v => {
    await v.go('?q=quintal');
    await v.shows('#count', '“quintal”');
    const late = await held(v.page, '/api/v1/articles/');
    await v.press('j', 'Enter');
    await late.first;
    await v.shows('#reader-wait', /./);
    const ended = v.page.waitForEvent('requestfailed', request => request.url().includes('/articles/'));
    await v.press('Escape');
    await ended;
    await v.hidden('#reader');
    late.release();
    await v.until_address({ q: 'quintal' });
  });

  test('the page comes with a policy that allows nothing from elsewhere and nothing inline', async () => {
    const response = await fetch(`${here.server.origin}/`);
    const policy = response.headers.get('content-security-policy') ?? '';
    for (const part of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'",
      "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"]) assert.ok(policy.includes(part), `${part} in: ${policy}`);
    assert.ok(!policy.includes('unsafe'), policy);
    const html = await response.text();
    assert.doesNotMatch(html, /\sstyle=|<style|\son\w+=|https?:\/\//);
  });
}
