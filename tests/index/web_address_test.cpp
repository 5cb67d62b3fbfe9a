// Which addresses an article may have.
#include "index/web_address.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rapporteur {
namespace {

TEST(web_address, is_what_a_browser_may_be_sent_to) {
  for (const std::string_view url : {"http://a", "https://news.example/1", "HTTPS://News.example:8443/a?b=c#d",
                                     "https://user@a.example", "http://[::1]/", "https://пример.example/文"}) {
    EXPECT_TRUE(is_web_address(url)) << url;
  }
}

TEST(web_address, is_nothing_else) {
  using namespace std::string_view_literals;
  for (const std::string_view url :
       {"", "news.example/1", "//a.example", "http:a", "http://", "https:///a", "https://?q", "https://#x",
        "ftp://a.example/", "javascript:alert(1)", "javascript://x", "file:///etc", " https://a", "https://a b/",
        "https://a\t", "https://a\n", "https://a\x7F", "http\u017F://a"}) {
    EXPECT_FALSE(is_web_address(url)) << url;
  }
  EXPECT_FALSE(is_web_address("https://a\0b"sv));
}

TEST(web_address, is_bounded) {
  std::string url = "https://a.example/";
  url.resize(k_max_url_bytes, 'x');
  EXPECT_TRUE(is_web_address(url));
  EXPECT_FALSE(is_web_address(url + 'x'));
}

}  // namespace
}  // namespace rapporteur
