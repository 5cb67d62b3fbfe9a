#include "server/http/json_string.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <random>

namespace rapporteur::http {
namespace {

using namespace std::string_literals;

std::string json_of(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(append_json_string, escapes_what_json_wants_escaped) {
  EXPECT_EQ(json_of(""), R"("")");
  EXPECT_EQ(json_of("plain"), R"("plain")");
  EXPECT_EQ(json_of("\"\\\n\r\t\b\f/"), R"("\"\\\n\r\t\b\f/")");
  EXPECT_EQ(json_of("\0\x01\x1f\x7f"s), R"("\u0000\u0001\u001f\u007f")");
  EXPECT_EQ(json_of("Tomás 북한 𝔘"), "\"Tomás 북한 𝔘\"");
}

TEST(append_json_string, replaces_what_is_not_utf8_and_nothing_else) {
  struct row {
    std::string_view bytes, text;
  };
  constexpr row k_rows[] = {
      {"a\xff"
       "b",
       "\"a\uFFFDb\""},
      {"\x80", "\"\uFFFD\""},
      {"\xc0\xaf", "\"\uFFFD\uFFFD\""},  // over-long
      {"\xe2\x82", "\"\uFFFD\""},        // cut: one maximal part
      {"\xe2\x82"
       "a",
       "\"\uFFFDa\""},
      {"\xed\xa0\x80", "\"\uFFFD\uFFFD\uFFFD\""},            // a surrogate
      {"\xf4\x90\x80\x80", "\"\uFFFD\uFFFD\uFFFD\uFFFD\""},  // past U+10FFFF
      {"\xf0\x9f\x98", "\"\uFFFD\""},
      {"é\xff"
       "é",
       "\"é\uFFFDé\""},
  };
  for (const auto& r : k_rows) EXPECT_EQ(json_of(r.bytes), r.text);
}

TEST(append_json_string, gives_a_parser_back_every_valid_text) {
  const std::string text = "line\nbreak \"quoted\" \\ Tomás 한국 \0 \x01"s;
  EXPECT_EQ(std::string(boost::json::parse(json_of(text)).as_string()), text);
}

TEST(append_json_string, makes_valid_json_of_any_bytes) {
  std::mt19937 random(1);  // NOLINT(bugprone-random-generator-seed): the same bytes every time
  for (int round = 0; round < 2000; ++round) {
    std::string bytes(random() % 40, '\0');
    for (auto& c : bytes) c = static_cast<char>(random() % 4 == 0 ? random() % 256 : 0xC0 + random() % 64);
    boost::system::error_code ec;
    const auto parsed = boost::json::parse(json_of(bytes), ec);
    ASSERT_FALSE(ec);
    ASSERT_TRUE(is_utf8(std::string(parsed.as_string())));
    if (is_utf8(bytes)) {
      ASSERT_EQ(std::string(parsed.as_string()), bytes);
    }
  }
}

TEST(is_utf8, follows_table_3_7_of_unicode) {
  for (const std::string_view good : {"", "a", "é", "북", "𝔘", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"})
    EXPECT_TRUE(is_utf8(good));
  for (const std::string_view bad : {"\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
                                     "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe2\x82", "a\xff"}) {
    EXPECT_FALSE(is_utf8(bad));
  }
}

}  // namespace
}  // namespace rapporteur::http
