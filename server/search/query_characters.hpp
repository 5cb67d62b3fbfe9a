// The characters of a query and the part that each may play in its syntax, whichever way a keyboard writes it.
//
// Private to the query language (query.cpp, query_lexer.cpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::search {

/// One character of a query.
struct query_character {
  char32_t code_point = 0;
  /// What it is to the syntax: ' ' for blanks, control characters, direction marks and ill-formed bytes; '"' for
  /// double quotation marks of every style, k_guillemet for « and »; '-' for minus signs; the ASCII character for its
  /// full-width form; otherwise itself.
  char32_t role = 0;
  std::uint32_t offset = 0;  ///< in bytes
};

inline constexpr char32_t k_double_quote = U'"';
inline constexpr char32_t k_guillemet = U'«';

constexpr bool is_quote(char32_t role) noexcept {
  return role == k_double_quote || role == k_guillemet;
}
constexpr bool is_digit(char32_t role) noexcept {
  return role >= U'0' && role <= U'9';
}
constexpr bool is_ascii_letter(char32_t role) noexcept {
  return (role >= U'a' && role <= U'z') || (role >= U'A' && role <= U'Z');
}

/// A character that a searchable word can consist of: a letter, digit, ideograph or syllable of any script.
bool is_word_character(char32_t c) noexcept;

/// The same, and Han, Kana or Hangul.
bool is_cjk_character(char32_t c) noexcept;

/// A query, decoded. Offsets and columns refer to the text it was made from.
class character_sequence {
 public:
  explicit character_sequence(std::string_view text);

  [[nodiscard]] std::size_t size() const noexcept { return characters_.size(); }
  const query_character& operator[](std::size_t i) const noexcept { return characters_[i]; }

  /// The role of character i; '\0' beyond the end.
  [[nodiscard]] char32_t role(std::size_t i) const noexcept { return i < size() ? characters_[i].role : U'\0'; }

  /// The text of characters [begin, end), ill-formed bytes replaced by blanks: always well-formed UTF-8.
  [[nodiscard]] std::string_view text(std::size_t begin, std::size_t end) const noexcept;

  /// The roles of [begin, end) as ASCII, what is not ASCII as \x7f: for comparing with names, operators and dates.
  [[nodiscard]] std::string ascii(std::size_t begin, std::size_t end) const;

  /// How many bytes were not UTF-8, and which character the first of them is.
  [[nodiscard]] std::size_t ill_formed() const noexcept { return ill_formed_; }
  [[nodiscard]] std::size_t first_ill_formed() const noexcept { return first_ill_formed_; }

 private:
  void join_hebrew_acronyms();

  std::string text_;
  std::vector<query_character> characters_;
  std::size_t ill_formed_ = 0;
  std::size_t first_ill_formed_ = 0;
};

}  // namespace rapporteur::search
