// What the program asks of the file system survives a loss of power: everything that a commit makes visible has been
// synced before, in the right order. And the checker itself, on calls that are in order and that are not.
#include "tests/crash/hindered.hpp"
#include "tests/crash/scenarios.hpp"
#include "tests/crash/trace.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace rapporteur::crash {
namespace {

using calls = std::vector<file_call>;

// A first commit in good order, in which one call can be left out or moved.
calls in_order() {
  return {
      {"mkdir", "/i/x", "", ""},
      {"mkdir", "/i/x/g000002", "", ""},
      {"create", "/i/x/g000002/postlist.glass", "", ""},
      {"write", "/i/x/g000002/postlist.glass", "", ""},
      {"sync", "/i/x/g000002/postlist.glass", "", ""},
      {"create", "/i/x/g000002/v.tmp", "", ""},
      {"write", "/i/x/g000002/v.tmp", "", ""},
      {"sync", "/i/x/g000002/v.tmp", "", ""},
      {"rename", "/i/x/g000002/v.tmp", "/i/x/g000002/iamglass", ""},
      {"sync", "/i/x/g000002", "", ""},
      {"sync", "/i/x", "", ""},
      {"create", "/i/x/current.new", "", ""},
      {"write", "/i/x/current.new", "", ""},
      {"sync", "/i/x/current.new", "", ""},
      {"rename", "/i/x/current.new", "/i/x/current", "g000002"},
      {"sync", "/i/x", "", ""},
      {"sync", "/i", "", ""},
      {"remove", "/i/x/g000001/postlist.glass", "", ""},
      {"remove", "/i/x/g000001", "", ""},
  };
}

TEST(write_order_checker, finds_nothing_in_good_order) {
  EXPECT_EQ(write_order_violations(in_order(), "/i/x", "g000001", true), std::vector<std::string>{});
}

TEST(write_order_checker, finds_every_sync_that_is_missing) {
  const calls whole = in_order();
  for (std::size_t n = 0; n < whole.size(); ++n) {
    if (whole[n].what != "sync") continue;
    calls less = whole;
    less.erase(less.begin() + static_cast<std::ptrdiff_t>(n));
    EXPECT_NE(write_order_violations(less, "/i/x", "g000001", true), std::vector<std::string>{})
        << "without " << n << ": sync " << whole[n].path;
  }
}

TEST(write_order_checker, finds_what_comes_too_late_or_too_early) {
  calls late = in_order();
  std::swap(late[3], late[4]);  // synced, then written
  EXPECT_NE(write_order_violations(late, "/i/x", "g000001", true), std::vector<std::string>{});
  calls early = in_order();
  early.insert(early.begin() + 14, {"remove", "/i/x/g000001/postlist.glass", "", ""});
  EXPECT_NE(write_order_violations(early, "/i/x", "g000001", true), std::vector<std::string>{});
  calls in_the_served = {
      {"write", "/i/x/g000001/postlist.glass", "", ""},
      {"create", "/i/x/g000001/v.tmp", "", ""},
      {"write", "/i/x/g000001/v.tmp", "", ""},
      {"sync", "/i/x/g000001/v.tmp", "", ""},
      {"rename", "/i/x/g000001/v.tmp", "/i/x/g000001/iamglass", ""},
      {"sync", "/i/x/g000001/postlist.glass", "", ""},
      {"sync", "/i/x/g000001", "", ""},
  };
  EXPECT_EQ(
      write_order_violations(in_the_served, "/i/x", "g000001", true),
      std::vector<std::string>{"g000001/postlist.glass: not synced when the version file beside it was put in place"});
  // The program that did not say that all is well owes no durability, only order.
  in_the_served = {{"write", "/i/x/g000001/postlist.glass", "", ""}};
  EXPECT_EQ(write_order_violations(in_the_served, "/i/x", "g000001", false), std::vector<std::string>{});
}

class write_order : public testing::TestWithParam<scenario> {};

INSTANTIATE_TEST_SUITE_P(each, write_order, testing::ValuesIn(scenarios()),
                         [](const auto& row) { return std::string(row.param.name); });

TEST_P(write_order, survives_a_loss_of_power) {
  const prepared p(GetParam());
  const auto folder = p.copy();
  const auto run = run_hindered(folder->path(), p.command());
  ASSERT_EQ(run.program.status, 0) << run.program.err;
  ASSERT_FALSE(run.calls.empty());
  const auto violations =
      write_order_violations(run.calls, std::filesystem::canonical(folder->path() / "index"), p.generation(), true);
  EXPECT_TRUE(violations.empty()) << fmt::format("{}", fmt::join(violations, "\n"));
}

}  // namespace
}  // namespace rapporteur::crash
