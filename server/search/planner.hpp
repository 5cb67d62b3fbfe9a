// From the parsed query and the request's filters to a Xapian query and the patterns that mark its matches.
//
// Decides what terms a leaf becomes, with the same analyser that made the index, and refuses what would cost too much
// before anything is matched. Uses nothing that Xapian's remote backend cannot do.
#pragma once

#include "index/analysis.hpp"
#include "index/reader.hpp"
#include "index/stemming.hpp"
#include "server/search/pattern.hpp"
#include "server/search/query.hpp"
#include "server/search/search.hpp"

#include <xapian.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::search {

/// A plain word of the query's top level: what widening gives up, and what ranking looks for side by side.
struct unit {
  Xapian::Query query;
  std::vector<std::string> terms;  ///< the exact terms of its positions in order, one a position; for proximity
  double weight = 0;               ///< of its rarest term; rarer is more
  std::uint32_t column = 0;
};

struct plan {
  Xapian::Query query;            ///< all that was asked, filters included
  Xapian::Query widened;          ///< the same with any of the units instead of all; empty where that means nothing
  std::vector<unit> units;        ///< in the order typed; of a query of one word, that word
  std::vector<pattern> patterns;  ///< of what is asked for, not of what is excluded
  /// What an article must hold character for character, in its title or text, or in its title.
  struct characters {
    std::string text;
    bool title_only = false;
  };
  std::vector<characters> verify;
  std::vector<warning> warnings;
};

/// Plans queries against one reader. Belongs to the reader's thread.
class planner {
 public:
  planner(index::reader& r, const limits& l) : reader_(r), limits_(l) {}

  /// errc::too_costly when the query has more terms than allowed. Lets Xapian's exceptions through.
  result<plan> make(const query_node& root, const request& r);

 private:
  struct leaf_terms {
    Xapian::Query query;
    std::vector<pattern> patterns;
  };

  Xapian::Query build(const query_node& n, bool excluded);
  Xapian::Query build_near(const query_node& n, bool excluded);
  leaf_terms build_word(const query_node& n);
  leaf_terms build_wildcard(const query_node& n);
  std::vector<std::string> phrase_words(std::string_view text);
  leaf_terms build_phrase(std::string_view text, bool title);
  Xapian::Query build_filter(const query_node& n, bool excluded);
  Xapian::Query build_author(std::string_view name);
  Xapian::Query any_of_terms(const std::vector<std::string>& terms);
  Xapian::Query build_root(const query_node& root);
  void add_units(const std::vector<const query_node*>& words);
  std::optional<Xapian::Query> request_filters(const request& r);
  Xapian::Query dates(const std::optional<partial_date>& from, const std::optional<partial_date>& to);

  /// The terms that one position may be found by.
  struct readings {
    std::vector<Xapian::Query> exact;
    std::vector<Xapian::Query> stems;
  };
  void add_single(std::string_view raw, const index::token& t, bool title, readings& any, pattern& p);
  static Xapian::Query any_reading(const readings& any);
  bool is_acronym_here(std::string_view written, std::string_view folded);
  void note_capitals(const query_node& root);
  Xapian::Query positional(Xapian::Query::op op, const std::vector<std::string>& terms, unsigned window);
  Xapian::Query term(const std::string& t);
  double weight_of(const std::string& t);
  void keep(leaf_terms& l, bool excluded);

  index::reader& reader_;
  limits limits_;
  index::analyzer analyzer_;
  index::stemmers stemmers_;
  index::token_list tokens_;
  std::vector<std::string_view> stem_scratch_;
  std::vector<std::string> stem_languages_;
  bool capitals_lock_ = false;
  std::uint32_t terms_ = 0;
  plan out_;
};

}  // namespace rapporteur::search
