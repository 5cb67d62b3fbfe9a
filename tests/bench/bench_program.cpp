#include "tests/bench/bench_program.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

namespace rapporteur::bench {
namespace {

namespace fs = std::filesystem;

double seconds(const timeval& t) {
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
}

std::string contents(const fs::path& file) {
  std::ostringstream all;
  std::ifstream in(file, std::ios::binary);
  if (in.peek() != std::ifstream::traits_type::eof()) all << in.rdbuf();
  return std::move(all).str();
}

pid_t start(const std::vector<std::string>& words, const std::vector<std::string>& environment, const fs::path& said,
            bool own_group) {
  std::vector<std::string> copies = words;
  std::vector<char*> arguments;
  for (std::string& w : copies) arguments.push_back(w.data());
  arguments.push_back(nullptr);
  std::vector<std::string> settings = environment;
  const std::string out = said.string();

  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child == 0) {
    const int file = ::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::dup2(file, STDOUT_FILENO);
    ::dup2(file, STDERR_FILENO);
    if (own_group) {
      ::setpgid(0, 0);
      ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    }
    for (std::string& s : settings) ::putenv(s.data());
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
  }
  if (own_group) ::setpgid(child, child);  // whichever of the two comes first
  return child;
}

// The number behind NAME: in a file of lines "NAME:   number kB", in 10^6 bytes.
double megabytes_in(const fs::path& file, std::string_view name) {
  std::string line;
  for (std::ifstream in(file); std::getline(in, line);) {
    if (!line.starts_with(name) || line.size() <= name.size() || line[name.size()] != ':') continue;
    return std::strtod(line.c_str() + name.size() + 1, nullptr) * 1024 / 1e6;
  }
  return 0;
}

}  // namespace

cost run_measured(const std::vector<std::string>& words, const std::vector<std::string>& environment,
                  const fs::path& said, bool some_may_fail) {
  const auto began = std::chrono::steady_clock::now();
  const pid_t child = start(words, environment, said, false);
  int status = 0;
  rusage used{};
  while (::wait4(child, &status, 0, &used) < 0 && errno == EINTR) {
  }
  cost c;
  c.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  c.cpu_seconds = seconds(used.ru_utime) + seconds(used.ru_stime);
  c.peak_megabytes = static_cast<double>(used.ru_maxrss) * 1024 / 1e6;
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  if (code != 0 && !(code == 1 && some_may_fail)) {
    throw std::runtime_error(fmt::format("{} ended with status {}:\n{}", words[0], code, contents(said)));
  }
  return c;
}

running_program::running_program(const std::vector<std::string>& words, const std::vector<std::string>& environment,
                                 fs::path said)
    : name_(words[0]), said_(std::move(said)), pid_(start(words, environment, said_, true)) {}

running_program::~running_program() {
  ::kill(-pid_, SIGTERM);
  for (int tenths = 0; tenths < 100 && !has_ended(); ++tenths) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  // The leader may have ended before those that it had started.
  ::kill(-pid_, SIGKILL);
  if (!ended_) ::waitpid(pid_, nullptr, 0);
}

std::string running_program::said() const {
  return contents(said_);
}

void running_program::expect_running() {
  if (has_ended()) throw std::runtime_error(fmt::format("{} has ended:\n{}", name_, said()));
}

bool running_program::has_ended() {
  if (!ended_) ended_ = ::waitpid(pid_, nullptr, WNOHANG) == pid_;
  return ended_;
}

double memory_of(pid_t process, const char* figure) {
  return megabytes_in(fmt::format("/proc/{}/status", process), figure);
}

double processor_seconds_of(pid_t process) {
  double nanoseconds = 0;
  std::error_code failure;
  for (const auto& thread : fs::directory_iterator(fmt::format("/proc/{}/task", process), failure)) {
    double one = 0;
    if (std::ifstream in(thread.path() / "schedstat"); in >> one) nanoseconds += one;
  }
  if (nanoseconds == 0) throw std::runtime_error("the kernel keeps no /proc/PID/task/TID/schedstat");
  return nanoseconds / 1e9;
}

double memory_of_group(pid_t group) {
  double sum = 0;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator("/proc", failure)) {
    const std::string name = entry.path().filename().string();
    pid_t process = 0;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), process);
    if (read.ptr != name.data() + name.size() || ::getpgid(process) != group) continue;
    sum += megabytes_in(entry.path() / "smaps_rollup", "Pss");
  }
  return sum;
}

std::uint64_t bytes_below(const fs::path& folder) {
  std::uint64_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) bytes += entry.file_size();
  }
  return bytes;
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

std::string machine() {
  std::string model = "unknown processor";
  std::string line;
  for (std::ifstream in("/proc/cpuinfo"); std::getline(in, line);) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) {
      model = line.substr(colon + 2);
      break;
    }
  }
  const double memory =
      static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGE_SIZE)) / 1e9;
  return fmt::format("{} × {}, {:.0f} GB", std::thread::hardware_concurrency(), model, memory);
}

}  // namespace rapporteur::bench
