// Records at rest: zstd (RFC 8878) with dictionaries trained on the archive's own records.
//
// A record is short, and what it shares with others is most of it: outlets, names of tags, beginnings of addresses and
// paths. One dictionary from the first articles would not do, because files of one kind come one after the other: when
// records begin to look otherwise, another dictionary is trained from those that came last. Records that are written
// into a served generation use what it has.
#pragma once

#include "index/record.hpp"
#include "index/text_codec.hpp"

#include <xapian.h>

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::index {

/// The dictionaries of a generation's records, numbered from 1. Used by all threads of a run at once.
class record_dictionaries {
 public:
  static constexpr std::size_t k_most = 32;

  [[nodiscard]] std::size_t size() const;
  /// A copy; empty if there is none of that number.
  [[nodiscard]] std::string get(std::size_t number) const;
  /// The number of the new one; 0 if it is empty or there are k_most already.
  std::size_t add(std::string dictionary);

  /// Lets Xapian's exceptions through.
  static std::vector<std::string> read(const Xapian::Database& db);
  void set(std::vector<std::string> dictionaries);
  void write(Xapian::WritableDatabase& db) const;

 private:
  friend class record_codec;
  std::mutex learning_;  // held by the one who trains, so that the others can use what comes of it
  mutable std::mutex mutex_;
  std::vector<std::string> dictionaries_;
};

/// One per thread.
class record_codec {
 public:
  /// learns: whether dictionaries may be added, which outlives the codec. It begins with the last one.
  record_codec(record_dictionaries& dictionaries, bool learns);

  /// encoded: of encode_record(). What is stored: never longer than that.
  [[nodiscard]] std::string pack(std::string_view encoded);

  /// errc::index_damaged if the bytes are not a record of this version.
  result<record> unpack(std::string_view stored);

  /// A first dictionary, from records that were encoded; empty if they are too few.
  static std::string train(const std::vector<std::string>& encoded);

 private:
  text_codec& codec(std::size_t number);
  std::string pack_with(std::size_t number, std::string_view encoded);
  void watch(std::string_view encoded, std::size_t packed_bytes);
  [[nodiscard]] std::size_t bytes_of(std::size_t number, const std::vector<std::string_view>& records);
  [[nodiscard]] std::size_t best_for(const std::vector<std::string_view>& records);
  void learn();

  record_dictionaries* dictionaries_;
  bool learns_;
  std::vector<std::optional<text_codec>> codecs_;  // by number; 0: without a dictionary
  std::size_t current_;

  std::vector<std::string> window_;  // records that came last
  std::size_t window_bytes_ = 0, packed_bytes_ = 0;
  bool look_;                   // for a better dictionary, at the end of the window
  double least_left_ = 1;       // by compression with current_, of a window
  unsigned windows_since_ = 0;  // the last look
  bool chosen_ = false;         // whether current_ was compared with the others yet; if !learns_
};

}  // namespace rapporteur::index
