// The matches of the open article: which is the current one, the steps between them, the list of all of them beside
// the text, and the ruler that shows where they lie.
//
// Knows the marks that article.js has drawn, and nothing of how it draws them.

import { by_id, el, say, tongue } from './dom.js';
import { number, t } from './strings.js';

const context_length = 48;  // characters on each side of a match in the list; as many are heard

let marks = [];
let contexts = [];
let current = -1;

/// The mark of the current match, or null.
export const current_match = () => marks[current] ?? null;

/// The end (of what stands before a match) or the beginning (of what stands after it), cut between words where there is
/// a blank to cut at.
function nearest(text, before) {
  const flat = text.replace(/\s+/g, ' ');
  if (flat.length <= context_length) return flat;
  if (before) {
    const cut = flat.slice(-context_length).replace(/^[\udc00-\udfff]/, '');
    return `…${cut.replace(/^\S{0,16}\s/, '')}`;
  }
  const cut = flat.slice(0, context_length).replace(/[\ud800-\udbff]$/, '');
  return `${cut.replace(/\s\S{0,16}$/, '')}…`;
}

/// What stands around each mark of one heading or paragraph.
function around(block) {
  const parts = [...block.childNodes].map(node => ({ text: node.textContent, mark: node.nodeName === 'MARK' ? node : null }));
  return parts.flatMap((part, i) => {
    if (!part.mark) return [];
    let before = '';
    for (let k = i - 1; k >= 0 && before.length <= context_length; --k) before = parts[k].text + before;
    let after = '';
    for (let k = i + 1; k < parts.length && after.length <= context_length; ++k) after += parts[k].text;
    return [{ mark: part.mark, before: nearest(before, true), after: nearest(after, false) }];
  });
}

/// blocks: the article's title and paragraphs, in their order. searched: there is a query. lang: the article's.
export function show_matches(blocks, searched, lang) {
  contexts = blocks.flatMap(around);
  marks = contexts.map(context => context.mark);
  current = -1;
  by_id('steps').hidden = !searched;
  count();
  draw_ruler();
  draw_list(lang);
}

export function clear_matches() {
  marks = [];
  contexts = [];
  current = -1;
  by_id('steps').hidden = by_id('matches').hidden = true;
  by_id('ruler').replaceChildren();
  by_id('matches-list').replaceChildren();
}

function count() {
  by_id('step-count').textContent = current >= 0 ? t.match_of({ i: current + 1, count: marks.length })
    : marks.length ? t.matches({ n: marks.length }) : t.matches_none;
  for (const id of ['step-back', 'step-on']) by_id(id).disabled = marks.length === 0;
}

// ---- going from one to another

/// Puts a node at the height of the eye: in the pane, if that is what scrolls, and else in the page.
export function bring_into_view(node) {
  const pane = by_id('pane');
  const box = node.getBoundingClientRect();
  const scrolls = getComputedStyle(pane).overflowY === 'auto';
  const top = scrolls ? pane.getBoundingClientRect().top : 0;
  const height = scrolls ? pane.clientHeight : innerHeight;
  (scrolls ? pane : window).scrollBy(0, box.top - top - Math.max(0, (height - box.height) * 0.4));
}

/// Makes a match the current one, shows it and says it.
function go_to(index) {
  marks[current]?.removeAttribute('aria-current');
  current = index;
  const mark = marks[current];
  mark.setAttribute('aria-current', 'true');
  bring_into_view(mark);
  count();
  for (const tick of by_id('ruler').children) {
    tick.classList.toggle('now', +tick.dataset.first <= current && current <= +tick.dataset.last);
  }
  choose_entry(current);
  const { before, after } = contexts[current];
  say(t.match_spoken({ i: current + 1, count: marks.length, context: `${before}${mark.textContent}${after}` }));
}

/// Moves to the next (+1) or previous (-1) match, around the end. along: the focus goes there too, so that a screen reader
/// reads on from the match.
export function step(by, along = false) {
  if (!marks.length) return;
  go_to(current < 0 ? (by > 0 ? 0 : marks.length - 1) : (current + by + marks.length) % marks.length);
  if (!along) return;
  marks[current].tabIndex = -1;
  marks[current].focus({ preventScroll: true });
}

// ---- the list

const entries = () => [...by_id('matches-list').querySelectorAll('button')];

function draw_list(lang) {
  const matches = by_id('matches');
  matches.hidden = marks.length === 0;
  by_id('matches-title').textContent = `${t.matches_list} (${number(marks.length)})`;
  by_id('matches-list').replaceChildren(...contexts.map(({ before, mark, after }, i) => el('li', {},
    el('button', { type: 'button', ...tongue(lang), dir: getComputedStyle(mark.parentElement).direction, tabindex: i ? '-1' : '0' }, before, el('mark', {}, mark.textContent), after))));
  // Beside the text it stands open; above it, where it would push the text away, closed.
  matches.open = getComputedStyle(matches).getPropertyValue('--beside').trim() === 'yes';
}

/// The list is one stop for the Tab key; its arrow keys go from match to match.
function choose_entry(index) {
  entries().forEach((entry, i) => {
    entry.tabIndex = i === index ? 0 : -1;
    if (i === index) entry.setAttribute('aria-current', 'true');
    else entry.removeAttribute('aria-current');
  });
  // By hand: scrollIntoView would move the text as well.
  const list = by_id('matches-list');
  const entry = entries()[index];
  if (!entry || list.scrollHeight <= list.clientHeight) return;
  const [box, frame] = [entry.getBoundingClientRect(), list.getBoundingClientRect()];
  if (box.top < frame.top) list.scrollTop -= frame.top - box.top;
  else if (box.bottom > frame.bottom) list.scrollTop += box.bottom - frame.bottom;
}

by_id('matches-list').addEventListener('click', event => {
  const entry = event.target.closest('button');
  if (entry) go_to(entries().indexOf(entry));
});
by_id('matches-list').addEventListener('keydown', event => {
  const list = entries();
  const at = list.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: list.length - 1 }[event.key];
  if (at < 0 || !list[to]) return;
  event.preventDefault();
  list[at].tabIndex = -1;
  list[to].tabIndex = 0;
  list[to].focus();
});

// ---- the ruler

/// A tick for each match at its place in the whole text; those that would lie on one another are one.
export function draw_ruler() {
  const pane = by_id('pane');
  const ruler = by_id('ruler');
  const height = pane.scrollHeight;
  const room = ruler.clientHeight;
  ruler.replaceChildren();
  if (!room || height <= pane.clientHeight) return;
  const top = pane.getBoundingClientRect().top - pane.scrollTop;
  let tick = null;
  let last = -Infinity;
  marks.forEach((mark, i) => {
    const y = Math.round((mark.getBoundingClientRect().top - top) / height * room);
    if (y - last < 4) {
      tick.dataset.last = i;
      return;
    }
    tick = el('i', { data: { first: i, last: i } });
    tick.style.top = `${y}px`;
    ruler.append(tick);
    last = y;
  });
}

by_id('ruler').addEventListener('click', event => {
  const first = event.target.dataset?.first;
  if (first !== undefined) go_to(+first);
});
