// Writes articles into an index. The only code that changes one.
//
// Owns a run: its lock, the shards that write, what is derived from whole runs (impact model, text dictionary), and the
// moment when everything becomes visible. Knows no file format and no command line: it is handed articles, the files
// that they are from, and settings.
#pragma once

#include "index/article.hpp"
#include "index/known_file.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::index {

struct writer_settings {
  unsigned threads = 0;                          ///< analysis threads; 0: one per processor
  std::size_t memory = std::size_t{128} << 20U;  ///< bytes, of the lists of a new generation, over all threads
  int zstd_level = 6;                            ///< 1 … 19, for texts
  std::size_t dictionary_bytes = 262144;         ///< size of the trained text dictionary; 0: none
  std::size_t sample_articles = 2000;  ///< articles of the first run that the dictionary and the mean length come from
};

/// What became of one article.
enum class write_outcome {
  added,
  replaced,
  unchanged,
  claimed,  ///< unchanged, but it is in one more file than before
};

struct written_article {
  std::string id;
  write_outcome what = write_outcome::added;
  std::string language;  ///< declared or detected; may be empty
};

/// What became of articles when a file was read to its end, or is gone.
struct file_end {
  std::vector<std::string> removed;     ///< ids of articles that no file has any more
  std::vector<std::string> read_again;  ///< other files that have an article whose content came from this one
};

/// What a run did to the index.
struct commit_outcome {
  bool changed = false;        ///< any article
  std::uint64_t revision = 0;  ///< in which all of the run is searchable
};

/// One run of changes, visible to readers all together when commit() returns, or not at all.
class writer {
 public:
  enum class mode {
    update,   ///< change the current generation; makes the first one if there is none
    rebuild,  ///< build a new generation beside the current one, which stays served until commit()
  };

  /// Opens the index folder for writing and takes its lock. errc::index_locked if another writer has it,
  /// index_mismatch, index_damaged, io, disk_full.
  static result<writer> open(const std::filesystem::path& folder, mode m, const writer_settings& settings);

  writer(writer&&) noexcept;
  writer& operator=(writer&&) noexcept;
  ~writer();  ///< without commit(): everything since open() is discarded

  /// Takes an article: adds it, replaces the one of the same id, or skips it when nothing of it changed. The outcome is
  /// reported by on_outcome, later and in order, because analysis runs in other threads. Blocks when the queue is full.
  /// errc::invalid_argument for an id that is empty or too long, errc::encoding for a text that is not UTF-8.
  result<void> add(article a);

  /// Called once per accepted article, on the thread that calls one of these functions.
  void on_outcome(std::function<void(const written_article&)> f);

  /// True if there was an article of that id. Waits for all that was handed in before.
  result<bool> remove(std::string_view id);

  /// What the index knew of a file when the run began; nothing in a rebuild. Path as in article_origin.
  result<std::optional<known_file>> find_file(std::string_view path);

  /// All files that the index knew of when the run began.
  result<void> for_each_file(const std::function<void(const known_file&)>& f);

  /// Between the two, articles of one file are added (their origin names it). With prune, end_file removes those
  /// articles of the file that were not among them and are in no other file; without, they stay, and known_file::kept
  /// counts them. An article in several files is that of the one that was read last.
  result<void> begin_file();
  result<void> end_file(known_file file, bool prune);

  /// The file is gone: as end_file of an empty file, which is then forgotten.
  result<void> drop_file(const std::string& path);

  /// What end_file and drop_file did; called as on_outcome is. Files to be read again need to be read in this run.
  void on_file_end(std::function<void(const file_end&)> f);

  /// Waits for everything that was handed in, and reports it.
  result<void> drain();

  /// Makes the run durable and visible. After it the writer is closed.
  result<commit_outcome> commit();

 private:
  struct impl;
  explicit writer(std::unique_ptr<impl> p);
  std::unique_ptr<impl> impl_;
};

}  // namespace rapporteur::index
