// A disk of a test's own that is soon full, or read-only.
#pragma once

#include <sys/mount.h>

#include <cstddef>
#include <filesystem>
#include <stdexcept>
#include <utility>

namespace rapporteur::test {

inline constexpr std::size_t k_tiny_disk_bytes = 64 * 1024;

/// A tmpfs of k_tiny_disk_bytes, where the test may mount one: as root, outside of most containers.
class tiny_disk {
 public:
  explicit tiny_disk(std::filesystem::path where) : path_(std::move(where)) {
    std::filesystem::create_directories(path_);
    mounted_ = ::mount("tmpfs", path_.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, "size=64k") == 0;
  }
  ~tiny_disk() {
    if (mounted_) ::umount2(path_.c_str(), MNT_DETACH);
  }
  tiny_disk(const tiny_disk&) = delete;
  tiny_disk& operator=(const tiny_disk&) = delete;
  [[nodiscard]] bool is_mounted() const noexcept { return mounted_; }
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  /// Neither root nor anyone can write there from now on, or can again.
  void set_read_only(bool on) const {
    const unsigned long flags = static_cast<unsigned long>(MS_REMOUNT | MS_NOSUID | MS_NODEV) |
                                (on ? static_cast<unsigned long>(MS_RDONLY) : 0UL);
    if (::mount("tmpfs", path_.c_str(), "tmpfs", flags, "size=64k") != 0) throw std::runtime_error("remount");
  }

 private:
  std::filesystem::path path_;
  bool mounted_ = false;
};

}  // namespace rapporteur::test
