// A part of a new generation: small databases that one thread writes, one after the other.
//
// Xapian gathers postings in maps, whose cost grows faster than what is in them, and writes them into B-trees, whose
// cost grows with the database. So a segment is written out after every few hundred kilobytes of text and closed after
// some tens of megabytes; index/merge makes one database of all of them, in one pass over sorted data. Nothing is
// synced before that: until its generation is current, a segment is of no use to anybody.
#pragma once

#include "index/article_database.hpp"
#include "index/document.hpp"
#include "index/text_codec.hpp"

#include <boost/unordered/unordered_flat_set.hpp>
#include <xapian.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace rapporteur::index {

/// When a segment is written out and when it is closed, in bytes of text.
struct segment_bounds {
  std::size_t flush_bytes = std::size_t{512} << 10U;
  std::size_t close_bytes = std::size_t{48} << 20U;
};

class fresh_database final : public article_database {
 public:
  /// Segments are stem + "0", "1", … All articles of one id must be given to the same fresh_database.
  fresh_database(std::filesystem::path stem, run_context& run, segment_bounds bounds);
  ~fresh_database() override;

  write_outcome add(article& a) override;
  bool remove(const std::string& id) override;
  void begin_file() override {}
  file_end end_file(const known_file& file, bool prune) override;
  file_end drop_file(const std::string& path) override;
  void finish(const metadata_list& metadata, bool changed) override;

  /// The databases, after finish().
  [[nodiscard]] const std::vector<std::filesystem::path>& segments() const noexcept { return paths_; }

 private:
  struct place {
    std::size_t segment = 0;
    Xapian::docid id = 0;  ///< 0: nowhere
  };
  [[nodiscard]] place find(const std::string& article_id);
  Xapian::Database& database(std::size_t segment);
  void supersede(const place& p);
  void set_metadata(const std::string& key, const std::string& value);
  void open_segment();
  void close_segment();

  std::filesystem::path stem_;
  run_context& run_;
  segment_bounds bounds_;
  document_builder builder_;
  text_codec codec_;
  std::vector<std::filesystem::path> paths_;
  Xapian::WritableDatabase open_;
  bool is_open_ = false;
  std::size_t unflushed_ = 0, in_segment_ = 0;  // bytes of text

  boost::unordered_flat_set<std::uint64_t> ids_;  // hashes: most articles are the first of their id
  std::map<std::size_t, Xapian::Database> closed_;
  std::map<std::size_t, std::vector<Xapian::docid>> superseded_;  // in closed segments; sorted out at the end
};

}  // namespace rapporteur::index
