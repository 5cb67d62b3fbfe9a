// Matches a query: all articles that have what it asks for, and what each weighs, from lists of postings that are read
// as a whole (index/database_view).
//
// Finds and weighs what Xapian finds and weighs under impact_weight(). Where Xapian stops at the best and estimates
// how many there are, this goes through all and knows; a page of the best, a total, facets and a timeline all come of
// one pass. What few articles can have is read first, and of the other lists only what may be among them. Lets Xapian's
// exceptions through.
#pragma once

#include "index/reader.hpp"
#include "server/search/match_query.hpp"

#include <xapian.h>

#include <cstdint>
#include <utility>
#include <vector>

namespace rapporteur::search {

/// An article by its number in the database, and its score.
using scored = std::pair<Xapian::docid, double>;

/// The articles that a query finds, by ascending number.
struct matches {
  std::vector<Xapian::docid> ids;
  std::vector<double> weights;  ///< of each; empty if they were not asked for

  /// The best from offset on, at most limit of them: greater weights first, of equal ones the lower number.
  [[nodiscard]] std::vector<scored> best(std::size_t offset, std::size_t limit) const;
};

/// weighed: whether weights are told.
matches match(index::reader& reader, const match_query& q, bool weighed);

}  // namespace rapporteur::search
