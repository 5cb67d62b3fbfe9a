#include "indexer/background_merge.hpp"

#include "indexer/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace rapporteur::indexer {
namespace {

constexpr std::chrono::milliseconds k_between_looks{5'000};

}  // namespace

background_merge::background_merge(std::filesystem::path index, const std::function<void(std::string_view)>& on_message)
    : index_(std::move(index)), on_message_(on_message) {}

background_merge::~background_merge() {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
}

void background_merge::look() {
  if (running_) return;
  if (thread_.joinable()) {
    thread_.join();
    tell();
  }
  const auto now = clock::now();
  if (now < not_before_) return;
  not_before_ = now + k_between_looks;
  const auto need = index::merge_need_of(index_);
  if (!need || !need->worth_it()) return;
  running_ = true;
  began_ = now;
  thread_ = std::thread([this] {
    auto done = index::merge_index(index_, [this] { return stop_.load(); });
    outcome_ = std::move(done);
    running_ = false;
  });
}

void background_merge::tell() {
  const auto took = clock::now() - began_;
  if (!outcome_) {
    on_message_(fmt::format("merging the index: {}", outcome_.error().message));
  } else if (outcome_->merged) {
    on_message_(fmt::format("merged the index: {} before, {} after", bytes_shown(outcome_->bytes_before),
                            bytes_shown(outcome_->bytes_after)));
  }
  // Merging must not be what the machine does most of the time.
  constexpr int k_rest = 10;
  not_before_ = clock::now() + std::max<clock::duration>(k_between_looks, took * k_rest);
}

}  // namespace rapporteur::indexer
