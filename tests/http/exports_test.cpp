// Exports and feeds of a real index by the real programs, and an index made of an export.
#include "tests/http/programs.hpp"
#include "tests/server/http/decompress.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

namespace rapporteur::test {
namespace {

using http::test::answer;
using http::test::raw_client;
namespace json = boost::json;

std::vector<json::value> lines_of(const std::string& jsonl) {
  std::vector<json::value> out;
  for (std::size_t at = 0; at < jsonl.size(); at = jsonl.find('\n', at) + 1) {
    out.push_back(json::parse(jsonl.substr(at, jsonl.find('\n', at) - at)));
  }
  return out;
}

/// What an index holds of each article, but where it is.
std::map<std::string, std::string> articles_of(const server_program& server) {
  std::map<std::string, std::string> out;
  for (const auto& line : lines_of(server.get("/api/v1/search.jsonl").body)) {
    const std::string id(line.at("id").as_string());
    auto whole = server.get_json("/api/v1/articles/" + encode(id)).as_object();
    whole.erase("index");
    whole.erase("took_ms");
    out[id] = json::serialize(whole);
  }
  return out;
}

TEST(exports_over_http, are_an_archive_that_can_be_indexed_again) {
  server_program server(sample_index());
  const auto articles = server.get_json("/api/v1/search?limit=0").at("index").at("articles").as_int64();
  const auto exported = server.get("/api/v1/search.jsonl?text=on");
  EXPECT_EQ(exported.status, 200U);
  EXPECT_EQ(static_cast<std::int64_t>(lines_of(exported.body).size()), articles);
  const scratch_folder folder;
  const auto file = folder.path() / "export.jsonl";
  std::ofstream(file) << exported.body;
  const auto again = folder.path() / "index";
  run_indexer(again, {"add", file.string()});
  server_program copy(again);
  EXPECT_EQ(articles_of(copy), articles_of(server));
}

TEST(exports_over_http, have_what_the_pages_of_a_search_have) {
  server_program server(sample_index());
  for (const std::string query : {"q=the&sort=newest", "q=quintal&sort=oldest", "q=quintal+report&sort=relevance",
                                  "lang=en&sort=newest", "q=nothing-has-this-word&sort=newest"}) {
    std::vector<std::string> expected;
    const auto found = server.get_json("/api/v1/search?limit=100&snippets=0&" + query);
    for (const auto& hit : found.at("hits").as_array()) {
      expected.emplace_back(hit.at("id").as_string());
    }
    ASSERT_LT(expected.size(), 100U);
    std::vector<std::string> exported;
    for (const auto& line : lines_of(server.get("/api/v1/search.jsonl?" + query).body)) {
      exported.emplace_back(line.at("id").as_string());
    }
    EXPECT_EQ(exported, expected) << query;
  }
}

TEST(exports_over_http, come_in_every_format) {
  server_program server(sample_index());
  for (const std::string suffix : {"csv", "jsonl", "ris", "bib", "csl.json", "atom", "feed.json"}) {
    const auto a = server.get("/api/v1/search." + suffix + "?q=quintal");
    EXPECT_EQ(a.status, 200U) << suffix;
    EXPECT_GT(a.body.size(), 100U) << suffix;
    const auto packed = server.get("/api/v1/search." + suffix + "?q=quintal", "Accept-Encoding: gzip\r\n");
    EXPECT_EQ(packed.field("content-encoding"), "gzip") << suffix;
    EXPECT_EQ(http::test::gunzip(packed.body), a.body) << suffix;
    const auto held =
        server.get("/api/v1/search." + suffix + "?q=quintal", "If-None-Match: " + a.field("etag") + "\r\n");
    EXPECT_EQ(held.status, 304U) << suffix;
    raw_client client(server.port());
    const auto head = client.ask("HEAD /api/v1/search." + suffix + "?q=quintal HTTP/1.1\r\nHost: test\r\n\r\n", false);
    ASSERT_TRUE(head) << suffix;
    EXPECT_EQ(head->field("content-type"), a.field("content-type")) << suffix;
    EXPECT_TRUE(client.ask("GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n")) << suffix;
  }
}

TEST(exports_over_http, can_be_asked_for_by_form) {
  server_program server(sample_index());
  const auto a = server.post_form("/api/v1/search.csv", "q=quintal&limit=2");
  EXPECT_EQ(a.status, 200U);
  EXPECT_EQ(a.field("cache-control"), "no-store");
  EXPECT_EQ(a.body, server.get("/api/v1/search.csv?q=quintal&limit=2").body);
}

}  // namespace
}  // namespace rapporteur::test
