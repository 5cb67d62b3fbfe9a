// rapporteur-index, run with crash_preload before it: killed at a point, with calls that fail, or written down.
#pragma once

#include "tests/crash/trace.hpp"
#include "tests/http/programs.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace rapporteur::crash {

/// What is to happen to the program; see tests/crash/preload.cpp.
struct hindrance {
  bool all_points = false;  ///< count writes as well
  unsigned long kill_at = 0;
  bool after = false;
  unsigned long fail_at = 0;
  int error_number = 0;
  bool lasting = false;
};

struct hindered {
  test::finished program;
  unsigned long points = 0;      ///< that it came by; 0 if it was killed
  std::vector<file_call> calls;  ///< below the folder
};

/// Runs rapporteur-index on folder/index. The folder is to hold nothing but the index: what happens beside it counts
/// too.
hindered run_hindered(const std::filesystem::path& folder, const std::vector<std::string>& command,
                      const hindrance& what = {});

/// Starts it the same way, for someone to kill.
std::unique_ptr<test::child> start(const std::filesystem::path& folder, const std::vector<std::string>& command);

/// Runs it undisturbed.
test::finished run_undisturbed(const std::filesystem::path& folder, const std::vector<std::string>& command);

/// At most count of the numbers 1 … last, the first and the last among them, evenly spread; all if count is 0.
std::vector<unsigned long> spread(unsigned long last, unsigned long count);

/// How many rounds RAPPORTEUR_CRASH_ROUNDS asks for; absent: the short loop.
std::optional<unsigned> long_loop();

}  // namespace rapporteur::crash
