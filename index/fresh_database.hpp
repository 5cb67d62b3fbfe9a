// A part of a new generation: small databases that one thread writes, one after the other.
//
// A segment is made in one go by index/segment_writer and closed when its lists have filled the memory that they may
// take; index/merge makes one database of all of them, in one pass over sorted data. Nothing is synced before that:
// until its generation is current, a segment is of no use to anybody.
#pragma once

#include "index/article_database.hpp"
#include "index/document.hpp"
#include "index/segment_writer.hpp"
#include "index/text_codec.hpp"

#include <boost/unordered/unordered_flat_set.hpp>
#include <xapian.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace rapporteur::index {

class fresh_database final : public article_database {
 public:
  /// Segments are stem + "0", "1", … All articles of one id must be given to the same fresh_database. memory: bytes
  /// that the lists of a segment may take up.
  fresh_database(std::filesystem::path stem, run_context& run, std::size_t memory);
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
  /// What a later article of the same id needs to know of one that is in.
  struct written {
    std::size_t segment = 0;
    Xapian::docid id = 0;            ///< 0: there is none
    std::string content;             ///< hash
    std::vector<std::string> files;  ///< terms of the files that have it
  };
  [[nodiscard]] written find(const std::string& article_id);
  [[nodiscard]] std::filesystem::path next_path() const;
  Xapian::Database& database(std::size_t segment);
  void close_segment();
  void write_metadata(const metadata_list& metadata);

  std::filesystem::path stem_;
  run_context& run_;
  std::size_t memory_;
  document_builder builder_;
  text_codec codec_;
  record_codec records_;
  std::vector<std::filesystem::path> paths_;
  std::unique_ptr<segment_writer> open_;
  std::size_t open_number_ = 0;  // in paths_
  draft_document draft_;
  std::unordered_map<std::string, written> in_open_;  // by article id
  metadata_list file_metadata_;

  boost::unordered_flat_set<std::uint64_t> ids_;  // hashes: most articles are the first of their id
  std::map<std::size_t, Xapian::Database> closed_;
  std::map<std::size_t, std::set<Xapian::docid>> superseded_;  // to be removed at the end
};

}  // namespace rapporteur::index
