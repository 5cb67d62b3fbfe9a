// What may have been meant by a word in Han, Kana or Hangul that no article has: one character for another, left out,
// doubled or exchanged with its neighbour.
//
// These scripts do not separate words, so the vocabulary has pairs of characters instead; a candidate is a word all of
// whose pairs stand in the archive. Whether the whole does, only a search can tell (server/search/speller).
#pragma once

#include "server/search/vocabulary.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::search {

struct character_candidate {
  std::u32string word;
  double cost = 0;      ///< as edit_cost()
  double articles = 0;  ///< that have its rarest pair: more than have the word
};

/// What one character weighs for another: for Hangul syllables, by the letters in which they differ.
double character_cost(char32_t typed, char32_t meant);

/// The candidates for a word of 2 to k_max_compared characters.
std::vector<character_candidate> character_candidates(std::u32string_view word, const vocabulary& words);

/// How many articles have the rarest pair of the word: 0 means that none has the word.
double rarest_pair(std::u32string_view word, const vocabulary& words);

}  // namespace rapporteur::search
