// Entity tags (RFC 9110 8.8.3, 13.1.2): making them from content, and comparing them with what a client holds.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace rapporteur::http {

/// A 128-bit hash (FNV-1a) over the pieces added; pieces are told apart ("ab"+"c" is not "a"+"bc"). Not for secrets.
class fingerprint {
 public:
  fingerprint& add(std::string_view piece) noexcept;
  fingerprint& add(std::uint64_t number) noexcept;
  [[nodiscard]] std::string hex() const;  ///< 32 digits

 private:
  __extension__ using wide = unsigned __int128;
  void mix(std::string_view bytes) noexcept;
  wide state_ = (wide{0x6c62272e07bb0142ULL} << 64) | 0x62b821756295c58dULL;
};

/// Whether an If-None-Match value (a list of tags, or *) names etag. Weak comparison, as that header wants. A value
/// that is not well formed matches as far as it can be read: the worst outcome is a full answer.
bool none_match_names(std::string_view if_none_match, std::string_view etag) noexcept;

}  // namespace rapporteur::http
