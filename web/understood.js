// Draws what the server says about how it took the query, each with the one click that changes it. Every change is a
// link to another state. Given an answer and a state it draws; it asks nothing and remembers nothing.

import { el, with_nodes } from './dom.js';
import { plain_words, requiring, requiring_all } from './query.js';
import { address, anew } from './state.js';
import { t } from './strings.js';
import { said } from './trouble.js';

const link = (state, text, properties = {}) => el('a', { href: address(state), ...properties }, text);
const listed = nodes => nodes.map((node, i) => [i ? t.comma : '', node]);
const note = (kind, ...children) => el('p', { class: kind ? `note ${kind}` : 'note', data: { note: kind } }, ...children);

const word = text => el('bdi', { class: 'word' }, text);

/// A word that was passed over, as a link that requires it, where the query has it in a place to quote.
function passed_over(text, state) {
  const q = requiring(state.q, text);
  return q === state.q ? word(text)
    : link(anew(state, { q }), word(text), { 'aria-label': t.require_word({ word: text }), title: t.require_word({ word: text }), class: 'require' });
}

/// The query with its words required, and, where the order is by relevance, the full matches alone.
function narrower(query, state) {
  const q = requiring_all(state.q, query.ignored ?? []);
  return [
    q !== state.q && link(anew(state, { q }), t.require_all),
    (!state.sort || state.sort === 'relevance') && link(anew(state, { sort: 'newest' }), t.require_all_by_date),
  ].filter(Boolean).flatMap(node => [' ', node]);
}

/// place_caret(column) shows the place of a warning in the search box.
export function notes(answer, state, place_caret) {
  const query = answer.query ?? {};
  const made = [];
  if (query.did_you_mean) {
    made.push(note('mean', with_nodes(t.did_you_mean, {
      query: link(anew(state, { q: query.did_you_mean }), el('bdi', {}, query.did_you_mean)) })));
  }
  if (answer.complete === false) made.push(note('grave', t.incomplete));
  if (query.widened) made.push(note('', t.widened, plain_words(state.q).length > 1 && narrower(query, state)));
  for (const warning of query.warnings ?? []) {
    made.push(note('',
      el('button', { type: 'button', class: 'where', on: { click: () => place_caret(warning.column) } },
        t.warning_at({ column: warning.column })), ' ',
      said(`warning_${warning.code}`, warning.values) ?? el('span', { lang: 'en', dir: 'auto' }, warning.message)));
  }
  if (query.expanded?.length) {
    made.push(note('quiet', with_nodes(t.expanded, { words: listed(query.expanded.map(word)) }), ' ',
      link(anew(state, { expand: false }), t.expand_off)));
  } else if (!state.expand) {
    made.push(note('quiet', t.expand_is_off, ' ', link(anew(state, { expand: true }), t.expand_on)));
  }
  if (query.ignored?.length) {
    made.push(note('quiet', with_nodes(t.ignored, { words: listed(query.ignored.map(text => passed_over(text, state))) })));
  }
  const understood = query.understood ?? '';
  if (understood && understood !== state.q && /[()"]|\b(?:OR|NOT|NEAR)\b/.test(understood)) {
    made.push(note('quiet', with_nodes(t.understood, { query: el('code', { dir: 'auto' }, understood) })));
  }
  return made;
}
