#include "index/durable.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

namespace rapporteur::index {
namespace {

namespace fs = std::filesystem;

/// An open descriptor, closed at the end.
class open_file {
 public:
  open_file(const fs::path& path, int flags, mode_t mode = 0) : descriptor_(::open(path.c_str(), flags, mode)) {}
  ~open_file() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;

  [[nodiscard]] bool is_open() const noexcept { return descriptor_ >= 0; }
  [[nodiscard]] int get() const noexcept { return descriptor_; }
  /// False with errno set: some file systems report only then that there was no room.
  bool close() noexcept { return ::close(std::exchange(descriptor_, -1)) == 0; }

 private:
  int descriptor_;
};

fs::path folder_of(const fs::path& path) {
  const fs::path parent = path.parent_path();
  return parent.empty() ? fs::path(".") : parent;
}

/// 0, or the errno.
int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::write(descriptor, bytes.data(), bytes.size());
    if (n < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return 0;
}

result<void> write_file(const fs::path& path, std::string_view bytes, int flags, unsigned mode) {
  open_file file(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | flags, mode);
  if (!file.is_open()) return system_error(path, "cannot be made", errno);
  std::string_view doing = "writing";
  int number = write_all(file.get(), bytes);
  if (number == 0) {
    doing = "fsync";
    if (::fsync(file.get()) != 0) number = errno;
  }
  if (!file.close() && number == 0) {
    doing = "closing";
    number = errno;
  }
  if (number == 0) return {};
  ::unlink(path.c_str());
  return system_error(path, doing, number);
}

}  // namespace

error system_error(const fs::path& path, std::string_view doing, int number) {
  const bool full = number == ENOSPC || number == EDQUOT;
  const bool missing = number == ENOENT;
  return {full ? errc::disk_full : (missing ? errc::not_found : errc::io),
          fmt::format("{}: {}{}{}", path.string(), doing, doing.empty() ? "" : ": ",
                      std::generic_category().message(number))};
}

result<void> flush_to_disk(const fs::path& path) {
  open_file file(path, O_RDONLY | O_CLOEXEC);
  if (!file.is_open()) return system_error(path, "cannot be opened", errno);
  if (::fsync(file.get()) != 0) return system_error(path, "fsync", errno);
  return {};
}

result<void> write_new_file(const fs::path& path, std::string_view bytes) {
  return write_file(path, bytes, O_EXCL, 0640);
}

result<void> rename_durably(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) {
    return system_error(from, fmt::format("cannot be renamed to {}", to.string()), errno);
  }
  if (auto synced = flush_to_disk(folder_of(to)); !synced) return synced;
  if (folder_of(from) == folder_of(to)) return {};
  return flush_to_disk(folder_of(from));
}

result<void> replace_file(const fs::path& path, std::string_view bytes, unsigned mode) {
  fs::path beside = path;
  beside += ".new";
  if (auto written = write_file(beside, bytes, O_TRUNC, mode); !written) return written;
  if (auto renamed = rename_durably(beside, path); !renamed) {
    ::unlink(beside.c_str());
    return renamed;
  }
  return {};
}

result<bool> remove_durably(const fs::path& path) {
  const bool removed = ::unlink(path.c_str()) == 0;
  if (!removed && errno != ENOENT) return system_error(path, "cannot be removed", errno);
  // Synced also if it was gone: whoever removed it may have been killed before the sync.
  if (auto synced = flush_to_disk(folder_of(path)); !synced) return synced.error();
  return removed;
}

result<void> make_folder(const fs::path& path) {
  struct stat there {};
  if (::stat(path.c_str(), &there) == 0) {
    if (S_ISDIR(there.st_mode)) return {};
    return error{errc::io, fmt::format("{}: is there and is not a folder", path.string())};
  }
  if (errno != ENOENT) return system_error(path, "", errno);
  const fs::path above = folder_of(path);
  if (above != path) {
    if (auto made = make_folder(above); !made) return made;
  }
  // Another process may have made it in between.
  if (::mkdir(path.c_str(), 0777) != 0 && errno != EEXIST) return system_error(path, "cannot be made", errno);
  return flush_to_disk(above);
}

result<std::string> read_whole_file(const fs::path& path, std::uint64_t max_bytes) {
  // O_NONBLOCK: a pipe of that name must not hold the caller.
  open_file file(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (!file.is_open()) return system_error(path, "cannot be opened", errno);
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return system_error(path, "", errno);
  if (!S_ISREG(info.st_mode)) return error{errc::io, fmt::format("{}: is not a file", path.string())};
  const auto size = static_cast<std::uint64_t>(info.st_size);
  if (size > max_bytes) {
    return error{errc::too_large, fmt::format("{}: has {} bytes, {} are allowed", path.string(), size, max_bytes)};
  }
  std::string bytes(size, '\0');
  std::size_t have = 0;
  while (have < bytes.size()) {
    const auto n = ::read(file.get(), bytes.data() + have, bytes.size() - have);
    if (n < 0) {
      if (errno == EINTR) continue;
      return system_error(path, "reading", errno);
    }
    if (n == 0) break;
    have += static_cast<std::size_t>(n);
  }
  bytes.resize(have);
  return bytes;
}

result<disk_errors> disk_errors::watch(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return system_error(path, "cannot be opened", errno);
  return disk_errors(path, file);
}

disk_errors::disk_errors(disk_errors&& other) noexcept
    : path_(std::move(other.path_)), file_(std::exchange(other.file_, -1)) {}

disk_errors::~disk_errors() {
  if (file_ >= 0) ::close(file_);
}

result<void> disk_errors::flush() {
  if (::syncfs(file_) != 0) return system_error(path_, "writing to its file system", errno);
  return {};
}

}  // namespace rapporteur::index
