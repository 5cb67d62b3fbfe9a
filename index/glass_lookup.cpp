#include "index/glass_lookup.hpp"

#include "index/glass_format.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <xapian.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <utility>

namespace rapporteur::index::glass {
namespace {

bool comes_behind(std::string_view a, std::size_t a_part, std::string_view b, std::size_t b_part) {
  const int order = a.compare(b);
  return order > 0 || (order == 0 && a_part > b_part);
}

/// The first eight bytes at most, so that two such numbers are in the order of what they are made of, or equal.
std::uint64_t in_order(const unsigned char* bytes, std::size_t size) {
  std::uint64_t n = 0;
  for (std::size_t i = 0; i < sizeof n; ++i) n = n << 8U | (i < size ? bytes[i] : 0U);
  return n;
}

}  // namespace

table_lookup::table_lookup(std::filesystem::path file, const table_entry& entry, std::uint32_t revision,
                           unsigned number, block_cache& cache)
    : file_(std::move(file)), entry_(entry), revision_(revision), number_(number), cache_(cache) {
  if (!entry_.has_root) return;
  if (entry_.level >= k_most_levels || entry_.block_bytes < k_directory_begin) damaged("its entry makes no sense");
  descriptor_ = ::open(file_.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0) throw Xapian::DatabaseOpeningError(fmt::format("{} cannot be opened", file_.string()), errno);
}

table_lookup::~table_lookup() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void table_lookup::damaged(std::string_view what) const {
  throw Xapian::DatabaseCorruptError(fmt::format("{}: {}", file_.string(), what));
}

block_pointer table_lookup::read(std::uint32_t number) const {
  if (block_pointer known = cache_.get(number_, number)) return known;
  const std::size_t size = entry_.block_bytes;
  const boost::intrusive_ptr<block> made(new block(size));
  std::size_t got = 0;
  while (got < size) {
    const auto n = ::pread(descriptor_, made->bytes.get() + got, size - got,
                           static_cast<off_t>(std::uint64_t{number} * size + got));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw Xapian::DatabaseError(fmt::format("reading {}", file_.string()), errno);
    if (n == 0) damaged("it ends early");
    got += static_cast<std::size_t>(n);
  }
  if (get4(made->bytes.get()) > revision_)
    throw Xapian::DatabaseModifiedError(fmt::format("{} was changed since it was opened", file_.string()));
  cache_.put(number_, number, made);
  return made;
}

void table_lookup::cursor::enter(std::uint32_t number, std::size_t level) {
  step& s = steps_[level];
  s.held = table_->read(number);
  const unsigned char* b = s.held->bytes.get();
  s.end = get2(b + 9);
  if (b[4] != level || s.end < k_directory_begin || s.end > s.held->size ||
      (s.end - k_directory_begin) % k_directory_entry != 0)
    table_->damaged("a block makes no sense");
  if (s.end == k_directory_begin) table_->damaged("a block is empty");
  s.at = k_directory_begin;
  if (level == 0) shared_ = 0;
}

std::uint32_t table_lookup::cursor::child(const step& s, std::size_t at) const {
  const unsigned char* b = s.held->bytes.get();
  const std::size_t place = get2(b + at);
  if (place + k_branch_header > s.held->size) table_->damaged("an item lies outside of its block");
  return get4(b + place);
}

table_lookup::cursor::item table_lookup::cursor::branch_item(const step& s, std::size_t at) const {
  const unsigned char* b = s.held->bytes.get();
  const std::size_t place = get2(b + at);
  if (place + k_branch_header > s.held->size) table_->damaged("an item lies outside of its block");
  const std::size_t size = b[place + 4];
  if (place + k_branch_header + size + k_component > s.held->size) table_->damaged("an item lies outside of its block");
  item i;
  i.key = text(b + place + k_branch_header, size);
  i.part = get2(b + place + k_branch_header + size);
  return i;
}

table_lookup::cursor::item table_lookup::cursor::leaf_item(const step& s, std::size_t at) const {
  const unsigned char* b = s.held->bytes.get();
  const std::size_t place = get2(b + at);
  if (place + k_leaf_header > s.held->size) table_->damaged("an item lies outside of its block");
  const std::size_t head = get2(b + place);
  item i;
  i.flags = static_cast<unsigned>(head & ~std::size_t{k_item_size});
  const std::size_t end = place + k_leaf_header + (head & k_item_size);
  const std::size_t key = b[place + 2];
  const bool first = (i.flags & k_first_part) != 0;
  const std::size_t tag = place + k_leaf_header + key + (first ? 0 : k_component);
  if (end > s.held->size || tag > end) table_->damaged("an item lies outside of its block");
  i.key = text(b + place + k_leaf_header, key);
  i.part = first ? 1 : get2(b + tag - k_component);
  i.tag = text(b + tag, end - tag);
  return i;
}

// To the last item that does not come behind the key; the first one leads to everything before the second.
void table_lookup::cursor::take_branch(std::string_view key, std::size_t part, step& s) const {
  std::size_t low = 0;
  std::size_t high = (s.end - k_directory_begin) / k_directory_entry;
  while (high - low > 1) {
    const std::size_t middle = low + (high - low) / 2;
    const item i = branch_item(s, k_directory_begin + middle * k_directory_entry);
    if (comes_behind(i.key, i.part, key, part))
      high = middle;
    else
      low = middle;
  }
  s.at = k_directory_begin + low * k_directory_entry;
}

// The same in a leaf; false if all items come behind the key.
bool table_lookup::cursor::take_leaf(std::string_view key, std::size_t part, step& s) const {
  std::size_t low = 0;  // as many items come not behind it
  std::size_t high = (s.end - k_directory_begin) / k_directory_entry;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    const item i = leaf_item(s, k_directory_begin + middle * k_directory_entry);
    if (comes_behind(i.key, i.part, key, part))
      high = middle;
    else
      low = middle + 1;
  }
  if (low == 0) return false;
  s.at = k_directory_begin + (low - 1) * k_directory_entry;
  return true;
}

