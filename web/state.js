// What the page shows, as a value, and its two-way mapping to the address: query, filters, order, page, open article.
//
// The address is the whole state: whatever can be seen can be reloaded, shared and gone back to. Knows the names of
// the API's parameters; touches neither the document nor the network.

export const page_size = 20;

/// How many hits pages can be jumped to by their numbers (search.max_depth as it is delivered); behind it a cursor leads on.
export const reachable = 10_000;

/// Filters that may repeat, in the order in which they are shown. Tags (tag.NAME) may follow.
export const repeatable = ['source', 'lang', 'author', 'collection'];
export const sorts = ['relevance', 'newest', 'oldest', 'added'];

const is_repeatable = name => repeatable.includes(name) || /^tag\.[a-z0-9_]+$/.test(name);

/// What of the page is unfolded: the timeline's table and share, a whole facet, the facet of a tag.
const is_view = name => ['table', 'share'].includes(name) || (/^(?:all|open)\./.test(name) && is_repeatable(name.replace(/^\w+\./, '')));

/// A date as typed (2019, 2019-6, 2019/06/13), in the form that the API reads; null if it is not a date.
export function normal_date(text) {
  const parts = /^\s*(\d{4})(?:[-/.](\d{1,2}))?(?:[-/.](\d{1,2}))?\s*$/.exec(text);
  if (!parts || +parts[1] === 0) return null;
  const [, year, month, day] = parts;
  if (month && (+month < 1 || +month > 12)) return null;
  if (day && (+day < 1 || +day > new Date(Date.UTC(2000 + (year % 400), +month, 0)).getUTCDate())) return null;
  return [year, month, day].filter(Boolean).map((p, i) => i ? p.padStart(2, '0') : p).join('-');
}

// ---- filters: kept in the API's form, in which -X excludes X, and a value that begins with a minus or a backslash has a
// backslash before it.

export const is_excluded = filter => filter.startsWith('-');
export const value_of = filter => filter.replace(/^[-\\]/, '');
const wanting = value => /^[-\\]/.test(value) ? `\\${value}` : value;
const excluding = value => `-${value}`;

/// The values of one filter, as printed: {wanted, excluded}, two lists.
export function chosen(state, name) {
  const list = state.filters.get(name) ?? [];
  return { wanted: list.filter(f => !is_excluded(f)).map(value_of), excluded: list.filter(is_excluded).map(value_of) };
}

/// The state that an address's query string describes. What it does not know it leaves out.
export function parse(search) {
  const params = new URLSearchParams(search);
  const filters = new Map();
  for (const [name, value] of params) {
    if (!is_repeatable(name) || !value || value === '-') continue;
    const values = filters.get(name) ?? [];
    if (!values.includes(value)) filters.set(name, [...values, value]);
  }
  const sort = params.get('sort');
  const page = Number(params.get('page'));
  const later = Number.isSafeInteger(page) && page > 1;
  return {
    q: (params.get('q') ?? '').trim(),
    from: params.get('from') ?? '',
    to: params.get('to') ?? '',
    sort: sorts.includes(sort) ? sort : '',
    expand: params.get('expand') !== 'off',
    page: later ? page : 1,
    cursor: later ? params.get('cursor') ?? '' : '',
    filters,
    article: params.get('article') ?? '',
    view: [...new Set((params.get('view') ?? '').split(',').filter(is_view))],
  };
}

/// The state of another list: the first page, nothing open.
export const anew = (state, changes = {}) => ({ ...state, page: 1, cursor: '', article: '', ...changes });

/// Whether anything narrows the archive besides the query.
export const filtered = state => Boolean(state.from || state.to || state.filters.size);

/// Whether there is anything to search for: words, filters, or an order to browse in.
export const searches = state => Boolean(state.q || state.sort || filtered(state));

function common(state) {
  const params = new URLSearchParams();
  if (state.q) params.set('q', state.q);
  for (const [name, values] of state.filters) for (const value of values) params.append(name, value);
  if (state.from) params.set('from', state.from);
  if (state.to) params.set('to', state.to);
  if (state.sort) params.set('sort', state.sort);
  if (!state.expand) params.set('expand', 'off');
  return params;
}

/// The address of a state, relative to the page.
export function address(state) {
  const params = common(state);
  if (state.page > 1) params.set('page', state.page);
  if (state.page > 1 && state.cursor) params.set('cursor', state.cursor);
  if (state.article) params.set('article', state.article);
  const views = state.view.join(',');
  const text = params.toString() + (views && `${params.size ? '&' : ''}view=${views}`);
  return text ? `?${text}` : './';
}

/// The facets of a state: those that are always counted, and those of tags that are open or filter.
export function facets_of(state) {
  const open = state.view.filter(view => view.startsWith('open.')).map(view => view.slice(5));
  return [...new Set([...repeatable, ...state.filters.keys(), ...open])];
}

/// The API's parameters for the results of a state. Two states with the same parameters show the same results.
export function search_params(state) {
  const params = common(state);
  params.set('limit', page_size);
  if (state.cursor) params.set('cursor', state.cursor);
  else if (state.page > 1) params.set('offset', (state.page - 1) * page_size);
  params.set('facets', facets_of(state).join(','));
  params.set('timeline', 'auto');
  params.set('snippets', '2');
  return params;
}

/// What is asked for the start page: what the archive holds.
const start_params = () => new URLSearchParams({ limit: '0', facets: 'source,lang' });

/// The API's parameters for what the list shows of a state, which may be the start page.
export const list_params = state => searches(state) ? search_params(state) : start_params();

/// The parameters for counting one facet of what a state finds.
export function facet_params(state, facet) {
  const params = common(state);
  params.delete('sort');
  params.set('limit', '0');
  params.set('facets', facet);
  return params;
}

/// The parameters of an export. widened: the search gave up some words, which exports do in the order of relevance alone,
/// and that has a bound.
export function export_params(state, widened) {
  const params = common(state);
  params.delete('sort');
  if (state.sort && state.sort !== 'relevance') params.set('sort', state.sort);
  else if (widened) params.set('sort', 'relevance');
  if (params.get('sort') === 'relevance' || params.get('sort') === 'added') params.set('limit', 10_000);
  return params;
}

/// The parameters of a feed, which has its own order: what came in last.
export function feed_params(state) {
  const params = common(state);
  params.delete('sort');
  return params;
}

/// The state with a filter's value wanted (true), excluded ('not') or neither (false); always back on the first page.
export function filtered_by(state, name, value, on) {
  const filters = new Map(state.filters);
  const values = (filters.get(name) ?? []).filter(filter => value_of(filter) !== value);
  if (on) values.push(on === 'not' ? excluding(value) : wanting(value));
  if (values.length) filters.set(name, values);
  else filters.delete(name);
  return anew(state, { filters });
}

/// The state with something unfolded, or folded again.
export function viewed(state, name, on) {
  const view = state.view.filter(other => other !== name);
  return { ...state, view: on ? [...view, name] : view };
}
