#include "server/api/problem.hpp"

#include "tests/server/api/api_under_test.hpp"

#include <gtest/gtest.h>

#include <set>

namespace rapporteur::api {
namespace {

namespace bhttp = http::bhttp;

TEST(error_table, has_one_row_for_every_code) {
  for (const auto code : k_all_errc) {
    const auto& row = row_of(code);
    EXPECT_EQ(row.code, code) << to_string(code);
    EXPECT_TRUE(row.status >= 400 && row.status < 600) << to_string(code);
    // What is the server's fault is told in fixed words; what is the client's, in the error's own.
    EXPECT_EQ(row.detail.empty(), row.status < 500) << to_string(code);
    if (row.retry_after.count() > 0) {
      EXPECT_EQ(row.status, 503U) << to_string(code);
    }
  }
}

TEST(error_table, gives_the_statuses_that_the_documentation_names) {
  struct row {
    errc code;
    unsigned status;
    bool retry;
  };
  constexpr row k_rows[] = {
      {errc::invalid_argument, 400, false}, {errc::not_found, 404, false},        {errc::malformed, 400, false},
      {errc::encoding, 400, false},         {errc::too_large, 400, false},        {errc::too_costly, 400, false},
      {errc::bad_cursor, 400, false},       {errc::cursor_expired, 410, false},   {errc::io, 500, false},
      {errc::disk_full, 507, false},        {errc::index_missing, 503, true},     {errc::index_damaged, 503, false},
      {errc::index_mismatch, 503, false},   {errc::index_locked, 503, true},      {errc::index_changing, 503, true},
      {errc::overloaded, 503, true},        {errc::deadline_exceeded, 503, true}, {errc::internal, 500, false},
  };
  ASSERT_EQ(std::size(k_rows), std::size(k_all_errc));
  for (const auto& r : k_rows) {
    EXPECT_EQ(row_of(r.code).status, r.status) << to_string(r.code);
    EXPECT_EQ(row_of(r.code).retry_after.count() > 0, r.retry) << to_string(r.code);
  }
}

TEST(error_table, what_a_refusal_tells_travels_with_it) {
  test::api_under_test api;
  const auto of = [&api](std::string_view target) { return test::json(api.get(target)).as_object(); };
  const auto range = of("/api/v1/search?q=a&limit=1000");
  EXPECT_EQ(range.at("values"), (boost::json::object{{"lowest", 0}, {"highest", 100}}));
  EXPECT_EQ(of("/api/v1/search.csv?q=a&bom=yes").at("values"), (boost::json::object{{"choices", "on, off"}}));
  EXPECT_EQ(of("/api/v1/suggest?q=" + std::string(300, 'a')).at("values"),
            (boost::json::object{{"n", 300}, {"most", 256}}));
  EXPECT_FALSE(of("/api/v1/search?q=a&nonsense=1").contains("values"));
}

TEST(error_table, every_code_leaves_every_route_in_the_same_shape) {
  test::api_under_test api;
  for (const auto code : k_all_errc) {
    const error e{code, "the message of /srv/secret"};
    api.scripted.search = [e](const search::request&) -> result<search::answer> { return e; };
    api.scripted.article = [e](std::string_view, std::string_view, bool) -> result<search::article_answer> {
      return e;
    };
    api.scripted.snippets = [e](std::string_view, std::string_view, std::uint32_t, std::uint32_t,
                                bool) -> result<search::snippets_answer> { return e; };
    for (const std::string_view target :
         {"/api/v1/search?q=a", "/api/v1/articles/a?q=a", "/api/v1/articles/a/snippets?q=a"}) {
      const auto r = api.get(target);
      const auto& row = row_of(code);
      EXPECT_EQ(r.status, row.status) << to_string(code) << target;
      EXPECT_EQ(r.fields[bhttp::field::content_type], "application/problem+json") << to_string(code);
      EXPECT_EQ(r.fields[bhttp::field::cache_control], "no-store") << to_string(code);
      EXPECT_EQ(r.fields.count(bhttp::field::etag), 0U) << to_string(code);
      EXPECT_EQ(r.fields.count(bhttp::field::retry_after), row.retry_after.count() > 0 ? 1U : 0U) << to_string(code);
      const auto shape = test::json(r).as_object();
      EXPECT_EQ(shape.at("type"), "about:blank");
      EXPECT_EQ(shape.at("status"), row.status);
      EXPECT_EQ(shape.at("code"), boost::json::string_view(to_string(code).data(), to_string(code).size()));
      EXPECT_FALSE(shape.at("title").as_string().empty());
      EXPECT_FALSE(shape.at("detail").as_string().empty());
      if (row.status >= 500) {
        EXPECT_EQ(r.bytes().find("secret"), std::string_view::npos) << to_string(code);
      }
      const std::set<std::string> known{"type", "title", "status", "detail", "code", "parameter"};
      for (const auto& member : shape) EXPECT_TRUE(known.contains(std::string(member.key()))) << member.key();
    }
  }
}

}  // namespace
}  // namespace rapporteur::api
