// The stems of the words that were met last: of any language, in a fixed number of cache lines.
//
// A word is looked for in one or two neighbouring lines, where its stems stand beside it, so that a word of an article
// costs one access to memory that is not in a cache. Newer words drive older ones out. Knows nothing of stemming.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::index {

class stem_memory {
 public:
  struct stems {
    std::string_view first, second;  ///< either may be empty
  };

  /// lines: a power of two of at least 2, of 64 bytes each; taken with the first put().
  explicit stem_memory(std::size_t lines) : size_(lines) {}

  /// What was put for a key, if it is still known. kind tells keys of one spelling apart (a language, say).
  /// The views stay valid until the next put().
  [[nodiscard]] bool find(std::uint16_t kind, std::string_view key, stems& found) const noexcept;

  /// Begins to fetch what find() will look at.
  void prefetch(std::uint16_t kind, std::string_view key) const noexcept;

  /// Remembers what find() has not found. The views that are returned stay valid until the next put(). What does not
  /// fit into a line is kept until the next put() alone.
  stems put(std::uint16_t kind, std::string_view key, const stems& s);

 private:
  static constexpr std::size_t k_line_bytes = 64;
  struct alignas(k_line_bytes) line {
    std::uint16_t kind = 0;
    std::uint8_t key_size = 0;  // 0: the line is free
    std::uint8_t first_size = 0, second_size = 0;
    std::array<char, k_line_bytes - 5> bytes;  // the key, the first stem and the second

    [[nodiscard]] stems parts() const noexcept {
      return {{bytes.data() + key_size, first_size}, {bytes.data() + key_size + first_size, second_size}};
    }
  };
  static_assert(sizeof(line) == k_line_bytes);

  [[nodiscard]] std::size_t pair_of(std::uint16_t kind, std::string_view key) const noexcept;

  std::size_t size_;
  std::vector<line> lines_;
  std::string too_long_;
};

}  // namespace rapporteur::index
