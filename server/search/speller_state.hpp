// What the speller knows of one query while it works on it. Private to the speller (speller.cpp: the query as a whole;
// speller_candidates.cpp: its single words).
#pragma once

#include "server/search/speller.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rapporteur::search {

// The trial searches: those that tell what the words are, then those of combinations, then those of neighbours.
inline constexpr int k_combinations_tried = 6;
inline constexpr int k_neighbours_tried = 4;
inline constexpr int k_reserved = k_combinations_tried + k_neighbours_tried;
static_assert(k_reserved < speller::k_most_trials);

inline constexpr std::size_t k_words_looked_up = 8;  // of one query; looking up near words is what costs

inline double log_articles(double articles) {
  return std::log(std::max(articles, 1.0));
}

// A change to one word, or to two that become one.
struct speller::option {
  replacement change;
  std::vector<std::string> words;  // folded, what stands there then
  std::size_t taken = 1;           // words of the query that it replaces
  double score = 0;                // of the edits
  double frequency = 0;            // logarithm of the articles that have it
  bool of_unknown = false;         // the word typed is in no article
  bool doubtful = false;           // right only if its neighbour in the query is its neighbour in articles
};

struct speller::combination {
  std::vector<std::pair<std::size_t, const option*>> changes;  // the word of the query, and what it becomes
  double score = 0;                                            // of the edits
  double frequency = 0;                                        // of the words
  std::uint64_t articles = 0;
  corrected_query corrected;
};

struct speller::state {
  std::string_view q;
  const query_node& root;
  std::uint64_t found;
  const vocabulary& dictionary;
  const trial& search;
  int trials_left = k_most_trials;
  std::size_t lookups_left = k_words_looked_up;
  std::vector<query_word> words{};
  std::vector<double> articles{};              // of each word
  std::vector<std::vector<option>> options{};  // of each word

  std::uint64_t count(const query_node& n, bool any = false) { return trials_left-- > 0 ? search(n, any) : 0; }
  std::uint64_t count_phrase(const std::string& text) {
    query_node n;
    n.kind = node_kind::phrase;
    n.text = text;
    return count(n);
  }
  [[nodiscard]] std::string_view typed(std::size_t i) const {
    return q.substr(words[i].begin, words[i].end - words[i].begin);
  }
};

// Before anything is tried: the edits and how common the words are.
template <class T>
double speller::likelihood(const T& x) {
  return x.score + x.frequency;
}

}  // namespace rapporteur::search
