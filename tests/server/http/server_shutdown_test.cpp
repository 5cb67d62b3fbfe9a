// How a real server starts to listen and how it ends.
#include "tests/server/http/raw_client.hpp"
#include "tests/server/http/running_server.hpp"

#include <gtest/gtest.h>

namespace rapporteur::http {
namespace {

using namespace std::chrono_literals;
using test::raw_client;
using test::running_server;

const std::string k_quick = "GET /quick HTTP/1.1\r\nHost: test\r\n\r\n";
const std::string k_slow = "GET /slow HTTP/1.1\r\nHost: test\r\n\r\n";

TEST(server_shutdown, with_nothing_to_do_it_ends) {
  running_server server;
  EXPECT_TRUE(server.stop_and_wait());
  EXPECT_THROW(raw_client{server.port()}, std::runtime_error) << "nothing listens any more";
}

TEST(server_shutdown, idle_connections_do_not_hold_it_up) {
  server_settings settings;
  settings.idle_timeout = 1h;
  settings.shutdown_grace = 1h;
  running_server server(settings);
  raw_client fresh(server.port());
  raw_client used(server.port());
  EXPECT_EQ(used.ask(k_quick)->status, 200U);
  EXPECT_TRUE(server.stop_and_wait());
  EXPECT_TRUE(used.at_end());
  EXPECT_TRUE(fresh.at_end());
}

TEST(server_shutdown, what_runs_is_finished_and_answered) {
  server_settings settings;
  settings.shutdown_grace = 1h;
  running_server server(settings);
  raw_client client(server.port());
  client.send(k_slow + k_quick);
  server.slow().await_waiting(1);
  server.get().stop();
  // It stops accepting before the request is let go.
  while (true) {
    try {
      raw_client late(server.port());
      std::this_thread::yield();
    } catch (const std::runtime_error&) {
      break;
    }
  }
  server.slow().open();
  const auto a = client.receive();
  ASSERT_TRUE(a);
  EXPECT_EQ(a->body, "slow");
  EXPECT_EQ(a->field("connection"), "close");
  EXPECT_TRUE(client.at_end());
  EXPECT_TRUE(server.wait());
}

TEST(server_shutdown, past_the_grace_period_it_ends_all_the_same) {
  server_settings settings;
  settings.shutdown_grace = 1ms;
  running_server server(settings);
  raw_client client(server.port());
  client.send(k_slow);
  server.slow().await_waiting(1);
  EXPECT_FALSE(server.stop_and_wait()) << "something was not finished";
}

TEST(server_shutdown, told_twice_it_does_not_wait) {
  server_settings settings;
  settings.shutdown_grace = 1h;
  running_server server(settings);
  raw_client client(server.port());
  client.send(k_slow);
  server.slow().await_waiting(1);
  server.get().stop();
  EXPECT_FALSE(server.stop_and_wait());
}

TEST(server_listen, tells_what_is_wrong_with_an_address) {
  running_server other;
  struct row {
    std::string_view address;
    std::uint16_t port;
    errc code;
    std::string_view says;
  };
  const row k_rows[] = {
      {"127.0.0.1", other.port(), errc::io, "in use"},
      {"nonsense", 0, errc::invalid_argument, "\"nonsense\" is not an address"},
      {"", 0, errc::invalid_argument, "is not an address"},
      {"192.0.2.1", 0, errc::io, "not an address of this machine"},
  };
  for (const auto& r : k_rows) {
    server_settings settings;
    settings.address = r.address;
    settings.port = r.port;
    server s(settings, {});
    const auto url = s.listen();
    ASSERT_FALSE(url) << r.address;
    EXPECT_EQ(url.error().code, r.code) << r.address;
    EXPECT_NE(url.error().message.find(r.says), std::string::npos) << url.error().message;
  }
}

TEST(server_listen, gives_the_address_as_it_stands_in_a_url) {
  for (const auto& [address, prefix] :
       {std::pair{"127.0.0.1", "http://127.0.0.1:"}, std::pair{"localhost", "http://127.0.0.1:"},
        std::pair{"::1", "http://[::1]:"}, std::pair{"[::1]", "http://[::1]:"}}) {
    server_settings settings;
    settings.address = address;
    settings.port = 0;
    server s(settings, {});
    const auto url = s.listen();
    if (!url && std::string_view(address).find(':') != std::string_view::npos) {
      GTEST_SKIP() << "no IPv6 here: " << url.error().message;
    }
    ASSERT_TRUE(url) << url.error().message;
    EXPECT_TRUE(url->starts_with(prefix)) << *url;
    EXPECT_NE(url->substr(url->rfind(':')), ":0");
  }
}

}  // namespace
}  // namespace rapporteur::http
