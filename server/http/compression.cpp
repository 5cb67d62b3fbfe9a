#include "server/http/compression.hpp"

#include "server/http/weights.hpp"

#include <brotli/encode.h>
#include <zlib.h>

#include <algorithm>

namespace rapporteur::http {
namespace {

// Chosen for answers made on the fly: at these efforts a search answer of 20 kB takes well under a millisecond.
constexpr int k_gzip_effort = 5;
constexpr int k_brotli_effort = 4;

}  // namespace

std::string_view name_of(coding c) noexcept {
  switch (c) {
    case coding::gzip:
      return "gzip";
    case coding::brotli:
      return "br";
    case coding::identity:
      break;
  }
  return {};
}

accepted_codings parse_accept_encoding(std::string_view value) noexcept {
  constexpr int k_unnamed = -1;
  int gzip = k_unnamed;
  int brotli = k_unnamed;
  int identity = k_unnamed;
  int others = k_unnamed;
  for_each_weighted(value, [&](std::string_view name, int weight) {
    if (same_token(name, "gzip") || same_token(name, "x-gzip")) gzip = std::max(gzip, weight);
    if (same_token(name, "br")) brotli = std::max(brotli, weight);
    if (same_token(name, "identity")) identity = std::max(identity, weight);
    if (name == "*") others = std::max(others, weight);
  });
  if (gzip == k_unnamed) gzip = std::max(others, 0);
  if (brotli == k_unnamed) brotli = std::max(others, 0);
  const bool refuses_identity = identity == 0 || (identity == k_unnamed && others == 0);
  return {.gzip = gzip > 0,
          .brotli = brotli > 0,
          .identity = !refuses_identity,
          .prefers_gzip = gzip > brotli,
          .prefers_identity = identity > std::max(gzip, brotli)};
}

std::optional<std::string> compress_gzip(std::string_view bytes, int effort) {
  constexpr int k_gzip_window = 15 + 16;  // zlib: 16 more asks for the gzip wrapping
  z_stream z{};
  if (deflateInit2(&z, effort, Z_DEFLATED, k_gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK) return std::nullopt;
  std::string out(deflateBound(&z, bytes.size()), '\0');
  // zlib's field is not const, but deflate only reads.
  z.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
  z.avail_in = static_cast<uInt>(bytes.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  const int status = deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  if (status != Z_STREAM_END) return std::nullopt;
  return out;
}

std::optional<std::string> compress_brotli(std::string_view bytes, int effort) {
  std::size_t size = BrotliEncoderMaxCompressedSize(bytes.size());
  if (size == 0) return std::nullopt;
  std::string out(size, '\0');
  const auto ok = BrotliEncoderCompress(effort, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, bytes.size(),
                                        reinterpret_cast<const std::uint8_t*>(bytes.data()), &size,
                                        reinterpret_cast<std::uint8_t*>(out.data()));
  if (ok != BROTLI_TRUE) return std::nullopt;
  out.resize(size);
  return out;
}

void compress_response(const request& q, response& r) {
  r.add_to_list(bhttp::field::vary, "Accept-Encoding");
  const auto accepted = parse_accept_encoding(q.field(bhttp::field::accept_encoding));
  if (accepted.identity && r.bytes().size() < k_min_compressed_bytes) return;
  const auto best = accepted.best();
  std::optional<std::string> packed;
  if (best == coding::gzip) packed = compress_gzip(r.bytes(), k_gzip_effort);
  if (best == coding::brotli) packed = compress_brotli(r.bytes(), k_brotli_effort);
  if (!packed || (accepted.identity && packed->size() >= r.bytes().size())) return;
  r.body = std::move(*packed);
  r.shared_body.reset();
  r.set(bhttp::field::content_encoding, name_of(best));
}

}  // namespace rapporteur::http
