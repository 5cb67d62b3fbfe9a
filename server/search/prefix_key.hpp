// What a text is compared by while it is still being typed: its characters folded as the index folds words, words apart
// by one blank, and Hangul by its letters, so that a syllable that is not finished is the beginning of one that is.
//
// No terms and no tokens: index/analysis says what a word of the index is. Knows nothing of what is compared.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::search {

struct prefix_key {
  std::string key;  ///< well-formed UTF-8; ends in a blank if the last word has ended
  struct word {
    std::size_t at = 0;    ///< in key
    std::size_t from = 0;  ///< of its first byte in the text
    bool quoted = false;   ///< whether a '"' before it is still open
  };
  std::vector<word> words;
};

/// The key of any bytes; without letters and digits it is empty.
prefix_key make_prefix_key(std::string_view text);

}  // namespace rapporteur::search
