#include "index/gershayim.hpp"

#include "index/unicode.hpp"

namespace rapporteur::index {
namespace {

constexpr char32_t k_gershayim = 0x05F4;

bool is_mark(char32_t c) noexcept {
  return c == U'"' || c == U'”' || c == k_gershayim;
}

// Prepositions, articles and conjunctions that Hebrew writes together with the word that they precede.
bool is_prefix(char32_t c) noexcept {
  return std::u32string_view(U"ובהכלמש").find(c) != std::u32string_view::npos;
}

}  // namespace

bool is_hebrew_letter(char32_t c) noexcept {
  return (c >= 0x05D0 && c <= 0x05EA) || (c >= 0xFB1D && c <= 0xFB4F);
}

std::size_t gershayim_at(std::string_view text, std::size_t at, char32_t last, unsigned letters) noexcept {
  if (!is_hebrew_letter(last)) return 0;
  const decoded mark = decode_utf8(text, at);
  std::size_t size = mark.size;
  if (!is_mark(mark.code_point)) {
    if (class_of(mark.code_point) != char_class::apostrophe || at + size >= text.size()) return 0;
    const decoded second = decode_utf8(text, at + size);
    if (second.code_point != mark.code_point) return 0;
    size += second.size;
  }
  std::size_t next = at + size;
  unsigned after = 0;
  while (next < text.size() && after < 2) {
    const decoded n = decode_utf8(text, next);
    if (is_hebrew_letter(n.code_point)) {
      ++after;
    } else if (after == 0 || class_of(n.code_point) != char_class::extend) {
      break;
    }
    next += n.size;
  }
  if (after == 0) return 0;
  if (letters == 1 && after == 2 && mark.code_point != k_gershayim && is_prefix(last)) return 0;
  return size;
}

bool may_become_gershayim(std::string_view text, std::size_t at, char32_t last, unsigned letters) noexcept {
  const decoded mark = decode_utf8(text, at);
  return is_hebrew_letter(last) && is_mark(mark.code_point) && at + mark.size == text.size() &&
         (letters > 1 || mark.code_point == k_gershayim);
}

}  // namespace rapporteur::index
