// The list: asks for what the state finds and draws it, or a wait, or what went wrong.
//
// Nothing of an older search is seen (docs/page.md); its room is kept until the answer or the wait takes it.

import { channel, trouble } from './api.js';
import { after_a_moment, after_paint, by_id, el, say } from './dom.js';
import { show_filters } from './filters.js';
import { ask_early, search, searching } from './first.js';
import { close_menus, fill_menus } from './list_menus.js';
import { change, has_place, now } from './navigation.js';
import { bytes_in, longest_query } from './query.js';
import { announce_feeds, clear_results, count_of, mark_open, show_further, show_results } from './results.js';
import { address, anew, facet_params, facets_of, list_params, page_size, reachable, searches } from './state.js';
import { moment, t } from './strings.js';
import { cancel_drag, show_chart, show_timeline } from './timeline.js';
import { stop_retrying, words_for } from './trouble.js';

const counting = new channel();
let results = null;  // {key, view, answer} as drawn, or null
const cursors = { list: '', of: new Map() };  // page → cursor, of the pages of one list that numbers do not reach
let lost = false;    // whether the last search did not reach the server
let start_page = null;  // what draws the page without a search; fetched with its answer
let held = null;     // {node, listed} of what had the focus when the list went out of sight, and whether it stood among it; or null
let finish = () => {};  // draws what is still to be drawn of the list that is there; with false, has it left out

/// Has the next list asked for, even if it is the one that is there.
export const forget_list = () => {
  finish(false);
  results = null;
  has_place(false);
};

const too_long = q => t.too_long({ n: bytes_in(q), most: longest_query });

/// What is said of a query of that many bytes under the box, and whether it can be sent.
export function length_of(q) {
  const bytes = bytes_in(q);
  const over = bytes > longest_query;
  return { over, said: over ? too_long(q) : bytes > longest_query * 0.9 ? t.nearly_too_long({ n: bytes, most: longest_query }) : '' };
}

/// What tells one list from another. A facet more is another look at the same list.
const key_of = state => `${list_params(state)}`.replace(/&facets=[^&]*/, '');

/// Asks for the list of a state that is about to be shown, if another is there.
export function ask_ahead(next) {
  if (results?.key !== key_of(next)) ask_early(next);
}

/// Shows the list of the state. settle(drawn) is called once it is right.
export async function show_list(why, settle) {
  const state = now();
  const start = !searches(state);
  const key = key_of(state);
  if (why !== 'retry') stop_retrying();
  lost = false;
  if (results?.key === key) {
    searching.cancel();
    finish();
    if (results.view === `${state.view}`) mark_open(state);
    else draw();
    return settle(why, false);
  }
  forget_list();
  counting.cancel();
  if (bytes_in(state.q) > longest_query) {
    searching.cancel();
    return show_trouble({ kind: 'too_long', detail: too_long(state.q) }, settle);
  }
  put_away();
  const noticed = after_a_moment(() => {
    clear_list();
    by_id('wait').hidden = false;
    say(t.searching);
  });
  const drawing = start && !start_page && import('./start.js').catch(() => null);
  let outcome = await search(list_params(state));
  if (outcome && drawing) {
    start_page = await drawing;
    if (now() !== state) return noticed();
    if (!start_page) outcome = { trouble: new trouble('unreachable') };
  }
  noticed();
  if (!outcome) return;
  if (outcome.trouble && !(start && outcome.trouble.status === 400)) return show_trouble(outcome.trouble, settle);
  stop_retrying();
  results = { key, answer: outcome.answer };
  has_place(true);
  if (in_two_steps(why)) {
    draw_first(screenful());
    bring_back('begun');
    finish = after_paint(() => {
      draw_rest();
      bring_back();
    });
  } else {
    draw();
    bring_back();
  }
  settle(why, true);
}

/// Whether a screenful of the list can be drawn before the rest: where nothing in it has the focus or a place to return to,
/// and nothing of the rest stands above the hits.
function in_two_steps(why) {
  return searches(now()) && why !== 'words' && !held?.listed && !document.body.classList.contains('rail-shown')
    && !(['back', 'load'].includes(why) && (history.state?.y > 0 || location.hash));
}

/// More hits than a screen has room for.
const screenful = () => Math.ceil(innerHeight / 120);

/// The same list, with something unfolded or folded.
export function unfold_list() {
  if (!results || !searches(now())) return;
  finish();
  draw();
  count_opened();
}

/// The count of the list that is there, for who does not see it; null if there is none.
export const spoken_count = () => results && searches(now()) ? count_of(results.answer, now()) : null;

// ---- out of sight and back

/// Takes what is there out of sight, and from under every hand.
function put_away() {
  if (document.body.dataset.list === 'awaited') return;
  const node = document.activeElement;
  held = { node, listed: Boolean(node?.closest('main')) };  // by now: a wait takes it out of the document
  cancel_drag();
  close_menus();
  announce_feeds(null);
  document.body.dataset.list = 'awaited';
}

