// The tables that the search benchmark prints.
#pragma once

#include "tests/bench/search_bench_requests.hpp"
#include "tests/bench/search_bench_sides.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <vector>

namespace rapporteur::bench {

/// A kind of request, a number of connections, a side: all rounds.
struct cell {
  std::size_t kind = 0, side = 0;
  unsigned connections = 0;
  std::filesystem::path script;  ///< for wrk
  std::vector<double> per_second, p50_ms, p99_ms;
};

/// What is asked: how much both sides find for it, and how large their answers are.
void print_kinds(const std::vector<request_kind>& kinds);

/// Medians of the rounds. The cells of one kind and number of connections stand together; the first of them is what the
/// sides without facets are compared with.
void print_cells(const std::vector<cell>& cells, const std::vector<request_kind>& kinds,
                 const std::vector<std::unique_ptr<side>>& sides);

/// Asks every request once more, one after the other, for what it takes of the processor.
void print_processor(const std::vector<request_kind>& kinds, const std::vector<std::unique_ptr<side>>& sides);

}  // namespace rapporteur::bench
