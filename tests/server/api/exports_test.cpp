// Exports as an index that the test scripts makes them go: what changes on the way, and what fails.
#include "server/api/export_stream.hpp"
#include "server/search/cursor.hpp"
#include "tests/server/api/api_under_test.hpp"
#include "tests/server/http/decompress.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rapporteur::api {
namespace {

namespace asio = http::asio;
namespace bhttp = http::bhttp;
using test::api_under_test;
using test::code;
using test::parameter;

/// The whole body of a stream, or the error that cut it.
result<std::string> whole(const http::response& r) {
  std::string all;
  std::optional<error> failed;
  asio::io_context io;
  const auto read = [&]() -> asio::awaitable<void> {
    while (true) {
      auto piece = co_await r.stream->next();
      if (!piece) {
        failed = piece.error();
        co_return;
      }
      if (piece->empty()) co_return;
      all += *piece;
    }
  };
  asio::co_spawn(io, read(), asio::detached);
  io.run();
  if (failed) return *failed;
  return all;
}

/// An archive by date, of articles with a place each, that a test may change between two pages.
struct archive {
  std::vector<std::string> ids;  ///< in the order of the list
  std::uint64_t revision = 1;
  std::function<void(std::size_t listed)> before_page = [](std::size_t) {};
  std::size_t pages = 0;

  result<search::listing> list(const search::request& r, std::uint32_t count) {
    before_page(pages++);
    search::listing out;
    out.index = {.revision = revision, .as_of = "2026-01-02T03:04:05Z", .articles = ids.size(), .thesaurus = 0};
    std::size_t at = 0;
    if (r.after) {
      if (r.after->order == search::sort_order::relevance) {
        if (r.after->state != revision) return error{errc::cursor_expired, "cursor is of another ranking"};
        at = r.after->position;
      } else {
        at = static_cast<std::size_t>(std::find(ids.begin(), ids.end(), r.after->content) - ids.begin()) + 1;
      }
    }
    for (; at < ids.size() && out.ids.size() < count; ++at) out.ids.push_back(ids[at]);
    if (at < ids.size()) {
      out.next.emplace();
      out.next->order = r.sort;
      out.next->position = static_cast<std::uint32_t>(at);
      out.next->state = revision;
      out.next->content = out.ids.back();
    }
    return out;
  }
};

std::vector<std::string> many(std::size_t count) {
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < count; ++i) ids.push_back("a" + std::to_string(i));
  return ids;
}

std::vector<std::string> ids_of(const std::string& jsonl) {
  std::vector<std::string> ids;
  for (std::size_t at = 0; at < jsonl.size(); at = jsonl.find('\n', at) + 1) {
    ids.emplace_back(boost::json::parse(jsonl.substr(at, jsonl.find('\n', at) - at)).at("id").as_string());
  }
  return ids;
}

void script(api_under_test& api, archive& a) {
  api.scripted.list = [&a](const search::request& r, std::uint32_t count) { return a.list(r, count); };
}

TEST(exports_route, walks_the_whole_list) {
  api_under_test api(2);
  archive a{.ids = many(3500)};
  script(api, a);
  const auto r = api.get("/api/v1/search.jsonl?q=x");
  EXPECT_EQ(r.status, 200U);
  EXPECT_EQ(r.fields[bhttp::field::content_type], "application/x-ndjson");
  EXPECT_EQ(r.fields[bhttp::field::content_disposition], "attachment; filename=\"articles.jsonl\"");
  EXPECT_EQ(r.fields[bhttp::field::cache_control], "private, no-cache");
  EXPECT_EQ(ids_of(whole(r).value()), a.ids);
}

TEST(exports_route, ends_at_its_limit) {
  for (const std::size_t limit : {1U, 999U, 1000U, 1001U, 5000U}) {
    api_under_test api;
    archive a{.ids = many(2000)};
    script(api, a);
    const auto got = ids_of(whole(api.get("/api/v1/search.jsonl?limit=" + std::to_string(limit))).value());
    EXPECT_EQ(got.size(), std::min<std::size_t>(limit, 2000)) << limit;
  }
}

