// Every word that the page says by itself, and how it writes numbers, dates and names of languages, in the reader's
// language.
//
// The words are in strings/LANG.json, and what the server says by a code in sentences/LANG.json: docs/page.md has which
// language is shown and what is fetched when, CONTRIBUTING.md how words are written and a language is added.

/// The languages of the interface, each by its own name.
export const languages = {
  en: 'English', es: 'Español', fr: 'Français', ar: 'العربية', ko: '한국어', ja: '日本語', zh: '中文', ru: 'Русский',
};

const storage_name = 'rapporteur.language';
const rtl = new Set(['ar']);

// Storage may be forbidden; a choice then lasts as long as the page.
let chosen = '';
try {
  chosen = localStorage.getItem(storage_name) ?? '';
} catch { /* none */ }

const primary = tag => tag.toLowerCase().split('-')[0];
const wanted = navigator.languages ?? [];
const offered = () => Object.hasOwn(languages, chosen) ? chosen
  : wanted.map(primary).find(code => Object.hasOwn(languages, code)) ?? 'en';

/// The language that is shown.
export let language_shown = '';

/// How numbers and dates are written: as where the reader is, if the browser says so (es-MX), else as the language does.
let locale = '';

/// What writes in that way, each made when it is first needed: to make one takes a browser milliseconds.
const makers = {
  numbers: () => new Intl.NumberFormat(locale),
  percents: () => new Intl.NumberFormat(locale, { style: 'percent', maximumSignificantDigits: 2 }),
  moments: () => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }),
  names: () => new Intl.DisplayNames(locale, { type: 'language', fallback: 'code' }),
};
for (const month of ['short', 'long']) {
  const days = fields => () => new Intl.DateTimeFormat(locale, { timeZone: 'UTC', year: 'numeric', ...fields });
  Object.assign(makers, { [`4${month}`]: days({}), [`7${month}`]: days({ month }), [`10${month}`]: days({ month, day: 'numeric' }) });
}
let made = {};
const writer = name => (made[name] ??= makers[name]());

export const number = n => writer('numbers').format(n);

/// A share, from 0 to 1, in percent: two digits are enough to compare.
export const percent = share => writer('percents').format(share);

/// The name of a language code; the code itself where there is no name for it.
export function language(code) {
  try {
    return writer('names').of(code);
  } catch {
    return code;
  }
}

function written(partial, month) {
  const parts = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?$/.exec(partial);
  if (!parts) return partial;
  const when = new Date(0);
  when.setUTCFullYear(+parts[1], parts[2] ? parts[2] - 1 : 0, parts[3] ? +parts[3] : 1);
  return writer(`${partial.length}${month}`).format(when);
}

/// YYYY, YYYY-MM or YYYY-MM-DD as people write it, no more precise than it is; anything else as it came.
export const date = partial => written(partial, 'short');

/// The same with the month in full, for running text.
export const day = partial => written(partial, 'long');

/// An instant (RFC 3339) in the reader's own time zone; empty if it is none.
export function moment(text) {
  const when = new Date(text ?? NaN);
  return Number.isNaN(when.getTime()) ? '' : writer('moments').format(when);
}

function write_as(code) {
  language_shown = code;
  locale = wanted.find(tag => primary(tag) === code) ?? (code === 'en' ? 'en-GB' : code);
  made = {};
}

// ---- the words

const plurals = new Map();
function plural(code) {
  if (!plurals.has(code)) plurals.set(code, new Intl.PluralRules(code));
  return plurals.get(code);
}

/// A catalogue's value as it is used: a string, or, if it has placeholders, a function of their values ({n: 3, q: 'x'})
/// that makes one. Numbers are written as the language does.
function compiled(value, code) {
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => {
    const given = values[name];
    return typeof given === 'number' ? number(given) : given ?? '';
  });
  if (typeof value === 'string') return /\{\w+\}/.test(value) ? values => fill(value, values) : value;
  return values => fill(value[plural(code).select(values.n)] ?? value.other, values);
}

async function load(code, folder = 'strings') {
  const response = await fetch(new URL(`${folder}/${code}.json`, document.baseURI), { credentials: 'same-origin' });
  if (!response.ok) throw new Error(`${folder}/${code}.json: ${response.status}`);
  return Object.entries(await response.json()).map(([key, value]) => [key, compiled(value, code)]);
}

const words = new Map();
const told = new Set();
const tell = () => told.forEach(listener => listener());

/// Calls the listener when the words have changed, so that what is shown is drawn anew.
export const on_words = listener => told.add(listener);

// What a catalogue lacks is fetched in English, once; until it is there, it is empty.
let english = null;
const nothing = Object.assign(() => '', { toString: () => '' });
function lacking() {
  english ??= load('en').then(list => {
    for (const [key, value] of list) if (!words.has(key)) words.set(key, value);
    tell();
  }).catch(() => { /* asked for again with the next language */ });
  return nothing;
}

/// The words by their keys: t.search is a text, t.articles({n: 2}) one with its placeholders filled. `key in t` asks
/// whether there is such a word.
export const t = new Proxy({}, {
  get: (_, key) => words.get(key) ?? lacking(),
  has: (_, key) => words.has(key),
});

// The sentences for what the server says by a code, in the language of that name.
let sentences = { of: '', words: new Map() };

/// Fetches the sentences of the language that is shown. Never fails: what has none is told in the server's own words.
export async function load_sentences() {
  const code = language_shown;
  if (sentences.of === code) return;
  const list = await load(code, 'sentences').catch(() => null);
  if (list && code === language_shown) sentences = { of: code, words: new Map(list) };
}

/// A sentence as `t` has words, once the sentences are there; undefined if there is none.
export const sentence = key => sentences.of === language_shown ? sentences.words.get(key) : undefined;

async function use(code) {
  let list;
  try {
    list = await load(code);
  } catch (error) {
    if (code === 'en') throw error;
    return use('en');
  }
  if (code !== offered() && code !== 'en') return;  // another was chosen meanwhile
  words.clear();
  for (const [key, value] of list) words.set(key, value);
  english = null;
  if (document.readyState === 'loading') await new Promise(resolve => document.addEventListener('readystatechange', resolve, { once: true }));
  write_as(code);
  document.documentElement.lang = code;
  document.documentElement.dir = rtl.has(code) ? 'rtl' : 'ltr';
  label(document);
}

/// Fills in the words of the page itself: data-t names the text, data-t-label the accessible name,
/// data-t-title and data-t-placeholder what their attributes say.
function label(root) {
  for (const node of root.querySelectorAll('[data-t]')) node.textContent = t[node.dataset.t];
  for (const node of root.querySelectorAll('[data-t-label]')) node.setAttribute('aria-label', t[node.dataset.tLabel]);
  for (const node of root.querySelectorAll('[data-t-title]')) node.title = t[node.dataset.tTitle];
  for (const node of root.querySelectorAll('[data-t-placeholder]')) node.placeholder = t[node.dataset.tPlaceholder];
}

/// Shows another language from now on, and in this browser.
export async function choose(code) {
  chosen = code;
  try {
    localStorage.setItem(storage_name, code);
  } catch { /* not remembered */ }
  await use(offered());
  tell();
}

on_words(() => label(document));
try {
  await use(offered());
} catch (error) {
  document.body.textContent = 'This page could not be loaded whole. Reload it.';
  document.documentElement.dataset.ready = '';  // shows it
  throw error;
}
