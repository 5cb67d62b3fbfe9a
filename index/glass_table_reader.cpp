#include "index/glass_table_reader.hpp"

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

constexpr std::size_t k_stretch_bytes = std::size_t{64} << 10U;  // read at a time: leaves mostly follow one another
constexpr std::uint32_t k_most_levels = 10;                      // that Xapian makes

}  // namespace

table_reader::table_reader(std::filesystem::path file, const table_entry& entry)
    : file_(std::move(file)), entry_(entry) {
  if (!entry_.has_root) return;
  if (entry_.level >= k_most_levels || entry_.block_bytes < k_directory_begin) damaged("its entry makes no sense");
  descriptor_ = ::open(file_.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0) throw Xapian::DatabaseOpeningError(fmt::format("{} cannot be opened", file_.string()), errno);
  steps_.resize(entry_.level + 1);
}

table_reader::table_reader(table_reader&& other) noexcept
    : file_(std::move(other.file_)),
      entry_(std::move(other.entry_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      begun_(other.begun_),
      steps_(std::move(other.steps_)),
      stretch_(std::move(other.stretch_)),
      stretch_begin_(other.stretch_begin_) {}

table_reader::~table_reader() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void table_reader::damaged(std::string_view what) const {
  throw Xapian::DatabaseCorruptError(fmt::format("{}: {}", file_.string(), what));
}

void table_reader::read(std::uint32_t block, std::vector<unsigned char>& to) {
  const std::size_t size = entry_.block_bytes;
  if (block < stretch_begin_ || std::size_t{block - stretch_begin_ + 1} * size > stretch_.size()) {
    stretch_.resize(std::max(k_stretch_bytes, size));
    stretch_begin_ = block;
    std::size_t got = 0;
    while (got < stretch_.size()) {
      const auto n = ::pread(descriptor_, stretch_.data() + got, stretch_.size() - got,
                             static_cast<off_t>(std::uint64_t{block} * size + got));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) throw Xapian::DatabaseError(fmt::format("reading {}", file_.string()), errno);
      if (n == 0) break;
      got += static_cast<std::size_t>(n);
    }
    stretch_.resize(got);
    if (got < size) damaged("it ends early");
  }
  const auto at = stretch_.begin() + static_cast<std::ptrdiff_t>((block - stretch_begin_) * size);
  to.assign(at, at + static_cast<std::ptrdiff_t>(size));
}

void table_reader::descend(std::uint32_t block, std::size_t level) {
  for (;; --level) {
    step& s = steps_[level];
    read(block, s.bytes);
    s.end = get2(&s.bytes[9]);
    s.next = k_directory_begin;
    if (s.bytes[4] != level || s.end < k_directory_begin || s.end > s.bytes.size()) damaged("a block makes no sense");
    if (level == 0) return;
    if (s.next == s.end) damaged("a branch leads nowhere");
    const std::size_t at = get2(&s.bytes[s.next]);
    if (at + k_branch_header > s.bytes.size()) damaged("an item lies outside of its block");
    block = get4(&s.bytes[at]);
    s.next += k_directory_entry;
  }
}

bool table_reader::next_leaf() {
  for (std::size_t level = 1; level < steps_.size(); ++level) {
    step& s = steps_[level];
    if (s.next >= s.end) continue;
    const std::size_t at = get2(&s.bytes[s.next]);
    if (at + k_branch_header > s.bytes.size()) damaged("an item lies outside of its block");
    s.next += k_directory_entry;
    descend(get4(&s.bytes[at]), level - 1);
    return true;
  }
  return false;
}

bool table_reader::next_item(item& i) {
  while (steps_[0].next >= steps_[0].end) {
    if (!next_leaf()) return false;
  }
  step& leaf = steps_[0];
  const std::vector<unsigned char>& b = leaf.bytes;
  const std::size_t at = get2(&b[leaf.next]);
  leaf.next += k_directory_entry;
  if (at + k_leaf_header > b.size()) damaged("an item lies outside of its block");
  const std::size_t head = get2(&b[at]);
  i.flags = static_cast<unsigned>(head & ~std::size_t{k_item_size});
  const std::size_t end = at + k_leaf_header + (head & k_item_size);
  const std::size_t key = b[at + 2];
  const std::size_t tag = at + k_leaf_header + key + ((i.flags & k_first_part) != 0 ? 0 : k_component);
  if (end > b.size() || tag > end) damaged("an item lies outside of its block");
  i.key = text(&b[at] + k_leaf_header, key);
  i.part = (i.flags & k_first_part) != 0 ? 1 : get2(&b[tag - k_component]);
  i.tag = text(b.data() + tag, end - tag);
  return true;
}

bool table_reader::next() {
  if (descriptor_ < 0) return false;
  item i;
  if (!begun_) {
    begun_ = true;
    descend(entry_.root, entry_.level);
    if (!next_item(i) || !i.key.empty()) damaged("it does not begin with what every search can start from");
  }
  if (!next_item(i)) {
    if (entries_ != entry_.keys) damaged(fmt::format("it has {} entries instead of {}", entries_, entry_.keys));
    return false;
  }
  if ((i.flags & k_first_part) == 0) damaged("an entry has no beginning");
  if (i.key <= std::string_view(key_)) damaged("its keys do not ascend");
  ++entries_;
  compressed_ = (i.flags & k_compressed) != 0;
  key_ = i.key;
  if ((i.flags & k_last_part) != 0) {
    tag_ = i.tag;
    return true;
  }
  parts_ = i.tag;
  std::size_t part = 1;
  do {
    if (!next_item(i) || i.key != key_ || i.part != ++part) damaged("a part of an entry is missing");
    parts_ += i.tag;
  } while ((i.flags & k_last_part) == 0);
  tag_ = parts_;
  return true;
}

}  // namespace rapporteur::index::glass
