#include "tests/bench/search_bench_report.hpp"

#include "tests/bench/bench_program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string>

namespace rapporteur::bench {
namespace {

constexpr double k_wanted = 20;

}  // namespace

void print_kinds(const std::vector<request_kind>& kinds) {
  fmt::print(
      "\n| requests | different ones | the first of them | found by Rapporteur, median | by omega | "
      "answer of Rapporteur, kB | of omega, kB |\n|---|---:|---|---:|---:|---:|---:|\n");
  const auto or_none = [](double n, int digits) {
    return n == 0 ? std::string("–") : fmt::format("{:.{}f}", n, digits);
  };
  for (const request_kind& k : kinds) {
    fmt::print("| {} | {} | {} | {:.0f} | {} | {:.1f} | {} |\n", k.name, k.requests.size(), k.requests[0].words,
               k.median_found_ours, or_none(k.median_found_theirs, 0), k.bytes_ours / 1e3,
               or_none(k.bytes_theirs / 1e3, 1));
  }
  fmt::print("\nRapporteur counts what it finds; omega was told to count\n");
}

void print_cells(const std::vector<cell>& cells, const std::vector<request_kind>& kinds,
                 const std::vector<std::unique_ptr<side>>& sides) {
  fmt::print(
      "\n| requests | connections | answered by | queries/s | p50, ms | p99, ms | Rapporteur answers |\n"
      "|---|---:|---|---:|---:|---:|---:|\n");
  std::vector<double> least(sides.size(), std::numeric_limits<double>::infinity());
  double ours = 0;
  for (const cell& c : cells) {
    const double speed = median(c.per_second);
    std::string ratio;
    if (c.side == 0) ours = speed;
    if (!sides[c.side]->has_facets()) {
      ratio = fmt::format("{:.1f} ×", ours / speed);
      least[c.side] = std::min(least[c.side], ours / speed);
    }
    fmt::print("| {} | {} | {} | {:.1f} | {:.2f} | {:.2f} | {} |\n", kinds[c.kind].name, c.connections,
               sides[c.side]->name(), speed, median(c.p50_ms), median(c.p99_ms), ratio);
  }
  fmt::print("\nomega has no facets: the requests with facets are asked of Rapporteur alone\n");
  for (std::size_t n = 0; n < sides.size(); ++n) {
    if (sides[n]->has_facets()) continue;
    fmt::print("least of all, {} against {}: {:.1f} × (wanted: at least {:.0f} of omega's queries/s)\n",
               sides[0]->name(), sides[n]->name(), least[n], k_wanted);
  }
}

void print_processor(const std::vector<request_kind>& kinds, const std::vector<std::unique_ptr<side>>& sides) {
  fmt::print("\nms of processor a request; of omega's side without nginx and fcgiwrap\n\n| requests |");
  for (const auto& one : sides) fmt::print(" {} |{}", one->name(), one->has_facets() ? "" : " Rapporteur takes |");
  fmt::print("\n|---|");
  for (const auto& one : sides) fmt::print("---:|{}", one->has_facets() ? "" : "---:|");
  fmt::print("\n");
  for (const request_kind& k : kinds) {
    fmt::print("| {} |", k.name);
    double ours = 0;
    for (const auto& one : sides) {
      if (k.requests[0].facets && !one->has_facets()) {
        fmt::print(" – | – |");
        continue;
      }
      const double ms = one->processor_ms(k.requests);
      if (one == sides[0]) ours = ms;
      fmt::print(" {:.2f} |{}", ms, one->has_facets() ? std::string() : fmt::format(" 1/{:.1f} |", ms / ours));
    }
    fmt::print("\n");
  }
}

}  // namespace rapporteur::bench
