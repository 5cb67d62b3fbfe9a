#include "index/text_codec.hpp"

#define ZSTD_STATIC_LINKING_ONLY  // ZSTD_createDDict_byReference
#include <fmt/format.h>
#include <zdict.h>
#include <zstd.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace rapporteur::index {
namespace {

constexpr std::string_view k_magic("\x28\xB5\x2F\xFD", 4);
constexpr std::size_t k_near_bytes = 32768;  // of most texts, and of blocks of the others

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* p) const {
    Free(p);
  }
};

}  // namespace

struct text_codec::impl {
  std::unique_ptr<ZSTD_CCtx, freed_by<ZSTD_freeCCtx>> compressor;
  std::unique_ptr<ZSTD_DCtx, freed_by<ZSTD_freeDCtx>> decompressor;
  std::unique_ptr<ZSTD_CDict, freed_by<ZSTD_freeCDict>> compress_dictionary;
  std::unique_ptr<ZSTD_DDict, freed_by<ZSTD_freeDDict>> decompress_dictionary;
  std::string dictionary;
  // The dictionary as decompress_dictionary refers to it, and room for a text right behind it: what zstd has to copy
  // from the one to the other is near, and it copies it in its quick way, as within a text. A quarter faster.
  std::unique_ptr<char[]> near;  // NOLINT(modernize-avoid-c-arrays)
  std::string frame;             // with what every frame begins with
  int level = 6;
};

text_codec::text_codec(std::string_view dictionary, int level) : impl_(std::make_unique<impl>()) {
  impl_->dictionary = dictionary;
  impl_->level = level;
}
text_codec::~text_codec() = default;
text_codec::text_codec(text_codec&&) noexcept = default;
text_codec& text_codec::operator=(text_codec&&) noexcept = default;

std::string text_codec::compress(std::string_view text) {
  impl& i = *impl_;
  if (!i.compressor) {
    i.compressor.reset(ZSTD_createCCtx());
    // Which dictionary it is goes without saying.
    ZSTD_CCtx_setParameter(i.compressor.get(), ZSTD_c_dictIDFlag, 0);
    ZSTD_CCtx_setParameter(i.compressor.get(), ZSTD_c_compressionLevel, i.level);
    if (!i.dictionary.empty()) {
      i.compress_dictionary.reset(ZSTD_createCDict(i.dictionary.data(), i.dictionary.size(), i.level));
      ZSTD_CCtx_refCDict(i.compressor.get(), i.compress_dictionary.get());
    }
  }
  std::string out(ZSTD_compressBound(text.size()), '\0');
  const std::size_t size = ZSTD_compress2(i.compressor.get(), out.data(), out.size(), text.data(), text.size());
  if (ZSTD_isError(size) != 0) throw std::runtime_error(fmt::format("zstd: {}", ZSTD_getErrorName(size)));
  out.resize(size);
  out.erase(0, k_magic.size());
  return out;
}

result<std::string> text_codec::decompress(std::string_view bytes, std::uint64_t expected_bytes) {
  // The frame says its own size too; a damaged record must not make us ask for the wrong amount of memory.
  if (content_size(bytes) != expected_bytes) {
    return error{errc::index_damaged,
                 "the stored text of an article does not have the size that its record says; run check"};
  }
  std::string out(expected_bytes, '\0');
  if (auto done = decompress(bytes, std::span<char>(out)); !done) return done.error();
  return out;
}

result<void> text_codec::decompress(std::string_view bytes, std::span<char> to) {
  impl& i = *impl_;
  if (!i.decompressor) {
    i.decompressor.reset(ZSTD_createDCtx());
    if (!i.dictionary.empty()) {
      i.near = std::make_unique_for_overwrite<char[]>(i.dictionary.size() + k_near_bytes);  // NOLINT
      std::copy(i.dictionary.begin(), i.dictionary.end(), i.near.get());
      i.decompress_dictionary.reset(ZSTD_createDDict_byReference(i.near.get(), i.dictionary.size()));
    }
  }
  i.frame.assign(k_magic).append(bytes);
  std::size_t size = 0;
  if (i.decompress_dictionary && to.size() <= k_near_bytes) {
    char* const near = i.near.get() + i.dictionary.size();
    size = ZSTD_decompress_usingDDict(i.decompressor.get(), near, k_near_bytes, i.frame.data(), i.frame.size(),
                                      i.decompress_dictionary.get());
    if (size == to.size()) std::copy_n(near, size, to.data());
  } else if (i.decompress_dictionary) {
    size = ZSTD_decompress_usingDDict(i.decompressor.get(), to.data(), to.size(), i.frame.data(), i.frame.size(),
                                      i.decompress_dictionary.get());
  } else {
    size = ZSTD_decompressDCtx(i.decompressor.get(), to.data(), to.size(), i.frame.data(), i.frame.size());
  }
  if (ZSTD_isError(size) != 0 || size != to.size()) {
    return error{errc::index_damaged,
                 fmt::format("the stored text of an article cannot be decompressed ({}); run check",
                             ZSTD_isError(size) != 0 ? ZSTD_getErrorName(size) : "wrong size")};
  }
  return {};
}

std::optional<std::uint64_t> text_codec::content_size(std::string_view bytes) {
  constexpr std::size_t k_longest_header = 18;
  const std::string begin = std::string(k_magic).append(bytes.substr(0, k_longest_header));
  const unsigned long long size = ZSTD_getFrameContentSize(begin.data(), begin.size());
  if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR) return std::nullopt;
  return size;
}

std::string text_codec::train(const std::vector<std::string_view>& samples, std::size_t max_bytes) {
  // zdict wants a hundred times the dictionary's size of samples; a long article adds little beyond its beginning.
  constexpr std::size_t k_sample_bytes = 8192;
  constexpr std::size_t k_least_samples = 20;
  if (samples.size() < k_least_samples || max_bytes == 0) return {};
  std::string joined;
  std::vector<std::size_t> sizes;
  for (const std::string_view s : samples) {
    const std::size_t size = std::min(s.size(), k_sample_bytes);
    if (size < 8) continue;
    joined.append(s.substr(0, size));
    sizes.push_back(size);
  }
  const std::size_t capacity = std::min(max_bytes, joined.size() / 10);
  if (capacity < 1024) return {};
  std::string dictionary(capacity, '\0');
  const std::size_t size = ZDICT_trainFromBuffer(dictionary.data(), dictionary.size(), joined.data(), sizes.data(),
                                                 static_cast<unsigned>(sizes.size()));
  if (ZDICT_isError(size) != 0) return {};
  dictionary.resize(size);
  return dictionary;
}

}  // namespace rapporteur::index
