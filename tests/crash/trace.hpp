// What a program asked of the file system, in order, and whether that order survives a loss of power: a disk keeps what
// was synced before, and of the rest any part.
//
// Knows the layout of an index folder (index/generation.hpp) and nothing of Xapian but the names of its files: the
// version file iamglass, renamed into place by each commit, decides which blocks of the tables count.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace rapporteur::crash {

/// One call; see tests/crash/preload.cpp.
struct file_call {
  std::string what;  ///< create write truncate sync rename link mkdir remove failed
  std::filesystem::path path;
  std::filesystem::path second;  ///< where a rename puts it
  std::string content;           ///< the first line of what is renamed
};

std::vector<file_call> read_trace(const std::filesystem::path& file);

/// Reads the calls below an index folder and tells each place where a loss of power could leave less than the set
/// before or after; a line each, naming the file:
///
///   - when INDEX/current is renamed into place, it and every file of the generation that it names have been synced
///     since their last write, and so has every folder since a name was put in it, up to INDEX itself;
///   - when the version file of a database in a served generation is renamed into place, it and the tables beside it
///     have been synced;
///   - nothing of the generation that was served before is changed or removed until the new current is durable;
///   - if the program says that all is well, nothing of what it has made is left unsynced: current, the generation.
///
/// before: the generation that was current when the program began, or empty.
std::vector<std::string> write_order_violations(const std::vector<file_call>& calls, const std::filesystem::path& index,
                                                const std::string& before, bool said_done);

}  // namespace rapporteur::crash
