// How the real server ends, reloads, and lives with few descriptors.
#include "tests/http/programs.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <deque>
#include <fstream>

namespace rapporteur::test {
namespace {

namespace fs = std::filesystem;
using http::test::raw_client;

TEST(signals, each_stopping_signal_ends_it_with_status_0) {
  for (const int number : {SIGTERM, SIGINT}) {
    server_program server(sample_index());
    raw_client idle(server.port());
    EXPECT_EQ(idle.ask("GET /api/v1/search?q=varland HTTP/1.1\r\nHost: test\r\n\r\n")->status, 200U);
    server.process().send_signal(number);
    EXPECT_EQ(server.process().wait(), 0);
    EXPECT_TRUE(idle.at_end());
  }
}

TEST(signals, a_request_in_flight_is_answered_before_the_end) {
  server_program server(sample_index());
  raw_client client(server.port());
  const std::string body = "q=varland";
  client.send(
      "POST /api/v1/search HTTP/1.1\r\nHost: test\r\nContent-Type: application/x-www-form-urlencoded\r\n"
      "Expect: 100-continue\r\nContent-Length: " +
      std::to_string(body.size()) + "\r\n\r\n");
  ASSERT_EQ(client.receive()->status, 100U);  // so it has been taken up
  server.process().send_signal(SIGTERM);
  server.process().await_error("stopping");
  const auto a = client.ask(body);
  ASSERT_TRUE(a);
  EXPECT_EQ(a->status, 200U);
  EXPECT_EQ(a->field("connection"), "close");
  EXPECT_EQ(server.process().wait(), 0);
  EXPECT_NE(server.process().errors().find("finished_all=true"), std::string::npos);
}

TEST(signals, one_that_never_finishes_is_cut_off_after_the_grace_period) {
  const scratch_folder folder;
  std::ofstream(folder.path() / "config.toml") << "[server]\nshutdown_grace = \"10 ms\"\n";
  server_program server(sample_index(), {"--config", (folder.path() / "config.toml").string()});
  raw_client client(server.port());
  client.send("POST /api/v1/search HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n");
  ASSERT_EQ(client.receive()->status, 100U);
  server.process().send_signal(SIGTERM);
  EXPECT_EQ(server.process().wait(), 0);
  EXPECT_NE(server.process().errors().find("finished_all=false"), std::string::npos);
}

TEST(signals, a_second_one_ends_it_at_once) {
  server_program server(sample_index());
  raw_client client(server.port());
  client.send("POST /api/v1/search HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n");
  ASSERT_EQ(client.receive()->status, 100U);
  server.process().send_signal(SIGTERM);
  server.process().await_error("stopping");
  server.process().send_signal(SIGTERM);
  EXPECT_EQ(server.process().wait(), 0);
}

TEST(signals, hangup_reads_page_and_log_settings_again_and_goes_on) {
  const scratch_folder folder;
  const auto web = folder.path() / "web";
  fs::create_directory(web);
  std::ofstream(web / "index.html") << "before";
  const auto config = folder.path() / "config.toml";
  std::ofstream(config) << "[log]\nlevel = \"info\"\n";
  server_program server(sample_index(), {"--config", config.string(), "--web", web.string()});
  EXPECT_EQ(server.get("/").body, "before");
  std::ofstream(web / "index.html") << "after";
  std::ofstream(config) << "[log]\nlevel = \"info\"\nformat = \"json\"\n";
  server.process().send_signal(SIGHUP);
  server.process().await_error(R"("event":"reloaded")");
  EXPECT_EQ(server.get("/").body, "after");
  EXPECT_EQ(server.get("/api/v1/search?q=varland").status, 200U);

  std::ofstream(config) << "nonsense = 1\n";
  server.process().send_signal(SIGHUP);
  server.process().await_error("nonsense");
  EXPECT_EQ(server.get("/api/v1/search?q=varland").status, 200U) << "a broken file changes nothing";
  server.process().send_signal(SIGTERM);
  EXPECT_EQ(server.process().wait(), 0);
}

TEST(signals, hangup_reads_the_thesaurus_again_unless_it_has_mistakes) {
  const scratch_folder folder;
  const auto file = folder.path() / "thesaurus.txt";
  std::ofstream(file) << "varland, zzbefore\n";
  server_program server(sample_index(), {"--thesaurus", file.string()});
  const auto expanded = [&](const std::string& q) {
    return server.get_json("/api/v1/search?q=" + q).at("query").at("expanded").as_array().size();
  };
  EXPECT_EQ(expanded("zzbefore"), 1U);
  EXPECT_EQ(expanded("zzbefore&expand=off"), 0U);
  EXPECT_EQ(expanded("zzafter"), 0U);
  const auto before = server.get("/api/v1/search?q=zzafter").field("etag");
  std::ofstream(file) << "varland, zzafter\n";
  server.process().send_signal(SIGHUP);
  server.process().await_error("event=reloaded");
  EXPECT_EQ(expanded("zzafter"), 1U);
  EXPECT_EQ(expanded("zzbefore"), 0U);
  EXPECT_NE(server.get("/api/v1/search?q=zzafter").field("etag"), before) << "an answer kept from before is stale";

  std::ofstream(file) << "varland, zzbefore\nalone\n";
  server.process().send_signal(SIGHUP);
  server.process().await_error("stands alone");
  EXPECT_EQ(expanded("zzafter"), 1U) << "a broken file changes nothing";
  server.process().send_signal(SIGTERM);
  EXPECT_EQ(server.process().wait(), 0);

  const finished refused =
      run("rapporteur-server", {"--index", sample_index().string(), "--port", "0", "--thesaurus", file.string()});
  EXPECT_EQ(refused.status, 2) << "but nothing is started with it";
  EXPECT_NE(refused.err.find("thesaurus.txt:2:"), std::string::npos) << refused.err;
}

TEST(descriptors, with_few_of_them_there_are_fewer_connections_and_searches_still_work) {
  server_program server(sample_index(), {}, {.max_descriptors = 48, .environment = {}});
  server.process().await_error("descriptor_limit");
  std::deque<raw_client> many;
  for (int i = 0; i < 100; ++i) {
    many.emplace_back(server.port());
    const auto a = many.back().ask("GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n");
    ASSERT_TRUE(a) << i;
    ASSERT_EQ(a->status, 200U) << i;
  }
  EXPECT_EQ(server.get("/api/v1/search?q=varland").status, 200U);
  many.clear();
  EXPECT_EQ(server.get("/api/v1/search?q=varland").status, 200U);
  server.process().send_signal(SIGTERM);
  EXPECT_EQ(server.process().wait(), 0);
}

}  // namespace
}  // namespace rapporteur::test
