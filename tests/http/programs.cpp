#include "tests/http/programs.hpp"

#include "server/http/uri.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>

namespace rapporteur::test {
namespace fs = std::filesystem;
namespace {

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  if (in.peek() != std::ifstream::traits_type::eof()) out << in.rdbuf();
  return std::move(out).str();
}

std::string program_file(const std::string& name) {
  return std::string(RAPPORTEUR_BINARY_DIR) + "/" + name;
}

/// The environment of the child: the test's own without settings of Rapporteur, and the given.
std::vector<std::string> environment_of(const child_options& options) {
  std::vector<std::string> all;
  for (char** e = environ; *e != nullptr; ++e) {
    if (!std::string_view(*e).starts_with("RAPPORTEUR_")) all.emplace_back(*e);
  }
  all.insert(all.end(), options.environment.begin(), options.environment.end());
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (auto& t : texts) all.push_back(t.data());
  all.push_back(nullptr);
  return all;
}

}  // namespace

child::child(const std::string& program, const std::vector<std::string>& arguments, const child_options& options) {
  std::vector<std::string> words{program_file(program)};
  words.insert(words.end(), arguments.begin(), arguments.end());
  auto variables = environment_of(options);
  auto argv = pointers(words);
  auto envp = pointers(variables);
  const auto errors = (folder_.path() / "stderr").string();
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("cannot make a pipe");
  pid_ = ::fork();
  if (pid_ == 0) {
    // Only what is safe between fork and exec.
    const int error_file = ::open(errors.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(ends[1], STDOUT_FILENO);
    ::dup2(error_file, STDERR_FILENO);
    if (options.max_descriptors) {
      const rlimit limit{.rlim_cur = *options.max_descriptors, .rlim_max = *options.max_descriptors};
      ::setrlimit(RLIMIT_NOFILE, &limit);
    }
    ::execve(argv[0], argv.data(), envp.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  stdout_ = ends[0];
}

child::~child() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    wait();
  }
  ::close(stdout_);
}

std::optional<std::string> child::read_line() {
  while (true) {
    const auto end = unread_.find('\n');
    if (end != std::string::npos) {
      auto line = unread_.substr(0, end);
      unread_.erase(0, end + 1);
      return line;
    }
    std::array<char, 4096> chunk;
    const auto n = ::read(stdout_, chunk.data(), chunk.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return std::nullopt;
    unread_.append(chunk.data(), static_cast<std::size_t>(n));
  }
}

void child::send_signal(int number) const {
  ::kill(pid_, number);
}

int child::wait() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string child::errors() const {
  return read_file(folder_.path() / "stderr");
}

void child::await_error(std::string_view text) const {
  while (errors().find(text) == std::string::npos) std::this_thread::yield();
}

finished run(const std::string& program, const std::vector<std::string>& arguments, const child_options& options) {
  child c(program, arguments, options);
  finished f;
  while (auto line = c.read_line()) f.out += *line + '\n';
  f.status = c.wait();
  f.err = c.errors();
  return f;
}

void run_indexer(const fs::path& index, const std::vector<std::string>& arguments) {
  std::vector<std::string> all{"--index", index.string()};
  all.insert(all.end(), arguments.begin(), arguments.end());
  const auto f = run("rapporteur-index", all);
  if (f.status != 0) {
    throw std::runtime_error("rapporteur-index ended with " + std::to_string(f.status) + ":\n" + f.out + f.err);
  }
}

fs::path sample_articles() {
  return fs::path(RAPPORTEUR_SOURCE_DIR) / "tests" / "articles";
}

const fs::path& sample_index() {
  static const scratch_folder folder;
  static const fs::path index = [] {
    auto made = folder.path() / "index";
    run_indexer(made, {"add", sample_articles().string()});
    return made;
  }();
  return index;
}

namespace {

std::vector<std::string> server_arguments(const fs::path& index, std::vector<std::string> more) {
  std::vector<std::string> all{"--index", index.string(), "--address", "127.0.0.1", "--port", "0"};
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  return all;
}

}  // namespace

server_program::server_program(const fs::path& index, std::vector<std::string> more_arguments,
                               const child_options& options)
    : process_("rapporteur-server", server_arguments(index, std::move(more_arguments)), options) {
  const auto line = process_.read_line();
  constexpr std::string_view k_said = "listening on ";
  if (!line || !line->starts_with(k_said)) {
    throw std::runtime_error("rapporteur-server does not listen:\n" + line.value_or("") + process_.errors());
  }
  url_ = line->substr(k_said.size());
  port_ = static_cast<std::uint16_t>(std::stoul(url_.substr(url_.rfind(':') + 1)));
}

server_program::~server_program() = default;

boost::json::value server_program::get_json(std::string_view target) const {
  const auto a = get(target);
  if (a.status != 200) throw std::runtime_error(std::string(target) + ": " + a.head + a.body);
  return boost::json::parse(a.body);
}

http::test::answer server_program::post_form(std::string_view target, std::string_view body) const {
  http::test::raw_client client(port_);
  auto a =
      client.ask("POST " + std::string(target) +
                 " HTTP/1.1\r\nHost: test\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                 "Content-Length: " +
                 std::to_string(body.size()) + "\r\n\r\n" + std::string(body));
  if (!a) throw std::runtime_error("no answer to POST " + std::string(target));
  return *a;
}

std::string text_of(const boost::json::value& runs, bool only_marked) {
  std::string text;
  for (const auto& run : runs.as_array()) {
    const bool marked = run.as_object().contains("match");
    if (marked || !only_marked) text += std::string_view(run.at("text").as_string()).data();
  }
  return text;
}

std::string encode(std::string_view text) {
  std::string out;
  http::percent_encode(out, text);
  return out;
}

}  // namespace rapporteur::test
