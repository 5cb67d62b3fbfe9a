#include "server/pages/locale_format.hpp"

#include <gtest/gtest.h>

namespace rapporteur::pages {
namespace {

locale_format of(std::string_view language) {
  return std::move(locale_format::make(language).value());
}

TEST(locale_format, writes_dates_no_more_precise_than_they_are) {
  struct row {
    std::string_view language, date, written;
  };
  constexpr row k_rows[] = {
      {"en", "2019", "2019"},
      {"en", "2022-09", "Sept 2022"},
      {"en", "2019-06-13", "13 Jun 2019"},
      {"fr", "2019-06-13", "13 juin 2019"},
      {"fr", "2019-06", "juin 2019"},
      {"es", "2019-06-13", "13 jun 2019"},
      {"ru", "2019-06-13", "13 июн. 2019\u202Fг."},
      {"ja", "2019-06-13", "2019年6月13日"},
      {"ko", "2019-06", "2019년 6월"},
      {"zh", "2019", "2019年"},
      // No calendar but the Gregorian, and that proleptically.
      {"en", "1582-10-10", "10 Oct 1582"},
      {"en", "1300-02-28", "28 Feb 1300"},
      {"en", "0001-01-01", "1 Jan 1"},
  };
  for (const auto& row : k_rows) {
    EXPECT_EQ(of(row.language).date(partial_date::parse(row.date).value()), row.written)
        << row.language << ' ' << row.date;
  }
}

TEST(locale_format, writes_instants_in_utc) {
  EXPECT_EQ(of("en").moment("2026-01-02T03:04:05Z"), "2 Jan 2026, 03:04 UTC");
  for (const std::string_view odd : {"", "yesterday", "2026-13-02T03:04:05Z", "2026-02-30T03:04:05Z", "2026-01-02"}) {
    EXPECT_EQ(of("en").moment(odd), odd);
  }
}

TEST(locale_format, knows_numbers_plurals_names_and_directions) {
  EXPECT_EQ(of("en").number(75768), "75,768");
  EXPECT_EQ(of("ru").plural_category(1), "one");
  EXPECT_EQ(of("ru").plural_category(3), "few");
  EXPECT_EQ(of("ru").plural_category(11), "many");
  EXPECT_EQ(of("ar").plural_category(0), "zero");
  EXPECT_EQ(of("ar").plural_category(2), "two");
  EXPECT_EQ(of("ja").plural_category(1), "other");
  EXPECT_EQ(of("fr").language_name("ko"), "coréen");
  EXPECT_EQ(of("en").language_name("qqq"), "qqq");
  EXPECT_EQ(of("en").language_name("<b>"), "<b>");
  EXPECT_EQ(of("en").language_name(""), "");
  EXPECT_TRUE(of("ar").right_to_left());
  EXPECT_FALSE(of("ru").right_to_left());
  for (const std::string_view none : {"", "e", "../en", "en_GB"}) EXPECT_FALSE(locale_format::make(none)) << none;
}

}  // namespace
}  // namespace rapporteur::pages
