#include "server/http/json_string.hpp"

#include <cstddef>

namespace rapporteur::http {
namespace {

struct step {
  std::size_t bytes;  ///< how far to go on, at least 1
  bool valid;
};

/// The UTF-8 sequence at the front of a non-empty text (Unicode 15, table 3-7).
step utf8_step(std::string_view s) noexcept {
  const auto byte = [s](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {1, true};
  std::size_t length = 0;
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
  if (first >= 0xC2 && first <= 0xDF) {
    length = 2;
  } else if (first >= 0xE0 && first <= 0xEF) {
    length = 3;
    if (first == 0xE0) low = 0xA0;
    if (first == 0xED) high = 0x9F;
  } else if (first >= 0xF0 && first <= 0xF4) {
    length = 4;
    if (first == 0xF0) low = 0x90;
    if (first == 0xF4) high = 0x8F;
  } else {
    return {1, false};
  }
  for (std::size_t i = 1; i < length; ++i) {
    if (i >= s.size() || byte(i) < low || byte(i) > high) return {i, false};
    low = 0x80;
    high = 0xBF;
  }
  return {length, true};
}

/// Bytes that may be copied as they are.
bool is_plain(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x7F && c != '"' && c != '\\';
}

void append_escaped(std::string& out, char c) {
  constexpr std::string_view k_digits = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    default:
      break;
  }
  const auto byte = static_cast<unsigned char>(c);
  out += "\\u00";
  out.push_back(k_digits[byte >> 4]);
  out.push_back(k_digits[byte & 15]);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out.reserve(out.size() + text.size() + 2);
  out.push_back('"');
  while (!text.empty()) {
    // As much as can be copied in one go: it is nearly always everything.
    std::size_t end = 0;
    step s{0, true};
    while (end < text.size()) {
      if (is_plain(text[end])) {
        ++end;
        continue;
      }
      s = utf8_step(text.substr(end));
      if (!s.valid || s.bytes == 1) break;
      end += s.bytes;
    }
    out.append(text.substr(0, end));
    text.remove_prefix(end);
    if (text.empty()) break;
    if (s.valid) {
      append_escaped(out, text.front());
    } else {
      out += "\xEF\xBF\xBD";
    }
    text.remove_prefix(s.bytes);
  }
  out.push_back('"');
}

bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const auto s = utf8_step(text);
    if (!s.valid) return false;
    text.remove_prefix(s.bytes);
  }
  return true;
}

}  // namespace rapporteur::http
