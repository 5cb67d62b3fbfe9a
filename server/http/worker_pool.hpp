// Threads for work that blocks, behind a bounded queue.
//
// Knows nothing of what the work is. Each worker has a number, so that its user can keep state of its own for each of
// them without a lock (an open index, say).
#pragma once

#include "index/error.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace rapporteur::http {

class worker_pool {
 public:
  using clock = std::chrono::steady_clock;

  /// Exactly one of run and refuse is called, once.
  class job {
   public:
    explicit job(clock::time_point deadline) : deadline_(deadline) {}
    virtual ~job() = default;
    job(const job&) = delete;
    job& operator=(const job&) = delete;

    /// On a worker, 0 ≤ worker < size().
    virtual void run(std::size_t worker) noexcept = 0;
    /// On a worker, or on the thread that calls submit or stop.
    virtual void refuse(error e) noexcept = 0;

    [[nodiscard]] clock::time_point deadline() const noexcept { return deadline_; }

   private:
    clock::time_point deadline_;
  };

  /// Starts the threads. At least one; at least one place in the queue.
  worker_pool(std::size_t threads, std::size_t max_queued);
  ~worker_pool();  ///< stop()
  worker_pool(const worker_pool&) = delete;
  worker_pool& operator=(const worker_pool&) = delete;

  /// Queues the job, first come first served. Refuses it with errc::overloaded if the queue is full or the pool is
  /// stopped; later with errc::deadline_exceeded if its deadline has passed when its turn comes. Any thread.
  void submit(std::unique_ptr<job> j) noexcept;

  /// Has each worker call fn(worker) whenever it has had nothing to do for `after`, and again after as long: for what
  /// it holds and should not hold for ever. A job that comes meanwhile waits for the end of fn or for another worker.
  /// fn must not throw; it is called until stop(). Any thread, once.
  void when_idle(clock::duration after, std::function<void(std::size_t worker)> fn);

  /// Refuses what is queued and waits for what runs. Not from a worker. A second call does nothing.
  void stop() noexcept;

  [[nodiscard]] std::size_t size() const noexcept { return threads_count_; }
  [[nodiscard]] std::size_t queued() const;

 private:
  void work(std::size_t worker) noexcept;
  std::unique_ptr<job> next(std::size_t worker);

  const std::size_t threads_count_;
  const std::size_t max_queued_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::unique_ptr<job>> queue_;
  bool stopping_ = false;
  clock::duration idle_after_{};
  std::function<void(std::size_t)> on_idle_;  // under mutex_ until it is set, then unchanged
  std::vector<std::thread> threads_;
};

}  // namespace rapporteur::http
