// kill -9 at every point where the program makes something durable, visible or gone, and at random moments: the index
// opens, is whole, and continuing gives what an undisturbed run gives.
//
// The short loop takes some points of each command; with RAPPORTEUR_CRASH_ROUNDS=N it takes all of them, the writes
// between them too, and N random moments.
#include "tests/crash/hindered.hpp"
#include "tests/crash/scenarios.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <random>
#include <thread>

namespace rapporteur::crash {
namespace {

constexpr int k_killed = 128 + SIGKILL;

class killed : public testing::TestWithParam<scenario> {};

INSTANTIATE_TEST_SUITE_P(each, killed, testing::ValuesIn(scenarios()),
                         [](const auto& row) { return std::string(row.param.name); });

TEST_P(killed, at_commit_points) {
  const prepared p(GetParam());
  ASSERT_GT(p.commit_points(), 0U);
  // Before each, and behind the last: what lies behind one point and before the next is only what cannot be seen.
  for (const unsigned long point : spread(p.commit_points() + 1, long_loop() ? 0 : 6)) {
    SCOPED_TRACE(fmt::format("killed before commit point {} of {}", point, p.commit_points()));
    const auto folder = p.copy();
    const bool behind_last = point > p.commit_points();
    const auto run = run_hindered(folder->path(), p.command(),
                                  {.kill_at = behind_last ? p.commit_points() : point, .after = behind_last});
    ASSERT_EQ(run.program.status, k_killed) << run.program.err;
    p.expect_whole(folder->path());
    p.expect_finishes(folder->path());
    if (HasFailure()) break;
  }
}

TEST_P(killed, at_writes) {
  const prepared p(GetParam());
  for (const unsigned long point : spread(p.all_points(), long_loop() ? 0 : 4)) {
    SCOPED_TRACE(fmt::format("killed behind write {} of {}", point, p.all_points()));
    const auto folder = p.copy();
    const auto run = run_hindered(folder->path(), p.command(), {.all_points = true, .kill_at = point, .after = true});
    // With several threads the number of writes is not the same each time: then it came to its end.
    if (run.program.status != k_killed) {
      ASSERT_EQ(run.program.status, 0) << run.program.err;
      p.expect_done(folder->path());
    }
    p.expect_whole(folder->path());
    p.expect_finishes(folder->path());
    if (HasFailure()) break;
  }
}

// Several runs that do not finish, one after the other, and then one that does.
TEST_P(killed, at_random_moments) {
  const prepared p(GetParam());
  const unsigned seed = std::random_device{}();
  std::mt19937 random(seed);
  const unsigned rounds = long_loop().value_or(2);
  for (unsigned round = 0; round < rounds; ++round) {
    SCOPED_TRACE(fmt::format("seed {}, round {}", seed, round));
    const auto folder = p.copy();
    for (unsigned times = random() % 3 + 1; times > 0; --times) {
      const std::chrono::duration<double> moment(p.seconds() * std::uniform_real_distribution<>(0, 1)(random));
      const auto program = start(folder->path(), p.command());
      std::this_thread::sleep_for(moment);  // the random moment itself
      program->send_signal(SIGKILL);
      program->wait();
      p.expect_whole(folder->path());
    }
    p.expect_finishes(folder->path());
    if (HasFailure()) break;
  }
}

}  // namespace
}  // namespace rapporteur::crash
