// Draws what narrows a search: outlets and languages with their counts, years as bars, dates, and the chips of the
// filters that are on. What is drawn comes from the answer; a change is handed to change(state => next state), so that it
// adds to whatever was changed while the answer was on its way.

import { by_id, el } from './dom.js';
import { filtered_by, normal_date, parse } from './state.js';
import { language, number, t } from './strings.js';

const first_shown = 8;
const most_bars = 40;
const most_values = 100;  // as many as the API counts of a facet
const opened = new Set();  // facets that are shown whole

const name_of = (facet, value) => facet === 'lang' ? language(value) : value;
const facet_name = facet => `facet_${facet}` in t ? t[`facet_${facet}`] : facet.replace(/^tag\./, '').replaceAll('_', ' ');
const values_of = (answer, facet) => {
  const found = answer?.facets?.[facet];
  return Array.isArray(found) ? found : found?.values ?? [];
};

function choice(facet, { value, count }, estimated, state, change) {
  const key = `${facet}=${value}`;
  return el('label', { class: 'choice' },
    el('input', {
      type: 'checkbox', checked: (state.filters.get(facet) ?? []).includes(value), data: { key },
      on: { change: event => change(now => filtered_by(now, facet, value, event.target.checked)) },
    }),
    el('bdi', { class: 'choice-name' }, name_of(facet, value)),
    el('span', { class: 'tally' }, count === undefined ? '' : estimated ? t.about_count({ n: count }) : number(count)));
}

function facet_group(facet, answer, state, change, redraw) {
  const values = [...values_of(answer, facet)];
  const on = state.filters.get(facet) ?? [];
  for (const value of on) if (!values.some(v => v.value === value)) values.unshift({ value });
  if (values.length < 2 && !on.length) return null;
  const estimated = answer.facets_estimated?.includes(facet);
  const whole = opened.has(facet) || values.length <= first_shown + 2;
  const shown = whole ? values : values.filter((v, i) => i < first_shown || on.includes(v.value));
  const toggle = () => {
    if (!opened.delete(facet)) opened.add(facet);
    redraw();
  };
  return el('fieldset', { class: 'facet' },
    el('legend', {}, facet_name(facet)),
    el('div', { class: 'choices' }, shown.map(value => choice(facet, value, estimated, state, change))),
    values.length > first_shown + 2 && el('button', {
      type: 'button', class: 'plain more', 'aria-expanded': String(whole), data: { key: `more-${facet}` }, on: { click: toggle },
    }, whole ? t.show_fewer : values.length < most_values ? t.show_all({ n: values.length }) : t.show_most({ n: values.length })));
}

/// Years as bars, joined to spans of 2, 5, 10 … years where they would be too many.
export function spans(values) {
  const years = values.map(v => ({ year: +v.value, count: v.count })).filter(v => Number.isInteger(v.year) && v.year > 0);
  if (!years.length) return [];
  const first = Math.min(...years.map(v => v.year));
  const last = Math.max(...years.map(v => v.year));
  const width = [1, 2, 5, 10, 20, 50, 100, 500].find(w => Math.floor(last / w) - Math.floor(first / w) < most_bars) ?? 1000;
  const made = [];
  for (let start = Math.floor(first / width) * width; start <= last; start += width) {
    const count = years.reduce((sum, v) => v.year >= start && v.year < start + width ? sum + v.count : sum, 0);
    made.push({ from: String(Math.max(start, 1)).padStart(4, '0'), to: String(start + width - 1).padStart(4, '0'), count });
  }
  return made;
}

/// Whether a date filter is on and takes in all of a bar.
const inside = (bar, { from, to }) => Boolean(from || to) && bar.from >= from && (!to || bar.to <= to.slice(0, 4));

function years(answer, state, change) {
  const bars = spans(values_of(answer, 'year'));
  if (bars.length < 2) return [];
  const most = Math.max(...bars.map(bar => bar.count));
  const buttons = bars.map((bar, i) => {
    const label = bar.from === bar.to ? bar.from : `${bar.from}–${bar.to}`;
    const button = el('button', {
      type: 'button', class: inside(bar, state) ? 'bar within' : 'bar', title: t.bar({ label, n: bar.count }), 'aria-label': t.bar({ label, n: bar.count }),
      tabindex: i === 0 ? '0' : '-1', disabled: bar.count === 0, data: { key: `year-${bar.from}` },
      on: { click: () => change(now => ({ ...now, from: bar.from, to: bar.to, page: 1, article: '' })) },
    }, el('i', {}));
    button.firstChild.style.height = bar.count ? `${Math.max(6, bar.count / most * 100)}%` : '0';
    return button;
  });
  // One stop for the Tab key; the arrow keys go from bar to bar.
  const arrows = event => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    const live = buttons.filter(button => !button.disabled);
    const next = live[live.indexOf(event.target) + by];
    if (!next) return;
    event.preventDefault();
    buttons.forEach(button => (button.tabIndex = -1));
    next.tabIndex = 0;
    next.focus();
  };
  return [
    el('div', { class: 'bars', role: 'group', 'aria-label': t.years, on: { keydown: arrows } }, buttons),
    el('div', { class: 'bars-ends', 'aria-hidden': 'true' }, el('span', {}, bars[0].from), el('span', {}, bars.at(-1).to)),
  ];
}

/// Draws the rail. Focus stays on what it was on, if that is still there.
export function show_filters(answer, state, change) {
  const key = document.activeElement?.closest?.('#rail') ? document.activeElement.dataset.key : undefined;
  const redraw = () => show_filters(answer, state, change);
  const facets = ['source', 'lang', ...[...state.filters.keys()].filter(f => f !== 'source' && f !== 'lang')];
  by_id('facets').replaceChildren(...facets.map(facet => facet_group(facet, answer, state, change, redraw)).filter(Boolean));
  by_id('years').replaceChildren(...years(answer, state, change));
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
  return { ...state, from, to, page: 1, article: '' };
}

/// The filters that are on, each with a button that takes it off.
export function show_chips(state, change) {
  const chip = (name, value, less) => el('li', {}, el('button', {
    type: 'button', class: 'chip', 'aria-label': t.remove_filter({ name, value }), on: { click: () => change(less, 'chips') },
  }, el('span', { class: 'chip-name' }, name), value && [' ', el('bdi', {}, value)],
  el('span', { class: 'cross', 'aria-hidden': 'true' }, '×')));
  const first = { page: 1, article: '' };
  const made = [];
  for (const [facet, values] of state.filters) {
    for (const value of values) {
      made.push(chip(facet_name(facet), name_of(facet, value), now => filtered_by(now, facet, value, false)));
    }
  }
  for (const end of ['from', 'to']) {
    if (state[end]) made.push(chip(t[`facet_${end}`], state[end], now => ({ ...now, ...first, [end]: '' })));
  }
  if (!state.expand) made.push(chip(t.no_synonyms, '', now => ({ ...now, ...first, expand: true })));
  if (made.length > 1) {
    const none = now => ({ ...parse(''), q: now.q, sort: now.sort });
    made.push(el('li', {}, el('button', { type: 'button', class: 'plain', on: { click: () => change(none, 'chips') } }, t.clear_filters)));
  }
  by_id('chips').hidden = !made.length;
  by_id('chips').replaceChildren(...made);
}
