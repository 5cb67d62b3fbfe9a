// An index as one searcher reads it: one state for each request, whatever is committed meanwhile.
//
// Owns the reader and when it looks for newer states. The seam where Xapian's exceptions end: what leaves is a result.
// Knows nothing of what is asked of the index.
#pragma once

#include "index/error.hpp"
#include "index/generation.hpp"
#include "index/reader.hpp"

#include <xapian.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

namespace rapporteur::search {

class newest_state;

/// Belongs to one thread. Not movable: what reads from it keeps a reference to its reader.
class steady_index {
 public:
  /// folder is the one that r was opened from.
  steady_index(std::filesystem::path folder, index::reader r);

  [[nodiscard]] index::reader& reader() noexcept { return reader_; }
  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }

  /// What other readers of the same index have seen of it: this one serves nothing older. Without it, it only looks for
  /// changes from time to time.
  void share_newest(std::shared_ptr<newest_state> seen) { seen_ = std::move(seen); }

  /// Runs fn, which answers a result, over one state of the index: again from the start, whatever came of it, when
  /// something was committed while it ran. Where commits follow each other faster than fn can run it would lose every
  /// race: the last time they are held back, as they are for a copy.
  /// fn's own errors, and errc::index_changing, index_damaged, internal, or what refresh() of the reader tells.
  template <class F>
  auto run(F&& fn) -> decltype(fn());

 private:
  static constexpr int k_attempts = 4;  // commits wait for the last one

  result<void> refresh(bool now);
  [[nodiscard]] result<index::commit_lock> hold() const;
  static error from_xapian(const Xapian::Error& e);
  static error from_damage();

  std::filesystem::path folder_;
  index::reader reader_;
  std::shared_ptr<newest_state> seen_;  ///< by all readers of this index; may be null
  std::chrono::steady_clock::time_point refreshed_ = std::chrono::steady_clock::now();
};

template <class F>
auto steady_index::run(F&& fn) -> decltype(fn()) {
  try {
    if (auto r = refresh(false); !r) return r.error();
    for (int attempt = 1; attempt < k_attempts; ++attempt) {
      std::optional<decltype(fn())> made;
      try {
        made = fn();
        if (reader_.is_untouched()) return std::move(*made);
      } catch (const Xapian::DatabaseModifiedError&) {
        made.reset();
      } catch (const Xapian::Error&) {
        if (reader_.is_untouched()) throw;
      } catch (const std::length_error&) {
        if (reader_.is_untouched()) throw;
      }
      if (attempt + 1 == k_attempts) break;
      if (auto r = refresh(true); !r && r.error().code != errc::index_changing) {
        // Where nothing newer can be read, what is open goes on being served.
        if (made && *made && reader_.is_usable()) return std::move(*made);
        return r.error();
      }
    }
    // Where the lock cannot be had (a folder without its file) this is a try like the others.
    const auto held = hold();
    if (auto r = refresh(true); !r) return r.error();
    return fn();
  } catch (const Xapian::DatabaseModifiedError&) {
    return error{errc::index_changing, "the index changed several times during this request; try again"};
  } catch (const Xapian::Error& e) {
    return from_xapian(e);
  } catch (const std::length_error&) {
    return from_damage();
  }
}

}  // namespace rapporteur::search
