// The page: keeps the address, what is asked of the server and what is drawn in step.
//
// One direction only: something happens → go(next state) → the address → follow(): ask what is missing, draw what
// came. Nothing is drawn for a state that is no longer the address's.

import { channel, trouble } from './api.js';
import { after_a_moment, by_id, el, plain, say, styled } from './dom.js';
import { read_dates, show_chips, show_filters } from './filters.js';
import { bind_keys } from './keys.js';
import { bytes_in, longest_query } from './query.js';
import { announce_feeds, clear_results, count_of, mark_open, show_results } from './results.js';
import { show_start, start_params } from './start.js';
import { address, anew, facet_params, facets_of, page_size, parse, reachable, search_params, searches, sorts } from './state.js';
import { choose, language_shown, languages, moment, number, on_words, t } from './strings.js';
import { suggest_for } from './suggest.js';
import { cancel_drag, show_timeline } from './timeline.js';
import { stop_retrying, words_for } from './trouble.js';

const searching = new channel();
const counting = new channel();
const opening = new channel();
let state = parse(location.search);
let results = null;  // {key, answer} as drawn, or null
const cursors = { list: '', of: new Map() };  // page → cursor, of the pages of one list that numbers do not reach
let opened = null;   // {key, article} as drawn, or null
let lost = false;    // whether the last search did not reach the server

const two_panes = matchMedia('(min-width: 70em)');
const query = by_id('q');

// ---- the address

const remember_scroll = () => history.replaceState({ ...history.state, y: scrollY }, '');

/// Makes next the state. why: what the reader did, which decides where focus goes.
function go(next, why = '', { replace = false, opened_here = false } = {}) {
  remember_scroll();
  if (replace || address(next) === address(state)) {
    history.replaceState({ ...history.state, y: 0 }, '', address(next));
  } else history.pushState({ y: 0, opened_here }, '', address(next));
  follow(next, why);
}

/// Makes what update makes of the state, as it is by then, the state.
const change = (update, why = 'filter') => why === 'view' ? unfold(update(state)) : go(update(state), why);

/// Shows the same list with something of the page unfolded or folded, which is no step to go back over.
function unfold(next) {
  state = next;
  history.replaceState(history.state, '', address(state));
  if (!results || !searches(state)) return;
  draw();
  count_opened();
}

function follow(next, why) {
  state = next;
  suggestions.close();
  query.value = state.q;
  check_length();
  by_id('sort').value = state.sort || sorts[0];
  show_chips(state, change);
  document.body.dataset.view = searches(state) ? 'results' : 'start';
  document.body.dataset.reading = state.article ? 'yes' : 'no';
  by_id('close').href = address({ ...state, article: '' });
  by_id('close').textContent = two_panes.matches ? t.close : `‹ ${t.back}`;
  read(why);  // first: closing gives the focus back before the list is settled
  search(why);
  name_page();
}

function name_page() {
  const what = state.article ? opened?.article && (plain(opened.article.title).trim() || t.untitled) : state.q;
  document.title = what ? t.page_title({ what, site: 'Rapporteur' }) : 'Rapporteur';
}

// ---- the list

async function search(why) {
  const start = !searches(state);
  const params = start ? start_params() : search_params(state);
  const key = `${params}`.replace(/&facets=[^&]*/, '');  // a facet more is another look at the same list
  if (why !== 'retry') stop_retrying();
  lost = false;
  if (results?.key === key) {
    searching.cancel();
    if (results.view === `${state.view}`) mark_open(state);
    else draw();
    return settle(why, false);
  }
  results = null;
  counting.cancel();
  if (bytes_in(state.q) > longest_query) {
    searching.cancel();
    return show_trouble({ kind: 'http', code: 'too_large', detail: too_long(state.q) }, start);
  }
  for (const id of frozen) by_id(id).inert = true;
  const noticed = after_a_moment(() => {
    clear_list();
    by_id('foot').replaceChildren();  // or it would be pushed down again
    by_id('wait').hidden = false;
    say(t.searching);
  });
  const outcome = await searching.search(params);
  noticed();
  if (!outcome) return;
  end_wait();
  if (outcome.trouble && !(start && outcome.trouble.status === 400)) return show_trouble(outcome.trouble, start);
  stop_retrying();
  results = { key, answer: outcome.answer };
  draw();
  show_foot(results.answer);
  settle(why, true);
}

