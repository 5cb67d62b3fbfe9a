// Answers kept for requests that come again, and requests that wait for an equal one that is being answered.
//
// A key spells out everything that an answer depends on: the state of the index, the request in its one spelling, and
// where links lead. So nothing has to be invalidated: what is of an earlier state is not asked for any more, and goes
// as the least recently used. Whoever may see less than everybody would have to be in the key, too; all articles are
// for all. Knows neither search nor HTTP.
#pragma once

#include "server/http/asio.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace rapporteur::api {

/// What is kept of an answer.
struct kept_answer {
  std::string written;  ///< as its writer keeps it (search_writer)
  std::string etag;
};

/// Any thread may use it.
class result_cache {
 public:
  using clock = std::chrono::steady_clock;

  /// An answer that is being made, for those who wait for it. Any thread may use it.
  class flight {
   public:
    /// Completes when the answer was made, or given up, or at the deadline. On an executor that runs one thing at a
    /// time (a strand), which is where it completes.
    http::asio::awaitable<void> wait(clock::time_point deadline);

   private:
    friend class result_cache;
    void end() noexcept;

    std::mutex mutex_;
    bool ended_ = false;
    std::vector<std::shared_ptr<http::asio::steady_timer>> waiting_;
  };

  /// Held by who makes an answer: its end tells those who wait, whatever came of it.
  class making {
   public:
    making() = default;
    making(making&& other) noexcept;
    making& operator=(making&& other) noexcept;
    ~making();
    explicit operator bool() const noexcept { return flight_ != nullptr; }

   private:
    friend class result_cache;
    void end() noexcept;
    result_cache* cache_ = nullptr;
    std::string key_;
    std::shared_ptr<flight> flight_;
  };

  /// Exactly one of the three is set; making: to be held until the answer is kept.
  struct found {
    std::shared_ptr<const kept_answer> answer;
    std::shared_ptr<flight> made_elsewhere;
    making to_make;
  };

  struct counts {
    std::uint64_t hits = 0, misses = 0;
    std::uint64_t joined = 0;  ///< waited for an equal one
    std::uint64_t bytes = 0, answers = 0;
  };

  /// max_bytes: what all answers and their keys may take up, without what the allocator adds.
  explicit result_cache(std::uint64_t max_bytes);

  /// The answer, or who makes it, or leave to make it.
  found look_up(std::string_view key);

  /// Keeps an answer, unless it is larger than an eighth of the whole; the least recently used ones make room.
  void keep(std::string_view key, std::shared_ptr<const kept_answer> answer);

  [[nodiscard]] counts count() const;

 private:
  struct entry {
    std::string key;
    std::shared_ptr<const kept_answer> answer;
    std::uint64_t bytes = 0;
  };
  void drop(std::list<entry>::iterator e);  // under mutex_

  const std::uint64_t max_bytes_;
  mutable std::mutex mutex_;
  std::list<entry> entries_;  // most recently used first
  std::unordered_map<std::string_view, std::list<entry>::iterator> by_key_;
  std::unordered_map<std::string, std::shared_ptr<flight>> flights_;
  counts counts_;
};

}  // namespace rapporteur::api
