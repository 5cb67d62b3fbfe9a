// Content codings over a body that is made piece by piece.
//
// Memory is that of one coder (some 300 kB for gzip, 3 MB for brotli), however long the body. Belongs to one thread at
// a time.
#pragma once

#include "server/http/compression.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace rapporteur::http {

class stream_compressor {
 public:
  /// identity: passes through what it is given.
  explicit stream_compressor(coding c);
  stream_compressor(stream_compressor&&) noexcept;
  stream_compressor& operator=(stream_compressor&&) noexcept;
  ~stream_compressor();

  /// What the coder gives out for these bytes; it may keep some, or all. Nothing if the library fails; then this is
  /// the end.
  std::optional<std::string> add(std::string_view bytes);
  /// What it has kept. Nothing more may be added.
  std::optional<std::string> finish();

 private:
  struct coder;
  std::optional<std::string> run(std::string_view bytes, bool last);
  std::unique_ptr<coder> coder_;  // null: identity
};

}  // namespace rapporteur::http
