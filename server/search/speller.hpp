// Proposes another spelling of a query that finds little: words that live articles contain, near to those typed.
//
// A noisy channel: a candidate is better the less its edits weigh and the more articles have it; of several words the
// better combination is the one that stands together in articles. Owns that judgement; the words come from
// server/search/vocabulary, the places in the query from server/search/query_words, the articles from the caller's
// trial searches. docs/spelling.md has the rules.
#pragma once

#include "index/analysis.hpp"
#include "index/reader.hpp"
#include "index/stemming.hpp"
#include "server/search/query.hpp"
#include "server/search/query_words.hpp"
#include "server/search/vocabulary.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::search {

/// A query that finds fewer articles than this may have been misspelled; a word that so many articles have was not.
inline constexpr std::uint64_t k_plenty = 10;

/// Belongs to the reader's thread.
class speller {
 public:
  /// At most so many trial searches a query.
  static constexpr int k_most_trials = 12;

  /// How many articles a query finds, with the filters of the request: with all of its words, or with any.
  using trial = std::function<std::uint64_t(const query_node& root, bool any)>;

  speller(index::reader& r, std::uint32_t max_leaves) : reader_(r), max_leaves_(max_leaves) {}

  /// The proposed query, in the spelling of q but for the words corrected; nothing if q found plenty or nothing better
  /// is known. found: how many articles q itself finds with all its words. Lets Xapian's exceptions through.
  std::optional<std::string> propose(std::string_view q, const query_node& root, std::uint64_t found,
                                     const vocabulary& words, const trial& search);

 private:
  struct option;
  struct combination;
  struct state;

  template <class T>
  static double likelihood(const T& x);
  void judge(state& s, std::size_t i);
  void add_near(state& s, std::size_t i, std::vector<option>& out);
  void add_characters(state& s, std::size_t i, std::vector<option>& out);
  void add_splits(state& s, std::size_t i, std::vector<option>& out);
  void add_joined(state& s, std::size_t i, std::vector<option>& out);
  static std::vector<combination> combine(const state& s);
  static std::optional<std::uint64_t> count_beside(state& s, const combination& c, std::size_t which);
  static void favour_neighbours(state& s, std::vector<combination>& found);
  std::optional<combination> choose(state& s);
  std::string render(const state& s, const combination& c);
  std::string printed_form(std::string_view typed, const std::string& word);

  double articles_with(std::string_view typed, const std::string& word);
  bool is_acronym(std::string_view typed, const query_word& w);

  index::reader& reader_;
  std::uint32_t max_leaves_;
  index::analyzer analyzer_;
  index::stemmers stemmers_;
  std::vector<std::string_view> stems_;
};

}  // namespace rapporteur::search
