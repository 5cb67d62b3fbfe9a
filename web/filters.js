// Draws what narrows a search: dates, the facets with their counts, and the chips of the filters that are on. What is
// drawn comes from the answer; a change is handed to change(state => next state), so that it adds to whatever was changed
// while the answer was on its way.

import { by_id, el } from './dom.js';
import { anew, chosen, filtered_by, normal_date, parse, repeatable, viewed } from './state.js';
import { language, number, t } from './strings.js';

const first_shown = 8;
const most_values = 100;  // as many as the API counts of a facet
const most_tags = 8;

const name_of = (facet, value) => facet === 'lang' ? language(value) : value;
const facet_name = facet => `facet_${facet}` in t ? t[`facet_${facet}`] : facet.replace(/^tag\./, '').replaceAll('_', ' ');
const is_tag = facet => facet.startsWith('tag.');

/// The tags of the articles in sight, those of most articles first: their facets are offered, and counted when opened.
function tags_of(answer, state) {
  const seen = new Map();
  for (const hit of answer.hits ?? []) for (const name of Object.keys(hit.tags ?? {})) seen.set(name, (seen.get(name) ?? 0) + 1);
  const names = [...seen].sort((a, b) => b[1] - a[1]).slice(0, most_tags).map(([name]) => `tag.${name}`).filter(name => /^tag\.[a-z0-9_]+$/.test(name));
  const open = state.view.filter(view => view.startsWith('open.tag.')).map(view => view.slice(5));
  return [...new Set([...[...state.filters.keys()].filter(is_tag), ...open, ...names])];
}

function choice(facet, { value, count }, estimated, on, off, change) {
  const set = how => change(now => filtered_by(now, facet, value, how));
  const name = name_of(facet, value);
  return el('div', { class: off ? 'choice is-excluded' : 'choice' },
    el('label', {},
      el('input', { type: 'checkbox', checked: on, data: { key: `${facet}=${value}` }, on: { change: event => set(event.target.checked) } }),
      el('bdi', { class: 'choice-name' }, name),
      el('span', { class: 'tally' }, count === undefined || off ? '' : estimated ? t.about_count({ n: count }) : number(count))),
    el('button', {
      type: 'button', class: 'exclude', 'aria-pressed': String(off), 'aria-label': t.exclude({ value: name }), title: t.exclude({ value: name }),
      data: { key: `${facet}=-${value}` }, on: { click: () => set(off ? false : 'not') },
    }, el('span', { 'aria-hidden': 'true' }, '−')));
}

function facet_group(facet, answer, state, change) {
  const { wanted, excluded } = chosen(state, facet);
  const open = !is_tag(facet) || wanted.length > 0 || excluded.length > 0 || state.view.includes(`open.${facet}`);
  const turn = (view, on) => change(now => viewed(now, view, on), 'view');
  const values = [...answer.facets?.[facet] ?? []];
  for (const value of [...wanted, ...excluded]) if (!values.some(v => v.value === value)) values.push({ value });
  if (!is_tag(facet) && values.length < 2 && !wanted.length && !excluded.length) return null;

  const estimated = answer.facets_estimated?.includes(facet);
  const whole = state.view.includes(`all.${facet}`) || values.length <= first_shown + 2;
  const is_on = ({ value, selected }) => Boolean(selected) || wanted.includes(value);
  const is_off = ({ value, excluded: out }) => Boolean(out) || excluded.includes(value);
  const shown = whole ? values : values.filter((v, i) => i < first_shown || is_on(v) || is_off(v));
  return el('fieldset', { class: 'facet', data: { facet } },
    el('legend', {}, is_tag(facet)
      ? el('button', { type: 'button', class: 'plain fold', 'aria-expanded': String(open), data: { key: `open-${facet}` },
        on: { click: () => turn(`open.${facet}`, !open) } }, el('span', { class: 'fold-name' }, facet_name(facet)))
      : facet_name(facet)),
    open && el('div', { class: 'choices' }, shown.map(v => choice(facet, v, estimated, is_on(v), is_off(v), change))),
    open && values.length > first_shown + 2 && el('button', {
      type: 'button', class: 'plain more', 'aria-expanded': String(whole), data: { key: `more-${facet}` },
      on: { click: () => turn(`all.${facet}`, !whole) },
    }, whole ? t.show_fewer : values.length < most_values ? t.show_all({ n: values.length }) : t.show_most({ n: values.length })));
}

/// Draws the rail. Focus stays on what it was on, if that is still there.
export function show_filters(answer, state, change) {
  const key = document.activeElement?.closest?.('#rail') ? document.activeElement.dataset.key : undefined;
  const facets = [...repeatable, ...tags_of(answer, state)];
  by_id('facets').replaceChildren(...facets.map(facet => facet_group(facet, answer, state, change)).filter(Boolean));
  by_id('from').value = state.from;
  by_id('to').value = state.to;
  date_error('');
  if (key) [...by_id('rail').querySelectorAll('[data-key]')].find(node => node.dataset.key === key)?.focus();
}

function date_error(text, ...fields) {
  by_id('dates-error').textContent = text;
  for (const id of ['from', 'to']) {
    const wrong = fields.includes(id);
    by_id(id).setAttribute('aria-invalid', String(wrong));
    if (wrong) by_id(id).setAttribute('aria-describedby', 'dates-error');
    else by_id(id).removeAttribute('aria-describedby');
  }
  if (fields.length) by_id(fields[0]).focus();
}

/// Reads the two date fields into a state, or says what is wrong with them and answers null.
export function read_dates(state) {
  const read = {};
  for (const id of ['from', 'to']) {
    const typed = by_id(id).value.trim();
    read[id] = typed ? normal_date(typed) : '';
    if (read[id] === null) return date_error(t.bad_date, id) ?? null;
  }
  const { from, to } = read;
  if (from && to && from > `${to}-99`) return date_error(t.dates_crossed, 'from', 'to') ?? null;
  date_error('');
  return anew(state, { from, to });
}

/// The filters that are on, each with a button that takes it off.
export function show_chips(state, change) {
  const chip = (name, value, less) => el('li', {}, el('button', {
    type: 'button', class: 'chip', 'aria-label': t.remove_filter({ name, value }), on: { click: () => change(less, 'chips') },
  }, el('span', { class: 'chip-name' }, name), value && [' ', el('bdi', {}, value)],
  el('span', { class: 'cross', 'aria-hidden': 'true' }, '×')));
  const made = [];
  for (const facet of state.filters.keys()) {
    const { wanted, excluded } = chosen(state, facet);
    const off = value => now => filtered_by(now, facet, value, false);
    for (const value of wanted) made.push(chip(facet_name(facet), name_of(facet, value), off(value)));
    for (const value of excluded) made.push(chip(t.facet_not({ name: facet_name(facet) }), name_of(facet, value), off(value)));
  }
  for (const end of ['from', 'to']) {
    if (state[end]) made.push(chip(t[`facet_${end}`], state[end], now => anew(now, { [end]: '' })));
  }
  if (!state.expand) made.push(chip(t.no_synonyms, '', now => anew(now, { expand: true })));
  if (made.length > 1) {
    const none = now => ({ ...parse(''), q: now.q, sort: now.sort, view: now.view });
    made.push(el('li', {}, el('button', { type: 'button', class: 'plain', on: { click: () => change(none, 'chips') } }, t.clear_filters)));
  }
  by_id('chips').hidden = !made.length;
  by_id('chips').replaceChildren(...made);
}
