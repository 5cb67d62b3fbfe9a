#include "server/http/etag.hpp"

#include <cstring>

namespace rapporteur::http {
namespace {

std::string_view trim(std::string_view s) noexcept {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
  return s;
}

std::string_view opaque(std::string_view etag) noexcept {
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  return etag;
}

}  // namespace

void fingerprint::mix(std::string_view bytes) noexcept {
  constexpr wide k_prime = (wide{0x0000000001000000ULL} << 64) | 0x000000000000013bULL;
  for (const char c : bytes) {
    state_ ^= static_cast<unsigned char>(c);
    state_ *= k_prime;
  }
}

fingerprint& fingerprint::add(std::string_view piece) noexcept {
  add(std::uint64_t{piece.size()});
  mix(piece);
  return *this;
}

fingerprint& fingerprint::add(std::uint64_t number) noexcept {
  std::array<char, sizeof number> bytes{};
  std::memcpy(bytes.data(), &number, sizeof number);
  mix({bytes.data(), bytes.size()});
  return *this;
}

std::string fingerprint::hex() const {
  constexpr std::string_view k_digits = "0123456789abcdef";
  std::string out;
  out.reserve(32);
  for (int shift = 124; shift >= 0; shift -= 4) out.push_back(k_digits[static_cast<unsigned>(state_ >> shift) & 15U]);
  return out;
}

bool none_match_names(std::string_view if_none_match, std::string_view etag) noexcept {
  std::string_view rest = trim(if_none_match);
  if (rest == "*") return true;
  const auto wanted = opaque(etag);
  // A comma may stand inside a quoted tag, so tags are found by their quotes.
  while (!rest.empty()) {
    const auto open = rest.find('"');
    if (open == std::string_view::npos) return false;
    const auto close = rest.find('"', open + 1);
    if (close == std::string_view::npos) return false;
    if (rest.substr(open, close - open + 1) == wanted) return true;
    rest.remove_prefix(close + 1);
  }
  return false;
}

}  // namespace rapporteur::http
