// What a search asks and what it answers: plain values between server/api (HTTP, JSON) and server/search (Xapian).
#pragma once

#include "index/article.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace rapporteur::search {

/// newest, oldest: by the date of the article. added: what came into the archive last comes first, whatever its date.
enum class sort_order { relevance, newest, oldest, added };

/// Whether an order depends on nothing but the articles themselves, so that a place in it stays what it is.
constexpr bool is_by_date(sort_order s) noexcept {
  return s == sort_order::newest || s == sort_order::oldest;
}

/// A piece of text, marked or not: how titles and snippets travel. Concatenated, the runs are the text as printed; in a
/// snippet a run of its own, "… " or " …", tells where text was left out.
struct run {
  std::string text;
  bool match = false;
  bool ellipsis = false;  ///< not of the text
  bool operator==(const run&) const = default;
};
using marked_text = std::vector<run>;

/// Values of the fields that articles are filtered by.
struct field_values {
  std::vector<std::string> sources, languages, collections, authors;
  std::vector<tag> tags;
  bool operator==(const field_values&) const = default;
};

/// A place in the list of a request's hits: behind the last hit of a page. Travels as text (server/search/cursor).
///
/// In an order of date it is the article's own (date, content) and stays whatever else changes in the index. The other
/// orders depend on all articles: there it is a position, of one state of the index.
struct cursor {
  std::uint64_t request = 0;  ///< fingerprint of the request whose list it is
  sort_order order = sort_order::relevance;
  std::uint32_t position = 0;  ///< not by date: hits before it …
  std::uint64_t state = 0;     ///< … in the state of this fingerprint
  std::string date;            ///< by date: sort key of the last article; empty if that is undated
  std::string content;         ///< … and the hash of its content, by which those of one date are ordered
  bool operator==(const cursor&) const = default;
};

/// How long the buckets of a timeline are; automatic: the shortest that show the matches well.
enum class timeline_unit { automatic, day, week, month, year };

struct request {
  std::string q;  ///< the query, any bytes
  std::uint32_t offset = 0;
  std::uint32_t limit = 10;
  sort_order sort = sort_order::relevance;
  std::optional<partial_date> from, to;  ///< inclusive; an article counts when its whole date lies inside
  field_values wanted;                   ///< OR within a field or the name of a tag, AND across
  field_values excluded;                 ///< an article with any of these is not found
  std::optional<cursor> after;           ///< in place of offset
  std::vector<std::string> facets;       ///< of: source, lang, author, collection, year, month, tag.NAME
  std::uint32_t facet_values = 100;      ///< most frequent ones, of each facet
  std::optional<timeline_unit> timeline;
  std::uint32_t snippets = 3;         ///< passages per hit; 0: none
  std::uint32_t snippet_chars = 240;  ///< aim, in characters, per passage
  bool expand = true;                 ///< synonyms from the thesaurus
};

/// Numbers and words that a sentence tells, by their names. "n" is the number that chooses its plural form. Words are
/// well-formed UTF-8.
struct named_value {
  std::string name;
  std::variant<std::uint64_t, std::string> value;
  bool operator==(const named_value&) const = default;
};
using named_values = std::vector<named_value>;

/// Something in the query that was not taken as the user may have meant it.
struct warning {
  std::uint32_t column = 0;  ///< 1-based, in characters of q
  std::string code;          ///< stable, for example "unbalanced_quote"
  std::string message;
  /// What the message tells, so that it can be told in another language. The same names for one code, always all.
  named_values values = {};
};

struct hit {
  article fields;  ///< without its text
  marked_text title;
  std::vector<marked_text> snippets;
  double score = 0;
};

struct facet_value {
  std::string value;        ///< as an article prints it
  std::uint64_t count = 0;  ///< articles that have it, of those found without the facet's own wanted values
  bool selected = false;    ///< one of the request's wanted values
  bool excluded = false;    ///< one of its excluded ones
  bool operator==(const facet_value&) const = default;
};
struct facet {
  std::string name;
  std::vector<facet_value> values;  ///< most frequent first; then selected and excluded ones that are not among these
  bool exact = true;
};

/// The articles found over time.
struct timeline {
  struct bucket {
    std::string date;         ///< YYYY-MM-DD, YYYY-MM or YYYY; of a week its Monday
    std::uint64_t count = 0;  ///< articles found that are dated so precisely and lie in it
    std::uint64_t of = 0;     ///< all articles like that of the request's outlets and dates
    bool operator==(const bucket&) const = default;
  };
  timeline_unit unit = timeline_unit::year;  ///< never automatic
  std::vector<bucket> buckets;               ///< without a gap
  std::uint64_t less_precise = 0;            ///< found, but in no bucket: only the year or the month is known
  std::uint64_t undated = 0;
  bool exact = true;
};

struct index_state {
  std::uint64_t revision = 0;
  std::string as_of;
  std::uint64_t articles = 0;
  std::uint64_t thesaurus = 0;  ///< fingerprint of the one that is used; 0: none
};

