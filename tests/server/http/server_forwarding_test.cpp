// What a real server makes of where requests come from, over real sockets: numbers, base paths, hosts.
#include "tests/server/http/raw_client.hpp"
#include "tests/server/http/running_server.hpp"

#include <gtest/gtest.h>

namespace rapporteur::http {
namespace {

using test::raw_client;
using test::running_server;

TEST(request_ids, are_in_every_answer_every_problem_and_the_log) {
  running_server server;
  raw_client client(server.port());
  std::vector<std::string> ids;
  for (const std::string line : {"GET /quick", "HEAD /quick", "GET /nothing", "OPTIONS /quick", "DELETE /quick",
                                 "BREW /", "GET /throws", "GET /%"}) {
    const bool body = !line.starts_with("HEAD");
    const auto a = client.ask(line + " HTTP/1.1\r\nHost: test\r\n\r\n", body);
    ASSERT_TRUE(a) << line;
    ids.push_back(a->field("x-request-id"));
    EXPECT_EQ(ids.back().size(), 16U) << line;
    if (a->status >= 400) {
      EXPECT_NE(a->body.find(R"("request_id":")" + ids.back() + "\"}"), std::string::npos) << a->body;
    }
  }
  raw_client broken(server.port());
  ids.push_back(broken.ask("NONSENSE\r\n\r\n")->field("x-request-id"));
  ASSERT_TRUE(broken.at_end());
  const auto log = server.access_log();
  ASSERT_EQ(log.size(), ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    EXPECT_EQ(log[i].request_id, ids[i]);
    for (std::size_t k = 0; k < i; ++k) EXPECT_NE(ids[i], ids[k]);
  }
}

TEST(request_ids, of_others_than_trusted_proxies_count_for_nothing) {
  server_settings settings;
  EXPECT_EQ(test::get(running_server(settings).port(), "/quick", "X-Request-Id: mine\r\n").field("x-request-id").size(),
            16U);
  settings.trusted_proxies = {"127.0.0.0/8"};
  running_server server(settings);
  EXPECT_EQ(test::get(server.port(), "/quick", "X-Request-Id: mine\r\n").field("x-request-id"), "mine");
  EXPECT_EQ(test::get(server.port(), "/quick", "X-Request-Id: a b\r\n").field("x-request-id").size(), 16U);
}

TEST(addresses, in_the_log_are_those_of_clients_where_they_may_be_there_at_all) {
  server_settings settings;
  settings.trusted_proxies = {"127.0.0.1"};
  settings.record_addresses = true;
  running_server open(settings);
  test::get(open.port(), "/quick", "X-Forwarded-For: 203.0.113.7\r\n");
  open.stop_and_wait();
  EXPECT_EQ(open.access_log().at(0).address, "203.0.113.7");
  settings.record_addresses = false;
  running_server closed(settings);
  test::get(closed.port(), "/quick", "X-Forwarded-For: 203.0.113.7\r\n");
  closed.stop_and_wait();
  EXPECT_EQ(closed.access_log().at(0).address, "");
}

TEST(base_path, is_taken_away_where_it_is_and_stands_in_links) {
  server_settings settings;
  settings.base_path = "/news/search";
  running_server server(settings);
  struct row {
    std::string_view target;
    unsigned status;
    std::string_view body;  ///< its end
    std::string_view location;
  };
  constexpr row k_rows[] = {
      {"/news/search/from", 200, "/news/search/x\n", ""},
      {"/from", 200, "/news/search/x\n", ""},
      {"/news/search/echo?a", 200, "a", ""},
      {"/%6eews/search/echo?a", 200, "a", ""},
      {"/news/search", 308, "", "/news/search/"},
      {"/news/search?q=%0d%0aX:y", 308, "", "/news/search/?q=%0d%0aX:y"},
      {"/news/search/", 404, "", ""},
      {"/news", 404, "", ""},
      {"/news/searching/echo", 404, "", ""},
      {"/news/search/news/search/echo", 404, "", ""},
      {"/", 404, "", ""},
  };
  for (const auto& r : k_rows) {
    const auto a = test::get(server.port(), r.target);
    EXPECT_EQ(a.status, r.status) << r.target << a.body;
    EXPECT_TRUE(a.body.ends_with(r.body)) << r.target << a.body;
    EXPECT_EQ(a.field("location"), r.location) << r.target;
    EXPECT_EQ(a.field("x"), "") << r.target;
  }
}

TEST(base_path, of_a_proxy_that_takes_it_away_stands_in_links) {
  server_settings settings;
  settings.trusted_proxies = {"127.0.0.1"};
  running_server server(settings);
  const auto a =
      test::get(server.port(), "/from",
                "X-Forwarded-Prefix: /archive\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: n.example\r\n");
  EXPECT_TRUE(a.body.ends_with("\nhttps://n.example\n/archive/x\n")) << a.body;
}

TEST(hosts, that_are_none_are_refused) {
  running_server server;
  for (const std::string bad : {"a b", "<script>", "a/b", "user@a", "a:port", "[::1", "a\"b", "한국"}) {
    raw_client client(server.port());
    const auto a = client.ask("GET /from HTTP/1.1\r\nHost: " + bad + "\r\n\r\n");
    ASSERT_TRUE(a) << bad;
    EXPECT_EQ(a->status, 400U) << bad;
    EXPECT_NE(a->body.find(R"("code":"malformed")"), std::string::npos) << bad;
    EXPECT_EQ(a->body.find(bad), std::string::npos) << "what is refused is not said back";
  }
  raw_client client(server.port());
  const auto empty = client.ask("GET /from HTTP/1.1\r\nHost:\r\n\r\n");
  ASSERT_TRUE(empty);
  EXPECT_NE(empty->body.find("http://127.0.0.1:" + std::to_string(server.port())), std::string::npos);
}

TEST(refusals_before_routing, can_be_read_by_pages_that_may_read_answers) {
  server_settings settings;
  settings.cors_origins = {"https://news.example"};
  running_server server(settings);
  const auto a = test::get(server.port(), '/' + std::string(20'000, 'a'), "Origin: https://news.example\r\n");
  EXPECT_EQ(a.status, 414U);
  EXPECT_EQ(a.field("access-control-allow-origin"), "https://news.example");
  raw_client client(server.port());
  const auto large =
      client.ask("POST /echo HTTP/1.1\r\nHost: a\r\nOrigin: https://news.example\r\nContent-Length: 9999999\r\n\r\n");
  ASSERT_TRUE(large);
  EXPECT_EQ(large->status, 413U);
  EXPECT_EQ(large->field("access-control-allow-origin"), "https://news.example");
}

}  // namespace
}  // namespace rapporteur::http
