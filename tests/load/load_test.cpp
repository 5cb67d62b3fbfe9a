// A server that is searched without pause while its index is committed to, rebuilt and merged: no failed, empty or
// mixed answer, and no growth of memory, descriptors or disk.
//
// RAPPORTEUR_LOAD_COMMITS: how many small commits (default 300); the other loops follow it.
#include "index/merge.hpp"
#include "tests/http/programs.hpp"
#include "tests/load/changing_archive.hpp"
#include "tests/load/readers.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <thread>

namespace rapporteur::test {
namespace {

namespace fs = std::filesystem;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool k_memory_is_measured = false;  // a sanitizer holds back what is freed
#else
constexpr bool k_memory_is_measured = true;
#endif

constexpr unsigned k_base = 300;
constexpr unsigned k_readers = 4;
constexpr std::uint64_t k_more_memory = 16U << 20U;  // allowed over what it was after the first fifth
constexpr std::chrono::seconds k_patience{60};       // for an idle server to let go of files

unsigned number_in_environment(const char* name, unsigned otherwise) {
  const char* set = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
  return set == nullptr ? otherwise : static_cast<unsigned>(std::stoul(set));
}

unsigned commits() {
  static const unsigned n = number_in_environment("RAPPORTEUR_LOAD_COMMITS", 300);
  return n;
}

/// What a process holds.
struct holdings {
  std::uint64_t memory = 0;  ///< resident bytes
  std::size_t descriptors = 0;
  std::size_t deleted = 0;  ///< of them, of files that are gone
};

holdings holdings_of(pid_t pid) {
  const fs::path proc = fs::path("/proc") / std::to_string(pid);
  holdings h;
  std::ifstream status(proc / "status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) h.memory = std::stoull(line.substr(6)) << 10U;
  }
  for (const auto& entry : fs::directory_iterator(proc / "fd")) {
    std::error_code closed;
    const auto to = fs::read_symlink(entry.path(), closed);
    if (closed) continue;
    ++h.descriptors;
    if (to.string().ends_with(" (deleted)")) ++h.deleted;
  }
  return h;
}

/// Of a server that nobody asks: once it holds no file that is gone, or when patience is at its end.
holdings idle(pid_t pid) {
  const auto until = std::chrono::steady_clock::now() + k_patience;
  while (true) {
    const auto h = holdings_of(pid);
    if (h.deleted == 0 || std::chrono::steady_clock::now() > until) return h;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));  // /proc tells nobody when it changes
  }
}

std::ostream& operator<<(std::ostream& out, const holdings& h) {
  return out << h.memory / 1024 << " kB, " << h.descriptors << " descriptors, " << h.deleted << " of files gone";
}

class load : public testing::Test {
 protected:
  load() : archive_(folder_.path(), number_in_environment("RAPPORTEUR_LOAD_ARTICLES", k_base)) {}

  /// Does it while it is searched; then nothing may have been wrong.
  template <class F>
  void while_searched(F&& change) {
    readers clients(server_.port(), archive_, k_readers);
    const auto began = std::chrono::steady_clock::now();
    change();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    clients.stop();
    std::cout << "  " << clients.asked() << " requests in " << took.count() << " s, " << clients.wrong() << " wrong, "
              << clients.revisions_seen() / k_readers << " revisions seen by each reader, slowest "
              << clients.slowest_microseconds() / 1000 << " ms\n";
    EXPECT_EQ(clients.wrong(), 0U) << clients.complaints();
    EXPECT_GT(clients.asked(), 0U);
  }

  /// The index without anything that the next run would remove or merge.
  std::uint64_t settled_bytes() {
    archive_.merge();
    archive_.commit();
    return archive_.bytes();
  }

  void compare(const holdings& early, std::uint64_t early_bytes) {
    const auto late_bytes = settled_bytes();
    const auto late = idle(server_.process().pid());
    std::cout << "  early: " << early << ", index " << early_bytes / 1024 << " kB\n  late:  " << late << ", index "
              << late_bytes / 1024 << " kB\n";
    EXPECT_EQ(early.deleted, 0U);
    EXPECT_EQ(late.deleted, 0U) << "an idle server keeps the disk of generations that are gone";
    EXPECT_LE(late.descriptors, early.descriptors);
    if (k_memory_is_measured) {
      EXPECT_LE(late.memory, early.memory + k_more_memory);
    }
    EXPECT_LE(late_bytes, early_bytes + early_bytes / 10);
    EXPECT_EQ(server_.process().errors(), "") << "nothing is worth a warning";
  }

  scratch_folder folder_;
  changing_archive archive_;
  server_program server_{
      archive_.index(),
      {},
      {.max_descriptors = {}, .environment = {"RAPPORTEUR_LOG_LEVEL=warning", "RAPPORTEUR_SERVER_SEARCH_THREADS=3"}}};
};

TEST_F(load, rebuilds_and_merges) {
  const unsigned rounds = std::max(5U, commits() / 50);
  const auto round = [this] {
    archive_.rebuild();
    archive_.commit();
    archive_.merge();
  };
  while_searched([&] {
    for (unsigned n = 0; n < rounds / 5; ++n) round();
  });
  const auto early_bytes = settled_bytes();
  const auto early = idle(server_.process().pid());
  while_searched([&] {
    for (unsigned n = rounds / 5; n < rounds; ++n) round();
  });
  compare(early, early_bytes);
}

TEST_F(load, small_commits) {
  // Looked at as often as an indexer would that has just committed a batch.
  constexpr unsigned k_look_at_growth = 50;
  std::uint64_t most_bytes = 0;
  unsigned merges = 0;
  const auto commit = [&](unsigned n) {
    archive_.commit();
    if (n % k_look_at_growth != 0) return;
    most_bytes = std::max(most_bytes, archive_.bytes());
    const auto need = index::merge_need_of(archive_.index());
    ASSERT_TRUE(need) << need.error().message;
    if (!need->worth_it()) return;
    ++merges;
    archive_.merge();
  };
  while_searched([&] {
    for (unsigned n = 0; n < commits() / 5; ++n) commit(n);
  });
  const auto early_bytes = settled_bytes();
  const auto early = idle(server_.process().pid());
  while_searched([&] {
    for (unsigned n = commits() / 5; n < commits(); ++n) commit(n);
  });
  std::cout << "  " << commits() << " commits, " << merges << " merges, at most " << most_bytes / 1024 << " kB\n";
  compare(early, early_bytes);
}

}  // namespace
}  // namespace rapporteur::test
