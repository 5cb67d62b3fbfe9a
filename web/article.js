// Draws one article with its matches marked, steps between them, and shows on the ruler where they lie.
//
// Keeps which match is the current one; everything else comes with each call.

import { by_id, el, host_of, plain, runs, say, tongue, web_address, with_nodes } from './dom.js';
import { title_of, when } from './results.js';
import { address, filtered_by, parse } from './state.js';
import { date, language, t } from './strings.js';

let marks = [];
let current = -1;

/// A link that searches for everything else with this value.
const same = (name, value) => el('a', { href: address(filtered_by(parse(''), name, value, true)) }, el('bdi', {}, value));

const row = (term, ...values) => [el('dt', {}, term), el('dd', {}, ...values)];
const listed = links => links.flatMap((node, i) => i ? [t.comma, node] : [node]);

function about(article) {
  const tags = Array.isArray(article.tags)
    ? article.tags.map(tag => [tag.name, tag.values]) : Object.entries(article.tags ?? {});
  const url = web_address(article.url);
  return el('footer', { class: 'about' },
    el('h2', {}, t.about),
    el('dl', {},
      article.collection && row(t.field_collection, same('collection', article.collection)),
      article.updated && row(t.field_updated, date(article.updated)),
      tags.map(([name, values]) => row(name.replaceAll('_', ' '),
        ...listed([values].flat().map(value => same(`tag.${name}`, String(value)))))),
      url ? row(t.field_url, el('a', { href: url.href, target: '_blank', rel: 'noopener noreferrer external' }, url.href))
        : article.url && row(t.field_url, article.url),
      row(t.field_id, el('code', {}, article.id))));
}

/// searched: there is a query whose matches are marked.
export function show_article(article, searched) {
  const spoken = tongue(article.lang);
  const authors = [article.authors ?? []].flat();
  by_id('sheet').replaceChildren(
    el('header', {},
      el('p', { class: 'sheet-from' },
        when(article),
        article.source && el('span', { class: 'outlet' }, same('source', article.source)),
        article.lang && el('span', { class: 'tongue' }, language(article.lang))),
      el('h1', { ...spoken, id: 'sheet-title', tabindex: '-1', class: article.title_derived ? 'derived' : undefined },
        title_of(article)),
      article.title_derived && el('p', { class: 'aside' }, t.derived_title),
      authors.length > 0 && el('p', { class: 'byline' }, with_nodes(t.by, { authors: listed(authors.map(name => same('author', name))) }))),
    el('div', { class: 'body' }, (article.paragraphs ?? []).map(text => el('p', spoken, runs(text)))),
    about(article));

  const url = web_address(article.url);
  const original = by_id('original');
  original.hidden = !url;
  if (url) {
    original.href = url.href;
    original.replaceChildren(...with_nodes(t.original, { host: el('bdi', {}, host_of(url)) }));
  } else original.removeAttribute('href');

  marks = [...by_id('sheet').querySelectorAll('mark')];
  current = -1;
  by_id('steps').hidden = !searched;
  count();
  draw_ruler();
}

export function clear_article() {
  marks = [];
  current = -1;
  for (const id of ['sheet', 'ruler', 'reader-notice']) by_id(id).replaceChildren();
  for (const id of ['steps', 'original', 'reader-notice', 'reader-wait']) by_id(id).hidden = true;
}

function count() {
  by_id('step-count').textContent = current >= 0 ? t.match_of({ i: current + 1, count: marks.length })
    : marks.length ? t.matches({ n: marks.length }) : t.matches_none;
  for (const id of ['step-back', 'step-on']) by_id(id).disabled = marks.length === 0;
}

/// The words around a mark, for those who hear it.
function context(mark) {
  const text = mark.parentElement.textContent;
  const range = document.createRange();
  range.selectNodeContents(mark.parentElement);
  range.setEndBefore(mark);
  const at = range.toString().length;
  return text.slice(Math.max(0, at - 40), at + mark.textContent.length + 40).replace(/\s+/g, ' ').trim();
}

/// Puts a mark at the height of the eye: in the pane, if that is what scrolls, and else in the page.
function bring_into_view(mark) {
  const pane = by_id('pane');
  const box = mark.getBoundingClientRect();
  const scrolls = getComputedStyle(pane).overflowY === 'auto';
  const top = scrolls ? pane.getBoundingClientRect().top : 0;
  const height = scrolls ? pane.clientHeight : innerHeight;
  (scrolls ? pane : window).scrollBy(0, box.top - top - height * 0.4 + box.height / 2);
}

/// Moves to the next (+1) or previous (-1) match, around the end.
export function step(by) {
  if (!marks.length) return;
  marks[current]?.removeAttribute('aria-current');
  current = current < 0 ? (by > 0 ? 0 : marks.length - 1) : (current + by + marks.length) % marks.length;
  const mark = marks[current];
  mark.setAttribute('aria-current', 'true');
  bring_into_view(mark);
  count();
  for (const tick of by_id('ruler').children) {
    tick.classList.toggle('now', +tick.dataset.first <= current && current <= +tick.dataset.last);
  }
  say(t.match_spoken({ i: current + 1, count: marks.length, context: context(mark) }));
}

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
  if (first === undefined) return;
  current = +first - 1;
  marks.forEach(mark => mark.removeAttribute('aria-current'));
  step(1);
});

export const plain_title = article => plain(article.title).trim() || t.untitled;
