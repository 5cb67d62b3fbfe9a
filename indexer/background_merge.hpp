// A merge of the index beside the program that writes it, in a thread of its own.
//
// Owns when one is worth it and how long the next one waits. How it is done is index/merge's.
#pragma once

#include "index/merge.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <string_view>
#include <thread>

namespace rapporteur::indexer {

/// For one thread. Ends a merge that goes on when it is destroyed; the index is then as it was.
class background_merge {
 public:
  /// on_message is told how each merge ended, in the thread that looks; it must outlive this.
  background_merge(std::filesystem::path index, const std::function<void(std::string_view)>& on_message);
  ~background_merge();
  background_merge(const background_merge&) = delete;
  background_merge& operator=(const background_merge&) = delete;

  /// Begins one if it is worth it and none goes on; tells how the last one ended.
  void look();

 private:
  using clock = std::chrono::steady_clock;
  void tell();

  std::filesystem::path index_;
  const std::function<void(std::string_view)>& on_message_;
  std::thread thread_;
  std::atomic<bool> running_{false}, stop_{false};
  result<index::merge_outcome> outcome_;  ///< the thread's while running_
  clock::time_point began_, not_before_;
};

}  // namespace rapporteur::indexer
