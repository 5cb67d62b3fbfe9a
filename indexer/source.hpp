// From the paths that a user names to the list of files to read, in an order that is always the same.
//
// Walks folders; knows file names, not what is in the files.
#pragma once

#include "indexer/fields.hpp"
#include "indexer/findings.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace rapporteur::indexer {

struct source_file {
  std::string shown;  ///< as reached from the path that the user named
  std::string path;   ///< absolute, without symbolic links: the file's identity
  std::uint64_t bytes = 0;
  std::int64_t modified_ns = 0;  ///< mtime, in nanoseconds since 1970
  std::uint64_t inode = 0;
};

struct source_listing {
  std::vector<source_file> files;
  std::uint64_t bytes = 0;              ///< of all files
  std::vector<std::string> roots;       ///< of the paths that are there, absolute, without symbolic links
  std::vector<std::string> unreadable;  ///< folders, likewise, of which not all is listed
  /// What was passed over without being a failure: "hidden files", ".png files", … and how many.
  std::map<std::string, std::uint64_t> ignored;
};

/// Lists the files under the paths: the paths in their order, the entries of a folder by the bytes of their names,
/// each file once however often it is reached. A path that is named is taken whatever its name; inside folders,
/// hidden and temporary files and files of formats that hold no articles are passed over. What cannot be read, or has
/// a format for which there is no reader, is reported to on_failure. keep_on is asked from time to time.
source_listing list_sources(const std::vector<std::string>& paths, const std::function<void(finding)>& on_failure,
                            const std::function<bool()>& keep_on);

/// What list_sources says of one file; nullopt if it is not there, no regular file, or (unless it is named by the user)
/// passed over inside folders.
std::optional<source_file> examine_source(const std::string& path, bool named = false);

struct source_reading {
  std::uint64_t records = 0;  ///< each was handed to on_article or reported as a failure
  bool complete = true;       ///< false: the file could not be read, or not to its end
};

/// Reads one file with the reader that it is for. A file that cannot be read, or read on, is reported as one failed
/// record. Fails only with what on_article returned.
result<source_reading> read_source(const source_file& file, const read_limits& limits, const record_rules& rules,
                                   const read_events& events);

}  // namespace rapporteur::indexer