bool table_lookup::cursor::descend(std::string_view key, std::size_t part) {
  if (table_->descriptor_ < 0) return false;
  std::uint32_t number = table_->entry_.root;
  for (std::size_t level = table_->entry_.level;; --level) {
    enter(number, level);
    if (level == 0) break;
    take_branch(key, part, steps_[level]);
    number = child(steps_[level], steps_[level].at);
  }
  return take_leaf(key, part, steps_[0]) || step_back();
}

// To the last item of the leaf before.
bool table_lookup::cursor::step_back() {
  std::size_t level = 1;
  while (level <= table_->entry_.level && steps_[level].at == k_directory_begin) ++level;
  if (level > table_->entry_.level) return false;
  steps_[level].at -= k_directory_entry;
  for (; level > 0; --level) {
    enter(child(steps_[level], steps_[level].at), level - 1);
    steps_[level - 1].at = steps_[level - 1].end - k_directory_entry;
  }
  return true;
}

// To the next item.
bool table_lookup::cursor::step_on() {
  std::size_t level = 0;
  while (level <= table_->entry_.level && steps_[level].at + k_directory_entry >= steps_[level].end) ++level;
  if (level > table_->entry_.level) return false;
  steps_[level].at += k_directory_entry;
  for (; level > 0; --level) enter(child(steps_[level], steps_[level].at), level - 1);
  return true;
}

// The entry whose first part is here.
bool table_lookup::cursor::read_entry() {
  return read_entry(leaf_item(steps_[0], steps_[0].at));
}

bool table_lookup::cursor::read_entry(item i) {
  if ((i.flags & k_first_part) == 0) table_->damaged("an entry has no beginning");
  compressed_ = (i.flags & k_compressed) != 0;
  if ((i.flags & k_last_part) != 0) {
    key_ = i.key;
    tag_ = i.tag;
    return true;
  }
  key_copy_ = i.key;
  parts_ = i.tag;
  std::size_t part = 1;
  do {
    if (!step_on()) table_->damaged("a part of an entry is missing");
    i = leaf_item(steps_[0], steps_[0].at);
    if (i.key != key_copy_ || i.part != ++part) table_->damaged("a part of an entry is missing");
    parts_ += i.tag;
  } while ((i.flags & k_last_part) == 0);
  key_ = key_copy_;
  tag_ = parts_;
  return true;
}

bool table_lookup::cursor::find(std::string_view key) {
  if (!descend(key, 1)) return false;
  const item i = leaf_item(steps_[0], steps_[0].at);
  return i.key == key && i.part == 1 && read_entry(i);
}

// To the last item that is not behind, as the one at hand is not; false if it is the block's last. First so many items
// on, as is likely, and from there in steps that double.
template <class Behind>
bool table_lookup::cursor::gallop(step& s, std::size_t likely, const Behind& behind) {
  std::size_t low = s.at;
  std::size_t high = s.end;
  std::size_t stride = k_directory_entry;
  if (const std::size_t guess = low + likely * k_directory_entry; guess < high && !behind(guess)) {
    low = guess;
    for (; low + stride < high; stride *= 2) {
      if (behind(low + stride)) {
        high = low + stride;
        break;
      }
      low += stride;
    }
  } else {
    high = std::min(guess, high);
    for (; high - low > stride; stride *= 2) {
      if (!behind(high - stride)) {
        low = high - stride;
        break;
      }
      high -= stride;
    }
  }
  while (high - low > k_directory_entry) {
    const std::size_t middle = low + (high - low) / (2 * k_directory_entry) * k_directory_entry;
    if (behind(middle))
      high = middle;
    else
      low = middle;
  }
  s.at = low;
  return high < s.end;
}

