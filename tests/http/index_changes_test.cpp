// What a running server makes of an index that appears, changes, is rebuilt or is broken.
#include "tests/http/programs.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>

namespace rapporteur::test {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using http::test::raw_client;

void write_article(const fs::path& file, std::string_view id, std::string_view text) {
  std::ofstream(file) << R"({"id": ")" << id << R"(", "title": "T", "text": ")" << text << "\"}\n";
}

TEST(index_changes, without_an_index_the_server_waits_for_one) {
  const scratch_folder folder;
  const auto index = folder.path() / "index";
  server_program server(index);
  EXPECT_EQ(server.get("/healthz").status, 200U);
  EXPECT_EQ(server.get("/").status, 200U);
  for (const std::string_view target :
       {"/readyz", "/api/v1/search?q=a", "/api/v1/articles/a", "/api/v1/articles/a/snippets?q=a"}) {
    const auto a = server.get(target);
    EXPECT_EQ(a.status, 503U) << target;
    EXPECT_EQ(json::parse(a.body).at("code"), "index_missing") << target;
    EXPECT_NE(a.field("retry-after"), "") << target;
    EXPECT_EQ(a.body.find(folder.path().string()), std::string::npos) << "paths are for the log";
  }
  EXPECT_NE(server.process().errors().find(index.string()), std::string::npos) << "which has them";
  run_indexer(index, {"add", sample_articles().string()});
  EXPECT_EQ(server.get("/readyz").status, 200U);
  EXPECT_GT(server.get_json("/api/v1/search?q=varland").at("total").at("value").as_int64(), 0);
}

TEST(index_changes, a_new_article_is_found_without_a_restart_and_changes_etags) {
  const scratch_folder folder;
  const auto index = folder.path() / "index";
  write_article(folder.path() / "a.jsonl", "a", "quokka sanctuary");
  run_indexer(index, {"add", (folder.path() / "a.jsonl").string()});
  server_program server(index);
  const auto before = server.get("/api/v1/search?q=quokka");
  EXPECT_EQ(json::parse(before.body).at("total").at("value"), 1);
  write_article(folder.path() / "b.jsonl", "b", "another quokka");
  run_indexer(index, {"add", (folder.path() / "b.jsonl").string()});
  // The server looks for changes from time to time, so this ends soon, or the test does not.
  while (true) {
    const auto now = server.get("/api/v1/search?q=quokka", "If-None-Match: " + before.field("etag") + "\r\n");
    if (now.status == 304) continue;
    ASSERT_EQ(now.status, 200U);
    EXPECT_EQ(json::parse(now.body).at("total").at("value"), 2);
    EXPECT_NE(now.field("etag"), before.field("etag"));
    break;
  }
}

TEST(index_changes, no_request_fails_while_the_index_is_written_and_rebuilt) {
  const scratch_folder folder;
  const auto index = folder.path() / "index";
  run_indexer(index, {"add", sample_articles().string()});
  server_program server(index);
  std::atomic<bool> done = false;
  std::atomic<int> asked = 0;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> clients;
  clients.reserve(3);
  for (int c = 0; c < 3; ++c) {
    clients.emplace_back([&, c] {
      raw_client client(server.port());
      while (!done) {
        const auto a = client.ask(c == 0 ? "GET /api/v1/search?q=varland&facets=lang HTTP/1.1\r\nHost: test\r\n\r\n"
                                         : "GET /api/v1/search?q=quintal+OR+harsk HTTP/1.1\r\nHost: test\r\n\r\n");
        ++asked;
        if (!a || a->status != 200 || json::parse(a->body).at("hits").as_array().empty()) ++wrong;
      }
    });
  }
  for (int round = 0; round < 3; ++round) {
    const auto file = folder.path() / ("more" + std::to_string(round) + ".jsonl");
    write_article(file, "more-" + std::to_string(round), "varland harsk again");
    run_indexer(index, {"add", file.string()});
    run_indexer(index, {"rebuild", sample_articles().string()});
  }
  done = true;
  for (auto& t : clients) t.join();
  EXPECT_GT(asked, 10);
  EXPECT_EQ(wrong, 0);
}

TEST(index_changes, a_folder_that_holds_no_index_is_reported_and_not_served) {
  const scratch_folder folder;
  std::ofstream(folder.path() / "current") << "nonsense\n";
  server_program server(folder.path());
  const auto a = server.get("/readyz");
  EXPECT_EQ(a.status, 503U);
  EXPECT_EQ(server.get("/healthz").status, 200U);
  const std::string code(json::parse(a.body).at("code").as_string());
  EXPECT_TRUE(code == "index_damaged" || code == "index_missing" || code == "index_mismatch") << code;
}

}  // namespace
}  // namespace rapporteur::test
