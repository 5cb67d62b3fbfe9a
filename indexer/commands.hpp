// What rapporteur-index does for each of its commands, given checked options. Prints results on stdout, and all that
// is about the work itself on stderr. Knows no command line.
#pragma once

#include "indexer/pipeline.hpp"
#include "indexer/watch.hpp"

#include <functional>
#include <string>
#include <vector>

namespace rapporteur::indexer {

/// The exit status of rapporteur-index. Scripts rely on these numbers; docs/articles.md lists them.
enum exit_status : int {
  k_exit_ok = 0,         ///< all well
  k_exit_partly = 1,     ///< articles or files failed, ids were unknown, or `check` found problems; the rest is done
  k_exit_usage = 2,      ///< wrong command line or configuration; nothing was done
  k_exit_index = 3,      ///< the index could not be opened, read or written; it is as it was
  k_exit_stopped = 128,  ///< stopped by a signal, whose number is to be added; the index is as it was
};

struct output_options {
  bool quiet = false;  ///< no progress and no summary for people
  bool json = false;   ///< results as one JSON object on stdout
};

/// add and rebuild. stopped: whether a signal asked to end.
int command_run(const run_options& options, const output_options& output, const std::function<bool()>& stopped);
int command_remove(const run_options& options, const std::vector<std::string>& ids, const output_options& output,
                   const std::function<bool()>& stopped);
/// Until stopped; then 0, since that is how watching ends.
int command_watch(const watch_options& options, const output_options& output, const std::function<bool()>& stopped);
/// Merges the index now. only_if_needed: unless it is nearly as small already.
int command_compact(const std::filesystem::path& index, bool only_if_needed, const output_options& output,
                    const std::function<bool()>& stopped);
int command_snapshot(const std::filesystem::path& index, const std::filesystem::path& to, const output_options& output);
int command_restore(const std::filesystem::path& index, const std::filesystem::path& snapshot,
                    const output_options& output);
int command_check(const std::filesystem::path& index, const output_options& output);
int command_stats(const std::filesystem::path& index, const output_options& output);

}  // namespace rapporteur::indexer
