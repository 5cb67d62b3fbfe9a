#include "index/record_codec.hpp"

#include "index/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace rapporteur::index {
namespace {

// The first byte of what is stored is 1, the version of a record, or says with which dictionary it was compressed.
constexpr unsigned k_without_dictionary = 2;

constexpr int k_level = 12;  // of records of 200 bytes costs no more than 6, and saves 2 %
constexpr std::size_t k_dictionary_bytes = 16384;
constexpr std::size_t k_longest_record = std::size_t{16} << 20U;  // that is compressed: bounds what damage asks for

constexpr std::size_t k_window = 500;         // records; about 100 KB
constexpr std::size_t k_longest_kept = 4096;  // bytes of a record that may teach something
constexpr double k_worse = 1.3;               // than compression left at best: worth looking for another dictionary
constexpr unsigned k_windows_between = 32;    // looks, where nothing gets worse
constexpr double k_worth_it = 0.7;            // of what the best known dictionary leaves

error damaged(std::string_view what) {
  return {errc::index_damaged, fmt::format("a record of the index {}; run check, then rebuild", what)};
}

}  // namespace

std::size_t record_dictionaries::size() const {
  const std::lock_guard lock(mutex_);
  return dictionaries_.size();
}

std::string record_dictionaries::get(std::size_t number) const {
  const std::lock_guard lock(mutex_);
  return number == 0 || number > dictionaries_.size() ? std::string() : dictionaries_[number - 1];
}

std::size_t record_dictionaries::add(std::string dictionary) {
  const std::lock_guard lock(mutex_);
  if (dictionary.empty() || dictionaries_.size() >= k_most) return 0;
  dictionaries_.push_back(std::move(dictionary));
  return dictionaries_.size();
}

std::vector<std::string> record_dictionaries::read(const Xapian::Database& db) {
  std::vector<std::string> all;
  while (all.size() < k_most) {
    std::string dictionary = db.get_metadata(record_dictionary_key(all.size() + 1));
    if (dictionary.empty()) break;
    all.push_back(std::move(dictionary));
  }
  return all;
}

void record_dictionaries::set(std::vector<std::string> dictionaries) {
  const std::lock_guard lock(mutex_);
  dictionaries_ = std::move(dictionaries);
}

void record_dictionaries::write(Xapian::WritableDatabase& db) const {
  const std::lock_guard lock(mutex_);
  for (std::size_t n = 0; n < dictionaries_.size(); ++n)
    db.set_metadata(record_dictionary_key(n + 1), dictionaries_[n]);
}

record_codec::record_codec(record_dictionaries& dictionaries, bool learns)
    : dictionaries_(&dictionaries), learns_(learns), current_(dictionaries.size()), look_(current_ == 0) {}

text_codec& record_codec::codec(std::size_t number) {
  if (number >= codecs_.size()) codecs_.resize(number + 1);
  auto& c = codecs_[number];
  if (!c) c.emplace(dictionaries_->get(number), k_level);
  return *c;
}

std::string record_codec::pack_with(std::size_t number, std::string_view encoded) {
  if (encoded.size() <= k_longest_record) {
    std::string frame = codec(number).compress(encoded);
    if (frame.size() + 1 < encoded.size()) {
      frame.insert(frame.begin(), static_cast<char>(k_without_dictionary + number));
      return frame;
    }
  }
  return std::string(encoded);
}

std::string record_codec::pack(std::string_view encoded) {
  if (!learns_ && !chosen_) {
    current_ = best_for({encoded});
    chosen_ = true;
  }
  std::string packed = pack_with(current_, encoded);
  watch(encoded, packed.size());
  return packed;
}

result<record> record_codec::unpack(std::string_view stored) {
  const unsigned first = stored.empty() ? 0 : static_cast<unsigned char>(stored.front());
  if (first < k_without_dictionary) return decode_record(stored);
  const std::size_t number = first - k_without_dictionary;
  if (number > dictionaries_->size()) return damaged("is of an unknown version or its dictionary is missing");
  const std::string_view frame = stored.substr(1);
  const auto size = text_codec::content_size(frame);
  if (!size || *size > k_longest_record) return damaged("cannot be decompressed");
  const auto encoded = codec(number).decompress(frame, *size);
  if (!encoded) return damaged("cannot be decompressed");
  return decode_record(*encoded);
}

std::string record_codec::train(const std::vector<std::string>& encoded) {
  return text_codec::train({encoded.begin(), encoded.end()}, k_dictionary_bytes);
}

std::size_t record_codec::bytes_of(std::size_t number, const std::vector<std::string_view>& records) {
  std::size_t bytes = 0;
  for (const std::string_view r : records) bytes += pack_with(number, r).size();
  return bytes;
}

std::size_t record_codec::best_for(const std::vector<std::string_view>& records) {
  std::size_t best = 0;
  std::size_t least = bytes_of(0, records);
  for (std::size_t n = dictionaries_->size(); n > 0; --n) {
    const std::size_t bytes = bytes_of(n, records);
    if (bytes < least) {
      best = n;
      least = bytes;
    }
  }
  return best;
}

void record_codec::watch(std::string_view encoded, std::size_t packed_bytes) {
  if (encoded.size() > k_longest_kept) return;
  window_.emplace_back(encoded);
  window_bytes_ += encoded.size();
  packed_bytes_ += packed_bytes;
  if (window_.size() < k_window) return;
  const double left = static_cast<double>(packed_bytes_) / static_cast<double>(window_bytes_);
  ++windows_since_;
  if (look_ || left > k_worse * least_left_ || windows_since_ >= k_windows_between) {
    windows_since_ = 0;
    look_ = false;
    least_left_ = left;
    learn();
  } else {
    least_left_ = std::min(least_left_, left);
  }
  window_.clear();
  window_bytes_ = packed_bytes_ = 0;
}

// Takes the best dictionary there is, or a new one if that is much better on records that it was not trained on.
void record_codec::learn() {
  std::vector<std::string> taught;
  std::vector<std::string_view> tested;
  for (std::size_t n = 0; n < window_.size(); ++n) {
    if (n % 4 == 1)
      tested.emplace_back(window_[n]);
    else
      taught.push_back(window_[n]);
  }
  const std::unique_lock alone = learns_ ? std::unique_lock(dictionaries_->learning_) : std::unique_lock<std::mutex>();
  const auto before = static_cast<double>(bytes_of(current_, tested));
  current_ = best_for(tested);
  const double most = k_worth_it * static_cast<double>(bytes_of(current_, tested));
  if (!learns_ || dictionaries_->size() >= record_dictionaries::k_most) return;
  // Another thread has learnt from records of this kind: training takes longer than compressing a thousand records.
  if (most < k_worth_it * k_worth_it * before) return;
  std::string dictionary = train(taught);
  text_codec trial(dictionary, k_level);
  std::size_t bytes = 0;
  for (const std::string_view r : tested) bytes += trial.compress(r).size() + 1;
  if (static_cast<double>(bytes) > most) return;
  if (const std::size_t added = dictionaries_->add(std::move(dictionary)); added != 0) current_ = added;
  // Records of two kinds may have taught it.
  look_ = true;
}

}  // namespace rapporteur::index
