#include "server/api/articles.hpp"

#include "tests/server/api/api_under_test.hpp"

#include <gtest/gtest.h>

namespace rapporteur::api {
namespace {

namespace bhttp = http::bhttp;
using test::api_under_test;
using test::code;
using test::json;
using test::parameter;

TEST(article_route, hands_id_and_query_over) {
  api_under_test api;
  std::string seen_id;
  std::string seen_q;
  api.scripted.article = [&](std::string_view id, std::string_view q, bool) -> result<search::article_answer> {
    seen_id = id;
    seen_q = q;
    search::article_answer a;
    a.fields.id = id;
    return a;
  };
  const auto r = api.get("/api/v1/articles/a%2Fb%20%C3%A9?q=two+words");
  EXPECT_EQ(r.status, 200U);
  EXPECT_EQ(seen_id, "a/b é");
  EXPECT_EQ(seen_q, "two words");
  EXPECT_EQ(json(r).at("id"), "a/b é");
  api.get("/api/v1/articles/x");
  EXPECT_EQ(seen_q, "");
}

TEST(article_route, what_is_not_there_is_404) {
  api_under_test api;
  api.scripted.article = [](std::string_view id, std::string_view, bool) -> result<search::article_answer> {
    return error{errc::not_found, "no article has the id " + std::string(id)};
  };
  for (const std::string& target :
       {std::string("/api/v1/articles/x"), std::string("/api/v1/articles/%ff%00"),
        "/api/v1/articles/" + std::string(201, 'x'), std::string("/api/v1/articles/x?q=a")}) {
    const auto r = api.get(target);
    EXPECT_EQ(r.status, 404U) << target;
    EXPECT_EQ(code(r), "not_found") << target;
    EXPECT_EQ(parameter(r), "") << target;
  }
}

TEST(article_route, an_impossible_id_is_not_looked_up) {
  api_under_test api;
  bool asked = false;
  api.scripted.article = [&asked](std::string_view, std::string_view, bool) -> result<search::article_answer> {
    asked = true;
    return error{errc::internal, ""};
  };
  EXPECT_EQ(api.get("/api/v1/articles/" + std::string(201, 'x')).status, 404U);
  EXPECT_FALSE(asked);
}

TEST(article_route, has_an_etag_that_depends_on_id_and_query) {
  api_under_test api;
  api.scripted.article = [](std::string_view id, std::string_view, bool) -> result<search::article_answer> {
    search::article_answer a;
    a.fields.id = id;
    a.index = {.revision = 1, .as_of = "2026-01-02T03:04:05Z", .articles = 9};
    return a;
  };
  const auto first = api.get("/api/v1/articles/x?q=a");
  bhttp::fields held;
  held.set(bhttp::field::if_none_match, first.fields[bhttp::field::etag]);
  EXPECT_EQ(api.get("/api/v1/articles/x?q=a", held).status, 304U);
  EXPECT_EQ(api.get("/api/v1/articles/x", held).status, 200U);
  EXPECT_EQ(api.get("/api/v1/articles/y?q=a", held).status, 200U);
  EXPECT_EQ(api.get("/api/v1/articles/x/snippets?q=a", held).status, 200U);
}

TEST(article_route, refuses_unknown_parameters) {
  api_under_test api;
  const auto r = api.get("/api/v1/articles/x?limit=3");
  EXPECT_EQ(r.status, 400U);
  EXPECT_EQ(parameter(r), "limit");
}

TEST(snippets_route, hands_everything_over) {
  api_under_test api;
  std::string seen;
  api.scripted.snippets = [&seen](std::string_view id, std::string_view q, std::uint32_t count, std::uint32_t chars,
                                  bool) -> result<search::snippets_answer> {
    seen = std::string(id) + "|" + std::string(q) + "|" + std::to_string(count) + "|" + std::to_string(chars);
    return search::snippets_answer{};
  };
  EXPECT_EQ(api.get("/api/v1/articles/x/snippets?q=a+b&snippets=7&snippet_chars=90").status, 200U);
  EXPECT_EQ(seen, "x|a b|7|90");
  api.get("/api/v1/articles/x/snippets?q=");
  EXPECT_EQ(seen, "x||3|240");
  const auto r = api.get("/api/v1/articles/x/snippets");
  EXPECT_EQ(r.status, 400U);
  EXPECT_EQ(parameter(r), "q");
}

}  // namespace
}  // namespace rapporteur::api
