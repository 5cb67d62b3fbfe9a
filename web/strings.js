// Every word that the page says by itself, and how it writes numbers, dates and names of languages.
//
// To translate the interface, translate this file (and the few labels of index.html) and change `locale`. Nothing
// here touches the document or the network.

export const locale = 'en-GB';

const numbers = new Intl.NumberFormat(locale);
const plural = new Intl.PluralRules(locale);
const languages = new Intl.DisplayNames(locale, { type: 'language', fallback: 'code' });

export const number = n => numbers.format(n);

const counted = (n, forms) => `${number(n)} ${forms[plural.select(n)] ?? forms.other}`;
const articles = n => counted(n, { one: 'article', other: 'articles' });

/// The name of a language code; the code itself where there is no name for it.
export function language(code) {
  try {
    return languages.of(code);
  } catch {
    return code;
  }
}

const date_styles = {
  4: new Intl.DateTimeFormat(locale, { year: 'numeric', timeZone: 'UTC' }),
  7: new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'short', timeZone: 'UTC' }),
  10: new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'short', day: 'numeric', timeZone: 'UTC' }),
};

/// YYYY, YYYY-MM or YYYY-MM-DD as people write it, no more precise than it is; anything else as it came.
export function date(partial) {
  const parts = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?$/.exec(partial);
  if (!parts) return partial;
  const when = new Date(0);
  when.setUTCFullYear(+parts[1], parts[2] ? parts[2] - 1 : 0, parts[3] ? +parts[3] : 1);
  return date_styles[partial.length].format(when);
}

const moments = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });

/// An instant (RFC 3339) in the reader's own time zone; empty if it is none.
export function moment(text) {
  const when = new Date(text ?? NaN);
  return Number.isNaN(when.getTime()) ? '' : moments.format(when);
}

