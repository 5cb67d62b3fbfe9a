// One table of a Glass database, written once from keys in ascending order: a B-tree from its leaves up.
//
// Xapian's own way into a table looks each key up and makes room for it. What is sorted already can be laid down block
// by block. Owns the file. Throws Xapian::DatabaseError with the system's errno when it cannot be written.
#pragma once

#include "index/glass_version.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::index::glass {

class table_writer {
 public:
  /// Makes the file. block_bytes: a power of two, 2,048 … 32,768. dense: a tag that does not fit into what is left of a
  /// block is divided, so that blocks are full; costs those who read it another look into the next block.
  explicit table_writer(std::filesystem::path file, std::size_t block_bytes = k_usual_block_bytes, bool dense = false);
  ~table_writer();
  table_writer(const table_writer&) = delete;
  table_writer& operator=(const table_writer&) = delete;

  /// key: 1 … 255 bytes, greater than all before. compressed: the tag is a raw deflate stream (RFC 1951).
  void add(std::string_view key, std::string_view tag, bool compressed = false);

  /// Writes what is left, closes, and returns the table's entry for the database's version file.
  /// least_compressed: tags longer than this may be compressed when somebody writes to the table later; 0: none.
  table_entry finish(std::uint32_t least_compressed);

 private:
  /// A block that is being filled, on its level of the tree, and the key that leads to it from above.
  struct block {
    std::vector<unsigned char> bytes;
    std::size_t directory_end = 0, items_begin = 0;
    std::string separator;
    std::uint32_t component = 0;
  };

  void open_block(std::size_t level, std::string_view separator, std::uint32_t component);
  std::uint32_t write(block& b, std::size_t level);
  [[nodiscard]] static std::size_t room(const block& b);  ///< bytes of the largest item that it takes
  static unsigned char* add_item(block& b, std::size_t item_bytes);
  void add_leaf_item(std::string_view key, std::uint32_t component, std::string_view tag, unsigned flags);
  void add_branch_item(std::size_t level, std::string_view separator, std::uint32_t component, std::uint32_t to);
  void close_block(std::size_t level);
  void flush();

  std::filesystem::path file_;
  std::size_t block_bytes_, longest_item_;
  bool dense_;
  int descriptor_ = -1;
  std::vector<block> levels_;  // [0]: the leaf
  std::string last_key_;
  std::uint32_t blocks_ = 0;
  std::uint64_t keys_ = 0;
  std::string unwritten_;
};

}  // namespace rapporteur::index::glass
