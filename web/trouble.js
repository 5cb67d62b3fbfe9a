// Puts into words why there is no answer and what to do, and asks again by itself where the server said when. Has the
// sentences for what the server says by a code.

import { closed, el } from './dom.js';
import { address, anew, page_size, reachable } from './state.js';
import { sentence, t } from './strings.js';

const most_retries = 3;      // by itself, one after the other; then it is the reader's turn
const longest_pause = 60;    // seconds; a server that wants longer is asked by the reader

let tries = 0;
let timer;
let line;  // that counts down

/// Ends the waiting for another try. afresh: what is asked next is another question, with all its tries.
export function stop_retrying(afresh = true) {
  clearInterval(timer);
  line?.remove();
  if (afresh) tries = 0;
}

/// A line that counts the seconds down and then asks again; null when it is no longer worth it. Not read out: the
/// sentence before it says the same once.
function countdown(seconds, retry) {
  if (tries >= most_retries || !(seconds > 0) || seconds > longest_pause) return null;
  let left = seconds;
  line = el('p', { class: 'countdown', 'aria-hidden': 'true' }, t.retrying({ n: left }));
  clearInterval(timer);
  timer = setInterval(() => {
    left -= 1;
    line.textContent = t.retrying({ n: left });
    if (left > 0) return;
    clearInterval(timer);
    tries += 1;
    retry();
  }, 1000);
  return line;
}

/// What the server says by a code, with what is told in it; undefined if there is no sentence for it. Words keep to
/// themselves (UAX #9), from whatever side they run.
export function said(key, values = {}) {
  const word = sentence(key);
  if (typeof word !== 'function') return word;
  return word(Object.fromEntries(Object.entries(values).map(([name, value]) =>
    [name, typeof value === 'string' ? `\u2068${closed(value)}\u2069` : value])));
}

/// What the server said, in the reader's words; its own where there are none for it. server/pages/problem_page.cpp
/// chooses in the same way.
function sentence_of({ detail, code, parameter, values = {} }) {
  const has = name => parameter && name in values;
  const key = has('lowest') ? 'range' : has('choices') ? 'choice' : has('n') && has('most') ? 'size'
    : parameter && code === 'invalid_argument' ? 'parameter' : code;
  return said(`problem_${key}`, { ...values, parameter }) ?? detail;
}

/// What a trouble is called, in sentences: {head, sentences, wait (seconds to the next try, or undefined)}.
function told(trouble, missing) {
  const { kind, status, title, detail, code, parameter, retry_after } = trouble;
  if (kind === 'unreachable') return { head: t.unreachable_title, sentences: [t.unreachable] };
  if (kind === 'unreadable') return { head: t.unreadable_title, sentences: [t.unreadable] };
  if (kind === 'too_long') return { head: t.too_long_title, sentences: [detail, t.hint_too_large], final: true };
  const hint = `hint_${code}` in t && t[`hint_${code}`];
  const own = sentence_of(trouble);
  if (/^index_(?:missing|damaged|mismatch)$/.test(code)) return { head: t.no_index_title, sentences: [own] };
  if (status === 429 || status === 503) {
    return { head: status === 429 ? t.too_many_title : t.busy_title, wait: retry_after,
      sentences: [status === 429 ? t.too_many : own || t.busy, retry_after && t.retry_after({ n: retry_after })] };
  }
  if (status === 404 && missing) return { head: t.missing_title, sentences: [t.missing] };
  if (status === 414 || status === 431 || status === 413 || code === 'too_large') {
    return { head: t.too_long_title, sentences: [own, t.hint_too_large], final: true };
  }
  if (code === 'cursor_expired' || code === 'bad_cursor') return { head: t.expired_title, sentences: [t.expired], final: true };
  if (parameter === 'offset') return { head: t.too_deep_title, sentences: [t.too_deep({ n: reachable / page_size })], final: true };
  if (status >= 500) return { head: t.failed_title, sentences: [t.failed, own] };
  if (code === 'invalid_argument' && (parameter === 'from' || parameter === 'to')) {
    return { head: t.refused_title, sentences: [trouble.values?.to ? t.dates_crossed : t.bad_date] };
  }
  return { head: t.refused_title, sentences: [own || title, hint] };
}

/// What became of something that was asked about one article, in a line.
export function said_of(trouble) {
  const { head, sentences } = told(trouble, true);
  return [head, ...sentences.filter(Boolean)].map(sentence => /[.!?。！？]$/.test(sentence) ? sentence : `${sentence}.`).join(' ');
}

/// A title, sentences, and what to do: a button that asks again, or links that lead out. missing: it is one article that
/// was asked for.
export function words_for(trouble, state, retry, missing = false) {
  const { head, sentences, wait, final } = told(trouble, missing);
  const out = [];
  const link = (next, text) => el('a', { href: address(next) }, text);
  if (trouble.parameter === 'offset') {
    out.push(link(anew(state), t.to_first_page), link({ ...anew(state), page: reachable / page_size }, t.page_number({ page: reachable / page_size })));
  }
  if (state.cursor && final) out.push(link(anew(state), t.begin_again));
  else if (missing && trouble.status === 404 && state.q) out.push(el('a', { href: address(anew(state)), data: { again: '' } }, t.search_again));
  return [
    el('h1', { class: 'notice-title' }, head),
    ...sentences.filter(Boolean).map(sentence => el('p', {}, sentence)),
    wait && countdown(wait, retry),
    el('p', { class: 'ways' }, ...out, !final && el('button', { type: 'button', on: { click: () => {
      stop_retrying();
      retry();
    } } }, t.retry)),
  ].filter(Boolean);
}
