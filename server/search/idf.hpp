// Inverse document frequency: how much a term that so many articles have tells one from another.
#pragma once

#include <cmath>

namespace rapporteur::search {

/// As Xapian::BM25Weight reckons it, for a term in with of all articles: 0 if all have it.
inline double idf(double with, double all) {
  const double ratio = (all - with + 0.5) / (with + 0.5);
  return std::log(ratio < 2 ? ratio * 0.5 + 1 : ratio);
}

/// What a divisor is held to: a term that nearly all articles have is not weighed up without bounds.
inline constexpr double k_least_idf = 0.1;

}  // namespace rapporteur::search
