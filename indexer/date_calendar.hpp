// Counting days of the Gregorian calendar. Part of indexer/dates.
#pragma once

#include "index/article.hpp"

#include <optional>

namespace rapporteur::indexer::date_parts {

/// 1 (Monday) … 7. d is a day.
unsigned weekday_of(const partial_date& d);

/// Nullopt for a month or a day that there is not; 0 for one that is not known.
std::optional<partial_date> make_date(int year, int month = 0, int day = 0);

/// The day that is `days` after the first of January.
std::optional<partial_date> day_of_year(int year, int days);

/// ISO 8601, 3.1.1.23: week 1 has the year's first Thursday. weekday 1 … 7.
std::optional<partial_date> day_of_week(int year, int week, int weekday);

partial_date day_after(const partial_date& d);

}  // namespace rapporteur::indexer::date_parts
