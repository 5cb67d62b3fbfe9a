#include "server/http/uri.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rapporteur::http {
namespace {

using testing::ElementsAre;
using namespace std::string_literals;

TEST(split_target, takes_the_forms_that_a_server_must_accept) {
  struct row {
    std::string_view target, path, query, authority;
  };
  constexpr row k_rows[] = {
      {"/", "/", "", ""},
      {"/a/b?q=1", "/a/b", "q=1", ""},
      {"/a?", "/a", "", ""},
      {"/?a?b", "/", "a?b", ""},
      {"//a", "//a", "", ""},
      {"*", "*", "", ""},
      {"http://host/a?b", "/a", "b", "host"},
      {"HTTPS://host:80/a", "/a", "", "host:80"},
      {"http://host", "/", "", "host"},
      {"http://host?b", "/", "b", "host"},
  };
  for (const auto& r : k_rows) {
    const auto parts = split_target(r.target);
    ASSERT_TRUE(parts) << r.target;
    EXPECT_EQ(parts->path, r.path) << r.target;
    EXPECT_EQ(parts->query, r.query) << r.target;
    EXPECT_EQ(parts->authority, r.authority) << r.target;
  }
}

TEST(split_target, refuses_the_others) {
  for (const std::string_view target : {"", "a", "host:80", "ftp://host/", "http:///a", "/a#b", "?a", "http:/a"}) {
    EXPECT_FALSE(split_target(target)) << target;
  }
}

TEST(percent_decode, gives_back_any_byte) {
  EXPECT_EQ(percent_decode("a%20b%2f%2F"), "a b//");
  EXPECT_EQ(percent_decode("%00%ff"), "\0\xff"s);
  EXPECT_EQ(percent_decode("a+b"), "a+b");
  EXPECT_EQ(percent_decode("a+b%2B", true), "a b+");
  EXPECT_EQ(percent_decode(""), "");
}

TEST(percent_decode, refuses_broken_sequences) {
  for (const std::string_view text : {"%", "%2", "a%", "%zz", "%2g", "%%20", "% 20"}) {
    EXPECT_FALSE(percent_decode(text)) << text;
  }
}

TEST(percent_encode, is_undone_by_decode_for_every_byte) {
  std::string all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  std::string encoded;
  percent_encode(encoded, all);
  EXPECT_EQ(percent_decode(encoded), all);
  EXPECT_EQ(percent_decode(encoded, true), all);
  std::string plain;
  percent_encode(plain, "azAZ09-._~ /+");
  EXPECT_EQ(plain, "azAZ09-._~%20%2F%2B");
}

TEST(readable_segments, are_those_before_what_is_badly_encoded) {
  EXPECT_THAT(readable_segments("/a/b%2Fc"), ElementsAre("a", "b/c"));
  EXPECT_THAT(readable_segments("/a/b%2/c"), ElementsAre("a"));
  EXPECT_THAT(readable_segments("/%zz/a"), ElementsAre());
  EXPECT_THAT(readable_segments("/a/"), ElementsAre("a", ""));
  EXPECT_THAT(readable_segments("a"), ElementsAre());
}

TEST(split_path, decodes_after_splitting) {
  EXPECT_THAT(*split_path("/"), ElementsAre(""));
  EXPECT_THAT(*split_path("/a/b"), ElementsAre("a", "b"));
  EXPECT_THAT(*split_path("/a/"), ElementsAre("a", ""));
  EXPECT_THAT(*split_path("//a"), ElementsAre("", "a"));
  EXPECT_THAT(*split_path("/a%2Fb/%20"), ElementsAre("a/b", " "));
  EXPECT_FALSE(split_path(""));
  EXPECT_FALSE(split_path("a"));
  EXPECT_FALSE(split_path("*"));
  EXPECT_FALSE(split_path("/%"));
}

TEST(parse_form, keeps_order_repetition_and_empty_values) {
  std::vector<form_field> fields;
  form_error e;
  ASSERT_TRUE(parse_form("q=a+b&&lang=en&lang=fr&empty=&bare&x=%3D%26&eq=a=b&=nameless", fields, e));
  std::vector<std::string> read;
  read.reserve(fields.size());
  for (const auto& f : fields) read.push_back(f.name + ":" + f.value);
  EXPECT_THAT(read, ElementsAre("q:a b", "lang:en", "lang:fr", "empty:", "bare:", "x:=&", "eq:a=b", ":nameless"));
}

TEST(parse_form, names_the_field_that_is_badly_encoded) {
  std::vector<form_field> fields;
  form_error e;
  EXPECT_FALSE(parse_form("a=1&q=%zz", fields, e));
  EXPECT_EQ(e.name, "q");
  EXPECT_FALSE(parse_form("%=1", fields, e));
  EXPECT_EQ(e.name, "");
}

}  // namespace
}  // namespace rapporteur::http
