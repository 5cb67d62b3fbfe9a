// What the page shows, as a value, and its two-way mapping to the address: query, filters, order, page, open article.
//
// The address is the whole state: whatever can be seen can be reloaded, shared and gone back to. Knows the names of
// the API's parameters; touches neither the document nor the network.

export const page_size = 20;

/// Filters that may repeat, in the order in which they are shown. Tags (tag.NAME) may follow.
export const repeatable = ['source', 'lang', 'author', 'collection'];
export const sorts = ['relevance', 'newest', 'oldest', 'added'];

const is_repeatable = name => repeatable.includes(name) || /^tag\.[a-z0-9_]+$/.test(name);

/// A date as typed (2019, 2019-6, 2019/06/13), in the form that the API reads; null if it is not a date.
export function normal_date(text) {
  const parts = /^\s*(\d{4})(?:[-/.](\d{1,2}))?(?:[-/.](\d{1,2}))?\s*$/.exec(text);
  if (!parts || +parts[1] === 0) return null;
  const [, year, month, day] = parts;
  if (month && (+month < 1 || +month > 12)) return null;
  if (day && (+day < 1 || +day > new Date(Date.UTC(2000 + (year % 400), +month, 0)).getUTCDate())) return null;
  return [year, month, day].filter(Boolean).map((p, i) => i ? p.padStart(2, '0') : p).join('-');
}

/// The state that an address's query string describes. What it does not know it leaves out.
export function parse(search) {
  const params = new URLSearchParams(search);
  const filters = new Map();
  for (const [name, value] of params) {
    if (!is_repeatable(name) || !value) continue;
    const values = filters.get(name) ?? [];
    if (!values.includes(value)) filters.set(name, [...values, value]);
  }
  const sort = params.get('sort');
  const page = Number(params.get('page'));
  return {
    q: (params.get('q') ?? '').trim(),
    from: params.get('from') ?? '',
    to: params.get('to') ?? '',
    sort: sorts.includes(sort) ? sort : '',
    expand: params.get('expand') !== 'off',
    page: Number.isSafeInteger(page) && page > 1 ? page : 1,
    filters,
    article: params.get('article') ?? '',
  };
}

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
  if (state.article) params.set('article', state.article);
  const text = params.toString();
  return text ? `?${text}` : './';
}

/// The API's parameters for the results of a state. Two states with the same parameters show the same results.
export function search_params(state) {
  const params = common(state);
  params.set('limit', page_size);
  if (state.page > 1) params.set('offset', (state.page - 1) * page_size);
  params.set('facets', 'source,lang,year');
  params.set('snippets', '2');
  return params;
}

/// What to ask besides: for each facet that a filter is on, its counts without that filter, so that a second outlet can
/// be added to the first, and the years around the chosen ones stay in sight. [facet, parameters] pairs.
export function facet_params(state) {
  const without = { source: ['source'], lang: ['lang'], year: ['from', 'to'] };
  return Object.entries(without).flatMap(([facet, names]) => {
    const params = common(state);
    if (!names.some(name => params.has(name))) return [];
    for (const name of [...names, 'sort']) params.delete(name);
    params.set('limit', '0');
    params.set('facets', facet);
    return [[facet, params]];
  });
}

/// The state with a filter's value on or off; always back on the first page, no article open.
export function filtered_by(state, name, value, on) {
  const filters = new Map(state.filters);
  const values = (filters.get(name) ?? []).filter(v => v !== value);
  if (on) values.push(value);
  if (values.length) filters.set(name, values);
  else filters.delete(name);
  return { ...state, filters, page: 1, article: '' };
}
