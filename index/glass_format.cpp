#include "index/glass_format.hpp"

#include <xapian.h>

#include <bit>

namespace rapporteur::index::glass {

void end_early() {
  throw Xapian::DatabaseCorruptError("an entry ends early");
}

std::uint64_t take_number(std::string_view& from) {
  std::uint64_t n = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (from.empty()) end_early();
    const auto c = static_cast<unsigned char>(from.front());
    from.remove_prefix(1);
    n |= std::uint64_t{c & 0x7FU} << shift;
    if (c < 0x80) return n;
  }
  throw Xapian::DatabaseCorruptError("a number is too large");
}

std::string_view take_string(std::string_view& from) {
  const std::uint64_t size = take_number(from);
  if (size > from.size()) end_early();
  const std::string_view s = from.substr(0, size);
  from.remove_prefix(size);
  return s;
}

std::uint32_t take_sorting_number(std::string_view& from) {
  if (from.empty()) end_early();
  const auto lead = static_cast<unsigned char>(from.front());
  const auto bytes = static_cast<std::size_t>(std::countl_one(lead)) + 2;
  if (bytes > 6 || from.size() < bytes) end_early();
  std::uint64_t n = lead & (0xFFU >> (bytes - 2));
  for (std::size_t b = 1; b < bytes; ++b) n = n << 8U | static_cast<unsigned char>(from[b]);
  from.remove_prefix(bytes);
  if (n > 0xFFFFFFFFU) throw Xapian::DatabaseCorruptError("a document's number is too large");
  return static_cast<std::uint32_t>(n);
}

std::size_t sorting_string_bytes(std::string_view key) {
  for (std::size_t at = key.find('\0'); at != std::string_view::npos; at = key.find('\0', at + 2)) {
    if (at + 1 == key.size() || key[at + 1] != '\xFF') return at + 1;
  }
  return key.size();
}

}  // namespace rapporteur::index::glass
