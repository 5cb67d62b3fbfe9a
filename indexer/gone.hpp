// What becomes of the articles of files that are not there any more: found out by a walk through everything, or told of
// one by one.
//
// Owns which files count as gone. What happens to their articles then is indexer/ingest's.
#pragma once

#include "indexer/findings.hpp"
#include "indexer/ingest.hpp"
#include "indexer/source.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::indexer {

/// Whether a path is one of the folders or files, or below one.
bool is_below_any(std::string_view path, const std::vector<std::string>& folders);

/// Drops the files below the listing's roots that the index knows and that are not there any more, but none below a
/// folder that could not be read, or (unless allow_empty) below a root in which there is no file at all: that is what a
/// file system that is not mounted looks like. Findings say so.
result<void> prune_gone(ingest& into, article_sink& index, const source_listing& listing, bool allow_empty,
                        finding_list& findings);

/// Drops a file that is told to be gone, or all files below a folder that is, if indeed they are not there.
result<void> drop_gone(ingest& into, article_sink& index, const std::filesystem::path& path);

}  // namespace rapporteur::indexer
