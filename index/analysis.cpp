#include "index/analysis.hpp"

#include "index/scanner.hpp"
#include "index/unicode.hpp"

namespace rapporteur::index {

void token_list::clear() noexcept {
  tokens_.clear();
  arena_.clear();
  last_position_ = 0;
}

analyzer::analyzer() : scanner_(std::make_unique<scanner>()) {}
analyzer::~analyzer() = default;

void analyzer::analyze(std::string_view text, token_list& out, text_role role) {
  scanner_->run(text, 0, text.size(), out, role);
}

void analyzer::analyze_part(std::string_view text, std::size_t begin, std::size_t end, bool acronyms, token_list& out) {
  scanner_->run(text, begin, end, out, text_role::article, acronyms);
}

bool is_break(std::string_view text, std::size_t at) noexcept {
  if (at == 0 || at >= text.size()) return true;
  const char c = text[at - 1];
  if (c == ' ' || c == '\n' || c == '\t' || c == '\r') return true;
  const auto low = static_cast<unsigned char>(c);
  if (low < 0x80 || low > 0x9F || at < 3) return false;
  const auto lead = static_cast<unsigned char>(text[at - 3]);
  if (lead != 0xE3 && lead != 0xEF) return false;
  switch (decode_utf8(text, at - 3).code_point) {
    case 0x3000:
    case U'、':
    case U'。':
    case U'，':
    case U'！':
    case U'？':
      return true;
    default:
      return false;
  }
}

std::size_t break_at_or_before(std::string_view text, std::size_t at, std::size_t floor) noexcept {
  while (at > floor && !is_break(text, at)) --at;
  return at;
}

std::size_t break_at_or_after(std::string_view text, std::size_t at) noexcept {
  while (at < text.size() && !is_break(text, at)) ++at;
  return at;
}

namespace {

bool is_blank(char32_t c) {
  return c <= 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

}  // namespace

std::string fold(std::string_view text) {
  bool composes = false;
  for (std::size_t at = 0; at < text.size() && !composes;) {
    const decoded d = decode_utf8(text, at);
    composes = needs_composition(d.code_point) || d.code_point == 0x309B || d.code_point == 0x309C ||
               (d.code_point >= 0xFF61 && d.code_point <= 0xFF9F);
    at += d.size;
  }
  const std::string composed = composes ? compose(text) : std::string(text);
  std::string out;
  bool blank = false;
  for (std::size_t at = 0; at < composed.size();) {
    const decoded d = decode_utf8(composed, at);
    at += d.size;
    if (is_blank(d.code_point)) {
      blank = !out.empty();
      continue;
    }
    std::string folded;
    append_folded(folded, d.code_point);
    if (folded.empty()) continue;
    if (blank) out.push_back(' ');
    blank = false;
    out += folded;
  }
  // Half-width kana fold to a letter and a voicing mark that then belong together.
  return composes ? compose(out) : out;
}

}  // namespace rapporteur::index
