// What an index remembers of each file that its articles were read from, so that a file that did not change is not read
// again, and one that is gone is noticed.
//
// One entry of the metadata per file, changed in the same transaction as its articles.
#pragma once

#include "index/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace rapporteur::index {

struct known_file {
  std::string path;              ///< absolute, without symbolic links
  std::uint64_t bytes = 0;       ///< when it was read
  std::int64_t modified_ns = 0;  ///< mtime, in nanoseconds since 1970; 0: it may have changed while it was read
  std::uint64_t inode = 0;
  std::uint64_t reading = 0;   ///< fingerprint of the rules by which it was read
  std::uint64_t articles = 0;  ///< that it gave
  std::uint64_t failed = 0;    ///< records that gave none
  std::uint64_t kept = 0;      ///< articles that it no longer has and that are still in the index

  /// Whether a file that looks like that may be passed over.
  [[nodiscard]] bool is_same(const known_file& now) const noexcept {
    return modified_ns != 0 && bytes == now.bytes && modified_ns == now.modified_ns && inode == now.inode &&
           reading == now.reading;
  }
};

std::string encode_known_file(const known_file& f);

/// errc::index_damaged if the value is none.
result<known_file> decode_known_file(std::string_view value);

}  // namespace rapporteur::index
