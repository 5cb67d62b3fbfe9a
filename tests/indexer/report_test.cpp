// Accounts and progress as people and programs see them.
#include "indexer/report.hpp"

#include "indexer/progress.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <cstdio>
#include <string>

namespace rapporteur::indexer {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(progress, numbers_are_for_people) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(75'997), "75,997");
  EXPECT_EQ(grouped(1'234'567'890), "1,234,567,890");
  EXPECT_EQ(bytes_shown(999), "999 bytes");
  EXPECT_EQ(bytes_shown(162'100'000), "162.1 MB");
  EXPECT_EQ(bytes_shown(64'000'000'000), "64.0 GB");
  EXPECT_EQ(duration_shown(std::chrono::milliseconds(1234)), "1.2 s");
  EXPECT_EQ(duration_shown(std::chrono::milliseconds(59'400)), "59 s");
  EXPECT_EQ(duration_shown(std::chrono::milliseconds(59'600)), "1 min 0 s");
  EXPECT_EQ(duration_shown(std::chrono::seconds(3'725)), "1 h 2 min");
}

TEST(progress, line_says_only_what_is_known) {
  using std::chrono::milliseconds;
  EXPECT_EQ(progress_line(5, 0, 0, milliseconds(100)), "5 articles");
  EXPECT_EQ(progress_line(5, 0, 1000, milliseconds(100)), "5 articles, 0 % of 1.0 kB");
  EXPECT_EQ(progress_line(12'000, 31'000, 100'000, milliseconds(5'000)),
            "12,000 articles, 2,400/s, 31 % of 100.0 kB, 12 s left");
  // A file that grew while it was read: never over 100 %, never a negative time.
  EXPECT_EQ(progress_line(10, 2'000, 1'000, milliseconds(4'000)), "10 articles, 2/s, 100 % of 1.0 kB, 0.0 s left");
}

std::string written(std::FILE* f) {
  std::string out(static_cast<std::size_t>(std::ftell(f)), '\0');
  std::rewind(f);
  EXPECT_EQ(std::fread(out.data(), 1, out.size(), f), out.size());
  return out;
}

struct file_closer {
  void operator()(std::FILE* f) const { std::fclose(f); }
};
using file = std::unique_ptr<std::FILE, file_closer>;

TEST(progress, messages_do_not_mix_with_the_line_on_a_terminal) {
  const file f(std::tmpfile());
  {
    progress p(f.get(), true, true);
    p.step("working");
    p.say("a message");
    p.step("working on");
  }
  EXPECT_EQ(written(f.get()), "\r\x1B[Kworking\r\x1B[Ka message\n\r\x1B[Kworking on\r\x1B[K");
}

TEST(progress, elsewhere_lines_are_plain) {
  const file f(std::tmpfile());
  {
    progress p(f.get(), false, true);
    p.step("working");
    p.say("a message");
  }
  EXPECT_EQ(written(f.get()), "working\na message\n");
}

TEST(progress, quiet_still_says_what_matters) {
  const file f(std::tmpfile());
  progress p(f.get(), true, false);
  p.start(100);
  p.step("working");
  p.update(1, 1);
  p.say("a message");
  EXPECT_EQ(written(f.get()), "a message\n");
}

TEST(account, balances_only_if_every_record_is_somewhere) {
  run_account a;
  EXPECT_TRUE(a.balances());
  a.read = 4;
  a.count({"id", index::write_outcome::added, "en"});
  a.count({"id", index::write_outcome::replaced, "en"});
  a.count({"id", index::write_outcome::unchanged, "en"});
  EXPECT_FALSE(a.balances());
  a.failed = 1;
  EXPECT_TRUE(a.balances());
  a.count({"id", index::write_outcome::added, "en"});
  EXPECT_FALSE(a.balances());
}

TEST(account, is_printed_for_programs) {
  run_account a;
  a.read = 3;
  a.added = 2;
  a.failed = 1;
  a.failures["not \"JSON\""] = 1;
  a.elapsed = std::chrono::duration<double>(0.5);
  EXPECT_EQ(
      a.to_json(),
      R"({"read":3,"added":2,"replaced":0,"unchanged":0,"failed":1,"removed":0,"undated":0,"files":0,"files_unchanged":0,"files_gone":0,"bytes":0,)"
      R"("failures":{"not \"JSON\"":1},"warnings":{},"left_out":{},"ignored":{},"languages":{},"outlets":{},"seconds":5E-1})"
      "\n");
}

TEST(finding_list, lists_some_of_each_reason_and_counts_all) {
  const file f(std::tmpfile());
  progress p(f.get(), false, true);
  run_account a;
  finding_list findings(a, p);
  for (int n = 1; n <= 50; ++n)
    findings.add({severity::failure, {errc::malformed, "frequent", std::to_string(n)}, "f", 1, 0});
  findings.add({severity::failure, {errc::malformed, "rare", ""}, "f", 9, 0});
  findings.add({severity::warning, {errc::malformed, "odd", ""}, "f", 10, 0});
  findings.close();
  EXPECT_EQ(a.failed, 51U);
  EXPECT_EQ(a.failures["frequent"], 50U);
  EXPECT_EQ(a.failures["rare"], 1U);
  EXPECT_EQ(a.warnings["odd"], 1U);
  const std::string said = written(f.get());
  EXPECT_THAT(said, HasSubstr("f:1: frequent: 20\n"));
  EXPECT_THAT(said, Not(HasSubstr("frequent: 21")));
  EXPECT_THAT(said, HasSubstr("30 more, not listed: frequent\n"));
  EXPECT_THAT(said, HasSubstr("f:9: rare\n"));
  EXPECT_THAT(said, HasSubstr("f:10: warning: odd\n"));
}

TEST(finding_list, bounds_the_kinds_of_left_out_values) {
  progress p(stderr, false, false);
  run_account a;
  finding_list findings(a, p);
  for (int n = 0; n < 1000; ++n) findings.leave_out("nested values of key \"" + std::to_string(n) + "\"", 2);
  EXPECT_LE(a.left_out.size(), 51U);
  std::uint64_t all = 0;
  for (const auto& [what, count] : a.left_out) all += count;
  EXPECT_EQ(all, 2000U);
}

}  // namespace
}  // namespace rapporteur::indexer
