#include "tests/crash/hindered.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <memory>

namespace rapporteur::crash {
namespace {

namespace fs = std::filesystem;

// Several shards on any machine, and postings written out while a run goes on.
const std::vector<std::string>& settings() {
  static const std::vector<std::string> all = {"RAPPORTEUR_INDEXER_THREADS=3", "RAPPORTEUR_INDEXER_MEMORY=4MiB"};
  return all;
}

std::vector<std::string> arguments(const fs::path& folder, const std::vector<std::string>& command) {
  std::vector<std::string> all{"--index", (folder / "index").string()};
  all.insert(all.end(), command.begin(), command.end());
  return all;
}

}  // namespace

hindered run_hindered(const fs::path& folder, const std::vector<std::string>& command, const hindrance& what) {
  const test::scratch_folder notes;
  const fs::path count = notes.path() / "count";
  const fs::path trace = notes.path() / "trace";
  test::child_options options;
  options.environment = settings();
  options.environment.insert(
      options.environment.end(),
      {fmt::format("LD_PRELOAD={}/crash_preload.so", RAPPORTEUR_BINARY_DIR),
       "CRASH_TEST_FOLDER=" + fs::canonical(folder).string(), "CRASH_TEST_COUNT=" + count.string(),
       "CRASH_TEST_TRACE=" + trace.string(), fmt::format("CRASH_TEST_POINTS={}", what.all_points ? "all" : "commit"),
       fmt::format("CRASH_TEST_KILL_AT={}", what.kill_at),
       fmt::format("CRASH_TEST_WHEN={}", what.after ? "after" : "before"),
       fmt::format("CRASH_TEST_FAIL_AT={}", what.fail_at), fmt::format("CRASH_TEST_ERRNO={}", what.error_number),
       fmt::format("CRASH_TEST_LASTING={}", what.lasting ? 1 : 0)});
  // A library before ASan's is no mistake here.
  const char* asan = std::getenv("ASAN_OPTIONS");
  ::setenv("ASAN_OPTIONS", fmt::format("{}:verify_asan_link_order=0", asan == nullptr ? "" : asan).c_str(), 1);
  hindered h;
  h.program = test::run("rapporteur-index", arguments(folder, command), options);
  if (asan == nullptr) ::unsetenv("ASAN_OPTIONS");
  std::ifstream(count) >> h.points;
  h.calls = read_trace(trace);
  return h;
}

std::unique_ptr<test::child> start(const fs::path& folder, const std::vector<std::string>& command) {
  test::child_options options;
  options.environment = settings();
  return std::make_unique<test::child>("rapporteur-index", arguments(folder, command), options);
}

test::finished run_undisturbed(const fs::path& folder, const std::vector<std::string>& command) {
  test::child_options options;
  options.environment = settings();
  return test::run("rapporteur-index", arguments(folder, command), options);
}

std::vector<unsigned long> spread(unsigned long last, unsigned long count) {
  std::vector<unsigned long> numbers;
  if (count == 0 || count > last) count = last;
  for (unsigned long n = 0; n < count; ++n) numbers.push_back(count == 1 ? last : 1 + n * (last - 1) / (count - 1));
  return numbers;
}

std::optional<unsigned> long_loop() {
  const char* rounds = std::getenv("RAPPORTEUR_CRASH_ROUNDS");
  if (rounds == nullptr) return std::nullopt;
  return static_cast<unsigned>(std::strtoul(rounds, nullptr, 10));
}

}  // namespace rapporteur::crash
