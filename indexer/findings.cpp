// Findings as lines of text.
#include "indexer/findings.hpp"

#include "index/unicode.hpp"

#include <fmt/format.h>

namespace rapporteur::indexer {

std::string printable(std::string_view text, std::size_t max_bytes) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size() && out.size() < max_bytes) {
    const index::decoded d = index::decode_utf8(text, at);
    at += d.size;
    const char32_t c = d.code_point;
    const bool control = c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
    const bool bidi = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    index::append_utf8(out, control || bidi || !d.valid ? U'\uFFFD' : c);
  }
  if (at < text.size()) out += "…";
  return out;
}

std::string finding::to_string() const {
  constexpr std::size_t k_path_bytes = 4096;
  std::string out = printable(file, k_path_bytes);
  if (line != 0) out += fmt::format(":{}", line);
  if (line != 0 && column != 0) out += fmt::format(":{}", column);
  out += level == severity::warning ? ": warning: " : ": ";
  out += what.reason;
  if (!what.detail.empty()) out += ": " + printable(what.detail, 400);
  return out;
}

}  // namespace rapporteur::indexer
