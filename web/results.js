// Draws the list: count, hits, pages, and the words for nothing found. Given an answer and a state it draws; it asks
// nothing and remembers nothing.

import { by_id, el, plain, runs, side_of, tongue, with_nodes } from './dom.js';
import { address, anew, feed_params, filtered, page_size, reachable } from './state.js';
import { date, language, t } from './strings.js';
import { hide_timeline } from './timeline.js';
import { notes } from './understood.js';

/// A link to a state, followed in place by app.js.
const link = (state, text, properties = {}) => el('a', { href: address(state), ...properties }, text);

export function when(article) {
  return article.published
    ? el('time', { class: 'when', datetime: article.published }, date(article.published))
    : el('span', { class: 'when undated' }, t.no_date);
}

/// The title's nodes; what the archive derived from the text is told apart by its class.
export const title_of = item => item.title?.length && plain(item.title).trim() ? runs(item.title) : [t.untitled];

function hit(item, state) {
  const spoken = tongue(item.lang);
  // The title first: who goes from heading to heading hears what stands behind it.
  return el('li', { class: 'hit', data: { id: item.id } },
    el('h2', { ...spoken, class: item.title_derived ? 'derived' : undefined },
      link({ ...state, article: item.id }, title_of(item), { class: 'open', data: { key: `hit-${item.id}` } })),
    el('div', { class: 'hit-from' },
      when(item),
      item.source && el('bdi', { class: 'outlet' }, item.source),
      item.lang && el('span', { class: 'tongue' }, language(item.lang))),
    el('div', { class: 'hit-text' }, (item.snippets ?? []).map(snippet => el('p', { class: 'snippet', ...spoken, dir: side_of(plain(snippet)) }, runs(snippet)))));
}

/// The count as people read it: what, for which query, whether estimated, which page.
export function count_of(answer, state) {
  const { value, exact } = answer.total;
  const pages = Math.max(Math.ceil(value / page_size), state.page);
  const sentence = query => {
    const q = query && !/["“”«»「」]/.test(state.q) ? t.quoted({ text: query }) : query;
    if (!q) return value === 0 ? t.none : exact ? t.articles({ n: value }) : t.articles_about({ n: value });
    return value === 0 ? t.none_for({ q }) : exact ? t.results_for({ n: value, q }) : t.results_for_about({ n: value, q });
  };
  return {
    text: sentence(state.q),
    nodes: state.q ? with_nodes(({ q }) => sentence(q), { q: el('bdi', {}, state.q) }) : [sentence('')],
    page: pages < 2 ? '' : (exact ? t.page_of : t.page_of_about)({ page: state.page, pages }),
  };
}

function nothing(answer, state) {
  if (answer.next) return [el('p', { class: 'notice-title' }, t.page_thin)];
  if (answer.total.value > 0) {
    const last = Math.max(1, Math.min(Math.ceil(answer.total.value / page_size), reachable / page_size));
    const to = last < state.page ? last : 1;
    return [el('p', { class: 'notice-title' }, t.page_empty({ page: state.page })),
      el('p', {}, link({ ...anew(state), page: to }, to > 1 ? t.to_last_page : t.to_first_page))];
  }
  return [
    filtered(state) && el('p', {}, `${t.none_filters} `,
      link(anew(state, { filters: new Map(), from: '', to: '' }), t.none_clear)),
    state.q && el('p', {}, t.none_hint),
    state.q && el('ul', {}, [t.none_hint_spelling, t.none_hint_fewer, t.none_hint_quotes, t.none_hint_prefix].map(hint => el('li', {}, hint))),
  ].filter(Boolean);
}

/// cursors: page → cursor of the pages of this list that can only be reached by one.
function pages(answer, state, cursors) {
  const step = (page, text, rel) => link({ ...state, page, cursor: cursors.get(page) ?? '', article: '' }, text,
    { rel, class: 'step', data: { key: rel } });
  const before = state.page - 1;
  const first = before > 0 && !cursors.has(before) && before * page_size > reachable;
  return [
    first ? link(anew(state), t.to_first_page, { class: 'step', data: { key: 'first' } })
      : before > 0 ? step(before, `‹ ${t.previous_page}`, 'prev') : el('span', { class: 'step off' }, `‹ ${t.previous_page}`),
    el('span', { class: 'at' }, count_of(answer, state).page),
    answer.next ? step(state.page + 1, `${t.next_page} ›`, 'next') : el('span', { class: 'step off' }, `${t.next_page} ›`),
  ];
}

/// The address of another form of a search, as other programs need it: whole.
export function beside(suffix, params) {
  const url = new URL(`api/v1/search.${suffix}`, document.baseURI);
  url.search = params;
  return url.href;
}

/// Tells the browser, and whatever looks for feeds, that this list has them; with null, that there is none.
export function announce_feeds(state) {
  for (const old of document.head.querySelectorAll('link[rel=alternate]')) old.remove();
  if (!state) return;
  for (const [type, suffix] of [['application/atom+xml', 'atom'], ['application/feed+json', 'feed.json']]) {
    document.head.append(el('link', { rel: 'alternate', type, title: document.title, href: beside(suffix, feed_params(state)) }));
  }
}

/// Empties the list, for a wait, a start page or trouble.
export function clear_results() {
  for (const id of ['notes', 'hits', 'pages', 'notice', 'start']) by_id(id).replaceChildren();
  for (const id of ['pages', 'notice', 'start']) by_id(id).hidden = true;
  hide_timeline();
}

/// Draws what stands before the hits, and as many of them as are given. place_caret(column) shows a place of the query in
/// the search box.
export function show_results(answer, state, place_caret, most = page_size) {
  clear_results();
  const { nodes, page } = count_of(answer, state);
  by_id('list-head').hidden = false;
  by_id('export').hidden = answer.total.value === 0;
  by_id('count').replaceChildren(...nodes, ...(page ? ['\u2003', el('small', {}, page)] : []));
  by_id('notes').replaceChildren(...notes(answer, state, place_caret));
  if (answer.hits.length) {
    const list = by_id('hits');
    list.start = (state.page - 1) * page_size + 1;
    list.replaceChildren(...answer.hits.slice(0, most).map(item => hit(item, state)));
  } else {
    by_id('notice').hidden = false;
    by_id('notice').replaceChildren(...nothing(answer, state));
  }
}

/// Draws the hits that are not there yet, and what stands behind them.
export function show_further(answer, state, cursors) {
  const list = by_id('hits');
  list.append(...answer.hits.slice(list.childElementCount).map(item => hit(item, state)));
  by_id('pages').hidden = !answer.next && (state.page === 1 || !answer.hits.length);
  by_id('pages').replaceChildren(...pages(answer, state, cursors));
}

/// Points the links of the list at a changed state (another article open), without drawing it anew.
export function mark_open(state) {
  for (const item of by_id('hits').children) {
    const open = item.dataset.id === state.article;
    item.classList.toggle('is-open', open);
    const anchor = item.querySelector('a.open');
    if (open) anchor.setAttribute('aria-current', 'true');
    else anchor.removeAttribute('aria-current');
  }
}
