// What is asked of the server about the open article besides its text: the articles like it, and why the search found
// it. Each comes when it comes, or not at all: the text does not wait for it.

import { channel } from './api.js';
import { el, plain, tongue } from './dom.js';
import { when } from './results.js';
import { address } from './state.js';
import { number, t } from './strings.js';

const relating = new channel();
const explaining = new channel();

export function clear_surroundings() {
  relating.cancel();
  explaining.cancel();
}

const related_shown = 5;

/// Draws the articles like this one into `place`, with links to them that keep the list as it is.
export async function show_related(article, state, place) {
  const outcome = await relating.related(article.id, related_shown);
  const hits = outcome?.answer?.hits ?? [];
  if (!hits.length) return;
  place.replaceChildren(
    el('h2', {}, t.related),
    el('ul', {}, hits.map(hit => el('li', {},
      el('a', { ...tongue(hit.lang), href: address({ ...state, article: hit.id }) },
        plain(hit.title).trim() || t.untitled),
      el('span', { class: 'related-from' }, when(hit), hit.source && el('bdi', { class: 'outlet' }, hit.source))))));
  place.hidden = false;
}

const share = (part, whole) => number(Math.round(part / whole * 100)) + '\u00a0%';

function table_of(answer) {
  const whole = answer.score > 0 ? answer.score : 0;
  const cell = (tag, ...content) => el(tag, tag === 'th' ? { scope: 'row' } : {}, ...content);
  const weighs = weight => el('td', {}, whole && weight > 0 ? share(weight, whole) : '–');
  const none = () => [el('td', {}, '–'), el('td', {}, '–')];
  return el('table', {},
    el('thead', {}, el('tr', {}, [t.why_word, t.why_in_title, t.why_in_text, t.why_weight].map(name => el('th', { scope: 'col' }, name)))),
    el('tbody', {},
      (answer.parts ?? []).map(part => el('tr', { class: part.matched ? undefined : 'unmatched' },
        cell('th', el('bdi', {}, part.text), part.excluded && ` (${t.why_excluded})`),
        el('td', {}, number(part.in_title ?? 0)), el('td', {}, number(part.in_text ?? 0)), weighs(part.weight))),
      answer.near > 0 && el('tr', {}, cell('th', t.why_near), none(), weighs(answer.near)),
      answer.alike > 0 && el('tr', {}, cell('th', t.why_alike), none(), weighs(answer.alike))));
}

/// Draws why the search of this state finds the article into `place`.
export async function show_why(article, state, place) {
  const outcome = await explaining.why(article.id, state.q, state.expand);
  const answer = outcome?.answer;
  if (!answer) return outcome !== null && Boolean(place.replaceChildren(el('p', {}, t.failed_title)));
  const says = { all: t.why_all, some: t.why_some }[answer.matches] ?? t.why_not;
  place.replaceChildren(
    el('p', {}, says, ' ', answer.rank && t.why_rank({ rank: answer.rank })),
    el('div', { class: 'why-table', tabindex: '0', role: 'region', 'aria-label': t.why_title }, table_of(answer)));
  return true;
}
