// A watch that is killed while files change, and started again: it makes the index equal to the files. A snapshot that
// is killed: the index is as it was, and what was not finished is not taken for a snapshot.
#include "tests/crash/archive.hpp"
#include "tests/crash/hindered.hpp"
#include "tests/crash/index_state.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <random>
#include <thread>

namespace rapporteur::crash {
namespace {

namespace fs = std::filesystem;

std::optional<index_state> index_of(const fs::path& files) {
  const test::scratch_folder folder;
  EXPECT_EQ(run_undisturbed(folder.path(), {"add", files.string()}).status, 0);
  return read_index(folder.path() / "index");
}

// Some of the changes may be in, and each of them is one article as a whole.
void expect_between(const fs::path& folder, const index_state& first, const index_state& later) {
  const auto check = run_undisturbed(folder, {"check"});
  EXPECT_EQ(check.status, 0) << check.out << check.err;
  const auto now = read_index(folder / "index");
  ASSERT_TRUE(now);
  for (const auto& [id, hash] : now->articles) {
    const auto before = first.articles.find(id);
    const auto after = later.articles.find(id);
    EXPECT_TRUE((before != first.articles.end() && before->second == hash) ||
                (after != later.articles.end() && after->second == hash))
        << id << " is as it never was";
  }
  for (const auto& [id, hash] : later.articles) {
    EXPECT_TRUE(!first.articles.contains(id) || now->articles.contains(id)) << id << " is lost";
  }
}

TEST(watch_killed, makes_the_index_equal_to_the_files_when_started_again) {
  const archive a;
  // Some ids come from paths: both are read where they are watched.
  a.make_live(a.first());
  const auto first = index_of(a.live());
  a.make_live(a.later());
  const auto later = index_of(a.live());
  ASSERT_TRUE(first && later);
  const unsigned seed = std::random_device{}();
  std::mt19937 random(seed);
  const unsigned rounds = long_loop().value_or(6);
  for (unsigned round = 0; round < rounds; ++round) {
    SCOPED_TRACE(fmt::format("seed {}, round {}", seed, round));
    const test::scratch_folder folder;
    fs::remove_all(a.live());
    a.make_live(a.first());
    const std::vector<std::string> command{"watch", a.live().string()};
    {
      const auto watch = start(folder.path(), command);
      watch->await_error("revision 1");
      a.make_live(a.later());
      // A commit begins a tenth of a second after the last change, and takes about as much.
      const std::chrono::duration<double> moment(std::uniform_real_distribution<>(0, 0.6)(random));
      std::this_thread::sleep_for(moment);  // the random moment itself
      watch->send_signal(SIGKILL);
      EXPECT_EQ(watch->wait(), 128 + SIGKILL);
    }
    expect_between(folder.path(), *first, *later);
    const auto again = start(folder.path(), command);
    again->await_error("revision ");  // said of the first look through everything, whether or not it changed something
    again->send_signal(SIGTERM);
    EXPECT_EQ(again->wait(), 0) << again->errors();
    expect_between(folder.path(), *first, *later);
    EXPECT_TRUE(read_index(folder.path() / "index") == later);
    if (testing::Test::HasFailure()) break;
  }
}

TEST(snapshot_killed, leaves_the_index_and_no_half_of_a_copy) {
  const archive a;
  const test::scratch_folder folder;
  ASSERT_EQ(run_undisturbed(folder.path(), {"add", a.first().string()}).status, 0);
  const auto whole = read_index(folder.path() / "index");
  const fs::path copy = folder.path() / "copy";
  const std::vector<std::string> command{"snapshot", copy.string()};
  const unsigned long points = run_hindered(folder.path(), command).points;
  ASSERT_GT(points, 0U);
  for (const unsigned long point : spread(points, long_loop() ? 0 : 8)) {
    SCOPED_TRACE(fmt::format("killed before commit point {} of {}", point, points));
    fs::remove_all(copy);
    ASSERT_EQ(run_hindered(folder.path(), command, {.kill_at = point}).program.status, 128 + SIGKILL);
    EXPECT_TRUE(read_index(folder.path() / "index") == whole);
    const test::scratch_folder other;
    const auto restored = run_undisturbed(other.path(), {"restore", copy.string()});
    if (restored.status == 0) {
      EXPECT_TRUE(read_index(other.path() / "index") == whole);
    } else {
      EXPECT_EQ(restored.status, 3) << restored.err;
    }
    fs::remove_all(copy);
    EXPECT_EQ(run_undisturbed(folder.path(), command).status, 0);
    EXPECT_TRUE(read_index(copy) == whole);
    if (testing::Test::HasFailure()) break;
  }
}

}  // namespace
}  // namespace rapporteur::crash
