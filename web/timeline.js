// Draws what was found over time, as SVG: bars for the articles of each stretch, a line for their share of all that the
// archive has of it, and the same as a table. A stretch is chosen by dragging, or by two handles with the keyboard; what
// is chosen is handed to change(state => next state).
//
// Attributes of SVG only, no styles: the policy of the page forbids them. The earliest is where the page's lines begin.

import { by_id, el } from './dom.js';
import { address, anew, viewed } from './state.js';
import { date, number, percent, t } from './strings.js';
import { range_of, round_up, ticks } from './timescale.js';

const plot_height = 72;
const height = plot_height + 20;
const fewest_for_share = 10;  // a share of fewer articles than this says nothing

const svg = (tag, attributes = {}, ...children) => {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) node.setAttribute(name, value);
  node.append(...children.flat().filter(Boolean));
  return node;
};

let drawn = null;  // {timeline, state, change} of the last call, to draw again when the width changes
let wide = 0;      // pixels that the chart takes, as last observed: to ask for it would have the page laid out at once

const name_of = (timeline, i) => {
  const { from, to } = range_of(timeline, i, i);
  return from === to ? date(from) : `${date(from)} – ${date(to)}`;
};
const share_of = bucket => bucket.of >= fewest_for_share ? bucket.share : undefined;
const told = (timeline, i) => {
  const { count, share } = timeline.buckets[i];
  const n = { when: name_of(timeline, i), n: count };
  return share === undefined ? t.timeline_bucket(n) : t.timeline_bucket_share({ ...n, share: percent(share) });
};

