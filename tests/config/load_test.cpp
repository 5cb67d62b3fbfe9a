// Loading as the programs do it: real files, every level of precedence, every kind of mistake.
#include "config/load.hpp"

#include "config/document.hpp"
#include "config/keys.hpp"
#include "config/value.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace rapporteur::config {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

class load_test : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "rapporteur-config-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path write(std::string_view text) {
    fs::path path = folder_ / "r.toml";
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  outcome load_text(std::string_view text, environment variables = {}, std::vector<flag> flags = {}) {
    return load({write(text), std::move(variables), std::move(flags)});
  }

  /// The problems as lines, with the file's folder left out.
  std::vector<std::string> lines(const outcome& loaded) const {
    std::vector<std::string> out;
    for (const problem& p : loaded.problems) {
      std::string line = p.to_string();
      const std::string prefix = folder_.string() + "/";
      if (line.starts_with(prefix)) line.erase(0, prefix.size());
      out.push_back(line);
    }
    return out;
  }

  fs::path folder_;
};

TEST_F(load_test, nothing_given_is_the_defaults) {
  if (fs::exists(k_default_file)) GTEST_SKIP() << "this machine has " << k_default_file;
  const outcome loaded = load({});
  EXPECT_TRUE(loaded.ok()) << loaded.report();
  EXPECT_FALSE(loaded.file);
  for (const key_row& row : all_keys()) EXPECT_EQ(row.get(loaded.values), row.get({})) << row.full_name();
  EXPECT_THAT(loaded.origins, IsEmpty());
}

TEST_F(load_test, each_level_goes_before_the_one_below) {
  const std::string file = "[server]\nport = 1001\n";
  const environment variables{{"RAPPORTEUR_SERVER_PORT", "1002"}};
  const std::vector<flag> flags{{"server.port", "1003", "--port"}};
  struct level {
    const char* name;
    outcome loaded;
    std::uint16_t port;
    origin from;
    std::string where;
  };
  const level levels[] = {
      {"default", load_text(""), 8080, origin::defaults, ""},
      {"file", load_text(file), 1001, origin::file, (folder_ / "r.toml").string() + ":2"},
      {"environment", load_text("", variables), 1002, origin::environment, "RAPPORTEUR_SERVER_PORT"},
      {"environment over file", load_text(file, variables), 1002, origin::environment, "RAPPORTEUR_SERVER_PORT"},
      {"flag", load_text("", {}, flags), 1003, origin::flag, "--port"},
      {"flag over file", load_text(file, {}, flags), 1003, origin::flag, "--port"},
      {"flag over all", load_text(file, variables, flags), 1003, origin::flag, "--port"},
  };
  for (const level& l : levels) {
    EXPECT_TRUE(l.loaded.ok()) << l.name << ": " << l.loaded.report();
    EXPECT_EQ(l.loaded.values.server.port, l.port) << l.name;
    const auto at = l.loaded.origins.find("server.port");
    if (l.from == origin::defaults) {
      EXPECT_EQ(at, l.loaded.origins.end());
      continue;
    }
    ASSERT_NE(at, l.loaded.origins.end()) << l.name;
    EXPECT_EQ(at->second, std::pair(l.from, l.where)) << l.name;
  }
}

