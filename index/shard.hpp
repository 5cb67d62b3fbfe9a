// A shard: one thread that turns articles into documents and writes them into a database.
//
// A new generation is built by several shards side by side, each with the articles whose id hashes to it; an update is
// one shard on the served generation. Owns the thread and its queue; nothing Xapian leaves the thread.
#pragma once

#include "index/article_database.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace rapporteur::index {

/// In the order in which things were queued.
struct shard_outcome {
  written_article subject;  ///< without an id: it is about a file
  file_end file;
};

class shard {
 public:
  using opener = std::function<std::unique_ptr<article_database>()>;

  /// Starts the thread, which opens the database. Failures show at the next call. name: for messages.
  shard(std::string name, opener open);
  /// Discards what was not committed.
  ~shard();
  shard(const shard&) = delete;
  shard& operator=(const shard&) = delete;

  /// Queue something; wait while the queue is full. The error is the first failure of the shard's thread.
  result<void> push(article a);
  result<void> begin_file();
  result<void> end_file(known_file file, bool prune);
  result<void> drop_file(std::string path);

  /// Queues a removal and waits for its outcome.
  result<bool> remove(const std::string& id);

  /// Waits for the queue.
  result<void> drain();

  /// What became of articles and files since the last call.
  std::vector<shard_outcome> take_outcomes();

  /// Ends the run behind what is queued (article_database::finish) and closes.
  result<void> begin_finish(const metadata_list& metadata);
  /// Waits for that. True if the run changed anything.
  result<bool> await_finish();

 private:
  struct job {
    enum class what { add, remove, begin_file, end_file, drop_file, drain, finish } kind = what::add;
    article subject;
    known_file file;
    bool prune = false;
    metadata_list metadata;
  };

  result<void> push_job(job j);
  result<void> ask(job j);  // what await_reply() then waits for
  result<bool> await_reply();
  void work();
  void handle(article_database& db, job& j);
  void reply(bool r);
  void report(shard_outcome o);
  void fail(error e);

  std::string name_;
  opener open_;

  std::mutex mutex_;
  std::condition_variable wake_worker_, wake_caller_;
  std::deque<job> queue_;
  std::size_t queued_bytes_ = 0;
  bool stopping_ = false;
  std::optional<error> failure_;
  std::optional<bool> reply_;
  std::vector<shard_outcome> outcomes_;
  bool changed_ = false;  // of the thread
  std::thread thread_;
};

}  // namespace rapporteur::index
