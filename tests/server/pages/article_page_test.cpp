#include "tests/server/api/hostile_article.hpp"
#include "tests/server/pages/pages_under_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rapporteur::pages {
namespace {

namespace bhttp = http::bhttp;
using test::pages_under_test;
using test::parsed_page;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

bool has(const http::response& r, std::string_view text) {
  return r.bytes().find(text) != std::string_view::npos;
}

search::article_answer some_article() {
  search::article_answer a;
  a.fields.id = "a/1";
  a.fields.published = partial_date::parse("2019-06-13").value();
  a.fields.source = "NK News";
  a.fields.authors = {"Doe, Jane", "김철수"};
  a.fields.language = "en";
  a.fields.url = "https://www.example.org/x?a=1&b=2";
  a.fields.tags = {{"country_of", {"PRK"}}};
  a.title = {{"On ", false, false}, {"camps", true, false}};
  a.paragraphs = {{{"First ", false, false}, {"camps", true, false}, {".", false, false}},
                  {{"More\n", false, false}, {"camps", true, false}}};
  a.matches = 3;
  a.index = {.revision = 1, .as_of = "2026-01-02T03:04:05Z", .articles = 9};
  return a;
}

pages_under_test& with(pages_under_test& pages, search::article_answer a) {
  pages.api.scripted.article = [a = std::move(a)](std::string_view, std::string_view, bool) {
    return result<search::article_answer>(a);
  };
  return pages;
}

TEST(article_page, marks_are_numbered_and_lead_to_one_another) {
  pages_under_test pages;
  const auto r = with(pages, some_article()).get("/plain/articles/a%2F1?q=camps");
  EXPECT_EQ(r.status, 200U);
  EXPECT_TRUE(has(r, "On <mark id=\"m1\">camps</mark><span class=\"jump\"><a href=\"#m2\""));
  const parsed_page page(r.bytes());
  EXPECT_THAT(page.texts_of("mark"), ElementsAre("camps", "camps", "camps"));
  const auto ids = page.values_of("id");
  for (const auto* id : {"m1", "m2", "m3", "p1", "p2"}) EXPECT_THAT(ids, Contains(id));
  EXPECT_THAT(ids, Not(Contains("m4")));
  const auto links = page.values_of("href");
  EXPECT_EQ(std::ranges::count(links, "#m2"), 3) << "from the list, from the first and from the third";
  EXPECT_EQ(std::ranges::count(links, "#m1"), 2);
  EXPECT_THAT(links, Not(Contains("#m4")));
  EXPECT_THAT(links, Contains("#p2"));
  EXPECT_THAT(page.text, HasSubstr("3 matches"));
  EXPECT_TRUE(has(r, "<p id=\"p2\" lang=\"en\" dir=\"auto\">More\n"));
}

TEST(article_page, says_where_it_is_from_and_leads_back) {
  pages_under_test pages;
  const auto r = with(pages, some_article()).get("/plain/articles/a%2F1?q=camps&source=NK+News&offset=20&ui=en");
  const parsed_page page(r.bytes());
  const auto links = page.values_of("href");
  EXPECT_THAT(links, Contains("/plain/?q=camps&source=NK%20News&offset=20&ui=en")) << "back to where it was found";
  EXPECT_THAT(links, Contains("https://www.example.org/x?a=1&b=2"));
  EXPECT_THAT(page.text, HasSubstr("Original at example.org"));
  EXPECT_THAT(page.text,
              HasSubstr("Doe, Jane, 김철수. “On camps”. NK News, 13 Jun 2019. https://www.example.org/x?a=1&b=2"));
  EXPECT_THAT(links, Contains("/plain/?source=NK%20News&ui=en"));
  EXPECT_THAT(links, Contains("/plain/?author=%EA%B9%80%EC%B2%A0%EC%88%98&ui=en"));
  EXPECT_THAT(links, Contains("/plain/?tag.country_of=PRK&ui=en"));
  EXPECT_THAT(page.texts_of("dt"), Contains("country of"));
  for (const std::string format : {"ris", "bib", "csl.json"})
    EXPECT_THAT(links, Contains("/api/v1/articles/a%2F1?format=" + format));
  EXPECT_THAT(page.text, HasSubstr("Download as BibTeX"));
}

TEST(article_page, an_address_that_is_not_of_the_web_is_no_link) {
  for (const std::string url :
       {"javascript:alert(1)", "data:text/html,x", "ftp://example.org/x", "//example.org/x", "https://", "http:///x",
        "JaVaScRiPt:alert(1)//https://example.org", " https://example.org/x"}) {
    auto a = some_article();
    a.fields.url = url;
    pages_under_test pages;
    const auto r = with(pages, a).get("/plain/articles/a");
    const parsed_page page(r.bytes());
    EXPECT_THAT(page.values_of("href"), Not(Contains(url)));
    EXPECT_THAT(page.text, Not(HasSubstr("Original at"))) << url;
    EXPECT_THAT(page.dangers(), IsEmpty());
  }
}

TEST(article_page, related_articles_are_those_of_the_api) {
  pages_under_test pages;
  with(pages, some_article());
  search::related_request seen;
  pages.api.scripted.related = [&seen](const search::related_request& r) {
    seen = r;
    search::related_answer a;
    a.hits.resize(1);
    a.hits[0].fields.id = "b";
    a.hits[0].title = {{"Other ", false, false}, {"camps", true, false}};
    return result<search::related_answer>(a);
  };
  const auto r = pages.get("/plain/articles/a%2F1?q=camps");
  EXPECT_EQ(seen.id, "a/1");
  EXPECT_TRUE(has(r, "<a href=\"/plain/articles/b?q=camps\">Other camps</a>"))
      << "not marked: nobody searched for that";
}

TEST(article_page, revalidates) {
  pages_under_test pages;
  with(pages, some_article());
  const auto r = pages.get("/plain/articles/a?q=x");
  const std::string etag(r.fields[bhttp::field::etag]);
  EXPECT_EQ(pages.get("/plain/articles/a?q=x", {}, etag).status, 304U);
  EXPECT_EQ(pages.get("/plain/articles/a?q=y", {}, etag).status, 200U);
  EXPECT_EQ(pages.get("/plain/articles/b?q=x", {}, etag).status, 200U);
  EXPECT_EQ(pages.get("/plain/articles/a?q=x", "ja", etag).status, 200U);
  EXPECT_EQ(r.fields[bhttp::field::vary], "Accept-Encoding, Accept-Language");
}

TEST(article_page, what_an_article_contributes_stays_text) {
  search::article_answer a;
  a.fields = api::test::hostile_article();
  a.title = {{a.fields.title, true, false}};
  a.paragraphs = {{{a.fields.text, false, false}, {"</p><script>alert(1)</script>", true, false}},
                  {{"\u202Eabc\u2066", false, false}, {"<img src=x onerror=alert(1)>", false, false}}};
  a.matches = 2;
  pages_under_test pages;
  pages.api.scripted.related = [&a](const search::related_request&) {
    search::related_answer r;
    r.hits.resize(1);
    r.hits[0].fields = a.fields;
    r.hits[0].title = a.title;
    return result<search::related_answer>(r);
  };
  const auto r = with(pages, a).get("/plain/articles/x?q=%22%3E%3Cscript%3E&ui=ar");
  const parsed_page page(r.bytes());
  EXPECT_THAT(page.dangers(), IsEmpty());
  EXPECT_THAT(page.text, HasSubstr("</p><script>alert(1)</script>"));
  EXPECT_THAT(page.text, HasSubstr("=cmd|'/C calc'!A0 </title><script>"));
  EXPECT_EQ(r.bytes().find('\0'), std::string_view::npos);
}

}  // namespace
}  // namespace rapporteur::pages