TEST_F(load_test, every_key_can_be_set_at_every_level) {
  for (const key_row& row : all_keys()) {
    // Values other than the default that need nothing else changed: the orders between keys keep holding.
    std::string text = to_text(row, row.get({}));
    if (row.type == kind::boolean) text = text == "true" ? "false" : "true";
    if (row.type == kind::count || row.type == kind::size) {
      const auto v = std::get<std::int64_t>(row.get({}));
      text = std::to_string(v < row.max ? v + 1 : v - 1);
      if (row.section == "search" && row.name.starts_with("default_")) text = std::to_string(v - 1);
    }
    if (row.type == kind::duration) text = "7001 ms";
    if (row.type == kind::choice) text = std::string(row.words.back());
    if (row.type == kind::path || row.type == kind::optional_path) text = "/else where";
    if (row.type == kind::address) text = "::";
    if (row.type == kind::secret) text = "a-key-of-this-test";
    if (row.type == kind::networks) text = "127.0.0.1,fd00::/8";
    if (row.type == kind::base_path) text = "/else/where";
    if (row.type == kind::web_address) text = "https://a.example:8443/where";
    if (row.type == kind::origins) text = "https://a.example,https://b.example";
    const reading wanted = read_text(row, text);
    ASSERT_TRUE(wanted.result) << row.full_name() << ": " << wanted.error;
    ASSERT_NE(*wanted.result, row.get({})) << row.full_name();

    const std::string in_file = std::string("[") + std::string(row.section) + "]\n" + std::string(row.name) + " = " +
                                (row.type == kind::secret ? toml_quoted(text) : to_toml(row, *wanted.result)) + "\n";
    const outcome ways[] = {load_text(in_file), load_text("", {{row.variable(), text}}),
                            load_text("", {}, {{row.full_name(), text, "--flag"}})};
    for (const outcome& loaded : ways) {
      EXPECT_TRUE(loaded.ok()) << loaded.report();
      EXPECT_EQ(row.get(loaded.values), *wanted.result) << row.full_name();
    }
  }
}

TEST_F(load_test, sections_may_be_dotted_keys_and_sizes_plain_numbers) {
  const outcome loaded = load_text(
      "\xEF\xBB\xBFserver.port = 9\r\nserver.max_body_size = 2_048\r\n[log]\r\nlevel = 'debug'\r\n"
      "[search]\nmax_query_size = \"8 KiB\"\n");
  EXPECT_TRUE(loaded.ok()) << loaded.report();
  EXPECT_EQ(loaded.values.server.port, 9);
  EXPECT_EQ(loaded.values.server.max_body_size, 2048U);
  EXPECT_EQ(loaded.values.log.level, log_level::debug);
  EXPECT_EQ(loaded.values.search.max_query_size, 8192U);
}