TEST(exports_route, has_each_article_once_though_the_index_changes) {
  api_under_test api;
  archive a{.ids = many(3000)};
  a.before_page = [&a](std::size_t page) {
    if (page != 2) return;
    // One that was written comes again further on, one that was not goes, one comes in front, one behind.
    a.ids.erase(a.ids.begin() + 10);
    a.ids.insert(a.ids.begin() + 2500, "a10");
    a.ids.erase(std::find(a.ids.begin(), a.ids.end(), "a2700"));
    a.ids.insert(a.ids.begin(), "new-in-front");
    a.ids.emplace_back("new-behind");
    ++a.revision;
  };
  script(api, a);
  api.scripted.read = [](std::string_view id, bool) -> result<article> {
    if (id == "a2800") return error{errc::not_found, "gone since it was listed"};
    article out;
    out.id = id;
    return out;
  };
  auto expected = many(3000);
  std::erase(expected, "a2700");
  std::erase(expected, "a2800");
  expected.emplace_back("new-behind");
  EXPECT_EQ(ids_of(whole(api.get("/api/v1/search.jsonl")).value()), expected);
}

TEST(exports_route, takes_down_a_ranking_before_it_begins) {
  api_under_test api;
  archive a{.ids = many(3000)};
  a.before_page = [&a](std::size_t page) {
    if (page == 2) ++a.revision;
  };
  script(api, a);
  const auto r = api.get("/api/v1/search.jsonl?q=x&sort=relevance");
  ASSERT_EQ(r.status, 200U);
  const auto pages = a.pages;
  EXPECT_EQ(ids_of(whole(r).value()), a.ids);
  EXPECT_EQ(a.pages, pages) << "the list was asked for on the way";
}

TEST(exports_route, refuses_a_ranking_that_is_too_long_or_never_holds_still) {
  api_under_test api;
  api.options.limits.max_depth = 2000;
  archive a{.ids = many(2001)};
  script(api, a);
  const auto refused = api.get("/api/v1/search.csv?q=x&sort=relevance");
  EXPECT_EQ(refused.status, 400U);
  EXPECT_EQ(code(refused), "too_costly");
  EXPECT_EQ(parameter(refused), "limit");
  EXPECT_EQ(api.get("/api/v1/search.csv?q=x&sort=relevance&limit=2000").status, 200U);
  a.ids.pop_back();
  EXPECT_EQ(api.get("/api/v1/search.csv?q=x&sort=relevance").status, 200U) << "just as many";
  a.before_page = [&a](std::size_t) { ++a.revision; };
  const auto changing = api.get("/api/v1/search.csv?q=x&sort=relevance");
  EXPECT_EQ(changing.status, 503U);
  EXPECT_EQ(code(changing), "index_changing");
}

TEST(exports_route, tells_errors_before_the_first_byte) {
  api_under_test api;
  struct row {
    std::string_view target;
    unsigned status;
    std::string_view code, parameter;
  };
  const row k_rows[] = {
      {"/api/v1/search.csv?limit=0", 400, "invalid_argument", "limit"},
      {"/api/v1/search.csv?limit=x", 400, "invalid_argument", "limit"},
      {"/api/v1/search.csv?limit=5&limit=6", 400, "invalid_argument", "limit"},
      {"/api/v1/search.csv?offset=5", 400, "invalid_argument", "offset"},
      {"/api/v1/search.csv?cursor=AA", 400, "invalid_argument", "cursor"},
      {"/api/v1/search.csv?facets=year", 400, "invalid_argument", "facets"},
      {"/api/v1/search.csv?snippets=1", 400, "invalid_argument", "snippets"},
      {"/api/v1/search.csv?text=yes", 400, "invalid_argument", "text"},
      {"/api/v1/search.csv?bom=1", 400, "invalid_argument", "bom"},
      {"/api/v1/search.jsonl?bom=on", 400, "invalid_argument", "bom"},
      {"/api/v1/search.ris?text=on", 400, "invalid_argument", "text"},
      {"/api/v1/search.bib?text=on", 400, "invalid_argument", "text"},
      {"/api/v1/search.csl.json?text=on", 400, "invalid_argument", "text"},
      {"/api/v1/search.csv?from=x", 400, "invalid_argument", "from"},
      {"/api/v1/search.csv?source=", 400, "invalid_argument", "source"},
      {"/api/v1/search.csv?q=%zz", 400, "malformed", "q"},
  };
  for (const auto& r : k_rows) {
    const auto a = api.get(r.target);
    EXPECT_EQ(a.status, r.status) << r.target;
    EXPECT_EQ(code(a), r.code) << r.target;
    EXPECT_EQ(parameter(a), r.parameter) << r.target;
  }
  api.scripted.list = [](const search::request&, std::uint32_t) -> result<search::listing> {
    return error{errc::index_missing, "no index"};
  };
  const auto a = api.get("/api/v1/search.csv");
  EXPECT_EQ(a.status, 503U);
  EXPECT_EQ(code(a), "index_missing");
}

