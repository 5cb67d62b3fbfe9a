// rapporteur-index as its users run it: a child process, its exit status and what it prints.
#include "tests/indexer/support.hpp"

#include <boost/json/parse.hpp>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <functional>
#include <thread>

namespace rapporteur::indexer {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

struct ended {
  int status = -1;  ///< 128 + signal if it was killed
  std::string out, err;
};

/// Runs the program to its end. on_err is called for what it writes to stderr, as it comes.
ended run_program(const std::vector<std::string>& arguments, const std::vector<std::string>& environment = {},
                  const std::function<void(pid_t, const std::string&)>& on_err = {}) {
  std::array<int, 2> out{}, err{};
  if (::pipe(out.data()) != 0 || ::pipe(err.data()) != 0) throw std::runtime_error("no pipe");
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(out[1], STDOUT_FILENO);
    ::dup2(err[1], STDERR_FILENO);
    for (const int fd : {out[0], out[1], err[0], err[1]}) ::close(fd);
    std::vector<char*> argv, envp;
    std::string program = std::string(RAPPORTEUR_BINARY_DIR) + "/rapporteur-index";
    argv.push_back(program.data());
    std::vector<std::string> all = arguments, variables = environment;
    // Xapian::Database::check of 1.4.22 frees an object by a smaller size than it has; not ours to mend.
    variables.emplace_back("ASAN_OPTIONS=new_delete_type_mismatch=0");
    for (std::string& a : all) argv.push_back(a.data());
    for (std::string& v : variables) envp.push_back(v.data());
    argv.push_back(nullptr);
    envp.push_back(nullptr);
    ::execve(program.c_str(), argv.data(), envp.data());
    ::_exit(127);
  }
  ::close(out[1]);
  ::close(err[1]);
  ended e;
  const auto drain = [](int fd, std::string& to, const std::function<void()>& then) {
    std::array<char, 4096> chunk{};
    for (ssize_t n = 0; (n = ::read(fd, chunk.data(), chunk.size())) > 0;) {
      to.append(chunk.data(), static_cast<std::size_t>(n));
      then();
    }
    ::close(fd);
  };
  std::thread reader([&] { drain(out[0], e.out, [] {}); });
  drain(err[0], e.err, [&] {
    if (on_err) on_err(child, e.err);
  });
  reader.join();
  int status = 0;
  ::waitpid(child, &status, 0);
  e.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return e;
}

class program : public testing::Test {
 protected:
  /// With an empty configuration of its own, so that none of this machine is read.
  ended index(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--config", config_, "--index", folder_ / "index"});
    return run_program(arguments);
  }

  temporary_folder folder_;
  std::string config_ = folder_.write("rapporteur.toml", "");
};

const char* const k_two =
    "{\"id\":\"1\",\"title\":\"One\",\"source\":\"The Courier\",\"year\":2019,\"lang\":\"en\"}\n"
    "{\"id\":\"2\",\"title\":\"Two\"}\n";

TEST_F(program, exits_with_0_when_all_is_well) {
  const ended e = index({"add", folder_.write("a.jsonl", k_two)});
  EXPECT_EQ(e.status, 0) << e.err;
  EXPECT_THAT(e.out, HasSubstr("added                  2\n"));
  EXPECT_EQ(index({"check"}).status, 0);
  const ended stats = index({"stats"});
  EXPECT_EQ(stats.status, 0);
  EXPECT_THAT(stats.out, HasSubstr("articles   2\n"));
  EXPECT_THAT(stats.out, HasSubstr("The Courier"));
  EXPECT_THAT(stats.out, HasSubstr("undated    1\n"));
}

TEST_F(program, exits_with_1_when_some_failed_and_the_rest_is_in) {
  folder_.write("in/a.jsonl", std::string(k_two) + "broken\n");
  folder_.write("in/empty.txt", "");
  const ended e = index({"add", folder_ / "in"});
  EXPECT_EQ(e.status, 1);
  EXPECT_THAT(e.err, HasSubstr("/in/a.jsonl:3:1: not valid JSON: unexpected \"broken\"\n"));
  EXPECT_THAT(e.err, HasSubstr("/in/empty.txt: the file is empty\n"));
  EXPECT_THAT(e.out, HasSubstr("failed                 2\n"));
  EXPECT_THAT(index({"stats"}).out, HasSubstr("articles   2\n"));
}

TEST_F(program, exits_with_1_when_nothing_was_found) {
  const ended e = index({"rebuild", folder_ / "missing"});
  EXPECT_EQ(e.status, 1);
  EXPECT_THAT(e.err, HasSubstr("the index is as it was"));
}

TEST_F(program, exits_with_2_on_wrong_usage) {
  const std::vector<std::vector<std::string>> wrong = {{},
                                                       {"add"},
                                                       {"rebuild"},
                                                       {"remove"},
                                                       {"frobnicate"},
                                                       {"--frobnicate", "check"},
                                                       {"check", "stats"},
                                                       {"check", "extra"}};
  for (const auto& arguments : wrong) {
    const ended e = index(arguments);
    EXPECT_EQ(e.status, 2) << testing::PrintToString(arguments) << e.err;
    EXPECT_THAT(e.err, HasSubstr("rapporteur-index: ")) << testing::PrintToString(arguments);
    EXPECT_THAT(e.out, IsEmpty());
  }
}

