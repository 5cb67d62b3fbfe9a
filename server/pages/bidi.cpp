#include "server/pages/bidi.hpp"

#include "server/api/safe_text.hpp"

#include <cstddef>

namespace rapporteur::pages {
namespace {

enum class control { none, embedding, opens, closes };

constexpr std::size_t k_bytes = 3;  // of each of them in UTF-8
constexpr std::string_view k_close = "\xE2\x81\xA9";

/// U+202A to U+202E, and the isolates U+2066 to U+2069.
control control_at(std::string_view text, std::size_t at) noexcept {
  const auto c = text.substr(at, k_bytes);
  if (c.size() < k_bytes || c[0] != '\xE2') return control::none;
  const auto last = static_cast<unsigned char>(c[2]);
  if (c[1] == '\x80' && last >= 0xAA && last <= 0xAE) return control::embedding;
  if (c[1] != '\x81' || last < 0xA6 || last > 0xA9) return control::none;
  return c == k_close ? control::closes : control::opens;
}

}  // namespace

std::string closed(std::string_view text) {
  std::string out;
  std::size_t open = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = control_at(text, at);
    const std::size_t length = c == control::none ? 1 : k_bytes;
    if (c == control::opens) ++open;
    if (c != control::closes || open > 0) out += text.substr(at, length);
    if (c == control::closes && open > 0) --open;
    at += length;
  }
  for (; open > 0; --open) out += k_close;
  return out;
}

std::string printed(std::string_view text) {
  const std::string line = api::plain(text, api::line_breaks::blank);
  std::string out;
  bool blank = false;
  for (std::size_t at = 0; at < line.size();) {
    if (control_at(line, at) != control::none) {
      at += k_bytes;
      continue;
    }
    const char c = line[at++];
    if (c == ' ' || c == '\t') {
      blank = true;
      continue;
    }
    if (blank && !out.empty()) out += ' ';
    blank = false;
    out += c;
  }
  return out;
}

}  // namespace rapporteur::pages
