#include "index/posting_lists.hpp"

#include "index/glass_format.hpp"
#include "index/glass_positions.hpp"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace rapporteur::index {
namespace {

constexpr std::size_t k_block_bits = 20;
constexpr std::size_t k_block = std::size_t{1} << k_block_bits;
constexpr std::size_t k_first_table = std::size_t{1} << 14U;

// Most terms are in one document of a segment: a short first slice.
constexpr std::array<std::uint16_t, 7> k_slices = {16, 32, 64, 128, 256, 512, 1024};
constexpr std::size_t k_link = 4;  // at the end of each slice: where the next one is

std::uint8_t next_rank(std::uint8_t rank) {
  return static_cast<std::uint8_t>(std::min<std::size_t>(rank + 1U, k_slices.size() - 1));
}

}  // namespace

posting_lists::posting_lists() : table_(k_first_table) {}

unsigned char* posting_lists::at(std::uint32_t place) const {
  return &blocks_[place >> k_block_bits][place & (k_block - 1)];
}

std::uint32_t posting_lists::new_slice(std::uint8_t rank) {
  const std::size_t size = k_slices[rank];
  if (blocks_.empty() || in_block_ + size > k_block) {
    blocks_.push_back(std::make_unique_for_overwrite<unsigned char[]>(k_block));  // NOLINT(*-avoid-c-arrays)
    in_block_ = 0;
  }
  const std::size_t place = (blocks_.size() - 1) << k_block_bits | in_block_;
  in_block_ += size;
  return static_cast<std::uint32_t>(place);
}

void posting_lists::grow() {
  std::vector<slot> bigger(table_.size() * 2);
  const std::size_t mask = bigger.size() - 1;
  for (const slot& s : table_) {
    if (s.number == 0) continue;
    std::size_t n = s.hash & mask;
    while (bigger[n].number != 0) n = (n + 1) & mask;
    bigger[n] = s;
  }
  table_ = std::move(bigger);
}

posting_lists::term& posting_lists::find(std::string_view name) {
  const auto hash = static_cast<std::uint32_t>(XXH3_64bits(name.data(), name.size()));
  const std::size_t mask = table_.size() - 1;
  std::size_t n = hash & mask;
  for (; table_[n].number != 0; n = (n + 1) & mask) {
    if (table_[n].hash != hash) continue;
    term& t = terms_[table_[n].number - 1];
    if (name_of(t) == name) return t;
  }
  term t;
  t.name = static_cast<std::uint32_t>(names_.size());
  t.name_size = static_cast<std::uint16_t>(name.size());
  names_ += name;
  t.head = t.tail = new_slice(0);
  t.left = static_cast<std::uint16_t>(k_slices[0] - k_link);
  terms_.push_back(t);
  table_[n] = {hash, static_cast<std::uint32_t>(terms_.size())};
  if (terms_.size() * 2 > table_.size()) grow();
  return terms_.back();
}

void posting_lists::put(term& t, std::string_view bytes) {
  while (!bytes.empty()) {
    if (t.left == 0) {
      t.rank = next_rank(t.rank);
      const std::uint32_t next = new_slice(t.rank);
      std::memcpy(at(t.tail), &next, k_link);
      t.tail = next;
      t.left = static_cast<std::uint16_t>(k_slices[t.rank] - k_link);
    }
    const std::size_t count = std::min<std::size_t>(bytes.size(), t.left);
    std::memcpy(at(t.tail), bytes.data(), count);
    t.tail += static_cast<std::uint32_t>(count);
    t.left = static_cast<std::uint16_t>(t.left - count);
    bytes.remove_prefix(count);
  }
}

void posting_lists::add(std::string_view name, std::uint32_t document, std::uint32_t frequency,
                        std::span<const std::uint32_t> positions) {
  term& t = find(name);
  positions_.clear();
  if (!positions.empty()) glass::put_positions(positions_, positions);
  posting_.clear();
  glass::put_number(posting_, document - t.last_document);
  glass::put_number(posting_, frequency);
  glass::put_string(posting_, positions_);
  put(t, posting_);
  t.last_document = document;
  ++t.documents;
  t.frequency += frequency;
}

posting_lists::reader::reader(const posting_lists& lists, std::uint32_t head)
    : lists_(lists), at_(lists.at(head)), left_(k_slices[0] - k_link) {}

unsigned char posting_lists::reader::byte() {
  if (left_ == 0) {
    std::uint32_t next = 0;
    std::memcpy(&next, at_, k_link);
    at_ = lists_.at(next);
    rank_ = next_rank(rank_);
    left_ = k_slices[rank_] - k_link;
  }
  --left_;
  return *at_++;
}

std::uint32_t posting_lists::reader::number() {
  std::uint32_t n = 0;
  for (unsigned shift = 0;; shift += 7) {
    const unsigned char b = byte();
    n |= static_cast<std::uint32_t>(b & 0x7FU) << shift;
    if (b < 0x80) return n;
  }
}

void posting_lists::reader::bytes(std::size_t count, std::string& to) {
  to.clear();
  for (; count > 0; --count) to += static_cast<char>(byte());
}

std::vector<std::uint32_t> posting_lists::in_order() const {
  // The first bytes beside the number: most comparisons need no more.
  struct key {
    std::uint64_t first = 0;
    std::uint32_t number = 0;
  };
  std::vector<key> keys(terms_.size());
  for (std::uint32_t n = 0; n < terms_.size(); ++n) {
    const std::string_view name = name_of(terms_[n]);
    for (std::size_t b = 0; b < sizeof(std::uint64_t); ++b)
      keys[n].first = keys[n].first << 8U | (b < name.size() ? static_cast<unsigned char>(name[b]) : 0U);
    keys[n].number = n;
  }
  std::sort(keys.begin(), keys.end(), [this](const key& a, const key& b) {
    return a.first != b.first ? a.first < b.first : name_of(terms_[a.number]) < name_of(terms_[b.number]);
  });
  std::vector<std::uint32_t> order(keys.size());
  std::transform(keys.begin(), keys.end(), order.begin(), [](const key& k) { return k.number; });
  return order;
}

std::size_t posting_lists::memory() const noexcept {
  return blocks_.size() * k_block + names_.capacity() + terms_.capacity() * sizeof(term) +
         table_.capacity() * sizeof(slot);
}

void posting_lists::clear() {
  *this = posting_lists();
}

}  // namespace rapporteur::index
