#include "index/glass_format.hpp"

#include <xapian.h>

#include <algorithm>
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

  /// of: from 1 to 2^32.
  std::uint32_t take(std::uint64_t of) {
    const auto bits = static_cast<unsigned>(std::bit_width(of - 1));
    const std::uint64_t short_ones = (std::uint64_t{1} << bits) - of;
    if (held_bits_ < bits) fill();
    if (short_ones == 0) return bits_of(bits);
    const std::uint64_t middle = (of - short_ones) / 2;
    std::uint64_t value = bits_of(bits - 1);
    if (value < middle && bits_of(1) != 0) value += middle + short_ones;
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

  std::uint32_t bits_of(unsigned count) {
    const std::uint64_t value = held_ & ((std::uint64_t{1} << count) - 1);
    held_ >>= count;
    held_bits_ -= count;
    return static_cast<std::uint32_t>(value);
  }

  std::string_view from_;
  std::size_t at_ = 0, beyond_ = 0;
  std::uint64_t held_ = 0;
  unsigned held_bits_ = 0;
};

/// The places between the first and the last of p, up to `most`: what lies in the stream behind one that is greater is
/// greater too. How many of p are known: all, if less than `most` came.
class between {
 public:
  between(bit_reader in, std::uint32_t most) : in_(in), most_(most) {}

  /// p: a part of the list that begins at number `begin` of it. False: the rest is beyond most.
  bool take(std::span<std::uint32_t> p, std::size_t begin) {
    while (p.size() > 2) {
      const std::size_t last = p.size() - 1;
      const std::size_t middle = last / 2;
      // What is damaged may say that more of them lie between the two than there is room for.
      if (p[last] < p[0] || p[last] - p[0] < last) throw Xapian::DatabaseCorruptError("positions make no sense");
      p[middle] = p[0] + static_cast<std::uint32_t>(middle) + in_.take(std::uint64_t{p[last]} - p[0] - last + 1);
      if (!take(p.first(middle + 1), begin)) return false;
      if (p[middle] > most_) {
        known_ = begin + middle + 1;
        return false;
      }
      p = p.subspan(middle);
      begin += middle;
    }
    return true;
  }

  [[nodiscard]] std::size_t known() const noexcept { return known_; }

 private:
  bit_reader in_;
  std::uint32_t most_;
  std::size_t known_ = 0;
};

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
  between rest(in, most);
  if (!rest.take(to, 0)) to.resize(rest.known());
}

}  // namespace rapporteur::index::glass
