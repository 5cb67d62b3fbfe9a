#include "server/api/safe_text.hpp"

#include "server/http/json_string.hpp"

#include <gtest/gtest.h>

#include <random>

namespace rapporteur::api {
namespace {

using namespace std::string_literals;

TEST(safe_text, is_what_every_format_of_text_can_hold) {
  struct row {
    std::string in, kept, blank;
  };
  const row k_rows[] = {
      {"", "", ""},
      {"Tomás 북한 😀", "Tomás 북한 😀", "Tomás 북한 😀"},
      {"a\nb\rc\r\nd\n\ne", "a\nb\nc\nd\n\ne", "a b c d  e"},
      {"a\xC2\x85"
       "b\u2028c\u2029d",
       "a\nb\nc\nd", "a b c d"},
      {"a\tb", "a\tb", "a\tb"},
      {"a\0b\x01\x1F\x7F"s, "a�b���", "a�b���"},
      {"\xC2\x80\xC2\x9F", "��", "��"},
      {"\xEF\xBF\xBE\xEF\xBF\xBF\xEF\xB7\x90", "���", "���"},        // U+FFFE, U+FFFF, U+FDD0
      {"\xFF\xC3", "��", "��"},                                      // no UTF-8
      {"\xE2\x82", "�", "�"},                                        // cut
      {"\xED\xA0\x80", "�", "�"},                                    // a surrogate
      {"\xC0\xAF", "��", "��"},                                      // over-long
      {"\u202Eleft\u200F", "\u202Eleft\u200F", "\u202Eleft\u200F"},  // of direction: letters of a text
      {"\xEF\xBF\xBD", "�", "�"},
  };
  for (const auto& r : k_rows) {
    EXPECT_EQ(plain(r.in, line_breaks::kept), r.kept) << r.in;
    EXPECT_EQ(plain(r.in, line_breaks::blank), r.blank) << r.in;
  }
}

TEST(safe_text, is_utf8_whatever_the_bytes) {
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes(random() % 12, '\0');
    for (char& c : bytes) c = static_cast<char>(random() % 3 == 0 ? 0xE0 + random() % 0x20 : random());
    ASSERT_TRUE(http::is_utf8(plain(bytes, line_breaks::kept)));
  }
}

TEST(safe_text, never_becomes_markup) {
  std::string xml;
  append_xml(xml, "<a href=\"x\">'&amp;'</a>]]>\n\t\0"s);
  EXPECT_EQ(xml, "&lt;a href=&quot;x&quot;&gt;'&amp;amp;'&lt;/a&gt;]]&gt;&#10;&#9;�");
  std::string html;
  append_html(html, "<script>\"&lt;\"</script>");
  EXPECT_EQ(html, "&lt;script&gt;&quot;&amp;lt;&quot;&lt;/script&gt;");
}

}  // namespace
}  // namespace rapporteur::api
