// What a shard's thread writes articles to: the served database, or a new one in the making.
//
// Two kinds of one thing (index/served_database, index/fresh_database), so that index/shard owns queue and thread
// alone. Every call is made on the shard's thread and lets Xapian's exceptions through.
#pragma once

#include "index/article.hpp"
#include "index/impact.hpp"
#include "index/known_file.hpp"
#include "index/record_codec.hpp"
#include "index/writer.hpp"

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rapporteur::index {

/// What all shards of a run share; outlives them.
struct run_context {
  impact_model model;
  std::string dictionary;
  record_dictionaries records;
  std::string main_language;  ///< see key::main_language
  int zstd_level = 6;
  std::uint64_t revision = 1;               ///< that this run makes
  std::atomic<std::uint64_t> next_text{1};  ///< text numbers are unique over all shards
};

using metadata_list = std::vector<std::pair<std::string, std::string>>;

class article_database {
 public:
  article_database() = default;
  virtual ~article_database() = default;  ///< without finish() nothing of the run stays
  article_database(const article_database&) = delete;
  article_database& operator=(const article_database&) = delete;

  /// Sets the article's language if it has none.
  virtual write_outcome add(article& a) = 0;

  /// True if there was one.
  virtual bool remove(const std::string& id) = 0;

  /// See writer::begin_file, end_file and drop_file.
  virtual void begin_file() = 0;
  virtual file_end end_file(const known_file& file, bool prune) = 0;
  virtual file_end drop_file(const std::string& path) = 0;

  /// Ends the run and closes. changed: whether the run changed anything.
  virtual void finish(const metadata_list& metadata, bool changed) = 0;
};

}  // namespace rapporteur::index
