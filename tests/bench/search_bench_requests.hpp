// What the search benchmark asks for: lists of requests of each kind, drawn from the index by rules, so that nobody has
// chosen them and the same index gives the same lists.
#pragma once

#include "index/reader.hpp"
#include "tests/bench/search_bench_sides.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace rapporteur::bench {

/// Requests of one kind, and what the sides find for them.
struct request_kind {
  std::string name;
  std::vector<request> requests;
  double median_found_ours = 0, median_found_theirs = 0;
  double bytes_ours = 0, bytes_theirs = 0;  ///< of an answer, mean
};

/// The kinds, wanted requests of each (fewer in a small archive; throws below ten). A request is taken only if both
/// sides answer it with ten hits that each have a snippet, so that both have a whole page to make.
std::vector<request_kind> draw_requests(index::reader& r, const side& ours, const side& theirs, std::size_t wanted);

}  // namespace rapporteur::bench
