// The server in a folder of another site, behind a real nginx that is configured as docs/operations.md says: the page
// in a real Chromium, the API, and what the server makes of the proxy's headers. Run by ctest as `proxy`.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { free_port, site, start_server } from './site.mjs';

const nginx = process.env.RAPPORTEUR_NGINX ?? '/usr/sbin/nginx';
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const skip = existsSync(nginx) ? false : `no nginx at ${nginx}: install Debian's package nginx-light`;

/// The parts for nginx of the documentation, for the server at that port: what makes it a proxy, and the three that
/// bound how often a client may ask (in http, in the location, beside it).
async function documented(port) {
  const text = await readFile(path.join(root, 'docs/operations.md'), 'utf8');
  const [whole, ...bounds] = [...text.matchAll(/```nginx\n([^`]*)```/g)].map(found => found[1]);
  assert.match(whole, /127\.0\.0\.1:8080/);
  assert.equal(bounds.length, 3);
  return [whole.replaceAll('127.0.0.1:8080', `127.0.0.1:${port}`), ...bounds];
}

/// An nginx with that in its http and its server. {origin, stop()}
async function start_nginx(folder, in_http, in_server) {
  const port = await free_port();
  await mkdir(folder);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(name => `${name}_temp_path ${folder}/${name};`);
  await writeFile(path.join(folder, 'nginx.conf'), `
    daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
    events {}
    http { access_log off; ${temporary.join(' ')} ${in_http}
      server { listen 127.0.0.1:${port}; ${in_server} location / { return 404; } } }`);
  const running = spawn(nginx, ['-p', folder, '-e', `${folder}/error.log`, '-c', path.join(folder, 'nginx.conf')], { stdio: 'inherit' });
  await connects(port, running);
  return {
    origin: `http://127.0.0.1:${port}`,
    async stop() {
      if (running.exitCode !== null) return;
      const gone = once(running, 'exit');
      running.kill('SIGTERM');
      await gone;
    },
  };
}

async function connects(port, process) {
  for (;;) {
    assert.equal(process.exitCode, null, 'nginx ended');
    const socket = net.connect(port, '127.0.0.1');
    const reached = await Promise.race([once(socket, 'connect').then(() => true, () => false)]);
    socket.destroy();
    if (reached) return;
  }
}

describe('proxy', { skip }, () => {
  const here = new site();
  let proxy, origin, inner;

  before(async () => {
    await here.open();
    inner = await start_server(here.index, 0, {
      RAPPORTEUR_SERVER_BASE_PATH: '/search',
      RAPPORTEUR_SERVER_TRUSTED_PROXIES: '127.0.0.1',
      RAPPORTEUR_SERVER_METRICS: 'true',
    });
    const [whole] = await documented(inner.port);
    proxy = await start_nginx(path.join(here.folder, 'nginx'), '', whole);
    ({ origin } = proxy);
  });
  after(async () => {
    await proxy?.stop();
    await inner?.stop();
    await here.close();
  });

  test('the API answers in its folder, and its links stay there', async () => {
    const answer = await (await fetch(`${origin}/search/api/v1/search?q=the&limit=1`)).json();
    assert.match(answer.next, /^\/search\/api\/v1\/search\?/);
    const next = await (await fetch(origin + answer.next)).json();
    assert.notEqual(next.hits[0].id, answer.hits[0].id);
    assert.equal((await fetch(`${origin}/api/v1/search`)).status, 404);
  });

  test('the folder without its slash leads to the page', async () => {
    for (const address of ['/search?q=a%20b', '/search']) {
      const answer = await fetch(origin + address, { redirect: 'manual' });
      assert.equal(answer.status, 308);
      assert.match(answer.headers.get('Location'), /\/search\/(\?q=a%20b)?$/);
    }
  });

  test('an encoded slash of an id reaches the server as it is', async () => {
    const answer = await fetch(`${origin}/search/api/v1/articles/no%2Fsuch`);
    assert.match((await answer.json()).detail, /article with this id/);
  });

  test('absolute addresses are those of the proxy, and a client cannot choose them', async () => {
    const evil = { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https', 'X-Forwarded-Prefix': '/evil', Forwarded: 'host=evil.example' };
    const xml = await (await fetch(`${origin}/search/opensearch.xml`, { headers: evil })).text();
    assert.ok(xml.includes(`template="${origin}/search/?q={searchTerms}"`), xml);
    assert.ok(!xml.includes('evil'), xml);
  });

  test('the number of a request is that of the proxy', async () => {
    const answer = await fetch(`${origin}/search/api/v1/search?limit=x`, { headers: { 'X-Request-Id': 'mine' } });
    assert.match(answer.headers.get('X-Request-Id'), /^[0-9a-f]{32}$/);
    assert.equal((await answer.json()).request_id, answer.headers.get('X-Request-Id'));
  });

  test('what is not for the outside is kept in', async () => {
    for (const name of ['metrics', 'readyz']) assert.equal((await fetch(`${origin}/search/${name}`)).status, 403);
    assert.equal((await fetch(`${inner.origin}/metrics`)).status, 200);
  });

  test('the page searches and reads from its folder', () =>
    here.visit('proxy', { server: { origin } }, async page => {
      await page.go('search/');
      await page.search('varland');
      await page.shows('#hits', /varland/i);
      await page.until(() => location.pathname === '/search/');
      const rel = await page.page.getAttribute('link[rel=search]', 'href');
      const found = await page.page.evaluate(async href => (await fetch(new URL(href, document.baseURI))).status, rel);
      assert.equal(found, 200);
    }));

  test('a client that asks too often is told so in its language, and the page asks again when it may', async () => {
    const [whole, in_http, in_location, beside] = await documented(inner.port);
    // As documented, but with a rate that a test reaches and does not outlast; what has no key is not bounded.
    const unbounded = path.join(here.folder, 'unbounded');
    const limited = await start_nginx(path.join(here.folder, 'limited'),
      in_http.replace('10r/s', '1r/m').replace('$binary_remote_addr', '$client'),
      `set $client $binary_remote_addr; if (-f ${unbounded}) { set $client ''; }
       ${whole.replace('location /search/ {', `location /search/ {\n${in_location}`)}${beside}`);
    try {
      await here.visit('limited', { server: limited, locale: 'fr', expected: [/429/] }, async v => {
        await v.go('search/?q=quintal');
        await v.shows('#count', 'quintal');
        let refused;
        do refused = await fetch(`${limited.origin}/search/plain/`); while (refused.status === 200);
        assert.equal(refused.status, 429);
        assert.equal(refused.headers.get('Retry-After'), '2');
        await v.search('lucja');
        await v.shows('#notice h1', 'Trop de requêtes');
        await v.shows('#notice', 'dans 2 secondes');
        await v.shows('#notice .countdown', /\d/);
        await writeFile(unbounded, '');
        await v.shows('#count', 'lucja');
        await v.hidden('#notice');
      });
    } finally {
      await limited.stop();
    }
  });
});
