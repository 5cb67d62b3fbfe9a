// An article as people cite it in print.

import { plain, web_address } from './dom.js';
import { day, t } from './strings.js';

/// Authors. “Title”. Outlet, date. Address (accessed date). What is not known is left out, and nothing is invented.
export function citation(article, now = new Date()) {
  const title = plain(article.title).replace(/\s+/g, ' ').trim();
  const authors = [article.authors ?? []].flat().join(t.comma);
  const where = [article.source, article.published && day(article.published)].filter(Boolean).join(t.comma);
  const url = web_address(article.url)?.href;
  const accessed = t.cite_accessed({ date: day(now.toISOString().slice(0, 10)) });
  const sentence = text => /[.!?。！？؟]$/.test(text) ? text : `${text}.`;
  return [
    authors && sentence(authors), title && sentence(t.quoted({ text: title })), where && sentence(where), url && `${url} (${accessed})`,
  ].filter(Boolean).join(' ');
}
