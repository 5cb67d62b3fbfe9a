// A program run to its end with what it cost: time, processor time, memory. And what a folder holds.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace rapporteur::bench {

struct cost {
  double seconds = 0;         ///< from fork to end
  double cpu_seconds = 0;     ///< user and system, of the program and of children that it waited for
  double peak_megabytes = 0;  ///< largest resident set, of 10^6 bytes (wait4's ru_maxrss)
};

/// Runs words[0], found by PATH, with its output in the file said; environment: NAME=VALUE, more than our own. Throws
/// with what it said unless it ends with status 0, or with 1 where some_may_fail. The caller must be small: a child's
/// ru_maxrss counts what it was before exec too.
cost run_measured(const std::vector<std::string>& words, const std::vector<std::string>& environment,
                  const std::filesystem::path& said, bool some_may_fail = false);

/// Sizes of all files below a folder.
std::uint64_t bytes_below(const std::filesystem::path& folder);

double median(std::vector<double> values);

/// Processor and memory, one line.
std::string machine();

}  // namespace rapporteur::bench
