// The characters that a word may be printed with where its folded form has a given one: É, é and e for e, ｶ and カ for
// ガ (half-width, or followed by a voicing mark).
//
// For readers that look for words in a text without folding all of it. Computed once from index/unicode.
#pragma once

#include <bitset>

namespace rapporteur::index {

/// Characters of the Basic Multilingual Plane.
using character_set = std::bitset<0x10000>;

/// Adds the characters that the text of a word can begin with if its folded form begins with folded. Composed and
/// decomposed spellings count; characters that fold to nothing do not (add_silent).
void add_spellings(char32_t folded, character_set& out);

/// Letters that fold to nothing and may stand at the beginning of any word.
void add_silent(character_set& out);

}  // namespace rapporteur::index
