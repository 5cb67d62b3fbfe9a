// What stands around a date and is no part of it: remarks in brackets, a weekday, a time of day with its zone, words
// that only join. Knows no form of a date itself.
#pragma once

#include "indexer/date_tokens.hpp"

#include <optional>

namespace rapporteur::indexer::date_parts {

/// A date without what stood around it.
struct bare_date {
  tokens parts;
  unsigned weekday = 0;    ///< that was named; 0: none
  int bracketed_year = 0;  ///< a year in brackets, which must be the date's; 0: none
  bool timed = false;      ///< a time of day was there
};

/// nullopt for what no date has around it: brackets that do not match, a time that there is not, two times, a remark in
/// brackets without a time (RFC 5322 has them behind one).
std::optional<bare_date> strip_date(tokens t);

}  // namespace rapporteur::indexer::date_parts
