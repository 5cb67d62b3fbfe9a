#include "server/http/weights.hpp"

#include <algorithm>
#include <cctype>

namespace rapporteur::http {
namespace {

/// A qvalue in thousandths; -1 if it is none.
int parse_weight(std::string_view s) noexcept {
  if (s.empty() || (s[0] != '0' && s[0] != '1')) return -1;
  int thousandths = (s[0] - '0') * 1000;
  s.remove_prefix(1);
  if (s.empty()) return thousandths;
  if (s[0] != '.' || s.size() > 4) return -1;
  int unit = 100;
  for (const char c : s.substr(1)) {
    if (c < '0' || c > '9') return -1;
    thousandths += (c - '0') * unit;
    unit /= 10;
  }
  return thousandths > 1000 ? -1 : thousandths;
}

/// The weight among a member's parameters; 1000 if it has none, -1 if it cannot be read.
int weight_of(std::string_view parameters) noexcept {
  while (!parameters.empty()) {
    const auto end = parameters.find(';');
    const auto one = trimmed(parameters.substr(0, end));
    parameters = end == std::string_view::npos ? std::string_view{} : parameters.substr(end + 1);
    if (one.size() >= 2 && (one[0] == 'q' || one[0] == 'Q') && one[1] == '=') return parse_weight(one.substr(2));
  }
  return 1000;
}

}  // namespace

std::string_view trimmed(std::string_view s) noexcept {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
  return s;
}

bool same_token(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
  });
}

weighted take_weighted(std::string_view& rest) noexcept {
  const auto end = rest.find(',');
  const auto member = trimmed(rest.substr(0, end));
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  const auto semicolon = member.find(';');
  return {.name = trimmed(member.substr(0, semicolon)),
          .weight = semicolon == std::string_view::npos ? 1000 : weight_of(member.substr(semicolon + 1))};
}

}  // namespace rapporteur::http
