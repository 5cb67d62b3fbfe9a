#include "index/glass_positions.hpp"

#include "index/glass_format.hpp"

#include <xapian.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#if defined(__x86_64__) && defined(__GNUC__)
#include <cpuid.h>
#endif

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

/// What bit_writer wrote.
class bit_reader {
 public:
  explicit bit_reader(std::string_view from) : from_(from) {}

  /// of: from 1 to 2^32. What comes is less. No branch hangs on what is read: none could be foretold.
  [[gnu::always_inline]] std::uint32_t take(std::uint64_t of) {
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
  [[gnu::always_inline]] void fill() {
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

/// Of a list whose first and last place are known: which place is read next, and the two between which it lies.
struct split {
  std::uint8_t low, middle, high;
};

constexpr std::size_t k_short = 32;  // lists up to this are read by a table

constexpr std::size_t splits_of_shorter(std::size_t places) {
  return (places - 2) * (places - 3) / 2;
}

/// The splits of lists of 3 places, of 4, and so on up to k_short.
constexpr auto k_splits = [] {
  std::array<split, splits_of_shorter(k_short + 1)> all{};
  std::size_t at = 0;
  for (std::size_t places = 3; places <= k_short; ++places) {
    std::array<std::size_t, 8> ends{};  // of the parts that are still to be split, the nearest last
    std::size_t waiting = 0;
    std::size_t begin = 0;
    std::size_t end = places - 1;
    while (true) {
      while (end - begin > 1) {
        const std::size_t middle = begin + (end - begin) / 2;
        all[at++] = {static_cast<std::uint8_t>(begin), static_cast<std::uint8_t>(middle),
                     static_cast<std::uint8_t>(end)};
        ends[waiting++] = end;
        end = middle;
      }
      if (waiting == 0) break;
      begin = end;
      end = ends[--waiting];
    }
  }
  return all;
}();

/// The place in the middle of two, of which there are so many on.
[[gnu::always_inline]] inline std::uint32_t take_middle(bit_reader& in, std::uint32_t low, std::uint32_t high,
                                                        std::size_t middle, std::size_t last) {
  // Whatever is read, there is room on both sides of it.
  const std::uint64_t room = std::uint64_t{high} - low - last + 1;
  return low + static_cast<std::uint32_t>(middle) + in.take(room);
}

/// The places between the first and the last of p, between which there is room for as many, up to `most`: what lies in
/// the stream behind one that is greater is greater too. How many of p are known then.
[[gnu::always_inline]] inline std::size_t take_between(bit_reader in, std::span<std::uint32_t> p, std::uint32_t most) {
  constexpr std::size_t k_most_halvings = 32;
  std::array<std::size_t, k_most_halvings> ends;  // of the parts that are still to be read, the nearest last
  std::size_t waiting = 0;
  std::size_t begin = 0;
  std::size_t end = p.size() - 1;
  while (true) {
    while (end - begin >= k_short) {
      const std::size_t middle = (end - begin) / 2;
      p[begin + middle] = take_middle(in, p[begin], p[end], middle, end - begin);
      ends[waiting++] = end;
      end = begin + middle;
    }
    if (const std::size_t places = end - begin + 1; places > 2) {
      std::uint32_t* const part = p.data() + begin;
      const split* s = k_splits.data() + splits_of_shorter(places);
      for (const split* const behind = s + (places - 2); s != behind; ++s) {
        const std::uint32_t low = part[s->low];
        if (low > most) return begin + s->low + 1;
        const auto middle = static_cast<std::size_t>(s->middle - s->low);
        part[s->middle] = take_middle(in, low, part[s->high], middle, static_cast<std::size_t>(s->high - s->low));
      }
    }
    if (waiting == 0 || p[end] > most) return end + 1;
    begin = end;
    end = ends[--waiting];
  }
}

std::size_t take_plainly(bit_reader in, std::span<std::uint32_t> p, std::uint32_t most) {
  return take_between(in, p, most);
}

#if defined(__x86_64__) && defined(__GNUC__)
// By instructions for bits that processors have since about 2013: a sixth quicker.
[[gnu::target("bmi,bmi2,lzcnt")]] std::size_t take_by_bits(bit_reader in, std::span<std::uint32_t> p,
                                                           std::uint32_t most) {
  return take_between(in, p, most);
}

// Whether this processor has them. Asked of itself, as not every compiler can be asked for the last one.
bool has_bits() noexcept {
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  constexpr unsigned k_bmi = 1U << 3U;
  constexpr unsigned k_bmi2 = 1U << 8U;
  constexpr unsigned k_lzcnt = 1U << 5U;
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0 || (b & k_bmi) == 0 || (b & k_bmi2) == 0) return false;
  return __get_cpuid(0x80000001U, &a, &b, &c, &d) != 0 && (c & k_lzcnt) != 0;
}
const auto k_take = has_bits() ? take_by_bits : take_plainly;
#else
constexpr auto k_take = take_plainly;
#endif

void take(std::string_view from, std::uint32_t most, std::vector<std::uint32_t>& to,
          decltype(&take_plainly) take_rest) {
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
  to.resize(take_rest(in, to, most));
}

}  // namespace

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
  take(from, most, to, k_take);
}

void take_positions_plainly(std::string_view from, std::uint32_t most, std::vector<std::uint32_t>& to) {
  take(from, most, to, take_plainly);
}

}  // namespace rapporteur::index::glass
