// Texts at rest: zstd (RFC 8878) with a dictionary trained on the archive's own articles.
//
// Short articles share most of their words, so that a dictionary is worth more than a level. One codec per thread.
#pragma once

#include "index/error.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::index {

class text_codec {
 public:
  /// dictionary: as made by train(), or empty for none; must be the same for writing and reading. level: 1 … 19.
  explicit text_codec(std::string_view dictionary, int level = 6);
  ~text_codec();
  text_codec(text_codec&&) noexcept;
  text_codec& operator=(text_codec&&) noexcept;

  /// A zstd frame without its first four bytes, which are the same in all (RFC 8878, 3.1.1).
  [[nodiscard]] std::string compress(std::string_view text);

  /// expected_bytes: the size of the text, from its record. errc::index_damaged if the bytes are not that text.
  result<std::string> decompress(std::string_view bytes, std::uint64_t expected_bytes);
  /// The same, into memory of the text's size.
  result<void> decompress(std::string_view bytes, std::span<char> to);

  /// The size that a frame says its text has; nothing if the bytes are no frame or it does not say.
  static std::optional<std::uint64_t> content_size(std::string_view bytes);

  /// A dictionary of at most max_bytes from sample texts; empty if they are too few or too alike to help.
  static std::string train(const std::vector<std::string_view>& samples, std::size_t max_bytes);

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace rapporteur::index
