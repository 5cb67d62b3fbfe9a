// Bounds and times of a real server: sizes, slow clients, too many of them, and work that takes long.
#include "tests/server/http/raw_client.hpp"
#include "tests/server/http/running_server.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <deque>
#include <stdexcept>
#include <utility>

namespace rapporteur::http {
namespace {

using namespace std::chrono_literals;
using test::raw_client;
using test::running_server;

const std::string k_quick = "GET /quick HTTP/1.1\r\nHost: test\r\n\r\n";
const std::string k_slow = "GET /slow HTTP/1.1\r\nHost: test\r\n\r\n";

TEST(server_limits, too_long_too_large_and_just_within) {
  server_settings settings;
  settings.max_target_bytes = 2000;
  settings.max_header_bytes = 4000;
  settings.max_body_bytes = 1000;
  running_server server(settings);
  const auto request = [](std::size_t target, std::size_t field, std::size_t body) {
    return "POST /echo?" + std::string(target, 't') + " HTTP/1.1\r\nHost: test\r\nX: " + std::string(field, 'f') +
           "\r\nContent-Length: " + std::to_string(body) + "\r\n\r\n" + std::string(body, 'b');
  };
  const auto chunks = [](std::size_t count) {
    std::string all = "POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (std::size_t i = 0; i < count; ++i) all += "64\r\n" + std::string(100, 'c') + "\r\n";
    return all + "0\r\n\r\n";
  };
  struct row {
    std::string request;
    unsigned status;
    std::string_view code;
  };
  const row k_rows[] = {
      {request(1900, 10, 10), 200, ""},
      {request(2100, 10, 10), 414, "target_too_long"},
      {request(5000, 10, 10), 414, "target_too_long"},
      {request(100'000, 10, 10), 414, "target_too_long"},
      {request(10, 3500, 10), 200, ""},
      {request(10, 4100, 10), 431, "header_too_large"},
      {request(10, 100'000, 10), 431, "header_too_large"},
      {request(10, 10, 1000), 200, ""},
      {request(10, 10, 1001), 413, "body_too_large"},
      {request(10, 10, 500'000), 413, "body_too_large"},
      {chunks(10), 200, ""},
      {chunks(11), 413, "body_too_large"},
      {"POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", 413,
       "body_too_large"},
      {"POST /echo HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 2000\r\n\r\n", 413,
       "body_too_large"},
  };
  for (const auto& r : k_rows) {
    raw_client client(server.port());
    const auto a = client.ask(r.request);
    ASSERT_TRUE(a) << r.request.substr(0, 100);
    EXPECT_EQ(a->status, r.status) << r.request.substr(0, 100);
    EXPECT_EQ(a->field("connection"), r.status == 200 ? "" : "close");
    if (r.status != 200) {
      EXPECT_NE(a->body.find("\"code\":\"" + std::string(r.code) + '"'), std::string::npos) << a->body;
    }
  }
}

// A large body must cost nothing before its sender is known, and its bound is the route's, not the server's.
TEST(server_limits, a_route_has_its_say_before_the_body_is_read) {
  server_settings settings;
  settings.max_body_bytes = 1000;
  settings.cors_origins = {"https://news.example"};
  running_server server(settings);
  const std::string head = "POST /large HTTP/1.1\r\nHost: test\r\nOrigin: https://news.example\r\n";
  const std::string please = head + "Authorization: please\r\n";
  struct row {
    std::string request;
    unsigned status;
    std::string_view says;
  };
  const row k_rows[] = {
      {please + "Content-Length: 5000\r\n\r\n" + std::string(5000, 'b'), 200, "5000"},
      {please + "Content-Length: 0\r\n\r\n", 200, "0"},
      {please + "Content-Length: 5001\r\n\r\n", 413, "body_too_large"},
      {please + "Content-Length: 5001\r\nExpect: 100-continue\r\n\r\n", 413, "at most 5000 bytes"},
      {please + "Content-Length: 18446744073709551615\r\n\r\n", 413, "body_too_large"},
      {please + "Transfer-Encoding: chunked\r\n\r\n1389\r\n", 413, "body_too_large"},
      {head + "Content-Length: 0\r\n\r\n", 401, "Say please."},
      // None of it is sent, and the answer comes all the same.
      {head + "Content-Length: 100\r\n\r\n", 401, "Say please."},
      {head + "Content-Length: 100\r\nExpect: 100-continue\r\n\r\n", 401, "Say please."},
      {head + "Content-Length: 1000000000\r\n\r\n", 401, "Say please."},
      {head + "Transfer-Encoding: chunked\r\n\r\n", 401, "Say please."},
      {head + "Authorization: throw\r\nContent-Length: 100\r\n\r\n", 500, "\"internal\""},
      {"POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 1001\r\n\r\n", 413, "at most 1000 bytes"},
  };
  for (const auto& r : k_rows) {
    raw_client client(server.port());
    const auto a = client.ask(r.request);
    ASSERT_TRUE(a) << r.request.substr(0, 200);
    EXPECT_EQ(a->status, r.status) << r.request.substr(0, 200);
    EXPECT_NE(a->body.find(r.says), std::string::npos) << a->body;
    EXPECT_EQ(a->body.find("secret"), std::string::npos);
    if (r.status == 401) {
      EXPECT_EQ(a->field("access-control-allow-origin"), "https://news.example") << "or a page could not read why";
      EXPECT_FALSE(a->field("content-security-policy").empty());
    }
  }
  EXPECT_EQ(server.access_log().at(0).route, "/large");
  EXPECT_EQ(server.access_log().at(7).route, "/large");

  raw_client client(server.port());
  const auto go_on = client.ask(please + "Content-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  ASSERT_TRUE(go_on);
  EXPECT_EQ(go_on->status, 100U);
  EXPECT_EQ(client.ask("body")->body, "4");
  EXPECT_EQ(client.ask(head + "Content-Length: 0\r\n\r\n")->status, 401U);
  EXPECT_EQ(client.ask(k_quick)->body, "quick") << "without a body to read, the connection goes on";
}

TEST(server_limits, a_header_in_many_small_pieces_is_still_too_large) {
  server_settings settings;
  settings.max_target_bytes = 2000;
  settings.max_header_bytes = 4000;
  running_server server(settings);
  raw_client client(server.port());
  client.send("GET /quick HTTP/1.1\r\nHost: test\r\n");
  for (int i = 0; i < 1000; ++i) {
    if (!client.send("X-" + std::to_string(i) + ": v\r\n")) break;
  }
  const auto a = client.receive();
  ASSERT_TRUE(a);
  EXPECT_EQ(a->status, 431U);
}

TEST(server_limits, a_request_that_never_becomes_whole_is_given_up_with_408) {
  server_settings settings;
  settings.idle_timeout = 50ms;
  settings.header_timeout = 50ms;
  settings.body_timeout = 50ms;
  settings.linger_timeout = 50ms;
  running_server server(settings);
  for (const std::string_view part :
       {"", "G", "GET /quick HTTP/1.1\r\n", "GET /quick HTTP/1.1\r\nHost: test\r\n",
        "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nabc",
        "POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"}) {
    raw_client client(server.port());
    client.send(part);
    const auto all = client.receive_all();  // ends only when the server closes
    // Where nothing was asked there is nothing to answer.
    EXPECT_EQ(all.empty(), part.empty()) << part;
    if (part.empty()) continue;
    EXPECT_TRUE(all.starts_with("HTTP/1.1 408 ")) << part << all;
    EXPECT_NE(all.find(R"("code":"request_timeout")"), std::string::npos) << all;
    EXPECT_NE(all.find("Connection: close"), std::string::npos) << all;
  }
  EXPECT_EQ(test::get(server.port(), "/quick").body, "quick");
}

TEST(server_limits, a_header_that_trickles_in_is_given_up_although_something_always_comes) {
  server_settings settings;
  settings.header_timeout = 50ms;
  settings.linger_timeout = 50ms;
  settings.max_header_bytes = 1U << 30;
  running_server server(settings);
  raw_client client(server.port());
  client.send("GET /quick HTTP/1.1\r\nHost: test\r\n");
  // Ends when the server has closed: a send meets a reset.
  while (client.send("X: v\r\n")) std::this_thread::yield();
  const auto all = client.receive_all();  // empty if the reset overtook it
  EXPECT_TRUE(all.empty() || all.starts_with("HTTP/1.1 408 ")) << all;
}

TEST(server_limits, an_idle_connection_is_closed_after_its_time) {
  server_settings settings;
  settings.idle_timeout = 50ms;
  running_server server(settings);
  raw_client client(server.port());
  EXPECT_EQ(client.ask(k_quick)->status, 200U);
  EXPECT_TRUE(client.at_end());
}

TEST(server_limits, a_client_that_does_not_read_is_given_up) {
  server_settings settings;
  settings.write_timeout = 50ms;
  settings.min_write_rate = 1'000'000'000;
  settings.idle_timeout = 50ms;
  running_server server(settings);
  raw_client client(server.port(), 4096);
  client.send("GET /large?50000000 HTTP/1.1\r\nHost: test\r\n\r\n");
  // The end comes from the server: this test would not end otherwise.
  while (server.access_log().empty()) std::this_thread::yield();
  EXPECT_EQ(server.access_log()[0].bytes, 0U) << "not sent whole";
  EXPECT_LT(client.receive_all().size(), 50'000'000U);
}

TEST(server_limits, a_client_that_leaves_amid_the_answer_harms_nobody) {
  running_server server;
  for (int i = 0; i < 20; ++i) {
    raw_client client(server.port(), 4096);
    client.send("GET /large?20000000 HTTP/1.1\r\nHost: test\r\n\r\n");
    client.reset();
  }
  for (int i = 0; i < 20; ++i) {
    raw_client client(server.port());
    client.send(k_slow);
    client.reset();
  }
  server.slow().open();
  EXPECT_EQ(test::get(server.port(), "/quick").body, "quick");
}

TEST(server_limits, a_large_answer_arrives_whole) {
  running_server server;
  EXPECT_EQ(test::get(server.port(), "/large?5000000").body, std::string(5'000'000, 'x'));
}

TEST(server_limits, slow_work_does_not_delay_other_requests) {
  server_settings settings;
  settings.worker_threads = 1;
  settings.io_threads = 1;
  running_server server(settings);
  raw_client slow(server.port());
  slow.send(k_slow);
  server.slow().await_waiting(1);  // the only worker is taken, and stays so until the test opens the gate
  for (int i = 0; i < 50; ++i) EXPECT_EQ(test::get(server.port(), "/quick").body, "quick");
  server.slow().open();
  EXPECT_EQ(slow.receive()->body, "slow");
}

TEST(server_limits, past_a_full_queue_clients_are_told_to_try_again) {
  server_settings settings;
  settings.worker_threads = 1;
  settings.max_queued = 2;
  running_server server(settings);
  std::deque<raw_client> waiting;
  waiting.emplace_back(server.port());
  waiting.back().send(k_slow);
  server.slow().await_waiting(1);
  for (std::size_t i = 0; i < 2; ++i) {
    waiting.emplace_back(server.port());
    waiting.back().send(k_slow);
    while (server.get().workers().queued() != i + 1) std::this_thread::yield();
  }
  const auto refused = test::get(server.port(), "/slow");
  EXPECT_EQ(refused.status, 503U);
  EXPECT_EQ(refused.field("retry-after"), "1");
  EXPECT_NE(refused.body.find("\"code\":\"overloaded\""), std::string::npos);
  server.slow().open();
  for (auto& client : waiting) EXPECT_EQ(client.receive()->body, "slow");
  EXPECT_EQ(test::get(server.port(), "/slow").body, "slow") << "and then it serves again";
}

TEST(server_limits, a_request_that_waited_too_long_is_not_run) {
  server_settings settings;
  settings.worker_threads = 1;
  settings.request_timeout = 20ms;
  running_server server(settings);
  raw_client first(server.port());
  first.send(k_slow);
  // On a busy machine the first may itself come too late; then it is refused, and asks again.
  for (std::size_t attempts = 1; server.slow().arrived() == 0; std::this_thread::yield()) {
    if (server.access_log().size() < attempts) continue;
    ASSERT_EQ(first.ask(k_slow)->status, 503U);
    ++attempts;
  }
  raw_client second(server.port());
  second.send(k_slow);
  while (server.get().workers().queued() == 0) std::this_thread::yield();
  const auto queued_at = worker_pool::clock::now();
  while (worker_pool::clock::now() <= queued_at + settings.request_timeout) std::this_thread::yield();
  server.slow().open();
  const auto a = second.receive();
  EXPECT_EQ(a->status, 503U);
  EXPECT_NE(a->body.find("\"code\":\"deadline_exceeded\""), std::string::npos);
  EXPECT_EQ(server.slow().arrived(), 1U);
}

TEST(server_limits, at_the_limit_of_connections_the_longest_idle_one_makes_room) {
  server_settings settings;
  settings.max_connections = 3;
  running_server server(settings);
  std::deque<raw_client> idle;
  for (int i = 0; i < 3; ++i) {
    idle.emplace_back(server.port());
    ASSERT_EQ(idle.back().ask(k_quick)->status, 200U);
  }
  raw_client fourth(server.port());
  EXPECT_EQ(fourth.ask(k_quick)->status, 200U);
  EXPECT_TRUE(idle.front().at_end());
}

TEST(server_limits, at_the_limit_of_connections_a_client_waits_for_room) {
  server_settings settings;
  settings.max_connections = 2;
  running_server server(settings);
  std::deque<raw_client> busy;
  for (int i = 0; i < 2; ++i) {
    busy.emplace_back(server.port());
    busy.back().send(k_slow);
  }
  server.slow().await_waiting(2);
  raw_client third(server.port());
  third.send(k_quick);  // taken by the kernel, not by the server
  EXPECT_EQ(server.get().connections(), 2U);
  server.slow().open();
  for (auto& client : busy) EXPECT_EQ(client.receive()->body, "slow");
  EXPECT_EQ(third.receive()->body, "quick");
}

TEST(server_limits, out_of_descriptors_it_waits_and_goes_on) {
#ifdef __SANITIZE_ADDRESS__
  // UBSan's check of virtual tables opens a pipe to see whether memory can be read, and takes "no descriptors" for
  // "no".
  GTEST_SKIP() << "the sanitizer needs descriptors of its own";
#endif
  running_server server;
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  int spare = ::dup(STDIN_FILENO);
  ASSERT_GE(spare, 0);
  // The lowest that was free was the last that is allowed: server and clients, in one process, now share what little
  // is left, and when a client has taken the spare one the server has none to accept with.
  const rlimit tight{.rlim_cur = static_cast<rlim_t>(spare) + 1, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &tight), 0);
  const auto told = [&server] {
    for (const auto& e : server.events()) {
      if (e.find("no descriptors") != std::string::npos) return true;
    }
    return false;
  };
  std::deque<raw_client> clients;
  while (!told()) {
    try {
      clients.emplace_back(server.port());
      clients.back().send(k_quick);
    } catch (const std::runtime_error&) {
      if (spare >= 0) ::close(std::exchange(spare, -1));
    }
  }
  if (spare >= 0) ::close(spare);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  clients.emplace_back(server.port());
  clients.back().send(k_quick);
  for (auto& client : clients) EXPECT_EQ(client.receive()->body, "quick");
}

TEST(server_limits, many_clients_on_several_threads) {
  server_settings settings;
  settings.io_threads = 3;
  settings.worker_threads = 3;
  running_server server(settings);
  server.slow().open();
  std::vector<std::thread> clients;
  clients.reserve(8);
  std::atomic<int> good = 0;
  for (int c = 0; c < 8; ++c) {
    clients.emplace_back([&server, &good] {
      raw_client client(server.port());
      for (int i = 0; i < 100; ++i) {
        const auto a = client.ask(i % 2 == 0 ? k_slow : k_quick);
        if (a && a->status == 200) ++good;
      }
    });
  }
  for (auto& t : clients) t.join();
  EXPECT_EQ(good, 800);
}

}  // namespace
}  // namespace rapporteur::http
