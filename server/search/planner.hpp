// From the parsed query and the request's filters to a query of terms and the patterns that mark its matches.
//
// Decides what terms a leaf becomes, with the same analyser that made the index, and refuses what would cost too much
// before anything is matched.
#pragma once

#include "index/analysis.hpp"
#include "index/reader.hpp"
#include "index/stemming.hpp"
#include "server/search/match_query.hpp"
#include "server/search/pattern.hpp"
#include "server/search/query.hpp"
#include "server/search/search.hpp"
#include "server/search/thesaurus.hpp"

#include <xapian.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace rapporteur::search {

/// Plain words from which on a query is taken for a text: its quotation marks are the writer's.
inline constexpr std::size_t k_prose_words = 8;

/// A plain word of the query's top level, or several that are read as one (a name, a term of the thesaurus): what
/// widening gives up, and what ranking looks for side by side.
struct unit {
  match_query query;
  std::vector<std::string> terms;  ///< the exact terms of its positions in order, one a position; for proximity
  std::uint32_t times = 1;         ///< how often it was typed
  std::vector<match_query> parts;  ///< of a compound (ill-treatment): what widening puts in its place
  bool required = false;           ///< joined by AND: widening does not give it up
};

/// What a part of a query was read as.
enum class part_kind {
  word,      ///< in any form, by its stems
  acronym,   ///< in capitals only
  compound,  ///< several words by their hyphens or other signs, or written as one
  name,      ///< of a person, from the thesaurus
  wildcard,
  phrase,
  exact,  ///< character for character
  near,
  filter,
  date,
};

/// A part of a query as it is told to who asks why an article was found: the scores of the parts add up to the score
/// that matching gives.
struct plan_part {
  std::string text;  ///< as typed
  part_kind is = part_kind::word;
  query_field scope = query_field::text;
  std::string tag_name;      ///< of a filter on a tag
  std::uint32_t column = 0;  ///< where it stands in the query
  bool excluded = false;
  match_query query;              ///< as it is weighed; a copy of a part of the plan's
  match_query loose;              ///< the same in the widened query
  std::vector<pattern> patterns;  ///< that mark it
  /// What the thesaurus put beside it.
  struct synonym {
    std::string text;
    match_query query;
    std::vector<pattern> patterns;
  };
  std::vector<synonym> synonyms;
  match_query typed;  ///< what was typed alone; empty without synonyms
};

struct plan {
  match_query asked;                 ///< all that was asked, without the request's filters
  match_query asked_widened;         ///< the same of widened; empty where that is
  match_query query;                 ///< all that was asked, filters included
  match_query widened;               ///< the same with any of the units instead of all; empty where that means nothing
  std::vector<unit> units;           ///< different ones, in the order first typed; of a query of one word, that word
  std::vector<std::uint32_t> order;  ///< what was typed, as places in units
  std::vector<pattern> patterns;     ///< of what is asked for, not of what is excluded
  std::vector<pattern> widened_patterns;  ///< of what is asked for in the widened query only
  /// What an article must hold character for character, in its title or text, or in its title.
  struct characters {
    std::string text;
    bool title_only = false;
  };
  std::vector<characters> verify;
  std::string understood;             ///< the query as it is run, in the query language
  std::vector<std::string> ignored;   ///< words of the query, as typed, that say too little to be required
  std::vector<std::string> expanded;  ///< what the thesaurus added, as its file writes it
  std::vector<warning> warnings;
  std::vector<plan_part> parts;  ///< in the query's order; only if asked for

  /// From here on patterns holds those of the widened query as well.
  void use_widened_patterns() {
    patterns.insert(patterns.end(), widened_patterns.begin(), widened_patterns.end());
    widened_patterns.clear();
  }
};

/// Plans queries against one reader. Belongs to the reader's thread.
class planner {
 public:
  planner(index::reader& r, const limits& l) : reader_(r), limits_(l) {}

  /// The thesaurus for the plans to come; null: none.
  void use_thesaurus(std::shared_ptr<const thesaurus> t);
  [[nodiscard]] const thesaurus* words() const noexcept { return thesaurus_.get(); }

  /// errc::too_costly when the query has more terms than allowed. Lets Xapian's exceptions through.
  /// tell: whether the plan has its parts.
  result<plan> make(query_node root, const request& r, bool tell = false);

  /// What of q passes r's filters: its wanted values (but for those of the field `without`, named as a facet is), its
  /// dates, and none of its excluded values.
  match_query filtered(const match_query& q, const request& r, std::string_view without = {});

