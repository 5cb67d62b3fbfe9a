// A date's text as numbers, words and marks. Part of indexer/dates.
#pragma once

#include "indexer/date_words.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::indexer {

namespace date_parts {

struct token {
  enum class kind : std::uint8_t { number, word, mark } is = kind::mark;
  bool glued = false;  ///< no blank before it
  char mark = 0;
  std::size_t digits = 0;  ///< of a number; 0: written in Han numerals or as a word
  int value = 0;
  const date_word* word = nullptr;
  std::string text;  ///< of a word

  [[nodiscard]] bool is_mark(char c) const { return is == kind::mark && mark == c; }
  [[nodiscard]] bool is_number() const { return is == kind::number; }
  [[nodiscard]] bool is_word() const { return is == kind::word; }
  [[nodiscard]] bool is_word(std::string_view w) const { return is == kind::word && text == w; }
  [[nodiscard]] char unit() const { return is == kind::word ? word->unit : '\0'; }
};
using tokens = std::vector<token>;

/// Nullopt if there is anything that has no place in a date. folded: of fold_date().
std::optional<tokens> take_apart(std::string_view folded);

}  // namespace date_parts

}  // namespace rapporteur::indexer
