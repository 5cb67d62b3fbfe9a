// Keeps an index equal to folders: reads what appears, removes what goes, takes what comes through the inbox, and
// merges the index when small commits have spread it out.
//
// Owns when things are done, and that they are done again until they succeed. How a file is read and what is remembered
// of it is indexer/ingest's.
#pragma once

#include "indexer/pipeline.hpp"

#include <chrono>
#include <functional>
#include <string_view>

namespace rapporteur::indexer {

struct watch_options {
  run_options run;  ///< paths: files and folders; mode and dry are ignored, prune is always on
  std::chrono::milliseconds rescan{300'000};  ///< between two looks through everything; 0: only when inotify asks
  std::chrono::seconds receipts_kept{7 * 86'400};
  bool merge = true;
};

/// Told of every commit, and of every trouble when it begins and when it is over.
struct watch_events {
  std::function<void(const run_account& account, const index::commit_outcome& committed)> on_commit;
  std::function<void(std::string_view message)> on_message;
};

/// Runs until stop. The index is opened for each commit, so that other commands can work in between. Errors only if
/// nothing could ever be done: the system gives no inotify, or no path is there. Everything else (a full disk, another
/// writer, a damaged index, an index of another version) is told of and tried again.
result<void> watch(const watch_options& options, const watch_events& events, progress& out,
                   const std::function<bool()>& stop);

}  // namespace rapporteur::indexer
