// A walk over one table of a finished Glass database, whoever wrote it: its entries in the order of their keys.
//
// Owns the open file and a stretch of it in memory. Throws Xapian::DatabaseError with the system's errno where the file
// cannot be read, Xapian::DatabaseCorruptError where it is no such table.
#pragma once

#include "index/glass_version.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::index::glass {

class table_reader {
 public:
  table_reader(std::filesystem::path file, const table_entry& entry);
  ~table_reader();
  table_reader(table_reader&& other) noexcept;
  table_reader& operator=(table_reader&&) = delete;
  table_reader(const table_reader&) = delete;
  table_reader& operator=(const table_reader&) = delete;

  /// To the first entry, then to the next; false behind the last. What would be left out unseen is damage: keys that do
  /// not ascend, parts of a tag that do not follow one another, another number of entries than the table is said to
  /// have.
  bool next();

  /// Of the entry; valid until next().
  [[nodiscard]] std::string_view key() const noexcept { return key_; }
  [[nodiscard]] std::string_view tag() const noexcept { return tag_; }
  [[nodiscard]] bool compressed() const noexcept { return compressed_; }  ///< the tag: as a raw deflate stream

 private:
  /// A block on the way from the root to the leaf.
  struct step {
    std::vector<unsigned char> bytes;
    std::size_t next = 0, end = 0;  ///< in its directory
  };
  struct item {
    std::string_view key, tag;
    unsigned flags = 0;
    std::size_t part = 1;  ///< of the tag
  };

  void descend(std::uint32_t block, std::size_t level);
  bool next_leaf();
  bool next_item(item& i);
  void read(std::uint32_t block, std::vector<unsigned char>& to);
  [[noreturn]] void damaged(std::string_view what) const;

  std::filesystem::path file_;
  table_entry entry_;
  int descriptor_ = -1;
  bool begun_ = false;
  std::vector<step> steps_;  // [0]: the leaf
  std::vector<unsigned char> stretch_;
  std::uint32_t stretch_begin_ = 0;  // block
  std::uint64_t entries_ = 0;        // so far
  std::string key_, parts_;
  std::string_view tag_;
  bool compressed_ = false;
};

}  // namespace rapporteur::index::glass