/// The chart, `width` pixels wide.
function chart({ timeline, state, change }, width, readout) {
  const { buckets, unit } = timeline;
  const count = buckets.length;
  const rtl = document.documentElement.dir === 'rtl';
  const step = width / count;
  const at = i => rtl ? width - i * step : i * step;               // where bucket i begins
  const left = i => rtl ? width - (i + 1) * step : i * step;       // its left edge
  const bucket_at = x => Math.min(count - 1, Math.max(0, Math.floor((rtl ? width - x : x) / step)));

  const most = round_up(Math.max(...buckets.map(b => b.count)));
  const bars = buckets.map((bucket, i) => {
    const tall = bucket.count ? Math.max(1.5, bucket.count / most * plot_height) : 0;
    return tall && svg('rect', {
      x: left(i).toFixed(2), y: (plot_height - tall).toFixed(2), width: Math.max(step > 3 ? step - 1 : step, 1).toFixed(2), height: tall.toFixed(2),
      class: 'timeline-bar',
    });
  });

  const shares = state.view.includes('share') ? buckets.map(share_of) : [];
  const highest = Math.max(0, ...shares.filter(s => s !== undefined));
  const line = [];
  if (highest > 0) {
    let pen = 'M';
    shares.forEach((share, i) => {
      if (share === undefined) return void (pen = 'M');
      line.push(`${pen}${(left(i) + step / 2).toFixed(1)} ${(plot_height - share / highest * (plot_height - 4)).toFixed(1)}`);
      pen = 'L';
    });
  }

  const yearly = unit === 'year';
  const labelled = ticks(timeline, Math.ceil((yearly ? 52 : 92) / step));
  const years_only = unit === 'month' && labelled.every(i => buckets[i].date.endsWith('-01'));
  const longest = yearly || years_only ? 36 : 84;  // of a label, at most
  const axis = labelled.map((i, n) => {
    const text = date(years_only ? buckets[i].date.slice(0, 4) : buckets[i].date);
    const near_end = (count - i) * step < longest;
    // One that is moved in from the end must not lie on the one before.
    const crowded = near_end && n > 0 && (count - labelled[n - 1]) * step < 2 * longest;
    return [svg('line', { x1: at(i), x2: at(i), y1: plot_height, y2: plot_height + 4, class: 'timeline-tick' }),
      !crowded && svg('text', { x: near_end ? (rtl ? 0 : width) : at(i), y: height - 3, 'text-anchor': near_end ? 'end' : 'start' }, text)];
  }).flat();

  // What is chosen: the two ends as buckets, and the shade over it.
  let [first, last] = [0, count - 1];
  const chosen = svg('rect', { y: 0, height: plot_height, class: 'timeline-chosen', visibility: 'hidden' });
  const handle = (label, is_first) => {
    const grip = svg('g', {
      role: 'slider', tabindex: '0', class: 'timeline-handle', 'aria-label': label, 'aria-orientation': 'horizontal',
      'aria-valuemin': '0', 'aria-valuemax': String(count - 1), 'aria-describedby': 'timeline-how', 'data-key': is_first ? 'time-first' : 'time-last',
    }, svg('rect', { x: -12, y: 0, width: 24, height: plot_height, class: 'timeline-reach' }),
    svg('rect', { x: -1, y: 0, width: 2, height: plot_height }),
    svg('rect', { x: -4, y: plot_height / 2 - 10, width: 8, height: 20, rx: 3 }));
    grip.addEventListener('keydown', event => {
      const by = { ArrowRight: rtl ? -1 : 1, ArrowLeft: rtl ? 1 : -1, ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10, Home: -count, End: count }[event.key];
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (by) {
        const limit = value => Math.min(count - 1, Math.max(0, value));
        if (is_first) first = Math.min(limit(first + by), last);
        else last = Math.max(limit(last + by), first);
        settle();
      } else if (event.key === 'Enter') apply();
      else if (event.key === 'Escape' && !whole()) reset();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    return grip;
  };
  const grips = [handle(t.timeline_first, true), handle(t.timeline_last, false)];
  const whole = () => first === 0 && last === count - 1;

  function settle() {
    const x = Math.min(left(first), left(last));
    chosen.setAttribute('x', x);
    chosen.setAttribute('width', (last - first + 1) * step);
    if (whole()) chosen.setAttribute('visibility', 'hidden');
    else chosen.removeAttribute('visibility');
    [[grips[0], first, at(first)], [grips[1], last, at(last + 1)]].forEach(([grip, i, place]) => {
      grip.setAttribute('transform', `translate(${Math.min(width - 1, Math.max(1, place))} 0)`);
      grip.setAttribute('aria-valuenow', String(i));
      grip.setAttribute('aria-valuetext', told(timeline, i));
    });
    if (whole()) return;
    const n = buckets.slice(first, last + 1).reduce((sum, bucket) => sum + bucket.count, 0);
    const { from, to } = range_of(timeline, first, last, state);
    readout.textContent = t.timeline_bucket({ when: from === to ? date(from) : `${date(from)} – ${date(to)}`, n });
  }
  function reset() {
    [first, last] = [0, count - 1];
    readout.textContent = '';
    settle();
  }
  function apply() {
    if (!whole()) change(now => anew(now, range_of(timeline, first, last, state)));
  }

  const plot = svg('svg', {
    viewBox: `0 0 ${width} ${height}`, width, height, class: 'timeline-plot', role: 'group',
    'aria-label': t.timeline_name({ from: name_of(timeline, 0), to: name_of(timeline, count - 1), most: number(Math.max(...buckets.map(b => b.count))) }),
  },
  svg('g', { 'aria-hidden': 'true' },
    svg('rect', { x: 0, y: 0, width, height: plot_height, class: 'timeline-ground' }),
    svg('line', { x1: 0, x2: width, y1: 0.5, y2: 0.5, class: 'timeline-grid' }), bars, chosen,
    svg('line', { x1: 0, x2: width, y1: plot_height - 0.5, y2: plot_height - 0.5, class: 'timeline-base' }),
    line.length > 0 && svg('path', { d: line.join(''), class: 'timeline-share' }), axis,
    svg('text', { x: rtl ? width - 3 : 3, y: 13, 'text-anchor': 'start', class: 'timeline-most' }, number(most)),
    line.length > 0 && svg('text', { x: rtl ? 3 : width - 3, y: 13, 'text-anchor': 'end', class: 'timeline-most share' }, percent(highest))),
  grips);

  // Dragging: from where the pointer went down, or from the other end if that was a handle.
  let anchor = null;
  const bucket_of = event => bucket_at(event.clientX - plot.getBoundingClientRect().left);
  plot.addEventListener('pointerdown', event => {
    if (event.button || event.clientY - plot.getBoundingClientRect().top > plot_height) return;
    const grip = event.target.closest('.timeline-handle');
    anchor = grip ? (grip === grips[0] ? last : first) : bucket_of(event);
    if (!grip) [first, last] = [anchor, anchor];
    plot.setPointerCapture(event.pointerId);
    settle();
    if (!grip) event.preventDefault();
  });
  plot.addEventListener('pointermove', event => {
    const i = bucket_of(event);
    if (anchor === null) {
      if (whole()) readout.textContent = told(timeline, i);
      return;
    }
    [first, last] = [Math.min(anchor, i), Math.max(anchor, i)];
    settle();
  });
  plot.addEventListener('pointerup', () => {
    if (anchor === null) return;
    anchor = null;
    apply();
  });
  plot.addEventListener('pointercancel', () => {
    anchor = null;
    reset();
  });
  plot.addEventListener('pointerleave', () => {
    if (anchor === null && whole()) readout.textContent = '';
  });
  drawn.cancel_drag = () => {
    if (anchor === null) return false;
    anchor = null;
    reset();
    return true;
  };
  settle();
  return plot;
}

function table({ timeline, state }) {
  const rows = timeline.buckets.map(({ count, of, share }, i) => el('tr', {},
    el('th', { scope: 'row' }, count
      ? el('a', { href: address(anew(state, range_of(timeline, i, i, state))) }, name_of(timeline, i)) : name_of(timeline, i)),
    el('td', {}, number(count)), el('td', {}, number(of)), el('td', {}, share === undefined ? '' : percent(share))));
  const name = t.timeline_name({ from: name_of(timeline, 0), to: name_of(timeline, timeline.buckets.length - 1),
    most: number(Math.max(...timeline.buckets.map(b => b.count))) });
  return el('div', { class: 'timeline-table', id: 'timeline-table', tabindex: '0', role: 'region', 'aria-label': t.timeline },
    el('table', {}, el('caption', { class: 'heard' }, name),
      el('thead', {}, el('tr', {}, [t.timeline_when, t.timeline_articles, t.timeline_of, t.timeline_share].map(text => el('th', { scope: 'col' }, text)))),
      el('tbody', {}, rows)));
}

function draw(charted = true) {
  const host = by_id('timeline');
  const { timeline, state, change } = drawn;
  const key = host.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  const shown = state.view.includes('table');
  const toggle = (name, text, attributes) => el('button', {
    type: 'button', class: 'plain', data: { key: `time-${name}` }, ...attributes,
    on: { click: () => change(now => viewed(now, name, !now.view.includes(name)), 'view') },
  }, text);
  const readout = el('span', { class: 'timeline-readout', 'aria-hidden': 'true' });
  const place = el('div', { class: 'timeline-place' });
  const apart = [timeline.exact === false && t.timeline_estimated,
    timeline.less_precise > 0 && t.timeline_less_precise({ n: timeline.less_precise }),
    timeline.undated > 0 && t.timeline_undated({ n: timeline.undated }),
    state.view.includes('share') && t.timeline_share_of({ n: fewest_for_share })].filter(Boolean);
  host.hidden = false;
  host.replaceChildren(
    el('div', { class: 'timeline-head' },
      el('h2', {}, t[`timeline_${timeline.unit}`]), readout,
      el('span', { class: 'timeline-tools' },
        (state.from || state.to) && el('button', {
          type: 'button', class: 'plain', data: { key: 'time-whole' }, on: { click: () => change(now => anew(now, { from: '', to: '' })) },
        }, t.timeline_whole),
        toggle('share', t.timeline_share, { 'aria-pressed': String(state.view.includes('share')) }),
        toggle('table', shown ? t.timeline_table_off : t.timeline_table, { 'aria-expanded': String(shown) }))),
    place,
    el('p', { id: 'timeline-how', hidden: true }, t.timeline_how),
    ...(apart.length ? [el('p', { class: 'timeline-apart' }, apart.join(' '))] : []),
    ...(shown ? [table(drawn)] : []));
  drawn.fill = () => {
    wide ||= place.clientWidth;
    drawn.width = wide;
    place.append(chart(drawn, Math.max(120, Math.floor(wide)), readout));
  };
  if (charted) show_chart();
  if (key) [...host.querySelectorAll('[data-key]')].find(node => node.dataset.key === key)?.focus({ preventScroll: true });
}

/// Draws a timeline of the API, or nothing where there is none to see. charted: at once; else its room is kept for the chart,
/// which show_chart() puts there.
export function show_timeline(timeline, state, change, charted = true) {
  if (!(timeline?.buckets?.length > 1) || !timeline.buckets.some(bucket => bucket.count)) return hide_timeline();
  drawn = { timeline, state, change };
  draw(charted);
}

/// Draws the chart, if it is not there yet.
export function show_chart() {
  drawn?.fill?.();
  if (drawn) drawn.fill = null;
}

export function hide_timeline() {
  drawn = null;
  by_id('timeline').hidden = true;
  by_id('timeline').replaceChildren();
}

/// Ends a drag, which then chooses nothing; false if there is none.
export const cancel_drag = () => drawn?.cancel_drag?.() ?? false;

new ResizeObserver(() => {
  const now = by_id('timeline').clientWidth;
  if (now) wide = now;
  if (now && drawn?.width !== undefined && drawn.width !== wide) draw();
}).observe(by_id('timeline'));
