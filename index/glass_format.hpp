// Numbers, strings, keys and lists as Xapian's Glass tables hold them, for index/glass_table, index/segment_writer and
// index/segment_merge.
//
// The format of the 1.4 series (database format 2016-03-14; Xapian, "Glass database format" and the behaviour of its
// tools). Tests hold what is written here against what Xapian itself writes and reads.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::index::glass {

inline constexpr std::uint32_t k_revision = 1;           ///< of everything that is written once and for all
inline constexpr std::uint32_t k_least_compressed = 18;  ///< tags up to this are not worth it
inline constexpr std::size_t k_chunk_bytes = 2000;       ///< of a list, after which Xapian begins another chunk too

/// How keys begin in the table of postings that are not of a term.
inline constexpr std::string_view k_metadata("\0\xC0", 2);
inline constexpr std::string_view k_value_statistics("\0\xD0", 2);
inline constexpr std::string_view k_value_chunk("\0\xD8", 2);
inline constexpr std::string_view k_lengths("\0\xE0", 2);  ///< lengths of documents, kept as a list of postings

/// In leaves: an item's size less 3 (2 bytes, with flags above), the key's length (1), the key, from the second part of
/// a long tag on the number of the part (2), the tag or the part of it.
inline constexpr std::size_t k_leaf_header = 3;
inline constexpr std::size_t k_component = 2;
inline constexpr unsigned k_compressed = 0x8000;
inline constexpr unsigned k_last_part = 0x4000;
inline constexpr unsigned k_first_part = 0x2000;
inline constexpr unsigned k_item_size = 0x1FFF;

/// In branches: the block (4), the key's length (1), the key, the number of the part (2).
inline constexpr std::size_t k_branch_header = 5;

/// A block: revision (4 bytes), level (1), the longest free stretch (2), all that is free (2), the end of the directory
/// (2); the directory of items, two bytes each, in the order of their keys; free bytes; the items. Numbers in blocks
/// are big-endian.
inline constexpr std::size_t k_directory_begin = 11;
inline constexpr std::size_t k_directory_entry = 2;

/// Numbers of a block, and bytes of it as text.
inline std::size_t get2(const unsigned char* p) noexcept {
  return static_cast<std::size_t>(p[0]) << 8U | p[1];
}
inline std::uint32_t get4(const unsigned char* p) noexcept {
  return static_cast<std::uint32_t>(get2(p) << 16U | get2(p + 2));
}
inline std::string_view text(const unsigned char* p, std::size_t size) noexcept {
  return {reinterpret_cast<const char*>(p), size};
}

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

/// What stands before the postings of a chunk, and before that of the first chunk of a list.
inline void put_chunk_begin(std::string& to, bool last_chunk, std::uint32_t first, std::uint32_t last) {
  to += last_chunk ? '1' : '0';
  put_number(to, last - first);
}
inline void put_list_begin(std::string& to, std::uint64_t documents, std::uint64_t frequency, std::uint32_t first) {
  put_number(to, documents);
  put_number(to, frequency);
  put_number(to, first - 1);
}

/// Throws Xapian::DatabaseCorruptError: there is less than there should be.
[[noreturn]] void end_early();

/// The same, taken off the front. Throw Xapian::DatabaseCorruptError where there is no such thing.
std::uint64_t take_number(std::string_view& from);
std::string_view take_string(std::string_view& from);
std::uint32_t take_sorting_number(std::string_view& from);

/// Bytes of a string that put_sorting_string(…, last = false) wrote at the beginning of a key, its end included; the
/// whole key if it ends before.
std::size_t sorting_string_bytes(std::string_view key);

}  // namespace rapporteur::index::glass
