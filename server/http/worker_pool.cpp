#include "server/http/worker_pool.hpp"

#include <algorithm>
#include <utility>

namespace rapporteur::http {

worker_pool::worker_pool(std::size_t threads, std::size_t max_queued)
    : threads_count_(std::max<std::size_t>(threads, 1)), max_queued_(std::max<std::size_t>(max_queued, 1)) {
  threads_.reserve(threads_count_);
  for (std::size_t i = 0; i < threads_count_; ++i) threads_.emplace_back([this, i] { work(i); });
}

worker_pool::~worker_pool() {
  stop();
}

void worker_pool::submit(std::unique_ptr<job> j) noexcept {
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_ && queue_.size() < max_queued_) {
      queue_.push_back(std::move(j));
      wake_.notify_one();
      return;
    }
  }
  j->refuse({errc::overloaded, "The server has more requests than it can take. Try again in a moment."});
}

void worker_pool::stop() noexcept {
  std::deque<std::unique_ptr<job>> dropped;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    dropped.swap(queue_);
    wake_.notify_all();
  }
  for (auto& j : dropped) j->refuse({errc::overloaded, "The server is stopping."});
  for (auto& t : threads_) {
    if (t.joinable()) t.join();
  }
}

void worker_pool::when_idle(clock::duration after, std::function<void(std::size_t)> fn) {
  const std::lock_guard lock(mutex_);
  idle_after_ = after;
  on_idle_ = std::move(fn);
  wake_.notify_all();  // those who wait without a time
}

std::size_t worker_pool::queued() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

// Waits for a job; null when the pool stops.
std::unique_ptr<worker_pool::job> worker_pool::next(std::size_t worker) {
  std::unique_lock lock(mutex_);
  auto idle_since = clock::now();
  while (queue_.empty()) {
    if (stopping_) return nullptr;
    if (!on_idle_) {
      wake_.wait(lock);
    } else if (clock::now() - idle_since < idle_after_) {
      wake_.wait_until(lock, idle_since + idle_after_);
    } else {
      lock.unlock();
      on_idle_(worker);
      lock.lock();
      idle_since = clock::now();
    }
  }
  auto j = std::move(queue_.front());
  queue_.pop_front();
  return j;
}

void worker_pool::work(std::size_t worker) noexcept {
  while (auto j = next(worker)) {
    if (clock::now() > j->deadline()) {
      j->refuse({errc::deadline_exceeded, "The server did not get to this request in time. Try again in a moment."});
    } else {
      j->run(worker);
    }
  }
}

}  // namespace rapporteur::http
