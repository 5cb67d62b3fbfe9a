// What one revision of an index's database holds, read without Xapian: postings, positions, documents, metadata.
//
// For what a search reads most: a list of postings comes as a whole, as plain numbers, and an entry is looked at where
// it lies in memory. Says the same as Xapian does of the same revision; knows nothing of what the terms mean. Belongs
// to one thread. Lets Xapian's exceptions through, of which it throws those of index/glass_lookup.
#pragma once

#include "index/glass_blocks.hpp"
#include "index/glass_lookup.hpp"
#include "index/glass_version.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace rapporteur::index {

class database_view {
 public:
  /// The documents of a list, ascending, and how often each has the term.
  struct postings {
    std::vector<std::uint32_t> documents;
    std::vector<std::uint32_t> frequencies;  ///< empty if they were not asked for
    void clear() noexcept {
      documents.clear();
      frequencies.clear();
    }
  };

  /// A folder with a Glass database, as its version file is now.
  explicit database_view(const std::filesystem::path& database);
  database_view(const database_view&) = delete;
  database_view& operator=(const database_view&) = delete;

  [[nodiscard]] std::uint32_t revision() const noexcept { return version_.revision; }
  [[nodiscard]] std::uint32_t documents() const noexcept { return static_cast<std::uint32_t>(version_.documents); }
  [[nodiscard]] std::uint32_t last_document() const noexcept { return version_.last_document; }

  /// Documents that have the term.
  std::uint32_t frequency(std::string_view term);

  /// Replaces out by the term's list; the empty term is in every document.
  void read(std::string_view term, bool with_frequencies, postings& out);

  /// … by what of it is in documents, which ascend. Where these are few, only the parts of the list are read that may
  /// have them.
  void read_among(std::string_view term, std::span<const std::uint32_t> documents, bool with_frequencies,
                  postings& out);

  /// Where a term stands in documents, which are asked for in ascending order. Must not outlive the view.
  class places {
   public:
    places(database_view& view, std::string_view term);

    /// Replaces out by the term's places in a document, ascending; false if there are none. Those beyond `most` may be
    /// left out.
    bool read(std::uint32_t document, std::vector<std::uint32_t>& out, std::uint32_t most = 0xFFFFFFFFU);

   private:
    glass::table_lookup::cursor at_;
    std::string key_;
    std::size_t of_term_;  ///< bytes of the key
    std::uint32_t last_ = 0;
    double entries_ = 0;  ///< of the term, by documents: about how many to the next one
  };

  /// A document's data. Nothing if it cannot be told here (there is none, or Xapian has compressed it).
  std::optional<std::string_view> data(std::uint32_t document);

  /// A value of the metadata, empty if there is none; valid until the next call of data() or metadata().
  std::string_view metadata(std::string_view key);

  /// Forgets what it has read.
  void forget() noexcept {
    cache_.clear();
    frequencies_.clear();
  }

 private:
  struct list_begin {
    std::uint32_t documents = 0;
    std::uint32_t first = 0;
  };
  using cursor = glass::table_lookup::cursor;
  struct term_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const noexcept { return std::hash<std::string_view>()(s); }
  };

  bool find_list(std::string_view term, cursor& at, list_begin& begin, std::string_view& chunk);

  glass::version version_;
  glass::block_cache cache_;
  glass::table_lookup postings_, documents_, positions_;
  cursor entry_;  // data
  cursor metadata_;
  std::string key_, prefix_;
  postings chunk_;  // one of a list's, of which only some are wanted
  std::unordered_map<std::string, std::uint32_t, term_hash, std::equal_to<>> frequencies_;
};

}  // namespace rapporteur::index
