#include "index/generation.hpp"

#include "index/durable.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <fstream>
#include <thread>
#include <utility>
#include <vector>

namespace rapporteur::index {
namespace {

namespace fs = std::filesystem;

// A lock's file, made if need be; who may only read the folder can still share. -1 with errno set.
int open_lock(const fs::path& path) {
  int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0 && (errno == EACCES || errno == EROFS)) descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  return descriptor;
}

result<int> lock_file(const fs::path& path, int how, std::string_view taken) {
  const int descriptor = how == LOCK_SH ? open_lock(path) : ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) {
    error e = system_error(path, "", errno);
    if (e.code == errc::io) e.message += "; the indexer needs to write in the index folder";
    return e;
  }
  while (::flock(descriptor, how) != 0) {
    if (errno == EINTR) continue;
    const int number = errno;
    ::close(descriptor);
    if (number == EWOULDBLOCK) return error{errc::index_locked, fmt::format("{}: {}", path.string(), taken)};
    return system_error(path, "", number);
  }
  return descriptor;
}

/// Whether whoever holds the writer's lock is a merge at its end.
bool is_end_of_merge(const fs::path& lock) {
  const int descriptor = ::open(lock.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  char what = 0;
  const auto got = ::pread(descriptor, &what, 1, 0);
  ::close(descriptor);
  return got == 1 && what == static_cast<char>(writing::end_of_merge);
}

// How long somebody may hold a lock who only looks.
constexpr int k_moments = 20;
constexpr std::chrono::milliseconds k_moment{10};

constexpr std::string_view k_building = ".building";

// g000001; 0 if name is nothing of the kind.
unsigned long generation_number(std::string_view name) {
  if (name.size() < 2 || name.front() != 'g') return 0;
  unsigned long n = 0;
  const auto [end, failure] = std::from_chars(name.data() + 1, name.data() + name.size(), n);
  return failure == std::errc() && end == name.data() + name.size() ? n : 0;
}

}  // namespace

result<std::string> read_current(const fs::path& folder) {
  const fs::path pointer = folder / "current";
  std::error_code failure;
  if (!fs::exists(pointer, failure)) {
    if (failure) return error{errc::io, fmt::format("{}: {}", pointer.string(), failure.message())};
    return std::string();
  }
  std::ifstream in(pointer);
  std::string name;
  if (!in) return system_error(pointer, "cannot be read", errno);
  std::getline(in, name);
  if (generation_number(name) == 0) {
    return error{
        errc::index_damaged,
        fmt::format("{}: holds “{}”, which is not the name of a generation such as g000001; point it to one of the "
                    "folders beside it, or rebuild",
                    pointer.string(), name.substr(0, 40))};
  }
  return name;
}

result<void> write_current(const fs::path& folder, const std::string& name) {
  // Whoever may read the databases may read this.
  constexpr unsigned k_mode = 0644;
  return replace_file(folder / "current", name + "\n", k_mode);
}

std::string newest_generation(const fs::path& folder) {
  std::string newest;
  std::error_code failure;
  for (fs::directory_iterator it(folder, failure), end; !failure && it != end; it.increment(failure)) {
    const std::string name = it->path().filename().string();
    if (generation_number(name) > generation_number(newest)) newest = name;
  }
  return newest;
}

std::string next_generation(const fs::path& folder) {
  unsigned long highest = 0;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(folder, failure)) {
    const std::string name = entry.path().filename().string();
    highest = std::max(highest, generation_number(std::string_view(name).substr(0, name.find('.'))));
  }
  return fmt::format("g{:06}", highest + 1);
}

namespace {

/// Removes what pick says of the names of generations, finished and not.
template <class Pick>
void remove_generations(const fs::path& folder, Pick&& pick) {
  std::error_code failure;
  for (fs::directory_iterator it(folder, failure), end; !failure && it != end; it.increment(failure)) {
    const std::string name = it->path().filename().string();
    if (generation_number(std::string_view(name).substr(0, name.find('.'))) == 0 || !pick(name)) continue;
    std::error_code ignored;
    fs::remove_all(it->path(), ignored);
  }
}

}  // namespace

