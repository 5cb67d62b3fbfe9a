// Answers that are made while they are sent: framed for both versions of HTTP, whole or seen not to be.
#include "tests/server/http/raw_client.hpp"
#include "tests/server/http/running_server.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace rapporteur::http {
namespace {

using namespace std::chrono_literals;
using test::raw_client;
using test::running_server;

std::string request(std::string_view what, std::string_view version = "1.1", std::string_view method = "GET") {
  return std::string(method) + " /stream?" + std::string(what) + " HTTP/" + std::string(version) +
         "\r\nHost: test\r\nConnection: keep-alive\r\n\r\n";
}

TEST(server_streams, come_in_chunks_and_the_connection_lives_on) {
  running_server server;
  raw_client client(server.port());
  for (const std::size_t pieces : {0U, 1U, 30U, 3U}) {
    const auto a = client.ask(request(std::to_string(pieces)));
    ASSERT_TRUE(a) << pieces;
    EXPECT_EQ(a->status, 200U);
    EXPECT_EQ(a->field("transfer-encoding"), "chunked");
    EXPECT_EQ(a->field("content-length"), "");
    EXPECT_EQ(a->body.size(), pieces * 1000);
    if (pieces > 0) {
      EXPECT_EQ(a->body.back(), static_cast<char>('a' + (pieces - 1) % 26));
    }
  }
  EXPECT_EQ(server.access_log().at(2).bytes, 30'000U);
}

TEST(server_streams, have_a_header_alone_for_head) {
  running_server server;
  raw_client client(server.port());
  const auto a = client.ask(request("30", "1.1", "HEAD"), false);
  ASSERT_TRUE(a);
  EXPECT_EQ(a->field("transfer-encoding"), "chunked");
  EXPECT_EQ(client.ask(request("1"))->body.size(), 1000U) << "nothing followed the header";
}

TEST(server_streams, end_with_the_connection_for_http_1_0) {
  running_server server;
  raw_client client(server.port());
  client.send(request("30", "1.0"));
  const auto all = client.receive_all();
  EXPECT_EQ(all.find("chunked"), std::string::npos);
  EXPECT_NE(all.find("Connection: close"), std::string::npos);
  EXPECT_EQ(all.size() - all.find("\r\n\r\n") - 4, 30'000U);
}

TEST(server_streams, that_fail_are_cut_and_logged) {
  running_server server;
  raw_client client(server.port());
  client.send(request("3!"));
  EXPECT_FALSE(client.receive()) << "an answer that was cut passed for a whole one";
  server.await_stream_gone();
  const auto events = server.events();
  ASSERT_FALSE(events.empty());
  EXPECT_EQ(events.back(), "an answer was cut off: io: the disk is gone");
}

TEST(server_streams, stop_when_the_client_goes) {
  running_server server;
  {
    raw_client client(server.port());
    client.send(request("1000000000"));
    client.reset();
  }
  server.await_stream_gone();
}

TEST(server_streams, wait_for_a_client_only_so_long) {
  server_settings settings;
  settings.write_timeout = 50ms;
  settings.min_write_rate = 1'000'000;
  running_server server(settings);
  raw_client client(server.port(), 4096);
  client.send(request("1000000000"));
  server.await_stream_gone();
}

TEST(server_streams, are_finished_when_the_server_stops) {
  server_settings settings;
  settings.shutdown_grace = 1h;
  running_server server(settings);
  raw_client client(server.port());
  client.send(request("3g"));
  server.slow().await_waiting(1);
  server.get().stop();
  server.slow().open();
  const auto a = client.receive();
  ASSERT_TRUE(a);
  EXPECT_EQ(a->body.size(), 3000U);
  EXPECT_TRUE(server.wait());
}

TEST(server_streams, that_would_go_on_are_cut_before_the_grace_ends) {
  server_settings settings;
  settings.shutdown_grace = 400ms;
  running_server server(settings);
  raw_client client(server.port());
  client.send(request("1000000000"));
  std::thread reader([&client] { EXPECT_FALSE(client.receive()); });
  while (server.get().connections() == 0) std::this_thread::yield();
  EXPECT_TRUE(server.stop_and_wait()) << "it ended in order";
  reader.join();
}

}  // namespace
}  // namespace rapporteur::http
