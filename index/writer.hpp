// Writes articles into an index. The only code that changes one.
//
// Owns the writable Xapian database of one generation, its lock, and what is derived from whole runs (impact model,
// text dictionary). Knows no file format and no command line: it is handed articles and settings.
#pragma once

#include "index/article.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::index {

struct writer_settings {
  unsigned threads = 0;                  ///< analysis threads; 0: one per processor
  unsigned flush_articles = 1000;        ///< articles held in memory between flushes (not commits)
  int zstd_level = 6;                    ///< 1 … 19, for texts
  std::size_t dictionary_bytes = 65536;  ///< size of the trained text dictionary; 0: none
  std::size_t sample_articles = 2000;  ///< articles of the first run that the dictionary and the mean length come from
};

/// What became of one article.
enum class write_outcome { added, replaced, unchanged };

/// One run of changes, visible to readers all together when commit() returns, or not at all.
class writer {
 public:
  enum class mode {
    update,   ///< change the current generation; makes the first one if there is none
    rebuild,  ///< build a new generation beside the current one, which stays served until commit()
  };

  /// Opens the index folder for writing and takes its lock. errc::index_locked if another writer has it,
  /// index_mismatch, index_damaged, io.
  static result<writer> open(const std::filesystem::path& folder, mode m, const writer_settings& settings);

  writer(writer&&) noexcept;
  writer& operator=(writer&&) noexcept;
  ~writer();  ///< without commit(): everything since open() is discarded

  /// Takes an article: adds it, replaces the one of the same id, or skips it when nothing of it changed. The outcome is
  /// reported by on_outcome, later and in order, because analysis runs in other threads. Blocks when the queue is full.
  /// errc::invalid_argument for an id that is empty or too long, errc::encoding for a text that is not UTF-8.
  result<void> add(article a);

  /// Called once per accepted article, on the thread that calls add(), remove() or commit().
  void on_outcome(std::function<void(const std::string& id, write_outcome)> f);

  /// True if there was an article of that id.
  result<bool> remove(std::string_view id);

  /// Makes the run durable and visible. After it the writer is closed.
  result<void> commit();

 private:
  struct impl;
  explicit writer(std::unique_ptr<impl> p);
  std::unique_ptr<impl> impl_;
};

}  // namespace rapporteur::index