export const t = {
  site: 'Rapporteur',
  page_title: (what, site) => `${what} – ${site}`,
  skip: 'Skip to the results',
  search: 'Search',
  search_label: 'Search the archive',
  search_placeholder: 'Names, places, “exact words”',
  help: 'Help',

  // start
  start_title: 'Search the archive',
  start_hint: 'Type names, places or words as you remember them: accents, hyphens and the full stops of acronyms make no difference. What matched is marked.',
  start_browse: 'Newest first',
  start_outlets: 'Outlets',
  start_languages: 'Languages',

  // results
  results_label: 'Results',
  sort: 'Order',
  sort_relevance: 'Best match',
  sort_newest: 'Newest first',
  sort_oldest: 'Oldest first',
  sort_added: 'Last added first',
  pages_label: 'Pages of results',
  previous_page: '‹ Previous',
  next_page: 'Next ›',
  searching: 'Searching…',
  results: (n, exact) => exact ? articles(n) : `About ${articles(n)}`,
  results_for: (n, exact, q) => `${t.results(n, exact)} for ${q}`,
  page_of: (page, pages) => `Page ${number(page)} of ${number(pages)}`,
  page_of_about: (page, pages) => `Page ${number(page)} of about ${number(pages)}`,
  page_alone: page => `Page ${number(page)}`,
  no_date: 'No date',
  updated: when => `updated ${when}`,
  untitled: 'Untitled',
  derived_title: 'Title taken from the text',
  understood: 'Read as',
  expanded: 'Also searched',
  expand_off: 'Without synonyms',
  ignored: 'Not required',
  did_you_mean: 'Did you mean',
  widened: 'Few articles have all of these words, so articles with any of them follow the full matches.',
  incomplete: 'Part of the archive did not answer: there may be more than is shown here.',
  warning_at: column => `At character ${number(column)}`,
  page_empty: page => `There is no page ${number(page)} of these results.`,
  to_last_page: 'Go to the last page',
  to_first_page: 'Go to the first page',
  stopped: 'Search stopped',
  stopped_hint: 'Press Enter to search for what is in the box now.',

  none: q => q ? `No article matches ${q}` : 'No article',
  none_filters: 'The filters may be too narrow.',
  none_clear: 'Search without filters',
  none_hint: 'What may help:',
  none_hints: [
    'Check the spelling of names; try the family name alone.',
    'Use fewer words, or join alternatives with OR: detained OR arrested.',
    'Inside quotation marks, words must stand exactly side by side.',
    'End a word with * to find everything that begins with it: imprison*',
  ],

  // trouble
  retry: 'Try again',
  unreachable_title: 'The search server cannot be reached',
  unreachable: 'It may be stopped or restarting, or the connection to it is down. Nothing that you typed is lost.',
  unreadable_title: 'The answer could not be read',
  unreadable: 'Something between this page and the search server sent a page of its own instead of an answer.',
  busy_title: 'The search server is busy',
  busy: 'It did not take the search on, so that those before it finish in time.',
  retry_after: s => `It asks to be tried again in ${counted(s, { one: 'second', other: 'seconds' })}.`,
  no_index_title: 'The archive is not ready to be searched',
  refused_title: 'This search cannot be run',
  missing_title: 'This article is not in the archive',
  missing: 'It may have been removed, or the link is incomplete.',
  failed_title: 'The search server failed',
  failed: 'This is a fault of the server, not of the search. Its log says more.',
  hints: {
    too_costly: 'Use fewer words, or longer beginnings before *.',
    too_large: 'Shorten the query.',
  },

  // filters
  filters: 'Filters',
  active_filters: 'Filters that are on',
  published: 'Published',
  years: 'Articles by year',
  from: 'From',
  to: 'Until',
  apply_dates: 'Apply',
  facet: { source: 'Outlet', lang: 'Language', author: 'Author', collection: 'Collection', from: 'From', to: 'Until' },
  show_all: n => `Show all ${number(n)}`,
  show_most: n => `Show the ${number(n)} most frequent`,
  about_count: n => `≈ ${number(n)}`,
  show_fewer: 'Show fewer',
  remove_filter: (name, value) => `Remove filter: ${name} ${value}`,
  clear_filters: 'Remove all',
  no_synonyms: 'Synonyms off',
  bar: (label, n) => `${label}: ${articles(n)}`,
  bad_date: 'Write a year, a month or a day: 2019, 2019-06 or 2019-06-13.',
  dates_crossed: 'The first date is after the last.',

  // article
  article_label: 'Article',
  close: 'Close',
  back: '‹ Results',
  steps_label: 'Matches in this article',
  step_back: 'Previous match',
  step_on: 'Next match',
  loading_article: 'Opening…',
  original: 'Original at',
  by: 'By',
  matches: n => n ? counted(n, { one: 'match', other: 'matches' }) : 'No matches in the text',
  match_of: (i, n) => `${number(i)} of ${number(n)}`,
  match_spoken: (i, n, context) => `Match ${number(i)} of ${number(n)}: ${context}`,
  about: 'About this article',
  field: { collection: 'Collection', id: 'Identifier', updated: 'Updated', url: 'Address' },

  // help
  help_title: 'How to search',
  close_help: 'Close',
  help_query: 'The query',
  help_keys: 'The keyboard',
  keys_on: 'Single-letter keys work',
  query_table: [
    ['quintana visit', 'both words, in any order'],
    ['"special rapporteur"', 'these words, side by side'],
    ['detained OR arrested', 'either word'],
    ['prison -release', 'without a word; also NOT'],
    ['( )', 'groups'],
    ['Kim NEAR/3 envoy', 'at most three words apart'],
    ['imprison*', 'words that begin so'],
    ['title:famine', 'in one field: title, author, source, lang, collection, symbol, tag.NAME'],
    ['date:2018..2019-03', 'published then'],
    ['="U.N."', 'exactly these characters'],
    ['UN', 'in capitals: the acronym, not the word, where there is one'],
  ],
  keys_table: [
    [['/'], 'to the search box'],
    [['j', 'k'], 'next, previous result; while reading, next, previous article'],
    [['↓', '↑'], 'the same along the list'],
    [['Enter'], 'open'],
    [['n', 'p'], 'while reading, next, previous match; else, next, previous page'],
    [['Esc'], 'close the article, stop a search'],
    [['?'], 'this help'],
  ],

  // footer
  archive: (n, when) => when ? `${articles(n)}, as of ${when}` : articles(n),
  took: ms => `answered in ${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`,
};