 private:
  /// The terms that one position may be found by.
  struct readings {
    std::vector<match_query> exact;
    std::vector<match_query> stems;
  };
  struct leaf_terms {
    match_query query;
    std::vector<pattern> patterns;
  };
  /// Neighbouring words that are read as one; most often one word.
  struct word_group {
    leaf_terms terms;
    std::vector<std::string> positions;  ///< the exact terms in order
    bool compound = false;               ///< several words by their hyphens
    bool required = false;               ///< one of its words is joined to others by AND
    plan_part told;                      ///< only if parts are told
  };
  using word_run = std::span<const query_node* const>;
  /// What the archive has of a term of the thesaurus.
  struct addition {
    match_query query;  ///< empty: nothing
    std::vector<pattern> patterns;
    std::uint32_t terms = 0;
    double articles = 0;  ///< about their number
  };

  match_query build(const query_node& n, bool excluded);
  match_query build_near(const query_node& n, bool excluded);
  leaf_terms build_word(const query_node& n);
  leaf_terms build_wildcard(const query_node& n);
  std::vector<std::string> phrase_words(std::string_view text);
  leaf_terms build_phrase(std::string_view text, bool title);
  match_query build_filter(const query_node& n, bool excluded);
  match_query build_author(std::string_view name);
  match_query build_root(const query_node& root);
  void tell(const query_node& n, const match_query& q, bool excluded, std::vector<pattern> patterns);
  void tell(const word_group& g, bool excluded);
  void add_units(word_run words);
  void add_parts(unit& u);
  static match_query weighed(const unit& u);
  std::vector<word_group> read_run(word_run words, bool excluded);
  void read_field(word_run words, bool excluded, std::vector<word_group>& out);
  void read_plainly(word_run words, std::vector<word_group>& out);
  std::string plain_word(const query_node& n);
  bool is_invariable(const std::string& word);
  double hyphenated(const std::string& first, const std::string& whole);
  double share_as_one(const std::string& first, const std::string& second);
  [[nodiscard]] std::vector<const query_node*> without_little(word_run words) const;
  word_group read_name(word_run words, const thesaurus_term& t);
  word_group one_word(const query_node& n);
  void add_synonyms(const thesaurus_match& m, bool title, std::vector<word_group>& read);
  std::vector<bool> named_in_several_words(const std::vector<query_node>& nodes);
  thesaurus_query_word thesaurus_word_of(const query_node& n);
  const addition& look_up(const thesaurus_term& t, bool title);
  addition look_up_word(const thesaurus_term& t, bool title);
  addition look_up_phrases(const std::vector<std::vector<std::string>>& candidates, bool title);
  std::vector<std::vector<std::string>> spellings(const thesaurus_term& t);
  std::vector<std::string> forms(const thesaurus_word& w, bool first);
  void note_languages();
  void forget_if_changed();
  void forget_additions();
  std::vector<match_query> value_filters(const field_values& f, std::string_view without);
  match_query dates(const std::optional<partial_date>& from, const std::optional<partial_date>& to);

  /// A word's stem in one language, and whether it is better not searched for.
  struct stem_choice {
    std::string language, stem, term;
    bool held_back = false;
  };
  std::vector<stem_choice> stems_of(const std::string& word, std::string_view written, index::token_kind kind,
                                    bool title);
  std::map<std::string, double, std::less<>> sample_languages(const std::string& term_of);
  void add_forms(std::string_view word, std::string_view written, index::token_kind kind, bool title, readings& any,
                 pattern& p);
  void add_single(std::string_view raw, const index::token& t, bool title, readings& any, pattern& p);
  static match_query any_reading(const readings& any);
  bool is_acronym_here(std::string_view written, std::string_view folded);
  void note_capitals(const query_node& root);
  void drop_stop_words(query_node& root);
  std::string language_of(const std::vector<std::string>& words);
  match_query positional(match_query::op op, const std::vector<std::string>& terms, unsigned window);
  match_query term(const std::string& t);
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
  std::vector<std::uint32_t> little_;  // columns of words that say little, inside terms of the thesaurus
  bool expand_ = true;
  bool telling_ = false;
  std::vector<std::size_t> unit_parts_;  // of each unit, its place in the parts

  // What has been looked up for the thesaurus, as long as neither it nor the index changes.
  std::shared_ptr<const thesaurus> thesaurus_;
  std::unordered_map<const thesaurus_term*, addition> additions_, title_additions_;
  static constexpr Xapian::doccount k_listed_room = 2'000'000;  // articles in their lists: 16 MB
  Xapian::doccount listed_room_ = k_listed_room;                // what is left of it
  std::unordered_map<std::string, double> shares_as_one_;
  std::vector<std::uint16_t> languages_;  // by article: the place of its language in reader::languages(), from 1
  std::string looked_up_in_;
  std::uint32_t added_terms_ = 0;
  std::uint32_t terms_ = 0;
  plan out_;
};

}  // namespace rapporteur::search
