// The page: what happens in it becomes the next state, and whatever shows a state is told of it.
//
// One direction only (docs/page.md): something happens → go(next state) → the address → follow().

import { by_id, el, say } from './dom.js';
import { read_dates, show_chips } from './filters.js';
import { bind_keys } from './keys.js';
import { ask_ahead, forget_list, length_of, refill_menus, show_list, spoken_count, stop_search, unfold_list } from './list.js';
import { bind_menus, close_menus } from './list_menus.js';
import { change, go, now, on_step, remember_place } from './navigation.js';
import { close_article, forget_article, last_read, load_sheet, sheet, show_reader, title_shown, two_panes } from './reading.js';
import { address, anew, parse, searches, sorts } from './state.js';
import { choose, language_shown, languages, on_words, t } from './strings.js';
import { cancel_drag } from './timeline.js';
import { stop_retrying } from './trouble.js';

const query = by_id('q');

function follow(why) {
  if (why === 'view') return unfold_list();
  const state = now();
  close_suggestions();
  query.value = state.q;
  check_length();
  by_id('sort').value = state.sort || sorts[0];
  show_chips(state, change);
  document.body.dataset.view = searches(state) ? 'results' : 'start';
  document.body.dataset.reading = state.article ? 'yes' : 'no';
  by_id('close').href = address({ ...state, article: '' });
  by_id('close').textContent = two_panes.matches ? t.close : `‹ ${t.back}`;
  show_reader(why, name_page);  // first: closing gives the focus back before the list is settled
  show_list(why, settle);
  name_page();
}

function name_page() {
  const what = now().article ? title_shown() : now().q;
  // Letters that would reorder the rest of the browser's title bar are left out of it.
  document.title = what ? t.page_title({ what: what.replace(/[\u202a-\u202e\u2066-\u2069]/g, ''), site: 'Rapporteur' }) : 'Rapporteur';
}

/// Says under the box that what is in it is too long to be sent, or nearly so; true if it is too long.
function check_length() {
  const { over, said } = length_of(query.value);
  by_id('q-length').hidden = !said;
  by_id('q-length').classList.toggle('over', over);
  by_id('q-length').textContent = said;
  query.setAttribute('aria-invalid', String(over));
  return over;
}

/// After the list is right for the state: scroll and focus.
function settle(why, drawn) {
  const y = history.state?.y ?? 0;
  const kept = why === 'back' || why === 'load';
  const list_seen = !now().article || two_panes.matches;
  if (list_seen && (drawn || (kept && !two_panes.matches))) scrollTo(0, kept ? y : 0);
  const anchor = why === 'back' && !now().article && last_read() ? hit_links().find(a => a.dataset.key === last_read()) : null;
  if (anchor && (document.activeElement === document.body || !document.activeElement?.checkVisibility?.())) {
    anchor.focus({ preventScroll: true });
    if (!drawn) return;
  }
  const spoken = drawn && spoken_count();
  if (!spoken) return;
  const chip = why === 'chips' && by_id('chips').querySelector('button');
  const to_count = why === 'page' || (why === 'chips' && !chip) || (why === 'search' && document.activeElement === query)
    || (why === 'retry' && document.activeElement === document.body);
  if (chip) chip.focus();
  if (to_count) by_id('count').focus({ preventScroll: why !== 'chips' });
  // What has the focus is read out by itself.
  const told = why === 'page' ? [] : [...by_id('notes').querySelectorAll('.note:not(.quiet)')].map(note => note.textContent);
  if (!to_count) told.unshift(`${spoken.text}.`, spoken.page);
  const words = told.filter(Boolean).join(' ');
  if (words) say(words);
}

/// Gives the focus to a part of the page, which must not have it else: it would take it from whoever reads in it.
function land_on(node) {
  node.tabIndex = -1;
  node.addEventListener('blur', () => node.removeAttribute('tabindex'), { once: true });
  node.focus();
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
  const link = links[links.findIndex(a => a.dataset.key === `hit-${now().article}`) + by];
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
  move: by => now().article && hit_links().length ? move_article(by) : move_focus(by),
  move_focus,
  step: by => now().article ? sheet()?.step(by, true) : turn_page(by),
  escape: target => {
    if (cancel_drag() || close_menus() || stop_search()) return true;
    if (target.matches?.('input, select')) {
      target.blur();
      return true;
    }
    return close_article();
  },
});

