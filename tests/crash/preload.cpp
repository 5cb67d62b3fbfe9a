// A library to be loaded before a program (LD_PRELOAD): it kills the program at a chosen moment, makes its writes fail,
// or writes down what it asks of the file system. The program knows nothing of it.
//
// Only what happens below one folder counts, and only in the process that was started. The environment says what to do:
//
//   CRASH_TEST_FOLDER=DIR       the folder, absolute and canonical; without it nothing is done
//   CRASH_TEST_POINTS=commit    what counts as a point: calls that make something durable, visible or gone (fsync,
//                               fdatasync, rename, link, unlink, mkdir, rmdir, ftruncate); the default
//   CRASH_TEST_POINTS=all       writes and the making of files as well
//   CRASH_TEST_KILL_AT=N        SIGKILL right before the Nth point (from 1) …
//   CRASH_TEST_WHEN=after       … or right behind it
//   CRASH_TEST_FAIL_AT=N        the Nth point fails with …
//   CRASH_TEST_ERRNO=NUMBER     … this errno, and
//   CRASH_TEST_LASTING=1        so do all that follow, but for those that only remove, as on a full disk
//   CRASH_TEST_COUNT=FILE       the number of points is written there at the end
//   CRASH_TEST_TRACE=FILE       one line a call, fields divided by tabs: see trace_of
//
// The calls are made with syscall(2), so that none of libc's own names is needed. fopen is the exception.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace {

enum class point : unsigned char {
  write,   ///< data goes into a file
  create,  ///< a file comes into being or is emptied
  commit,  ///< durable, or visible
  remove,  ///< gone
};

class watch {
 public:
  watch() {
    const char* folder = std::getenv("CRASH_TEST_FOLDER");
    if (folder == nullptr) return;
    folder_ = folder;
    process_ = ::getpid();
    all_ = text("CRASH_TEST_POINTS") == "all";
    kill_at_ = number("CRASH_TEST_KILL_AT");
    after_ = text("CRASH_TEST_WHEN") == "after";
    fail_at_ = number("CRASH_TEST_FAIL_AT");
    errno_ = static_cast<int>(number("CRASH_TEST_ERRNO"));
    lasting_ = number("CRASH_TEST_LASTING") != 0;
    count_file_ = text("CRASH_TEST_COUNT");
    const std::string trace = text("CRASH_TEST_TRACE");
    if (!trace.empty()) trace_ = open_raw(trace, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND);
  }
  watch(const watch&) = delete;
  watch& operator=(const watch&) = delete;
  ~watch() {
    if (!active() || count_file_.empty()) return;
    const std::string digits = std::to_string(points_) + "\n";
    const int file = open_raw(count_file_, O_WRONLY | O_CREAT | O_TRUNC);
    ::syscall(SYS_write, file, digits.data(), digits.size());
  }

  [[nodiscard]] bool active() const { return !folder_.empty() && ::getpid() == process_; }

  [[nodiscard]] bool is_below(std::string_view path) const {
    return path.starts_with(folder_) && (path.size() == folder_.size() || path[folder_.size()] == '/');
  }

  // The path of an open file, as it is called now; empty unless it is a file or folder below ours.
  [[nodiscard]] std::string below(int descriptor) const {
    if (descriptor < 0 || !active()) return {};
    std::array<char, PATH_MAX> path{};
    const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
    const long size = ::syscall(SYS_readlink, link.c_str(), path.data(), path.size());
    const std::string_view found(path.data(), size < 0 ? 0 : static_cast<std::size_t>(size));
    return is_below(found) ? std::string(found) : std::string();
  }
  [[nodiscard]] std::string below(int folder, const char* name) const {
    if (!active() || name == nullptr) return {};
    std::string path = name;
    if (path.empty() || path[0] != '/') {
      std::string base;
      if (folder == AT_FDCWD) {
        std::array<char, PATH_MAX> here{};
        if (::syscall(SYS_getcwd, here.data(), here.size()) > 0) base = here.data();
      } else {
        base = below(folder);
      }
      if (base.empty()) return {};
      path = base + "/" + path;
    }
    while (path.size() > 1 && path.back() == '/') path.pop_back();
    return is_below(path) ? path : std::string();
  }

  // Makes the call under the lock: what the trace says happened in that order. path: below(…); nothing else counts.
  template <class Call>
  auto run(point kind, const char* what, const std::string& path, const std::string& second, Call call)
      -> decltype(call()) {
    if (path.empty()) return call();
    const std::lock_guard lock(mutex_);
    const bool counts = all_ || kind == point::commit || kind == point::remove;
    if (counts) ++points_;
    const bool here = counts && points_ == kill_at_;
    if (here && !after_) die();
    const bool fails =
        fail_at_ != 0 && counts && (points_ == fail_at_ || (lasting_ && points_ > fail_at_ && kind != point::remove));
    if (fails) {
      if (trace_ >= 0) trace_of("failed", path, what, {});
      if (std::string_view(what) == "sync") owed_ = true;
      errno = errno_;
      return -1;
    }
    if (std::string_view(what) == "syncfs" && std::exchange(owed_, false)) {
      errno = errno_;
      return -1;
    }
    const std::string content = trace_ >= 0 && std::string_view(what) == "rename" ? first_line(path) : std::string();
    const auto outcome = call();
    const int number = errno;
    if (trace_ >= 0 && outcome >= 0) trace_of(what, path, second, content);
    if (here) die();
    errno = number;
    return outcome;
  }

