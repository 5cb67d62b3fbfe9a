// Making one compact database: of the segments of a new generation, or of a served one that small commits have spread
// out.
//
// A merge works beside the writer and the readers: it copies the served generation, makes the copy dense, brings it up
// to date with what was committed in between, and makes it current. Answers are the same before and after.
#pragma once

#include "index/error.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace rapporteur::index {

/// Makes one dense database of several at `to`, which must not be there yet; the documents of a single one keep their
/// numbers. scratch: a folder for what is between, if there are many. Removes the databases on the way. Nothing is
/// synced. errc::disk_full, io, index_damaged.
result<void> merge_databases(std::vector<std::filesystem::path> from, const std::filesystem::path& to,
                             const std::filesystem::path& scratch);

/// What key::compacted says of a database that has just been compacted.
std::string compacted_value(const std::filesystem::path& database, std::uint64_t articles);

struct merge_need {
  std::uint64_t bytes = 0;          ///< of the current generation
  std::uint64_t compact_bytes = 0;  ///< that it would have, estimated by what it had when it was one compact database
  [[nodiscard]] bool worth_it() const noexcept;
};

/// errc::index_missing and what opening a reader says.
result<merge_need> merge_need_of(const std::filesystem::path& folder);

struct merge_outcome {
  bool merged = false;  ///< false: told to stop, or another generation became current meanwhile
  std::uint64_t bytes_before = 0, bytes_after = 0;
};

/// Merges the current generation. stop is asked between steps and while waiting for a writer to finish; on_wait, if
/// any, is told once when that wait begins.
/// errc::index_locked if another process merges or rebuilds; index_missing, index_damaged, disk_full, io: then the
/// index is as it was.
result<merge_outcome> merge_index(const std::filesystem::path& folder, const std::function<bool()>& stop,
                                  const std::function<void()>& on_wait = {});

/// Copies the current generation as of its last commit into a folder that can be served or restored like an index. to
/// must not be there, or be an empty folder. The copy is complete and synced, or not there.
result<void> snapshot_index(const std::filesystem::path& folder, const std::filesystem::path& to);

/// Makes a copy of a snapshot (any index folder) current. errc::index_mismatch, index_damaged if it is no index that
/// this program can serve.
result<void> restore_index(const std::filesystem::path& folder, const std::filesystem::path& snapshot);

}  // namespace rapporteur::index
