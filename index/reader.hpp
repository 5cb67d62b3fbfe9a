// Reads an index: opens its current generation, follows its changes, fetches records and texts.
//
// One reader belongs to one thread (Xapian::Database is not to be shared between threads).
#pragma once

#include "index/article.hpp"
#include "index/database_view.hpp"
#include "index/known_file.hpp"
#include "index/record.hpp"
#include "index/text_blocks.hpp"

#include <xapian.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rapporteur::index {

/// What an index says of itself.
struct index_info {
  std::uint64_t articles = 0;
  std::uint64_t revision = 0;  ///< grows with each run that changed the index
  std::string as_of;           ///< UTC time of the last run, RFC 3339
  std::string generation;      ///< name of the folder that is current
  std::string problem;         ///< why that is not what INDEX/current says; empty: it is
};

class reader {
 public:
  /// Opens the current generation. errc::index_missing, index_mismatch, index_damaged, io.
  static result<reader> open(const std::filesystem::path& folder);

  reader(reader&&) noexcept;
  reader& operator=(reader&&) noexcept;
  ~reader();

  /// Looks for a newer commit or generation and moves to it. True if something changed. On failure the reader goes
  /// on serving what it has, unless it lost that on the way: then every call throws until refresh() succeeds.
  result<bool> refresh();

  /// Whether nothing was committed to what is open since it was opened or refreshed. If that is still so behind a row
  /// of reads, they all saw one state. If not, Xapian may have read a block while it was written anew: it tells most of
  /// these by their revision (Xapian::DatabaseModifiedError), but a read that overtakes the write brings the beginning
  /// of the old block and the end of another one. Costs one stat(2).
  [[nodiscard]] bool is_untouched() const;

  /// False after a refresh() that failed and left nothing to serve.
  [[nodiscard]] bool is_usable() const noexcept;

  [[nodiscard]] const index_info& info() const noexcept;

  /// The database to match against; valid until refresh().
  [[nodiscard]] Xapian::Database& database() noexcept;

  /// The same state of it for reading without Xapian; valid until refresh(). Throws as the database would if there is
  /// nothing to serve.
  [[nodiscard]] database_view& view();

  /// By document the value of slot::newest as a number; 0: undated, or no document. Read at the first call for a state.
  [[nodiscard]] const std::vector<std::uint32_t>& dates();

  /// Languages that the archive's articles have, most frequent first.
  [[nodiscard]] const std::vector<std::string>& languages() const noexcept;

  /// Whose stemmer an article's words went through; see index/stemming.
  [[nodiscard]] std::string_view stem_language(const article& a) const noexcept;

  /// 0 if there is no such article.
  Xapian::docid find(std::string_view article_id);

  /// What the writer would store as an article's content hash, having settled its language; and what it has stored of
  /// the article of that id, empty if there is none.
  std::string content_hash_of(article& a) const;
  result<std::string> content_of(std::string_view article_id);

  /// See writer::find_file and for_each_file.
  result<std::optional<known_file>> find_file(std::string_view path);
  result<void> for_each_file(const std::function<void(const known_file&)>& f);

  /// Articles that were read from that file, by id, each with the number of files that have it.
  result<std::vector<std::pair<std::string, std::size_t>>> articles_of(std::string_view path);

  /// These let Xapian::DatabaseModifiedError through: the caller reruns the whole search.
  result<record> get_record(Xapian::docid id);
  result<std::string> get_text(const record& r);

  /// The text, for reading parts of it: what is not asked for is not fetched. Valid until refresh(), as long as the
  /// reader; its need() lets Xapian::DatabaseModifiedError through.
  result<block_text> open_text(const record& r);

 private:
  struct impl;
  explicit reader(std::unique_ptr<impl> p);
  std::unique_ptr<impl> impl_;
};

struct check_report {
  index_info info;
  std::vector<std::string> problems;  ///< empty: the index is sound
};

/// Verifies the current generation: Xapian's own check, every record and text readable, ids unique, counts equal.
result<check_report> check_index(const std::filesystem::path& folder);

/// Counts for `stats`: by language, by outlet, undated.
struct index_stats {
  index_info info;
  std::vector<std::pair<std::string, std::uint64_t>> languages, sources, collections, years;  ///< most frequent first
  std::uint64_t undated = 0;
};
result<index_stats> collect_stats(const std::filesystem::path& folder);

}  // namespace rapporteur::index
