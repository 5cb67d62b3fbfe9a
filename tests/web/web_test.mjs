// The front end in a real Chromium against the real programs. Run by ctest as `web`, or by hand:
//   RAPPORTEUR_BIN_DIR=build/dev node --test tests/web/web_test.mjs

import { after, before, describe } from 'node:test';

import article_tests from './article.mjs';
import axe_tests from './axe.mjs';
import engine_tests from './engine.mjs';
import inert_tests from './inert.mjs';
import languages_tests from './languages.mjs';
import layout_tests from './layout.mjs';
import light_tests from './light.mjs';
import media_tests from './media.mjs';
import menus_tests from './menus.mjs';
import narrow_tests from './narrow.mjs';
import passage_tests from './passage.mjs';
import plain_tests from './plain.mjs';
import references_tests from './references.mjs';
import search_tests from './search.mjs';
import { site } from './site.mjs';
import stale_tests from './stale.mjs';
import spoken_tests from './spoken.mjs';
import state_tests from './state.mjs';
import strings_tests from './strings.mjs';
import suggest_tests from './suggest.mjs';
import timeline_tests from './timeline.mjs';
import told_tests from './told.mjs';
import trouble_tests from './trouble.mjs';

describe('web', () => {
  const here = new site();
  before(() => here.open());
  after(() => here.close());
  state_tests();
  strings_tests();
  search_tests(here);
  suggest_tests(here);
  narrow_tests(here);
  menus_tests(here);
  engine_tests(here);
  timeline_tests(here);
  article_tests(here);
  passage_tests(here);
  references_tests(here);
  told_tests(here);
  trouble_tests(here);
  stale_tests(here);
  light_tests(here);
  layout_tests(here);
  media_tests(here);
  axe_tests(here);
  spoken_tests(here);
  inert_tests(here);
  plain_tests(here);
  languages_tests(here);
});
