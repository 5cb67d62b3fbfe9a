#include "server/api/json.hpp"

#include "server/http/json_string.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <limits>

namespace rapporteur::api {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

search::answer full_answer() {
  search::answer a;
  a.understood = "quintana AND visit";
  a.expanded = {"DPRK"};
  a.ignored = {"the"};
  a.warnings = {{.column = 3, .code = "unbalanced_quote", .message = "a \" without its partner"},
                {.column = 9,
                 .code = "wildcard_limited",
                 .message = "too many",
                 .values = {{"n", 10'000'000'000U}, {"word", "a\"\xff"}}}};
  a.did_you_mean = "quintana visits";
  a.widened = true;
  a.total = 2;
  a.total_exact = false;
  a.index = {.revision = 41, .as_of = "2026-11-22T10:00:00Z", .articles = 2};
  search::hit h;
  h.fields.id = "nk-1";
  h.fields.url = "https://nknews.example/1";
  h.fields.title_derived = true;
  h.fields.published = partial_date::parse("2019-06-13").value();
  h.fields.updated = partial_date::parse("2019-07").value();
  h.fields.source = "NK News";
  h.fields.authors = {"A", "B"};
  h.fields.language = "en";
  h.fields.language_detected = true;
  h.fields.collection = "wire";
  h.fields.tags = {{"country", {"PRK", "KOR"}}, {"topic", {}}};
  h.title = {{.text = "Visit", .match = true}, {.text = " ends", .match = false}};
  h.score = 7.1;
  h.snippets = {{{.text = "… ", .ellipsis = true}, {.text = "Tomás Ojea "}, {.text = "Quintana", .match = true}}, {}};
  a.hits.push_back(h);
  a.facets = {{.name = "source", .values = {{"NK News", 1, true}, {"AP", 0, false, true}}, .exact = true},
              {.name = "year", .values = {}, .exact = false}};
  a.timeline = {.unit = search::timeline_unit::month,
                .buckets = {{"2019-06", 1, 3}, {"2019-07", 0, 0}},
                .less_precise = 4,
                .undated = 5,
                .exact = false};
  a.next.emplace();
  a.next->request = 1;
  a.next->position = 10;
  a.next->state = 2;
  return a;
}

TEST(search_json, has_the_documented_shape) {
  const auto got = json::parse(to_json(full_answer(), "quintana visit", "/api/v1/search?q=quintana&offset=10", 1234us));
  const auto expected = json::parse(R"({
    "query": {"text": "quintana visit", "understood": "quintana AND visit", "expanded": ["DPRK"], "ignored": ["the"],
              "warnings": [{"column": 3, "code": "unbalanced_quote", "message": "a \" without its partner"},
                           {"column": 9, "code": "wildcard_limited", "message": "too many",
                            "values": {"n": 10000000000, "word": "a\"\ufffd"}}],
              "did_you_mean": "quintana visits", "widened": true},
    "total": {"value": 2, "exact": false},
    "hits": [{"id": "nk-1", "url": "https://nknews.example/1",
              "title": [{"text": "Visit", "match": true}, {"text": " ends"}], "title_derived": true,
              "published": "2019-06-13", "updated": "2019-07", "source": "NK News", "authors": ["A", "B"],
              "lang": "en", "lang_detected": true, "collection": "wire",
              "tags": {"country": ["PRK", "KOR"], "topic": []}, "score": 7.1,
              "snippets": [[{"text": "… ", "ellipsis": true}, {"text": "Tomás Ojea "}, {"text": "Quintana", "match": true}], []]}],
    "facets": {"source": [{"value": "NK News", "count": 1, "selected": true}, {"value": "AP", "count": 0, "excluded": true}],
               "year": []}, "facets_estimated": ["year"],
    "timeline": {"unit": "month", "exact": false, "less_precise": 4, "undated": 5,
                 "buckets": [{"date": "2019-06", "count": 1, "of": 3, "share": 0.333333}, {"date": "2019-07", "count": 0, "of": 0}]},
    "next": "/api/v1/search?q=quintana&offset=10", "next_cursor": "AQAAAAAAAAAAAQAAAAoAAAAAAAAAAukW3uw",
    "index": {"revision": 41, "as_of": "2026-11-22T10:00:00Z", "articles": 2},
    "complete": true, "took_ms": 1.23})");
  EXPECT_EQ(got, expected) << got;
}

TEST(search_json, leaves_out_what_is_absent) {
  search::answer a;
  a.hits.emplace_back();
  a.hits[0].fields.id = "x";
  a.hits[0].fields.language_detected = true;  // of nothing
  const auto got = json::parse(to_json(a, "", "", 0ns));
  const auto expected = json::parse(R"({
    "query": {"text": "", "understood": "", "expanded": [], "ignored": [], "warnings": [], "did_you_mean": null, "widened": false},
    "total": {"value": 0, "exact": true}, "hits": [{"id": "x", "title": [], "score": 0}], "facets": {}, "next": null,
    "next_cursor": null,
    "index": {"revision": 0, "articles": 0}, "complete": true, "took_ms": 0})");
  EXPECT_EQ(got, expected) << got;
}

TEST(search_json, is_valid_whatever_bytes_it_is_made_of) {
  auto a = full_answer();
  const std::string bytes("\xff\xfe\0\"\\\x80", 6);
  a.understood = bytes;
  a.hits[0].fields.source = bytes;
  a.hits[0].fields.tags[0].name = bytes;
  a.hits[0].snippets[0][0].text = bytes;
  a.facets[0].name = bytes;
  const auto text = to_json(a, bytes, bytes, 1ms);
  EXPECT_TRUE(http::is_utf8(text));
  boost::system::error_code ec;
  const auto parsed = json::parse(text, ec);
  EXPECT_FALSE(ec) << text;
}

TEST(search_json, numbers_are_json_numbers) {
  auto a = full_answer();
  for (const auto& [score, text] : {std::pair{std::numeric_limits<double>::infinity(), "0"},
                                    std::pair{std::numeric_limits<double>::quiet_NaN(), "0"}, std::pair{1e300, "1e300"},
                                    std::pair{100.0, "100"}, std::pair{0.1234567, "0.123"}, std::pair{12.5, "12.5"}}) {
    a.hits[0].score = score;
    const auto got = json::parse(to_json(a, "", "", 1ms));
    EXPECT_EQ(got.at("hits").at(0).at("score").to_number<double>(), std::stod(text));
  }
}

TEST(article_json, carries_all_paragraphs_and_the_number_of_matches) {
  search::article_answer a;
  a.fields.id = "un-1";
  a.fields.source = "UN";
  a.title = {{.text = "Title", .match = false}};
  a.paragraphs = {{{.text = "One ", .match = false}, {.text = "two", .match = true}},
                  {{.text = "three", .match = false}}};
  a.matches = 1;
  a.index = {.revision = 3, .as_of = "2026-01-01T00:00:00Z", .articles = 5};
  const auto expected = json::parse(R"({"id": "un-1", "title": [{"text": "Title"}], "source": "UN",
      "paragraphs": [[{"text": "One "}, {"text": "two", "match": true}], [{"text": "three"}]], "matches": 1,
      "index": {"revision": 3, "as_of": "2026-01-01T00:00:00Z", "articles": 5}, "took_ms": 2})");
  EXPECT_EQ(json::parse(to_json(a, 2ms)), expected);
}

TEST(snippets_json, carries_the_passages) {
  search::snippets_answer a;
  a.id = "un-1";
  a.title = {{.text = "Title", .match = true}};
  a.snippets = {{{.text = "passage", .match = false}}};
  a.index = {.revision = 3, .as_of = "2026-01-01T00:00:00Z", .articles = 5};
  const auto expected = json::parse(R"({"id": "un-1", "title": [{"text": "Title", "match": true}],
      "snippets": [[{"text": "passage"}]],
      "index": {"revision": 3, "as_of": "2026-01-01T00:00:00Z", "articles": 5}, "took_ms": 0.5})");
  EXPECT_EQ(json::parse(to_json(a, 500us)), expected);
}

}  // namespace
}  // namespace rapporteur::api
