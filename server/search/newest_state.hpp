// The newest state of an index that any search thread of a program has seen.
//
// Each thread follows the index by itself and looks only from time to time; without this a client whose requests are
// answered by several threads would be sent back to an older state now and then.
#pragma once

#include "index/reader.hpp"

#include <compare>
#include <cstdint>
#include <mutex>
#include <string>

namespace rapporteur::search {

/// Orders the states of an index in time: a generation has a higher number than the one that it replaces, even where a
/// restored snapshot goes back to an earlier revision.
struct index_position {
  std::size_t digits = 0;  ///< of the generation's name: g1000000 comes after g999999
  std::string generation;
  std::uint64_t revision = 0;
  auto operator<=>(const index_position&) const = default;  // NOLINT(modernize-use-nullptr): none is meant
};

inline index_position position_of(const index::index_info& info) {
  return {info.generation.size(), info.generation, info.revision};
}

/// Any thread may use it.
class newest_state {
 public:
  [[nodiscard]] index_position get() const {
    const std::lock_guard lock(mutex_);
    return newest_;
  }

  /// A thread that was told `before`, and then looked at the index, is at `now`. An earlier position than before is
  /// taken over as well, unless another thread has moved on: it means that the folder holds another index than it did.
  void advance(const index_position& before, const index_position& now) {
    const std::lock_guard lock(mutex_);
    if (now > newest_ || newest_ == before) newest_ = now;
  }

 private:
  mutable std::mutex mutex_;
  index_position newest_;
};

}  // namespace rapporteur::search
