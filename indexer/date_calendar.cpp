#include "indexer/date_calendar.hpp"

#include <array>

namespace rapporteur::indexer::date_parts {

unsigned weekday_of(const partial_date& d) {
  // Sakamoto; 0 is Sunday there.
  constexpr std::array<int, 12> k_offsets = {0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4};
  const int y = d.year - (d.month < 3 ? 1 : 0);
  const int n = (y + y / 4 - y / 100 + y / 400 + k_offsets[d.month - 1U] + d.day) % 7;
  return n == 0 ? 7U : static_cast<unsigned>(n);
}

std::optional<partial_date> make_date(int year, int month, int day) {
  if (year < 1 || year > 9999 || month < 0 || month > 12) return std::nullopt;
  if (day < 0 || (month == 0 && day != 0)) return std::nullopt;
  if (day > 0 && static_cast<unsigned>(day) > days_in_month(year, static_cast<unsigned>(month))) return std::nullopt;
  partial_date d;
  d.year = static_cast<std::int16_t>(year);
  d.month = static_cast<std::uint8_t>(month);
  d.day = static_cast<std::uint8_t>(day);
  d.precision = day != 0 ? date_precision::day : month != 0 ? date_precision::month : date_precision::year;
  return d;
}

std::optional<partial_date> day_of_year(int year, int days) {
  for (int month = 1; days >= 0 && year >= 1 && year <= 9999;) {
    const int length = static_cast<int>(days_in_month(year, static_cast<unsigned>(month)));
    if (days < length) return make_date(year, month, days + 1);
    days -= length;
    if (++month > 12) {
      month = 1;
      ++year;
    }
  }
  return std::nullopt;
}

std::optional<partial_date> day_of_week(int year, int week, int weekday) {
  const auto first = make_date(year, 1, 1);
  if (!first || week < 1 || week > 53 || weekday < 1 || weekday > 7) return std::nullopt;
  const int january = static_cast<int>(weekday_of(*first));
  const int monday = january <= 4 ? 1 - january : 8 - january;  // of week 1, in days after the first of January
  const bool leap = days_in_month(year, 2) == 29;
  if (week == 53 && january != 4 && !(leap && january == 3)) return std::nullopt;
  const int days = monday + (week - 1) * 7 + weekday - 1;
  if (days >= 0) return day_of_year(year, days);
  return make_date(year - 1, 12, 32 + days);
}

partial_date day_after(const partial_date& d) {
  if (d.day < days_in_month(d.year, d.month)) return *make_date(d.year, d.month, d.day + 1);
  return d.month < 12 ? *make_date(d.year, d.month + 1, 1) : *make_date(d.year + 1, 1, 1);
}

}  // namespace rapporteur::indexer::date_parts
