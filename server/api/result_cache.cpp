#include "server/api/result_cache.hpp"

#include <exception>
#include <utility>

namespace rapporteur::api {
namespace {

namespace asio = http::asio;

constexpr std::uint64_t k_entry_overhead = 256;  // of the list, the table and the counted pointer
constexpr std::uint64_t k_largest_share = 8;     // of the whole, for one answer: an eighth

}  // namespace

asio::awaitable<void> result_cache::flight::wait(clock::time_point deadline) {
  auto timer = std::make_shared<asio::steady_timer>(co_await asio::this_coro::executor, deadline);
  {
    const std::lock_guard lock(mutex_);
    if (ended_) co_return;
    waiting_.push_back(timer);
  }
  // end() may have posted its word by now; it is taken after the wait has begun, since both are of one strand.
  co_await timer->async_wait(asio::as_tuple(asio::use_awaitable));
}

void result_cache::flight::end() noexcept {
  std::vector<std::shared_ptr<asio::steady_timer>> waiting;
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    waiting.swap(waiting_);
  }
  for (auto& timer : waiting) {
    try {
      // A timer is not to be touched but on its own executor.
      const auto executor = timer->get_executor();
      asio::post(executor, [timer = std::move(timer)] { timer->cancel(); });
    } catch (const std::exception&) {  // no memory: its deadline will tell it
      continue;
    }
  }
}

result_cache::making::making(making&& other) noexcept
    : cache_(std::exchange(other.cache_, nullptr)),
      key_(std::move(other.key_)),
      flight_(std::exchange(other.flight_, nullptr)) {}

result_cache::making& result_cache::making::operator=(making&& other) noexcept {
  if (this != &other) {
    end();
    cache_ = std::exchange(other.cache_, nullptr);
    key_ = std::move(other.key_);
    flight_ = std::exchange(other.flight_, nullptr);
  }
  return *this;
}

result_cache::making::~making() {
  end();
}

void result_cache::making::end() noexcept {
  if (!flight_) return;
  {
    const std::lock_guard lock(cache_->mutex_);
    cache_->flights_.erase(key_);
  }
  std::exchange(flight_, nullptr)->end();
}

result_cache::result_cache(std::uint64_t max_bytes) : max_bytes_(max_bytes) {}

result_cache::found result_cache::look_up(std::string_view key) {
  found out;
  const std::lock_guard lock(mutex_);
  if (const auto kept = by_key_.find(key); kept != by_key_.end()) {
    ++counts_.hits;
    entries_.splice(entries_.begin(), entries_, kept->second);
    out.answer = kept->second->answer;
    return out;
  }
  auto& of_key = flights_[std::string(key)];
  if (of_key) {
    ++counts_.joined;
    out.made_elsewhere = of_key;
    return out;
  }
  ++counts_.misses;
  of_key = std::make_shared<flight>();
  out.to_make.cache_ = this;
  out.to_make.key_ = key;
  out.to_make.flight_ = of_key;
  return out;
}

void result_cache::keep(std::string_view key, std::shared_ptr<const kept_answer> answer) {
  const std::uint64_t bytes = key.size() + answer->written.size() + answer->etag.size() + k_entry_overhead;
  if (bytes > max_bytes_ / k_largest_share) return;
  const std::lock_guard lock(mutex_);
  if (const auto old = by_key_.find(key); old != by_key_.end()) drop(old->second);
  while (!entries_.empty() && counts_.bytes + bytes > max_bytes_) drop(std::prev(entries_.end()));
  entries_.push_front({std::string(key), std::move(answer), bytes});
  by_key_.emplace(entries_.front().key, entries_.begin());
  counts_.bytes += bytes;
  ++counts_.answers;
}

void result_cache::drop(std::list<entry>::iterator e) {
  by_key_.erase(e->key);
  counts_.bytes -= e->bytes;
  --counts_.answers;
  entries_.erase(e);
}

result_cache::counts result_cache::count() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace rapporteur::api
