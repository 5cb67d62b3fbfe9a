// One value of each kind: what is read, what is refused and in which words, and that writing and reading agree.
#include "config/value.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rapporteur::config {
namespace {

const key_row& row_of(std::string_view section, std::string_view name) {
  const key_row* row = find_key(section, name);
  if (row == nullptr) throw std::logic_error("no key " + std::string(name));
  return *row;
}

struct good_case {
  const char* section;
  const char* name;
  const char* text;
  value expected;
};

TEST(value, reads_what_is_written_right) {
  using list = std::vector<std::string>;
  const good_case cases[] = {
      {"log", "queries", "true", true},
      {"log", "queries", "false", false},
      {"server", "port", "0", 0L},
      {"server", "port", " 65535 ", 65535L},
      {"server", "max_body_size", "1024", 1024L},
      {"server", "max_body_size", "64 KiB", 65536L},
      {"server", "max_body_size", "64KiB", 65536L},
      {"server", "max_body_size", " 1  mib ", 1048576L},
      {"server", "max_body_size", "2048 B", 2048L},
      {"indexer", "max_file_size", "16 TiB", 17592186044416L},
      {"server", "idle_timeout", "100 ms", 100L},
      {"server", "idle_timeout", "10s", 10'000L},
      {"server", "idle_timeout", "2 min", 120'000L},
      {"server", "idle_timeout", "1 H", 3'600'000L},
      {"server", "shutdown_grace", "0", 0L},
      {"log", "level", "warning", std::string("warning")},
      {"index", "folder", "/srv/원고/index with blanks", std::string("/srv/원고/index with blanks")},
      {"server", "address", "0.0.0.0", std::string("0.0.0.0")},
      {"server", "address", "::1", std::string("::1")},
      {"server", "address", "fe80::1%eth0", std::string("fe80::1%eth0")},
      {"server", "cors_origins", "", list{}},
      {"server", "trusted_proxies", "127.0.0.1, ::1, 10.0.0.0/8, fd00::/8,0.0.0.0/0",
       list{"127.0.0.1", "::1", "10.0.0.0/8", "fd00::/8", "0.0.0.0/0"}},
      {"server", "base_path", "", std::string()},
      {"server", "base_path", "/a-b/c.d_e~f", std::string("/a-b/c.d_e~f")},
      {"server", "base_path", "/apis", std::string("/apis")},
      {"server", "public_url", "", std::string()},
      {"server", "public_url", "https://news.example", std::string("https://news.example")},
      {"server", "public_url", "http://news.example:8080/a/b/", std::string("http://news.example:8080/a/b/")},
      {"server", "cors_origins", "*", list{"*"}},
      {"server", "cors_origins", "https://a.example, http://b.example:8080 ,",
       list{"https://a.example", "http://b.example:8080"}},
      {"server", "cors_origins", "http://[::1]:3000,http://[::1]", list{"http://[::1]:3000", "http://[::1]"}},
  };
  for (const good_case& c : cases) {
    const reading read = read_text(row_of(c.section, c.name), c.text);
    ASSERT_TRUE(read.result) << c.name << " = " << c.text << ": " << read.error;
    EXPECT_EQ(*read.result, c.expected) << c.name << " = " << c.text;
  }
}

struct bad_case {
  const char* section;
  const char* name;
  std::string text;
  const char* error;
};

TEST(value, refuses_what_is_wrong_and_says_what_is_allowed) {
  const std::string origins = R"(; allowed: a list of origins such as "https://news.example", or "*" alone)";
  const bad_case cases[] = {
      {"log", "queries", "yes", R"("yes" is not a truth value; allowed: true or false)"},
      {"server", "port", "65536", "65536 is out of range; allowed: 0 to 65535"},
      {"server", "port", "-1", "-1 is out of range; allowed: 0 to 65535"},
      {"server", "port", "80a", R"("80a" is not a whole number; allowed: 0 to 65535)"},
      {"server", "port", "0x50", R"("0x50" is not a whole number; allowed: 0 to 65535)"},
      {"server", "port", "", R"("" is not a whole number; allowed: 0 to 65535)"},
      {"server", "port", "99999999999999999999", R"("99999999999999999999" is out of range; allowed: 0 to 65535)"},
      {"server", "max_body_size", "1023", "1023 B is out of range; allowed: 1 KiB to 1 GiB"},
      {"server", "max_body_size", "2 GiB", "2 GiB is out of range; allowed: 1 KiB to 1 GiB"},
      {"server", "max_body_size", "9000000000 TiB", R"("9000000000 TiB" is out of range; allowed: 1 KiB to 1 GiB)"},
      {"server", "max_body_size", "64 kB",
       R"("64 kB" has an unknown unit; the units are B, KiB, MiB, GiB and TiB (1 KiB is 1024 bytes); allowed: 1 KiB to 1 GiB)"},
      {"server", "max_body_size", "-5 KiB",
       R"("-5 KiB" is not a size; write a whole number and a unit, such as "64 KiB"; allowed: 1 KiB to 1 GiB)"},
      {"server", "max_body_size", "1.5 MiB",
       R"("1.5 MiB" has an unknown unit; the units are B, KiB, MiB, GiB and TiB (1 KiB is 1024 bytes); allowed: 1 KiB to 1 GiB)"},
      {"server", "idle_timeout", "10", R"(10 has no unit; write "10 s" or "10 ms"; allowed: 100 ms to 1 h)"},
      {"server", "idle_timeout", "5 m",
       R"("5 m" has an unknown unit; the units are ms, s, min and h; allowed: 100 ms to 1 h)"},
      {"server", "idle_timeout", "soon",
       R"("soon" is not a duration; write a whole number and a unit, such as "1 min"; allowed: 100 ms to 1 h)"},
      {"server", "idle_timeout", "",
       R"("" is not a duration; write a whole number and a unit, such as "1 min"; allowed: 100 ms to 1 h)"},
      {"server", "idle_timeout", "1500 min", "25 h is out of range; allowed: 100 ms to 1 h"},
      {"server", "shutdown_grace", "11 min", "11 min is out of range; allowed: 0 to 10 min"},
      {"log", "level", "waning",
       R"("waning" is not a choice; did you mean "warning"?; allowed: one of debug, info, warning, error)"},
      {"log", "level", "Info",
       R"("Info" is not a choice; did you mean "info"?; allowed: one of debug, info, warning, error)"},
      {"log", "level", "quiet", R"("quiet" is not a choice; allowed: one of debug, info, warning, error)"},
      {"index", "folder", "", "is empty; allowed: a path"},
      {"index", "folder", "a\xff\x1b b", R"("a\xff\x1b b" is not UTF-8; allowed: a path)"},
      {"index", "folder", std::string("a\0b", 3), R"("a\x00b" contains a zero byte; allowed: a path)"},
      {"server", "address", "localhost", R"("localhost" is not an address; allowed: an IPv4 or IPv6 address)"},
      {"server", "address", "127.0.0.1:80", R"("127.0.0.1:80" is not an address; allowed: an IPv4 or IPv6 address)"},
      {"server", "address", "[::1]",
       R"("[::1]" is not an address; write it without brackets; allowed: an IPv4 or IPv6 address)"},
      {"server", "address", "::1%", R"("::1%" is not an address; allowed: an IPv4 or IPv6 address)"},
  };
  for (const bad_case& c : cases) {
    const reading read = read_text(row_of(c.section, c.name), c.text);
    EXPECT_FALSE(read.result) << c.name << " = " << c.text;
    EXPECT_EQ(read.error, c.error);
  }
  const std::pair<const char*, const char*> bad_origins[] = {
      {"news.example", R"("news.example" does not begin with https:// or http://)"},
      {"null", R"("null" does not begin with https:// or http://)"},
      {"https://news.example/",
       R"("https://news.example/" has more than scheme, host and port; write "https://news.example")"},
      {"https://news.example/a?b",
       R"("https://news.example/a?b" has more than scheme, host and port; write "https://news.example")"},
      {"https://news.example:", R"("https://news.example:" has a port that is no number)"},
      {"https://news.example:http", R"("https://news.example:http" has a port that is no number)"},
      {"https://", R"("https://" has a host that browsers do not send: lower case, letters of other scripts as xn--…)"},
      {"https://News.example",
       R"("https://News.example" has a host that browsers do not send: lower case, letters of other scripts as xn--…)"},
      {"https://뉴스.example",
       R"("https://뉴스.example" has a host that browsers do not send: lower case, letters of other scripts as xn--…)"},
      {"*,https://a.example", R"("*" stands for every origin and must be alone)"},
  };
  for (const auto& [text, error] : bad_origins) {
    const reading read = read_text(row_of("server", "cors_origins"), text);
    EXPECT_FALSE(read.result) << text;
    EXPECT_EQ(read.error, error + origins);
  }
}

TEST(value, quotes_a_long_value_short_and_never_cuts_a_character) {
  std::string text(79, 'x');
  text += "북한";
  const reading read = read_text(row_of("server", "address"), text);
  EXPECT_EQ(read.error, '"' + std::string(79, 'x') + R"(…" is not an address; allowed: an IPv4 or IPv6 address)");
}

TEST(value, what_is_written_reads_back_the_same) {
  for (const key_row& row : all_keys()) {
    if (row.type != kind::size && row.type != kind::duration && row.type != kind::count) continue;
    for (const std::int64_t v : {row.min, row.min + 1, row.max - 1, row.max, (row.min + row.max) / 2}) {
      const std::string text = to_text(row, v);
      const reading read = read_text(row, text);
      ASSERT_TRUE(read.result) << row.full_name() << ' ' << text << ": " << read.error;
      EXPECT_EQ(std::get<std::int64_t>(*read.result), v) << text;
    }
  }
}

TEST(value, toml_strings_are_escaped) {
  EXPECT_EQ(toml_quoted("plain 북한"), "\"plain 북한\"");
  EXPECT_EQ(toml_quoted("a\"b\\c\nd\x7f"), R"("a\"b\\c\u000Ad\u007F")");
}

TEST(value, utf8_is_what_rfc_3629_says) {
  const std::pair<std::string_view, bool> cases[] = {
      {"", true},
      {"ascii", true},
      {"é", true},
      {"\xEF\xBF\xBF", true},
      {"\xF4\x8F\xBF\xBF", true},
      {"\xED\x9F\xBF", true},
      {"\x80", false},              // continuation alone
      {"\xC3", false},              // cut short
      {"\xE2\x82", false},          //
      {"\xC0\xAF", false},          // overlong
      {"\xE0\x80\xAF", false},      //
      {"\xF0\x80\x80\xAF", false},  //
      {"\xED\xA0\x80", false},      // surrogate
      {"\xF4\x90\x80\x80", false},  // above U+10FFFF
      {"\xF5\x80\x80\x80", false},  //
      {"\xC3(", false},             //
  };
  for (const auto& [bytes, expected] : cases) EXPECT_EQ(is_utf8(bytes), expected) << testing::PrintToString(bytes);
}

TEST(value, nearest_finds_slips_and_nothing_else) {
  const std::vector<std::string> names{"port", "address", "search_threads", "queue_length"};
  const std::pair<const char*, const char*> cases[] = {
      {"prot", "port"},
      {"ports", "port"},
      {"PORT", "port"},
      {"adress", "address"},
      {"serach_threads", "search_threads"},
      {"searchthreads", "search_threads"},
      {"colour", ""},
      {"", ""},
      {"x", ""},
      {"host", ""},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(nearest(text, names), expected) << text;
  EXPECT_EQ(nearest(std::string(100'000, 'p'), names), "");
}

}  // namespace
}  // namespace rapporteur::config
