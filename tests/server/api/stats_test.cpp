#include "server/api/stats.hpp"

#include "tests/server/api/api_under_test.hpp"

#include <gtest/gtest.h>

namespace rapporteur::api {
namespace {

namespace bhttp = http::bhttp;
using test::api_under_test;
using test::code;
using test::json;

TEST(stats, are_counted_once_for_each_state_of_the_index) {
  api_under_test api;
  std::uint64_t revision = 1;
  int counted = 0;
  api.scripted.state = [&] {
    return result<search::index_state>(
        search::index_state{.revision = revision, .as_of = "t", .articles = 3, .thesaurus = 7});
  };
  api.wiring().statistics = [&]() -> result<search::archive_statistics> {
    ++counted;
    search::archive_statistics s;
    s.index = {.revision = revision, .as_of = "t", .articles = 3};
    s.languages = {{"en", 2}, {"ko", 1}};
    s.sources = {{"A \"B\"", 2}};
    s.years = {{"2020", 2}, {"1999", 1}};
    s.undated = 1;
    s.size_bytes = 4096;
    return s;
  };
  const auto r = api.get("/api/v1/stats");
  EXPECT_EQ(json(r), boost::json::parse(R"({"index":{"revision":1,"as_of":"t","articles":3},
    "languages":[{"value":"en","count":2},{"value":"ko","count":1}],"sources":[{"value":"A \"B\"","count":2}],
    "collections":[],"years":[{"value":"2020","count":2},{"value":"1999","count":1}],"undated":1,
    "first_year":"1999","last_year":"2020","size_bytes":4096})"));
  EXPECT_EQ(api.get("/api/v1/stats").status, 200U);
  EXPECT_EQ(counted, 1);
  bhttp::fields held;
  held.set(bhttp::field::if_none_match, r.fields[bhttp::field::etag]);
  EXPECT_EQ(api.get("/api/v1/stats", held).status, 304U);
  revision = 2;
  EXPECT_EQ(api.get("/api/v1/stats", held).status, 200U);
  EXPECT_EQ(counted, 2);
}

TEST(stats, that_cannot_be_had_are_a_problem) {
  api_under_test api;
  api.wiring().statistics = []() -> result<search::archive_statistics> {
    return error{errc::index_damaged, "/secret"};
  };
  const auto r = api.get("/api/v1/stats");
  EXPECT_EQ(r.status, 503U);
  EXPECT_EQ(code(r), "index_damaged");
  EXPECT_EQ(r.bytes().find("secret"), std::string_view::npos);
  EXPECT_EQ(api.get("/api/v1/stats?q=a").status, 400U);
}

}  // namespace
}  // namespace rapporteur::api
