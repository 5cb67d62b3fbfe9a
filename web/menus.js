// The two menus beside the count: what a search finds as a file, and its feeds. Both are addresses of the server, made
// of the state; a feed's stands whole in a field to be copied, since it is for another program.

import { by_id, el } from './dom.js';
import { copy } from './copy.js';
import { beside } from './results.js';
import { export_params, feed_params } from './state.js';
import { t } from './strings.js';

const formats = [['csv', 'CSV'], ['jsonl', 'JSON Lines'], ['ris', 'RIS'], ['bib', 'BibTeX'], ['csl.json', 'CSL-JSON']];
const most_ranked = 10_000;

function export_menu(answer, state) {
  const widened = Boolean(answer.query?.widened);
  const params = export_params(state, widened);
  const cut = params.has('limit') && answer.total.value > most_ranked;
  return [
    el('p', {}, cut ? t.export_first({ n: most_ranked }) : t.export_all),
    el('ul', {}, formats.map(([suffix, name]) => el('li', {},
      el('a', { href: beside(suffix, params), download: `articles.${suffix}`, class: 'export' },
        el('span', {}, name), ' ', el('small', {}, t[`export_${suffix.replace('.', '_')}`]))))),
  ];
}

function feed(name, url) {
  const id = `feed-${name.toLowerCase().replace(/\W/g, '-')}`;
  const field = el('input', { id, readonly: true, value: url, dir: 'ltr', spellcheck: 'false', on: { focus: () => field.select() } });
  return el('div', { class: 'feed' }, el('label', { for: id }, name), field,
    el('button', {
      type: 'button', 'aria-label': t.copy_address({ name }),
      on: { click: () => copy(url, t.copied_link) },
    }, t.copy));
}

function feed_menu(state) {
  const params = feed_params(state);
  return [el('p', {}, t.follow_hint), feed('Atom', beside('atom', params)), feed('JSON Feed', beside('feed.json', params))];
}

export function show_menus(answer, state) {
  by_id('export-body').replaceChildren(...export_menu(answer, state));
  by_id('follow-body').replaceChildren(...feed_menu(state));
}
