// A reference to the open article in the languages of reference managers, as the server writes it: to be copied, or as a
// file. What was asked for one article is never copied when another is open.

import { channel } from './api.js';
import { copy } from './copy.js';
import { el, say } from './dom.js';
import { t } from './strings.js';
import { said_of } from './trouble.js';

// The name of each in the address, what people call it, and its media type.
const formats = [
  ['ris', 'RIS', 'application/x-research-info-systems'],
  ['bib', 'BibTeX', 'application/x-bibtex'],
  ['csl.json', 'CSL-JSON', 'application/vnd.citationstyles.csl+json'],
];

const citing = new channel();

export const clear_references = () => citing.cancel();

/// The ways to have a reference to the article, to stand in the page.
export function references(article) {
  const failed = el('p', { class: 'reference-failed', hidden: true });
  const take = async (format, name, type) => {
    failed.hidden = true;
    const asked = citing.reference(article.id, format, type);
    // The clipboard is asked at once, while the click still allows it; the text comes later.
    await copy(asked.then(outcome => outcome?.answer), t.copied_as({ name }));
    const outcome = await asked;
    if (!outcome?.trouble) return;
    failed.textContent = said_of(outcome.trouble);
    failed.hidden = false;
    say(failed.textContent);
  };
  return [
    el('ul', {}, formats.map(([format, name, type]) => el('li', {},
      el('span', { class: 'reference-name' }, name),
      el('button', { type: 'button', 'aria-label': t.copy_as({ name }), data: { format }, on: { click: () => take(format, name, type) } }, t.copy),
      el('a', {
        href: `api/v1/articles/${encodeURIComponent(article.id)}?format=${format}`, download: `article.${format}`,
        'aria-label': t.download_as({ name }),
      }, t.download)))),
    failed,
  ];
}
