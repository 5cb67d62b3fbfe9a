#include "index/glass_format.hpp"

#include <xapian.h>

#include <algorithm>

namespace rapporteur::index::glass {
namespace {

/// Bits from the lowest of a byte to the highest.
class bit_writer {
 public:
  explicit bit_writer(std::string& to) : to_(to) {}

  /// One of `of` values. Where their number is no power of two, those in the middle take a bit less.
  void put(std::uint64_t value, std::uint64_t of) {
    auto bits = static_cast<unsigned>(std::bit_width(of - 1));
    const std::uint64_t short_ones = (std::uint64_t{1} << bits) - of;
    if (short_ones != 0) {
      const std::uint64_t middle = (of - short_ones) / 2;
      if (value >= middle + short_ones)
        value = (value - (middle + short_ones)) | (std::uint64_t{1} << (bits - 1));
      else if (value >= middle)
        --bits;
    }
    held_ |= value << held_bits_;
    held_bits_ += bits;
    for (; held_bits_ >= 8; held_bits_ -= 8, held_ >>= 8U) to_ += static_cast<char>(held_);
  }

  void finish() {
    if (held_bits_ != 0) to_ += static_cast<char>(held_);
  }

 private:
  std::string& to_;
  std::uint64_t held_ = 0;  // fewer than 8 bits between two calls
  unsigned held_bits_ = 0;
};

// What lies between the first and the last of them, both known.
void put_between(bit_writer& out, std::span<const std::uint32_t> p) {
  while (p.size() > 2) {
    const std::size_t last = p.size() - 1;
    const std::size_t middle = last / 2;
    const std::uint64_t lowest = p[0] + middle;  // positions are distinct
    out.put(p[middle] - lowest, p[last] - p[0] - last + 1);
    put_between(out, p.first(middle + 1));
    p = p.subspan(middle);
  }
}

[[noreturn]] void end_early() {
  throw Xapian::DatabaseCorruptError("an entry ends early");
}

}  // namespace

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

void put_positions(std::string& to, std::span<const std::uint32_t> positions) {
  put_number(to, positions.back());
  if (positions.size() == 1) return;
  bit_writer out(to);
  out.put(positions.front(), positions.back());
  out.put(positions.size() - 2, positions.back() - positions.front());
  put_between(out, positions);
  out.finish();
}

}  // namespace rapporteur::index::glass
