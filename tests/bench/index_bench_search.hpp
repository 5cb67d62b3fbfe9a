// How fast plain Xapian answers from a finished index, as it was built and compacted into one database.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

namespace rapporteur::bench {

struct search_speed {
  const char* kind;     ///< of query
  std::size_t queries;  ///< different ones
  double as_built_us;   ///< processor time a query, median of the rounds
  double one_shard_us;
};

/// Queries of five kinds, taken from the index itself: frequent and rare words, phrases that occur, words together and
/// any of them. Top 10, weighted as the server does. Both databases are read once before, and take turns. The folder
/// takes the compacted copy.
std::vector<search_speed> measure_search(const std::filesystem::path& index, const std::filesystem::path& folder,
                                         unsigned rounds);

}  // namespace rapporteur::bench
