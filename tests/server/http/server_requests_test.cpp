// What a real server answers to whole, odd and broken requests, over real sockets.
#include "tests/server/http/raw_client.hpp"
#include "tests/server/http/running_server.hpp"

#include <gtest/gtest.h>

#include <ctime>

namespace rapporteur::http {
namespace {

using namespace std::string_literals;
using test::raw_client;
using test::running_server;

TEST(server_requests, answers_and_keeps_the_connection) {
  running_server server;
  raw_client client(server.port());
  for (int i = 0; i < 3; ++i) {
    const auto a = client.ask("GET /quick HTTP/1.1\r\nHost: test\r\n\r\n");
    ASSERT_TRUE(a);
    EXPECT_EQ(a->status, 200U);
    EXPECT_EQ(a->body, "quick");
    EXPECT_EQ(a->field("connection"), "");
    EXPECT_EQ(a->field("server"), "");
    EXPECT_EQ(a->field("referrer-policy"), "no-referrer");
    std::tm parsed{};
    EXPECT_NE(::strptime(a->field("date").c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parsed), nullptr) << a->field("date");
  }
}

TEST(server_requests, answers_pipelined_requests_in_order) {
  running_server server;
  raw_client client(server.port());
  std::string all;
  for (int i = 0; i < 200; ++i) all += "GET /echo?" + std::to_string(i) + " HTTP/1.1\r\nHost: test\r\n\r\n";
  all += "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\nbody\r\n";
  all += "GET /echo?last HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n";
  all += "GET /echo?never HTTP/1.1\r\nHost: test\r\n\r\n";
  ASSERT_TRUE(client.send(all));
  for (int i = 0; i < 200; ++i) {
    const auto a = client.receive();
    ASSERT_TRUE(a);
    ASSERT_EQ(a->body, std::to_string(i));
  }
  EXPECT_EQ(client.receive()->body, "body");
  const auto last = client.receive();
  EXPECT_EQ(last->body, "last");
  EXPECT_EQ(last->field("connection"), "close");
  EXPECT_TRUE(client.at_end());
}

TEST(server_requests, a_request_may_come_byte_by_byte) {
  running_server server;
  raw_client client(server.port());
  const std::string_view request = "\r\nPOST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\n\r\nabc";
  for (std::size_t i = 0; i < request.size(); ++i) ASSERT_TRUE(client.send(request.substr(i, 1)));
  EXPECT_EQ(client.receive()->body, "abc");
}

TEST(server_requests, a_client_that_has_sent_all_still_gets_its_answers) {
  running_server server;
  raw_client client(server.port());
  client.send("GET /echo?1 HTTP/1.1\r\nHost: test\r\n\r\nGET /echo?2 HTTP/1.1\r\nHost: test\r\n\r\n");
  client.half_close();
  EXPECT_EQ(client.receive()->body, "1");
  EXPECT_EQ(client.receive()->body, "2");
  EXPECT_TRUE(client.at_end());
}

TEST(server_requests, head_has_the_header_of_get_and_no_body) {
  running_server server;
  raw_client client(server.port());
  const auto a = client.ask("HEAD /quick HTTP/1.1\r\nHost: test\r\n\r\n", false);
  ASSERT_TRUE(a);
  EXPECT_EQ(a->status, 200U);
  EXPECT_EQ(a->field("content-length"), "5");
  const auto missing = client.ask("HEAD /nothing HTTP/1.1\r\nHost: test\r\n\r\n", false);
  EXPECT_EQ(missing->status, 404U);
  EXPECT_NE(missing->field("content-length"), "0");
  // Had a body been sent, it would stand before this.
  EXPECT_EQ(client.ask("GET /quick HTTP/1.1\r\nHost: test\r\n\r\n")->body, "quick");
}

TEST(server_requests, options_has_no_body) {
  running_server server;
  raw_client client(server.port());
  for (const std::string target : {"*", "/echo"}) {
    const auto a = client.ask("OPTIONS " + target + " HTTP/1.1\r\nHost: test\r\n\r\n");
    ASSERT_TRUE(a);
    EXPECT_EQ(a->status, 204U);
    EXPECT_EQ(a->field("content-length"), "");
    EXPECT_NE(a->field("allow").find("GET"), std::string::npos);
  }
  EXPECT_EQ(client.ask("GET /quick HTTP/1.1\r\nHost: test\r\n\r\n")->body, "quick");
}

TEST(server_requests, speaks_http_1_0) {
  running_server server;
  raw_client once(server.port());
  const auto a = once.ask("GET /quick HTTP/1.0\r\n\r\n");
  ASSERT_TRUE(a);
  EXPECT_EQ(a->body, "quick");
  EXPECT_TRUE(once.at_end());
  raw_client kept(server.port());
  const auto b = kept.ask("GET /quick HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  ASSERT_TRUE(b);
  EXPECT_EQ(b->field("connection"), "keep-alive");
  EXPECT_EQ(kept.ask("GET /quick HTTP/1.0\r\n\r\n")->body, "quick");
}

TEST(server_requests, takes_bodies_in_chunks_and_asks_for_expected_ones) {
  running_server server;
  raw_client client(server.port());
  const auto chunked = client.ask(
      "POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: "
      "v\r\n\r\n");
  ASSERT_TRUE(chunked);
  EXPECT_EQ(chunked->body, "abcde");
  client.send("POST /echo HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(client.receive()->status, 100U);
  EXPECT_EQ(client.ask("xyz")->body, "xyz");
  // Nothing to wait for, nothing to announce.
  EXPECT_EQ(client.ask("GET /quick HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\n\r\n")->status, 200U);
}

TEST(server_requests, takes_absolute_targets_and_decodes_parameters) {
  running_server server;
  EXPECT_EQ(test::get(server.port(), "http://elsewhere/echo?a").body, "a");
  EXPECT_EQ(test::get(server.port(), "/echo/x%2Fy/%E2%82%AC").body, "x/y|€");
}

TEST(server_requests, with_an_absolute_target_are_for_its_host) {
  running_server server;
  EXPECT_TRUE(test::get(server.port(), "http://elsewhere.example:81/from")
                  .body.ends_with("\nhttp://elsewhere.example:81\n/x\n"));
  for (const std::string_view target : {"http://user@elsewhere.example/from", "http://a b/from", "http://<a>/from"}) {
    EXPECT_NE(test::get(server.port(), target).status, 200U) << target;
  }
}

TEST(server_requests, are_not_changed_by_what_comes_behind_their_chunks) {
  running_server server;
  const std::string chunks = "\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n";
  raw_client client(server.port());
  const auto a = client.ask("POST /echo HTTP/1.1\r\nHost: test" + chunks +
                            "Content-Encoding: gzip\r\nAccept-Encoding: x, identity;q=0\r\n\r\n");
  ASSERT_TRUE(a);
  EXPECT_EQ(a->status, 200U) << a->body;
  EXPECT_EQ(a->body, "abc");
  const auto kept = client.ask("POST /echo HTTP/1.1\r\nHost: test\r\nAccept-Encoding: x, identity;q=0" + chunks +
                               "Accept-Encoding: identity\r\n\r\n");
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->status, 406U) << kept->body;
}

TEST(server_requests, broken_requests_get_a_problem_and_the_end_of_the_connection) {
  struct row {
    std::string request;
    unsigned status;
    std::string_view code;
  };
  const std::string host = "Host: test\r\n";
  const row k_rows[] = {
      {"NONSENSE\r\n\r\n", 400, "malformed"},
      {"GET\r\n\r\n", 400, "malformed"},
      {"GET /\r\n\r\n", 400, "malformed"},
      {" GET / HTTP/1.1\r\n" + host + "\r\n", 400, "malformed"},
      {"GET  / HTTP/1.1\r\n" + host + "\r\n", 400, "malformed"},
      {"GET /a b HTTP/1.1\r\n" + host + "\r\n", 505, "version_not_supported"},
      {"G@T / HTTP/1.1\r\n" + host + "\r\n", 400, "malformed"},
      {"GET / HTTP/2.0\r\n" + host + "\r\n", 505, "version_not_supported"},
      {"GET / HTTP/0.9\r\n" + host + "\r\n", 505, "version_not_supported"},
      {"GET / HTTP/1.1\n" + host + "\n\n\n\n", 505, "version_not_supported"},
      {"GET / HTTP/1.1\r\n\r\n", 400, "malformed"},                     // no Host
      {"GET / HTTP/1.1\r\n" + host + host + "\r\n", 400, "malformed"},  // two
      {"GET / HTTP/1.1\r\n" + host + "no colon\r\n\r\n", 400, "malformed"},
      {"GET / HTTP/1.1\r\n" + host + ": v\r\n\r\n", 400, "malformed"},
      {"GET / HTTP/1.1\r\n" + host + "a b: v\r\n\r\n", 400, "malformed"},
      {"GET / HTTP/1.1\r\n" + host + "a : v\r\n\r\n", 400, "malformed"},
      {std::string("GET / HTTP/1.1\r\n") + host + "a: " + std::string(1, '\0') + "\r\n\r\n", 400, "malformed"},
      {"POST /echo HTTP/1.1\r\n" + host + "Content-Length: x\r\n\r\n", 400, "malformed"},
      {"POST /echo HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n", 400, "malformed"},
      {"POST /echo HTTP/1.1\r\n" + host + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400, "malformed"},
      {"POST /echo HTTP/1.1\r\n" + host + "Content-Length: 99999999999999999999\r\n\r\n", 400, "malformed"},
      {"POST /echo HTTP/1.1\r\n" + host + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
       "malformed"},
      {"POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", 400,
       "malformed"},
      {"POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501,
       "transfer_coding_unknown"},
      {"POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: identity\r\n\r\n", 501, "transfer_coding_unknown"},
      {"POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "malformed"},
      {"POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n", 400, "malformed"},
      {"POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcde\r\n0\r\n\r\n", 400,
       "malformed"},
      {"POST /echo HTTP/1.1\r\n" + host + "Expect: tea\r\nContent-Length: 1\r\n\r\nx", 417, "expectation_failed"},
      {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 tls to a plain port"s, 400, "malformed"},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "version_not_supported"},
  };
  running_server server;
  for (const auto& r : k_rows) {
    raw_client client(server.port());
    client.send(r.request);
    client.half_close();
    const auto a = client.receive();
    ASSERT_TRUE(a) << r.request;
    EXPECT_EQ(a->status, r.status) << r.request << a->body;
    EXPECT_NE(a->body.find("\"code\":\"" + std::string(r.code) + '"'), std::string::npos) << r.request << a->body;
    EXPECT_EQ(a->field("content-type"), "application/problem+json") << r.request;
    EXPECT_EQ(a->field("connection"), "close") << r.request;
    EXPECT_EQ(a->field("x-content-type-options"), "nosniff") << r.request;
    EXPECT_TRUE(client.at_end()) << r.request;
  }
  EXPECT_EQ(test::get(server.port(), "/quick").body, "quick");
}

TEST(server_requests, well_framed_but_senseless_requests_keep_the_connection) {
  struct row {
    std::string_view line;
    unsigned status;
    std::string_view code;
  };
  constexpr row k_rows[] = {
      {"GET /% HTTP/1.1", 400, "malformed"},
      {"GET nothing HTTP/1.1", 400, "malformed"},
      {"GET * HTTP/1.1", 400, "malformed"},
      {"GET /a#b HTTP/1.1", 400, "malformed"},
      {"CONNECT host:80 HTTP/1.1", 400, "malformed"},
      {"BREW / HTTP/1.1", 501, "method_unknown"},
      {"DELETE /echo HTTP/1.1", 405, "method_not_allowed"},
      {"TRACE /echo HTTP/1.1", 405, "method_not_allowed"},
      {"GET /nothing HTTP/1.1", 404, "not_found"},
      {"GET /throws HTTP/1.1", 500, "internal"},
      {"GET /throws-on-worker HTTP/1.1", 503, "internal"},
  };
  running_server server;
  raw_client client(server.port());
  for (const auto& r : k_rows) {
    const auto a = client.ask(std::string(r.line) + "\r\nHost: test\r\n\r\n");
    ASSERT_TRUE(a) << r.line;
    EXPECT_EQ(a->status, r.status) << r.line;
    EXPECT_NE(a->body.find("\"code\":\"" + std::string(r.code) + '"'), std::string::npos) << r.line << a->body;
    EXPECT_EQ(a->body.find("secret"), std::string::npos);
    EXPECT_EQ(a->field("x-content-type-options"), "nosniff") << r.line;
  }
  EXPECT_EQ(client.ask("GET /quick HTTP/1.1\r\nHost: test\r\n\r\n")->body, "quick");
}

TEST(server_requests, random_bytes_never_stop_the_server) {
  running_server server;
  std::uint32_t state = 7;
  const auto next = [&state] { return (state = state * 1664525U + 1013904223U) >> 8; };
  const std::string seed =
      "POST /echo?a=%20 HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
      "GET /quick HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n\r\nab";
  for (int round = 0; round < 300; ++round) {
    std::string bytes = seed;
    for (std::uint32_t i = 0; i < 1 + next() % 5; ++i) {
      const auto at = next() % bytes.size();
      switch (next() % 4) {
        case 0:
          bytes[at] = static_cast<char>(next());
          break;
        case 1:
          bytes.erase(at, next() % 9);
          break;
        case 2:
          bytes.insert(at, bytes.substr(next() % bytes.size(), next() % 20));
          break;
        default:
          bytes.insert(at, 1, "\r\n: ,;%\t"[next() % 8]);
          break;
      }
    }
    raw_client client(server.port());
    client.send(bytes);
    client.half_close();
    const auto all = client.receive_all();
    if (!all.empty()) {
      ASSERT_TRUE(all.starts_with("HTTP/1.")) << bytes;
    }
  }
  EXPECT_EQ(test::get(server.port(), "/quick").body, "quick");
}

TEST(server_requests, the_access_log_tells_neither_path_nor_query) {
  running_server server;
  raw_client client(server.port());
  client.ask("GET /echo/secret1/secret2?secret3 HTTP/1.1\r\nHost: test\r\n\r\n");
  client.ask("GET /secret4 HTTP/1.1\r\nHost: test\r\n\r\n");
  client.ask("SECRET5 / HTTP/1.1\r\nHost: test\r\n\r\n");
  client.ask("GET /secret6% HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
  ASSERT_TRUE(client.at_end());  // an answer is logged before its connection is closed
  const auto log = server.access_log();
  ASSERT_EQ(log.size(), 4U);
  EXPECT_EQ(log[0].method, "GET");
  EXPECT_EQ(log[0].route, "/echo/{a}/{b}");
  EXPECT_EQ(log[0].status, 200U);
  EXPECT_EQ(log[0].bytes, std::string_view("secret1|secret2").size());
  EXPECT_EQ(log[1].route, "-");
  EXPECT_EQ(log[2].method, "-");
  EXPECT_EQ(log[2].status, 501U);
  EXPECT_EQ(log[3].status, 400U);
  for (const auto& line : log) {
    for (const auto& text : {line.method, line.route}) {
      EXPECT_EQ(text.find("secret"), std::string::npos);
      EXPECT_EQ(text.find("SECRET"), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace rapporteur::http
