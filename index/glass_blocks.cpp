#include "index/glass_blocks.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace rapporteur::index::glass {
namespace {

std::uint64_t name_of(unsigned table, std::uint32_t number) {
  return std::uint64_t{table} << 32U | number;
}

}  // namespace

block_cache::block_cache(std::size_t blocks) : slots_(std::bit_floor(std::max(blocks, k_ways))) {}

block_cache::slot* block_cache::set_of(std::uint64_t name) noexcept {
  // Fibonacci hashing: neighbouring numbers fall into sets far apart.
  const std::uint64_t spread = (name + 1) * 0x9E3779B97F4A7C15U;
  const std::size_t sets = slots_.size() / k_ways;
  return &slots_[(spread >> 32U) % sets * k_ways];
}

block_pointer block_cache::get(unsigned table, std::uint32_t number) noexcept {
  const std::uint64_t name = name_of(table, number);
  slot* const set = set_of(name);
  for (std::size_t w = 0; w < k_ways; ++w) {
    if (set[w].held && set[w].name == name) {
      set[w].used = ++clock_;
      return set[w].held;
    }
  }
  return {};
}

void block_cache::put(unsigned table, std::uint32_t number, block_pointer b) noexcept {
  const std::uint64_t name = name_of(table, number);
  slot* const set = set_of(name);
  slot* const oldest =
      std::min_element(set, set + k_ways, [](const slot& x, const slot& y) { return x.used < y.used; });
  *oldest = {name, ++clock_, std::move(b)};
}

void block_cache::clear() noexcept {
  for (slot& s : slots_) s = {};
}

}  // namespace rapporteur::index::glass
