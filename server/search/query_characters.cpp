#include "server/search/query_characters.hpp"

#include "index/gershayim.hpp"
#include "index/unicode.hpp"

namespace rapporteur::search {

namespace {

bool is_blank(char32_t c) noexcept {
  return c <= 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
         (c >= 0x2028 && c <= 0x202F) || c == 0x205F || c == 0x3000 ||
         // Direction marks come along when Arabic or Hebrew text is copied, and stand between a reader's words.
         c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

char32_t role_of(char32_t c) noexcept {
  if (is_blank(c)) return U' ';
  if (c < 0x80) return c;
  if (c >= 0xFF01 && c <= 0xFF5E) return c - 0xFEE0;  // full-width forms of ! … ~
  switch (c) {
    case U'“':
    case U'”':
    case U'„':
    case U'‟':
    case U'〝':
    case U'〞':
    case U'〟':
      return k_double_quote;
    case U'«':
    case U'»':
      return k_guillemet;
    case 0x2212:  // minus sign
    case 0xFE63:  // small hyphen-minus
      return U'-';
    default:
      return c;
  }
}

}  // namespace

bool is_word_character(char32_t c) noexcept {
  switch (index::class_of(c)) {
    case index::char_class::letter:
    case index::char_class::digit:
    case index::char_class::cjk:
    case index::char_class::complex:
      return true;
    default:
      return false;
  }
}

bool is_cjk_character(char32_t c) noexcept {
  return index::class_of(c) == index::char_class::cjk;
}

character_sequence::character_sequence(std::string_view text) : text_(text) {
  characters_.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const index::decoded d = index::decode_utf8(text, at);
    query_character c;
    c.offset = static_cast<std::uint32_t>(at);
    if (d.valid) {
      c.code_point = d.code_point;
      c.role = role_of(d.code_point);
    } else {
      if (ill_formed_++ == 0) first_ill_formed_ = characters_.size();
      for (std::size_t i = at; i < at + d.size; ++i) text_[i] = ' ';
      c.code_point = U' ';
      c.role = U' ';
    }
    characters_.push_back(c);
    at += d.size;
  }
  join_hebrew_acronyms();
}

// Hebrew writes its acronyms with a quotation mark before the last letter (צה"ל). Between two Hebrew letters it is
// therefore a letter's mark, not the begin or end of a phrase.
void character_sequence::join_hebrew_acronyms() {
  for (std::size_t i = 1; i + 1 < characters_.size(); ++i) {
    if (characters_[i].role == k_double_quote && index::is_hebrew_letter(characters_[i - 1].code_point) &&
        index::is_hebrew_letter(characters_[i + 1].code_point)) {
      characters_[i].role = 0x05F4;  // Hebrew punctuation gershayim
    }
  }
}

std::string_view character_sequence::text(std::size_t begin, std::size_t end) const noexcept {
  const std::size_t from = begin < size() ? characters_[begin].offset : text_.size();
  const std::size_t to = end < size() ? characters_[end].offset : text_.size();
  return std::string_view(text_).substr(from, to - from);
}

std::string character_sequence::ascii(std::size_t begin, std::size_t end) const {
  std::string out;
  out.reserve(end - begin);
  for (std::size_t i = begin; i < end; ++i) out += role(i) < 0x7F ? static_cast<char>(role(i)) : '\x7F';
  return out;
}

}  // namespace rapporteur::search
