// The mark before the last letters of a Hebrew acronym (צה"ל), which is mostly typed as a quotation mark.
//
// Knows letters and marks only: whoever reads words, in a text or in a query, asks here whether a mark is one of a
// word.
#pragma once

#include <cstddef>
#include <string_view>

namespace rapporteur::index {

/// A letter of the Hebrew alphabet, alone or with points in one character (U+05D0…05EA, U+FB1D…FB4F).
bool is_hebrew_letter(char32_t c) noexcept;

/// Length in bytes of the gershayim that text has at `at`, 0 if it has none there (UAX #29 rules WB7b and WB7c): ״, a
/// quotation mark, or two apostrophes, between Hebrew letters. One letter that is a preposition or an article and then
/// a word is a quotation: ב"הארץ". last: the letter before it, 0 for none; letters: how many the word has so far.
std::size_t gershayim_at(std::string_view text, std::size_t at, char32_t last, unsigned letters) noexcept;

/// Whether text ends, at `at`, with a mark that is a gershayim if the letter that is typed next is a Hebrew one. Behind
/// a single letter a quotation is as likely.
bool may_become_gershayim(std::string_view text, std::size_t at, char32_t last, unsigned letters) noexcept;

}  // namespace rapporteur::index
