#include "tests/bench/index_bench_child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace rapporteur::bench {
namespace {

namespace fs = std::filesystem;

double seconds(const timeval& t) {
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
}

}  // namespace

cost run_measured(const std::vector<std::string>& words, const std::vector<std::string>& environment,
                  const fs::path& said, bool some_may_fail) {
  std::vector<std::string> copies = words;
  std::vector<char*> arguments;
  for (std::string& w : copies) arguments.push_back(w.data());
  arguments.push_back(nullptr);
  std::vector<std::string> settings = environment;
  const std::string out = said.string();

  const auto began = std::chrono::steady_clock::now();
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child == 0) {
    const int file = ::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::dup2(file, STDOUT_FILENO);
    ::dup2(file, STDERR_FILENO);
    for (std::string& s : settings) ::putenv(s.data());
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
  }
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
    std::ostringstream message;
    message << words[0] << " ended with status " << code << ":\n" << std::ifstream(said).rdbuf();
    throw std::runtime_error(message.str());
  }
  return c;
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
