// A query as text: how long it is, which of its words stand plainly, and how the query language says that one of them
// must be there. Pure; knows docs/query-language.md, and nothing of the page.

/// The server takes no longer query (search.max_query_size as it is delivered), in bytes of UTF-8.
export const longest_query = 4096;

const encoder = new TextEncoder();
export const bytes_in = text => encoder.encode(text).length;

const families = { '"': '"“”„＂〝〞', '«': '«»' };
const closers_of = mark => Object.values(families).find(marks => marks.includes(mark));

/// The plain words of a query, in order, as {text, start, end}: those outside of quotation marks and parentheses that
/// are neither operators nor excluded nor in a field.
export function plain_words(q) {
  const words = [];
  let depth = 0;
  for (let i = 0; i < q.length;) {
    const closers = closers_of(q[i]);
    if (closers) {
      let end = i + 1;
      while (end < q.length && !closers.includes(q[end])) ++end;
      i = end < q.length ? end + 1 : i + 1;  // a mark without a partner is passed over
      continue;
    }
    if ('(（'.includes(q[i])) ++depth;
    else if (')）'.includes(q[i])) depth = Math.max(0, depth - 1);
    else if (!/\s/.test(q[i])) {
      const [piece] = /^[^\s"“”„＂〝〞«»()（）]+/.exec(q.slice(i));
      const start = i;
      i += piece.length;
      // `field:"…"`, `="…"`, `-"…"` and `-(…)` reach into what follows: not plain, whatever that is.
      const reaches = /[:=：＝-]$/.test(piece);
      if (!depth && !reaches && !/^(?:AND|OR|NOT|NEAR(?:\/\d+)?|[-=＝－−].*|[\w.]+[:：](?!\/\/).*)$/.test(piece) && /[\p{L}\p{N}]/u.test(piece)) {
        words.push({ text: piece, start, end: i });
      }
      continue;
    }
    ++i;
  }
  return words;
}

const bare = word => word.toLowerCase().replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');

/// The query with these plain words quoted, which requires them as they are written. wanted(word) is asked for each,
/// in small letters and without the punctuation around it.
export function quoted(q, wanted) {
  let made = q;
  for (const { text, start, end } of plain_words(q).reverse()) {
    if (!text.endsWith('*') && wanted(bare(text))) made = `${made.slice(0, start)}"${text}"${made.slice(end)}`;
  }
  return made;
}

/// Requires one word that was passed over.
export const requiring = (q, word) => quoted(q, other => other === bare(word));

/// Requires every plain word, but those that say little.
export const requiring_all = (q, ignored) => {
  const passed = new Set(ignored.map(bare));
  return quoted(q, word => !passed.has(word));
};
