// /openapi.json against the real server: the document is valid OpenAPI 3.1, and what it says of every route, method,
// parameter, answer and problem is what the server does. Run by ctest as `openapi`, or by hand:
//   RAPPORTEUR_BIN_DIR=build/dev node --test tests/web/openapi_test.mjs

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv2020 from 'ajv/dist/2020.js';
import add_formats from 'ajv-formats';

import { index_articles, start_server } from './site.mjs';

const key = 'a-key-of-the-conformance-test';
const form = 'application/x-www-form-urlencoded';

let folder, index, server, document, ajv, id, cursor;

/// Sends bytes as they are, for what fetch would not send; the answer's status, fields and body.
function raw(bytes) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(server.port, '127.0.0.1', () => socket.write(bytes));
    const parts = [];
    socket.on('data', part => parts.push(part)).on('error', reject).on('end', () => {
      const text = Buffer.concat(parts).toString('latin1');
      const [head, ...body] = text.split('\r\n\r\n');
      const [line, ...fields] = head.split('\r\n');
      resolve({
        status: Number(line.split(' ')[1]),
        headers: new Headers(fields.map(field => [field.slice(0, field.indexOf(':')), field.slice(field.indexOf(':') + 1)])),
        text: body.join('\r\n\r\n'),
      });
    });
  });
}

