#include "server/http/networks.hpp"

#include <gtest/gtest.h>

namespace rapporteur::http {
namespace {

TEST(network_list, contains_what_its_entries_span) {
  struct row {
    const char* entry;
    const char* address;
    bool inside;
  };
  constexpr row k_rows[] = {
      {"127.0.0.1", "127.0.0.1", true},
      {"127.0.0.1", "127.0.0.2", false},
      {"127.0.0.1", "::ffff:127.0.0.1", true},
      {"127.0.0.1", "::1", false},
      {"10.0.0.0/8", "10.255.255.255", true},
      {"10.0.0.0/8", "11.0.0.0", false},
      {"10.1.2.3/8", "10.9.9.9", true},
      {"192.168.4.0/22", "192.168.7.255", true},
      {"192.168.4.0/22", "192.168.8.0", false},
      {"0.0.0.0/0", "203.0.113.9", true},
      {"0.0.0.0/0", "2001:db8::1", false},
      {"::1", "::1", true},
      {"::1", "::2", false},
      {"fd00::/8", "fdff::1", true},
      {"fd00::/8", "fe00::1", false},
      {"2001:db8::/33", "2001:db8:7fff::1", true},
      {"2001:db8::/33", "2001:db8:8000::1", false},
      {"::/0", "2001:db8::1", true},
      {"::/0", "127.0.0.1", false},
  };
  for (const auto& r : k_rows) {
    const auto list = network_list::parse({r.entry});
    ASSERT_TRUE(list) << r.entry;
    EXPECT_EQ(list->contains(asio::ip::make_address(r.address)), r.inside) << r.entry << " " << r.address;
  }
  EXPECT_FALSE(network_list().contains(asio::ip::make_address("127.0.0.1")));
}

TEST(network_list, refuses_what_is_no_network) {
  for (const std::string entry : {"", "localhost", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0/8",
                                  "::/129", "*", "10.0.0.0/8/8", "127.0.0.1:80", "[::1]"}) {
    const auto list = network_list::parse({"127.0.0.1", entry});
    ASSERT_FALSE(list) << entry;
    EXPECT_EQ(list.error().code, errc::invalid_argument);
    EXPECT_NE(list.error().message.find('"' + entry + '"'), std::string::npos) << list.error().message;
  }
}

}  // namespace
}  // namespace rapporteur::http
