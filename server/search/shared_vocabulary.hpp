// The one vocabulary that all search threads of a program share, and the thread that makes it anew when the index has
// changed.
//
// Owns when it is made, not what is in it (server/search/vocabulary). It trails the index: after a change it is made
// again at the next search that needs it, but never so often that making it takes more than a hundredth of the time.
#pragma once

#include "index/reader.hpp"
#include "server/search/vocabulary.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace rapporteur::search {

/// Any thread may use it.
class shared_vocabulary {
 public:
  /// Reads nothing until somebody asks.
  explicit shared_vocabulary(std::filesystem::path index, vocabulary::bounds most = {});
  ~shared_vocabulary();  ///< ends the making, if it goes on
  shared_vocabulary(const shared_vocabulary&) = delete;
  shared_vocabulary& operator=(const shared_vocabulary&) = delete;

  /// The newest that there is, and has a newer one made if the index is not the one it was made from. While the first
  /// one is made waits for it, but no longer than patience; null if there is still none.
  std::shared_ptr<const vocabulary> get(const index::index_info& wanted, std::chrono::milliseconds patience);

 private:
  using clock = std::chrono::steady_clock;

  void start();  // under mutex_
  void make();

  const std::filesystem::path index_;
  const vocabulary::bounds most_;
  std::mutex mutex_;
  std::condition_variable made_;
  std::thread maker_;
  bool making_ = false;
  std::shared_ptr<const vocabulary> current_;
  std::string generation_;  // of what current_ was made
  std::uint64_t revision_ = 0;
  clock::time_point not_before_;
  std::atomic<bool> stop_{false};
};

}  // namespace rapporteur::search
