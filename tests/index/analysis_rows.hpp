// What the tables of the analysis tests share: a row, what a text's tokens look like in it, and the check that both
// normal forms of the text give them.
#pragma once

#include "index/analysis.hpp"

#include <ostream>
#include <string>
#include <string_view>

namespace rapporteur::index {

struct analysis_row {
  const char* name;
  const char* text;
  const char* tokens;
};

inline std::ostream& operator<<(std::ostream& out, const analysis_row& r) {
  return out << r.name;
}

/// The tokens as "position:text", with the kind before the text where it is not a plain word: =compound, ~elided,
/// !acronym, #symbol; parts, unigrams and bigrams are written plainly.
std::string describe(const token_list& list);
std::string describe(std::string_view text, text_role role = text_role::article);

/// Composed and decomposed, by ICU.
std::string nfc(std::string_view text);
std::string nfd(std::string_view text);

/// Says what is wrong with the tokens' places in the text, or nothing: ranges lie on code point boundaries and ascend
/// with the positions, positions ascend by at most one, tokens overlap only where they are readings of one place, and
/// each slice, read alone, has the token that it is said to have.
std::string what_is_wrong(std::string_view text, const token_list& list, bool read_slices);

/// The row as written, composed and decomposed: the same tokens, in their places.
void expect_row(const analysis_row& row);

}  // namespace rapporteur::index
