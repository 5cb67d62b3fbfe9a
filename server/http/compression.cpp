#include "server/http/compression.hpp"

#include <brotli/encode.h>
#include <zlib.h>

#include <algorithm>
#include <cctype>

namespace rapporteur::http {
namespace {

// Chosen for answers made on the fly: at these efforts a search answer of 20 kB takes well under a millisecond.
constexpr int k_gzip_effort = 5;
constexpr int k_brotli_effort = 4;

std::string_view trim(std::string_view s) noexcept {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
  return s;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
  });
}

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
    const auto one = trim(parameters.substr(0, end));
    parameters = end == std::string_view::npos ? std::string_view{} : parameters.substr(end + 1);
    if (one.size() >= 2 && (one[0] == 'q' || one[0] == 'Q') && one[1] == '=') return parse_weight(one.substr(2));
  }
  return 1000;
}

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
  int others = 0;
  while (!value.empty()) {
    const auto end = value.find(',');
    const auto member = trim(value.substr(0, end));
    value = end == std::string_view::npos ? std::string_view{} : value.substr(end + 1);
    const auto semicolon = member.find(';');
    const auto name = trim(member.substr(0, semicolon));
    const int weight = semicolon == std::string_view::npos ? 1000 : weight_of(member.substr(semicolon + 1));
    if (weight < 0) continue;
    if (equal_ignoring_case(name, "gzip") || equal_ignoring_case(name, "x-gzip")) gzip = std::max(gzip, weight);
    if (equal_ignoring_case(name, "br")) brotli = std::max(brotli, weight);
    if (name == "*") others = std::max(others, weight);
  }
  if (gzip == k_unnamed) gzip = others;
  if (brotli == k_unnamed) brotli = others;
  return {.gzip = gzip > 0, .brotli = brotli > 0, .prefers_gzip = gzip > brotli};
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
  if (r.bytes().size() < k_min_compressed_bytes) return;
  const auto best = parse_accept_encoding(q.field(bhttp::field::accept_encoding)).best();
  std::optional<std::string> packed;
  if (best == coding::gzip) packed = compress_gzip(r.bytes(), k_gzip_effort);
  if (best == coding::brotli) packed = compress_brotli(r.bytes(), k_brotli_effort);
  if (!packed || packed->size() >= r.bytes().size()) return;
  r.body = std::move(*packed);
  r.shared_body.reset();
  r.set(bhttp::field::content_encoding, name_of(best));
}

}  // namespace rapporteur::http
