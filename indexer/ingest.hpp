// Reading files into an index, one after the other, with an account of every record: what add, rebuild and watch share.
//
// Owns when a file is passed over, what is remembered of it, and what happens to articles that a file no longer has.
// Knows neither formats nor the command line, nor when a run ends.
#pragma once

#include "index/known_file.hpp"
#include "index/writer.hpp"
#include "indexer/fields.hpp"
#include "indexer/findings.hpp"
#include "indexer/report.hpp"
#include "indexer/source.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace rapporteur::indexer {

/// Where articles go: an index, or only the account (--dry-run).
class article_sink {
 public:
  article_sink() = default;
  virtual ~article_sink() = default;
  article_sink(const article_sink&) = delete;
  article_sink& operator=(const article_sink&) = delete;

  /// See index::writer for all of these.
  virtual result<void> add(article a) = 0;
  virtual result<bool> remove(std::string_view id) = 0;
  virtual result<std::optional<index::known_file>> find_file(std::string_view path) = 0;
  virtual result<void> for_each_file(const std::function<void(const index::known_file&)>& f) = 0;
  virtual result<void> begin_file() = 0;
  virtual result<void> end_file(index::known_file file, bool prune) = 0;
  virtual result<void> drop_file(const std::string& path) = 0;
  virtual result<void> drain() = 0;
  virtual void on_outcome(std::function<void(const index::written_article&)> f) = 0;
  virtual void on_file_end(std::function<void(const index::file_end&)> f) = 0;
};

/// A writer as a sink; the writer must outlive it.
std::unique_ptr<article_sink> writing_to(index::writer& w);

/// Compares with the index in that folder, and changes nothing. An index that is not there yet has no articles.
result<std::unique_ptr<article_sink>> comparing_with(const std::filesystem::path& index);

struct ingest_rules {
  read_limits limits;
  record_rules records;
  std::uint64_t reading = 0;  ///< fingerprint of the two and of the readers
  bool prune = false;         ///< articles that a changed file no longer has are removed
  bool read_all = false;      ///< also files that did not change
};

/// Refusals that concern one article; any other means that the index cannot be written.
bool concerns_article(errc code) noexcept;

/// The fingerprint of what decides how a file is read.
std::uint64_t reading_of(const read_limits& limits, const record_rules& rules);

class ingest {
 public:
  /// All of these must outlive it.
  ingest(article_sink& to, const ingest_rules& rules, run_account& account, finding_list& findings);
  ~ingest();
  ingest(const ingest&) = delete;
  ingest& operator=(const ingest&) = delete;

  /// Called with the bytes that have been dealt with since the last call; false: stop.
  void on_bytes(std::function<bool(std::uint64_t)> f) { on_bytes_ = std::move(f); }

  /// Reads a file, or passes it over if it is as it was. Errors are the index's. whole: false if somebody seems to be
  /// writing it still, so that what is not in it may be about to come and is not removed.
  result<void> read(const source_file& file, bool whole = true);

  /// The file is not there any more: its articles go, unless other files have them.
  result<void> drop(const std::string& path);

  /// Waits for the index and reads again those files whose articles were hidden behind those of a file that is gone.
  result<void> settle();

  /// Articles handed to the sink.
  [[nodiscard]] std::uint64_t accepted() const noexcept { return accepted_; }

 private:
  result<void> read_now(const source_file& file, bool whole);

  article_sink& to_;
  const ingest_rules& rules_;
  run_account& account_;
  finding_list& findings_;
  std::function<bool(std::uint64_t)> on_bytes_;
  std::uint64_t accepted_ = 0;
  bool stopped_ = false;
  std::set<std::string> again_;
};

}  // namespace rapporteur::indexer
