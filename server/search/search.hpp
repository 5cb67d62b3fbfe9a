// What a search asks and what it answers: plain values between server/api (HTTP, JSON) and server/search (Xapian).
#pragma once

#include "index/article.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rapporteur::search {

enum class sort_order { relevance, newest, oldest };

/// A piece of text, marked or not: how titles and snippets travel. Concatenated, the runs are the text as printed; in a
/// snippet a run of its own, "… " or " …", tells where text was left out.
struct run {
  std::string text;
  bool match = false;
  bool ellipsis = false;  ///< not of the text
  bool operator==(const run&) const = default;
};
using marked_text = std::vector<run>;

struct request {
  std::string q;  ///< the query, any bytes
  std::uint32_t offset = 0;
  std::uint32_t limit = 10;
  sort_order sort = sort_order::relevance;
  std::optional<partial_date> from, to;  ///< inclusive; an article counts when its whole date lies inside
  std::vector<std::string> sources, languages, collections, authors;  ///< OR within each, AND across
  std::vector<tag> tags;                                              ///< OR within a name, AND across names
  std::vector<std::string> facets;                                    ///< of: source, lang, collection, year
  std::uint32_t snippets = 3;                                         ///< passages per hit; 0: none
  std::uint32_t snippet_chars = 240;                                  ///< aim, in characters, per passage
  bool expand = true;                                                 ///< synonyms from the thesaurus
};

/// Something in the query that was not taken as the user may have meant it.
struct warning {
  std::uint32_t column = 0;  ///< 1-based, in characters of q
  std::string code;          ///< stable, for example "unbalanced_quote"
  std::string message;
};

struct hit {
  article fields;  ///< without its text
  marked_text title;
  std::vector<marked_text> snippets;
  double score = 0;
};

struct facet_value {
  std::string value;
  std::uint64_t count = 0;
};
struct facet {
  std::string name;
  std::vector<facet_value> values;  ///< most frequent first
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
  std::vector<facet> facets;
  index_state index;
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
};

}  // namespace rapporteur::search
