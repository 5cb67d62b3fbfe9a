// Draws one article: where it is from, its title and text with what matched marked, what is known about it, and what
// can be done with it. The matches are matches.js's from there on, links to passages passage.js's.

import { citation } from './citation.js';
import { copy } from './copy.js';
import { by_id, el, host_of, plain, runs, tongue, web_address, with_nodes } from './dom.js';
import { clear_matches, show_matches } from './matches.js';
import { clear_passage, pilcrow } from './passage.js';
import { clear_references, references } from './references.js';
import { title_of, when } from './results.js';
import { address, filtered_by, parse } from './state.js';
import { date, language, t } from './strings.js';
import { clear_surroundings, show_related, show_why } from './surroundings.js';

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

/// What can be done with the article, and why it was found, once that is asked.
function tools(article, state) {
  const folded = (id, text, fill) => {
    const place = el('div', { class: id, hidden: true });
    const unfold = event => {
      const shown = place.hidden;
      event.currentTarget.setAttribute('aria-expanded', String(shown));
      place.hidden = !shown;
      if (shown && !place.firstChild) fill(place);
    };
    return [el('button', { type: 'button', id, 'aria-expanded': 'false', on: { click: unfold } }, text), place];
  };
  const [cite_as, formats] = folded('cite-as', t.cite_as, place => place.append(...references(article)));
  const [why, reasons] = folded('why', t.why, place => show_why(article, state, place));
  return el('div', { class: 'tools' },
    el('button', { type: 'button', id: 'cite', on: { click: () => copy(citation(article), t.copied_citation) } }, t.cite),
    cite_as, state.q && why, formats, reasons);
}

/// state: its query, if there is one, is what is marked.
export function show_article(article, state) {
  const searched = Boolean(state.q);
  const spoken = tongue(article.lang);
  const authors = [article.authors ?? []].flat();
  by_id('sheet').replaceChildren(
    // Focus goes to the title: what is read on from there begins with where the article is from, which stands above it.
    el('header', {},
      el('h1', { ...spoken, id: 'sheet-title', tabindex: '-1', class: article.title_derived ? 'derived' : undefined },
        title_of(article)),
      el('p', { class: 'sheet-from' },
        when(article),
        article.source && el('span', { class: 'outlet' }, same('source', article.source)),
        article.lang && el('span', { class: 'tongue' }, language(article.lang))),
      article.title_derived && el('p', { class: 'aside' }, t.derived_title),
      authors.length > 0 && el('p', { class: 'byline' }, with_nodes(t.by, { authors: listed(authors.map(name => same('author', name))) }))),
    el('div', { class: 'body' }, (article.paragraphs ?? []).map((text, i) => el('p', { ...spoken, id: `p${i + 1}` },
      runs(text), pilcrow(i + 1)))),
    tools(article, state),
    about(article),
    el('nav', { class: 'related', id: 'related', 'aria-label': t.related, hidden: true }));
  by_id('copy-passage').hidden = !article.paragraphs?.length;

  const url = web_address(article.url);
  const original = by_id('original');
  original.hidden = !url;
  if (url) {
    original.href = url.href;
    original.replaceChildren(...with_nodes(t.original, { host: el('bdi', {}, host_of(url)) }));
  } else original.removeAttribute('href');

  const blocks = [by_id('sheet-title'), ...by_id('sheet').querySelectorAll('.body p')];
  show_matches(blocks, searched, article.lang);
  show_related(article, state, by_id('related'));
}

export function clear_article() {
  clear_passage();
  clear_matches();
  clear_surroundings();
  clear_references();
  for (const id of ['sheet', 'reader-notice']) by_id(id).replaceChildren();
  for (const id of ['original', 'reader-notice', 'reader-wait', 'copied', 'copy-passage']) by_id(id).hidden = true;
}

export const plain_title = article => plain(article.title).trim() || t.untitled;
