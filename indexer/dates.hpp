// Dates as articles print them, to dates of the index.
//
// Owns the forms and the words of dates in English, Spanish, French, German, Russian, Arabic, Korean, Japanese and
// Chinese. Never guesses: what is not wholly understood is no date, and what could be two dates keeps only what both
// have in common. Uses no locale of the C library and no clock: the caller says what day it is.
#pragma once

#include "index/article.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rapporteur::indexer {

/// What is wrong with a date.
enum class date_fault : std::uint8_t {
  none,
  unreadable,  ///< not wholly understood
  ambiguous,   ///< day and month, or month and year, cannot be told apart; the year is kept
  coarsened,   ///< a week that lies in two months or years; what holds them both is kept
  future,      ///< later than tomorrow, or begins later
  too_early,   ///< ends before 1800
};

/// Articles are not older than this; an earlier year is a mistake or another calendar.
inline constexpr int k_earliest_year = 1800;

struct date_context {
  /// BCP 47, or empty: whether 06/07/2019 is a day of June or of July. It is settled for es, fr, de, ru and ar, and for
  /// English of a region that is known to write one of them (en-US, en-GB …).
  std::string_view language;
  partial_date today;  ///< in UTC; one day more is allowed, since it may be tomorrow elsewhere
};

struct date_reading {
  std::optional<partial_date> date;  ///< absent for unreadable, future and too_early
  date_fault fault = date_fault::none;
  std::string detail;  ///< of a fault: the text, and what is wrong with it
};

/// Reads a date to the day, the month or the year. Understood are, with a weekday before or behind and a time of day
/// behind (the date is taken as printed, in its own time zone), in any case, with or without accents, in composed or
/// decomposed Unicode, with digits of every script:
/// - ISO 8601: 2019-06-13, 20190613, 2019-06, 2019, 2019-W24-4, 2019-164, each with a time;
/// - RFC 5322 with its obsolete forms (two-digit years only with a time), RFC 850, asctime, Apache's log, EXIF;
/// - month names: "13 June 2019", "June 13th, 2019", "le 1er juin 2019", "13. Juni 2019", "13 июня 2019 г.",
///   "13 حزيران/يونيو 2019", "junio de 2019";
/// - 2019年6月13日 and 2019년 6월 13일, with Han numerals, Japanese eras, the years of the Republic of China and of
/// Juche;
/// - numbers: 13.06.2019 (day first), 2019/6/13, 06/2019, and 13/06/2019 where only one reading is a date.
date_reading read_date(std::string_view text, const date_context& context);

/// The day that it is now, in UTC.
partial_date today_utc();

}  // namespace rapporteur::indexer
