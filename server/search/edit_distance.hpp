// How far apart two words are: the number of edits, counted fast, and what those edits weigh.
//
// Works on folded forms (index/analysis). Knows nothing of the archive; server/search/vocabulary counts, and
// server/search/speller weighs.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace rapporteur::search {

/// Characters of the longest word that is compared.
inline constexpr std::size_t k_max_compared = 40;

/// The characters of well-formed UTF-8.
std::u32string characters_of(std::string_view utf8);
std::string utf8_of(std::u32string_view characters);

/// Which letters a word has, as bits: a–z have one each, those of other scripts share 32 by a hash.
std::uint32_t letters_of(std::u32string_view word) noexcept;

/// A word that many others are compared with.
class edit_pattern {
 public:
  /// word has 1 to k_max_compared characters.
  explicit edit_pattern(std::u32string_view word);

  [[nodiscard]] const std::u32string& word() const noexcept { return word_; }

  /// The restricted Damerau–Levenshtein distance: insertions, deletions, substitutions and exchanges of neighbours, no
  /// place edited twice. Bit-parallel (Hyyrö, "A bit-vector algorithm for computing Levenshtein and Damerau edit
  /// distances", 2003). other is well-formed UTF-8.
  [[nodiscard]] unsigned distance(std::string_view other) const noexcept;

  /// False only if the distance to a word of that many characters with those letters must be above most.
  [[nodiscard]] bool may_be_near(std::size_t characters, std::uint32_t letters, unsigned most) const noexcept {
    // Each edit takes away at most one letter of this word and brings at most one of the other; of the edits that the
    // difference in length needs, each does only one of the two.
    const std::size_t mine = word_.size();
    const std::size_t shorter = mine > characters ? mine - characters : 0;
    const std::size_t longer = characters > mine ? characters - mine : 0;
    if (shorter > most || longer > most) return false;
    return !more_bits_than(letters_ & ~letters, most - static_cast<unsigned>(longer)) &&
           !more_bits_than(letters & ~letters_, most - static_cast<unsigned>(shorter));
  }

 private:
  static constexpr bool more_bits_than(std::uint32_t x, unsigned n) noexcept {
    for (; n > 0; --n) x &= x - 1;
    return x != 0;
  }

  static constexpr std::size_t k_slots = 128;  // more than twice k_max_compared, a power of two
  [[nodiscard]] std::uint64_t places_of(char32_t c) const noexcept;

  std::u32string word_;
  std::uint32_t letters_ = 0;
  std::array<std::uint64_t, 128> ascii_{};      // bit i: the character stands at place i
  std::array<char32_t, k_slots> characters_{};  // hash table of the others
  std::array<std::uint64_t, k_slots> places_{};
};

/// What the edits between a word as typed and a word that may have been meant weigh. One ordinary edit is 1; those that
/// people and transliterations make most often are less: a letter doubled or not, a vowel for another, letters
/// exchanged, an h left out, k for q, f for ph. The first letter is seldom wrong, so that an edit there is more. Both
/// have at most k_max_compared characters.
double edit_cost(std::u32string_view typed, std::u32string_view meant);

}  // namespace rapporteur::search