TEST_F(load_test, everything_wrong_is_reported_at_once_and_in_place) {
  const outcome loaded = load_text(
      "prt = 1\n"                             // 1
      "port = 1\n"                            // 2
      "log = 3\n"                             // 3
      "[server]\n"                            // 4
      "prot = 80\n"                           // 5
      "port = 99999\n"                        // 6
      "  address = 80\n"                      // 7
      "idle_timeout = 60\n"                   // 8
      "body_timeout = '60'\n"                 // 9
      "max_body_size = true\n"                // 10
      "cors_origins = 'https://a.example'\n"  // 11
      "queue_length = 1.5\n"                  // 12
      "web_folder = ['a']\n"                  // 13
      "search_threads = 1979-05-27\n"         // 14
      "memory = 65536\n"                      // 15
      "[serch]\n"                             // 16
      "max_limit = 7\n"                       // 17
      "[elsewhere]\n"                         // 18
      "[[index]]\n"                           // 19
      "[search]\n"                            // 20
      "default_limit = 50\n"                  // 21
      "max_limit = 20\n"                      // 22
      "[indexer]\n"                           // 23
      "zzz = {a = 1}\n",                      // 24
      {{"RAPPORTEUR_SERVER_PROT", "1"}, {"RAPPORTEUR_LOG_LEVEL", "loud"}, {"RAPPORTEUR_WHATEVER", "1"}},
      {{"server.port", "x", "--port"}, {"server.nothing", "x", "--set"}, {"nodot", "x", "--set"}});
  EXPECT_THAT(
      lines(loaded),
      ElementsAre(
          "r.toml:1:1: prt: there is no such section; the sections are [index], [indexer], [fields], [server], "
          "[search], [inbox], [log]",
          "r.toml:2:1: port: is outside of any section; it belongs under [server]",
          "r.toml:3:1: log: is a section; write [log] on a line of its own",
          "r.toml:5:1: server.prot: there is no such key; did you mean port?",
          "r.toml:6:8: server.port: 99999 is out of range; allowed: 0 to 65535",
          "r.toml:7:13: server.address: is a number; allowed: an IPv4 or IPv6 address",
          R"(r.toml:8:16: server.idle_timeout: is a number; allowed: 100 ms to 1 h, in quotes and with a unit, such as "1 min")",
          R"(r.toml:9:16: server.body_timeout: 60 has no unit; write "60 s" or "60 ms"; allowed: 100 ms to 1 h)",
          "r.toml:10:17: server.max_body_size: is a truth value; allowed: 1 KiB to 1 GiB",
          R"(r.toml:11:16: server.cors_origins: is a string; allowed: a list of origins such as "https://news.example", or "*" alone)",
          "r.toml:12:16: server.queue_length: is a number with a fraction; allowed: 1 to 100000",
          "r.toml:13:14: server.web_folder: is a list; allowed: a path",
          "r.toml:14:18: server.search_threads: is a date or time; allowed: 0 to 256",
          "r.toml:15:1: server.memory: there is no such key here; did you mean indexer.memory?",
          "r.toml:16:2: serch: there is no such section; did you mean [search]?",
          "r.toml:18:2: elsewhere: there is no such section; the sections are [index], [indexer], [fields], [server], "
          "[search], [inbox], [log]",
          "r.toml:19:3: index: is a section; write [index] on a line of its own",
          "r.toml:24:1: indexer.zzz: there is no such key; [indexer] has threads, memory, zstd_level, "
          "dictionary_size, sample_articles, max_article_size, max_file_size, rescan",
          "RAPPORTEUR_SERVER_PROT: no setting has this variable; did you mean RAPPORTEUR_SERVER_PORT?",
          R"(RAPPORTEUR_LOG_LEVEL: log.level: "loud" is not a choice; allowed: one of debug, info, warning, error)",
          "RAPPORTEUR_WHATEVER: no setting has this variable",
          R"(--port: server.port: "x" is not a whole number; allowed: 0 to 65535)",
          "--set: server.nothing: there is no such key; [server] has address, port, search_threads, queue_length, "
          "search_deadline, header_timeout, body_timeout, write_timeout, idle_timeout, shutdown_grace, "
          "max_connections, max_target_size, max_header_size, max_body_size, web_folder, cors_origins, "
          "base_path, public_url, trusted_proxies, forwarded_header, metrics, result_cache",
          "--set: nodot: there is no such key",
          "r.toml:21:17: search.default_limit: 50 is above search.max_limit, which is 20"));
  EXPECT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.values.server.port, 8080);  // a refused value is not taken
}

TEST_F(load_test, a_key_below_its_lower_bound_is_reported_where_it_was_set) {
  EXPECT_THAT(lines(load_text("[search]\nmax_limit = 5\n")),
              ElementsAre("r.toml:2:13: search.max_limit: 5 is below search.default_limit, which is 10"));
  EXPECT_THAT(
      lines(load_text("[search]\ndefault_snippets = 9\n", {{"RAPPORTEUR_SEARCH_MAX_SNIPPETS", "8"}})),
      ElementsAre(
          "RAPPORTEUR_SEARCH_MAX_SNIPPETS: search.max_snippets: 8 is below search.default_snippets, which is 9"));
}

TEST_F(load_test, an_order_between_sizes_is_reported_in_units) {
  EXPECT_THAT(
      lines(load_text("[server]\nmax_target_size = '64 KiB'\n")),
      ElementsAre("r.toml:2:19: server.max_target_size: 64 KiB is above server.max_header_size, which is 32 KiB"));
}

TEST_F(load_test, syntax_errors_have_a_place_and_do_not_hide_other_levels) {
  const outcome loaded =
      load_text("[server]\nport = \n", {{"RAPPORTEUR_SERVER_PORT", "0"}}, {{"log.level", "", "--level"}});
  ASSERT_EQ(loaded.problems.size(), 2U);
  EXPECT_THAT(lines(loaded)[0], testing::StartsWith("r.toml:2:8: is not valid TOML: "));
  EXPECT_EQ(loaded.problems[1].where, "--level");
  EXPECT_EQ(loaded.values.server.port, 0);
}

