// Numbers and strings as Xapian's Glass tables hold them, for index/glass_table and index/segment_writer.
//
// The format of the 1.4 series (database format 2016-03-14; Xapian, "Glass database format" and the behaviour of its
// tools). Tests hold what is written here against what Xapian itself writes and reads.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace rapporteur::index::glass {

inline constexpr std::size_t k_block_bytes = 8192;
inline constexpr std::uint32_t k_revision = 1;  ///< of everything that is written once and for all

/// Seven bits a byte, the lowest first.
inline void put_number(std::string& to, std::uint64_t n) {
  for (; n >= 0x80; n >>= 7U) to += static_cast<char>((n & 0x7FU) | 0x80U);
  to += static_cast<char>(n);
}

inline void put_string(std::string& to, std::string_view s) {
  put_number(to, s.size());
  to += s;
}

/// A document's number, so that bytes sort as numbers do: two bytes up to 32,767, then one more for every seven bits,
/// with as many leading ones in the first as there are bytes beyond two.
inline void put_sorting_number(std::string& to, std::uint32_t n) {
  if (n < 0x8000U) {
    to += static_cast<char>(n >> 8U);
    to += static_cast<char>(n);
    return;
  }
  const auto bits = static_cast<unsigned>(std::bit_width(n));
  const unsigned bytes = (bits + 5) / 7;  // 3: 22 - 1 bits and fewer
  const std::uint64_t marked = (std::uint64_t{0xFF} << (10 - bytes) & 0xFFU) << (8 * (bytes - 1)) | n;
  for (unsigned b = bytes; b-- > 0;) to += static_cast<char>(marked >> (8 * b));
}

/// A term in a key that goes on behind it: a zero byte is followed by 0xFF, the end is a zero byte.
inline void put_sorting_string(std::string& to, std::string_view s, bool last) {
  for (const char c : s) {
    to += c;
    if (c == '\0') to += '\xFF';
  }
  if (!last) to += '\0';
}

/// Ascending positions, at least one: the last of them, and if there are more, the first, their number and the others
/// by interpolative coding (Moffat & Stuiver, "Binary Interpolative Coding", 2000).
void put_positions(std::string& to, std::span<const std::uint32_t> positions);

}  // namespace rapporteur::index::glass
