// Undoes content codings, for tests.
#pragma once

#include <brotli/decode.h>
#include <zlib.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace rapporteur::http::test {

inline std::string gunzip(std::string_view packed) {
  z_stream z{};
  if (inflateInit2(&z, 15 + 16) != Z_OK) throw std::runtime_error("zlib");
  std::string out(1 << 22, '\0');
  z.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data()));
  z.avail_in = static_cast<uInt>(packed.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  const int status = inflate(&z, Z_FINISH);
  out.resize(z.total_out);
  inflateEnd(&z);
  if (status != Z_STREAM_END) throw std::runtime_error("not gzip");
  return out;
}

inline std::string unbrotli(std::string_view packed) {
  std::string out(1 << 22, '\0');
  std::size_t size = out.size();
  if (BrotliDecoderDecompress(packed.size(), reinterpret_cast<const std::uint8_t*>(packed.data()), &size,
                              reinterpret_cast<std::uint8_t*>(out.data())) != BROTLI_DECODER_RESULT_SUCCESS) {
    throw std::runtime_error("not brotli");
  }
  out.resize(size);
  return out;
}

}  // namespace rapporteur::http::test
