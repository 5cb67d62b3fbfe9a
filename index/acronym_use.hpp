// Whether a word written in capitals is meant as an acronym: a search goes by it, and an explanation of why a word is
// not found says it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace rapporteur::index {

/// A short word is if one article writes it so; a longer one only where it is written so often, because a name in
/// capitals (a dateline, a shouted word) is no acronym. written: the acronym's text. as_acronym: articles that have it
/// as one. as_word() gives those that have the word in any case, and is asked only if need be.
template <class Count>
bool is_meant_as_acronym(std::string_view written, std::uint64_t as_acronym, Count&& as_word) {
  constexpr std::ptrdiff_t k_short = 5;  // letters
  constexpr double k_share = 0.3;        // of the articles with the word
  if (as_acronym == 0) return false;
  const auto letters = std::ranges::count_if(
      written, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });  // one byte of each
  return letters <= k_short || static_cast<double>(as_acronym) >= k_share * static_cast<double>(as_word());
}

}  // namespace rapporteur::index