/// What must not be used while another list is on its way.
const frozen = ['hits', 'timeline', 'list-head', 'notes', 'pages'];

/// Draws the answer that is there for the state that is there.
function draw() {
  const { answer } = results;
  const start = !searches(state);
  results.view = `${state.view}`;
  by_id('rail').hidden = start;
  if (start) {
    clear_list();
    return show_start(answer, state);
  }
  const key = document.activeElement?.closest?.('#results') && document.activeElement.dataset.key;
  remember_cursor(answer);
  show_results(answer, state, place_caret, cursors.of);
  show_timeline(answer.timeline, state, change);
  announce_feeds(state);
  fill_menus();
  show_filters(answer, state, change);
  mark_open(state);
  if (key) [...by_id('results').querySelectorAll('[data-key]')].find(node => node.dataset.key === key)?.focus({ preventScroll: true });
}

function remember_cursor(answer) {
  const list = address({ ...anew(state), view: [] });
  if (cursors.list !== list) Object.assign(cursors, { list, of: new Map() });
  if (state.cursor) cursors.of.set(state.page, state.cursor);
  if (answer.next_cursor && (state.page + 1) * page_size > reachable) cursors.of.set(state.page + 1, answer.next_cursor);
}

/// Counts the facets that were opened since the list was asked for.
async function count_opened() {
  const { answer } = results;
  const missing = facets_of(state).filter(facet => !answer.facets[facet]);
  if (!missing.length) return;
  const outcome = await counting.search(facet_params(state, missing.join(',')));
  if (!outcome?.answer || results?.answer !== answer) return;
  Object.assign(answer.facets, outcome.answer.facets);
  if (outcome.answer.facets_estimated) {
    answer.facets_estimated = [...new Set([...answer.facets_estimated ?? [], ...outcome.answer.facets_estimated])];
  }
  show_filters(answer, state, change);
}

/// Empties all that the list shows.
function clear_list() {
  clear_results();
  close_menus();
  announce_feeds(null);
  by_id('list-head').hidden = true;
}

function end_wait() {
  by_id('wait').hidden = true;
  for (const id of frozen) by_id(id).inert = false;
}

function show_trouble(trouble, start) {
  clear_list();
  end_wait();
  if (start) by_id('rail').hidden = true;
  by_id('foot').replaceChildren();
  by_id('notice').hidden = false;
  lost = trouble.kind === 'unreachable';
  const words = words_for(trouble, state, () => search('retry'));
  by_id('notice').replaceChildren(...words);
  say(words.slice(0, 2).map(node => node.textContent).join('. '));
}

// The browser knows when its own connection is back.
addEventListener('online', () => lost && search('retry'));

/// Typing ends the search under way: its results would be for what is no longer in the box.
function stop_search() {
  if (!searching.busy) return false;
  searching.cancel();
  results = null;
  end_wait();
  clear_list();
  by_id('notice').hidden = false;
  by_id('notice').replaceChildren(el('p', { class: 'notice-title' }, t.stopped), el('p', {}, t.stopped_hint));
  return true;
}

const too_long = q => t.too_long({ n: bytes_in(q), most: longest_query });

/// Says under the box that what is in it is too long to be sent, or nearly so; true if it is too long.
function check_length() {
  const over = bytes_in(query.value) > longest_query;
  const near = bytes_in(query.value) > longest_query * 0.9;
  by_id('q-length').hidden = !near;
  by_id('q-length').classList.toggle('over', over);
  by_id('q-length').textContent = over ? too_long(query.value) : near ? t.nearly_too_long({ n: bytes_in(query.value), most: longest_query }) : '';
  query.setAttribute('aria-invalid', String(over));
  return over;
}

/// After the list is right for the state: scroll and focus.
function settle(why, drawn) {
  const y = history.state?.y ?? 0;
  const kept = why === 'back' || why === 'load';
  if (!state.article && (drawn || (kept && !two_panes.matches))) scrollTo(0, kept ? y : 0);
  const anchor = why === 'back' && !state.article && last_read ? hit_links().find(a => a.dataset.key === last_read) : null;
  if (anchor && (document.activeElement === document.body || !document.activeElement?.checkVisibility?.())) {
    anchor.focus({ preventScroll: true });
    if (!drawn) return;
  }
  if (!drawn || !results || !searches(state)) return;
  const spoken = count_of(results.answer, state);
  if (why === 'page' || (why === 'search' && document.activeElement === query)) by_id('count').focus({ preventScroll: true });
  else if (why === 'retry' && document.activeElement === document.body) by_id('count').focus({ preventScroll: true });
  else if (why === 'chips') (by_id('chips').querySelector('button') ?? by_id('count')).focus();
  else say(`${spoken.text}. ${spoken.page}`);
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
  const at = [...query.value].slice(0, column - 1).join('').length;
  query.focus();
  query.setSelectionRange(at, Math.min(at + 1, query.value.length));
}

