// The second look at the best matches of a query of several words: how near to one another the words stand, and how
// like the very best the others are.
//
// Reorders what matching found; adds nothing and removes nothing. docs/relevance.md has what each part is worth.
// Reads lists of terms, postings and positions only.
#pragma once

#include "index/reader.hpp"
#include "server/search/matching.hpp"
#include "server/search/planner.hpp"

#include <xapian.h>

#include <cstdint>
#include <utility>
#include <vector>

namespace rapporteur::search {

/// How many of the best matches are looked at again, over all groups; those behind keep their order.
inline constexpr std::uint32_t k_reranked = 200;

/// Impacts are the score: with b = 0 and a k1 far above them BM25 is idf × impact, and reads no document length.
inline constexpr double k_impact_k1 = 1e9;
Xapian::BM25Weight impact_weight();

/// True if the query has what rerank() looks at: more than one word.
bool can_rerank(const plan& p);

/// What the second look added to the score of one article.
struct second_look_told {
  Xapian::docid id = 0;    ///< which one
  bool looked_at = false;  ///< it was among those looked at
  double near = 0;         ///< for words near to one another
  double alike = 0;        ///< for words that it shares with the best articles
};

/// groups: matches, best first, each group before the next whatever the scores (articles with all words before articles
/// with some). Each group is put into its new order. Lets Xapian's exceptions through.
void rerank(index::reader& reader, const plan& p, const std::vector<std::vector<scored>*>& groups,
            second_look_told* told = nullptr);

}  // namespace rapporteur::search
