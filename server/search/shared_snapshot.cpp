#include "server/search/shared_snapshot.hpp"

#include <algorithm>
#include <exception>
#include <system_error>
#include <utility>

namespace rapporteur::search {
namespace {

constexpr int k_rest = 100;  // times as long as the making took, before the next one
constexpr std::chrono::milliseconds k_least_rest{1000};
constexpr int k_attempts = 3;  // an index that changes while it is read is read again

}  // namespace

shared_snapshot::shared_snapshot(std::filesystem::path index, maker make)
    : index_(std::move(index)), make_(std::move(make)) {}

shared_snapshot::~shared_snapshot() {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
}

std::shared_ptr<const void> shared_snapshot::get(const index::index_info& wanted, std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  if (!is_of_locked(wanted) && !making_ && clock::now() >= not_before_) start();
  if (!current_ && making_) made_.wait_for(lock, patience, [this] { return !making_; });
  return current_;
}

bool shared_snapshot::is_of(const index::index_info& state) const {
  const std::lock_guard lock(mutex_);
  return is_of_locked(state);
}

bool shared_snapshot::is_of_locked(const index::index_info& state) const {
  return current_ && generation_ == state.generation && revision_ == state.revision;
}

void shared_snapshot::start() {
  if (thread_.joinable()) thread_.join();  // it has ended: making_ is false
  making_ = true;
  try {
    thread_ = std::thread([this] { make(); });
  } catch (const std::system_error&) {  // no thread to be had: requests are answered without it
    making_ = false;
    not_before_ = clock::now() + k_least_rest;
  }
}

void shared_snapshot::make() {
  const auto began = clock::now();
  std::shared_ptr<const void> made;
  std::string generation;
  std::uint64_t revision = 0;
  for (int attempt = 0; attempt < k_attempts && !made && !stop_; ++attempt) {
    try {
      // A database of its own: Xapian's are not to be shared between threads.
      auto reader = index::reader::open(index_);
      if (!reader) break;
      generation = reader->info().generation;
      revision = reader->info().revision;
      made = make_(*reader, stop_);
      // A commit that fell into it may have been seen in part. Where commits follow each other too fast that has to do:
      // whoever proposes anything of it looks it up in the index.
      if (!reader->is_untouched() && attempt + 1 < k_attempts) made.reset();
    } catch (const Xapian::DatabaseModifiedError&) {
      continue;
    } catch (const Xapian::Error&) {  // whoever searches meets it too, and says so
      break;
    } catch (const std::exception&) {
      break;
    }
  }
  const auto ended = clock::now();
  const std::lock_guard lock(mutex_);
  if (made) {
    current_ = std::move(made);
    generation_ = std::move(generation);
    revision_ = revision;
  }
  not_before_ = ended + std::max<clock::duration>(k_least_rest, (ended - began) * k_rest);
  making_ = false;
  made_.notify_all();
}

}  // namespace rapporteur::search