void remove_stale(const fs::path& folder, const std::string& current, const std::string& previous) {
  const int copies = open_lock(folder / "commit.lock");
  if (copies < 0) return;
  if (::flock(copies, LOCK_EX | LOCK_NB) == 0) {
    // Work that is somebody else's goes on beside this writer.
    const auto idle = lock_file(folder / "merge.lock", LOCK_EX | LOCK_NB, "");
    remove_generations(folder, [&](const std::string& name) {
      return name.ends_with(k_building) ? idle.has_value() : name != current && name != previous;
    });
    if (idle) ::close(*idle);
  }
  ::close(copies);
}

void remove_unfinished(const fs::path& folder, const fs::path& in_work) {
  remove_generations(folder,
                     [&](const std::string& name) { return name.ends_with(k_building) && name != in_work.filename(); });
}

result<void> publish_generation(const fs::path& folder, const fs::path& database, const std::string& generation) {
  if (auto flushed = flush_folder_to_disk(database); !flushed) return flushed;
  const auto alone = commit_lock::exclusive(folder);
  if (!alone) return alone.error();
  if (auto renamed = rename_durably(database, folder / generation); !renamed) return renamed;
  return write_current(folder, generation);
}

unfinished_generation::unfinished_generation(fs::path index, std::string name)
    : index_(std::move(index)), name_(std::move(name)), folder_(index_ / (name_ + std::string(k_building))) {}

unfinished_generation::unfinished_generation(unfinished_generation&& other) noexcept
    : index_(std::move(other.index_)), name_(std::move(other.name_)), folder_(std::exchange(other.folder_, {})) {}

unfinished_generation::~unfinished_generation() {
  if (folder_.empty()) return;
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

result<unfinished_generation> unfinished_generation::begin(const fs::path& index) {
  // First: it may be what fills the disk.
  remove_unfinished(index, {});
  const std::string name = next_generation(index);
  const fs::path folder = index / (name + std::string(k_building));
  std::error_code failure;
  fs::create_directory(folder, failure);
  if (failure) return system_error(folder, "cannot be made", failure.value());
  return unfinished_generation(index, name);
}

result<void> unfinished_generation::publish() {
  return publish_generation(index_, database(), name_);
}

result<void> flush_folder_to_disk(const fs::path& folder) {
  std::error_code failure;
  for (fs::directory_iterator it(folder, failure), end; !failure && it != end; it.increment(failure)) {
    if (!it->is_regular_file()) continue;
    if (auto flushed = flush_to_disk(it->path()); !flushed) return flushed;
  }
  if (failure) return system_error(folder, "cannot be listed", failure.value());
  return flush_to_disk(folder);
}

std::uint64_t bytes_of_folder(const fs::path& folder) {
  std::uint64_t bytes = 0;
  std::error_code failure;
  for (fs::directory_iterator it(folder, failure), end; !failure && it != end; it.increment(failure)) {
    std::error_code ignored;
    if (it->is_regular_file(ignored)) bytes += it->file_size(ignored);
  }
  return bytes;
}

namespace {

result<void> copy_one(const fs::path& from, const fs::path& to) {
  const int in = ::open(from.c_str(), O_RDONLY | O_CLOEXEC);
  if (in < 0) return system_error(from, "cannot be opened", errno);
  const int out = ::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (out < 0) {
    const int number = errno;
    ::close(in);
    return system_error(to, "cannot be made", number);
  }
  result<void> outcome;
  std::vector<char> buffer(1U << 20U);
  while (true) {
    const auto have = ::read(in, buffer.data(), buffer.size());
    if (have < 0 && errno == EINTR) continue;
    if (have < 0) outcome = system_error(from, "reading", errno);
    if (have <= 0) break;
    std::size_t written = 0;
    while (written < static_cast<std::size_t>(have)) {
      const auto n = ::write(out, buffer.data() + written, static_cast<std::size_t>(have) - written);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) break;
      written += static_cast<std::size_t>(n);
    }
    if (written < static_cast<std::size_t>(have)) {
      outcome = system_error(to, "writing", errno);
      break;
    }
  }
  if (outcome && ::fsync(out) != 0) outcome = system_error(to, "fsync", errno);
  ::close(in);
  if (::close(out) != 0 && outcome) outcome = system_error(to, "closing", errno);
  return outcome;
}

}  // namespace

