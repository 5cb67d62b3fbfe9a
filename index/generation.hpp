// Generations: the folders of an index, the pointer to the one that is served, and the lock that writers take.
//
//   INDEX/current            name of the served generation, one line; replaced by rename(2), never written in place
//   INDEX/g000001/           a Xapian database (glass)
//   INDEX/g000002.building/  work of a rebuild that is not finished; removed by the next writer
//   INDEX/writer.lock        held (flock) by the one writer
#pragma once

#include "index/error.hpp"

#include <filesystem>
#include <string>

namespace rapporteur::index {

/// Name of the current generation; empty if the folder or the pointer does not exist. errc::index_damaged if the
/// pointer holds anything but the name of a generation, errc::io.
result<std::string> read_current(const std::filesystem::path& folder);

/// Points to a generation: written beside, fsynced, renamed, the folder fsynced.
result<void> write_current(const std::filesystem::path& folder, const std::string& name);

/// The name after all that the folder holds, finished or not.
std::string next_generation(const std::filesystem::path& folder);

/// Removes generations other than current and previous, and unfinished work. Errors are left for the next time.
void remove_stale(const std::filesystem::path& folder, const std::string& current, const std::string& previous);

/// fsync(2) of a file or folder.
result<void> sync_path(const std::filesystem::path& path);

/// The writer's lock, held until destruction or the process ends.
class writer_lock {
 public:
  /// errc::index_locked if another process or writer has it, errc::io.
  static result<writer_lock> acquire(const std::filesystem::path& folder);
  writer_lock(writer_lock&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
  writer_lock& operator=(writer_lock&& other) noexcept;
  ~writer_lock();

 private:
  explicit writer_lock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace rapporteur::index