 private:
  static std::string text(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
  }
  static unsigned long number(const char* name) { return std::strtoul(text(name).c_str(), nullptr, 10); }
  static int open_raw(const std::string& path, int flags) {
    return static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path.c_str(), flags | O_CLOEXEC, 0600));
  }
  [[noreturn]] void die() const {
    ::kill(process_, SIGKILL);
    while (true) ::pause();
  }
  // What the new `current` says is wanted at the moment when it is put in place.
  static std::string first_line(const std::string& path) {
    std::array<char, 256> bytes{};
    const int file = open_raw(path, O_RDONLY);
    if (file < 0) return {};
    const long size = ::syscall(SYS_read, file, bytes.data(), bytes.size());
    ::syscall(SYS_close, file);
    const std::string_view read(bytes.data(), size < 0 ? 0 : static_cast<std::size_t>(size));
    const std::string_view line = read.substr(0, read.find('\n'));
    return line.find_first_of(std::string_view("\t\0", 2)) == std::string_view::npos ? std::string(line)
                                                                                     : std::string();
  }
  // WHAT, path, second path of a rename, first line of what is renamed; or "failed", path, WHAT.
  void trace_of(const char* what, const std::string& path, const std::string& second,
                const std::string& content) const {
    const std::string line = std::string(what) + '\t' + path + '\t' + second + '\t' + content + '\n';
    ::syscall(SYS_write, trace_, line.data(), line.size());
  }

  std::string folder_, count_file_;
  pid_t process_ = 0;
  bool all_ = false, after_ = false, lasting_ = false;
  unsigned long kill_at_ = 0, fail_at_ = 0, points_ = 0;
  int errno_ = EIO;
  int trace_ = -1;
  bool owed_ = false;  // a sync has failed: Linux lets the next syncfs fail, but no later sync of that file
  std::mutex mutex_;
};

watch& watching() {
  static watch w;
  return w;
}

bool makes_or_empties(int flags) {
  return (flags & (O_CREAT | O_TRUNC)) != 0;
}

// Opening for a write changes nothing of a file that is there and keeps its content.
const char* kind_of_open(const std::string& path, int flags) {
  struct stat known {};
  const bool is_there = ::syscall(SYS_newfstatat, AT_FDCWD, path.c_str(), &known, 0) == 0;
  if (!is_there) return (flags & O_CREAT) != 0 ? "create" : nullptr;
  return (flags & O_TRUNC) != 0 ? "truncate" : nullptr;
}

int open_counted(int folder, const char* name, int flags, mode_t mode) {
  const auto call = [=] { return static_cast<int>(::syscall(SYS_openat, folder, name, flags, mode)); };
  if (!makes_or_empties(flags)) return call();
  const std::string path = watching().below(folder, name);
  const char* kind = path.empty() ? nullptr : kind_of_open(path, flags);
  return kind == nullptr ? call() : watching().run(point::create, kind, path, {}, call);
}

template <class Call>
ssize_t write_counted(int file, Call call) {
  return watching().run(point::write, "write", watching().below(file), {}, call);
}

template <class Call>
int at_file(point kind, const char* what, int file, Call call) {
  return watching().run(kind, what, watching().below(file), {}, call);
}

template <class Call>
int at_path(point kind, const char* what, int folder, const char* name, Call call) {
  return watching().run(kind, what, watching().below(folder, name), {}, call);
}

int rename_counted(int old_folder, const char* old_name, int new_folder, const char* new_name, unsigned flags) {
  return watching().run(
      point::commit, "rename", watching().below(old_folder, old_name), watching().below(new_folder, new_name),
      [=] { return static_cast<int>(::syscall(SYS_renameat2, old_folder, old_name, new_folder, new_name, flags)); });
}

int link_counted(int old_folder, const char* old_name, int new_folder, const char* new_name, int flags) {
  return watching().run(point::commit, "link", watching().below(new_folder, new_name), {}, [=] {
    return static_cast<int>(::syscall(SYS_linkat, old_folder, old_name, new_folder, new_name, flags));
  });
}

using fopen_function = FILE* (*)(const char*, const char*);

// fopen makes files by a call within libc, which cannot be caught: it is counted as a whole.
FILE* fopen_counted(const char* which, const char* name, const char* mode) {
  const auto real = reinterpret_cast<fopen_function>(::dlsym(RTLD_NEXT, which));
  if (mode == nullptr || (mode[0] != 'w' && mode[0] != 'a')) return real(name, mode);
  const std::string path = watching().below(AT_FDCWD, name);
  const char* kind = path.empty() ? nullptr : kind_of_open(path, mode[0] == 'w' ? O_CREAT | O_TRUNC : O_CREAT);
  if (kind == nullptr) return real(name, mode);
  FILE* file = nullptr;
  watching().run(point::create, kind, path, {}, [&] {
    file = real(name, mode);
    return file == nullptr ? -1 : 0;
  });
  return file;
}

