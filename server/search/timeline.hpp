// The articles found over time, beside all articles of the same outlets.
//
// Reads the dates' value slot once. Knows nothing of HTTP. Lets Xapian's exceptions through.
#pragma once

#include "index/reader.hpp"
#include "server/search/match_set.hpp"
#include "server/search/search.hpp"

#include <cstdint>
#include <optional>

namespace rapporteur::search {

/// found: what is counted; of: what it is a share of. from and to: the request's bounds, between which there is a
/// bucket everywhere; without one the first or last article found is the bound. A unit that would make more than
/// most buckets gives way to a longer one, and if the longest does, to the years that have articles.
timeline make_timeline(index::reader& reader, const match_set& found, const match_set& of, timeline_unit unit,
                       const std::optional<partial_date>& from, const std::optional<partial_date>& to,
                       std::uint32_t most);

}  // namespace rapporteur::search
