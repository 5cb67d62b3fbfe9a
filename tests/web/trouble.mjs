// When answers fail, are late, or come for a query that is no longer the one asked.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { held, index_articles, remove_article, start_server } from './site.mjs';

/// A problem of the API (RFC 9457).
const problem = (status, headers, fields) => ({ status, headers, contentType: 'application/problem+json',
  body: JSON.stringify({ title: `Problem ${status}`, status, ...fields }) });

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

  on_page('what draws the start page is asked for again where it could not be had', { expected: [/ERR_FAILED/] }, async v => {
    await v.page.route('**/start.js', route => route.abort());
    await v.go('');
    await v.shows('#notice h1', 'cannot be reached');
    await v.page.unroute('**/start.js');
    await v.page.click('#notice button');
    await v.shows('#start h1', /./);
    await v.hidden('#notice');
  });

  on_page('what the server refuses is explained', { expected: [/400/] }, async v => {
    await v.go('?q=quintal&from=yesterday');
    await v.shows('#notice h1', 'This search cannot be run');
    await v.shows('#notice', 'Write a year, a month or a day');
    await v.shows('.chip', 'yesterday');
    await v.page.locator('.chip').click();
    await v.shows('#count', '“quintal”');
  });

  on_page('a busy server is said to be busy, and asked again by the reader', { expected: [/503/] }, async v => {
    await v.page.route('**/api/v1/search*', route => route.fulfill(problem(503, { 'Retry-After': '50' }, { code: 'overloaded', detail: 'The queue is full.' })));
    await v.go('?q=quintal');
    await v.shows('#notice h1', 'is busy');
    await v.shows('#notice', 'more requests than it can take');
    await v.shows('#notice', '50 seconds');
    await v.page.unroute('**/api/v1/search*');
    await v.page.click('#notice button');
    await v.shows('#count', '“quintal”');
    await v.focused('#count');
  });

  for (const [status, headers, type, words] of [
    [503, { 'Retry-After': '1' }, 'application/problem+json', 'is busy'],
    [429, { 'Retry-After': '1' }, 'application/problem+json', 'Too many requests'],
    [429, { 'Retry-After': '1' }, 'text/html', 'Too many requests'],  // a proxy's
  ]) {
    on_page(`${status} (${type}) is asked again by itself when the server said`, { expected: [/503|429/] }, async v => {
      let asked = 0;
      await v.page.route('**/api/v1/search*', route => ++asked > 2 ? route.continue()
        : route.fulfill({ ...problem(status, headers, {}), contentType: type }));
      await v.go('?q=quintal');
      await v.shows('#notice h1', words);
      await v.shows('#notice .countdown', 'Asking again in 1 second');
      await v.shows('#count', '“quintal”');
      assert.equal(asked, 3);
    });
  }

  on_page('asking again by itself has an end, and typing ends it', { expected: [/503/] }, async v => {
    let asked = 0;
    let pause = '1';
    await v.page.route('**/api/v1/search*', route => {
      asked += 1;
      return route.fulfill(problem(503, { 'Retry-After': pause }, { detail: `No ${asked}.` }));
    });
    await v.go('?q=quintal');
    await v.shows('#notice', 'No 4.');
    assert.equal(await v.page.locator('.countdown').count(), 0, 'now it is the reader’s turn');
    pause = '60';  // longer than this test waits for anything: the counting ends for no other reason
    await v.page.click('#notice button');
    await v.shows('#notice .countdown', 'Asking again');
    await v.page.focus('#q');
    await v.press('End', 's');
    await v.page.locator('.countdown').waitFor({ state: 'detached' });
    const before = asked;
    await v.page.unroute('**/api/v1/search*');
    await v.press('Enter');
    await v.shows('#count', '“quintals”');
    assert.equal(asked, before);
  });

  on_page('a connection that is back is used at once', { expected: [/ERR_INTERNET_DISCONNECTED/] }, async v => {
    await v.go('?q=quintal');
    await v.shows('#count', '“quintal”');
    await v.page.context().setOffline(true);
    try {
      await v.search('lucja');
      await v.shows('#notice h1', 'cannot be reached');
    } finally {
      await v.page.context().setOffline(false);
    }
    await v.shows('#count', '“lucja”');
  });

  on_page('a query that is too long is counted, and not sent', {}, async v => {
    const asked = [];
    await v.go('?q=quintal');
    await v.shows('#count', '“quintal”');
    v.page.on('request', request => request.url().includes('/api/v1/search') && asked.push(request.url()));
    await v.page.fill('#q', '북'.repeat(1300));
    await v.shows('#q-length', '3,900 of at most 4,096 bytes');
    await v.page.fill('#q', '북'.repeat(1366));
    await v.shows('#q-length', 'has 4,098 bytes');
    assert.equal(await v.page.getAttribute('#q', 'aria-invalid'), 'true');
    assert.equal((await v.page.inputValue('#q')).length, 1366, 'nothing is cut off');
    await v.press('Enter');
    await v.until_address({ q: 'quintal' });
    await v.focused('#q');
    assert.deepEqual(asked, []);
    // One byte less than that goes through, in the body of a request, since no address should be so long.
    await v.page.fill('#q', '북'.repeat(1365));
    const sent = v.page.waitForRequest(request => request.url().endsWith('/api/v1/search'));
    await v.press('Enter');
    assert.equal((await sent).method(), 'POST');
    await v.shows('#count', 'No article');
    await v.go(`?q=${'x'.repeat(5000)}`);
    await v.shows('#notice h1', 'The query is too long');
    await v.shows('#notice', '5,000 bytes');
  });

  on_page('what only the server finds too long is said to be too long', { expected: [/414|400|431/] }, async v => {
    for (const reply of [{ status: 414, contentType: 'text/html', body: '<h1>414</h1>' }, problem(414, {}, { code: 'target_too_long', detail: 'Too long.' }),
      problem(431, {}, { code: 'header_too_large' }), problem(400, {}, { code: 'too_large', detail: 'The query is above 64 bytes.' })]) {
      await v.page.route('**/api/v1/search*', route => route.fulfill(reply));
      await v.go('?q=quintal');
      await v.shows('#notice h1', 'The query is too long');
      await v.shows('#notice', 'Shorten the query');
      await v.page.unroute('**/api/v1/search*');
    }
  });

  test('an article that was removed meanwhile is said to be gone, and the list is asked anew', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'rapporteur-web-removed-'));
    const index = path.join(folder, 'index');
    await index_articles(index);
    const server = await start_server(index);
    try {
      await here.visit('removed', { server, expected: [/404/] }, async v => {
        await v.go('?q=quintal');
        await v.shows('#count', '“quintal”');
        const before = await v.page.locator('.hit').count();
        const id = await v.page.locator('.hit').first().getAttribute('data-id');
        await remove_article(index, id);
        await v.press('j', 'Enter');
        await v.shows('#reader-notice h1', 'not in the archive');
        await v.page.locator('#reader-notice a', { hasText: 'Search again' }).click();
        await v.until_address({ q: 'quintal' });
        await v.until(([gone, n]) => document.querySelectorAll('.hit').length === n - 1 && !document.querySelector(`.hit[data-id="${gone}"]`), [id, before]);
      });
    } finally {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    }
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
