// Looking up keys in one table of a Glass database at one revision, beside Xapian and as it does it.
//
// Xapian copies each block that it looks into, and reads those of the path from the root for every list of positions
// anew; here they are looked at where they lie in the cache. A writer may be at work: what it writes is never a part of
// the revision that is open, until a later commit reuses blocks of it. Throws Xapian::DatabaseModifiedError for a block
// that was written since, DatabaseCorruptError for what is no such table, DatabaseError with the system's errno.
#pragma once

#include "index/glass_blocks.hpp"
#include "index/glass_version.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace rapporteur::index::glass {

class table_lookup {
 public:
  static constexpr std::size_t k_most_levels = 10;  ///< that Xapian makes

  /// number: of the table in the cache, which must outlive it. Opens the file unless the table is empty.
  table_lookup(std::filesystem::path file, const table_entry& entry, std::uint32_t revision, unsigned number,
               block_cache& cache);
  ~table_lookup();
  table_lookup(const table_lookup&) = delete;
  table_lookup& operator=(const table_lookup&) = delete;

  /// A place in the table. Must not outlive it.
  class cursor {
   public:
    explicit cursor(const table_lookup& t) noexcept : table_(&t) {}

    /// To the entry of that key; false if there is none, and then there is no entry here.
    bool find(std::string_view key);
    /// find() for a key behind that of the last one: it is mostly in the same block. likely: how many items on, at
    /// least 1; a guess. shared: so many bytes of the key most entries here begin with, and then differ soon: quicker.
    bool find_behind(std::string_view key, std::size_t likely = 1, std::size_t shared = 0);
    /// How many items on it was; 0 if it was in another block.
    [[nodiscard]] std::size_t moved() const noexcept { return moved_; }
    /// To the last entry whose key is not greater; false in an empty table. The first entry has the empty key.
    bool find_last(std::string_view key);
    /// To the next entry; false behind the last.
    bool next();

    /// Valid until the cursor moves.
    [[nodiscard]] std::string_view key() const noexcept { return key_; }
    [[nodiscard]] std::string_view tag() const noexcept { return tag_; }
    /// The tag: as a raw deflate stream.
    [[nodiscard]] bool compressed() const noexcept { return compressed_; }

   private:
    struct step {
      block_pointer held;
      std::size_t at = 0;   ///< of the item in the directory, in bytes from the block's beginning
      std::size_t end = 0;  ///< of the directory
    };
    struct item {
      std::string_view key, tag;
      unsigned flags = 0;
      std::size_t part = 1;
    };

    /// What follows in a key: its first bytes as a number of their order, and how many there are of all.
    struct rest_of_key {
      std::uint64_t order = 0;
      std::size_t size = 0;
      bool first_part = true;
    };

    bool descend(std::string_view key, std::size_t part);
    template <class Behind>
    static bool gallop(step& s, std::size_t likely, const Behind& behind);
    template <class Behind>
    bool find_from_here(std::string_view key, std::size_t likely, const Behind& behind);
    [[nodiscard]] bool leaf_shares(std::string_view beginning);
    [[nodiscard]] rest_of_key leaf_rest(std::size_t at, std::size_t shared) const;
    void enter(std::uint32_t number, std::size_t level);
    void take_branch(std::string_view key, std::size_t part, step& s) const;
    bool take_leaf(std::string_view key, std::size_t part, step& s) const;
    bool step_back();
    bool step_on();
    [[nodiscard]] item branch_item(const step& s, std::size_t at) const;
    [[nodiscard]] std::uint32_t child(const step& s, std::size_t at) const;
    [[nodiscard]] item leaf_item(const step& s, std::size_t at) const;
    bool read_entry();
    bool read_entry(item i);

    const table_lookup* table_;
    std::array<step, k_most_levels> steps_;  // [0]: the leaf
    std::string_view key_, tag_;
    std::string parts_, key_copy_;
    bool compressed_ = false;
    std::size_t moved_ = 0;
    std::size_t shared_ = 0;  // so many bytes all keys of the leaf begin with from where this was told on; 0: not told
  };

 private:
  [[nodiscard]] block_pointer read(std::uint32_t number) const;
  [[noreturn]] void damaged(std::string_view what) const;

  std::filesystem::path file_;
  table_entry entry_;
  std::uint32_t revision_;
  unsigned number_;
  block_cache& cache_;
  int descriptor_ = -1;
};

}  // namespace rapporteur::index::glass