// Whether all keys from here to the leaf's end begin so. Of sorted keys the first and the last tell.
bool table_lookup::cursor::leaf_shares(std::string_view beginning) {
  const step& leaf = steps_[0];
  const std::string_view here = leaf_item(leaf, leaf.at).key;
  if (!here.starts_with(beginning)) return false;
  if (shared_ < beginning.size()) {
    if (!leaf_item(leaf, leaf.end - k_directory_entry).key.starts_with(beginning)) return false;
    shared_ = beginning.size();
  }
  return true;
}

table_lookup::cursor::rest_of_key table_lookup::cursor::leaf_rest(std::size_t at, std::size_t shared) const {
  const block& held = *steps_[0].held;
  const unsigned char* b = held.bytes.get();
  const std::size_t place = get2(b + at);
  if (place + k_leaf_header > held.size) table_->damaged("an item lies outside of its block");
  const std::size_t size = b[place + 2];
  const std::size_t begin = place + k_leaf_header + shared;
  if (size < shared || begin + (size - shared) > held.size) table_->damaged("an item lies outside of its block");
  rest_of_key rest;
  rest.size = size - shared;
  rest.first_part = (get2(b + place) & k_first_part) != 0;
  if (begin + sizeof rest.order > held.size) {
    rest.order = in_order(b + begin, rest.size);
    return rest;
  }
  std::memcpy(&rest.order, b + begin, sizeof rest.order);
  if constexpr (std::endian::native == std::endian::little) rest.order = __builtin_bswap64(rest.order);
  if (rest.size == 0) rest.order = 0;
  if (rest.size < sizeof rest.order && rest.size > 0)
    rest.order &= ~std::uint64_t{0} << (8 * (sizeof rest.order - rest.size));
  return rest;
}

bool table_lookup::cursor::find_behind(std::string_view key, std::size_t likely, std::size_t shared) {
  moved_ = 0;
  const step& leaf = steps_[0];
  if (!leaf.held) return find(key);
  if (shared > 0 && key.size() - shared < sizeof rest_of_key::order && leaf_shares(key.substr(0, shared))) {
    const std::size_t size = key.size() - shared;
    const std::uint64_t order = in_order(reinterpret_cast<const unsigned char*>(key.data()) + shared, size);
    return find_from_here(key, likely, [&](std::size_t at) {
      const rest_of_key rest = leaf_rest(at, shared);
      return rest.order > order || (rest.order == order && (rest.size > size || !rest.first_part));
    });
  }
  return find_from_here(key, likely, [&](std::size_t at) {
    const item i = leaf_item(leaf, at);
    return comes_behind(i.key, i.part, key, 1);
  });
}

template <class Behind>
bool table_lookup::cursor::find_from_here(std::string_view key, std::size_t likely, const Behind& behind) {
  step& leaf = steps_[0];
  const std::size_t before = leaf.at;
  if (behind(leaf.at)) return find(key);
  if (!gallop(leaf, likely, behind)) {
    // It may lie in a later block: up to where one branches off behind the key, or to the root, and down from there.
    const std::size_t root = table_->entry_.level;
    std::size_t level = 0;
    while (level < root) {
      step& s = steps_[++level];
      const auto branches_behind = [&](std::size_t at) {
        const item i = branch_item(s, at);
        return comes_behind(i.key, i.part, key, 1);
      };
      if (gallop(s, 1, branches_behind)) break;
    }
    if (level > 0) {
      while (--level > 0) {
        enter(child(steps_[level + 1], steps_[level + 1].at), level);
        take_branch(key, 1, steps_[level]);
      }
      enter(child(steps_[1], steps_[1].at), 0);
      if (!take_leaf(key, 1, leaf)) return false;
    }
  } else {
    moved_ = (leaf.at - before) / k_directory_entry;
  }
  const item i = leaf_item(leaf, leaf.at);
  return i.key == key && i.part == 1 && read_entry(i);
}

bool table_lookup::cursor::find_last(std::string_view key) {
  if (!descend(key, 0xFFFF)) return false;
  const item i = leaf_item(steps_[0], steps_[0].at);
  if (i.part == 1) return read_entry(i);
  // A later part of a long entry; its key may lie in a block that the search for the first part lets go.
  const std::string whole(i.key);
  if (!find(whole)) table_->damaged("an entry has no beginning");
  return true;
}

bool table_lookup::cursor::next() {
  return step_on() && read_entry();
}

}  // namespace rapporteur::index::glass