// ---- events

// What suggests is fetched when somebody is about to type: a first visit to a list does without.
let suggestions = null, fetching = null, typed = false;  // typed: before it was there, and not yet answered
function close_suggestions() {
  typed = false;
  suggestions?.close();
}
function load_suggestions() {
  fetching ??= import('./suggest.js').then(({ suggest_for }) => {
    suggestions = suggest_for(query, by_id('suggestions'), take_suggestion);
    if (typed && document.activeElement === query) suggestions.ask();
  }).catch(() => (fetching = null));  // with the next letter again
}
function take_suggestion(suggestion) {
  if (suggestion.id) return go({ ...now(), article: suggestion.id }, 'open', { opened_here: !now().article });
  query.value = suggestion.text;
  by_id('search').requestSubmit();
}
for (const hint of ['pointerover', 'focus', 'input']) query.addEventListener(hint, load_suggestions);
by_id('search').addEventListener('submit', event => {
  event.preventDefault();
  close_suggestions();
  if (check_length()) return query.focus();
  remember_place();
  forget_list();  // asking again for the same is asking anew
  go(anew(now(), { q: query.value.trim() }), 'search');
});
query.addEventListener('input', () => {
  typed = !suggestions;
  stop_retrying();
  stop_search();
  check_length();
});

by_id('sort').addEventListener('change', event => {
  const sort = event.target.value === sorts[0] ? '' : event.target.value;
  go(anew(now(), { sort }), 'filter');
});
by_id('dates').addEventListener('submit', event => {
  event.preventDefault();
  const next = read_dates(now());
  if (next) go(next, 'filter');
});
by_id('rail-open').addEventListener('click', event => {
  const open = document.body.classList.toggle('rail-shown');
  event.currentTarget.setAttribute('aria-expanded', String(open));
});
by_id('language').append(...Object.entries(languages).map(([code, name]) => el('option', { value: code, lang: code }, name)));
by_id('language').value = language_shown;
by_id('language').addEventListener('change', event => choose(event.target.value));
bind_menus(refill_menus);
for (const hint of ['pointerover', 'focusin']) {
  by_id('hits').addEventListener(hint, event => event.target.closest?.('a.open') && load_sheet(), { passive: true });
}
on_words(() => {
  by_id('language').value = language_shown;
  forget_list();
  forget_article();
  follow('words');
});
by_id('step-on').addEventListener('click', () => sheet()?.step(1));
by_id('step-back').addEventListener('click', () => sheet()?.step(-1));
by_id('copy-passage').addEventListener('click', () => sheet()?.copy_passage());

// Links to states of this page are followed in place; with a modifier they open where the browser opens them.
document.addEventListener('click', event => {
  const link = event.target.closest?.('a[href]');
  if (link?.id === 'skip') {
    event.preventDefault();
    land_on(by_id(by_id('results').checkVisibility() ? 'results' : 'reader'));
    return;
  }
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const url = new URL(link.href);
  if (link.target || url.origin !== location.origin || url.pathname !== location.pathname) return;
  event.preventDefault();
  if (link.id === 'close') return close_article();
  const next = parse(url.search);
  const opens = Boolean(next.article) && next.article !== now().article;
  const why = opens ? 'open' : link.classList.contains('step') ? 'page' : 'search';
  if (link.dataset.again !== undefined || (!opens && address(next) === address(now()))) forget_list();
  go(next, why, { opened_here: opens && !now().article });
});

new ResizeObserver(() => sheet()?.draw_ruler()).observe(by_id('pane'));

// ---- start

on_step(follow, ask_ahead);
follow('load');
document.documentElement.dataset.ready = '';
if (document.body.dataset.view === 'start' && matchMedia('(pointer: fine)').matches) query.focus();
