#include "server/api/search.hpp"

#include "server/search/cursor.hpp"
#include "tests/server/api/api_under_test.hpp"
#include "tests/server/http/decompress.hpp"

#include <gtest/gtest.h>

namespace rapporteur::api {
namespace {

namespace bhttp = http::bhttp;
using test::api_under_test;
using test::code;
using test::json;
using test::parameter;

search::cursor behind(const search::request& r, std::uint32_t position) {
  search::cursor c;
  c.request = search::fingerprint_of(r);
  c.order = r.sort;
  if (r.sort == search::sort_order::relevance) {
    c.position = position;
  } else {
    c.content = "c";
  }
  return c;
}

/// As many hits as asked for, of so many.
auto answers(std::uint64_t total, bool exact = true) {
  return [total, exact](const search::request& r) -> result<search::answer> {
    search::answer a;
    a.total = total;
    a.total_exact = exact;
    for (std::uint64_t i = r.offset; i < std::min<std::uint64_t>(total, std::uint64_t{r.offset} + r.limit); ++i) {
      a.hits.emplace_back();
      a.hits.back().fields.id = "article-" + std::to_string(i);
    }
    if (r.limit > 0 && std::uint64_t{r.offset} + r.limit < total) {
      a.next = behind(r, r.offset + r.limit);
    }
    a.index = {.revision = 1, .as_of = "2026-01-02T03:04:05Z", .articles = 9};
    return a;
  };
}

TEST(search_route, hands_the_request_over_and_the_answer_back) {
  api_under_test api;
  search::request seen;
  api.scripted.search = [&seen](const search::request& r) {
    seen = r;
    return answers(1)(r);
  };
  const auto r = api.get("/api/v1/search?q=tom%C3%A1s&lang=es&limit=5");
  EXPECT_EQ(r.status, 200U);
  EXPECT_EQ(seen.q, "tomás");
  EXPECT_EQ(seen.limit, 5U);
  EXPECT_EQ(r.fields[bhttp::field::content_type], "application/json");
  EXPECT_EQ(r.fields[bhttp::field::cache_control], "private, no-cache");
  EXPECT_EQ(r.fields[bhttp::field::vary], "Accept-Encoding");
  EXPECT_EQ(json(r).at("query").at("text"), "tomás");
  EXPECT_EQ(json(r).at("hits").at(0).at("id"), "article-0");
}

TEST(search_route, takes_the_same_as_a_form) {
  api_under_test api;
  search::request seen;
  api.scripted.search = [&seen](const search::request& r) {
    seen = r;
    return answers(1)(r);
  };
  const auto r = api.post_form("/api/v1/search", "q=private+words&source=AP");
  EXPECT_EQ(r.status, 200U);
  EXPECT_EQ(seen.q, "private words");
  EXPECT_EQ(seen.wanted.sources.at(0), "AP");
  EXPECT_EQ(r.fields[bhttp::field::cache_control], "no-store");
  EXPECT_EQ(r.fields.count(bhttp::field::etag), 0U);
}

TEST(search_route, refuses_forms_that_are_none) {
  api_under_test api;
  bhttp::fields fields;
  for (const std::string_view type :
       {"", "application/json", "multipart/form-data", "application/x-www-form-urlencodedx"}) {
    if (!type.empty()) fields.set(bhttp::field::content_type, type);
    const auto r = api.ask(bhttp::verb::post, "/api/v1/search", fields, "q=a");
    EXPECT_EQ(r.status, 415U) << type;
    EXPECT_EQ(code(r), "unsupported_media_type") << type;
    EXPECT_EQ(r.fields["Accept-Post"], "application/x-www-form-urlencoded");
  }
  fields.set(bhttp::field::content_type, "Application/X-WWW-Form-Urlencoded ; charset=UTF-8");
  EXPECT_EQ(api.ask(bhttp::verb::post, "/api/v1/search", fields, "q=a").status, 200U);
  EXPECT_EQ(api.post_form("/api/v1/search?q=b", "q=a").status, 400U) << "a query in the address would not be private";
  EXPECT_EQ(parameter(api.post_form("/api/v1/search", "limit=x")), "limit");
}

TEST(search_route, says_which_parameter_is_wrong) {
  api_under_test api;
  const auto r = api.get("/api/v1/search?q=a&page=2");
  EXPECT_EQ(r.status, 400U);
  EXPECT_EQ(code(r), "invalid_argument");
  EXPECT_EQ(parameter(r), "page");
  EXPECT_EQ(parameter(api.get("/api/v1/search?%ff=1")), "\uFFFD") << "valid JSON even then";
  for (const char* path : {"/api/v1/search?=1", "/api/v1/search.csv?=1", "/api/v1/suggest?=1"}) {
    EXPECT_NE(api.get(path).body.find("A parameter has no name."), std::string::npos) << path;
  }
  EXPECT_EQ(code(api.get("/api/v1/search?q=%")), "malformed");
}

TEST(search_route, what_search_refuses_is_about_the_query) {
  api_under_test api;
  api.scripted.search = [](const search::request&) -> result<search::answer> {
    return error{errc::too_costly, "too many words"};
  };
  const auto r = api.get("/api/v1/search?q=a*");
  EXPECT_EQ(r.status, 400U);
  EXPECT_EQ(parameter(r), "q");
  EXPECT_EQ(json(r).at("detail"), "too many words");
}

TEST(search_route, next_leads_through_all_pages_and_ends) {
  api_under_test api;
  api.scripted.search = answers(25);
  std::string target = "/api/v1/search?q=a%26b&source=NK+News";
  std::vector<std::string> ids;
  for (int page = 0; page < 10; ++page) {
    const auto r = json(api.get(target));
    for (const auto& hit : r.at("hits").as_array()) ids.emplace_back(hit.at("id").as_string());
    if (r.at("next").is_null()) break;
    target = std::string(r.at("next").as_string());
    EXPECT_TRUE(target.starts_with("/api/v1/search?q=a%26b&source=NK%20News&")) << target;
  }
  ASSERT_EQ(ids.size(), 25U);
  EXPECT_EQ(ids.back(), "article-24");
}

// By relevance an offset, as long as it may be one; by date and behind a cursor a cursor.
TEST(search_route, next_is_an_offset_or_a_cursor) {
  const settings s;
  struct row {
    search::sort_order sort;
    std::uint32_t offset, limit;
    bool cursor, by_cursor;
    std::uint32_t missing = 0;  // hits of a page of ="…"
  };
  using enum search::sort_order;
  constexpr row k_rows[] = {
      {relevance, 0, 10, false, false},   {relevance, 9980, 10, false, false}, {relevance, 9981, 10, false, true},
      {relevance, 9990, 10, false, true}, {relevance, 0, 10, true, true},      {newest, 0, 10, false, true},
      {oldest, 50, 10, false, true},      {relevance, 50, 10, false, true, 1}, {added, 50, 10, false, true, 10},
      {added, 50, 10, false, false},
  };
  for (const auto& row : k_rows) {
    search::request r;
    r.q = "x";
    r.sort = row.sort;
    r.offset = row.offset;
    r.limit = row.limit;
    search::answer a;
    EXPECT_EQ(next_page(r, a, s), "");
    a.next = behind(r, row.offset + row.limit);
    a.hits.resize(row.limit - row.missing);
    if (row.cursor) r.after = a.next;
    const std::string next = next_page(r, a, s);
    EXPECT_EQ(next.find("cursor=" + search::to_string(*a.next)) != std::string::npos, row.by_cursor) << next;
    EXPECT_EQ(next.find("offset=") != std::string::npos, !row.by_cursor) << next;
    const auto parsed = parse_search(next.substr(next.find('?') + 1), s);
    EXPECT_TRUE(std::holds_alternative<search::request>(parsed)) << next;
  }
}

TEST(search_route, a_cursor_that_is_no_good_is_a_problem_about_it) {
  api_under_test api;
  const auto garbled = api.get("/api/v1/search?q=a&cursor=abc");
  EXPECT_EQ(garbled.status, 400U);
  EXPECT_EQ(code(garbled), "bad_cursor");
  EXPECT_EQ(parameter(garbled), "cursor");
  search::request r;
  r.q = "a";
  const std::string good = search::to_string(behind(r, 10));
  EXPECT_EQ(api.get("/api/v1/search?q=a&cursor=" + good).status, 200U);
  api.scripted.search = [](const search::request&) -> result<search::answer> {
    return error{errc::cursor_expired, "too late"};
  };
  const auto expired = api.get("/api/v1/search?q=a&cursor=" + good);
  EXPECT_EQ(expired.status, 410U);
  EXPECT_EQ(code(expired), "cursor_expired");
  EXPECT_EQ(parameter(expired), "cursor");
}

TEST(search_route, an_etag_names_the_state_of_the_index_and_the_request) {
  api_under_test api;
  std::uint64_t revision = 1;
  std::uint64_t thesaurus = 5;
  int searches = 0;
  api.scripted.state = [&] {
    return result<search::index_state>(
        search::index_state{.revision = revision, .as_of = "t", .articles = 9, .thesaurus = thesaurus});
  };
  api.scripted.search = [&](const search::request&) -> result<search::answer> {
    ++searches;
    search::answer a;
    a.index = {.revision = revision, .as_of = "t", .articles = 9, .thesaurus = thesaurus};
    return a;
  };
  const auto first = api.get("/api/v1/search?q=a&lang=en&lang=fr");
  bhttp::fields held;
  held.set(bhttp::field::if_none_match, first.fields[bhttp::field::etag]);
  EXPECT_TRUE(first.fields[bhttp::field::etag].starts_with("W/\""));

  const auto same = api.get("/api/v1/search?lang=fr&lang=en&q=a&limit=10", held);
  EXPECT_EQ(same.status, 304U) << "the same request in other words";
  EXPECT_EQ(same.fields[bhttp::field::etag], first.fields[bhttp::field::etag]);
  EXPECT_EQ(same.bytes(), "");
  EXPECT_EQ(searches, 1) << "and it was not searched again";

  EXPECT_EQ(api.get("/api/v1/search?q=b&lang=en&lang=fr", held).status, 200U);
  EXPECT_EQ(api.get("/api/v1/search?q=a", held).status, 200U);
  bhttp::fields posted = held;
  posted.set(bhttp::field::content_type, "application/x-www-form-urlencoded");
  EXPECT_EQ(api.ask(bhttp::verb::post, "/api/v1/search", posted, "q=a&lang=en&lang=fr").status, 200U);
  revision = 2;
  EXPECT_EQ(api.get("/api/v1/search?q=a&lang=en&lang=fr", held).status, 200U);
  revision = 1;
  thesaurus = 6;
  EXPECT_EQ(api.get("/api/v1/search?q=a&lang=en&lang=fr", held).status, 200U);
  thesaurus = 5;
  api.options.etag_salt = "another program";
  EXPECT_EQ(api.get("/api/v1/search?q=a&lang=en&lang=fr", held).status, 200U);
}

TEST(search_route, an_answer_of_a_newer_index_has_that_ones_etag) {
  api_under_test api;
  std::uint64_t revision = 2;
  api.scripted.search = [&revision](const search::request&) -> result<search::answer> {
    search::answer a;
    a.index = {.revision = revision, .as_of = "2026-01-02T03:04:05Z", .articles = 9};
    return a;
  };
  const std::string newer(api.get("/api/v1/search?q=a").fields[bhttp::field::etag]);  // state() says 1
  revision = 1;
  const std::string older(api.get("/api/v1/search?q=a").fields[bhttp::field::etag]);
  EXPECT_NE(newer, older);
}

TEST(search_route, compresses_large_answers) {
  api_under_test api;
  api.scripted.search = answers(1000);
  const auto plain = api.get("/api/v1/search?limit=100");
  for (const std::string_view coding : {"gzip", "br"}) {
    bhttp::fields fields;
    fields.set(bhttp::field::accept_encoding, coding);
    const auto packed = api.get("/api/v1/search?limit=100", fields);
    EXPECT_EQ(packed.fields[bhttp::field::content_encoding], coding);
    EXPECT_LT(packed.bytes().size(), plain.bytes().size() / 4);
    const auto text = coding == "br" ? http::test::unbrotli(packed.bytes()) : http::test::gunzip(packed.bytes());
    EXPECT_EQ(boost::json::parse(text).at("hits"), json(plain).at("hits"));
  }
}

TEST(search_route, other_methods_are_refused_with_allow) {
  api_under_test api;
  const auto r = api.ask(bhttp::verb::put, "/api/v1/search");
  EXPECT_EQ(r.status, 405U);
  EXPECT_EQ(r.fields[bhttp::field::allow], "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(api.ask(bhttp::verb::head, "/api/v1/search?q=a").status, 200U);
}

}  // namespace
}  // namespace rapporteur::api
