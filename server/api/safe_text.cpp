#include "server/api/safe_text.hpp"

#include <cstdint>

namespace rapporteur::api {
namespace {

constexpr std::string_view k_replacement = "\xEF\xBF\xBD";

struct code_point {
  std::uint32_t value = 0;
  std::size_t bytes = 1;
  bool valid = false;
};

/// The code point at the front (Unicode 15, table 3-7).
code_point first_of(std::string_view s) {
  const auto byte = [s](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4) return {};
  std::uint32_t value = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if (i >= s.size() || (byte(i) & 0xC0U) != 0x80) return {0, i, false};
    value = value << 6U | (byte(i) & 0x3FU);
  }
  constexpr std::uint32_t k_least[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool valid = value >= k_least[length] && value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
  return {value, length, valid};
}

bool is_noncharacter(std::uint32_t c) noexcept {
  return (c & 0xFFFEU) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
}

bool is_control(std::uint32_t c) noexcept {
  return (c < 0x20 && c != '\t') || (c >= 0x7F && c <= 0x9F);
}

}  // namespace

void append_plain(std::string& out, std::string_view text, line_breaks breaks) {
  const char new_line = breaks == line_breaks::kept ? '\n' : ' ';
  std::size_t begin = 0;  // of what is copied as it is
  std::size_t at = 0;
  const auto copy = [&] { out.append(text.substr(begin, at - begin)); };
  while (at < text.size()) {
    const auto c = first_of(text.substr(at));
    const bool is_break =
        c.valid && (c.value == '\n' || c.value == '\r' || c.value == 0x85 || c.value == 0x2028 || c.value == 0x2029);
    if (c.valid && !is_break && !is_control(c.value) && !is_noncharacter(c.value)) {
      at += c.bytes;
      continue;
    }
    copy();
    if (is_break) {
      out += new_line;
    } else {
      out += k_replacement;
    }
    at += c.value == '\r' && text.substr(at).starts_with("\r\n") ? 2 : c.bytes;
    begin = at;
  }
  copy();
}

std::string plain(std::string_view text, line_breaks breaks) {
  std::string out;
  out.reserve(text.size());
  append_plain(out, text, breaks);
  return out;
}

void append_xml(std::string& out, std::string_view text) {
  for (const char c : plain(text, line_breaks::kept)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\t':
        out += "&#9;";
        break;
      case '\n':
        out += "&#10;";
        break;
      default:
        out += c;
    }
  }
}

void append_html(std::string& out, std::string_view text) {
  for (const char c : plain(text, line_breaks::kept)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
}

}  // namespace rapporteur::api
