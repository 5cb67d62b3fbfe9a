// The open article: fetches it and what shows it, and closes it.

import { channel, trouble } from './api.js';
import { after_a_moment, by_id, plain, say, styled } from './dom.js';
import { go, now } from './navigation.js';
import { t } from './strings.js';
import { words_for } from './trouble.js';

const opening = new channel();
let opened = null;   // {key, article} as drawn, or null
let last = '';       // the key of the hit that was read last

/// Whether there is room for list and article side by side.
export const two_panes = matchMedia('(min-width: 70em)');

/// The key of the hit that was read last, to return focus to.
export const last_read = () => last;

/// The title of the article that is open, or undefined.
export const title_shown = () => opened?.article && (plain(opened.article.title).trim() || t.untitled);

/// Has the article fetched again.
export const forget_article = () => (opened = null);

/// What shows an article, once it is there. It is fetched when a reader is about to open one: a first visit does without.
let parts = null;
export const sheet = () => parts;

/// Whether it could be had.
export async function load_sheet() {
  try {
    parts ??= Object.assign({}, ...await Promise.all([import('./article.js'), import('./matches.js'), import('./passage.js'), styled('article.css')]));
    return true;
  } catch {
    return false;
  }
}

/// Shows the article of the state, or none. shown() is called when another is there.
export async function show_reader(why, shown) {
  const state = now();
  const reader = by_id('reader');
  if (!state.article) {
    opening.cancel();
    opened = null;
    reader.hidden = true;
    parts?.clear_article();
    return;
  }
  last = `hit-${state.article}`;
  const key = `${state.article}\n${state.q}`;
  reader.hidden = false;
  if (opened?.key === key) return;
  opened = null;
  parts?.clear_article();
  const noticed = after_a_moment(() => (by_id('reader-wait').hidden = false));
  const loading = load_sheet();
  let outcome = await opening.article(state.article, state.q, state.expand);
  const loaded = !outcome?.answer || await loading;
  noticed();
  // Another may have been opened while what shows it was on its way.
  if (!outcome || now().article !== state.article || now().q !== state.q || opened) return;
  if (!loaded) outcome = { trouble: new trouble('unreachable') };
  by_id('reader-wait').hidden = true;
  if (outcome.trouble) {
    by_id('reader-notice').hidden = false;
    by_id('reader-notice').replaceChildren(...words_for(outcome.trouble, now(), () => show_reader('open', shown), true));
    say(by_id('reader-notice').firstChild.textContent);
    return;
  }
  opened = { key, article: outcome.answer };
  parts.show_article(outcome.answer, now());
  shown();
  const { y = 0, pane = 0 } = (why === 'back' || why === 'load') && history.state || {};
  by_id('pane').scrollTop = pane;
  if (!two_panes.matches) scrollTo(0, y);
  if (why !== 'words' && parts.follow_passage()) return;
  if (why === 'load' || why === 'words') return;
  by_id('sheet-title').focus({ preventScroll: true });
  if (!by_id('steps').hidden) say(by_id('step-count').textContent);
}

/// False if none is open.
export function close_article() {
  if (!now().article) return false;
  if (history.state?.opened_here) history.back();
  else go({ ...now(), article: '' }, 'back', { replace: true });
  return true;
}
