#include "index/glass_format.hpp"

#include <xapian.h>

#include <algorithm>
#include <array>
#include <cstring>

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

/// What bit_writer wrote.
class bit_reader {
 public:
  explicit bit_reader(std::string_view from) : from_(from) {}

  /// of: from 1 to 2^32. What comes is less. No branch hangs on what is read: none could be foretold.
  std::uint32_t take(std::uint64_t of) {
    if (of == 1) return 0;
    const auto bits = static_cast<unsigned>(std::bit_width(of - 1));
    if (held_bits_ < bits) fill();
    const std::uint64_t half = std::uint64_t{1} << (bits - 1);  // NOLINT(clang-analyzer-core.*): bits are 1 and more
    // Those in the middle, which take a bit less, begin behind what is beyond a half of the power of two.
    const unsigned used = bits - 1 + static_cast<unsigned>((held_ & (half - 1)) < of - half);
    const std::uint64_t value = held_ & ((std::uint64_t{1} << used) - 1);
    held_ >>= used;
    held_bits_ -= used;
    return static_cast<std::uint32_t>(value);
  }

 private:
  // To 56 bits and more, or to the end, behind which zeros are read: one who reads too far is told in the end.
  void fill() {
    if (from_.size() - at_ >= sizeof(std::uint64_t)) {
      std::uint64_t next = 0;
      std::memcpy(&next, from_.data() + at_, sizeof next);
      if constexpr (std::endian::native == std::endian::big) next = __builtin_bswap64(next);
      held_ |= next << held_bits_;
      const unsigned bytes = (63 - held_bits_) / 8;
      at_ += bytes;
      held_bits_ += bytes * 8;
      return;
    }
    for (; held_bits_ <= 56; held_bits_ += 8) {
      if (at_ < from_.size())
        held_ |= std::uint64_t{static_cast<unsigned char>(from_[at_++])} << held_bits_;
      else if (++beyond_ > sizeof(std::uint64_t))
        end_early();
    }
  }

  std::string_view from_;
  std::size_t at_ = 0, beyond_ = 0;
  std::uint64_t held_ = 0;
  unsigned held_bits_ = 0;
};

/// The places between the first and the last of p, between which there is room for as many, up to `most`: what lies in
/// the stream behind one that is greater is greater too. How many of p are known then.
std::size_t take_between(bit_reader in, std::span<std::uint32_t> p, std::uint32_t most) {
  constexpr std::size_t k_most_halvings = 32;
  std::array<std::size_t, k_most_halvings> ends;  // of the parts that are still to be read, the nearest last
  std::size_t waiting = 0;
  std::size_t begin = 0;
  std::size_t end = p.size() - 1;
  while (true) {
    while (end - begin > 1) {
      const std::size_t last = end - begin;
      const std::size_t middle = last / 2;
      // Whatever is read, there is room on both sides of it.
      const std::uint64_t room = std::uint64_t{p[end]} - p[begin] - last + 1;
      p[begin + middle] = p[begin] + static_cast<std::uint32_t>(middle) + in.take(room);
      ends[waiting++] = end;
      end = begin + middle;
    }
    if (waiting == 0 || p[end] > most) return end + 1;
    begin = end;
    end = ends[--waiting];
  }
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

void take_positions(std::string_view from, std::uint32_t most, std::vector<std::uint32_t>& to) {
  constexpr std::uint64_t k_most = std::uint64_t{1} << 26U;  // of a text; a damaged number must not take all memory
  const std::uint64_t last = take_number(from);
  if (last > 0xFFFFFFFFU) throw Xapian::DatabaseCorruptError("a position is too large");
  to.assign(1, static_cast<std::uint32_t>(last));
  if (from.empty()) return;
  bit_reader in(from);
  if (last == 0) throw Xapian::DatabaseCorruptError("positions make no sense");
  const std::uint64_t first = in.take(last);
  if (first >= last) throw Xapian::DatabaseCorruptError("positions make no sense");
  const std::uint64_t count = in.take(last - first) + std::uint64_t{2};
  if (count > k_most || count > last - first + 1) throw Xapian::DatabaseCorruptError("positions make no sense");
  to.resize(count);
  to.front() = static_cast<std::uint32_t>(first);
  to.back() = static_cast<std::uint32_t>(last);
  to.resize(take_between(in, to, most));
}

}  // namespace rapporteur::index::glass
