#include "server/api/suggest.hpp"

#include "tests/server/api/api_under_test.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rapporteur::api {
namespace {

namespace bhttp = http::bhttp;
using test::api_under_test;
using test::code;
using test::json;
using test::parameter;

result<search::suggest_answer> many(std::string_view q, std::uint32_t limit) {
  search::suggest_answer a;
  for (std::uint32_t i = 0; i < limit; ++i) {
    a.suggestions.emplace_back().text = std::string(q) + std::to_string(i);
  }
  return a;
}

result<search::suggest_answer> none(std::string_view, std::uint32_t) {
  return search::suggest_answer{};
}

// Its length would tell what was typed.
TEST(suggest_route, every_answer_has_the_same_length) {
  api_under_test api;
  bhttp::fields compressed;
  compressed.set(bhttp::field::accept_encoding, "br, gzip");
  for (const std::string format : {"json", "opensearch"}) {
    for (const std::uint32_t limit : {1U, 10U, 20U}) {
      for (const std::string& q : {std::string("a"), std::string("north%20korea"), std::string("%00").append("%01"),
                                   std::string(256, 'x'), std::string("%E5%8C%97"), std::string()}) {
        for (const bool any : {true, false}) {
          api.scripted.suggest = any ? many : none;
          const auto r =
              api.get("/api/v1/suggest?q=" + q + "&format=" + format + "&limit=" + std::to_string(limit), compressed);
          ASSERT_EQ(r.status, 200U) << q;
          EXPECT_EQ(r.bytes().size(), suggest_answer_bytes(limit)) << q << ' ' << format;
          EXPECT_EQ(r.fields.count(bhttp::field::content_encoding), 0U);
          EXPECT_EQ(r.fields.count(bhttp::field::etag), 0U);
          EXPECT_EQ(r.fields.at(bhttp::field::cache_control), "no-store");
          json(r);
        }
      }
    }
  }
}

TEST(suggest_route, what_does_not_fit_is_left_out_from_the_end) {
  api_under_test api;
  api.scripted.suggest = [](std::string_view, std::uint32_t limit) -> result<search::suggest_answer> {
    search::suggest_answer a;
    for (std::uint32_t i = 0; i < limit; ++i) a.suggestions.emplace_back().text = std::string(400, '\x01');
    a.suggestions.front().text = "first";
    return a;
  };
  const auto r = api.get("/api/v1/suggest?q=" + std::string(256, 'x'));
  EXPECT_EQ(r.bytes().size(), suggest_answer_bytes(10));
  EXPECT_EQ(json(r).at("suggestions").at(0).at("text"), "first");
}

TEST(suggest_route, tells_what_each_suggestion_is) {
  api_under_test api;
  api.scripted.suggest = [](std::string_view, std::uint32_t) -> result<search::suggest_answer> {
    search::suggest_answer a;
    a.suggestions = {{"camps", search::suggestion_kind::word, 12, ""},
                     {"Camps of Harsk", search::suggestion_kind::title, std::nullopt, "x-1"}};
    a.complete = false;
    return a;
  };
  const auto r = json(api.get("/api/v1/suggest?q=ca"));
  EXPECT_EQ(r.at("q"), "ca");
  EXPECT_EQ(r.at("complete"), false);
  EXPECT_EQ(r.at("suggestions").at(0).at("kind"), "word");
  EXPECT_EQ(r.at("suggestions").at(0).at("articles"), 12);
  EXPECT_EQ(r.at("suggestions").at(1).at("kind"), "title");
  EXPECT_EQ(r.at("suggestions").at(1).at("id"), "x-1");
  EXPECT_FALSE(r.at("suggestions").at(1).as_object().contains("articles"));

  const auto plain = api.get("/api/v1/suggest?q=ca&format=opensearch");
  EXPECT_EQ(plain.fields.at(bhttp::field::content_type), "application/x-suggestions+json");
  const auto list = json(plain);
  ASSERT_EQ(list.as_array().size(), 4U);
  EXPECT_EQ(list.at(0), "ca");
  EXPECT_EQ(list.at(1).at(1), "Camps of Harsk");
  EXPECT_EQ(list.at(2).at(0), "word, 12 articles");
  EXPECT_TRUE(list.at(3).as_array().empty());
}

TEST(suggest_route, is_asked_by_form_as_well) {
  api_under_test api;
  std::string seen;
  api.scripted.suggest = [&seen](std::string_view q, std::uint32_t limit) -> result<search::suggest_answer> {
    seen = std::string(q) + ' ' + std::to_string(limit);
    return search::suggest_answer{};
  };
  EXPECT_EQ(api.post_form("/api/v1/suggest", "q=two+w&limit=3&pad=xxxxxxxx").status, 200U);
  EXPECT_EQ(seen, "two w 3");
  EXPECT_EQ(api.post_form("/api/v1/suggest?q=a", "q=a").status, 400U);
  EXPECT_EQ(api.ask(bhttp::verb::post, "/api/v1/suggest", {}, "q=a").status, 415U);
}

TEST(suggest_route, refuses_bad_parameters) {
  api_under_test api;
  struct row {
    std::string query, code, parameter;
  };
  for (const row& x :
       {row{"", "invalid_argument", "q"}, row{"q=a&limit=0", "invalid_argument", "limit"},
        row{"q=a&limit=21", "invalid_argument", "limit"}, row{"q=a&format=xml", "invalid_argument", "format"},
        row{"q=a&q=b", "invalid_argument", "q"}, row{"q=a&sort=newest", "invalid_argument", "sort"},
        row{"q=" + std::string(257, 'a'), "too_large", "q"},
        row{"q=a&pad=" + std::string(1025, 'a'), "too_large", "pad"}}) {
    const auto r = api.get("/api/v1/suggest?" + x.query);
    EXPECT_EQ(r.status, 400U) << x.query;
    EXPECT_EQ(code(r), x.code) << x.query;
    EXPECT_EQ(parameter(r), x.parameter) << x.query;
  }
}

TEST(related_route, hands_id_and_filters_over) {
  api_under_test api;
  search::related_request seen;
  api.scripted.related = [&seen](const search::related_request& r) -> result<search::related_answer> {
    seen = r;
    search::related_answer a;
    a.id = r.id;
    a.by = {"camp"};
    return a;
  };
  const auto r = api.get("/api/v1/articles/a%2Fb/related?limit=3&lang=FR&source=-KCNA&from=2019&snippets=1");
  ASSERT_EQ(r.status, 200U);
  EXPECT_EQ(seen.id, "a/b");
  EXPECT_EQ(seen.limit, 3U);
  EXPECT_EQ(seen.snippets, 1U);
  EXPECT_EQ(seen.wanted.languages, std::vector<std::string>{"fr"});
  EXPECT_EQ(seen.excluded.sources, std::vector<std::string>{"KCNA"});
  EXPECT_EQ(json(r).at("by").at(0), "camp");
  EXPECT_TRUE(json(r).at("hits").as_array().empty());
  const std::string etag(r.fields.at(bhttp::field::etag));
  bhttp::fields held;
  held.set(bhttp::field::if_none_match, etag);
  EXPECT_EQ(api.get("/api/v1/articles/a%2Fb/related?snippets=1&from=2019&source=-KCNA&lang=fr&limit=3", held).status,
            304U);
  EXPECT_EQ(api.get("/api/v1/articles/a%2Fb/related?limit=4", held).status, 200U);
}

TEST(related_route, refuses_bad_parameters) {
  api_under_test api;
  for (const auto& [query, name] : std::vector<std::pair<std::string, std::string>>{{"limit=0", "limit"},
                                                                                    {"limit=101", "limit"},
                                                                                    {"q=a", "q"},
                                                                                    {"from=x", "from"},
                                                                                    {"source=", "source"},
                                                                                    {"from=2020&to=2019", "to"},
                                                                                    {"snippets=21", "snippets"}}) {
    const auto r = api.get("/api/v1/articles/x/related?" + query);
    EXPECT_EQ(r.status, 400U) << query;
    EXPECT_EQ(code(r), "invalid_argument") << query;
    EXPECT_EQ(parameter(r), name) << query;
  }
}

TEST(why_route, tells_each_part) {
  api_under_test api;
  api.scripted.why = [](std::string_view id, std::string_view q, bool expand) -> result<search::why_answer> {
    search::why_answer a;
    a.id = id;
    a.found = a.all = true;
    a.rank = 2;
    a.score = 1.25;
    search::why_answer::part p;
    p.text = q;
    p.kind = expand ? "word" : "phrase";
    p.matched = true;
    p.in_text = 3;
    p.weight = 1.25;
    p.synonyms = {{"other", true, 0, 1}};
    p.says = "The article has it.";
    a.parts = {p};
    return a;
  };
  const auto r = json(api.get("/api/v1/articles/x/why?q=camps"));
  EXPECT_EQ(r.at("matches"), "all");
  EXPECT_EQ(r.at("rank"), 2);
  EXPECT_EQ(r.at("score"), 1.25);
  EXPECT_EQ(r.at("parts").at(0).at("text"), "camps");
  EXPECT_EQ(r.at("parts").at(0).at("in_text"), 3);
  EXPECT_EQ(r.at("parts").at(0).at("synonyms").at(0).at("matched"), true);
  EXPECT_EQ(json(api.get("/api/v1/articles/x/why?q=camps&expand=off")).at("parts").at(0).at("kind"), "phrase");
}

TEST(why_route, needs_a_query) {
  api_under_test api;
  const auto r = api.get("/api/v1/articles/x/why");
  EXPECT_EQ(r.status, 400U);
  EXPECT_EQ(parameter(r), "q");
}

}  // namespace
}  // namespace rapporteur::api
