// Articles over HTTP, over the sample articles.
#include "tests/http/programs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rapporteur::test {
namespace {

using testing::HasSubstr;
namespace json = boost::json;

std::int64_t marks_in(const json::value& article) {
  std::int64_t n = 0;
  const auto count = [&n](const json::value& runs) {
    for (const auto& run : runs.as_array()) n += run.as_object().contains("match") ? 1 : 0;
  };
  count(article.at("title"));
  for (const auto& paragraph : article.at("paragraphs").as_array()) count(paragraph);
  return n;
}

TEST(articles_over_http, every_hit_opens_with_its_matches_marked) {
  server_program server(sample_index());
  const auto answer = server.get_json("/api/v1/search?q=varland&limit=100");
  ASSERT_GT(answer.at("hits").as_array().size(), 5U);
  for (const auto& hit : answer.at("hits").as_array()) {
    const auto target = "/api/v1/articles/" + encode(std::string(hit.at("id").as_string()));
    const auto marked = server.get_json(target + "?q=varland");
    EXPECT_EQ(marked.at("id"), hit.at("id"));
    EXPECT_EQ(text_of(marked.at("title")), text_of(hit.at("title")));
    EXPECT_GT(marked.at("matches").as_int64(), 0) << hit.at("id");
    EXPECT_EQ(marks_in(marked), marked.at("matches").as_int64()) << hit.at("id");
    const auto plain = server.get_json(target);
    EXPECT_EQ(plain.at("matches"), 0);
    EXPECT_EQ(marks_in(plain), 0);
    ASSERT_EQ(plain.at("paragraphs").as_array().size(), marked.at("paragraphs").as_array().size());
    for (std::size_t i = 0; i < plain.at("paragraphs").as_array().size(); ++i) {
      EXPECT_EQ(text_of(plain.at("paragraphs").at(i)), text_of(marked.at("paragraphs").at(i)))
          << "marks change no text";
    }
  }
}

TEST(articles_over_http, snippets_are_passages_of_the_article) {
  server_program server(sample_index());
  const auto hit = server.get_json("/api/v1/search?q=quintal&limit=1").at("hits").at(0);
  const auto target = "/api/v1/articles/" + encode(std::string(hit.at("id").as_string()));
  const auto answer = server.get_json(target + "/snippets?q=quintal&snippets=2&snippet_chars=100");
  EXPECT_EQ(answer.at("id"), hit.at("id"));
  const auto& snippets = answer.at("snippets").as_array();
  ASSERT_FALSE(snippets.empty());
  EXPECT_LE(snippets.size(), 2U);
  for (const auto& snippet : snippets) EXPECT_THAT(text_of(snippet, true), HasSubstr("Quintal"));
}

TEST(articles_over_http, a_reference_is_what_an_export_of_that_article_has) {
  server_program server(sample_index());
  const auto hits = server.get_json("/api/v1/search?q=%22speech+by+Han%22").at("hits").as_array();
  ASSERT_EQ(hits.size(), 1U);
  const auto target = "/api/v1/articles/" + encode(std::string(hits[0].at("id").as_string())) + "?format=";
  for (const std::string format : {"ris", "bib", "csl.json"}) {
    const auto a = server.get(target + format);
    const auto exported = server.get("/api/v1/search." + format + "?q=%22speech+by+Han%22");
    EXPECT_EQ(a.status, 200U) << format;
    EXPECT_EQ(a.body, exported.body) << format;
    EXPECT_EQ(a.field("content-type"), exported.field("content-type")) << format;
    EXPECT_EQ(server.get(target + format, "If-None-Match: " + a.field("etag") + "\r\n").status, 304U) << format;
    EXPECT_EQ(server.get("/api/v1/articles/no-such-article?format=" + format).status, 404U) << format;
  }
  EXPECT_EQ(server.get(target + "csv").status, 400U);
}

TEST(articles_over_http, what_is_not_there_is_404_with_a_problem) {
  server_program server(sample_index());
  for (const auto& target : {std::string("no-such-article"), std::string("%ff%fe"), std::string(500, 'x'),
                             std::string("..%2F..%2Fetc%2Fpasswd"), std::string("%00")}) {
    for (const std::string_view more : {"", "/snippets?q=a"}) {
      const auto a = server.get("/api/v1/articles/" + target + std::string(more));
      EXPECT_EQ(a.status, 404U) << target << more;
      EXPECT_EQ(json::parse(a.body).at("code"), "not_found") << target << more;
    }
  }
}

}  // namespace
}  // namespace rapporteur::test
