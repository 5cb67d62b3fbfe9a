// Links to a passage: each paragraph of the open article has an anchor (#p12), and a link may name words in it
// (#p12:~:text=…, a text fragment: https://wicg.github.io/scroll-to-text-fragment/). Makes such links, and goes to what
// the page's own address names once the article is there.

import { copy } from './copy.js';
import { by_id, el } from './dom.js';
import { bring_into_view, current_match } from './matches.js';
import { t } from './strings.js';

/// The quiet link behind a paragraph. For pointers: what it does, the button in the bar does for everyone.
export const pilcrow = number => el('a', {
  class: 'pilcrow', href: `${location.search}#p${number}`, title: t.passage_link, 'aria-hidden': 'true', tabindex: '-1',
});

// ---- making a link

// "-", "," and "&" have a meaning in a text directive.
const encoded = text => encodeURIComponent(text).replaceAll('-', '%2D');
const flat = text => text.replace(/\s+/g, ' ').trim();

/// The directive for a text, and for what stands before it. What is long is named by its first and last words, as a
/// browser would.
export function text_directive(text, before = '') {
  const whole = flat(text);
  const prefix = before && `${encoded(before)}-,`;
  if (whole.length <= 120) return `text=${prefix}${encoded(whole)}`;
  const words = whole.split(' ');
  const [first, last] = words.length >= 12
    ? [words.slice(0, 5).join(' '), words.slice(-5).join(' ')]
    : [[...whole].slice(0, 20).join(''), [...whole].slice(-20).join('')];  // a script without blanks
  return `text=${prefix}${encoded(first)},${encoded(last)}`;
}

/// The directive for a text at this place of a longer one: with as much of what stands before it as tells it from others
/// like it.
export function directive_at(text, start, longer) {
  const begin = start + text.search(/\S|$/);
  const before = flat(longer.slice(0, begin));
  for (const length of [0, 24, 48, 96, 192, 384]) {
    const words = length && before.length > length ? before.slice(-length).replace(/^\S*\s|^[\udc00-\udfff]/, '') : before.slice(0, length);
    const directive = text_directive(text, words);
    if (find_directive(directive, longer)?.[0] === begin) return directive;
  }
  return text_directive(text);
}

const paragraph_of = node => (node?.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest?.('.body p') ?? null;

/// The words that are selected in the article's text, and the paragraph in which they begin; or null.
function selected() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const paragraph = paragraph_of(range.startContainer);
  return paragraph && paragraph_of(range.endContainer) && flat(String(selection)) ? { paragraph, text: String(selection), at: range } : null;
}

/// The first paragraph of which the reader sees something below the bar.
function first_seen() {
  const top = by_id('sheet').closest('.reader').querySelector('.reader-bar').getBoundingClientRect().bottom;
  return [...by_id('sheet').querySelectorAll('.body p')].find(p => p.getBoundingClientRect().bottom > Math.max(0, top) + 8) ?? null;
}

/// at: a range that begins where the text does.
function link_to(paragraph, text, at) {
  const url = new URL(location.href);
  url.hash = paragraph.id;
  if (!text) return url.href;
  const before = document.createRange();
  before.setStart(paragraph, 0);
  before.setEnd(at.startContainer, at.startOffset);
  return `${url.href}:~:${directive_at(text, String(before).length, text_of(from(paragraph)))}`;
}

function copy_link(paragraph, text, at) {
  const link = link_to(paragraph, text, at);
  history.replaceState(history.state, '', new URL(link).hash.split(':~:')[0]);
  show_passage(paragraph);
  copy(link, t.copied_link);
}

/// Copies a link to what is selected, else to the current match, else to the paragraph at the top of the view.
export function copy_passage() {
  const chosen = selected();
  if (chosen) return copy_link(chosen.paragraph, chosen.text, chosen.at);
  const match = current_match();
  if (!paragraph_of(match)) {
    const paragraph = first_seen();
    return paragraph && copy_link(paragraph, '');
  }
  const at = document.createRange();
  at.selectNodeContents(match);
  copy_link(paragraph_of(match), match.textContent, at);
}

