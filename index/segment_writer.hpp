// A segment: a Glass database that is made in one go, from documents that come one after the other.
//
// Through Xapian's WritableDatabase every posting passes several maps of strings, is written into B-trees and read back
// at the next flush: two thirds of the time that indexing took (docs/performance.md). Here a segment's postings are
// gathered in index/posting_lists and its tables are written once, in order; index/segment_merge makes the finished
// index of segments. Xapian reads, checks and changes both as if it had written them.
//
// Owns the folder's files until finish(). Memory: that of the postings; everything else is written as it comes.
#pragma once

#include "index/draft_document.hpp"
#include "index/glass_table.hpp"
#include "index/posting_lists.hpp"

#include <xapian.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct libdeflate_compressor;

namespace rapporteur::index {

class segment_writer {
 public:
  /// Makes the folder. Throws Xapian::DatabaseError with the system's errno, as all that follows.
  explicit segment_writer(std::filesystem::path folder);
  ~segment_writer();
  segment_writer(const segment_writer&) = delete;
  segment_writer& operator=(const segment_writer&) = delete;

  /// The number that the document has here: 1, 2, … Throws Xapian::InvalidArgumentError for a term above 245 bytes;
  /// the segment is of no more use then.
  Xapian::docid add(draft_document& doc);

  /// A metadata entry; keys ascend, an empty value is none.
  void set_metadata(std::string_view key, std::string_view value);

  /// Bytes held in memory.
  [[nodiscard]] std::size_t memory() const noexcept { return lists_.memory() + values_bytes_; }

  /// Writes what is left. At least one document was added.
  void finish();

 private:
  /// A list that is kept in pieces of about 2,000 bytes, each under the number of its first document.
  struct value_chunks {
    std::string open;  // the one being filled
    std::uint32_t first = 0, last = 0;
    std::vector<std::pair<std::uint32_t, std::string>> closed;
  };
  struct slot_values {
    value_chunks stream;
    std::uint32_t count = 0;
    std::string least, greatest;
  };
  struct compressor_deleter {
    void operator()(libdeflate_compressor* c) const;
  };

  void add_compressed(glass::table_writer& to, std::string_view key, std::string_view tag);
  void add_value(Xapian::docid id, Xapian::valueno slot, const std::string& value);
  void write_values();
  void write_lengths();
  void write_postings();

  std::filesystem::path folder_;
  glass::table_writer postings_, documents_, terms_, positions_;
  posting_lists lists_;
  std::map<Xapian::valueno, slot_values> values_;
  std::size_t values_bytes_ = 0;
  std::vector<std::uint32_t> lengths_;
  std::unique_ptr<libdeflate_compressor, compressor_deleter> compressor_;
  std::uint64_t total_length_ = 0;
  std::uint32_t least_length_ = 0, greatest_length_ = 0, greatest_frequency_ = 0;
  std::string key_, tag_, compressed_;  // scratch
};

}  // namespace rapporteur::index
