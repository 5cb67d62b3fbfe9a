// Files that are on the disk, whole, once a call has returned, whatever happens to the machine then.
//
// Owns the order of write, fsync and rename, and what is taken back when one of them fails. Knows nothing of what the
// files hold. A rename is atomic (POSIX rename), but neither it nor a new file is sure to outlive a loss of power
// before the folder that names it was synced too (fsync(2), NOTES).
//
// Errors: errc::disk_full if there is no room (ENOSPC, EDQUOT), errc::not_found if what is to be read, moved or removed
// is not there, errc::io for everything else; each says which path.
#pragma once

#include "index/error.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace rapporteur::index {

/// The error for a call of the operating system that failed with this errno at this path. `doing` ("writing") may be
/// empty.
error system_error(const std::filesystem::path& path, std::string_view doing, int number);

/// fsync(2) of a file or folder.
result<void> flush_to_disk(const std::filesystem::path& path);

/// Makes a file that is not there yet (errc::io if it is) and syncs it, but not its folder: its name is only sure once
/// that is synced or the file was renamed with rename_durably. On failure no file stays. Mode 0640 within the umask.
result<void> write_new_file(const std::filesystem::path& path, std::string_view bytes);

/// Renames a file or folder and syncs the folders on both sides. Replaces a file that is there. After an error of the
/// sync, the new name may be there.
result<void> rename_durably(const std::filesystem::path& from, const std::filesystem::path& to);

/// Gives a small file this content: it is the old one or the new one, never a part. Written as PATH.new beside it; what
/// a killed process left there is overwritten. One writer at a time. mode: within the umask.
result<void> replace_file(const std::filesystem::path& path, std::string_view bytes, unsigned mode = 0640);

/// Removes a file and syncs its folder; true if it was there.
result<bool> remove_durably(const std::filesystem::path& path);

/// Makes a folder and those above it that are missing, each synced into the one above it. Mode 0777 within the umask.
result<void> make_folder(const std::filesystem::path& path);

/// A whole regular file, not through a symbolic link; errc::too_large past max_bytes.
result<std::string> read_whole_file(const std::filesystem::path& path, std::uint64_t max_bytes);

/// Hears of every error of writing back to a file system from make() on, for files that a library writes that passes
/// over the failure of its own syncs: the system tells each descriptor of it once (syncfs(2), since Linux 5.8).
class disk_errors {
 public:
  /// path: a file or folder of the file system.
  static result<disk_errors> watch(const std::filesystem::path& path);
  ~disk_errors();
  disk_errors(disk_errors&& other) noexcept;
  disk_errors& operator=(disk_errors&&) = delete;

  /// Syncs the file system; an error if anything could not be written to it since.
  result<void> flush();

 private:
  disk_errors(std::filesystem::path path, int file) : path_(std::move(path)), file_(file) {}
  std::filesystem::path path_;
  int file_;
};

}  // namespace rapporteur::index
