#include "tests/server/pages/pages_under_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rapporteur::pages {
namespace {

namespace bhttp = http::bhttp;
using test::pages_under_test;
using test::parsed_page;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// The pages and the API refuse the same with the same status; the page says it in its own language.
TEST(problem_page, refuses_what_the_api_refuses) {
  struct row {
    std::string query;
    std::string_view key, parameter;
    std::string sentence = {};  ///< in place of the catalogue's at key
  };
  const row rows[] = {
      {"q=a&page=2", "problem_parameter", "page"},
      {"q=%", "problem_malformed", ""},
      {"q=" + std::string(5000, 'a'), "", "",
       "q dans l’adresse compte 5\u202f000 octets ; 4\u202f096 au plus sont admis."},
      {"q=a&from=June", "bad_date", ""},
      {"q=a&from=2020&to=June", "bad_date", ""},
      {"q=a&from=2020&to=2019", "dates_crossed", ""},
      {"q=a&offset=10000", "too_deep", ""},
      {"q=a&offset=99999", "", "", "offset dans l’adresse doit être un nombre entier de 0 à 10\u202f000."},
      {"q=a&cursor=x", "problem_bad_cursor", ""},
      {"q=a&sort=best", "", "",
       "sort dans l’adresse doit être l’une de ces valeurs : relevance, newest, oldest, added."},
      {"q=a&q=b", "problem_parameter", "q"},
      {"q=a&source=%ff", "problem_encoding", ""},
  };
  for (const auto& [query, key, parameter, sentence] : rows) {
    pages_under_test pages;
    const auto told = pages.api.get("/api/v1/search?" + query);
    const auto r = pages.get("/plain/?" + query, "fr");
    EXPECT_EQ(r.status, told.status) << query;
    EXPECT_GE(r.status, 400U) << query;
    const auto& words = *pages.set->find("fr")->words;
    const auto says = key.empty() ? sentence : words.text(key, {{"parameter", std::string(parameter)}, {"n", "500"}});
    EXPECT_EQ(r.fields[bhttp::field::content_type], "text/html; charset=utf-8");
    EXPECT_EQ(r.fields[bhttp::field::cache_control], "no-store");
    EXPECT_EQ(r.fields[bhttp::field::content_language], "fr");
    const parsed_page page(r.bytes());
    EXPECT_THAT(page.texts_of("p"), Contains(says)) << query;
    EXPECT_THAT(page.text, Not(HasSubstr(std::string(api::test::json(told).at("detail").as_string())))) << query;
    EXPECT_THAT(page.text, HasSubstr("recommencez")) << "what to do";
    EXPECT_THAT(page.dangers(), IsEmpty());
  }
}

TEST(problem_page, failures_of_the_search_have_their_status_and_what_to_do) {
  struct row {
    error what;
    unsigned status;
    std::string_view title, says;
  };
  const row rows[] = {
      {{errc::overloaded, "x"}, 503, "The search server is busy", "It asks to be tried again in 1 second."},
      {{errc::index_missing, "x"}, 503, "The archive is not ready", "makes one with rapporteur-index."},
      {{errc::too_costly, "too many words"}, 400, "This search cannot be run", "Use fewer words"},
      {{errc::cursor_expired, "cursor is of a state that is gone"},
       410,
       "These results cannot be gone on from here",
       "The archive has changed since"},
      {{errc::io, "/secret/path"}, 500, "The search server failed", "Its log says why."},
      {{errc::internal, "secret"}, 500, "The search server failed", "a mistake in the program"},
  };
  for (const auto& row : rows) {
    pages_under_test pages;
    pages.api.scripted.search = [&row](const search::request&) -> result<search::answer> { return row.what; };
    const auto r = pages.get("/plain/?q=x");
    EXPECT_EQ(r.status, row.status);
    const parsed_page page(r.bytes());
    EXPECT_THAT(page.texts_of("h1"), Contains(HasSubstr(std::string(row.title))));
    EXPECT_THAT(page.text, HasSubstr(std::string(row.says)));
    EXPECT_EQ(page.text.find("secret"), std::string::npos);
  }
}

TEST(problem_page, keeps_the_fields_of_the_answer) {
  pages_under_test pages;
  pages.api.scripted.search = [](const search::request&) -> result<search::answer> {
    return error{errc::overloaded, "x"};
  };
  const auto r = pages.get("/plain/?q=x&ui=fr");
  EXPECT_EQ(r.fields[bhttp::field::retry_after], "1");
  EXPECT_EQ(r.fields[bhttp::field::content_type], "text/html; charset=utf-8");
  EXPECT_EQ(r.fields[bhttp::field::vary], "Accept, Accept-Encoding, Accept-Language");
}

TEST(problem_page, leads_on) {
  pages_under_test pages;
  struct row {
    error what;
    std::string target, link;
  };
  const row rows[] = {
      {{errc::overloaded, "x"}, "/plain/?q=a%20b&lang=en&offset=40", "/plain/?q=a%20b&lang=en&offset=40"},
      {{errc::cursor_expired, "x"}, "/plain/?q=a&offset=20", "/plain/?q=a"},
      {{errc::not_found, "x"}, "/plain/articles/a%2Fb?q=x&offset=20", "/plain/?q=x&offset=20"},
      {{errc::io, "x"}, "/plain/articles/a%2Fb?q=x&ui=ru", "/plain/articles/a%2Fb?q=x&ui=ru"},
  };
  for (const auto& row : rows) {
    pages.api.scripted.search = [&row](const search::request&) -> result<search::answer> { return row.what; };
    pages.api.scripted.article = [&row](std::string_view, std::string_view, bool) -> result<search::article_answer> {
      return row.what;
    };
    const parsed_page page(pages.get(row.target).bytes());
    EXPECT_THAT(page.values_of("href"), Contains(row.link)) << row.target;
    // The switch between languages stays at what was asked for.
    const std::string path = row.target.substr(0, row.target.find('?'));
    EXPECT_THAT(page.values_of("href"),
                Contains(testing::AllOf(testing::StartsWith(path), testing::EndsWith("ui=ko"))));
  }
}

TEST(problem_page, an_article_that_is_gone_is_said_to_be) {
  pages_under_test pages;
  pages.api.scripted.article = [](std::string_view, std::string_view, bool) -> result<search::article_answer> {
    return error{errc::not_found, "gone"};
  };
  for (const auto& target : {std::string("/plain/articles/a?q=x"), "/plain/articles/" + std::string(201, 'a')}) {
    const auto r = pages.get(target);
    EXPECT_EQ(r.status, 404U);
    EXPECT_THAT(parsed_page(r.bytes()).texts_of("h1"), Contains("This article is not in the archive"));
  }
}

TEST(problem_page, an_interface_that_there_is_not_is_refused) {
  pages_under_test pages;
  for (const auto* target : {"/plain/?ui=xx", "/plain/articles/a?ui=xx", "/plain/help?ui=xx"}) {
    const auto r = pages.get(target, "es");
    EXPECT_EQ(r.status, 400U);
    EXPECT_EQ(r.fields[bhttp::field::content_language], "es");
    const parsed_page page(r.bytes());
    EXPECT_THAT(page.text, HasSubstr("ui en la dirección no se conoce aquí"));
    EXPECT_THAT(page.values_of("hreflang"), Contains("ko")) << "those that there are";
  }
  EXPECT_EQ(pages.get("/plain/help?q=x").status, 400U);
}

TEST(problem_page, keeps_what_was_asked_so_that_it_can_be_changed) {
  pages_under_test pages;
  const auto r = pages.get("/plain/?q=%22%3E%3Cb%3E&from=June&lang=en");
  const parsed_page page(r.bytes());
  EXPECT_THAT(page.values_of("value"), Contains("\"><b>"));
  EXPECT_THAT(page.values_of("value"), Contains("June"));
  EXPECT_THAT(page.dangers(), IsEmpty());
}

}  // namespace
}  // namespace rapporteur::pages
