#include "indexer/folder_watch.hpp"

#include "index/durable.hpp"
#include "indexer/formats.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace rapporteur::indexer {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t k_mask = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_MODIFY | IN_DELETE |
                                 IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK;

/// Folders that the walk passes over, too.
bool is_passed_over(const std::string& name) {
  return is_hidden_name(name) || is_temporary_name(name);
}

bool is_below(const fs::path& path, const fs::path& folder) {
  const std::string& p = path.native();
  const std::string& f = folder.native();
  return p == f || (p.starts_with(f) && p[f.size()] == '/');
}

}  // namespace

result<folder_watch> folder_watch::open() {
  const int descriptor = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (descriptor < 0) return index::system_error("inotify", "cannot be had", errno);
  return folder_watch(descriptor);
}

folder_watch::folder_watch(folder_watch&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      folders_(std::move(other.folders_)),
      tops_(std::move(other.tops_)),
      with_folders_below_(other.with_folders_below_) {}

folder_watch& folder_watch::operator=(folder_watch&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(folders_, other.folders_);
  std::swap(tops_, other.tops_);
  std::swap(with_folders_below_, other.with_folders_below_);
  return *this;
}

folder_watch::~folder_watch() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool folder_watch::add(const fs::path& folder, bool below) {
  tops_.insert(folder.native());
  return add_part(folder, below);
}

bool folder_watch::add_part(const fs::path& folder, bool below) {
  with_folders_below_ = with_folders_below_ || below;
  const int number = ::inotify_add_watch(descriptor_, folder.c_str(), k_mask);
  if (number < 0) return errno == ENOENT || errno == ENOTDIR;
  folders_[number] = folder;
  if (!below) return true;
  bool all = true;
  std::error_code failure;
  for (fs::directory_iterator it(folder, failure), end; !failure && it != end; it.increment(failure)) {
    std::error_code ignored;
    // A link to a folder is followed as the walk follows it; a circle of links ends at the kernel's limit.
    if (is_passed_over(it->path().filename().native()) || !it->is_directory(ignored)) continue;
    if (it->is_symlink(ignored)) {
      const fs::path target = fs::canonical(it->path(), ignored);
      if (ignored || is_below(folder, target)) continue;
      all = add(target, true) && all;
    } else {
      all = add_part(it->path(), true) && all;
    }
  }
  return all && !failure;
}

void folder_watch::forget_below(const fs::path& folder) {
  for (auto f = folders_.begin(); f != folders_.end();) {
    if (is_below(f->second, folder)) {
      ::inotify_rm_watch(descriptor_, f->first);
      f = folders_.erase(f);
    } else {
      ++f;
    }
  }
}

std::vector<folder_change> folder_watch::take() {
  using what = folder_change::what;
  std::vector<folder_change> changes;
  alignas(inotify_event) std::array<char, 65536> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  while (true) {
    const auto size = ::read(descriptor_, buffer.data(), buffer.size());
    if (size <= 0) {
      if (size < 0 && errno == EINTR) continue;
      return changes;
    }
    for (std::size_t at = 0; at < static_cast<std::size_t>(size);) {
      inotify_event e{};
      std::memcpy(&e, buffer.data() + at, sizeof e);
      const char* name = buffer.data() + at + sizeof e;
      at += sizeof e + e.len;
      if ((e.mask & IN_Q_OVERFLOW) != 0) {
        changes.push_back({what::lost, {}});
        continue;
      }
      const auto found = folders_.find(e.wd);
      if (found == folders_.end()) continue;
      if ((e.mask & IN_IGNORED) != 0) {
        folders_.erase(found);
        continue;
      }
      if ((e.mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT)) != 0) {
        // Of a folder below, its parent tells. A root that went elsewhere would go on to tell what happens there, under
        // the names that it had here.
        const fs::path itself = found->second;
        forget_below(itself);
        if (tops_.contains(itself.native()) || (e.mask & IN_UNMOUNT) != 0) changes.push_back({what::lost, {}});
        continue;
      }
      const fs::path path = e.len > 0 ? found->second / name : found->second;
      const bool folder = (e.mask & IN_ISDIR) != 0;
      if ((e.mask & (IN_DELETE | IN_MOVED_FROM)) != 0) {
        if (folder) forget_below(path);
        changes.push_back({what::gone, path});
      } else if (folder) {
        if ((e.mask & (IN_CREATE | IN_MOVED_TO | IN_ATTRIB)) == 0 || !with_folders_below_ || e.len == 0 ||
            is_passed_over(name)) {
          continue;
        }
        if (!add_part(path, true)) changes.push_back({what::lost, {}});
        changes.push_back({what::folder, path});
      } else {
        const bool complete = (e.mask & (IN_CLOSE_WRITE | IN_MOVED_TO | IN_ATTRIB)) != 0;
        changes.push_back({complete ? what::written : what::growing, path});
      }
    }
  }
}

}  // namespace rapporteur::indexer