struct answer {
  std::string understood;             ///< the query as it was run, in the query language
  std::vector<std::string> expanded;  ///< synonyms that were added
  std::vector<std::string> ignored;   ///< words of the query that say too little to be required
  std::vector<warning> warnings;
  std::optional<std::string> did_you_mean;
  bool widened = false;  ///< fewer than a page matched all words, so any of them was enough
  std::uint64_t total = 0;
  bool total_exact = true;
  std::vector<hit> hits;
  std::optional<cursor> next;  ///< behind the last hit; none if there is none behind it
  std::vector<facet> facets;
  std::optional<struct timeline> timeline;
  index_state index;
  bool provisional =
      false;  ///< the same request over this state will be answered more fully: did_you_mean was not ready
};

/// One article with its matches marked: text whole, as paragraphs.
struct article_answer {
  article fields;  ///< without its text
  marked_text title;
  std::vector<marked_text> paragraphs;
  std::uint32_t matches = 0;  ///< marked runs, title included
  index_state index;
};

/// The passages of one article for a query.
struct snippets_answer {
  std::string id;
  marked_text title;
  std::vector<marked_text> snippets;
  index_state index;
};

/// A part of a request's list of articles, by name only.
struct listing {
  std::vector<std::string> ids;
  std::optional<cursor> next;  ///< behind the last; none if there is none behind it
  index_state index;
};

/// What a suggestion is: one word, several that often stand side by side, the name of someone or something in the
/// articles' texts, an author, an outlet, or the title of an article.
enum class suggestion_kind { word, phrase, name, author, outlet, title };

struct suggestion {
  std::string text;  ///< the whole query as it would be: what was typed before it, and the rest as articles print it
  suggestion_kind kind = suggestion_kind::word;
  std::optional<std::uint64_t> articles;  ///< that have it; only for words, authors and outlets
  std::string id;                         ///< of a title's article
  bool operator==(const suggestion&) const = default;
};
struct suggest_answer {
  std::vector<suggestion> suggestions;  ///< best first
  bool complete = true;                 ///< false while what is suggested from is being made
  index_state index;
};

/// Articles like one article.
struct related_request {
  std::string id;
  std::uint32_t limit = 10;
  std::optional<partial_date> from, to;
  field_values wanted, excluded;  ///< as of a search; without a wanted language, the article's own
  std::uint32_t snippets = 0;     ///< passages per hit, that show what it shares with the article
  std::uint32_t snippet_chars = 240;
};
struct related_answer {
  std::string id;
  marked_text title;
  std::vector<std::string> by;  ///< words of the article that the others were found by, the weightiest first
  std::vector<hit> hits;        ///< most like it first; score: 1 is as like it as it is itself
  index_state index;
};

/// Why an article was found by a query, or was not.
struct why_answer {
  struct synonym {
    std::string text;
    bool matched = false;
    std::uint32_t in_title = 0, in_text = 0;
  };
  struct part {
    std::string text;   ///< as typed, or as it was read
    std::string kind;   ///< word, acronym, compound, name, wildcard, phrase, exact, near, filter, date
    std::string field;  ///< title, source, tag.country …; empty: title and text
    std::uint32_t column = 0;
    bool excluded = false;
    bool matched = false;
    std::uint32_t in_title = 0, in_text = 0;  ///< places
    double weight = 0;                        ///< of the score
    std::vector<synonym> synonyms;
    std::string says;  ///< the same in a sentence
  };
  std::string id;
  marked_text title;
  std::string understood;
  std::vector<std::string> ignored;
  std::vector<warning> warnings;
  bool all = false;            ///< the article has all that is asked for
  bool widened = false;        ///< too few articles have, so that some of it is enough
  bool found = false;          ///< a search for it finds the article
  std::uint32_t rank = 0;      ///< its place among the first 200 by relevance; 0: not among them
  double score = 0;            ///< the search's, of the article: the weights of the parts, and near and alike
  double near = 0, alike = 0;  ///< see second_look_told
  std::vector<part> parts;     ///< in the query's order
  std::string says;
  index_state index;
};

/// Upper bounds that a request is held to before it costs anything; out of range is errc::invalid_argument or
/// errc::too_costly with the parameter named.
struct limits {
  std::uint32_t max_query_bytes = 4096;
  std::uint32_t max_query_terms = 256;
  std::uint32_t max_wildcard_expansion = 200;
  std::uint32_t max_limit = 100;
  std::uint32_t max_depth = 10000;  ///< offset + limit
  std::uint32_t max_snippets = 20;
  std::uint32_t max_snippet_chars = 2000;
  std::uint32_t max_facet_values = 1000;
  std::uint32_t max_facet_articles = 100'000;  ///< more matches than this are counted from a sample
  std::uint32_t max_buckets = 1000;            ///< of a timeline
};

}  // namespace rapporteur::search
