// The real rapporteur-index and rapporteur-server as child processes, and an index of the sample articles.
#pragma once

#include "tests/scratch.hpp"
#include "tests/server/http/raw_client.hpp"

#include <boost/json.hpp>
#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::test {

struct child_options {
  std::optional<unsigned> max_descriptors;
  std::vector<std::string> environment;  ///< NAME=VALUE, more than the test's own
};

/// A program that runs; stdout is read line by line, stderr goes to a file.
class child {
 public:
  child(const std::string& program, const std::vector<std::string>& arguments, const child_options& options = {});
  ~child();  ///< kills it if it still runs
  child(const child&) = delete;
  child& operator=(const child&) = delete;

  /// Next line of stdout; nothing when it has closed that.
  std::optional<std::string> read_line();
  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  void send_signal(int number) const;
  /// Waits for its end: the exit status, or 128 + the signal that ended it.
  int wait();
  /// What it has written to stderr so far.
  [[nodiscard]] std::string errors() const;
  /// Waits until stderr holds text.
  void await_error(std::string_view text) const;

 private:
  scratch_folder folder_;
  pid_t pid_ = -1;
  int stdout_ = -1;
  std::string unread_;
};

struct finished {
  int status = 0;
  std::string out, err;
};
/// Runs a program to its end.
finished run(const std::string& program, const std::vector<std::string>& arguments, const child_options& options = {});

/// Runs rapporteur-index; throws with its output if it does not end with status 0.
void run_indexer(const std::filesystem::path& index, const std::vector<std::string>& arguments);

/// tests/articles.
std::filesystem::path sample_articles();

/// An index of the sample articles, made once in a test process; not to be changed.
const std::filesystem::path& sample_index();

/// A running rapporteur-server on a free port.
class server_program {
 public:
  explicit server_program(const std::filesystem::path& index, std::vector<std::string> more_arguments = {},
                          const child_options& options = {});
  ~server_program();
  server_program(const server_program&) = delete;
  server_program& operator=(const server_program&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] const std::string& url() const noexcept { return url_; }
  [[nodiscard]] child& process() noexcept { return process_; }
  [[nodiscard]] http::test::answer get(std::string_view target, std::string_view more_fields = {}) const {
    return http::test::get(port_, target, more_fields);
  }
  /// The JSON of a 200.
  boost::json::value get_json(std::string_view target) const;
  http::test::answer post_form(std::string_view target, std::string_view body) const;

 private:
  child process_;
  std::string url_;
  std::uint16_t port_ = 0;
};

/// The texts of runs, joined; of marked ones only, if wanted.
std::string text_of(const boost::json::value& runs, bool only_marked = false);
std::string encode(std::string_view text);

}  // namespace rapporteur::test