// So that the environment is read before the program changes it.
[[gnu::constructor]] void begin() {
  watching();
}

}  // namespace

extern "C" {

int open(const char* name, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  return open_counted(AT_FDCWD, name, flags, mode);
}
int open64(const char* name, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  return open_counted(AT_FDCWD, name, flags, mode);
}
int openat(int folder, const char* name, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  return open_counted(folder, name, flags, mode);
}
int openat64(int folder, const char* name, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  return open_counted(folder, name, flags, mode);
}
int creat(const char* name, mode_t mode) {
  return open_counted(AT_FDCWD, name, O_CREAT | O_WRONLY | O_TRUNC, mode);
}
FILE* fopen(const char* name, const char* mode) {
  return fopen_counted("fopen", name, mode);
}
FILE* fopen64(const char* name, const char* mode) {
  return fopen_counted("fopen64", name, mode);
}

ssize_t write(int file, const void* bytes, size_t size) {
  return write_counted(file, [=] { return static_cast<ssize_t>(::syscall(SYS_write, file, bytes, size)); });
}
ssize_t writev(int file, const iovec* parts, int count) {
  return write_counted(file, [=] { return static_cast<ssize_t>(::syscall(SYS_writev, file, parts, count)); });
}
ssize_t pwrite(int file, const void* bytes, size_t size, off_t at) {
  return write_counted(file, [=] { return static_cast<ssize_t>(::syscall(SYS_pwrite64, file, bytes, size, at)); });
}
ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t at) {
  return write_counted(file, [=] { return static_cast<ssize_t>(::syscall(SYS_pwrite64, file, bytes, size, at)); });
}
ssize_t sendfile(int to, int from, off_t* at, size_t size) {
  return write_counted(to, [=] { return static_cast<ssize_t>(::syscall(SYS_sendfile, to, from, at, size)); });
}
ssize_t sendfile64(int to, int from, off64_t* at, size_t size) {
  return write_counted(to, [=] { return static_cast<ssize_t>(::syscall(SYS_sendfile, to, from, at, size)); });
}
ssize_t copy_file_range(int from, off64_t* from_at, int to, off64_t* to_at, size_t size, unsigned flags) {
  return write_counted(
      to, [=] { return static_cast<ssize_t>(::syscall(SYS_copy_file_range, from, from_at, to, to_at, size, flags)); });
}

int syncfs(int file) {
  return at_file(point::commit, "syncfs", file, [=] { return static_cast<int>(::syscall(SYS_syncfs, file)); });
}
int fsync(int file) {
  return at_file(point::commit, "sync", file, [=] { return static_cast<int>(::syscall(SYS_fsync, file)); });
}
int fdatasync(int file) {
  return at_file(point::commit, "sync", file, [=] { return static_cast<int>(::syscall(SYS_fdatasync, file)); });
}
int ftruncate(int file, off_t size) {
  return at_file(point::commit, "truncate", file,
                 [=] { return static_cast<int>(::syscall(SYS_ftruncate, file, size)); });
}
int ftruncate64(int file, off64_t size) {
  return at_file(point::commit, "truncate", file,
                 [=] { return static_cast<int>(::syscall(SYS_ftruncate, file, size)); });
}

int rename(const char* from, const char* to) {
  return rename_counted(AT_FDCWD, from, AT_FDCWD, to, 0);
}
int renameat(int from_folder, const char* from, int to_folder, const char* to) {
  return rename_counted(from_folder, from, to_folder, to, 0);
}
int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) {
  return rename_counted(from_folder, from, to_folder, to, flags);
}
int link(const char* from, const char* to) {
  return link_counted(AT_FDCWD, from, AT_FDCWD, to, 0);
}
int linkat(int from_folder, const char* from, int to_folder, const char* to, int flags) {
  return link_counted(from_folder, from, to_folder, to, flags);
}

int mkdir(const char* name, mode_t mode) {
  return at_path(point::commit, "mkdir", AT_FDCWD, name,
                 [=] { return static_cast<int>(::syscall(SYS_mkdirat, AT_FDCWD, name, mode)); });
}
int mkdirat(int folder, const char* name, mode_t mode) {
  return at_path(point::commit, "mkdir", folder, name,
                 [=] { return static_cast<int>(::syscall(SYS_mkdirat, folder, name, mode)); });
}
int unlinkat(int folder, const char* name, int flags) {
  return at_path(point::remove, "remove", folder, name,
                 [=] { return static_cast<int>(::syscall(SYS_unlinkat, folder, name, flags)); });
}
int unlink(const char* name) {
  return unlinkat(AT_FDCWD, name, 0);
}
int rmdir(const char* name) {
  return unlinkat(AT_FDCWD, name, AT_REMOVEDIR);
}
int remove(const char* name) {
  const int file = unlink(name);
  return file != 0 && (errno == EISDIR || errno == EPERM) ? rmdir(name) : file;
}

}  // extern "C"
