// Measures of ranked retrieval, as trec_eval and the literature define them.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace rapporteur::relevance {

/// Relevance of the judged articles to one query: grades above 0. Articles that are not in it are not relevant.
using judgements = std::map<std::string, int>;

struct measures {
  double ndcg_10 = 0;  ///< normalised discounted cumulative gain of the first 10: gain 2^grade − 1, discount log2
  double map = 0;      ///< average precision over the first 100; its mean over queries is MAP
  double precision_10 = 0;
  double recall_100 = 0;

  measures& operator+=(const measures& other);
  [[nodiscard]] measures over(double queries) const;
};

/// ranked: ids, best first. relevant must not be empty.
measures measure(const std::vector<std::string>& ranked, const judgements& relevant);

}  // namespace rapporteur::relevance
