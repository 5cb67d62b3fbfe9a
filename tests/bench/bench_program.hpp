// Programs that the benchmarks run: to their end, with what it cost in time, processor time and memory; or beside the
// benchmark until it is done with them. And what a folder holds.
#pragma once

#include <sys/types.h>

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

/// words[0], found by PATH, while this object lives, with its output in the file said. It is the leader of a process
/// group of its own, which is ended (SIGTERM, after ten seconds SIGKILL) with the object; SIGTERM also comes when the
/// benchmark dies.
class running_program {
 public:
  running_program(const std::vector<std::string>& words, const std::vector<std::string>& environment,
                  std::filesystem::path said);
  ~running_program();
  running_program(const running_program&) = delete;
  running_program& operator=(const running_program&) = delete;

  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  /// What it has written so far.
  [[nodiscard]] std::string said() const;
  /// Throws with what it has written if it has ended.
  void expect_running();

 private:
  bool has_ended();

  std::string name_;
  std::filesystem::path said_;
  pid_t pid_ = -1;
  bool ended_ = false;
};

/// A figure of /proc/PID/status, as "VmRSS", in 10^6 bytes; 0 if there is no such process or line.
double memory_of(pid_t process, const char* figure);

/// Processor time of the threads that a process has now (the first number of their schedstat).
double processor_seconds_of(pid_t process);

/// Memory of all processes of a group that run now, in 10^6 bytes: the sum of their proportional sets (Pss of
/// smaps_rollup), in which a page that several share counts once.
double memory_of_group(pid_t group);

/// Sizes of all files below a folder.
std::uint64_t bytes_below(const std::filesystem::path& folder);

double median(std::vector<double> values);

/// Processor and memory, one line.
std::string machine();

}  // namespace rapporteur::bench
