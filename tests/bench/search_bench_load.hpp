// One run of wrk (Debian: wrk) against a server: as many connections as wanted, kept alive, each asking again as soon
// as it has its answer.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace rapporteur::bench {

struct load_result {
  double per_second = 0;          ///< answers
  double p50_ms = 0, p99_ms = 0;  ///< from request to whole answer
  double bytes_per_answer = 0;    ///< with the header
};

/// Writes the wrk script that asks targets one after the other, in a circle.
void write_wrk_script(const std::vector<std::string>& targets, const std::filesystem::path& to);

/// Runs wrk with one thread. Throws if it fails, if nothing is answered, or if any answer is not a 2xx or is lost.
/// said: a file for its output.
load_result run_wrk(std::uint16_t port, const std::filesystem::path& script, unsigned connections, unsigned seconds,
                    const std::filesystem::path& said);

}  // namespace rapporteur::bench
