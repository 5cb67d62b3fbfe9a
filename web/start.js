// Draws the start page: what the archive holds, as links into it.

import { by_id, el } from './dom.js';
import { address, filtered_by } from './state.js';
import { language, number, t } from './strings.js';

const most_shown = 12;

/// answer: that of the start page's parameters (list_params), or undefined if there is none.
export function show_start(answer, state) {
  const facet = name => answer?.facets?.[name] ?? [];
  const group = (name, title, text) => facet(name).length > 0 && el('div', { class: 'holding' },
    el('h2', {}, title),
    el('ul', {}, facet(name).slice(0, most_shown).map(({ value, count }) => el('li', {},
      el('a', { href: address(filtered_by(state, name, value, true)) }, el('bdi', {}, text(value))),
      ' ', el('span', { class: 'tally' }, number(count))))));
  by_id('start').hidden = false;
  by_id('start').replaceChildren(
    el('h1', {}, t.start_title),
    el('p', { class: 'lead' }, t.start_hint),
    answer && el('p', {}, `${t.articles({ n: answer.index?.articles ?? answer.total.value })} · `,
      el('a', { href: address({ ...state, sort: 'newest' }) }, t.start_browse)),
    el('div', { class: 'holdings' }, ...[
      group('source', t.start_outlets, value => value), group('lang', t.start_languages, language)].filter(Boolean)));
}
