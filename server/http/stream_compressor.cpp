#include "server/http/stream_compressor.hpp"

#include <brotli/encode.h>
#include <zlib.h>

#include <array>
#include <new>

namespace rapporteur::http {
namespace {

// A long body is worth no more effort than a short one: a client waits for it, and searches for the thread.
constexpr int k_gzip_effort = 5;
constexpr std::uint32_t k_brotli_effort = 4;
constexpr std::uint32_t k_brotli_window = 18;  // 256 kB, so that many may stream at once
constexpr std::size_t k_step = 32UL * 1024;
constexpr int k_gzip_window = 15 + 16;  // zlib: 16 more asks for the gzip wrapping

}  // namespace

struct stream_compressor::coder {
  virtual ~coder() = default;
  virtual bool run(std::string_view bytes, bool last, std::string& out) = 0;
};

namespace {

template <class Base>
class gzip_coder final : public Base {
 public:
  gzip_coder() {
    if (deflateInit2(&z_, k_gzip_effort, Z_DEFLATED, k_gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
      throw std::bad_alloc();
    }
  }
  ~gzip_coder() override { deflateEnd(&z_); }
  gzip_coder(const gzip_coder&) = delete;
  gzip_coder& operator=(const gzip_coder&) = delete;

  bool run(std::string_view bytes, bool last, std::string& out) override {
    // zlib's field is not const, but deflate only reads.
    z_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
    z_.avail_in = static_cast<uInt>(bytes.size());
    std::array<char, k_step> step;
    int status = Z_OK;
    do {
      z_.next_out = reinterpret_cast<Bytef*>(step.data());
      z_.avail_out = step.size();
      status = deflate(&z_, last ? Z_FINISH : Z_NO_FLUSH);
      if (status == Z_STREAM_ERROR) return false;
      out.append(step.data(), step.size() - z_.avail_out);
    } while (z_.avail_out == 0);
    return !last || status == Z_STREAM_END;
  }

 private:
  z_stream z_{};
};

template <class Base>
class brotli_coder final : public Base {
 public:
  brotli_coder() : state_(BrotliEncoderCreateInstance(nullptr, nullptr, nullptr)) {
    if (state_ == nullptr) throw std::bad_alloc();
    BrotliEncoderSetParameter(state_, BROTLI_PARAM_QUALITY, k_brotli_effort);
    BrotliEncoderSetParameter(state_, BROTLI_PARAM_LGWIN, k_brotli_window);
    BrotliEncoderSetParameter(state_, BROTLI_PARAM_MODE, BROTLI_MODE_TEXT);
  }
  ~brotli_coder() override { BrotliEncoderDestroyInstance(state_); }
  brotli_coder(const brotli_coder&) = delete;
  brotli_coder& operator=(const brotli_coder&) = delete;

  bool run(std::string_view bytes, bool last, std::string& out) override {
    const auto* in = reinterpret_cast<const std::uint8_t*>(bytes.data());
    std::size_t left = bytes.size();
    do {
      std::size_t room = 0;
      if (BrotliEncoderCompressStream(state_, last ? BROTLI_OPERATION_FINISH : BROTLI_OPERATION_PROCESS, &left, &in,
                                      &room, nullptr, nullptr) != BROTLI_TRUE) {
        return false;
      }
      std::size_t size = 0;
      const auto* ready = BrotliEncoderTakeOutput(state_, &size);
      out.append(reinterpret_cast<const char*>(ready), size);
    } while (left > 0 || BrotliEncoderHasMoreOutput(state_) == BROTLI_TRUE);
    return !last || BrotliEncoderIsFinished(state_) == BROTLI_TRUE;
  }

 private:
  BrotliEncoderState* state_;
};

}  // namespace

stream_compressor::stream_compressor(coding c) {
  if (c == coding::gzip) coder_ = std::make_unique<gzip_coder<coder>>();
  if (c == coding::brotli) coder_ = std::make_unique<brotli_coder<coder>>();
}
stream_compressor::stream_compressor(stream_compressor&&) noexcept = default;
stream_compressor& stream_compressor::operator=(stream_compressor&&) noexcept = default;
stream_compressor::~stream_compressor() = default;

std::optional<std::string> stream_compressor::run(std::string_view bytes, bool last) {
  if (!coder_) return std::string(bytes);
  std::string out;
  if (!coder_->run(bytes, last, out)) return std::nullopt;
  return out;
}

std::optional<std::string> stream_compressor::add(std::string_view bytes) {
  return run(bytes, false);
}

std::optional<std::string> stream_compressor::finish() {
  return run({}, true);
}

}  // namespace rapporteur::http
