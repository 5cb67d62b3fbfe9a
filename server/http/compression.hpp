// Content codings: what a client takes (Accept-Encoding, RFC 9110 12.5.3), and gzip and brotli over whole bodies.
#pragma once

#include "server/http/message.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rapporteur::http {

enum class coding { identity, gzip, brotli };

/// As Content-Encoding names it; empty for identity.
std::string_view name_of(coding c) noexcept;

struct accepted_codings {
  bool gzip = false;
  bool brotli = false;
  bool identity = true;           ///< bytes as they are; refused only where the client says so
  bool prefers_gzip = false;      ///< both are taken, gzip with the greater weight
  bool prefers_identity = false;  ///< named with a greater weight than either

  /// Whether there is a form in which the client takes an answer.
  [[nodiscard]] bool any() const noexcept { return gzip || brotli || identity; }

  /// The best of them; identity if none.
  [[nodiscard]] coding best() const noexcept {
    if (prefers_identity) return coding::identity;
    if (brotli && !prefers_gzip) return coding::brotli;
    return gzip ? coding::gzip : coding::identity;
  }
};

/// Reads an Accept-Encoding value. Weights count, "*" stands for what is not named, "x-gzip" is gzip; a member that
/// cannot be read is passed over.
accepted_codings parse_accept_encoding(std::string_view value) noexcept;

/// effort: 1 (fast) … 9 for gzip, 0 … 11 for brotli. Empty if the library fails.
std::optional<std::string> compress_gzip(std::string_view bytes, int effort);
std::optional<std::string> compress_brotli(std::string_view bytes, int effort);

/// Bodies smaller than this fit into one packet as they are.
inline constexpr std::size_t k_min_compressed_bytes = 1024;

/// Compresses a response that was made for this request as the client prefers, if it is large enough (or the client
/// takes it in no other form), and says so (Content-Encoding, Vary). A strong ETag is not allowed on r: the bytes
/// change. Takes milliseconds on large bodies: call it on a worker.
void compress_response(const request& q, response& r);

}  // namespace rapporteur::http