result<void> copy_generation(const fs::path& index, const std::string& generation, const fs::path& to) {
  // Between two commits a writer changes only blocks that the last commit does not use, so that a copy of the files as
  // they are is the last commit; the version file, which names it, is replaced only by the next.
  const auto held = commit_lock::shared(index);
  if (!held) return held.error();
  const fs::path from = index / generation;
  std::error_code failure;
  if (!fs::create_directory(to, failure)) {
    if (!failure) return error{errc::io, fmt::format("{}: is there already", to.string())};
    return system_error(to, "cannot be made", failure.value());
  }
  result<void> copied;
  for (fs::directory_iterator it(from, failure), end; copied && !failure && it != end; it.increment(failure)) {
    if (it->is_regular_file()) copied = copy_one(it->path(), to / it->path().filename());
  }
  if (copied && failure) copied = system_error(from, "cannot be listed", failure.value());
  if (copied) copied = flush_to_disk(to);
  if (!copied) fs::remove_all(to, failure);
  return copied;
}

folder_lock& folder_lock::operator=(folder_lock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

folder_lock::~folder_lock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

result<writer_lock> writer_lock::acquire(const fs::path& folder, writing what, const std::function<void()>& on_wait) {
  const fs::path file = folder / "writer.lock";
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  bool waiting = false;
  for (int moments = 0;;) {
    auto descriptor =
        lock_file(file, LOCK_EX | LOCK_NB, "another rapporteur-index is writing this index; wait for it, or stop it");
    if (descriptor) {
      const auto c = static_cast<char>(what);
      // Where that fails others are refused for whom it would be soon over.
      [[maybe_unused]] const auto told = ::pwrite(*descriptor, &c, 1, 0);
      return writer_lock(*descriptor);
    }
    if (descriptor.error().code != errc::index_locked) return descriptor.error();
    if (is_end_of_merge(file)) {
      if (std::chrono::steady_clock::now() > give_up) return descriptor.error();
      if (!waiting && on_wait) on_wait();
      waiting = true;
    } else if (++moments == k_moments) {
      return descriptor.error();
    }
    std::this_thread::sleep_for(k_moment);
  }
}

result<merge_lock> merge_lock::acquire(const fs::path& folder) {
  // Every writer takes it for a moment, to see whether anybody is at unfinished work (remove_stale).
  for (int n = 1;; ++n) {
    auto descriptor =
        lock_file(folder / "merge.lock", LOCK_EX | LOCK_NB,
                  "another rapporteur-index is building a generation of this index; wait for it, or stop it");
    if (descriptor) return merge_lock(*descriptor);
    if (descriptor.error().code != errc::index_locked || n == k_moments) return descriptor.error();
    std::this_thread::sleep_for(k_moment);
  }
}

result<commit_lock> commit_lock::exclusive(const fs::path& folder) {
  auto descriptor = lock_file(folder / "commit.lock", LOCK_EX, "");
  if (!descriptor) return descriptor.error();
  return commit_lock(*descriptor);
}

result<commit_lock> commit_lock::shared(const fs::path& folder) {
  auto descriptor = lock_file(folder / "commit.lock", LOCK_SH, "");
  // Every writer makes the file. A folder where it is not and cannot be made (a snapshot on a medium that is mounted
  // read-only) has none.
  if (!descriptor && descriptor.error().code == errc::not_found) return commit_lock(-1);
  if (!descriptor) return descriptor.error();
  return commit_lock(*descriptor);
}

}  // namespace rapporteur::index
