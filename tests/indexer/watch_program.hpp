// rapporteur-index watch as a child process, and the index that it writes, looked at from outside.
#pragma once

#include "index/reader.hpp"
#include "tests/indexer/support.hpp"

#include <boost/json/parse.hpp>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <functional>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace rapporteur::indexer {

/// Far longer than anything takes: only so that a test ends.
inline constexpr std::chrono::seconds k_bound{60};

inline std::string content_of_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  if (in.peek() != std::ifstream::traits_type::eof()) out << in.rdbuf();
  return std::move(out).str();
}

struct start_options {
  std::vector<std::string> environment;
  bool as_nobody = false;  ///< without root's rights, if the test has them
};

/// rapporteur-index, running; stdout is read line by line, stderr goes to a file.
class index_program {
 public:
  explicit index_program(const std::vector<std::string>& arguments, const start_options& options = {}) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    const std::string errors = folder_ / "stderr";
    std::string program = std::string(RAPPORTEUR_BINARY_DIR) + "/rapporteur-index";
    std::vector<std::string> words = arguments, variables = options.environment;
    variables.emplace_back("ASAN_OPTIONS=new_delete_type_mismatch=0");
    std::vector<char*> argv{program.data()}, envp;
    for (std::string& w : words) argv.push_back(w.data());
    for (std::string& v : variables) envp.push_back(v.data());
    argv.push_back(nullptr);
    envp.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
      const int error_file = ::open(errors.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
      ::dup2(ends[1], STDOUT_FILENO);
      ::dup2(error_file, STDERR_FILENO);
      constexpr uid_t k_nobody = 65534;
      if (options.as_nobody && ::geteuid() == 0 && (::setgid(k_nobody) != 0 || ::setuid(k_nobody) != 0)) ::_exit(126);
      ::execve(program.c_str(), argv.data(), envp.data());
      ::_exit(127);
    }
    ::close(ends[1]);
    stdout_ = ends[0];
  }
  ~index_program() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      wait();
    }
    ::close(stdout_);
  }
  index_program(const index_program&) = delete;
  index_program& operator=(const index_program&) = delete;

  void send_signal(int number) const { ::kill(pid_, number); }
  int wait() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  [[nodiscard]] std::string errors() const { return content_of_file(folder_ / "stderr"); }
  [[nodiscard]] std::size_t count_errors(std::string_view text) const {
    const std::string all = errors();
    std::size_t n = 0;
    for (auto at = all.find(text); at != std::string::npos; at = all.find(text, at + 1)) ++n;
    return n;
  }
  [[nodiscard]] bool await_error(std::string_view text) const {
    const auto end = std::chrono::steady_clock::now() + k_bound;
    while (count_errors(text) == 0) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::yield();
    }
    return true;
  }
  /// The next line of stdout, waited for; nothing if it ended or does not come.
  std::optional<std::string> read_line() {
    while (true) {
      if (const auto end = unread_.find('\n'); end != std::string::npos) {
        auto line = unread_.substr(0, end);
        unread_.erase(0, end + 1);
        return line;
      }
      pollfd p{stdout_, POLLIN, 0};
      if (::poll(&p, 1, static_cast<int>(std::chrono::milliseconds(k_bound).count())) <= 0) return std::nullopt;
      std::array<char, 4096> chunk{};
      const auto n = ::read(stdout_, chunk.data(), chunk.size());
      if (n <= 0) return std::nullopt;
      unread_.append(chunk.data(), static_cast<std::size_t>(n));
    }
  }
  std::string read_all() {
    std::string all;
    while (auto line = read_line()) all += *line + '\n';
    return all;
  }

 private:
  temporary_folder folder_;
  pid_t pid_ = -1;
  int stdout_ = -1;
  std::string unread_;
};

/// The index as a reader sees it at this moment.
class index_view {
 public:
  explicit index_view(std::filesystem::path index) : index_(std::move(index)) {}

  /// The title of the article of that id; "none" if there is none.
  [[nodiscard]] std::string title_of(const std::string& id) const {
    return asked<std::string>([&](index::reader& r) -> std::optional<std::string> {
      const auto document = r.find(id);
      if (document == 0) return "none";
      const auto record = r.get_record(document);
      if (!record) return std::nullopt;
      return record->fields.title;
    });
  }
  [[nodiscard]] bool has(const std::string& id) const { return title_of(id) != "none"; }
  [[nodiscard]] std::uint64_t articles() const {
    return asked<std::uint64_t>([](index::reader& r) { return std::optional<std::uint64_t>(r.info().articles); });
  }
  [[nodiscard]] std::uint64_t revision() const {
    return asked<std::uint64_t>([](index::reader& r) { return std::optional<std::uint64_t>(r.info().revision); });
  }

 private:
  // Two commits while it reads can spoil a reader's view; then it looks again.
  template <class T>
  T asked(const std::function<std::optional<T>(index::reader&)>& f) const {
    const auto end = std::chrono::steady_clock::now() + k_bound;
    while (std::chrono::steady_clock::now() < end) {
      auto r = index::reader::open(index_);
      if (!r) {
        if (r.error().code == errc::index_missing) throw std::runtime_error(r.error().message);
        continue;
      }
      try {
        if (auto answer = f(*r)) return *answer;
      } catch (const std::exception&) {
        continue;
      }
    }
    throw std::runtime_error("the index cannot be read");
  }
  std::filesystem::path index_;
};

}  // namespace rapporteur::indexer
