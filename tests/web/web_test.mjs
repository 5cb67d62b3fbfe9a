// The front end in a real Chromium against the real programs. ctest runs each group by itself; by hand, all of them or
// only some, by the names of groups or files:
//   RAPPORTEUR_BIN_DIR=build/dev node --test tests/web/web_test.mjs
//   RAPPORTEUR_BIN_DIR=build/dev RAPPORTEUR_WEB_TESTS='suggest stale' node --test tests/web/web_test.mjs

import { after, before, describe } from 'node:test';

import { site } from './site.mjs';

/// Group → its files, each of which has its tests by default. (CMakeLists.txt names the groups.)
const groups = {
  list: ['state', 'strings', 'search', 'suggest', 'narrow', 'menus', 'engine', 'timeline', 'told', 'trouble', 'stale'],
  page: ['article', 'passage', 'references', 'light', 'layout', 'media', 'axe', 'spoken', 'inert', 'plain', 'languages'],
};

const wanted = (process.env.RAPPORTEUR_WEB_TESTS ?? '').split(/\s+/).filter(Boolean);
const all = Object.values(groups).flat();
const unknown = wanted.filter(name => !Object.hasOwn(groups, name) && !all.includes(name));
if (unknown.length) throw new Error(`RAPPORTEUR_WEB_TESTS names no tests: ${unknown.join(' ')}; there are ${[...Object.keys(groups), ...all].join(' ')}`);
const files = wanted.length ? wanted.flatMap(name => groups[name] ?? name) : all;
const modules = await Promise.all(files.map(file => import(`./${file}.mjs`)));

describe('web', () => {
  const here = new site();
  before(() => here.open());
  after(() => here.close());
  for (const { default: tests } of modules) tests(here);
});
