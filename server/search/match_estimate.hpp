// How many articles a query may find, told by the frequencies of its terms, before any list is read.
//
// For the order in which parts of a query are matched, and for what a synonym weighs.
#pragma once

#include "index/database_view.hpp"
#include "server/search/match_query.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace rapporteur::search {

class match_estimate {
 public:
  /// view must outlive it.
  explicit match_estimate(index::database_view& view);

  /// How many articles a query can find at most, about.
  std::size_t at_most(const match_query& q);

  /// The places of parts, that of the part that can find the fewest first.
  std::vector<std::size_t> fewest_first(const std::vector<match_query>& parts);

  /// How many articles have any of the parts: what a synonym is weighed by. Xapian estimates it, as if they were
  /// independent of each other, two by two; what it weighs is what we weigh, in all programs that read the index.
  double by_any(const std::vector<match_query>& parts);

 private:
  double by(const match_query& q);

  index::database_view& view_;
  std::uint32_t documents_;
};

}  // namespace rapporteur::search
