#include "index/glass_table.hpp"

#include "index/glass_format.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <xapian.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace rapporteur::index::glass {
namespace {

constexpr std::size_t k_items_at_least = 4;  // that have to fit into a block

/// Bytes left in a block, less those that another item costs, from which on a tag is divided to fill them: below, the
/// longer keys in branches cost more than they save.
constexpr std::size_t k_least_part = 24;

constexpr std::size_t k_most_components = 0xFFFF;
constexpr std::size_t k_buffer = std::size_t{256} << 10U;

void put2(unsigned char* to, std::size_t n) {
  to[0] = static_cast<unsigned char>(n >> 8U);
  to[1] = static_cast<unsigned char>(n);
}
void put4(unsigned char* to, std::uint32_t n) {
  put2(to, n >> 16U);
  put2(to + 2, n & 0xFFFFU);
}

}  // namespace

table_writer::table_writer(std::filesystem::path file, std::size_t block_bytes, bool dense)
    : file_(std::move(file)),
      block_bytes_(block_bytes),
      longest_item_((block_bytes - k_directory_begin - k_items_at_least * k_directory_entry) / k_items_at_least),
      dense_(dense) {
  constexpr unsigned k_mode = 0666;
  descriptor_ = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, k_mode);
  if (descriptor_ < 0) throw Xapian::DatabaseCreateError(fmt::format("{} cannot be made", file_.string()), errno);
  open_block(0, {}, 0);
  add_leaf_item({}, 1, {}, k_first_part | k_last_part);  // what every search can start from
}

table_writer::~table_writer() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void table_writer::open_block(std::size_t level, std::string_view separator, std::uint32_t component) {
  if (levels_.size() == level) levels_.emplace_back();
  block& b = levels_[level];
  b.bytes.resize(block_bytes_);
  b.directory_end = k_directory_begin;
  b.items_begin = block_bytes_;
  b.separator = separator;
  b.component = component;
}

std::size_t table_writer::room(const block& b) {
  const std::size_t free = b.items_begin - b.directory_end;
  return free < k_directory_entry ? 0 : free - k_directory_entry;
}

unsigned char* table_writer::add_item(block& b, std::size_t item_bytes) {
  b.items_begin -= item_bytes;
  put2(&b.bytes[b.directory_end], b.items_begin);
  b.directory_end += k_directory_entry;
  return &b.bytes[b.items_begin];
}

void table_writer::flush() {
  std::string_view left = unwritten_;
  while (!left.empty()) {
    const auto n = ::write(descriptor_, left.data(), left.size());
    if (n < 0) {
      if (errno == EINTR) continue;
      throw Xapian::DatabaseError(fmt::format("writing {}", file_.filename().string()), errno);
    }
    left.remove_prefix(static_cast<std::size_t>(n));
  }
  unwritten_.clear();
}

std::uint32_t table_writer::write(block& b, std::size_t level) {
  unsigned char* p = b.bytes.data();
  const std::size_t free = b.items_begin - b.directory_end;
  put4(p, k_revision);
  p[4] = static_cast<unsigned char>(level);
  put2(p + 5, free);
  put2(p + 7, free);
  put2(p + 9, b.directory_end);
  std::fill_n(p + b.directory_end, free, 0);
  unwritten_.append(reinterpret_cast<const char*>(p), block_bytes_);
  if (unwritten_.size() >= k_buffer) flush();
  return blocks_++;
}

void table_writer::close_block(std::size_t level) {
  const std::uint32_t number = write(levels_[level], level);
  const std::string separator = std::move(levels_[level].separator);
  add_branch_item(level + 1, separator, levels_[level].component, number);
}

