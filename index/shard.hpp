// A shard: one thread that turns articles into documents and writes them into one Xapian database.
//
// A new generation is built as several shards side by side, each with the articles whose id hashes to it, and merged;
// an update is one shard on the served generation, inside one transaction. Nothing Xapian leaves the shard's thread.
#pragma once

#include "index/article.hpp"
#include "index/impact.hpp"
#include "index/writer.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace rapporteur::index {

/// What all shards of a run share; outlives them.
struct run_context {
  impact_model model;
  std::string dictionary;
  std::string main_language;  ///< see key::main_language
  int zstd_level = 6;
  std::atomic<std::uint64_t> next_text{1};  ///< text numbers are unique over all shards
};

struct shard_outcome {
  std::string id;
  write_outcome what = write_outcome::added;
};

class shard {
 public:
  enum class kind {
    fresh,   ///< a new, empty database, private until the run ends: not synced
    served,  ///< the served database: everything in one transaction
  };

  /// Starts the thread, which opens the database. Failures show at the next call.
  shard(std::filesystem::path database, kind k, run_context& run);
  /// Discards what was not committed.
  ~shard();
  shard(const shard&) = delete;
  shard& operator=(const shard&) = delete;

  /// Queues an article; waits while the queue is full. The error is the first failure of the shard's thread.
  result<void> push(article a);

  /// Queues a removal and waits for its outcome.
  result<bool> remove(const std::string& id);

  /// What became of articles since the last call.
  std::vector<shard_outcome> take_outcomes();

  /// Waits for the queue, then commits and closes: for a served database metadata is written in the same transaction,
  /// and only if anything changed.
  result<void> finish(const std::vector<std::pair<std::string, std::string>>& metadata);

  [[nodiscard]] bool changed() const noexcept { return changed_; }

 private:
  struct job {
    enum class what { add, remove, finish } kind = what::add;
    article subject;
    std::vector<std::pair<std::string, std::string>> metadata;
  };
  class worker;

  result<bool> run_and_wait(job j);
  void work();
  void handle(worker& w, job& j);
  void fail(error e);

  std::filesystem::path path_;
  kind kind_;
  run_context& run_;

  std::mutex mutex_;
  std::condition_variable wake_worker_, wake_caller_;
  std::deque<job> queue_;
  std::size_t queued_bytes_ = 0;
  bool stopping_ = false;
  std::optional<error> failure_;
  std::optional<bool> reply_;
  std::vector<shard_outcome> outcomes_;
  std::atomic<bool> changed_{false};
  std::thread thread_;
};

}  // namespace rapporteur::index