TEST(exports_route, hands_on_what_is_asked_for) {
  api_under_test api;
  search::request seen;
  bool with_text = false;
  api.scripted.list = [&seen](const search::request& r, std::uint32_t) {
    seen = r;
    search::listing out;
    out.ids = {"a"};
    return out;
  };
  api.scripted.read = [&with_text](std::string_view id, bool text) -> result<article> {
    with_text = text;
    article a;
    a.id = id;
    return a;
  };
  whole(api.get("/api/v1/search.csv?q=a%26b&source=-X%3DY&tag.country=PRK&from=2018&lang=EN&expand=off&text=on"))
      .value();
  EXPECT_EQ(seen.q, "a&b");
  EXPECT_EQ(seen.excluded.sources.at(0), "X=Y");
  EXPECT_EQ(seen.wanted.tags.at(0).values.at(0), "PRK");
  EXPECT_EQ(seen.wanted.languages.at(0), "en");
  EXPECT_EQ(seen.from->year, 2018);
  EXPECT_FALSE(seen.expand);
  EXPECT_EQ(seen.sort, search::sort_order::newest);
  EXPECT_TRUE(with_text);
  whole(api.post_form("/api/v1/search.csv", "q=private&sort=oldest")).value();
  EXPECT_EQ(seen.q, "private");
  EXPECT_EQ(seen.sort, search::sort_order::oldest);
  EXPECT_FALSE(with_text);
}

TEST(exports_route, is_not_kept_when_posted) {
  api_under_test api;
  const auto r = api.post_form("/api/v1/search.csv", "q=private");
  EXPECT_EQ(r.status, 200U);
  EXPECT_EQ(r.fields[bhttp::field::cache_control], "no-store");
  EXPECT_EQ(r.fields.count(bhttp::field::etag), 0U);
  EXPECT_EQ(api.ask(bhttp::verb::post, "/api/v1/search.csv", {}, "{}").status, 415U);
  EXPECT_EQ(api.post_form("/api/v1/search.csv?q=x", "q=x").status, 400U);
}

TEST(exports_route, is_not_made_again_for_who_holds_it) {
  api_under_test api;
  api.scripted.list = [](const search::request&, std::uint32_t) {
    search::listing l;
    l.index = {.revision = 1, .as_of = "2026-01-02T03:04:05Z", .articles = 9, .thesaurus = 0};
    return l;
  };
  bhttp::fields fields;
  fields.set(bhttp::field::if_none_match, api.get("/api/v1/search.csv?q=x").fields[bhttp::field::etag]);
  EXPECT_EQ(api.get("/api/v1/search.csv?q=x", fields).status, 304U);
  EXPECT_EQ(api.get("/api/v1/search.csv?q=y", fields).status, 200U);
  EXPECT_EQ(api.get("/api/v1/search.csv?q=x&text=on", fields).status, 200U);
  EXPECT_EQ(api.get("/api/v1/search.jsonl?q=x", fields).status, 200U);
}

TEST(exports_route, comes_compressed) {
  api_under_test api;
  archive a{.ids = many(20'000)};
  script(api, a);
  const auto expected = whole(api.get("/api/v1/search.csv")).value();
  for (const auto* coding : {"gzip", "br"}) {
    bhttp::fields fields;
    fields.set(bhttp::field::accept_encoding, coding);
    const auto r = api.get("/api/v1/search.csv", fields);
    EXPECT_EQ(r.fields[bhttp::field::content_encoding], coding);
    EXPECT_EQ(r.fields[bhttp::field::vary], "Accept-Encoding");
    const auto packed = whole(r).value();
    EXPECT_LT(packed.size(), expected.size());
    EXPECT_EQ(coding == std::string("br") ? http::test::unbrotli(packed) : http::test::gunzip(packed), expected);
  }
}

TEST(exports_route, goes_on_after_what_passes_and_ends_with_what_does_not) {
  api_under_test api;
  archive a{.ids = many(3000)};
  script(api, a);
  int reads = 0;
  api.scripted.read = [&reads](std::string_view id, bool) -> result<article> {
    if (++reads == 1500) return error{errc::index_changing, "too often"};
    article out;
    out.id = id;
    return out;
  };
  EXPECT_EQ(ids_of(whole(api.get("/api/v1/search.jsonl")).value()), a.ids);
  api.scripted.read = [&reads](std::string_view id, bool) -> result<article> {
    if (++reads > 4500) return error{errc::index_damaged, "a record is broken"};
    article out;
    out.id = id;
    return out;
  };
  const auto r = api.get("/api/v1/search.jsonl");
  EXPECT_EQ(r.status, 200U);
  const auto cut = whole(r);
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code, errc::index_damaged);
}

}  // namespace
}  // namespace rapporteur::api