by_id('sheet').addEventListener('click', event => {
  const link = event.target.closest?.('a.pilcrow');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const paragraph = paragraph_of(link);
  const chosen = selected();
  copy_link(paragraph, chosen?.paragraph === paragraph ? chosen.text : '', chosen?.at);
});

// ---- following one

/// The directive that the page was opened with. A browser that understands it hides it from the page's address; the
/// entry of its own navigation has it still (Chromium) or it is lost, and the paragraph alone is shown.
function opened_with() {
  const href = location.href.includes(':~:') ? location.href : performance.getEntriesByType('navigation')[0]?.name ?? '';
  const [address, directive] = href.split(':~:');
  return directive && address === location.href.split(':~:')[0] ? directive : '';
}

/// The words of a directive in a text: [start, end), or null.
export function find_directive(directive, text) {
  const value = /(?:^|&)text=([^&]*)/.exec(directive)?.[1];
  if (!value) return null;
  let parts, before;
  try {
    const pieces = value.split(',');
    before = decodeURIComponent(pieces[0].endsWith('-') ? pieces.shift().slice(0, -1) : '');
    parts = pieces.filter(part => !part.startsWith('-')).map(decodeURIComponent);
  } catch {
    return null;
  }
  // Blanks as they come, capitals as they are: what we copy is what is printed.
  const pattern = words => flat(words).replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '\\s+');
  if (!parts.length || !parts.every(part => part.trim())) return null;
  const first = new RegExp(`(${pattern(before)}\\s*)(${pattern(parts[0])})`, 'iu').exec(text);
  if (!first) return null;
  const start = first.index + first[1].length;
  if (parts.length === 1) return [start, start + first[2].length];
  const rest = text.slice(start + first[2].length);
  const last = new RegExp(pattern(parts[1]), 'iu').exec(rest);
  return last ? [start, text.length - rest.length + last.index + last[0].length] : null;
}

/// A range over characters [start, end) of the text of nodes.
function range_over(nodes, start, end) {
  const range = document.createRange();
  let at = 0;
  let begun = false;
  for (const node of nodes) {
    const walk = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    for (let text = walk.nextNode(); text; text = walk.nextNode()) {
      const length = text.data.length;
      if (!begun && start < at + length) {
        range.setStart(text, start - at);
        begun = true;
      }
      if (end <= at + length) {
        range.setEnd(text, end - at);
        return range;
      }
      at += length;
    }
    at += 1;  // the line break between paragraphs
  }
  return null;
}

const most_paragraphs = 30;  // that the words of one link may span

/// A paragraph and those behind it, as far as the words of a link may go.
function from(paragraph) {
  const paragraphs = [paragraph];
  while (paragraphs.length < most_paragraphs && paragraphs.at(-1).nextElementSibling) paragraphs.push(paragraphs.at(-1).nextElementSibling);
  return paragraphs;
}

const text_of = paragraphs => paragraphs.map(p => p.textContent).join('\n');

function show_words(paragraph, directive) {
  if (!directive || !globalThis.CSS?.highlights) return null;
  const paragraphs = from(paragraph);
  const found = find_directive(directive, text_of(paragraphs));
  const range = found && range_over(paragraphs, ...found);
  if (range) CSS.highlights.set('passage', new Highlight(range));
  return range;
}

export function clear_passage() {
  by_id('sheet').querySelector('.body .target')?.classList.remove('target');
  globalThis.CSS?.highlights?.delete('passage');
}

function show_passage(paragraph) {
  clear_passage();
  paragraph.classList.add('target');
  paragraph.tabIndex = -1;
}

/// Goes to the paragraph that the address names, and answers whether there is one.
export function follow_passage() {
  const id = /^#(p[1-9]\d*)(?:$|:~:)/.exec(location.hash)?.[1];
  const paragraph = id && by_id('sheet').querySelector(`#${id}`);
  clear_passage();
  if (!paragraph) return false;
  show_passage(paragraph);
  bring_into_view(show_words(paragraph, opened_with()) ?? paragraph);
  paragraph.focus({ preventScroll: true });
  return true;
}

addEventListener('hashchange', follow_passage);
