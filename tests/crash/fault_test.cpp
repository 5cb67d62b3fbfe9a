// What the disk or another program does to the indexer: it says what and what to do, the last good index goes on being
// served, and the same command succeeds once the fault is gone.
#include "index/generation.hpp"
#include "tests/crash/hindered.hpp"
#include "tests/crash/mounted.hpp"
#include "tests/crash/scenarios.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <cstring>

namespace rapporteur::crash {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr int k_exit_index = 3;

void expect_serves(const test::server_program& server) {
  const auto a = server.get("/api/v1/search?q=district");
  ASSERT_EQ(a.status, 200U) << a.body;
  EXPECT_FALSE(boost::json::parse(a.body).at("hits").as_array().empty());
}

class faults : public testing::TestWithParam<scenario> {
 protected:
  // Status 3 is owed where nothing was done, and a message with the system's reason and the place.
  static void expect_said(const test::finished& run, std::string_view reason, const fs::path& folder) {
    EXPECT_EQ(run.status, k_exit_index) << run.err;
    EXPECT_THAT(run.err, HasSubstr(std::string(reason)));
    EXPECT_THAT(run.err, HasSubstr(folder.string()));
  }

  // One kind of failure at points of the whole run.
  static void fail_at_points(bool all_points, int error_number, bool lasting, unsigned long short_loop) {
    const prepared p(GetParam());
    const unsigned long points = all_points ? p.all_points() : p.commit_points();
    for (const unsigned long point : spread(points, long_loop() ? 0 : short_loop)) {
      SCOPED_TRACE(fmt::format("{} at point {} of {}{}", std::strerror(error_number), point, points,
                               lasting ? " and all that follow" : ""));
      const auto folder = p.copy();
      const auto run =
          run_hindered(folder->path(), p.command(),
                       {.all_points = all_points, .fail_at = point, .error_number = error_number, .lasting = lasting});
      if (run.program.status == 0) {
        p.expect_done(folder->path());  // it was something that the run can do without
        for (const file_call& c : run.calls) {
          // What could not be synced is lost with the next loss of power, and no later sync says so again.
          EXPECT_FALSE(c.what == "failed" && c.second == "sync") << c.path << ": its failure was passed over";
        }
      } else {
        // The system's reason is not asked for: Xapian does not always pass it on.
        expect_said(run.program, "", folder->path());
      }
      p.expect_whole(folder->path());
      p.expect_finishes(folder->path());
      if (HasFailure()) break;
    }
  }
};

INSTANTIATE_TEST_SUITE_P(each, faults, testing::ValuesIn(scenarios()),
                         [](const auto& row) { return std::string(row.param.name); });

TEST_P(faults, no_space_from_some_write_on) {
  fail_at_points(true, ENOSPC, true, 6);
}
TEST_P(faults, one_write_fails) {
  fail_at_points(true, EIO, false, 6);
}
TEST_P(faults, one_commit_point_fails) {
  fail_at_points(false, EIO, false, 12);
}

TEST_P(faults, full_disk) {
  const prepared p(GetParam());
  const auto template_folder = p.copy();
  const bool has_index = fs::exists(template_folder->path() / "index");
  const std::uint64_t used = has_index ? footprint_of(template_folder->path() / "index").bytes : 0;
  const mounted disk(64 << 20);
  if (!disk.ok()) GTEST_SKIP() << "mounting is not allowed here";
  if (has_index) fs::copy(template_folder->path() / "index", disk.path() / "index", fs::copy_options::recursive);
  std::optional<test::server_program> server;
  if (has_index) server.emplace(disk.path() / "index");

  // Room for the index as it is and little more.
  ASSERT_TRUE(disk.resize(used + (256 << 10)));
  const auto run = run_undisturbed(disk.path(), p.command());
  if (run.status == p.what().status_again || run.status == 0) {
    p.expect_done(disk.path());  // removing needs little room
  } else {
    expect_said(run, "No space left on device", disk.path());
    p.expect_whole(disk.path());
  }
  if (server) expect_serves(*server);

  ASSERT_TRUE(disk.resize(64 << 20));
  p.expect_finishes(disk.path());
  if (server) expect_serves(*server);
}

TEST_P(faults, read_only_folder) {
  const prepared p(GetParam());
  const auto template_folder = p.copy();
  const bool has_index = fs::exists(template_folder->path() / "index");
  const mounted disk(64 << 20);
  if (!disk.ok()) GTEST_SKIP() << "mounting is not allowed here";
  if (has_index) fs::copy(template_folder->path() / "index", disk.path() / "index", fs::copy_options::recursive);
  ASSERT_TRUE(disk.make_read_only(true));
  std::optional<test::server_program> server;
  if (has_index) server.emplace(disk.path() / "index");  // which needs no write access

  const auto run = run_undisturbed(disk.path(), p.command());
  expect_said(run, "Read-only file system", disk.path());
  if (server) expect_serves(*server);

  ASSERT_TRUE(disk.make_read_only(false));
  p.expect_finishes(disk.path());
  if (server) expect_serves(*server);
}

TEST_P(faults, another_indexer_is_writing) {
  const prepared p(GetParam());
  const auto folder = p.copy();
  const fs::path index = folder->path() / "index";
  fs::create_directories(index);
  const bool has_index = !p.generation().empty();
  {
    auto other = index::writer_lock::acquire(index);
    ASSERT_TRUE(other) << other.error().message;
    if (p.what().waits) {
      const auto patient = start(folder->path(), p.command());
      patient->await_error(index.string() + ": waiting for another rapporteur-index to end its writing");
      expect_serves(test::server_program(index));
      other = error{errc::internal, "given up"};
      EXPECT_EQ(patient->wait(), 0) << patient->errors();
      p.expect_done(folder->path());
      return;
    }
    const auto run = run_undisturbed(folder->path(), p.command());
    EXPECT_EQ(run.status, k_exit_index) << run.err;
    EXPECT_THAT(run.err, HasSubstr("another rapporteur-index is writing"));
    EXPECT_THAT(run.err, HasSubstr(index.string()));
    if (has_index) expect_serves(test::server_program(index));
  }
  p.expect_finishes(folder->path());
}

}  // namespace
}  // namespace rapporteur::crash
