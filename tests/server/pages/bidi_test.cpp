#include "server/pages/bidi.hpp"

#include <gtest/gtest.h>

namespace rapporteur::pages {
namespace {

struct row {
  std::string_view text, out;
};

TEST(bidi, isolates_are_closed_and_none_is_that_was_not_opened) {
  constexpr row k_rows[] = {
      {"", ""},
      {"plain é 한", "plain é 한"},
      {"a\u2067b", "a\u2067b\u2069"},
      {"\u2067\u2067\u2068\u202bx", "\u2067\u2067\u2068\u202bx\u2069\u2069\u2069"},
      {"\u2066a\u2069b", "\u2066a\u2069b"},
      {"a\u2069b", "ab"},
      {"\u2066a\u2069\u2069", "\u2066a\u2069"},
      {"\u202eabc", "\u202eabc"},
      {"\xE2\x81", "\xE2\x81"},
      {"\xE2", "\xE2"},
      {"\u2065\u206a\u2029", "\u2065\u206a\u2029"},
  };
  for (const auto& row : k_rows) EXPECT_EQ(closed(row.text), row.out);
}

TEST(bidi, what_is_printed_stands_in_one_line_and_in_its_order) {
  constexpr row k_rows[] = {
      {"", ""},
      {" a \t\r\n b ", "a b"},
      {"\u202eabc\u202c d", "abc d"},
      {"\u2066a\u2069\u2067\u2068 \u202a", "a"},
      {"\u200fאבג\u2029x", "\u200fאבג x"},
      {"a\xC2\x85"
       "b\u2028 c\u2029",
       "a b c"},
      {"a\xE2\x80", "a\uFFFD"},
      {"a\x07z", "a\uFFFDz"},
  };
  for (const auto& row : k_rows) EXPECT_EQ(printed(row.text), row.out);
}

}  // namespace
}  // namespace rapporteur::pages
