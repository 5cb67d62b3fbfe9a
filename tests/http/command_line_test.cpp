// The command line of the real server.
#include "tests/http/programs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace rapporteur::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(command_line, refuses_what_is_wrong_and_says_why) {
  const scratch_folder folder;
  const auto config = (folder.path() / "bad.toml").string();
  std::ofstream(config) << "[server]\nport = 99999\n";
  struct row {
    std::vector<std::string> arguments;
    std::string says;
  };
  const row k_rows[] = {
      {{"--nonsense"}, "--nonsense"},
      {{"nonsense"}, "nonsense"},
      {{"--port"}, "--port"},
      {{"--port", "99999"}, "--port"},
      {{"--port", "http"}, "--port"},
      {{"--address", "nonsense"}, "--address"},
      {{"--config", config}, "bad.toml:2"},
      {{"--config", (folder.path() / "none.toml").string()}, "none.toml"},
      {{"--web", (folder.path() / "none").string(), "--port", "0"}, "none"},
      {{"--check-config", "--port", "x"}, "--port"},
  };
  for (const auto& r : k_rows) {
    const auto f = run("rapporteur-server", r.arguments);
    EXPECT_EQ(f.status, 2) << r.says;
    EXPECT_THAT(f.err, HasSubstr(r.says));
    EXPECT_EQ(f.out, "") << r.says;
  }
}

TEST(command_line, checks_and_prints_the_configuration) {
  EXPECT_EQ(run("rapporteur-server", {"--check-config"}).status, 0);
  const auto printed = run("rapporteur-server", {"--print-config", "--port", "1234"});
  EXPECT_EQ(printed.status, 0);
  EXPECT_THAT(printed.out, HasSubstr("port = 1234"));
  EXPECT_EQ(run("rapporteur-server", {"--help"}).status, 0);
  EXPECT_THAT(run("rapporteur-server", {"--version"}).out, StartsWith("rapporteur-server "));
}

TEST(command_line, checks_the_templates_and_words_of_the_pages) {
  const std::filesystem::path web = RAPPORTEUR_SOURCE_DIR "/web";
  EXPECT_EQ(run("rapporteur-server", {"--check-config", "--web", web.string()}).status, 0);
  struct row {
    std::string file, text, says;
  };
  const row k_rows[] = {
      {"plain/help.mustache", "{{> head}}\n{{t.serach}}", "plain/help.mustache, line 2: there is no word serach"},
      {"plain/head.mustache", "\n{{#x}}", "plain/head.mustache, line 2: Unclosed section"},
      {"strings/ko.json", "{\n\"search\": 1}", "strings/ko.json, line 2: search must be a string"},
  };
  for (const auto& r : k_rows) {
    const scratch_folder copy;
    for (const auto* part : {"plain", "strings", "sentences"}) {
      std::filesystem::copy(web / part, copy.path() / part, std::filesystem::copy_options::recursive);
    }
    std::ofstream(copy.path() / r.file) << r.text;
    const auto f = run("rapporteur-server", {"--check-config", "--web", copy.path().string()});
    EXPECT_EQ(f.status, 2) << r.says;
    EXPECT_THAT(f.err, HasSubstr((copy.path() / r.says).string()));
    EXPECT_EQ(f.out, "");
  }
  const scratch_folder empty;
  EXPECT_EQ(run("rapporteur-server", {"--check-config", "--web", empty.path().string()}).status, 0)
      << "no plain pages are wanted there";
  EXPECT_THAT(run("rapporteur-server", {"--check-config", "--web", (empty.path() / "none").string()}).err,
              HasSubstr("there is no folder"));
}

TEST(command_line, a_port_in_use_is_said_so) {
  server_program server(sample_index());
  const auto f =
      run("rapporteur-server", {"--index", sample_index().string(), "--port", std::to_string(server.port())});
  EXPECT_EQ(f.status, 1);
  EXPECT_THAT(f.err, HasSubstr("in use"));
  EXPECT_EQ(f.out, "");
}

TEST(command_line, settings_come_from_the_environment_too) {
  const scratch_folder folder;
  server_program server(sample_index(), {}, {.max_descriptors = {}, .environment = {"RAPPORTEUR_SEARCH_MAX_LIMIT=10"}});
  EXPECT_EQ(server.get("/api/v1/search?limit=11").status, 400U);
  EXPECT_EQ(server.get("/api/v1/search?limit=10").status, 200U);
}

TEST(command_line, cors_origins_are_let_in_when_configured) {
  const scratch_folder folder;
  const auto config = folder.path() / "config.toml";
  std::ofstream(config) << "[server]\ncors_origins = [\"https://news.example\"]\n";
  server_program server(sample_index(), {"--config", config.string()});
  const auto a = server.get("/api/v1/search?q=a", "Origin: https://news.example\r\n");
  EXPECT_EQ(a.field("access-control-allow-origin"), "https://news.example");
  EXPECT_EQ(server.get("/api/v1/search?q=a", "Origin: https://evil.example\r\n").field("access-control-allow-origin"),
            "");
}

TEST(command_line, the_health_check_asks_the_running_server) {
  server_program server(sample_index());
  const auto port = std::to_string(server.port());
  EXPECT_EQ(run("rapporteur-server", {"--health-check", "--port", port}).status, 0);
  EXPECT_EQ(run("rapporteur-server", {"--health-check", "--port", port, "--address", "0.0.0.0"}).status, 0);
  const auto unused = run("rapporteur-server", {"--health-check", "--port", "1"});
  EXPECT_EQ(unused.status, 1);
  EXPECT_THAT(unused.err, HasSubstr("port 1"));
}

TEST(command_line, ipv6_addresses_stand_in_brackets) {
  child process("rapporteur-server", {"--index", sample_index().string(), "--address", "::1", "--port", "0"});
  const auto line = process.read_line();
  if (!line) GTEST_SKIP() << "no IPv6 here: " << process.errors();
  EXPECT_THAT(*line, StartsWith("listening on http://[::1]:"));
}

}  // namespace
}  // namespace rapporteur::test