void table_writer::add_branch_item(std::size_t level, std::string_view separator, std::uint32_t component,
                                   std::uint32_t to) {
  const std::size_t bytes = k_branch_header + separator.size() + k_component;
  if (levels_.size() == level) {
    open_block(level, separator, component);
  } else if (room(levels_[level]) < bytes) {
    close_block(level);
    open_block(level, separator, component);
  }
  block& b = levels_[level];
  // Everything that comes here is behind the first item's key: it need not be kept.
  const bool first = b.directory_end == k_directory_begin;
  const std::string_view key = first ? std::string_view() : separator;
  unsigned char* p = add_item(b, k_branch_header + key.size() + k_component);
  put4(p, to);
  p[4] = static_cast<unsigned char>(key.size());
  std::copy(key.begin(), key.end(), p + k_branch_header);
  put2(p + k_branch_header + key.size(), first ? 0 : component);
}

void table_writer::add_leaf_item(std::string_view key, std::uint32_t component, std::string_view tag, unsigned flags) {
  const bool numbered = (flags & k_first_part) == 0;
  const std::size_t bytes = k_leaf_header + key.size() + (numbered ? k_component : 0) + tag.size();
  if (room(levels_[0]) < bytes) {
    close_block(0);
    // As much of the key as tells it from the one before.
    const auto differ = std::mismatch(key.begin(), key.end(), last_key_.begin(), last_key_.end()).first;
    const auto same = static_cast<std::size_t>(differ - key.begin());
    open_block(0, key.substr(0, std::min(same + 1, key.size())), component);
  }
  unsigned char* p = add_item(levels_[0], bytes);
  put2(p, (bytes - k_leaf_header) | flags);
  p[2] = static_cast<unsigned char>(key.size());
  p += k_leaf_header;
  p = std::copy(key.begin(), key.end(), p);
  if (numbered) {
    put2(p, component);
    p += k_component;
  }
  std::copy(tag.begin(), tag.end(), p);
  last_key_ = key;
}

void table_writer::add(std::string_view key, std::string_view tag, bool compressed) {
  constexpr std::size_t k_longest_key = 255;
  if (key.empty() || key.size() > k_longest_key) {
    throw Xapian::InvalidArgumentError(
        fmt::format("Key too long: length was {} bytes, maximum length of a key is 255 bytes", key.size()));
  }
  ++keys_;
  const unsigned kind = compressed ? k_compressed : 0;
  for (std::uint32_t component = 1;; ++component) {
    if (component > k_most_components) throw Xapian::UnimplementedError("Can't handle insanely large tags");
    const std::size_t header = k_leaf_header + key.size() + (component > 1 ? k_component : 0);
    std::size_t most = longest_item_ - header;
    if (dense_) {
      const std::size_t left = room(levels_[0]);
      if (left < header + tag.size() && left >= header + key.size() + k_least_part)
        most = std::min(most, left - header);
    }
    const std::string_view part = tag.substr(0, most);
    tag.remove_prefix(part.size());
    add_leaf_item(key, component, part, kind | (component == 1 ? k_first_part : 0) | (tag.empty() ? k_last_part : 0));
    if (tag.empty()) return;
  }
}

table_entry table_writer::finish(std::uint32_t least_compressed) {
  std::size_t level = 0;
  // Closing a block may make another level.
  for (; level + 1 < levels_.size(); ++level) close_block(level);
  const std::uint32_t root = write(levels_[level], level);
  flush();
  if (::close(std::exchange(descriptor_, -1)) != 0)
    throw Xapian::DatabaseError(fmt::format("writing {}", file_.filename().string()), errno);
  table_entry t;
  t.root = root;
  t.level = static_cast<std::uint32_t>(level);
  t.has_root = true;
  t.keys = keys_;
  t.block_bytes = static_cast<std::uint32_t>(block_bytes_);
  t.least_compressed = least_compressed;
  // No block was ever freed: the list of free ones is where it begins, and so is its end.
  put_number(t.free_blocks, k_revision);
  put_number(t.free_blocks, blocks_);
  t.free_blocks.append(4, '\0');
  return t;
}

}  // namespace rapporteur::index::glass
