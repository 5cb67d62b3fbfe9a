#include "server/http/forwarding.hpp"

#include <gtest/gtest.h>

#include <set>
#include <utility>
#include <vector>

namespace rapporteur::http {
namespace {

using field_list = std::vector<std::pair<std::string, std::string>>;

provenance look(const server_settings& s, const field_list& given, const char* peer = "127.0.0.1") {
  bhttp::fields fields;
  for (const auto& [name, value] : given) fields.insert(name, value);
  const auto f = forwarding::make(s);
  EXPECT_TRUE(f);
  return f->look(fields, {asio::ip::make_address(peer), 50000}, {asio::ip::make_address("127.0.0.1"), 8080});
}

server_settings trusting(std::vector<std::string> proxies, bool standard = false) {
  server_settings s;
  s.trusted_proxies = std::move(proxies);
  s.standard_forwarded = standard;
  return s;
}

struct row {
  const char* name;
  field_list fields;
  std::string client, origin, prefix;
};

TEST(forwarding, believes_x_forwarded_from_the_named_proxies) {
  const auto s = trusting({"127.0.0.1", "10.0.0.0/8"});
  const row k_rows[] = {
      {"nothing said", {{"Host", "a.example"}}, "127.0.0.1", "http://a.example", ""},
      {"no host", {}, "127.0.0.1", "http://127.0.0.1:8080", ""},
      {"one proxy",
       {{"Host", "inner:8080"},
        {"X-Forwarded-For", "203.0.113.7"},
        {"X-Forwarded-Proto", "https"},
        {"X-Forwarded-Host", "news.example"},
        {"X-Forwarded-Prefix", "/search"}},
       "203.0.113.7",
       "https://news.example",
       "/search"},
      {"what the client made up stands left of what the proxy saw",
       {{"Host", "a"}, {"X-Forwarded-For", "1.1.1.1, 203.0.113.7"}},
       "203.0.113.7",
       "http://a",
       ""},
      {"a quotation mark of the client's hides nothing",
       {{"Host", "a"},
        {"X-Forwarded-For", "\", 203.0.113.7"},
        {"X-Forwarded-Proto", "\", https"},
        {"X-Forwarded-Host", "e\"vil, news.example"}},
       "203.0.113.7",
       "https://news.example",
       ""},
      {"two proxies",
       {{"Host", "a"},
        {"X-Forwarded-For", "1.1.1.1, 203.0.113.7, 10.2.3.4"},
        {"X-Forwarded-Proto", "ftp, https, http"},
        {"X-Forwarded-Host", "evil, news.example, inner"}},
       "203.0.113.7",
       "https://news.example",
       ""},
      {"two lines",
       {{"Host", "a"}, {"X-Forwarded-For", "203.0.113.7"}, {"X-Forwarded-For", "10.2.3.4"}},
       "203.0.113.7",
       "http://a",
       ""},
      {"all trusted", {{"Host", "a"}, {"X-Forwarded-For", "10.0.0.9"}}, "10.0.0.9", "http://a", ""},
      {"with a port", {{"Host", "a"}, {"X-Forwarded-For", "203.0.113.7:4711"}}, "203.0.113.7", "http://a", ""},
      {"IPv6", {{"Host", "a"}, {"X-Forwarded-For", "2001:db8::7"}}, "2001:db8::7", "http://a", ""},
      {"IPv6 with a port", {{"Host", "a"}, {"X-Forwarded-For", "[2001:db8::7]:80"}}, "2001:db8::7", "http://a", ""},
      {"unknown", {{"Host", "a"}, {"X-Forwarded-For", "203.0.113.7, unknown"}}, "127.0.0.1", "http://a", ""},
      {"no host", {{"Host", "a"}, {"X-Forwarded-Host", "b\"><script>"}}, "127.0.0.1", "http://a", ""},
      {"no scheme", {{"Host", "a"}, {"X-Forwarded-Proto", "javascript"}}, "127.0.0.1", "http://a", ""},
      {"no prefix", {{"Host", "a"}, {"X-Forwarded-Prefix", "//evil.example"}}, "127.0.0.1", "http://a", ""},
      {"prefix with a slash", {{"Host", "a"}, {"X-Forwarded-Prefix", "/b/c/"}}, "127.0.0.1", "http://a", "/b/c"},
      {"the other header is not read",
       {{"Host", "a"}, {"Forwarded", "for=1.2.3.4;proto=https;host=evil.example"}},
       "127.0.0.1",
       "http://a",
       ""},
  };
  for (const auto& r : k_rows) {
    const auto p = look(s, r.fields);
    EXPECT_EQ(p.client, r.client) << r.name;
    EXPECT_EQ(p.origin, r.origin) << r.name;
    EXPECT_EQ(p.prefix, r.prefix) << r.name;
  }
}

TEST(forwarding, believes_forwarded_where_that_is_the_header) {
  const auto s = trusting({"127.0.0.1", "10.0.0.0/8"}, true);
  const row k_rows[] = {
      {"all of it",
       {{"Host", "a"}, {"Forwarded", "for=203.0.113.7;proto=https;host=news.example;by=10.0.0.1"}},
       "203.0.113.7",
       "https://news.example",
       ""},
      {"quoted",
       {{"Host", "a"}, {"Forwarded", R"(For="[2001:db8::7]:4711"; Proto="https"; Host="news.example:8443")"}},
       "2001:db8::7",
       "https://news.example:8443",
       ""},
      {"two elements",
       {{"Host", "a"}, {"Forwarded", "for=203.0.113.7;proto=https;host=b, for=10.0.0.2;proto=http;host=c"}},
       "203.0.113.7",
       "https://b",
       ""},
      {"a comma in quotes",
       {{"Host", "a"}, {"Forwarded", R"(for=1.1.1.1;ext="x,for=2.2.2.2", for=203.0.113.7)"}},
       "203.0.113.7",
       "http://a",
       ""},
      {"hidden", {{"Host", "a"}, {"Forwarded", "for=_secret;proto=https"}}, "127.0.0.1", "https://a", ""},
      {"broken", {{"Host", "a"}, {"Forwarded", R"(for="203.0.113.7;;=;\)"}}, "127.0.0.1", "http://a", ""},
      {"the other headers are not read",
       {{"Host", "a"}, {"X-Forwarded-For", "1.2.3.4"}, {"X-Forwarded-Host", "evil"}, {"X-Forwarded-Prefix", "/evil"}},
       "127.0.0.1",
       "http://a",
       ""},
  };
  for (const auto& r : k_rows) {
    const auto p = look(s, r.fields);
    EXPECT_EQ(p.client, r.client) << r.name;
    EXPECT_EQ(p.origin, r.origin) << r.name;
    EXPECT_EQ(p.prefix, r.prefix) << r.name;
  }
}

TEST(forwarding, believes_nobody_else) {
  const field_list all{{"Host", "a.example"},           {"X-Forwarded-For", "203.0.113.7"},
                       {"X-Forwarded-Proto", "https"},  {"X-Forwarded-Host", "evil.example"},
                       {"X-Forwarded-Prefix", "/evil"}, {"Forwarded", "for=203.0.113.7;host=evil.example"},
                       {"X-Request-Id", "evil"}};
  for (const auto& s : {trusting({}), trusting({"10.0.0.0/8"}), trusting({"10.0.0.0/8"}, true)}) {
    const auto p = look(s, all);
    EXPECT_EQ(p.client, "127.0.0.1");
    EXPECT_EQ(p.origin, "http://a.example");
    EXPECT_EQ(p.prefix, "");
    EXPECT_NE(p.request_id, "evil");
  }
}

TEST(forwarding, the_configured_address_stands_above_what_is_said) {
  auto s = trusting({"127.0.0.1"});
  s.base_path = "/inner";
  EXPECT_EQ(look(s, {{"Host", "a"}}).prefix, "/inner");
  s.public_url = "https://news.example:8443/archive/";
  const auto p =
      look(s, {{"Host", "a"}, {"X-Forwarded-Host", "b"}, {"X-Forwarded-Prefix", "/c"}, {"X-Forwarded-Proto", "http"}});
  EXPECT_EQ(p.origin, "https://news.example:8443");
  EXPECT_EQ(p.prefix, "/archive");
  s.public_url = "https://news.example";
  EXPECT_EQ(look(s, {}).prefix, "/inner");
}

TEST(forwarding, refuses_settings_that_mean_nothing) {
  const auto refused = [](auto change) {
    server_settings s;
    change(s);
    const auto f = forwarding::make(s);
    return !f && f.error().code == errc::invalid_argument;
  };
  for (const char* path : {"search", "/", "/a/", "//a", "/a//b", "/a/../b", "/a b", "/a%20b", "/a?b", "/a\r\nb"}) {
    EXPECT_TRUE(refused([path](server_settings& s) { s.base_path = path; })) << path;
  }
  for (const char* url : {"news.example", "ftp://a", "https://", "https:///a", "https://a b", "https://a?b",
                          "https://a//b", "https://a/..", "https://u@a"}) {
    EXPECT_TRUE(refused([url](server_settings& s) { s.public_url = url; })) << url;
  }
  EXPECT_TRUE(refused([](server_settings& s) { s.trusted_proxies = {"proxy"}; }));
}

TEST(forwarding, takes_only_harmless_request_ids) {
  const auto s = trusting({"127.0.0.1"});
  for (const std::string good : {"a", "0f8fad5b-d9cb-469f-a165-70867728950e", "Root:1/x+y~z_.@"}) {
    EXPECT_EQ(look(s, {{"X-Request-Id", good}}).request_id, good);
  }
  for (const std::string& bad : {std::string(), std::string("a b"), std::string("a\"b"), std::string("a=b"),
                                 std::string("ä"), std::string(129, 'a'), std::string("a\x01")}) {
    const auto id = look(s, {{"X-Request-Id", bad}}).request_id;
    EXPECT_EQ(id.size(), 16U) << bad;
  }
  EXPECT_EQ(look(s, {{"X-Request-Id", "a"}, {"X-Request-Id", "b"}}).request_id.size(), 16U);
}

TEST(request_ids, differ) {
  std::set<std::string> seen;
  for (int i = 0; i < 10'000; ++i) seen.insert(make_request_id());
  EXPECT_EQ(seen.size(), 10'000U);
}

TEST(is_host, takes_hosts_alone) {
  for (const std::string_view good :
       {"", "a", "news.example", "news.example:80", "127.0.0.1:8080", "[::1]", "[::1]:80", "a_b", "xn--x", "a:"}) {
    EXPECT_TRUE(is_host(good)) << good;
  }
  const std::string long_name(300, 'a');
  for (const std::string_view bad :
       {std::string_view("a b"), std::string_view("a/b"), std::string_view("u@a"), std::string_view("a:b"),
        std::string_view("a:80:80"), std::string_view("[::1"), std::string_view("[]"), std::string_view("[::1]x"),
        std::string_view("a?b"), std::string_view("<b>"), std::string_view("a\"b"), std::string_view("a\r\nb"),
        std::string_view("a:999999"), std::string_view("한국"), std::string_view(long_name)}) {
    EXPECT_FALSE(is_host(bad)) << bad;
  }
}

}  // namespace
}  // namespace rapporteur::http
