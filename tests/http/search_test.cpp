// Searching over HTTP, over the sample articles.
#include "server/http/json_string.hpp"
#include "tests/http/programs.hpp"
#include "tests/server/http/decompress.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

namespace rapporteur::test {
namespace {

using http::test::raw_client;
using testing::HasSubstr;
namespace json = boost::json;

TEST(search_over_http, finds_marks_and_describes) {
  server_program server(sample_index());
  const auto answer = server.get_json("/api/v1/search?q=quintal&facets=source,lang,year&limit=5");
  EXPECT_EQ(answer.at("query").at("text"), "quintal");
  EXPECT_EQ(answer.at("complete"), true);
  EXPECT_GE(answer.at("total").at("value").as_int64(), 4);
  ASSERT_EQ(answer.at("hits").as_array().size(), 5U);
  for (const auto& hit : answer.at("hits").as_array()) {
    EXPECT_FALSE(hit.at("id").as_string().empty());
    EXPECT_FALSE(text_of(hit.at("title")).empty());
    EXPECT_GT(hit.at("score").to_number<double>(), 0);
    std::string marked = text_of(hit.at("title"), true);
    for (const auto& snippet : hit.at("snippets").as_array()) marked += text_of(snippet, true);
    EXPECT_THAT(marked, testing::AnyOf(HasSubstr("Quintal"), HasSubstr("QUINTAL"))) << hit;
  }
  std::int64_t by_language = 0;
  for (const auto& value : answer.at("facets").at("lang").as_array()) by_language += value.at("count").as_int64();
  EXPECT_EQ(by_language, answer.at("total").at("value").as_int64());
  EXPECT_GT(answer.at("index").at("articles").as_int64(), 40);
}

TEST(search_over_http, pages_lead_from_the_first_hit_to_the_last) {
  server_program server(sample_index());
  const auto all = server.get_json("/api/v1/search?q=the&limit=100&snippets=0");
  std::vector<std::string> expected;
  for (const auto& hit : all.at("hits").as_array()) {
    expected.emplace_back(hit.at("id").as_string());
    EXPECT_FALSE(hit.as_object().contains("snippets"));
  }
  ASSERT_GT(expected.size(), 10U);
  std::vector<std::string> paged;
  std::string target = "/api/v1/search?q=the&limit=3";
  while (true) {
    const auto page = server.get_json(target);
    for (const auto& hit : page.at("hits").as_array()) paged.emplace_back(hit.at("id").as_string());
    if (page.at("next").is_null()) break;
    target = page.at("next").as_string();
  }
  EXPECT_EQ(paged, expected);
}

TEST(search_over_http, filters_and_sorts) {
  server_program server(sample_index());
  const auto korean = server.get_json("/api/v1/search?lang=ko&limit=100");
  ASSERT_FALSE(korean.at("hits").as_array().empty());
  for (const auto& hit : korean.at("hits").as_array()) EXPECT_EQ(hit.at("lang"), "ko");
  const auto dated = server.get_json("/api/v1/search?q=varland&from=2019&to=2021&sort=oldest&limit=100");
  std::string last;
  ASSERT_GT(dated.at("hits").as_array().size(), 1U);
  for (const auto& hit : dated.at("hits").as_array()) {
    const std::string published(hit.at("published").as_string());
    EXPECT_GE(published, "2019");
    EXPECT_LT(published, "2022");
    EXPECT_GE(published, last);
    last = published;
  }
  const auto newest = server.get_json("/api/v1/search?q=varland&sort=newest&limit=100");
  bool undated = false;
  for (const auto& hit : newest.at("hits").as_array()) {
    const bool has_date = hit.as_object().contains("published");
    EXPECT_FALSE(undated && has_date) << "the undated come last";
    undated = undated || !has_date;
  }
  const auto counted = server.get_json("/api/v1/search?q=varland&limit=0");
  EXPECT_EQ(counted.at("total"), newest.at("total"));
  EXPECT_TRUE(counted.at("hits").as_array().empty());
  EXPECT_TRUE(counted.at("next").is_null());
}

TEST(search_over_http, post_answers_as_get_does) {
  server_program server(sample_index());
  const auto posted = server.post_form("/api/v1/search", "q=tom%C3%A1s+quintal&lang=en&limit=3");
  EXPECT_EQ(posted.status, 200U);
  EXPECT_EQ(posted.field("cache-control"), "no-store");
  EXPECT_EQ(posted.field("etag"), "");
  const auto got = server.get_json("/api/v1/search?q=tom%C3%A1s+quintal&lang=en&limit=3");
  EXPECT_EQ(json::parse(posted.body).at("hits"), got.at("hits"));
}

TEST(search_over_http, head_options_and_others) {
  server_program server(sample_index());
  raw_client client(server.port());
  const auto head = client.ask("HEAD /api/v1/search?q=varland HTTP/1.1\r\nHost: test\r\n\r\n", false);
  EXPECT_EQ(head->status, 200U);
  EXPECT_GT(std::stoul(head->field("content-length")), 100U);
  const auto options = client.ask("OPTIONS /api/v1/search HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_EQ(options->status, 204U);
  EXPECT_EQ(options->field("allow"), "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(options->field("access-control-allow-origin"), "");
  const auto deleted = client.ask("DELETE /api/v1/search HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_EQ(deleted->status, 405U);
  EXPECT_EQ(client.ask("GET /api/v1/nothing HTTP/1.1\r\nHost: test\r\n\r\n")->status, 404U);
}

TEST(search_over_http, unchanged_answers_are_not_sent_again) {
  server_program server(sample_index());
  const auto first = server.get("/api/v1/search?q=varland");
  const auto again = server.get("/api/v1/search?q=varland", "If-None-Match: \"x\", " + first.field("etag") + "\r\n");
  EXPECT_EQ(again.status, 304U);
  EXPECT_EQ(again.body, "");
  EXPECT_EQ(again.field("etag"), first.field("etag"));
  EXPECT_EQ(server.get("/api/v1/search?q=harsk", "If-None-Match: " + first.field("etag") + "\r\n").status, 200U);
}

TEST(search_over_http, compressed_answers_hold_the_same) {
  server_program server(sample_index());
  const auto plain = json::parse(server.get("/api/v1/search?q=varland").body);
  const auto gzip = server.get("/api/v1/search?q=varland", "Accept-Encoding: gzip\r\n");
  const auto brotli = server.get("/api/v1/search?q=varland", "Accept-Encoding: gzip, br\r\n");
  EXPECT_EQ(gzip.field("content-encoding"), "gzip");
  EXPECT_EQ(brotli.field("content-encoding"), "br");
  EXPECT_EQ(json::parse(http::test::gunzip(gzip.body)).at("hits"), plain.at("hits"));
  EXPECT_EQ(json::parse(http::test::unbrotli(brotli.body)).at("hits"), plain.at("hits"));
}

TEST(search_over_http, any_bytes_are_a_query) {
  server_program server(sample_index());
  std::mt19937 random(5);  // NOLINT(bugprone-random-generator-seed): the same queries every time
  const std::vector<std::string> parts{
      "varland", "\"",   "(",    ")",    "-", "NOT ",         "OR ",    "NEAR/3", "title:", "*", "date:",  "..",
      "=\"",     "\xff", "북한", "U.N.", " ", "\xed\xa0\x80", "tag.x:", "\\",     "'",      "’", "１２３", "\xf0\x9f"};
  raw_client client(server.port());
  for (int round = 0; round < 300; ++round) {
    std::string q;
    for (std::uint32_t i = 0; i < random() % 12; ++i) q += parts[random() % parts.size()];
    if (random() % 8 == 0) q.push_back(static_cast<char>(random() % 256));
    const auto a = client.ask("GET /api/v1/search?limit=2&q=" + encode(q) + " HTTP/1.1\r\nHost: test\r\n\r\n");
    ASSERT_TRUE(a) << encode(q);
    EXPECT_TRUE(a->status == 200 || a->status == 400) << encode(q) << a->body;
    EXPECT_TRUE(http::is_utf8(a->body)) << encode(q);
    json::error_code ec;
    json::parse(a->body, ec);
    EXPECT_FALSE(ec) << encode(q);
  }
}

TEST(search_over_http, bad_parameters_are_named) {
  server_program server(sample_index());
  for (const auto& [target, parameter] :
       {std::pair{"/api/v1/search?q=a&page=1", "page"}, std::pair{"/api/v1/search?limit=1000", "limit"},
        std::pair{"/api/v1/search?q=a&q=b", "q"}, std::pair{"/api/v1/search?from=soon", "from"},
        std::pair{"/api/v1/articles/x/snippets", "q"}, std::pair{"/readyz?x", "x"}}) {
    const auto a = server.get(target);
    EXPECT_EQ(a.status, 400U) << target;
    EXPECT_EQ(a.field("content-type"), "application/problem+json") << target;
    EXPECT_EQ(json::parse(a.body).at("parameter"), parameter) << target;
  }
}

}  // namespace
}  // namespace rapporteur::test
