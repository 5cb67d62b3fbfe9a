// The front end in a real Chromium against the real programs. Run by ctest as `web`, or by hand:
//   RAPPORTEUR_BIN_DIR=build/dev node --test tests/web/web_test.mjs

import { after, before, describe } from 'node:test';

import article_tests from './article.mjs';
import languages_tests from './languages.mjs';
import layout_tests from './layout.mjs';
import plain_tests from './plain.mjs';
import search_tests from './search.mjs';
import { site } from './site.mjs';
import state_tests from './state.mjs';
import strings_tests from './strings.mjs';
import trouble_tests from './trouble.mjs';

describe('web', () => {
  const here = new site();
  before(() => here.open());
  after(() => here.close());
  state_tests();
  strings_tests();
  search_tests(here);
  article_tests(here);
  trouble_tests(here);
  layout_tests(here);
  plain_tests(here);
  languages_tests(here);
});