// ---- the article

/// What shows an article, once it is there. It is fetched when a reader is about to open one: a first visit does without.
let sheet = null;

/// Whether it could be had.
async function load_sheet() {
  try {
    sheet ??= Object.assign({}, ...await Promise.all([import('./article.js'), import('./matches.js'), import('./passage.js'), styled('article.css')]));
    return true;
  } catch {
    return false;
  }
}
for (const hint of ['pointerover', 'focusin']) {
  by_id('hits').addEventListener(hint, event => event.target.closest?.('a.open') && load_sheet(), { passive: true });
}

let last_read = '';  // the key of the hit that was read last, to return focus to

async function read(why) {
  const reader = by_id('reader');
  if (!state.article) {
    opening.cancel();
    opened = null;
    reader.hidden = true;
    sheet?.clear_article();
    return;
  }
  last_read = `hit-${state.article}`;
  const key = `${state.article}\n${state.q}`;
  reader.hidden = false;
  if (opened?.key === key) return;
  opened = null;
  sheet?.clear_article();
  const noticed = after_a_moment(() => (by_id('reader-wait').hidden = false));
  const loaded = load_sheet();
  let outcome = await opening.article(state.article, state.q, state.expand);
  if (outcome?.answer && !await loaded) outcome = state.article === outcome.answer.id ? { trouble: new trouble('unreachable') } : null;
  noticed();
  if (!outcome) return;
  by_id('reader-wait').hidden = true;
  if (outcome.trouble) {
    by_id('reader-notice').hidden = false;
    by_id('reader-notice').replaceChildren(...words_for(outcome.trouble, state, () => read('open'), true));
    say(by_id('reader-notice').firstChild.textContent);
    return;
  }
  opened = { key, article: outcome.answer };
  sheet.show_article(outcome.answer, state);
  name_page();
  by_id('pane').scrollTop = 0;
  if (!two_panes.matches) scrollTo(0, why === 'back' || why === 'load' ? history.state?.y ?? 0 : 0);
  if (why !== 'words' && sheet.follow_passage()) return;
  if (why !== 'load' && why !== 'words') by_id('sheet-title').focus({ preventScroll: true });
}

function close_article() {
  if (!state.article) return false;
  if (history.state?.opened_here) history.back();
  else go({ ...state, article: '' }, 'back', { replace: true });
  return true;
}

// ---- keys

const hit_links = () => [...by_id('hits').querySelectorAll('a.open')];

/// Moves focus along the hits, from the first into the head of the list and from the last to the next page.
function move_focus(by) {
  const links = hit_links();
  const at = links.findIndex(link => link.closest('.hit').contains(document.activeElement));
  const to = at < 0 ? (by > 0 ? links[0] : null)
    : links[at + by] ?? (by > 0 ? by_id('pages').querySelector('a[rel=next]') : query);
  if (!to) return false;
  to.focus({ preventScroll: true });
  (to.closest('.hit') ?? to).scrollIntoView({ block: 'nearest' });
  return true;
}

/// The article before or after the one that is open.
function move_article(by) {
  const links = hit_links();
  const link = links[links.findIndex(a => a.dataset.key === `hit-${state.article}`) + by];
  if (!link || !links.length) return false;
  link.closest('.hit').scrollIntoView({ block: 'nearest' });
  go(parse(new URL(link.href).search), 'open', { replace: true });
  return true;
}

function turn_page(by) {
  const anchor = by_id('pages').querySelector(by > 0 ? 'a[rel=next]' : 'a[rel=prev]');
  if (!anchor) return false;
  anchor.click();
  return true;
}

bind_keys({
  to_query: () => {
    query.focus();
    query.select();
  },
  first: () => move_focus(1),
  move: by => state.article && hit_links().length ? move_article(by) : move_focus(by),
  move_focus,
  step: by => state.article ? sheet?.step(by) : turn_page(by),
  escape: target => {
    if (cancel_drag() || close_menus() || stop_search()) return true;
    if (target.matches?.('input, select')) {
      target.blur();
      return true;
    }
    return close_article();
  },
});

