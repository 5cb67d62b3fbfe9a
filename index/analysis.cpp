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
  scanner_->run(text, out, role);
}

std::string fold(std::string_view text) {
  bool composes = false;
  for (std::size_t at = 0; at < text.size() && !composes;) {
    const decoded d = decode_utf8(text, at);
    composes = needs_composition(d.code_point) || (d.code_point >= 0xFF61 && d.code_point <= 0xFF9F);
    at += d.size;
  }
  const std::string composed = composes ? compose(text) : std::string(text);
  std::string out;
  bool blank = false;
  for (std::size_t at = 0; at < composed.size();) {
    const decoded d = decode_utf8(composed, at);
    at += d.size;
    if (d.code_point <= 0x20 || d.code_point == 0xA0 || d.code_point == 0x3000) {
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
