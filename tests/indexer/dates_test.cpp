// Dates as they are printed: a row for every form that is understood, and for what must not be.
#include "indexer/dates.hpp"

#include <gtest/gtest.h>
#include <unicode/dtfmtsym.h>
#include <unicode/locid.h>

#include <string>

namespace rapporteur::indexer {
namespace {

partial_date today() {
  return *partial_date::parse("2026-03-15");
}

std::string shown(const date_reading& r) {
  return r.date ? r.date->to_string() : "";
}

struct date_row {
  const char* text;
  const char* date;  ///< empty: none
  date_fault fault = date_fault::none;
  const char* language = "";
};

std::ostream& operator<<(std::ostream& out, const date_row& r) {
  return out << r.text << " (" << r.language << ")";
}

class dates : public testing::TestWithParam<date_row> {};

TEST_P(dates, are_read_as_printed) {
  const date_row& row = GetParam();
  const date_reading r = read_date(row.text, {row.language, today()});
  EXPECT_EQ(shown(r), row.date) << r.detail;
  EXPECT_EQ(r.fault, row.fault) << r.detail;
  EXPECT_EQ(r.detail.empty(), row.fault == date_fault::none);
}

INSTANTIATE_TEST_SUITE_P(
    iso_8601, dates,
    testing::Values(date_row{"2019-06-13", "2019-06-13"}, date_row{" 2019-06-13\n", "2019-06-13"},
                    date_row{"20190613", "2019-06-13"}, date_row{"2019-06", "2019-06"}, date_row{"2019", "2019"},
                    date_row{"2019-W24-4", "2019-06-13"}, date_row{"2019W244", "2019-06-13"},
                    date_row{"2019-w24-4", "2019-06-13"}, date_row{"2020-W01-1", "2019-12-30"},
                    date_row{"2015-W53-7", "2016-01-03"}, date_row{"2010-W01-1", "2010-01-04"},
                    date_row{"2019-W24", "2019-06", date_fault::coarsened},
                    date_row{"2019-W27", "2019-07", date_fault::coarsened},
                    date_row{"2019-W18", "2019", date_fault::coarsened}, date_row{"2019-164", "2019-06-13"},
                    date_row{"2019164", "2019-06-13"}, date_row{"2020-366", "2020-12-31"},
                    date_row{"2019-06-13T08:15:00Z", "2019-06-13"}, date_row{"2019-06-13T08:15", "2019-06-13"},
                    date_row{"2019-06-13t08:15:00.123+09:00", "2019-06-13"}, date_row{"2019-06-13T08", "2019-06-13"},
                    date_row{"2019-06-13 08:15:00 -0400", "2019-06-13"}, date_row{"20190613T081500Z", "2019-06-13"},
                    date_row{"20190613T0815", "2019-06-13"}, date_row{"2019-06-13T08:15:00,5", "2019-06-13"},
                    date_row{"2019-06-13T24:00:00Z", "2019-06-13"}, date_row{"2019-06-13T23:59:60Z", "2019-06-13"},
                    date_row{"2019-W24-4T08:15Z", "2019-06-13"}, date_row{"2019-06-13Z", "2019-06-13"},
                    date_row{"2024-02-29", "2024-02-29"}));

INSTANTIATE_TEST_SUITE_P(
    of_programs, dates,
    testing::Values(
        date_row{"Thu, 13 Jun 2019 08:15:00 +0900", "2019-06-13"}, date_row{"13 Jun 2019 08:15 GMT", "2019-06-13"},
        date_row{"Thu, 13 Jun 19 08:15:00 EST", "2019-06-13"}, date_row{"13 Jun 94 08:15 Z", "1994-06-13"},
        date_row{"13 Jun 119 08:15 UT", "2019-06-13"}, date_row{"Thu, 13 Jun 2019 08:15:00 -0700 (PDT)", "2019-06-13"},
        date_row{"Thu, 13 Jun (a (nested) remark) 2019 08:15:00 +0000", "2019-06-13"},
        date_row{"Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06"}, date_row{"Sun Nov  6 08:49:37 1994", "1994-11-06"},
        date_row{"Thu Jun 13 08:15:00 UTC 2019", "2019-06-13"},
        date_row{"Thu Jun 13 2019 08:15:00 GMT+0900 (Korean Standard Time)", "2019-06-13"},
        date_row{"13/Jun/2019:08:15:00 +0000", "2019-06-13"}, date_row{"2019:06:13 08:15:00", "2019-06-13"},
        date_row{"13-JUN-2019", "2019-06-13"}, date_row{"13JUN2019", "2019-06-13"}));

INSTANTIATE_TEST_SUITE_P(
    english, dates,
    testing::Values(date_row{"13 June 2019", "2019-06-13"}, date_row{"June 13, 2019", "2019-06-13"},
                    date_row{"JUNE 13 2019", "2019-06-13"}, date_row{"June 13th, 2019", "2019-06-13"},
                    date_row{"1st June 2019", "2019-06-01"}, date_row{"the 2nd of June, 2019", "2019-06-02"},
                    date_row{"Thursday, June 13, 2019", "2019-06-13"}, date_row{"Thu. 13 Jun. 2019", "2019-06-13"},
                    date_row{"13 June 2019, Thursday", "2019-06-13"}, date_row{"Sept. 3, 2019", "2019-09-03"},
                    date_row{"June 2019", "2019-06"}, date_row{"June, 2019", "2019-06"},
                    date_row{"2019 June 13", "2019-06-13"}, date_row{"June 13, 2019 at 8:15 am", "2019-06-13"},
                    date_row{"June 13, 2019, 8:15 p.m. EDT", "2019-06-13"},
                    date_row{"June 13, 2019 3 pm", "2019-06-13"}, date_row{"13 June 2019 - 08:15", "2019-06-13"},
                    date_row{"May 2019", "2019-05"}, date_row{"13\u00A0June\u202F2019", "2019-06-13"},
                    date_row{"１３ Ｊｕｎｅ ２０１９", "2019-06-13"}));

INSTANTIATE_TEST_SUITE_P(
    spanish, dates,
    testing::Values(date_row{"13 de junio de 2019", "2019-06-13"},
                    date_row{"Jueves, 13 de Junio del 2019", "2019-06-13"},
                    date_row{"jueves 13 de junio de 2019", "2019-06-13"}, date_row{"1º de mayo de 2019", "2019-05-01"},
                    date_row{"1.º de mayo de 2019", "2019-05-01"}, date_row{"primero de mayo de 2019", "2019-05-01"},
                    date_row{"el miércoles 3 de setiembre de 2014", "2014-09-03"},
                    date_row{"mie\u0301rcoles 3 septiembre 2014", "2014-09-03"}, date_row{"13 jun. 2019", "2019-06-13"},
                    date_row{"mar 12 mar 2019", "2019-03-12"}, date_row{"junio de 2019", "2019-06"},
                    date_row{"13 de junio de 2019 a las 14:30", "2019-06-13"},
                    date_row{"13/06/2019 a las 14:30 h", "2019-06-13"}));

INSTANTIATE_TEST_SUITE_P(
    french, dates,
    testing::Values(date_row{"le 13 juin 2019", "2019-06-13"}, date_row{"1er août 2019", "2019-08-01"},
                    date_row{"1er aout 2019", "2019-08-01"}, date_row{"jeudi 13 juin 2019 à 14h30", "2019-06-13"},
                    date_row{"13 févr. 2019", "2019-02-13"}, date_row{"13 DÉCEMBRE 2019", "2019-12-13"},
                    date_row{"13 de\u0301cembre 2019", "2019-12-13"}, date_row{"mar. 12 mars 2019", "2019-03-12"},
                    date_row{"juillet 2019", "2019-07"}, date_row{"13 juin 2019 14 h 30", "2019-06-13"}));

INSTANTIATE_TEST_SUITE_P(
    german, dates,
    testing::Values(date_row{"13. Juni 2019", "2019-06-13"}, date_row{"Donnerstag, den 13. Juni 2019", "2019-06-13"},
                    date_row{"Do., 13. Juni 2019, 14:30 Uhr", "2019-06-13"}, date_row{"1. März 2019", "2019-03-01"},
                    date_row{"1. Maerz 2019", "2019-03-01"}, date_row{"1. Jänner 2019", "2019-01-01"},
                    date_row{"am 13. Dez. 2019", "2019-12-13"}, date_row{"13.06.2019", "2019-06-13"},
                    date_row{"6.7.2019", "2019-07-06"}, date_row{"13. 6. 2019", "2019-06-13"},
                    date_row{"Juni 2019", "2019-06"}, date_row{"13.06.2019 um 14 Uhr", "2019-06-13"}));

INSTANTIATE_TEST_SUITE_P(
    russian, dates,
    testing::Values(date_row{"13 июня 2019 г.", "2019-06-13"}, date_row{"13 июня 2019 года", "2019-06-13"},
                    date_row{"Четверг, 13 Июня 2019", "2019-06-13"}, date_row{"1 мая 2019 г. в 14:30", "2019-05-01"},
                    date_row{"июнь 2019", "2019-06"}, date_row{"13 сент. 2019", "2019-09-13"},
                    date_row{"2019 год", "2019"}, date_row{"2019 г.", "2019"},
                    date_row{"13 маи\u0306 2019", "2019-05-13"}, date_row{"13 июн 2019, 14:30 мск", "2019-06-13"}));

INSTANTIATE_TEST_SUITE_P(
    arabic, dates,
    testing::Values(date_row{"13 يونيو 2019", "2019-06-13"}, date_row{"١٣ يونيو ٢٠١٩", "2019-06-13"},
                    date_row{"الخميس، 13 حزيران 2019", "2019-06-13"}, date_row{"13 حزيران/يونيو 2019", "2019-06-13"},
                    date_row{"13 يونيه/حزيران 2019", "2019-06-13"}, date_row{"13 جوان 2019", "2019-06-13"},
                    date_row{"5 جويلية 2019", "2019-07-05"}, date_row{"14 كانون الثاني 2011", "2011-01-14"},
                    date_row{"1 تشرين الأول/أكتوبر 2019", "2019-10-01"}, date_row{"3 أيلول 2019", "2019-09-03"},
                    date_row{"20 غشت 2019", "2019-08-20"}, date_row{"أفريل 2019", "2019-04"},
                    date_row{"آب ٢٠١٩", "2019-08"}, date_row{"13 من يونيو عام 2019 م", "2019-06-13"},
                    date_row{"13 يُونيو 2019", "2019-06-13"}, date_row{"١٣/٠٦/٢٠١٩", "2019-06-13"},
                    date_row{"\u200F13 يونيو 2019", "2019-06-13"},
                    date_row{"13 يونيو 2019 10:30 صباحا", "2019-06-13"}));

INSTANTIATE_TEST_SUITE_P(
    korean, dates,
    testing::Values(date_row{"2019년 6월 13일", "2019-06-13"}, date_row{"2019년6월13일", "2019-06-13"},
                    date_row{"2019년 6월 13일 목요일", "2019-06-13"}, date_row{"2019년 6월 13일(목)", "2019-06-13"},
                    date_row{"2019. 6. 13.", "2019-06-13"}, date_row{"2019.06.13 14:30", "2019-06-13"},
                    date_row{"2019년 6월", "2019-06"}, date_row{"2019년", "2019"},
                    date_row{"2019년 6월 13일 오후 3시 15분", "2019-06-13"},
                    date_row{"2019\u1102\u1167\u11AB 6\u110B\u116F\u11AF 13\u110B\u1175\u11AF", "2019-06-13"},
                    date_row{"주체108(2019)년 6월 13일", "2019-06-13"},
                    date_row{"Juche 108 (2019)", "", date_fault::unreadable},
                    date_row{"주체107(2019)년 6월 13일", "", date_fault::unreadable}));

INSTANTIATE_TEST_SUITE_P(
    japanese_and_chinese, dates,
    testing::Values(date_row{"2019年6月13日", "2019-06-13"}, date_row{"２０１９年６月１３日（木）", "2019-06-13"},
                    date_row{"2019年6月13日 木曜日 午後3時15分", "2019-06-13"},
                    date_row{"令和元年6月13日", "2019-06-13"}, date_row{"令和元年（2019年）6月13日", "2019-06-13"},
                    date_row{"2019年（令和元年）6月13日", "2019-06-13"}, date_row{"平成31年4月", "2019-04"},
                    date_row{"昭和二十年八月十五日", "1945-08-15"}, date_row{"㍻31年", "2019"},
                    date_row{"二〇一九年六月十三日", "2019-06-13"}, date_row{"二零一九年十二月三十一日", "2019-12-31"},
                    date_row{"2019年6月13日 星期四 08:15", "2019-06-13"}, date_row{"2019年6月13号", "2019-06-13"},
                    date_row{"2019年6月13日下午3点15分", "2019-06-13"}, date_row{"2019年", "2019"},
                    date_row{"2019年 6月", "2019-06"}, date_row{"民國108年6月13日", "2019-06-13"},
                    date_row{"中華民國一百零八年", "2019"}, date_row{"2019/6/13", "2019-06-13"},
                    date_row{"2019/06", "2019-06"}));

INSTANTIATE_TEST_SUITE_P(
    numbers, dates,
    testing::Values(date_row{"13/06/2019", "2019-06-13"}, date_row{"06/13/2019", "2019-06-13"},
                    date_row{"06/06/2019", "2019-06-06"}, date_row{"06/2019", "2019-06"}, date_row{"6.2019", "2019-06"},
                    date_row{"13-06-2019", "2019-06-13"}, date_row{"06/07/2019", "2019", date_fault::ambiguous},
                    date_row{"06-07-2019", "2019", date_fault::ambiguous},
                    date_row{"06/07/2019", "2019", date_fault::ambiguous, "en"},
                    date_row{"06/07/2019", "2019-07-06", date_fault::none, "en-GB"},
                    date_row{"06/07/2019", "2019-06-07", date_fault::none, "en-US"},
                    date_row{"06/07/2019", "2019-07-06", date_fault::none, "fr"},
                    date_row{"06/07/2019", "2019-07-06", date_fault::none, "es_MX"},
                    date_row{"06/07/2019", "2019", date_fault::ambiguous, "ja"},
                    date_row{"06/07/2019", "2019", date_fault::ambiguous, "est"},
                    date_row{"Sat 06/07/2019", "2019-07-06"}, date_row{"Friday, 06/07/2019", "2019-06-07"},
                    date_row{"2010/11", "2010", date_fault::ambiguous}, date_row{"2010-11", "2010-11"},
                    date_row{"06/07/2019 08:15", "2019", date_fault::ambiguous}));

constexpr date_fault k_no = date_fault::unreadable;
INSTANTIATE_TEST_SUITE_P(
    no_dates, dates,
    testing::Values(
        date_row{"", "", k_no}, date_row{"soon", "", k_no}, date_row{"2019-02-30", "", k_no},
        date_row{"2019-13", "", k_no}, date_row{"2019-00-01", "", k_no}, date_row{"2019-06-00", "", k_no},
        date_row{"2023-02-29", "", k_no}, date_row{"31 June 2019", "", k_no}, date_row{"13 June", "", k_no},
        date_row{"June 13", "", k_no}, date_row{"13 June 19", "", k_no}, date_row{"13.06.19", "", k_no},
        date_row{"1/2/3", "", k_no}, date_row{"circa 2019", "", k_no}, date_row{"2018-2019", "", k_no},
        date_row{"2018/2019", "", k_no}, date_row{"June-July 2019", "", k_no}, date_row{"12-13 June 2019", "", k_no},
        date_row{"13 June 2019 and later", "", k_no}, date_row{"2019-06-13 (draft)", "", k_no},
        date_row{"1560384000", "", k_no}, date_row{"201906", "", k_no}, date_row{"19", "", k_no},
        date_row{"-2019", "", k_no}, date_row{"2019-06-13T25:00", "", k_no}, date_row{"2019-06-13 08:61", "", k_no},
        date_row{"2019-W54-1", "", k_no}, date_row{"2019-W53-1", "", k_no}, date_row{"2019-W24-8", "", k_no},
        date_row{"2019-W24-0", "", k_no}, date_row{"2019-366", "", k_no}, date_row{"2019-000", "", k_no},
        date_row{"2019年度", "", k_no}, date_row{"6月13日", "", k_no}, date_row{"2019年13月", "", k_no},
        date_row{"19年6月13日", "", k_no}, date_row{"元年6月", "", k_no}, date_row{"13 رمضان 1440", "", k_no},
        date_row{"1440 هـ", "", k_no}, date_row{"13 Brumaire 2019", "", k_no}, date_row{"2019-06-13-14", "", k_no},
        date_row{"2019.5", "2019-05"}, date_row{"2019.06.", "2019-06"}, date_row{"(2019", "", k_no},
        date_row{"2019)", "", k_no}, date_row{"13/06-2019", "", k_no}, date_row{"\xFF\xFE", "", k_no},
        date_row{"0000-00-00", "", k_no}, date_row{"0000-00-00 00:00:00", "", k_no},
        date_row{"13 June 2019 14 June 2019", "", k_no}, date_row{"Thursday", "", k_no}, date_row{"08:15", "", k_no}));

INSTANTIATE_TEST_SUITE_P(out_of_bounds, dates,
                         testing::Values(date_row{"2026-03-15", "2026-03-15"}, date_row{"2026-03-16", "2026-03-16"},
                                         date_row{"2026-03-17", "", date_fault::future}, date_row{"2026-03", "2026-03"},
                                         date_row{"2026-04", "", date_fault::future}, date_row{"2026", "2026"},
                                         date_row{"2027", "", date_fault::future},
                                         date_row{"13 June 2091", "", date_fault::future},
                                         date_row{"1800-01-01", "1800-01-01"}, date_row{"1800", "1800"},
                                         date_row{"1799-12-31", "", date_fault::too_early},
                                         date_row{"1799", "", date_fault::too_early},
                                         date_row{"0001-01-01T00:00:00Z", "", date_fault::too_early}));

TEST(date_reader, of_tomorrow_are_allowed_over_the_ends_of_months_and_years) {
  const auto on = [](const char* day, const char* text) {
    return shown(read_date(text, {"", *partial_date::parse(day)}));
  };
  EXPECT_EQ(on("2024-02-28", "2024-02-29"), "2024-02-29");
  EXPECT_EQ(on("2023-02-28", "2023-03-01"), "2023-03-01");
  EXPECT_EQ(on("2023-12-31", "2024-01-01"), "2024-01-01");
  EXPECT_EQ(on("2023-12-31", "2024"), "2024");
  EXPECT_EQ(on("2023-12-31", "2024-01-02"), "");
  EXPECT_EQ(on("2023-12-30", "2024"), "");
}

TEST(date_reader, say_what_is_wrong) {
  const auto detail = [](const char* text) { return read_date(text, {"", today()}).detail; };
  EXPECT_EQ(detail("soon"), "\"soon\"");
  EXPECT_EQ(detail("13 June 19"), "\"13 June 19\": it has no year of four digits");
  EXPECT_EQ(detail("2027"), "\"2027\"; today is 2026-03-15");
  EXPECT_EQ(detail("06/07/2019"), "\"06/07/2019\": kept as 2019; write it as YYYY-MM-DD");
}

// Every day of a leap year and its neighbours, through every numbering: ISO's own definitions as the judge.
TEST(date_reader, weeks_and_days_of_years_count_through) {
  for (const int year : {2015, 2016, 2019, 2020, 2021}) {
    int of_year = 0;
    for (unsigned month = 1; month <= 12; ++month) {
      for (unsigned day = 1; day <= days_in_month(year, month); ++day) {
        ++of_year;
        char expected[48], text[48];
        std::snprintf(expected, sizeof expected, "%04d-%02u-%02u", year, month, day);
        std::snprintf(text, sizeof text, "%04d-%03d", year, of_year);
        EXPECT_EQ(shown(read_date(text, {"", today()})), expected);
        std::tm parts{};
        parts.tm_year = year - 1900;
        parts.tm_mon = static_cast<int>(month) - 1;
        parts.tm_mday = static_cast<int>(day);
        ::timegm(&parts);
        std::strftime(text, sizeof text, "%G-W%V-%u", &parts);
        EXPECT_EQ(shown(read_date(text, {"", today()})), expected) << text;
      }
    }
  }
}

// ICU's names of months (CLDR) are what programs print; the parser must know each in the languages that it promises.
TEST(date_reader, know_every_name_that_icu_has) {
  int names = 0;
  for (const char* tag :
       {"en",    "es",    "fr",    "de", "ru", "ar", "ar_DZ",   "ar_MA", "ar_SY", "ar_LB", "ar_IQ", "ar_JO", "ar_TN",
        "ar_MR", "ar_SA", "ar_EG", "ko", "ja", "zh", "zh_Hant", "es_MX", "de_AT", "fr_CA", "en_GB", "en_AU"}) {
    const icu::Locale locale(tag);
    UErrorCode status = U_ZERO_ERROR;
    const icu::DateFormatSymbols symbols(locale, status);
    ASSERT_TRUE(U_SUCCESS(status)) << tag;
    for (const auto context : {icu::DateFormatSymbols::FORMAT, icu::DateFormatSymbols::STANDALONE}) {
      for (const auto width : {icu::DateFormatSymbols::WIDE, icu::DateFormatSymbols::ABBREVIATED}) {
        std::int32_t count = 0;
        const icu::UnicodeString* months = symbols.getMonths(count, context, width);
        for (std::int32_t n = 0; n < count && n < 12; ++n, ++names) {
          std::string name;
          months[n].toUTF8String(name);
          const std::string language = locale.getLanguage();
          const std::string text = language == "ko"                       ? "2019년 " + name + " 13일"
                                   : language == "ja" || language == "zh" ? "2019年" + name + "13日"
                                                                          : "13 " + name + " 2019";
          char expected[48];
          std::snprintf(expected, sizeof expected, "2019-%02d-13", n + 1);
          EXPECT_EQ(shown(read_date(text, {"", today()})), expected) << tag << ": " << text;
        }
      }
      std::int32_t count = 0;
      const icu::UnicodeString* days = symbols.getWeekdays(count, context, icu::DateFormatSymbols::WIDE);
      for (std::int32_t n = 1; n < count; ++n) {
        std::string name;
        days[n].toUTF8String(name);
        EXPECT_EQ(shown(read_date(name + " 2019-06-13", {"", today()})), "2019-06-13") << tag << ": " << name;
      }
    }
  }
  EXPECT_EQ(names, 25 * 4 * 12);
}

// Whatever bytes there are, nothing crashes, and nothing is both dated and refused.
TEST(date_reader, survive_any_cut_and_damage) {
  const std::string text = "Thu, 13 июня (a) 2019年6月13日 T08:15:00+09:00 ١٣ 주체108(2019) 1º حزيران/يونيو";
  for (std::size_t from = 0; from < text.size(); ++from) {
    for (std::size_t size = 0; from + size <= text.size(); ++size) {
      const date_reading r = read_date(text.substr(from, size), {"", today()});
      EXPECT_TRUE(r.date || r.fault != date_fault::none);
    }
  }
  for (const char c : {'(', ')', '-', '9', '\xC3', '\0', ' ', 'w', 't', ':'}) {
    for (const char* valid : {"Thu, 13 Jun 2019 08:15:00 +0900", "2019-W24-4", "2019年6月13日"}) {
      for (std::size_t at = 0; valid[at] != '\0'; ++at) {
        std::string damaged = valid;
        damaged[at] = c;
        const date_reading r = read_date(damaged, {"", today()});
        EXPECT_TRUE(r.date || r.fault != date_fault::none);
      }
    }
  }
  EXPECT_EQ(read_date(std::string(100'000, '('), {"", today()}).fault, date_fault::unreadable);
}

}  // namespace
}  // namespace rapporteur::indexer