// ---- the menus beside the count, which are fetched when one is opened

const menus = [...document.querySelectorAll('details.menu')];
let filler = null;

async function fill_menus() {
  if (!menus.some(menu => menu.open) || !results) return;
  try {
    [filler] = await Promise.all([filler ?? import('./menus.js'), styled('article.css')]);
  } catch {
    return close_menus();
  }
  if (results && searches(state)) filler.show_menus(results.answer, state);
}

/// Closes what is open; false if nothing was. The focus goes back to what opened it.
function close_menus() {
  const open = menus.filter(menu => menu.open);
  for (const menu of open) {
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside) menu.querySelector('summary').focus();
  }
  return open.length > 0;
}

for (const menu of menus) menu.addEventListener('toggle', fill_menus);
// One at a time, and none once the reader is elsewhere.
for (const type of ['pointerdown', 'focusin']) {
  document.addEventListener(type, event => {
    const here = event.target.closest?.('details.menu');
    for (const menu of menus) if (menu !== here) menu.open = false;
  });
}

// ---- events

const suggestions = suggest_for(query, by_id('suggestions'), suggestion => {
  if (suggestion.id) return go({ ...state, article: suggestion.id }, 'open', { opened_here: !state.article });
  query.value = suggestion.text;
  by_id('search').requestSubmit();
});
by_id('search').addEventListener('submit', event => {
  event.preventDefault();
  suggestions.close();
  if (check_length()) return query.focus();
  results = null;  // asking again for the same is asking anew
  go(anew(state, { q: query.value.trim() }), 'search');
});
query.addEventListener('input', () => {
  stop_retrying();
  stop_search();
  check_length();
});

by_id('sort').addEventListener('change', event => {
  const sort = event.target.value === sorts[0] ? '' : event.target.value;
  go(anew(state, { sort }), 'filter');
});
by_id('dates').addEventListener('submit', event => {
  event.preventDefault();
  const next = read_dates(state);
  if (next) go(next, 'filter');
});
by_id('rail-open').addEventListener('click', event => {
  const open = document.body.classList.toggle('rail-shown');
  event.currentTarget.setAttribute('aria-expanded', String(open));
});
by_id('language').append(...Object.entries(languages).map(([code, name]) => el('option', { value: code, lang: code }, name)));
by_id('language').value = language_shown;
by_id('language').addEventListener('change', event => choose(event.target.value));
on_words(() => {
  by_id('language').value = language_shown;
  results = opened = null;
  follow(state, 'words');
});
by_id('step-on').addEventListener('click', () => sheet?.step(1));
by_id('step-back').addEventListener('click', () => sheet?.step(-1));
by_id('copy-passage').addEventListener('click', () => sheet?.copy_passage());

// Links to states of this page are followed in place; with a modifier they open where the browser opens them.
document.addEventListener('click', event => {
  const link = event.target.closest?.('a[href]');
  if (link?.id === 'skip') {
    event.preventDefault();
    by_id(by_id('results').checkVisibility() ? 'results' : 'reader').focus();
    return;
  }
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const url = new URL(link.href);
  if (link.target || url.origin !== location.origin || url.pathname !== location.pathname) return;
  event.preventDefault();
  if (link.id === 'close') return close_article();
  const next = parse(url.search);
  const opens = Boolean(next.article) && next.article !== state.article;
  const why = opens ? 'open' : link.classList.contains('step') ? 'page' : 'search';
  if (link.dataset.again !== undefined || (!opens && address(next) === address(state))) results = null;
  go(next, why, { opened_here: opens && !state.article });
});

addEventListener('popstate', () => follow(parse(location.search), 'back'));
addEventListener('pagehide', remember_scroll);
let resting;
addEventListener('scroll', () => {
  clearTimeout(resting);
  resting = setTimeout(remember_scroll, 250);
}, { passive: true });
new ResizeObserver(() => sheet?.draw_ruler()).observe(by_id('pane'));

// ---- start

history.scrollRestoration = 'manual';
follow(state, 'load');
document.documentElement.dataset.ready = '';
if (document.body.dataset.view === 'start' && matchMedia('(pointer: fine)').matches) query.focus();
