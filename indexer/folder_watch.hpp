// What happens in folders, as inotify(7) tells it.
//
// Owns the inotify descriptor and the folders behind its numbers. Tells what changed, not what to do about it. What
// inotify cannot see (other machines' writes to a network mount, an overflow of its queue) is for whoever looks through
// the folders again from time to time.
#pragma once

#include "index/error.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace rapporteur::indexer {

struct folder_change {
  enum class what : std::uint8_t {
    written,  ///< a file is complete: it was closed, or moved here; or may have become readable
    growing,  ///< a file is there or has changed, and whoever writes it may not be done
    gone,     ///< a file or a folder is not there any more; with everything below it
    folder,   ///< a folder is new here; it is watched from now on, and what is in it is not told of
    lost,     ///< some changes were not told: look through everything again
  } kind = what::lost;
  std::filesystem::path path;
};

class folder_watch {
 public:
  /// errc::io if the system gives none.
  static result<folder_watch> open();

  folder_watch(folder_watch&& other) noexcept;
  folder_watch& operator=(folder_watch&& other) noexcept;
  folder_watch(const folder_watch&) = delete;
  folder_watch& operator=(const folder_watch&) = delete;
  ~folder_watch();

  /// Watches a folder and, with below, all folders in it but hidden ones. False if not all could be watched, for want
  /// of watches (fs.inotify.max_user_watches) or of the right to read.
  bool add(const std::filesystem::path& folder, bool below);

  /// To be waited for with poll(2), POLLIN.
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

  /// What happened since the last call; does not wait.
  std::vector<folder_change> take();

 private:
  explicit folder_watch(int descriptor) : descriptor_(descriptor) {}
  bool add_part(const std::filesystem::path& folder, bool below);
  void forget_below(const std::filesystem::path& folder);

  int descriptor_ = -1;
  std::unordered_map<int, std::filesystem::path> folders_;
  std::set<std::string> tops_;  ///< whose parents are not watched
  bool with_folders_below_ = false;
};

}  // namespace rapporteur::indexer