TEST_F(program, exits_with_2_on_a_wrong_configuration) {
  const std::string bad = folder_.write("bad.toml", "[indexer]\nzstd_level = 99\nfrobnicate = 1\n");
  for (const char* what : {"--check-config", "stats"}) {
    const ended e = run_program({"--config", bad, what});
    EXPECT_EQ(e.status, 2);
    EXPECT_THAT(e.err, HasSubstr("bad.toml:2"));
    EXPECT_THAT(e.err, HasSubstr("bad.toml:3"));
  }
  EXPECT_EQ(run_program({"--config", folder_ / "missing.toml", "--check-config"}).status, 2);
  EXPECT_EQ(run_program({"--config", config_, "stats"}, {"RAPPORTEUR_INDEXER_ZSTD_LEVEL=x"}).status, 2);
}

TEST_F(program, exits_with_3_without_a_usable_index) {
  for (const char* command : {"check", "stats"}) EXPECT_EQ(index({command}).status, 3) << command;
  EXPECT_EQ(index({"remove", "1"}).status, 3);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "index"));  // and makes none
  folder_.write("index", "a file in the way");
  const ended e = index({"add", folder_.write("a.jsonl", k_two)});
  EXPECT_EQ(e.status, 3);
  EXPECT_THAT(e.err, HasSubstr("rapporteur-index: "));
}

TEST_F(program, removes_by_id_and_names_the_unknown) {
  ASSERT_EQ(index({"add", folder_.write("a.jsonl", k_two)}).status, 0);
  const ended partly = index({"remove", "2", "nobody"});
  EXPECT_EQ(partly.status, 1);
  EXPECT_THAT(partly.err, HasSubstr("nobody: no such article\n"));
  EXPECT_EQ(partly.out, "removed 1 of 2\n");
  const ended all = index({"--json", "remove", "1"});
  EXPECT_EQ(all.status, 0);
  EXPECT_EQ(all.out, "{\"removed\":1,\"unknown\":[]}\n");
  EXPECT_THAT(index({"stats"}).out, HasSubstr("articles   0\n"));
}

TEST_F(program, prints_json_for_programs) {
  const ended added = index({"add", "--json", folder_.write("a.jsonl", std::string(k_two) + "broken\n")});
  EXPECT_EQ(added.status, 1);
  const auto account = boost::json::parse(added.out).as_object();
  EXPECT_EQ(account.at("read").as_int64(), 3);
  EXPECT_EQ(account.at("added").as_int64(), 2);
  EXPECT_EQ(account.at("failures").as_object().at("not valid JSON").as_int64(), 1);
  const auto stats = boost::json::parse(index({"--json", "stats"}).out).as_object();
  EXPECT_EQ(stats.at("articles").as_int64(), 2);
  EXPECT_EQ(stats.at("undated").as_int64(), 1);
  EXPECT_EQ(stats.at("years").as_array().at(0).as_object().at("value").as_string(), "2019");
  EXPECT_TRUE(boost::json::parse(index({"check", "--json"}).out).as_object().at("problems").as_array().empty());
}

TEST_F(program, quiet_says_only_what_went_wrong) {
  const ended well = index({"-q", "add", folder_.write("a.jsonl", k_two)});
  EXPECT_THAT(well.out, IsEmpty());
  EXPECT_THAT(well.err, IsEmpty());
  const ended badly = index({"--quiet", "add", folder_.write("b.jsonl", "broken\n")});
  EXPECT_EQ(badly.status, 1);
  EXPECT_THAT(badly.err, HasSubstr("b.jsonl:1:1: not valid JSON"));
}

TEST_F(program, explains_itself) {
  const ended help = run_program({"--help"});
  EXPECT_EQ(help.status, 0);
  for (const char* word :
       {"add", "rebuild", "remove", "check", "stats", "--config", "--index", "--json", "Exit status"}) {
    EXPECT_THAT(help.out, HasSubstr(word));
  }
  EXPECT_THAT(run_program({"add", "--help"}).out, HasSubstr("PATH"));
  EXPECT_THAT(run_program({"--version"}).out, testing::StartsWith("rapporteur-index "));
}

TEST_F(program, prints_a_configuration_that_it_accepts) {
  const ended printed = index({"--print-config"});
  EXPECT_EQ(printed.status, 0);
  EXPECT_THAT(printed.out, HasSubstr(folder_ / "index"));
  const std::string copy = folder_.write("copy.toml", printed.out);
  const ended checked = run_program({"--config", copy, "--check-config"});
  EXPECT_EQ(checked.status, 0) << checked.err;
  EXPECT_THAT(checked.out, IsEmpty());
}

class program_signalled : public program, public testing::WithParamInterface<int> {};

TEST_P(program_signalled, leaves_the_index_as_it_was) {
  ASSERT_EQ(index({"add", folder_.write("a.jsonl", k_two)}).status, 0);
  std::string content;
  for (int n = 0; n < 150'000; ++n)
    content += R"({"id":")" + std::to_string(n) + R"(","title":"T","text":"Some words."})" + "\n";
  const std::string large = folder_.write("large.jsonl", content);
  bool sent = false;
  const ended e = run_program({"--config", config_, "--index", folder_ / "index", "rebuild", large}, {},
                              [&](pid_t child, const std::string& said) {
                                if (sent || said.find("listing files") == std::string::npos) return;
                                ::kill(child, GetParam());
                                sent = true;
                              });
  EXPECT_TRUE(sent);
  EXPECT_EQ(e.status, 128 + GetParam());
  EXPECT_THAT(e.err, HasSubstr("stopped: nothing of this run is in the index\n"));
  EXPECT_THAT(e.out, IsEmpty());
  EXPECT_THAT(index({"stats"}).out, HasSubstr("articles   2\n"));
  EXPECT_EQ(index({"check"}).status, 0);
}

INSTANTIATE_TEST_SUITE_P(signals, program_signalled, testing::Values(SIGINT, SIGTERM));

}  // namespace
}  // namespace rapporteur::indexer
