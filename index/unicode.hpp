// Characters: decoding UTF-8, what a character is to the tokeniser, and its folded form.
//
// Two tables over the Basic Multilingual Plane, computed once from ICU's data; the other planes ask ICU each time.
// Knows nothing of words: index/analysis puts characters together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rapporteur::index {

/// What a character does in a text. After UAX #29's Word_Break property, tailored: Han, Kana and Hangul are one class
/// because they become bigrams, and the scripts that ICU segments with dictionaries are one.
enum class char_class : std::uint8_t {
  other,       ///< separates words
  letter,      ///< of an alphabet or abugida that separates words by spaces
  digit,       ///< Nd
  extend,      ///< belongs to the character before it: marks, joiners, soft hyphens, modifier apostrophes
  apostrophe,  ///< ' ’ and their kind
  hyphen,      ///< - ‐ ‑
  cjk,         ///< Han, Hiragana, Katakana, Hangul, Bopomofo
  complex,     ///< Thai, Lao, Khmer, Burmese and the others of Line_Break=SA
};

/// One decoded character: code point and length in bytes. Ill-formed input decodes as U+FFFD over one byte.
struct decoded {
  char32_t code_point = 0;
  std::uint32_t size = 1;
  bool valid = true;
};

/// Decodes the character that begins at text[at]; at < text.size(). Well-formedness is that of Unicode table 3-7
/// (no overlong forms, no surrogates, nothing above U+10FFFF).
decoded decode_utf8(std::string_view text, std::size_t at) noexcept;

void append_utf8(std::string& out, char32_t c);

/// Offset of the first ill-formed byte, or npos.
std::size_t find_invalid_utf8(std::string_view text) noexcept;

/// text without the incomplete character that cutting at size may have left; size <= text.size().
std::size_t utf8_boundary_before(std::string_view text, std::size_t size) noexcept;

char_class class_of(char32_t c) noexcept;

bool is_upper(char32_t c) noexcept;
bool is_lower(char32_t c) noexcept;

/// Appends the folded form of one character: NFKC_Casefold (UAX #31), then marks dropped from Latin, Greek, Hebrew
/// and Arabic, ё → е, letters that only Latin-ASCII transliteration equates (ø ł đ æ …), Arabic alef, yeh and teh
/// marbuta variants (as in Lucene's ArabicNormalizer), digits of every script as ASCII. May append nothing.
void append_folded(std::string& out, char32_t c);

/// True if folding c as part of a longer text needs the text composed first (NFC quick check is not "yes", or half of a
/// sara am).
bool needs_composition(char32_t c) noexcept;

/// True for combining marks that canonical ordering may move: two of them in a row may be spelled in either order.
bool is_reordered(char32_t c) noexcept;

/// True for characters that are not seen: joiners, soft hyphens, direction marks.
bool is_format(char32_t c) noexcept;

/// True for characters that are no part of a word but may stand inside one, between letters or digits that ask for it:
/// 120,000, צה"ל, l·l. (The scanner knows which; this is for those who skip words without reading them.)
bool may_join(char32_t c) noexcept;

/// Length of c's canonical decomposition in UTF-8: what counts characters alike in texts of either form.
unsigned decomposed_size(char32_t c) noexcept;

/// The canonical composition (NFC) of text, with the two encodings of Thai and Lao sara am, which Unicode keeps apart,
/// made one; text must be well-formed UTF-8.
std::string compose(std::string_view text);

/// The canonical decomposition (NFD) of one character.
std::string decompose(char32_t c);

/// NFKC case folding of text with every mark kept: what stemmers want to see.
std::string casefold(std::string_view text);

/// Upper case, character by character: the written form of an acronym from its folded form.
void append_upper(std::string& out, std::string_view text);

}  // namespace rapporteur::index
