// Generations: the folders of an index, the pointer to the one that is served, and the lock that writers take.
//
//   INDEX/current            name of the served generation, one line; replaced by rename(2), never written in place
//   INDEX/g000001/           a Xapian database (glass)
//   INDEX/g000002.building/  work of a rebuild that is not finished; removed by the next writer
//   INDEX/writer.lock        held (flock) by the one writer
//   INDEX/merge.lock         held by whoever works in a .building folder
//   INDEX/commit.lock        held alone by a writer while it commits or removes, shared by those who copy a generation
//
// A process that dies gives up its locks, so that none of them can be left behind.
#pragma once

#include "index/error.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace rapporteur::index {

/// Name of the current generation; empty if the folder or the pointer does not exist. errc::index_damaged if the
/// pointer holds anything but the name of a generation, errc::io.
result<std::string> read_current(const std::filesystem::path& folder);

/// Points to a generation: written beside, fsynced, renamed, the folder fsynced.
result<void> write_current(const std::filesystem::path& folder, const std::string& name);

/// The finished generation with the highest number; empty if there is none.
std::string newest_generation(const std::filesystem::path& folder);

/// The name after all that the folder holds, finished or not.
std::string next_generation(const std::filesystem::path& folder);

/// Removes generations other than current and previous, and unfinished work that nobody is at. Call it only when
/// current has been opened: the others may be all there is. Nothing while somebody copies. Errors are left for the next
/// time.
void remove_stale(const std::filesystem::path& folder, const std::string& current, const std::string& previous);

/// Removes unfinished work, but for in_work, the caller's own. Needs the merge lock.
void remove_unfinished(const std::filesystem::path& folder, const std::filesystem::path& in_work);

/// Makes a finished database the current generation of that name: synced, renamed into place, pointed to. The one
/// before stays for readers that have yet to move on. Needs the writer's lock.
result<void> publish_generation(const std::filesystem::path& folder, const std::filesystem::path& database,
                                const std::string& generation);

/// A generation in the making, from its name to its publication: the next name, and the folder NAME.building for all
/// that is written on the way. The folder goes when this does, and what is in it, unless it was published.
/// Needs the merge lock as long as it lives.
class unfinished_generation {
 public:
  /// Removes what was left by somebody who was killed, then makes the folder. errc::disk_full, io.
  static result<unfinished_generation> begin(const std::filesystem::path& index);
  unfinished_generation(unfinished_generation&& other) noexcept;
  unfinished_generation& operator=(unfinished_generation&&) = delete;
  ~unfinished_generation();

  /// What the index will call it.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// For whatever is needed on the way.
  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }
  /// Where the database is to be made.
  [[nodiscard]] std::filesystem::path database() const { return folder_ / "merged"; }
  /// Makes database() current (publish_generation). Needs the writer's lock.
  result<void> publish();

 private:
  unfinished_generation(std::filesystem::path index, std::string name);

  std::filesystem::path index_;
  std::string name_;
  std::filesystem::path folder_;  ///< empty: moved from
};

/// Syncs all files of a folder, then the folder.
result<void> flush_folder_to_disk(const std::filesystem::path& folder);

/// Bytes of the files in a folder, not of those below.
std::uint64_t bytes_of_folder(const std::filesystem::path& folder);

/// Makes a copy of a generation as of its last commit, while a writer may work: its commits wait for the copy's end.
/// to: a folder that is not there yet. Everything is synced. errc::not_found if the generation is gone, disk_full, io.
result<void> copy_generation(const std::filesystem::path& index, const std::string& generation,
                             const std::filesystem::path& to);

/// flock(2) on a file of the index folder, held until destruction or the process ends.
class folder_lock {
 public:
  folder_lock(folder_lock&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
  folder_lock& operator=(folder_lock&& other) noexcept;
  ~folder_lock();

 protected:
  explicit folder_lock(int descriptor) : descriptor_(descriptor) {}

 private:
  int descriptor_ = -1;
};

/// What the writer's lock is held for; stands in its file.
enum class writing : char {
  articles = 'a',
  end_of_merge = 'm',  ///< catching up with what was written meanwhile, and making the new generation the current one
};

/// The lock of the one writer.
class writer_lock : public folder_lock {
 public:
  /// errc::index_locked if another process or writer has it, errc::io. Waits for a moment, since others only look
  /// whether it is free, and for the end of a merge, which is soon over: for up to a minute, after calling on_wait.
  static result<writer_lock> acquire(const std::filesystem::path& folder, writing what = writing::articles,
                                     const std::function<void()>& on_wait = {});

 private:
  using folder_lock::folder_lock;
};

/// The lock of whoever works in a .building folder beside the writer. Taken before the writer's lock, never after.
class merge_lock : public folder_lock {
 public:
  /// errc::index_locked if another process has it, errc::io.
  static result<merge_lock> acquire(const std::filesystem::path& folder);

 private:
  using folder_lock::folder_lock;
};

/// Keeps commits and copies apart. Both calls wait.
class commit_lock : public folder_lock {
 public:
  static result<commit_lock> exclusive(const std::filesystem::path& folder);
  static result<commit_lock> shared(const std::filesystem::path& folder);

 private:
  using folder_lock::folder_lock;
};

}  // namespace rapporteur::index