TEST_F(load_test, a_key_given_twice_is_a_syntax_error) {
  const outcome loaded = load_text("[server]\nport = 1\nport = 2\n");
  ASSERT_EQ(loaded.problems.size(), 1U);
  EXPECT_EQ(loaded.problems[0].line, 3U);
}

TEST_F(load_test, columns_count_characters) {
  EXPECT_THAT(lines(load_text("server = {web_folder = '북한', prot = 1}\n")),
              ElementsAre("r.toml:1:30: server.prot: there is no such key; did you mean port?"));
}

TEST_F(load_test, files_that_cannot_be_read_are_problems) {
  const auto message = [](const fs::path& path) { return load({path, {}, {}}).report(); };
  EXPECT_EQ(message(folder_ / "none.toml"),
            folder_.string() + "/none.toml: cannot be read: No such file or directory\n");
  EXPECT_EQ(message(folder_), folder_.string() + ": is a folder, not a file\n");
  EXPECT_EQ(message(write(std::string(1024 * 1024 + 1, '#'))),
            folder_.string() + "/r.toml: is larger than 1 MiB; is it a configuration file?\n");
  EXPECT_THAT(message(write("[log]\nlevel = '\xff'\n")), testing::HasSubstr("r.toml:2:9: is not valid TOML"));
  EXPECT_THAT(message(write(std::string(200'000, '['))), testing::HasSubstr("is not valid TOML"));
}

TEST_F(load_test, a_zero_byte_in_a_path_is_refused) {
  EXPECT_THAT(lines(load_text("[index]\nfolder = \"a\\u0000b\"\n")),
              ElementsAre(R"(r.toml:2:10: index.folder: "a\x00b" contains a zero byte; allowed: a path)"));
}

TEST_F(load_test, variables_that_orchestrators_define_are_not_ours) {
  const outcome loaded = load_text("", {{"RAPPORTEUR_SERVICE_HOST", "10.0.0.1"},
                                        {"RAPPORTEUR_SERVICE_PORT", "80"},
                                        {"RAPPORTEUR_SERVICE_PORT_HTTP", "80"},
                                        {"RAPPORTEUR_PORT", "tcp://10.0.0.1:80"},
                                        {"RAPPORTEUR_SERVER_PORT", "tcp://10.0.0.1:80"},
                                        {"RAPPORTEUR_SERVER_PORT_8080_TCP", "tcp://10.0.0.1:80"},
                                        {"RAPPORTEUR_SERVER_PORT_8080_TCP_ADDR", "10.0.0.1"}});
  EXPECT_TRUE(loaded.ok()) << loaded.report();
  EXPECT_EQ(loaded.values.server.port, 8080);
}

TEST_F(load_test, an_empty_variable_counts_as_not_set_and_others_are_not_looked_at) {
  const outcome loaded =
      load_text("[server]\nport = 7\n", {{"RAPPORTEUR_SERVER_PORT", ""}, {"RAPPORTEUR_X", ""}, {"PORT", "x"}});
  EXPECT_TRUE(loaded.ok()) << loaded.report();
  EXPECT_EQ(loaded.values.server.port, 7);
}

TEST_F(load_test, the_last_of_several_flags_wins) {
  const outcome loaded = load_text("", {}, {{"server.port", "1", "--port"}, {"server.port", "2", "--port"}});
  EXPECT_EQ(loaded.values.server.port, 2);
}

TEST_F(load_test, the_environment_of_the_process_is_read) {
  ASSERT_EQ(setenv("RAPPORTEUR_SERVER_PORT", "4=5", 1), 0);
  const environment found = process_environment();
  ASSERT_EQ(unsetenv("RAPPORTEUR_SERVER_PORT"), 0);
  EXPECT_THAT(found, testing::Contains(std::pair<std::string, std::string>("RAPPORTEUR_SERVER_PORT", "4=5")));
  for (const auto& [name, text] : found) EXPECT_TRUE(name.starts_with("RAPPORTEUR_"));
}

TEST_F(load_test, what_print_config_prints_loads_to_the_same_values) {
  const outcome first = load_text(
      "[index]\nfolder = \"/a \\\"b\\\" \\\\ 북한\\n\"\n[server]\ncors_origins = ['https://a.example', "
      "'https://b.example']\n"
      "max_body_size = 5000\nidle_timeout = '1500 ms'\n[log]\nqueries = true\nformat = 'json'\n",
      {{"RAPPORTEUR_SERVER_PORT", "1"}}, {{"server.address", "::", "--address"}});
  ASSERT_TRUE(first.ok()) << first.report();
  const std::string printed = print_config(first);
  EXPECT_THAT(printed, testing::HasSubstr("# Set by: environment RAPPORTEUR_SERVER_PORT\nport = 1\n"));
  EXPECT_THAT(printed, testing::HasSubstr("# Set by: flag --address\naddress = \"::\"\n"));
  EXPECT_THAT(printed, testing::HasSubstr("r.toml:4\ncors_origins = [\"https://a.example\", \"https://b.example\"]\n"));
  EXPECT_THAT(printed, testing::HasSubstr("# Set by: default\nqueue_length = 256\n"));
  const outcome second = load_text(printed);
  ASSERT_TRUE(second.ok()) << second.report();
  for (const key_row& row : all_keys()) {
    EXPECT_EQ(row.get(second.values), row.get(first.values)) << row.full_name();
    EXPECT_TRUE(second.origins.contains(row.full_name())) << row.full_name() << " is not printed";
  }
}

// A key that is printed or quoted ends up in terminals, logs and bug reports.
TEST_F(load_test, a_secret_is_read_from_everywhere_and_shown_nowhere) {
  const std::string secret = "correct-horse-battery";
  const outcome from_file = load_text("[inbox]\nkey = \"" + secret + "\"\n");
  ASSERT_TRUE(from_file.ok()) << from_file.report();
  EXPECT_EQ(from_file.values.inbox.key, secret);
  const outcome from_variable = load_text("", {{"RAPPORTEUR_INBOX_KEY", secret}});
  ASSERT_TRUE(from_variable.ok());
  EXPECT_EQ(from_variable.values.inbox.key, secret);
  for (const outcome* loaded : {&from_file, &from_variable}) {
    const std::string printed = print_config(*loaded);
    EXPECT_EQ(printed.find(secret), std::string::npos);
    EXPECT_NE(printed.find("\n# key = (set, not shown)\n"), std::string::npos) << printed;
    EXPECT_TRUE(load_text(printed).ok());
  }
  EXPECT_NE(print_config(load_text("")).find("\nkey = \"\"\n"), std::string::npos);

  for (const std::string wrong :
       {"too-short", "a key with blanks in it", "schlüssel-mit-umlaut", "a-key\twith-a-tab-x"}) {
    const outcome refused = load_text("", {{"RAPPORTEUR_INBOX_KEY", wrong}});
    EXPECT_FALSE(refused.ok()) << wrong;
    EXPECT_EQ(refused.report().find(wrong), std::string::npos) << refused.report();
    EXPECT_NE(refused.report().find("inbox.key"), std::string::npos);
  }
  EXPECT_FALSE(load_text("[inbox]\nkey = 1234567890123456\n").ok());
  for (const std::string wrong : {"correct-horse-battery", "'correct-horse-battery", "\"correct\\-horse-battery\""}) {
    const outcome refused = load_text("[inbox]\nkey = " + wrong + "\n");
    EXPECT_FALSE(refused.ok()) << wrong;
    EXPECT_EQ(refused.report().find("horse"), std::string::npos) << refused.report();
  }
  EXPECT_FALSE(load_text("", {{"RAPPORTEUR_INBOX_KEY", std::string(513, 'x')}}).ok());
}

}  // namespace
}  // namespace rapporteur::config
