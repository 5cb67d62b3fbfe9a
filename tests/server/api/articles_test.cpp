#include "server/api/articles.hpp"

#include "server/api/export_format.hpp"
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

struct reference_row {
  std::string_view format;
  std::string_view content_type;
  const export_format& writer;
};
const reference_row k_references[] = {
    {"ris", "application/x-research-info-systems; charset=utf-8", k_ris},
    {"bib", "application/x-bibtex; charset=utf-8", k_bibtex},
    {"csl.json", "application/vnd.citationstyles.csl+json", k_csl_json},
};

article some_article(std::string_view id) {
  article a;
  a.id = id;
  a.title = "An envoy & a half";
  a.authors = {"Osgood-Pahk, Mirae"};
  a.source = "Courier";
  a.published = *partial_date::parse("2019-06");
  return a;
}

TEST(article_route, gives_a_reference_as_an_export_of_that_article_alone_has_it) {
  for (const auto& row : k_references) {
    api_under_test api;
    std::string seen;
    bool with_text = true;
    api.scripted.read = [&](std::string_view id, bool text) -> result<article> {
      seen = id;
      with_text = text;
      return some_article(id);
    };
    api.scripted.article = [](std::string_view, std::string_view, bool) -> result<search::article_answer> {
      return error{errc::internal, "the article is not highlighted for a reference"};
    };
    const auto r = api.get("/api/v1/articles/a%2Fb?format=" + std::string(row.format) + "&q=envoy&expand=off");
    std::string wanted;
    const auto writer = row.writer.open({});
    writer->begin(wanted);
    writer->add(wanted, some_article("a/b"));
    writer->end(wanted);
    EXPECT_EQ(r.status, 200U) << row.format;
    EXPECT_EQ(r.body, wanted);
    EXPECT_EQ(seen, "a/b");
    EXPECT_FALSE(with_text) << "the text may be half a megabyte, and no reference has it";
    EXPECT_EQ(r.fields[bhttp::field::content_type], row.content_type);
    EXPECT_EQ(r.fields[bhttp::field::content_disposition],
              "attachment; filename=\"article." + std::string(row.format) + '"');
    EXPECT_EQ(r.fields[bhttp::field::cache_control], "private, no-cache");
  }
}

TEST(article_route, has_an_etag_of_its_own_for_each_reference) {
  api_under_test api;
  search::index_state state{.revision = 1, .as_of = "2026-01-02T03:04:05Z", .articles = 9};
  api.scripted.state = [&state] { return result<search::index_state>(state); };
  for (const auto& row : k_references) {
    const std::string target = "/api/v1/articles/x?format=" + std::string(row.format);
    bhttp::fields held;
    held.set(bhttp::field::if_none_match, api.get(target).fields[bhttp::field::etag]);
    const auto again = api.get(target, held);
    EXPECT_EQ(again.status, 304U) << row.format;
    EXPECT_EQ(again.body, "");
    EXPECT_EQ(api.get(target + "&q=word", held).status, 304U) << "the query changes nothing in it";
    EXPECT_EQ(api.get("/api/v1/articles/y?format=" + std::string(row.format), held).status, 200U);
    EXPECT_EQ(api.get("/api/v1/articles/x", held).status, 200U);
    for (const auto& other : k_references) {
      if (other.format == row.format) continue;
      EXPECT_EQ(api.get("/api/v1/articles/x?format=" + std::string(other.format), held).status, 200U);
    }
    ++state.revision;
    EXPECT_EQ(api.get(target, held).status, 200U) << "the index has changed";
  }
}

TEST(article_route, tells_the_header_of_a_reference_to_head) {
  api_under_test api;
  const auto r = api.ask(bhttp::verb::head, "/api/v1/articles/x?format=ris");
  EXPECT_EQ(r.status, 200U);
  EXPECT_EQ(r.fields[bhttp::field::content_type], "application/x-research-info-systems; charset=utf-8");
  EXPECT_EQ(r.fields[bhttp::field::content_disposition], "attachment; filename=\"article.ris\"");
  EXPECT_NE(r.fields[bhttp::field::etag], "");
}

TEST(article_route, refuses_formats_that_there_are_not) {
  api_under_test api;
  for (const std::string format : {"", "RIS", "ris,bib", ".ris", "csv", "jsonl", "bibtex", "atom"}) {
    const auto r = api.get("/api/v1/articles/x?format=" + format);
    EXPECT_EQ(r.status, 400U) << format;
    EXPECT_EQ(code(r), "invalid_argument") << format;
    EXPECT_EQ(parameter(r), "format") << format;
  }
  EXPECT_EQ(api.get("/api/v1/articles/x?format=ris&format=bib").status, 400U);
  EXPECT_EQ(api.get("/api/v1/articles/x/snippets?q=a&format=ris").status, 400U);
  EXPECT_EQ(api.get("/api/v1/articles/x/why?q=a&format=ris").status, 400U);
  EXPECT_EQ(api.get("/api/v1/articles/x?format=json").fields[bhttp::field::content_type], "application/json");
}

TEST(article_route, has_no_reference_to_what_is_not_there) {
  api_under_test api;
  bool asked = false;
  api.scripted.read = [&asked](std::string_view, bool) -> result<article> {
    asked = true;
    return error{errc::not_found, "gone"};
  };
  const auto r = api.get("/api/v1/articles/x?format=bib");
  EXPECT_EQ(r.status, 404U);
  EXPECT_EQ(code(r), "not_found");
  EXPECT_EQ(r.fields.count(bhttp::field::content_disposition), 0U) << "a problem is no file";
  EXPECT_TRUE(asked);
  asked = false;
  EXPECT_EQ(api.get("/api/v1/articles/" + std::string(201, 'x') + "?format=bib").status, 404U);
  EXPECT_FALSE(asked);
}

TEST(article_route, keeps_what_asks_for_a_type_from_what_it_cannot_have) {
  api_under_test api;
  const auto status = [&api](std::string_view target, std::string_view accept) {
    bhttp::fields fields;
    fields.set(bhttp::field::accept, accept);
    return api.get(target, fields).status;
  };
  EXPECT_EQ(status("/api/v1/articles/x?format=ris", "application/x-research-info-systems"), 200U);
  EXPECT_EQ(status("/api/v1/articles/x?format=bib", "application/x-bibtex"), 200U);
  EXPECT_EQ(status("/api/v1/articles/x?format=csl.json", "application/vnd.citationstyles.csl+json"), 200U);
  EXPECT_EQ(status("/api/v1/articles/x?format=ris", "text/csv"), 406U);
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