/// Shows again what is there by now, all of it or what stands in the first of two steps ('begun'). What had the focus has it
/// back, or what has taken its place.
function bring_back(step) {
  by_id('wait').hidden = true;
  if (step) document.body.dataset.list = step;
  else delete document.body.dataset.list;
  const node = held?.node === document.activeElement ? null : held?.node;  // to look for it would have the page laid out
  const { id, dataset: { key } = {} } = node ?? {};
  const again = !node || node === document.body ? null
    : node.isConnected && node.checkVisibility() ? node
      : (key && document.querySelector(`main [data-key="${CSS.escape(key)}"]`)) || (id && by_id(id));
  held = null;
  const lost_focus = document.activeElement === document.body || !document.activeElement?.checkVisibility({ checkVisibilityCSS: true });
  if (again && lost_focus) again.focus({ preventScroll: true });
}

/// Empties all that the list shows.
function clear_list() {
  clear_results();
  close_menus();
  announce_feeds(null);
  by_id('list-head').hidden = true;
  by_id('facets').replaceChildren();
  by_id('foot').replaceChildren();
}

// ---- an answer

/// Draws the answer that is there for the state that is there.
function draw() {
  const key = document.activeElement?.closest?.('#results') && document.activeElement.dataset.key;
  draw_first();
  draw_rest();
  if (key) [...by_id('results').querySelectorAll('[data-key]')].find(node => node.dataset.key === key)?.focus({ preventScroll: true });
}

/// Draws what is read first. most: as many hits as that, and room for what draw_rest() puts between and beside them.
function draw_first(most) {
  const { answer } = results;
  const state = now();
  const start = !searches(state);
  results.view = `${state.view}`;
  by_id('rail').hidden = start;
  if (start) {
    clear_list();
    return start_page.show_start(answer, state);
  }
  remember_cursor(answer);
  show_results(answer, state, place_caret, most);
  show_timeline(answer.timeline, state, change, most === undefined);
  mark_open(state);
}

function draw_rest() {
  const { answer } = results;
  const state = now();
  show_foot(answer);
  if (!searches(state)) return;
  show_chart();
  show_further(answer, state, cursors.of);
  announce_feeds(state);
  refill_menus();
  show_filters(answer, state, change);
  mark_open(state);
}

/// What the menus beside the count need, where there is a list.
export const refill_menus = () => fill_menus(() => results && searches(now()) ? [results.answer, now()] : null);

function remember_cursor(answer) {
  const state = now();
  const list = address({ ...anew(state), view: [] });
  if (cursors.list !== list) Object.assign(cursors, { list, of: new Map() });
  if (state.cursor) cursors.of.set(state.page, state.cursor);
  // From a short page with more behind it no number leads on (docs/api.md, Pages), nor from those behind it.
  const by_cursor = state.cursor || answer.hits.length < page_size || (state.page + 1) * page_size > reachable;
  if (answer.next_cursor && by_cursor) cursors.of.set(state.page + 1, answer.next_cursor);
}

/// Counts the facets that were opened since the list was asked for.
async function count_opened() {
  const { answer } = results;
  const missing = facets_of(now()).filter(facet => !answer.facets[facet]);
  if (!missing.length) return;
  const outcome = await counting.search(facet_params(now(), missing.join(',')));
  if (!outcome?.answer || results?.answer !== answer) return;
  Object.assign(answer.facets, outcome.answer.facets);
  if (outcome.answer.facets_estimated) {
    answer.facets_estimated = [...new Set([...answer.facets_estimated ?? [], ...outcome.answer.facets_estimated])];
  }
  show_filters(answer, now(), change);
}

function show_foot(answer) {
  const index = answer?.index;
  const parts = [];
  if (index) {
    const when = moment(index.as_of);
    parts.push(when ? t.archive({ n: index.articles, when }) : t.articles({ n: index.articles }));
  }
  if (typeof answer?.took_ms === 'number') parts.push(t.took({ ms: answer.took_ms < 10 ? Math.round(answer.took_ms * 10) / 10 : Math.round(answer.took_ms) }));
  by_id('foot').replaceChildren(parts.join(' · '));
}

/// Puts the caret where a warning says (columns count characters from 1).
function place_caret(column) {
  const query = by_id('q');
  const at = [...query.value].slice(0, column - 1).join('').length;
  query.focus();
  query.setSelectionRange(at, Math.min(at + 1, query.value.length));
}

// ---- none

let again = () => {};
// The browser knows when its own connection is back.
addEventListener('online', () => lost && again());

function show_trouble(trouble, settle) {
  clear_list();
  bring_back();
  if (!searches(now())) by_id('rail').hidden = true;
  by_id('notice').hidden = false;
  lost = trouble.kind === 'unreachable';
  again = () => show_list('retry', settle);
  const words = words_for(trouble, now(), again);
  by_id('notice').replaceChildren(...words);
  say(words.slice(0, 2).map(node => node.textContent).join('. '));
}

/// Ends the search under way: its results would be for what is no longer in the box. False if there is none.
export function stop_search() {
  if (!searching.busy) return false;
  searching.cancel();
  forget_list();
  clear_list();
  bring_back();
  by_id('notice').hidden = false;
  by_id('notice').replaceChildren(el('p', { class: 'notice-title' }, t.stopped), el('p', {}, t.stopped_hint));
  return true;
}
