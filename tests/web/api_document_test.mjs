// docs/api.md against the real programs: its examples are run, in their order, by bash, with curl, over the sample
// articles; what it shows as their answers is what they get; and there is one for every address of the API. Run by
// ctest as `api_document`, or by hand:
//   RAPPORTEUR_BIN_DIR=build/dev node --test tests/web/api_document_test.mjs
//
// How the document has to be written:
// - A command begins a line of an indented block with `curl ` or `NAME=` and goes on for as long as bash wants more. It
//   is run in an empty folder, with the variables that those before it set; `B` is this test's server.
// - curl ends with 0, and the status is 2xx or the one that a comment at the end of the command tells: `# 400`.
// - The other lines of its block, or the fenced block that follows under the same heading, are its answer. If that is
//   JSON, all that is shown has to be in the answer: every key, the very strings, a number where one is shown, and the
//   elements of a list in their order; there may be more of everything. Other text has to stand there as it is shown.
//   In both `…` stands for anything.
// - A 200 that has to be waited for (`Retry-After`) is asked for until it is there.
// - A search, an export, a feed and a suggestion have to find something.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { read_examples, what_differs } from './api_document.mjs';
import { index_articles, start_server, watch_articles } from './site.mjs';

const document_file = fileURLToPath(new URL('../../docs/api.md', import.meta.url));
const examples = read_examples(await readFile(document_file, 'utf8'));
const default_address = 'http://127.0.0.1:8080';
const patience = 60_000;  // ms; how long something that must come may take on a busy machine

// Tells of each transfer on stderr what curl knows, as JSON: one line for each.
const prelude = `set -a -o pipefail
curl() {
  command curl -q --silent --show-error --noproxy '*' --max-time 60 \\
    --write-out '%{stderr}{"of":%{json},"head":%{header_json}}\\n' "$@"
}
. "$STATE"
`;

let folder, server, indexer, routes;
const asked = new Set();  // operations, as "GET /api/v1/search"

/// Runs one command: its exit status, what it printed, and the transfers that it made.
async function run(command) {
  const script = `${prelude}${command}\nended=$?\nexport -p > "$STATE"\nexit $ended\n`;
  const child = spawn('bash', ['-c', script], {
    cwd: path.join(folder, 'empty'),
    env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', STATE: path.join(folder, 'state') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out = [], err = [];
  child.stdout.on('data', part => out.push(part));
  child.stderr.on('data', part => err.push(part));
  const [status] = await once(child, 'close');
  const said = Buffer.concat(err).toString();
  const transfers = [...said.matchAll(/^\{"of":\{.*?^\}\}$/gms)].map(([json]) => {
    const { of, head } = JSON.parse(json);
    return { ...of, head };
  });
  let answer = Buffer.concat(out).toString();
  const file = transfers.at(-1)?.filename_effective;
  if (file) answer = await readFile(path.join(folder, 'empty', file), 'utf8');
  return { status, said, transfers, answer: answer.replaceAll(server.origin, default_address) };
}

/// The operation of the OpenAPI document that a transfer asked for.
function operation_of({ method, url_effective }) {
  const { pathname } = new URL(url_effective);
  const found = routes.find(route => route.method === method && route.pattern.test(pathname));
  assert.ok(found, `${method} ${pathname} is no route`);
  return found.name;
}

/// Held to answers in JSON and in lines: an example that finds nothing shows nothing.
function holds_something(answer, type) {
  const is_json = type?.startsWith('application/json') || type?.startsWith('application/feed+json');
  const json = is_json ? JSON.parse(answer) : {};
  for (const list of ['hits', 'suggestions', 'items', 'snippets', 'parts']) {
    if (json[list]?.length === 0 && json.total === undefined) return false;
  }
  if (json.total?.value === 0) return false;
  if (type?.startsWith('application/atom+xml')) return answer.includes('<entry');
  if (type?.startsWith('text/csv')) return answer.trim().includes('\n');
  return answer.trim() !== '' && answer.trim() !== '[]';
}

describe('docs/api.md', { concurrency: 1 }, () => {
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rapporteur-api-document-'));
    await mkdir(path.join(folder, 'empty'));
    const index = path.join(folder, 'index');
    const settings = {
      RAPPORTEUR_INBOX_KEY: 'a-key-of-the-examples-0123456789',
      RAPPORTEUR_INBOX_FOLDER: path.join(folder, 'inbox'),
    };
    await index_articles(index);
    server = await start_server(index, 0, { ...settings, RAPPORTEUR_SERVER_METRICS: 'true' });
    indexer = watch_articles(index, settings);
    await writeFile(path.join(folder, 'state'), `export RAPPORTEUR_INBOX_KEY=${settings.RAPPORTEUR_INBOX_KEY}\n`);
    const { paths } = await (await fetch(`${server.origin}/openapi.json`)).json();
    routes = Object.entries(paths).flatMap(([name, methods]) => Object.entries(methods).map(([method, about]) => ({
      name: `${method.toUpperCase()} ${name}`,
      method: method.toUpperCase(),
      pattern: new RegExp(`^${name.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
      // What can be asked by GET and is only asked by a form here.
      is_twin: Boolean(methods.get && about.requestBody?.content['application/x-www-form-urlencoded']),
    })));
    // What is suggested from is made behind the first answers.
    const until = Date.now() + patience;
    while (!(await (await fetch(`${server.origin}/api/v1/suggest?q=a`)).json()).complete) {
      assert.ok(Date.now() < until, 'there is nothing to suggest from');
      await pause(10);
    }
  });
  after(async () => {
    await server?.stop();
    await indexer?.stop();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  for (const { line, command, status, shown } of examples) {
    test(`docs/api.md:${line}: ${command.split('\n')[0]}`, async () => {
      if (command.startsWith('B=')) {
        assert.equal(command, `B=${default_address}`);
        await run(`B=${server.origin}`);
        return;
      }
      const until = Date.now() + patience;
      let ran = await run(command);
      while (ran.transfers.at(-1)?.http_code === 200 && ran.transfers.at(-1).head['retry-after']) {
        assert.ok(Date.now() < until, `docs/api.md:${line}: ${command}\nis not finished: ${ran.answer}`);
        await pause(10);
        ran = await run(command);
      }
      const where = `docs/api.md:${line}: ${command}\n`;
      assert.equal(ran.status, 0, `${where}ended with ${ran.status}: ${ran.said}${ran.answer}`);
      assert.equal(ran.transfers.length > 0, command.includes('curl '), `${where}${ran.said}`);
      for (const transfer of ran.transfers) {
        asked.add(operation_of(transfer));
        const code = transfer.http_code;
        assert.ok(status ? code === status : code >= 200 && code < 300, `${where}has status ${code}: ${ran.answer}`);
      }
      if (command.startsWith('curl ')) {
        assert.ok(holds_something(ran.answer, ran.transfers[0].content_type), `${where}finds nothing: ${ran.answer}`);
      }
      if (shown.length) {
        const wrong = what_differs(shown, ran.answer);
        assert.ok(!wrong, `${where}has another answer than is shown: ${wrong}\n${ran.answer.slice(0, 4000)}`);
      }
    });
  }

  test('there is an example for every address of the API', () => {
    const missing = routes.filter(({ name, is_twin }) => !is_twin && !asked.has(name)).map(({ name }) => name);
    assert.deepEqual(missing, []);
  });
});
