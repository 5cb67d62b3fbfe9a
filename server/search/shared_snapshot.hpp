// Something made from the whole index that all search threads of a program share, and the thread that makes it anew
// when the index has changed.
//
// Owns when it is made, not what it is. It trails the index: after a change it is made again at the next request that
// needs it, but never so often that making it takes more than a hundredth of the time.
#pragma once

#include "index/reader.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace rapporteur::search {

/// Any thread may use it.
class shared_snapshot {
 public:
  /// Makes it; nothing if stop became true meanwhile. May let Xapian's exceptions through: if the index changed under
  /// it, it is called again.
  using maker = std::function<std::shared_ptr<const void>(index::reader&, const std::atomic<bool>& stop)>;

  /// Reads nothing until somebody asks.
  shared_snapshot(std::filesystem::path index, maker make);
  ~shared_snapshot();  ///< ends the making, if it goes on
  shared_snapshot(const shared_snapshot&) = delete;
  shared_snapshot& operator=(const shared_snapshot&) = delete;

  /// The newest that there is, and has a newer one made if the index is not the one it was made from. While the first
  /// one is made waits for it, but no longer than patience; null if there is still none.
  std::shared_ptr<const void> get(const index::index_info& wanted, std::chrono::milliseconds patience);

  /// Whether what get gives now was made from that state of the index.
  [[nodiscard]] bool is_of(const index::index_info& state) const;

 private:
  using clock = std::chrono::steady_clock;

  [[nodiscard]] bool is_of_locked(const index::index_info& state) const;  // under mutex_
  void start();                                                           // under mutex_
  void make();

  const std::filesystem::path index_;
  const maker make_;
  mutable std::mutex mutex_;
  std::condition_variable made_;
  std::thread thread_;
  bool making_ = false;
  std::shared_ptr<const void> current_;
  std::string generation_;  // of what current_ was made
  std::uint64_t revision_ = 0;
  clock::time_point not_before_;
  std::atomic<bool> stop_{false};
};

}  // namespace rapporteur::search
