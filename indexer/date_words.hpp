// The words of dates: months, weekdays, eras, and what stands between them. Part of indexer/dates.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rapporteur::indexer {

/// What a word may mean in a date. Several may hold: "mar" is a Tuesday in French and March in English.
struct date_word {
  std::uint8_t month = 0;    ///< 1 … 12
  std::uint8_t weekday = 0;  ///< 1 (Monday) … 7
  std::uint8_t number = 0;   ///< a number that is written out: "premier"
  bool filler = false;       ///< says nothing: "de", "of", "года"
  bool ordinal = false;      ///< belongs to the number before it: "st", "er", "º"
  bool half_day = false;     ///< am, pm, 오후 …
  bool hour = false;         ///< behind a number: "h", "Uhr", "시"
  bool minute = false;       ///< behind a number: "min", "분", and the same for seconds
  bool zone = false;         ///< a time zone's name
  char unit = 0;             ///< Y, M or D: 年 月 日, 년 월 일
  std::int16_t era = 0;      ///< years to add: 令和 2 is 2018 + 2
};

/// text as words are compared: folded (index/unicode), digits in ASCII, dots and spaces kept, what is not seen dropped.
std::string fold_date(std::string_view text);

/// Null for a word that has no meaning in a date. word is folded.
const date_word* find_date_word(std::string_view word);

/// The longest word of Chinese, Japanese or Korean at the beginning of folded text, and its length in bytes; null if
/// there is none. They are written without spaces.
const date_word* find_date_prefix(std::string_view text, std::size_t& bytes);

}  // namespace rapporteur::indexer