async function ask(method, target, { headers = {}, body } = {}) {
  const response = await fetch(server.origin + target, { method, headers, body, redirect: 'manual' });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

function operations() {
  return Object.entries(document.paths).flatMap(([pattern, methods]) =>
    Object.entries(methods).map(([method, about]) => ({ pattern, method: method.toUpperCase(), about })));
}
const operation = name => operations().find(({ about }) => about.operationId === name);

/// The compiled schema at a place of the document.
function schema_at(...steps) {
  const pointer = steps.map(step => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  return ajv.getSchema(`openapi#${encodeURI(pointer)}`) ?? ajv.compile({ $ref: `openapi#${encodeURI(pointer)}` });
}

/// Holds an answer to what the document has of its operation; its JSON, if it is any.
function hold(name, answer) {
  const { pattern, method, about } = operation(name);
  const told = about.responses[answer.status];
  assert.ok(told, `${name}: status ${answer.status} is not told: ${answer.text}`);
  assert.ok(answer.headers.get('X-Request-Id'), `${name}: no request id`);
  for (const header of Object.keys(told.headers ?? {})) assert.ok(answer.headers.get(header), `${name}: no ${header}`);
  if (!told.content) {
    assert.equal(answer.text, '');
    return null;
  }
  const type = answer.headers.get('Content-Type').split(';')[0];
  assert.ok(told.content[type], `${name}: ${type} is not told for ${answer.status}`);
  if (!/[/+]json$/.test(type)) return null;
  const json = JSON.parse(answer.text);
  const valid = schema_at('paths', pattern, method.toLowerCase(), 'responses', answer.status, 'content', type, 'schema');
  assert.ok(valid(json), `${name} ${answer.status}: ${JSON.stringify(valid.errors?.slice(0, 3), null, 1)}`);
  return json;
}

/// Sends an operation with parameters as a query or a form.
function send(name, parameters = {}, more = {}) {
  const { pattern, method, about } = operation(name);
  const query = new URLSearchParams(parameters).toString();
  const target = pattern.replace('{id}', encodeURIComponent(more.id ?? id)).replace('{ticket}', more.ticket ?? 'none');
  const headers = { ...(about.security ? { Authorization: `Bearer ${key}` } : {}), ...more.headers };
  if (about.requestBody?.content[form]) {
    return ask(method, target, { headers: { 'Content-Type': form, ...headers }, body: query });
  }
  return ask(method, query ? `${target}?${query}` : target, { headers, body: more.body });
}

/// Of a search's operation: name → schema of its parameters, wherever they stand.
function parameters_of({ about }) {
  const body = about.requestBody?.content[form]?.schema;
  if (body) return new Map(Object.entries(body.properties));
  return new Map((about.parameters ?? []).filter(p => p.in === 'query' && p.name !== 'tags').map(p => [p.name, p.schema]));
}
const needed = ({ about }) => Object.fromEntries([
  ...(about.parameters ?? []).filter(p => p.required && p.in === 'query').map(p => p.name),
  ...(about.requestBody?.content[form]?.schema.required ?? []),
].map(name => [name, 'a']));

/// Values just inside and just outside of what a schema allows.
function values_of(name, schema, told) {
  if (name === 'cursor') return { good: [cursor], bad: ['', 'a', cursor.slice(1), `${cursor}A`] };
  if (name === 'facets') {
    const fields = schema.items.anyOf[0].enum;
    const tags = Array.from({ length: schema.maxItems }, (_, n) => `tag.t_${n}`);
    return { good: [...fields, 'tag.country', [...fields, 'tag.country'].join(','), tags.join(',')],
      bad: ['', 'nonsense', 'tag.', 'tag.A', `tag.${'a'.repeat(65)}`, 'year,', [...tags, 'year'].join(',')] };
  }
  if (schema.type === 'integer') {
    // offset and limit have a bound together.
    const most = name === 'offset' ? schema.maximum - told.get('limit').default : schema.maximum;
    return { good: [schema.minimum, most], bad: [schema.minimum - 1, schema.maximum + 1, 'x', ''] };
  }
  if (schema.enum) return { good: schema.enum, bad: ['', 'nonsense'] };
  if (schema.pattern) return { good: ['2019', '2019-06', '2019-06-13'], bad: ['', '19', '2019-13', '2019-6'] };
  if (schema.type === 'array') {
    const most = 'a'.repeat(schema.items.anyOf[0].maxLength);
    return { good: ['a', '-a', '\\-a', '--', 'a-b', most, `-${most}`], bad: ['', '-', '\\', `${most}a`, `-${most}a`] };
  }
  return { good: ['', 'a', '"('], bad: ['a'.repeat(schema.maxLength + 1)] };
}

/// A cursor of a ranking which an article has changed since.
async function expired_cursor() {
  const given = JSON.parse((await send('search', { q: 'varland', limit: 1 })).text);
  assert.ok(given.next_cursor);
  const article = path.join(folder, 'later.jsonl');
  await writeFile(article, '{"id":"later","title":"Varland once more","text":"Another article."}\n');
  await index_articles(index, article);
  const until = Date.now() + 30_000;
  while (JSON.parse((await send('getReadiness')).text).index.revision === given.index.revision) {
    assert.ok(Date.now() < until, 'the server does not see the new article');
  }
  return given.next_cursor;
}

/// What the server takes is what the schema has: a list's items are held one by one.
function hold_values(name, schema, good, bad) {
  const valid = ajv.compile(schema);
  const read = value => (schema.type !== 'array' ? value : name === 'facets' ? value.split(',') : [value]);
  for (const value of good) assert.ok(valid(read(value)), `${name}: ${value}`);
  // A calendar, a checksum and what is empty of itself are beyond patterns.
  for (const value of bad) {
    if (name === 'cursor' ? value === '' : value !== '2019-13') assert.ok(!valid(read(value)), `${name}: ${value}`);
  }
}

describe('openapi', () => {
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rapporteur-openapi-'));
    index = path.join(folder, 'index');
    await index_articles(index);
    server = await start_server(index, 0, {
      RAPPORTEUR_INBOX_KEY: key,
      RAPPORTEUR_INBOX_FOLDER: path.join(folder, 'inbox'),
      RAPPORTEUR_SERVER_METRICS: 'true',
      RAPPORTEUR_SEARCH_MAX_LIMIT: '77',
      RAPPORTEUR_SERVER_CORS_ORIGINS: 'https://news.example',
      RAPPORTEUR_INBOX_CORS_ORIGINS: 'https://desk.example',
      RAPPORTEUR_SERVER_HEADER_TIMEOUT: '300 ms',
    });
    document = await (await fetch(`${server.origin}/openapi.json`)).json();
    ajv = new Ajv2020({ strict: false, allErrors: true });
    add_formats(ajv);
    ajv.addSchema(document, 'openapi');
    id = (await (await fetch(`${server.origin}/api/v1/search?q=varland`)).json()).hits[0].id;
    cursor = (await (await fetch(`${server.origin}/api/v1/search?limit=1`)).json()).next_cursor;
    // What is suggested from is made behind the first answers, which say that they are not complete.
    const until = Date.now() + 30_000;
    while (!(await (await fetch(`${server.origin}/api/v1/suggest?q=a`)).json()).complete) {
      assert.ok(Date.now() < until, 'there is nothing to suggest from');
    }
  });
  after(async () => {
    await server?.stop();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  test('the document is valid OpenAPI 3.1', async () => {
    assert.match(document.openapi, /^3\.1\./);
    const result = await new Validator().validate(structuredClone(document));
    assert.ok(result.valid, JSON.stringify(result.errors, null, 1));
    const ids = operations().map(({ about }) => about.operationId);
    assert.equal(new Set(ids).size, ids.length);
  });

  test('every schema of the document is a valid schema of JSON Schema 2020-12 and every reference leads somewhere', () => {
    for (const name of Object.keys(document.components.schemas)) assert.ok(schema_at('components', 'schemas', name), name);
    const refs = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g);
    for (const [, name] of refs) assert.ok(document.components.schemas[name], name);
  });

  test('it has the bounds of the running configuration', () => {
    assert.equal(parameters_of(operation('search')).get('limit').maximum, 77);
  });

  test('every path answers the methods that are told, HEAD and OPTIONS, and no other', async () => {
    for (const [pattern, methods] of Object.entries(document.paths)) {
      const target = pattern.replace(/\{\w+\}/, 'x');
      const told = Object.keys(methods).map(m => m.toUpperCase());
      const allowed = new Set([...told, ...(told.includes('GET') ? ['HEAD'] : []), 'OPTIONS']);
      const options = await ask('OPTIONS', target);
      assert.equal(options.status, 204, pattern);
      assert.deepEqual(new Set(options.headers.get('Allow').split(', ')), allowed, pattern);
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        const answer = await ask(method, target);
        assert.equal(answer.status === 405, !allowed.has(method), `${method} ${pattern}: ${answer.status}`);
        if (answer.status === 405) assert.deepEqual(new Set(answer.headers.get('Allow').split(', ')), allowed, pattern);
      }
    }
  });

  test('every GET: HEAD is the same without a body, its ETag gives 304, and both codings and none are told apart', async () => {
    for (const { pattern, method, about } of operations()) {
      if (method !== 'GET') continue;
      const name = about.operationId;
      const more = { ticket: 'none' };
      const get = await send(name, needed({ about }), more);
      const target = pattern.replace('{id}', encodeURIComponent(id)).replace('{ticket}', 'none');
      const query = new URLSearchParams(needed({ about })).toString();
      const headers = about.security ? { Authorization: `Bearer ${key}` } : {};
      const address = query ? `${target}?${query}` : target;
      const head = await ask('HEAD', address, { headers });
      assert.equal(head.status, get.status, name);
      assert.equal(head.text, '', name);
      assert.equal(head.headers.get('Content-Type'), get.headers.get('Content-Type'), name);
      const etag = get.headers.get('ETag');
      assert.equal(Boolean(etag), Boolean(about.responses[304]), `${name}: ETag`);
      if (!etag) continue;
      for (const held of [etag, `"other", ${etag}`, '*']) {
        const again = await ask('GET', address, { headers: { 'If-None-Match': held } });
        hold(name, again);
        assert.equal(again.status, 304, `${name}: ${held}`);
        assert.equal(again.headers.get('ETag'), etag, name);
      }
      const { status } = await ask('GET', address, { headers: { 'If-None-Match': '"other"' } });
      assert.equal(status, 200, name);
      for (const [accept, coding] of [['gzip', 'gzip'], ['br', 'br'], ['br;q=0, gzip', 'gzip'], ['identity', null],
        ['identity;q=0, *', 'br'], ['gzip;q=0.5, br;q=0.1, identity;q=0', 'gzip']]) {
        const packed = await ask('GET', address, { headers: { 'Accept-Encoding': accept } });
        assert.equal(packed.status, 200, `${name}: ${accept}`);
        if (/identity;q=0/.test(accept) || packed.headers.get('Content-Encoding')) {
          assert.equal(packed.headers.get('Content-Encoding'), coding, `${name}: ${accept}`);
        }
        assert.equal(packed.text.length > 0, true, name);
        assert.match(packed.headers.get('Vary'), /Accept-Encoding/, name);
      }
      hold(name, await ask('GET', address, { headers: { 'Accept-Encoding': 'identity;q=0' } }));
    }
  });

  test('every parameter takes what is told, refuses what is not, and no route takes another', async () => {
    const names = new Set(operations().flatMap(o => [...parameters_of(o).keys()]));
    for (const word of ['page', 'format', 'callback', 'Q', 'tag', 'tag.', 'tag.A', 'tags']) names.add(word);
    for (const o of operations()) {
      const name = o.about.operationId;
      if (o.about.security) continue;
      const told = parameters_of(o);
      for (const parameter of names) {
        if (told.has(parameter)) continue;
        const refused = await send(name, { ...needed(o), [parameter]: '1' });
        assert.equal(refused.status, 400, `${name}: ${parameter}`);
        const problem = hold(name, refused);
        assert.deepEqual([problem.code, problem.parameter], ['invalid_argument', parameter], name);
      }
      for (const [parameter, schema] of told) {
        const { good, bad } = values_of(parameter, schema, told);
        if (schema.type !== 'integer') hold_values(parameter, schema, good, bad);
        for (const value of good) {
          const answer = await send(name, { ...needed(o), [parameter]: value });
          assert.equal(answer.status, 200, `${name}: ${parameter}=${value}: ${answer.text}`);
          hold(name, answer);
        }
        for (const value of bad) {
          const answer = await send(name, { ...needed(o), [parameter]: value });
          assert.equal(answer.status, 400, `${name}: ${parameter}=${value}`);
          assert.equal(hold(name, answer).parameter, parameter, name);
        }
        if (schema.default !== undefined) {
          const answers = [await send(name, needed(o)), await send(name, { ...needed(o), [parameter]: schema.default })];
          const [plain, said] = answers.map(answer => {
            const json = hold(name, answer);
            if (json === null) return answer.text;
            delete json.took_ms;
            return json;
          });
          assert.deepEqual(said, plain, `${name}: ${parameter} at its default`);
        }
      }
      for (const parameter of Object.keys(needed(o))) {
        assert.equal(hold(name, await send(name)).parameter, parameter, name);
      }
    }
    hold('search', await send('search', { 'tag.country': 'x' }));
  });

  test('pages of other origins may read, and write only where that is said apart', async () => {
    for (const { pattern, method, about } of operations()) {
      const target = pattern.replace(/\{\w+\}/, 'x');
      for (const origin of ['https://news.example', 'https://desk.example', 'https://evil.example', 'null']) {
        const may = origin === (about.security ? 'https://desk.example' : 'https://news.example');
        const name = `${about.operationId} for ${origin}`;
        const preflight = await ask('OPTIONS', target, { headers: { Origin: origin, 'Access-Control-Request-Method': method } });
        assert.equal(preflight.status, 204, name);
        assert.equal(preflight.headers.get('Access-Control-Allow-Origin'), may ? origin : null, name);
        assert.equal(preflight.headers.get('Access-Control-Allow-Methods')?.split(', ').includes(method) ?? false, may, name);
        assert.match(preflight.headers.get('Vary'), /Origin/, name);
        const answer = await ask(method, target, { headers: { Origin: origin } });
        assert.equal(answer.headers.get('Access-Control-Allow-Origin'), may ? origin : null, name);
        assert.equal(answer.headers.get('Access-Control-Allow-Credentials'), null, name);
        assert.match(answer.headers.get('Vary'), /Origin/, name);
        assert.equal(answer.headers.get('Access-Control-Expose-Headers')?.includes('X-Request-Id') ?? false, may, name);
      }
    }
  });

  test('what a request says never becomes a header or markup of the answer', async () => {
    const evil = 'x%0d%0aSet-Cookie:%20a=b%0d%0a%0d%0a<script>';
    for (const target of [`/api/v1/search?q=${evil}&limit=1`, `/api/v1/search?${evil}=1`, `/api/v1/articles/${evil}?q=${evil}`,
      `/${evil}`, `/opensearch.xml?${evil}`, `/api/v1/search?source=${evil}`]) {
      const answer = await ask('GET', target, { headers: { 'X-Forwarded-Host': '"><script>', 'X-Request-Id': '"><script>' } });
      assert.equal(answer.headers.get('Set-Cookie'), null, target);
      assert.equal(answer.headers.get('X-Content-Type-Options'), 'nosniff', target);
      for (const [, value] of answer.headers) assert.ok(!value.includes('<script>'), target);
      assert.match(answer.headers.get('Content-Type'), /^application\/(problem\+)?json$/, target);
    }
    for (const host of ['a"><script>', 'a b', `${'a'.repeat(300)}`, 'a,b@c', 'a/../b', 'a:b', '[::1', 'ä']) {
      const answer = await raw(Buffer.from(`GET /opensearch.xml HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`));
      assert.equal(answer.status, 400, host);
      assert.ok(!answer.text.includes(host), host);
    }
    const odd = await raw("GET /opensearch.xml HTTP/1.1\r\nHost: a'&b\r\nConnection: close\r\n\r\n");
    assert.equal(odd.status, 200);
    assert.ok(odd.text.includes("http://a'&amp;b/") && !odd.text.includes("a'&b"));
    const feed = await raw("GET /api/v1/search.atom?q=varland HTTP/1.1\r\nHost: a'&b\r\nConnection: close\r\n\r\n");
    assert.equal(feed.status, 200);
    assert.ok(feed.text.includes('&amp;b/api/v1/search.atom') && !feed.text.includes("a'&b"));
  });

  test('values that a request names are told as selected and excluded', async () => {
    const all = hold('search', await send('search', { facets: 'source' })).facets.source;
    const [wanted, other] = all.map(({ value }) => value);
    const answer = hold('search', await send('search', { facets: 'source', facet_values: 1, source: other }));
    assert.deepEqual(answer.facets.source.map(({ value, selected }) => [value, selected]), [[wanted, undefined], [other, true]]);
    const without = hold('searchByForm', await send('searchByForm', { facets: 'source', source: `-${wanted}`, timeline: 'year' }));
    assert.deepEqual(without.facets.source.at(-1), { value: wanted, count: 0, excluded: true });
  });

  test('pages are told by address and by cursor, to the end', async () => {
    for (const sort of ['relevance', 'newest', 'oldest']) {
      const q = 'varland OR harsk';
      const { hits } = hold('search', await send('search', { q, sort, limit: 77 }));
      const by_address = [], by_cursor = [];
      let page = hold('search', await send('search', { q, sort, limit: 2 }));
      for (;;) {
        by_address.push(...page.hits.map(hit => hit.id));
        if (page.next === null) break;
        page = hold('search', await ask('GET', page.next));
      }
      assert.equal(page.next_cursor, null);
      page = hold('searchByForm', await send('searchByForm', { q, sort, limit: 2 }));
      for (;;) {
        by_cursor.push(...page.hits.map(hit => hit.id));
        if (page.next_cursor === null) break;
        page = hold('searchByForm', await send('searchByForm', { q, sort, limit: 2, cursor: page.next_cursor }));
      }
      assert.ok(hits.length > 2 && hits.length < 77);
      assert.deepEqual(by_address, hits.map(hit => hit.id), sort);
      assert.deepEqual(by_cursor, by_address, sort);
    }
  });

  test('real answers are of the shapes that are told', async () => {
    for (const q of ['', 'varland', 'u.n. "prison camp" -x OR (', 'quintanna', '북한', 'a*', 'zzzzzz', 'near/3 title:x']) {
      for (const name of ['search', 'searchByForm']) {
        for (const timeline of ['auto', 'day', 'week', 'month', 'year']) {
          hold(name, await send(name, { q, facets: 'source,lang,author,collection,year,month,tag.country', timeline, limit: 0 }));
        }
        const dated = hold(name, await send(name, { q, limit: 0, from: '1990', to: '1999-06', timeline: 'month' }));
        assert.equal(dated.timeline.buckets.length, 9 * 12 + 6, q);
        hold(name, await send(name, { q, limit: 77, snippets: 5 }));
      }
      for (const format of ['Csv', 'Jsonl', 'Ris', 'Bibtex', 'CslJson']) {
        for (const name of [`export${format}`, `export${format}ByForm`]) hold(name, await send(name, { q }));
      }
      for (const name of ['getAtomFeed', 'getJsonFeed']) hold(name, await send(name, { q }));
      for (const name of ['suggest', 'suggestByForm']) {
        for (const format of ['json', 'opensearch']) hold(name, await send(name, { q, format, limit: 20 }));
      }
      const { hits } = JSON.parse((await send('search', { q, limit: 20 })).text);
      for (const hit of hits) {
        for (const format of ['json', 'ris', 'bib', 'csl.json']) hold('getArticle', await send('getArticle', { q, format }, { id: hit.id }));
        hold('getSnippets', await send('getSnippets', { q }, { id: hit.id }));
        hold('getRelated', await send('getRelated', { snippets: 2, limit: 77 }, { id: hit.id }));
        hold('getWhy', await send('getWhy', { q }, { id: hit.id }));
      }
    }
    for (const name of ['getHealth', 'getReadiness', 'getStats', 'getMetrics', 'getOpenApi', 'getOpenSearch']) {
      hold(name, await send(name));
    }
    const json = { 'Content-Type': 'application/json' };
    const accepted = hold('postArticles', await send('postArticles', {}, { headers: json, body: '{"title":"A","text":"B"}' }));
    hold('postArticles', await send('postArticles', {}, { headers: json, body: '[{"title":"A"},{"title":"B"}]' }));
    hold('postArticles', await send('postArticles', {}, { headers: { 'Content-Type': 'application/x-ndjson' }, body: '{"title":"A"}\n' }));
    hold('deleteArticle', await send('deleteArticle'));
    assert.equal(hold('getReceipt', await send('getReceipt', {}, { ticket: accepted.ticket })).status, 'queued');
  });

  test('problems that can be brought about are of the one shape, with a code and status that are told', async () => {
    const codes = new Map(document.components.schemas.Problem['x-codes'].map(row => [row.code, row.status]));
    assert.deepEqual([...codes.keys()], document.components.schemas.Problem.properties.code.enum);
    const valid = schema_at('components', 'schemas', 'Problem');
    const json = { 'Content-Type': 'application/json' };
    const host = 'Host: test\r\nConnection: close\r\n';
    const expired = await expired_cursor();
    const rows = [
      ['invalid_argument', () => send('search', { limit: 'x' })],
      ['malformed', () => ask('GET', '/api/v1/search?q=%zz')],
      ['malformed', () => raw('NONSENSE\r\n\r\n')],
      ['malformed', () => raw('GET / HTTP/1.1\r\nHost: a b\r\n\r\n')],
      ['malformed', () => send('postArticles', {}, { headers: json, body: '{' })],
      ['encoding', () => ask('GET', '/api/v1/search?source=%ff')],
      ['too_large', () => send('search', { q: 'a'.repeat(5000) })],
      ['too_costly', () => send('search', { offset: 10000, limit: 10 })],
      ['bad_cursor', () => send('search', { cursor: 'nonsense' })],
      ['bad_cursor', () => send('searchByForm', { q: 'another', cursor })],
      ['cursor_expired', () => send('search', { q: 'varland', cursor: expired })],
      ['cursor_expired', () => send('searchByForm', { q: 'varland', cursor: expired })],
      ['not_found', () => send('getArticle', {}, { id: 'nothing' })],
      ['not_found', () => ask('GET', '/nothing')],
      ['not_found', () => send('getReceipt')],
      ['unauthorized', () => ask('DELETE', '/api/v1/articles/x')],
      ['method_not_allowed', () => ask('PUT', '/api/v1/search')],
      ['not_acceptable', () => send('search', {}, { headers: { Accept: 'image/png' } })],
      ['request_timeout', () => raw('GET / HT')],
      ['body_too_large', () => ask('POST', '/api/v1/search', { headers: { 'Content-Type': form }, body: 'q='.padEnd(100_000, 'a') })],
      ['target_too_long', () => ask('GET', `/${'a'.repeat(20_000)}`)],
      ['unsupported_media_type', () => ask('POST', '/api/v1/search', { body: 'q=a' })],
      ['unsupported_media_type', () => send('postArticles', {}, { headers: { 'Content-Type': 'text/html' }, body: 'a' })],
      ['expectation_failed', () => raw(`GET / HTTP/1.1\r\n${host}Expect: tea\r\n\r\n`)],
      ['header_too_large', () => raw(`GET / HTTP/1.1\r\n${host}A: ${'a'.repeat(50_000)}\r\n\r\n`)],
      ['method_unknown', () => raw(`BREW / HTTP/1.1\r\n${host}\r\n`)],
      ['transfer_coding_unknown', () => raw(`POST / HTTP/1.1\r\n${host}Transfer-Encoding: gzip\r\n\r\n`)],
      ['version_not_supported', () => raw('GET / HTTP/3.0\r\n\r\n')],
    ];
    for (const [code, bring_about] of rows) {
      const answer = await bring_about();
      assert.equal(answer.headers.get('Content-Type'), 'application/problem+json', code);
      const problem = JSON.parse(answer.text);
      assert.ok(valid(problem), `${code}: ${JSON.stringify(valid.errors)}`);
      assert.deepEqual([problem.code, problem.status, answer.status], [code, codes.get(code), codes.get(code)], answer.text);
      assert.equal(problem.request_id, answer.headers.get('X-Request-Id').trim(), code);
    }
  });
});
