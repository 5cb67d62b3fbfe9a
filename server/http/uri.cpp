#include "server/http/uri.hpp"

#include <algorithm>

namespace rapporteur::http {
namespace {

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_unreserved(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

bool is_scheme(std::string_view s) noexcept {
  if (s.size() < 4) return false;
  const auto lower = [](char c) { return static_cast<char>(c | 0x20); };
  if (lower(s[0]) != 'h' || lower(s[1]) != 't' || lower(s[2]) != 't' || lower(s[3]) != 'p') return false;
  return s.size() == 4 || (s.size() == 5 && lower(s[4]) == 's');
}

/// False if a segment is badly encoded or the path is not absolute; segments: those before it.
bool read_path(std::string_view path, std::vector<std::string>& segments) {
  if (path.empty() || path.front() != '/') return false;
  while (true) {
    path.remove_prefix(1);  // the slash
    const auto slash = path.find('/');
    auto segment = percent_decode(path.substr(0, slash));
    if (!segment) return false;
    segments.push_back(std::move(*segment));
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash);
  }
}

}  // namespace

std::optional<target_parts> split_target(std::string_view target) {
  if (target.find('#') != std::string_view::npos) return std::nullopt;
  if (target == "*") return target_parts{.path = target, .query = {}, .authority = {}};
  if (target.empty()) return std::nullopt;
  std::string_view authority;
  if (target.front() != '/') {
    const auto colon = target.find("://");
    if (colon == std::string_view::npos || !is_scheme(target.substr(0, colon))) return std::nullopt;
    target.remove_prefix(colon + 3);
    authority = target.substr(0, target.find_first_of("/?"));
    if (authority.empty()) return std::nullopt;  // no host
    target.remove_prefix(authority.size());
  }
  const auto mark = std::min(target.find('?'), target.size());
  const std::string_view path = mark == 0 ? "/" : target.substr(0, mark);
  return target_parts{.path = path, .query = target.substr(std::min(mark + 1, target.size())), .authority = authority};
}

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '%') {
      if (text.size() - i < 3) return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    } else {
      out.push_back(plus_is_blank && c == '+' ? ' ' : c);
    }
  }
  return out;
}

void percent_encode(std::string& out, std::string_view bytes) {
  constexpr std::string_view k_digits = "0123456789ABCDEF";
  for (const char c : bytes) {
    if (is_unreserved(c)) {
      out.push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out.push_back('%');
      out.push_back(k_digits[byte >> 4]);
      out.push_back(k_digits[byte & 15]);
    }
  }
}

std::optional<std::vector<std::string>> split_path(std::string_view path) {
  std::vector<std::string> segments;
  if (!read_path(path, segments)) return std::nullopt;
  return segments;
}

std::vector<std::string> readable_segments(std::string_view path) {
  std::vector<std::string> segments;
  read_path(path, segments);
  return segments;
}

bool parse_form(std::string_view text, std::vector<form_field>& fields, form_error& e) {
  while (!text.empty()) {
    const auto end = text.find('&');
    const auto pair = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    auto name = percent_decode(pair.substr(0, equals), true);
    if (!name) {
      e.name.clear();
      return false;
    }
    auto value = percent_decode(equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1), true);
    if (!value) {
      e.name = std::move(*name);
      return false;
    }
    fields.push_back({std::move(*name), std::move(*value)});
  }
  return true;
}

}  // namespace rapporteur::http
