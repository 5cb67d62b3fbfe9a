// What a running server leaves behind: nothing that says who asked or what was asked, and nothing in the index.
#include "tests/http/programs.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <map>

namespace rapporteur::test {
namespace {

namespace fs = std::filesystem;
using http::test::raw_client;

TEST(privacy, the_log_tells_neither_what_was_asked_nor_by_whom) {
  server_program server(sample_index());
  const std::string id(server.get_json("/api/v1/search?q=zqmarker+varland").at("hits").at(0).at("id").as_string());
  raw_client client(server.port());
  for (const std::string& target :
       {std::string("/api/v1/search?q=zqmarker"), "/api/v1/articles/" + encode(id) + "?q=zqmarker",
        "/api/v1/articles/" + encode(id) + "/snippets?q=zqmarker", std::string("/api/v1/articles/zqmarker"),
        std::string("/zqmarker?zqmarker=zqmarker"), std::string("/api/v1/search?zqmarker=1"),
        std::string("/api/v1/search?q=%zqmarker"), std::string("/api/v1/search?source=zqmarker&q=zqmarker*")}) {
    ASSERT_TRUE(client.ask("GET " + target +
                           " HTTP/1.1\r\nHost: zqmarker\r\nReferer: zqmarker\r\nUser-Agent: zqmarker\r\n\r\n"))
        << target;
  }
  server.post_form("/api/v1/search", "q=zqmarker");
  client.ask("ZQMARKER /zqmarker HTTP/1.1\r\nHost: test\r\n\r\n");
  raw_client broken(server.port());
  broken.ask("zqmarker zqmarker\r\n\r\n");
  server.process().send_signal(SIGTERM);
  EXPECT_EQ(server.process().wait(), 0);
  const auto log = server.process().errors();
  EXPECT_NE(log.find("route=/api/v1/search"), std::string::npos) << "requests are logged";
  EXPECT_EQ(log.find("zqmarker"), std::string::npos) << log;
  EXPECT_EQ(log.find("ZQMARKER"), std::string::npos) << log;
  EXPECT_EQ(log.find(id), std::string::npos) << log;
  // Of addresses, only the one that it listens on.
  std::size_t addresses = 0;
  for (std::size_t at = 0; (at = log.find("127.0.0.1", at)) != std::string::npos; ++at) ++addresses;
  EXPECT_EQ(addresses, 1U) << log;
}

TEST(privacy, what_an_operator_turns_on_by_name_is_logged_and_no_more) {
  struct {
    std::string queries, addresses;
  } const rows[] = {{"true", "false"}, {"false", "true"}, {"true", "true"}};
  for (const auto& r : rows) {
    child_options options;
    options.environment = {"RAPPORTEUR_LOG_QUERIES=" + r.queries, "RAPPORTEUR_LOG_ADDRESSES=" + r.addresses};
    server_program server(sample_index(), {}, options);
    server.get_json("/api/v1/search?q=zqmarker");
    server.post_form("/api/v1/search", "q=zqform");
    server.process().send_signal(SIGTERM);
    EXPECT_EQ(server.process().wait(), 0);
    const auto log = server.process().errors();
    EXPECT_EQ(log.find("q=zqmarker") != std::string::npos, r.queries == "true") << log;
    EXPECT_EQ(log.find("q=zqform") != std::string::npos, r.queries == "true") << log;
    EXPECT_EQ(log.find("client=127.0.0.1") != std::string::npos, r.addresses == "true") << log;
  }
}

TEST(privacy, the_server_changes_nothing_in_the_index) {
  const scratch_folder folder;
  const auto index = folder.path() / "index";
  run_indexer(index, {"add", sample_articles().string()});
  const auto look = [&index] {
    std::map<std::string, std::pair<std::uintmax_t, fs::file_time_type>> seen;
    for (const auto& e : fs::recursive_directory_iterator(index)) {
      seen[e.path().string()] = {e.is_regular_file() ? e.file_size() : 0, e.last_write_time()};
    }
    return seen;
  };
  const auto before = look();
  {
    server_program server(index);
    server.get_json("/api/v1/search?q=varland");
    server.get_json("/readyz");
    server.process().send_signal(SIGTERM);
    EXPECT_EQ(server.process().wait(), 0);
  }
  EXPECT_EQ(look(), before);
}

}  // namespace
}  // namespace rapporteur::test
