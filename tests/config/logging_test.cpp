// The log: its format, that no value can forge a line or a key, and what reaches stderr and stdout.
#include "config/logging.hpp"

#include "config/value.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <sstream>
#include <thread>
#include <vector>

namespace rapporteur::config {
namespace {

constexpr std::string_view k_time = "2026-11-22T10:00:00.000Z";

std::string line(log_format format, std::initializer_list<log_field> fields) {
  return format_event(format, k_time, log_level::info, "request", fields);
}

TEST(logging, a_line_has_time_level_event_and_fields_in_order) {
  const std::initializer_list<log_field> fields{{"status", 200},
                                                {"took_ms", 1.25},
                                                {"route", "/api/v1/search"},
                                                {"cached", false},
                                                {"bytes", std::uint64_t{18446744073709551615U}},
                                                {"name", std::string("북한 보고")}};
  EXPECT_EQ(line(log_format::logfmt, fields),
            "ts=2026-11-22T10:00:00.000Z level=info event=request status=200 took_ms=1.25 route=/api/v1/search "
            "cached=false bytes=18446744073709551615 name=\"북한 보고\"");
  EXPECT_EQ(line(log_format::json, fields),
            R"({"ts":"2026-11-22T10:00:00.000Z","level":"info","event":"request","status":200,"took_ms":1.25,)"
            R"("route":"/api/v1/search","cached":false,"bytes":18446744073709551615,"name":"북한 보고"})");
}

TEST(logging, levels_have_the_names_of_the_setting) {
  const std::pair<log_level, const char*> cases[] = {{log_level::debug, "debug"},
                                                     {log_level::info, "info"},
                                                     {log_level::warning, "warning"},
                                                     {log_level::error, "error"}};
  for (const auto& [level, name] : cases) {
    EXPECT_EQ(format_event(log_format::logfmt, "t", level, "e", {}), std::string("ts=t level=") + name + " event=e");
  }
}

struct escape_case {
  std::string_view value;
  const char* logfmt;
};

TEST(logging, what_is_not_plain_is_quoted_and_escaped) {
  using namespace std::string_view_literals;
  const escape_case cases[] = {
      {"plain/path?x&y:1,2;[3]", "plain/path?x&y:1,2;[3]"},
      {"", R"("")"},
      {"two words", R"("two words")"},
      {"a=b", R"("a=b")"},
      {R"(say "hi")", R"("say \"hi\"")"},
      {R"(back\slash)", R"("back\\slash")"},
      {"x\nts=2026 level=error event=forged", R"("x\nts=2026 level=error event=forged")"},
      {"x\r\ny\tz", R"("x\r\ny\tz")"},
      {"\0\x01\x1b[2J\x7f"sv, R"("\u0000\u0001\u001b[2J\u007f")"},
      {"\xC2\x85\xC2\x9B", R"("\u0085\u009b")"},          // C1: next line, control sequence introducer
      {"\xE2\x80\xA8\xE2\x80\xA9", R"("\u2028\u2029")"},  // line and paragraph separator
      {"\xFF ok \xC3", R"("\ufffd ok \ufffd")"},          // not UTF-8
      {"\xED\xA0\x80", R"("\ufffd\ufffd\ufffd")"},        // a surrogate
      {"é", "\"é\""},
      {"𝄞\xC2\xA0", "\"𝄞\xC2\xA0\""},
  };
  for (const escape_case& c : cases) {
    EXPECT_EQ(line(log_format::logfmt, {{"v", c.value}}),
              "ts=2026-11-22T10:00:00.000Z level=info event=request v=" + std::string(c.logfmt));
  }
  EXPECT_EQ(line(log_format::json, {{"v", "a\n\"b\\\xFF"}}),
            R"({"ts":"2026-11-22T10:00:00.000Z","level":"info","event":"request","v":"a\n\"b\\\ufffd"})");
}

TEST(logging, numbers_that_json_does_not_have_are_strings) {
  const double infinite = std::numeric_limits<double>::infinity();
  const double none = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(line(log_format::json, {{"a", infinite}, {"b", none}, {"c", 1e-7}}),
              testing::EndsWith(R"("a":"inf","b":"nan","c":1e-07})"));
}

// A reader of logfmt as strict as ours is: every byte string must come out as one value of one key on one line.
TEST(logging, no_byte_string_escapes_its_value) {
  const auto parse = [](std::string_view text) {
    std::map<std::string, int> keys;
    for (std::size_t i = 0; i < text.size();) {
      const std::size_t equals = text.find('=', i);
      ++keys[std::string(text.substr(i, equals - i))];
      i = equals + 1;
      if (i < text.size() && text[i] == '"') {
        for (++i; text.at(i) != '"'; ++i) {
          if (text.at(i) == '\\') ++i;
        }
        ++i;
      } else {
        while (i < text.size() && text[i] != ' ') ++i;
      }
      if (i < text.size() && text[i++] != ' ') ++keys["(something between values)"];
    }
    return keys;
  };
  const std::map<std::string, int> expected{{"ts", 1}, {"level", 1}, {"event", 1}, {"v", 1}, {"after", 1}};
  std::vector<std::string> values;
  for (int a = 0; a < 256; ++a) {
    for (const int b : {0x00, 0x0A, 0x20, 0x22, 0x3D, 0x5C, 0x78, 0x80, 0x9B, 0xC2, 0xE2, 0xFF}) {
      values.push_back({static_cast<char>(a), static_cast<char>(b)});
      values.push_back({static_cast<char>(b), static_cast<char>(a), '"', ' ', 'k', '=', 'v'});
    }
  }
  for (const std::string& v : values) {
    const std::string out = line(log_format::logfmt, {{"v", v}, {"after", 1}});
    EXPECT_EQ(parse(out), expected) << testing::PrintToString(v);
    EXPECT_TRUE(is_utf8(out)) << testing::PrintToString(v);
    for (const char c : out)
      EXPECT_FALSE(static_cast<unsigned char>(c) < 0x20 || c == 0x7f) << testing::PrintToString(v);
  }
}

TEST(logging, events_go_to_stderr_from_their_level_on_and_stdout_stays_free) {
  testing::internal::CaptureStderr();
  testing::internal::CaptureStdout();
  log_section settings;
  settings.level = log_level::warning;
  start_log(settings);
  log_event(log_level::info, "too_quiet");
  log_event(log_level::warning, "loud_enough", {{"n", 1}});
  EXPECT_FALSE(log_enabled(log_level::info));
  EXPECT_TRUE(log_enabled(log_level::error));
  settings.level = log_level::debug;
  settings.format = log_format::json;
  start_log(settings);
  log_event(log_level::debug, "changed");
  start_log({});
  const std::string out = testing::internal::GetCapturedStderr();
  EXPECT_THAT(
      out,
      testing::MatchesRegex(
          "ts=[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z level=warning event=loud_enough n=1\n"
          "\\{\"ts\":\"[^\"]*\",\"level\":\"debug\",\"event\":\"changed\"\\}\n"));
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
}

TEST(logging, lines_of_many_threads_stay_whole) {
  constexpr int k_threads = 8;
  constexpr int k_lines = 200;
  const std::string filler(300, 'x');
  testing::internal::CaptureStderr();
  std::vector<std::thread> threads;
  threads.reserve(k_threads);
  for (int t = 0; t < k_threads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < k_lines; ++i)
        log_event(log_level::info, "line", {{"thread", t}, {"i", i}, {"filler", filler}});
    });
  }
  for (std::thread& t : threads) t.join();
  std::istringstream in(testing::internal::GetCapturedStderr());
  std::vector<int> next(k_threads);
  int count = 0;
  for (std::string text; std::getline(in, text); ++count) {
    const auto at = text.find(" thread=");
    ASSERT_NE(at, std::string::npos) << text;
    const int thread = std::stoi(text.substr(at + 8));
    EXPECT_THAT(text, testing::EndsWith(" i=" + std::to_string(next.at(static_cast<std::size_t>(thread))++) +
                                        " filler=" + filler));
  }
  EXPECT_EQ(count, k_threads * k_lines);
}

}  // namespace
}  // namespace rapporteur::config
