// Draws the list: count, notes about how the query was read, hits, pages, and the words for nothing found and for
// trouble. Given an answer and a state it draws; it asks nothing and remembers nothing.

import { by_id, el, plain, runs, tongue, with_nodes } from './dom.js';
import { address, filtered, page_size } from './state.js';
import { date, language, t } from './strings.js';

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
  return el('li', { class: 'hit', data: { id: item.id } },
    el('div', { class: 'hit-from' },
      when(item),
      item.source && el('bdi', { class: 'outlet' }, item.source),
      item.lang && el('span', { class: 'tongue' }, language(item.lang))),
    el('div', { class: 'hit-text' },
      el('h2', { ...spoken, class: item.title_derived ? 'derived' : undefined },
        link({ ...state, article: item.id }, title_of(item), { class: 'open', data: { key: `hit-${item.id}` } })),
      (item.snippets ?? []).map(snippet => el('p', { class: 'snippet', ...spoken }, runs(snippet)))));
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

const listed = words => words.map((word, i) => [i ? t.comma : '', el('bdi', { class: 'word' }, word)]);

/// What the server says about how it took the query. place_caret(column) shows the place of a warning.
function notes(answer, state, place_caret) {
  const query = answer.query ?? {};
  const made = [];
  if (query.did_you_mean) {
    made.push(el('p', { class: 'note mean' }, with_nodes(t.did_you_mean, {
      query: link({ ...state, q: query.did_you_mean, page: 1, article: '' }, el('bdi', {}, query.did_you_mean)) })));
  }
  if (answer.complete === false) made.push(el('p', { class: 'note grave' }, t.incomplete));
  if (query.widened) made.push(el('p', { class: 'note' }, t.widened));
  for (const warning of query.warnings ?? []) {
    made.push(el('p', { class: 'note' },
      el('button', { type: 'button', class: 'where', on: { click: () => place_caret(warning.column) } },
        t.warning_at({ column: warning.column })), ` ${warning.message}`));
  }
  if (query.expanded?.length) {
    made.push(el('p', { class: 'note quiet' }, with_nodes(t.expanded, { words: listed(query.expanded) }), ' ',
      link({ ...state, expand: false, page: 1, article: '' }, t.expand_off)));
  }
  if (query.ignored?.length) {
    made.push(el('p', { class: 'note quiet' }, with_nodes(t.ignored, { words: listed(query.ignored) })));
  }
  const understood = query.understood ?? '';
  if (understood && understood !== state.q && /[()"]|\b(?:OR|NOT|NEAR)\b/.test(understood)) {
    made.push(el('p', { class: 'note quiet' }, with_nodes(t.understood, { query: el('code', { dir: 'auto' }, understood) })));
  }
  return made;
}

function nothing(answer, state) {
  if (answer.total.value > 0) {
    const last = Math.max(1, Math.ceil(answer.total.value / page_size));
    return [el('p', { class: 'notice-title' }, t.page_empty({ page: state.page })),
      el('p', {}, link({ ...state, page: last < state.page ? last : 1 }, last < state.page ? t.to_last_page : t.to_first_page))];
  }
  return [
    filtered(state) && el('p', {}, `${t.none_filters} `,
      link({ ...state, filters: new Map(), from: '', to: '', page: 1 }, t.none_clear)),
    state.q && el('p', {}, t.none_hint),
    state.q && el('ul', {}, [t.none_hint_spelling, t.none_hint_fewer, t.none_hint_quotes, t.none_hint_prefix].map(hint => el('li', {}, hint))),
  ].filter(Boolean);
}

function pages(answer, state) {
  const more = answer.next || state.page * page_size < answer.total.value;
  const step = (page, text, rel) => link({ ...state, page, article: '' }, text, { rel, class: 'step', data: { key: rel } });
  return [
    state.page > 1 ? step(state.page - 1, `‹ ${t.previous_page}`, 'prev') : el('span', { class: 'step off' }, `‹ ${t.previous_page}`),
    el('span', { class: 'at' }, count_of(answer, state).page),
    more ? step(state.page + 1, `${t.next_page} ›`, 'next') : el('span', { class: 'step off' }, `${t.next_page} ›`),
  ];
}

/// Empties the list, for a wait, a start page or trouble.
export function clear_results() {
  for (const id of ['notes', 'hits', 'pages', 'notice', 'start']) by_id(id).replaceChildren();
  for (const id of ['pages', 'notice', 'start']) by_id(id).hidden = true;
}

export function show_results(answer, state, place_caret) {
  clear_results();
  const { nodes, page } = count_of(answer, state);
  by_id('list-head').hidden = false;
  by_id('count').replaceChildren(...nodes, page && el('small', {}, page));
  by_id('notes').replaceChildren(...notes(answer, state, place_caret));
  if (answer.hits.length) {
    const list = by_id('hits');
    list.start = (state.page - 1) * page_size + 1;
    list.replaceChildren(...answer.hits.map(item => hit(item, state)));
    by_id('pages').hidden = state.page === 1 && !answer.next && answer.total.value <= page_size;
    by_id('pages').replaceChildren(...pages(answer, state));
  } else {
    by_id('notice').hidden = false;
    by_id('notice').replaceChildren(...nothing(answer, state));
  }
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

/// Why there is no answer and what can be done, in words: a title, sentences, and a button that asks again.
export function words_for(trouble, retry, missing = false) {
  const { kind, status, title, detail, code, retry_after } = trouble;
  let head = t.refused_title;
  let sentences = [detail || title];
  if (kind === 'unreachable') [head, sentences] = [t.unreachable_title, [t.unreachable]];
  else if (kind === 'unreadable') [head, sentences] = [t.unreadable_title, [t.unreadable]];
  else if (/^index_(?:missing|damaged|mismatch)$/.test(code)) head = t.no_index_title;
  else if (status === 503 || status === 429) {
    [head, sentences] = [t.busy_title, [detail || t.busy, retry_after && t.retry_after({ n: retry_after })]];
  } else if (status === 404 && missing) [head, sentences] = [t.missing_title, [t.missing]];
  else if (status >= 500) [head, sentences] = [t.failed_title, [t.failed, detail]];
  if (kind === 'http' && `hint_${code}` in t) sentences.push(t[`hint_${code}`]);
  return [
    el('h1', { class: 'notice-title' }, head),
    ...sentences.filter(Boolean).map(sentence => el('p', {}, sentence)),
    el('p', {}, el('button', { type: 'button', on: { click: retry } }, t.retry)),
  ];
}
