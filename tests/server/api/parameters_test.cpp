#include "server/api/parameters.hpp"

#include "server/search/cursor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace rapporteur::api {
namespace {

using testing::ElementsAre;
using namespace std::string_literals;

search::request good(std::string_view form, const settings& s = {}) {
  auto r = parse_search(form, s);
  if (const auto* e = std::get_if<parameter_error>(&r)) throw std::runtime_error(e->parameter + ": " + e->what.message);
  return std::get<search::request>(r);
}

TEST(parse_search, absent_parameters_have_the_settings_defaults) {
  const auto r = good("");
  EXPECT_EQ(r.q, "");
  EXPECT_EQ(r.limit, 10U);
  EXPECT_EQ(r.offset, 0U);
  EXPECT_EQ(r.sort, search::sort_order::relevance);
  EXPECT_EQ(r.snippets, 3U);
  EXPECT_EQ(r.snippet_chars, 240U);
  EXPECT_TRUE(r.expand);
  EXPECT_FALSE(r.from);
  EXPECT_TRUE(r.facets.empty());
  settings s;
  s.default_limit = 25;
  s.default_snippets = 1;
  s.default_snippet_chars = 100;
  EXPECT_EQ(good("", s).limit, 25U);
  EXPECT_EQ(good("", s).snippets, 1U);
  EXPECT_EQ(good("", s).snippet_chars, 100U);
}

TEST(parse_search, reads_every_parameter) {
  const auto r = good(
      "q=tom%C3%A1s+quintana&limit=20&offset=40&sort=oldest&from=2018&to=2019-06-13&source=NK+News&source=AP&lang=EN&"
      "lang=fr&author=A+B&collection=c&tag.country=PRK&tag.country=AFG&tag.body=un&facets=source,lang,year&snippets=0&"
      "snippet_chars=100&expand=off");
  EXPECT_EQ(r.q, "tomás quintana");
  EXPECT_EQ(r.limit, 20U);
  EXPECT_EQ(r.offset, 40U);
  EXPECT_EQ(r.sort, search::sort_order::oldest);
  EXPECT_EQ(r.from->to_string(), "2018");
  EXPECT_EQ(r.to->to_string(), "2019-06-13");
  EXPECT_THAT(r.wanted.sources, ElementsAre("AP", "NK News"));
  EXPECT_THAT(r.wanted.languages, ElementsAre("en", "fr"));
  EXPECT_THAT(r.wanted.authors, ElementsAre("A B"));
  EXPECT_THAT(r.wanted.collections, ElementsAre("c"));
  EXPECT_THAT(r.wanted.tags, ElementsAre(tag{"body", {"un"}}, tag{"country", {"AFG", "PRK"}}));
  EXPECT_THAT(r.facets, ElementsAre("lang", "source", "year"));
  EXPECT_EQ(r.snippets, 0U);
  EXPECT_EQ(r.snippet_chars, 100U);
  EXPECT_FALSE(r.expand);
}

TEST(parse_search, a_minus_excludes_and_a_backslash_takes_it_as_it_is) {
  const auto r = good(
      "source=-KCNA&source=NK+News&source=--dash&source=%5C-dash&source=%5C%5Cslash&lang=-EN&author=-A+B&collection=-c&"
      "tag.country=-PRK&tag.country=AFG&source=a-b");
  EXPECT_THAT(r.excluded.sources, ElementsAre("-dash", "KCNA"));
  EXPECT_THAT(r.wanted.sources, ElementsAre("-dash", "NK News", "\\slash", "a-b"));
  EXPECT_THAT(r.excluded.languages, ElementsAre("en"));
  EXPECT_TRUE(r.wanted.languages.empty());
  EXPECT_THAT(r.excluded.authors, ElementsAre("A B"));
  EXPECT_THAT(r.excluded.collections, ElementsAre("c"));
  EXPECT_THAT(r.wanted.tags, ElementsAre(tag{"country", {"AFG"}}));
  EXPECT_THAT(r.excluded.tags, ElementsAre(tag{"country", {"PRK"}}));
}

TEST(parse_search, reads_facets_and_timelines) {
  const auto r = good("facets=month,tag.country,author,source,month&facet_values=7&timeline=auto");
  EXPECT_THAT(r.facets, ElementsAre("author", "month", "source", "tag.country"));
  EXPECT_EQ(r.facet_values, 7U);
  EXPECT_EQ(r.timeline, search::timeline_unit::automatic);
  EXPECT_EQ(good("timeline=week").timeline, search::timeline_unit::week);
  EXPECT_FALSE(good("").timeline);
  std::string many = "facets=source";
  for (int i = 0; i < 20; ++i) many += ",tag.t" + std::to_string(i);
  const auto parsed = parse_search(many, settings{});
  ASSERT_TRUE(std::holds_alternative<parameter_error>(parsed));
  EXPECT_EQ(std::get<parameter_error>(parsed).what.code, errc::too_costly);
}

TEST(parse_search, takes_a_cursor_of_the_same_search_only) {
  const settings s;
  search::cursor c;
  c.request = search::fingerprint_of(good("q=a&source=b&sort=newest"));
  c.order = search::sort_order::newest;
  c.content = "x";
  const std::string cursor = "&cursor=" + search::to_string(c);
  EXPECT_EQ(good("sort=newest&q=a&source=b&limit=3&facets=lang" + cursor).after, c);
  for (const std::string form : {"q=a&source=b", "q=a&source=-b&sort=newest", "q=A&source=b&sort=newest",
                                 "q=a&source=b&sort=newest&expand=off", "q=a&source=b&sort=newest&from=2019"}) {
    const auto parsed = parse_search(form + cursor, s);
    ASSERT_TRUE(std::holds_alternative<parameter_error>(parsed)) << form;
    EXPECT_EQ(std::get<parameter_error>(parsed).what.code, errc::bad_cursor) << form;
    EXPECT_EQ(std::get<parameter_error>(parsed).parameter, "cursor") << form;
  }
  const auto both = parse_search("q=a&source=b&sort=newest&offset=0" + cursor, s);
  ASSERT_TRUE(std::holds_alternative<parameter_error>(both));
  EXPECT_EQ(std::get<parameter_error>(both).parameter, "offset");
}

TEST(parse_search, takes_any_bytes_as_a_query) {
  EXPECT_EQ(good("q=%00%ff%fe%22((").q, "\0\xff\xfe\"(("s);
  EXPECT_EQ(good("q=").q, "");
  EXPECT_EQ(good("q").q, "");
  EXPECT_EQ(good("q=\xff").q, "\xff");
}

TEST(parse_search, refuses_with_the_parameter_named) {
  struct row {
    std::string form;
    errc code;
    std::string parameter;
  };
  const row k_rows[] = {
      {"nonsense=1", errc::invalid_argument, "nonsense"},
      {"Q=1", errc::invalid_argument, "Q"},
      {"=1", errc::invalid_argument, ""},
      {"q=a&q=b", errc::invalid_argument, "q"},
      {"q=%zz", errc::malformed, "q"},
      {"%=1", errc::malformed, ""},
      {"limit=1&limit=1", errc::invalid_argument, "limit"},
      {"limit=", errc::invalid_argument, "limit"},
      {"limit=-1", errc::invalid_argument, "limit"},
      {"limit=%2B1", errc::invalid_argument, "limit"},
      {"limit=1.0", errc::invalid_argument, "limit"},
      {"limit=1e1", errc::invalid_argument, "limit"},
      {"limit=+1", errc::invalid_argument, "limit"},
      {"limit=0x1", errc::invalid_argument, "limit"},
      {"limit=101", errc::invalid_argument, "limit"},
      {"limit=4294967296", errc::invalid_argument, "limit"},
      {"limit=99999999999999999999999", errc::invalid_argument, "limit"},
      {"offset=10001", errc::invalid_argument, "offset"},
      {"offset=9991", errc::too_costly, "offset"},
      {"offset=10000&limit=1", errc::too_costly, "offset"},
      {"sort=best", errc::invalid_argument, "sort"},
      {"sort=", errc::invalid_argument, "sort"},
      {"from=yesterday", errc::invalid_argument, "from"},
      {"from=", errc::invalid_argument, "from"},
      {"from=2019-02-30", errc::invalid_argument, "from"},
      {"to=2019-13", errc::invalid_argument, "to"},
      {"from=2019-06-13T23:30:00Z", errc::invalid_argument, "from"},
      {"to=2019-06-13+10", errc::invalid_argument, "to"},
      {"source=+", errc::invalid_argument, "source"},
      {"author=-++", errc::invalid_argument, "author"},
      {"tag.country=%5C+", errc::invalid_argument, "tag.country"},
      {"from=2019-07&to=2019-06-30", errc::invalid_argument, "to"},
      {"source=", errc::invalid_argument, "source"},
      {"source=%ff", errc::encoding, "source"},
      {"source=" + std::string(1025, 's'), errc::too_large, "source"},
      {"lang=", errc::invalid_argument, "lang"},
      {"tag.=x", errc::invalid_argument, "tag."},
      {"tag.Country=x", errc::invalid_argument, "tag.Country"},
      {"tag.a-b=x", errc::invalid_argument, "tag.a-b"},
      {"tag.country=", errc::invalid_argument, "tag.country"},
      {"facets=", errc::invalid_argument, "facets"},
      {"facets=source,", errc::invalid_argument, "facets"},
      {"facets=authors", errc::invalid_argument, "facets"},
      {"facets=tag.", errc::invalid_argument, "facets"},
      {"facets=tag.Country", errc::invalid_argument, "facets"},
      {"facets=source&facets=lang", errc::invalid_argument, "facets"},
      {"facet_values=0", errc::invalid_argument, "facet_values"},
      {"facet_values=1001", errc::invalid_argument, "facet_values"},
      {"timeline=", errc::invalid_argument, "timeline"},
      {"timeline=hour", errc::invalid_argument, "timeline"},
      {"timeline=automatic", errc::invalid_argument, "timeline"},
      {"cursor=", errc::bad_cursor, "cursor"},
      {"cursor=nonsense", errc::bad_cursor, "cursor"},
      {"source=-", errc::invalid_argument, "source"},
      {"source=%5C", errc::invalid_argument, "source"},
      {"lang=-", errc::invalid_argument, "lang"},
      {"tag.country=-", errc::invalid_argument, "tag.country"},
      {"snippets=21", errc::invalid_argument, "snippets"},
      {"snippet_chars=19", errc::invalid_argument, "snippet_chars"},
      {"snippet_chars=2001", errc::invalid_argument, "snippet_chars"},
      {"expand=yes", errc::invalid_argument, "expand"},
      {"q=" + std::string(4097, 'q'), errc::too_large, "q"},
  };
  for (const auto& r : k_rows) {
    const auto parsed = parse_search(r.form, settings{});
    const auto* e = std::get_if<parameter_error>(&parsed);
    ASSERT_NE(e, nullptr) << r.form;
    EXPECT_EQ(e->what.code, r.code) << r.form;
    EXPECT_EQ(e->parameter, r.parameter) << r.form;
    EXPECT_FALSE(e->what.message.empty());
  }
}

// So that a refusal can be told in any language: what its sentence tells stands beside it.
TEST(parse_search, refuses_with_what_the_sentence_tells) {
  struct row {
    std::string form;
    search::named_values values;
  };
  const row k_rows[] = {
      {"limit=101", {{"lowest", 0U}, {"highest", 100U}}},
      {"snippet_chars=19", {{"lowest", 20U}, {"highest", 2000U}}},
      {"sort=best", {{"choices", "relevance, newest, oldest, added"}}},
      {"timeline=hour", {{"choices", "day, week, month, year, auto"}}},
      {"expand=yes", {{"choices", "on, off"}}},
      {"q=" + std::string(4097, 'q'), {{"n", 4097U}, {"most", 4096U}}},
      {"source=" + std::string(1025, 's'), {{"n", 1025U}, {"most", 1024U}}},
      {"offset=9991", {{"most", 10'000U}}},
      {"from=2019-07&to=2019-06-30", {{"from", "2019-07"}, {"to", "2019-06-30"}}},
      {"from=yesterday", {}},
      {"nonsense=1", {}},
  };
  for (const auto& r : k_rows) {
    const auto parsed = parse_search(r.form, settings{});
    const auto* e = std::get_if<parameter_error>(&parsed);
    ASSERT_NE(e, nullptr) << r.form;
    EXPECT_EQ(e->values, r.values) << r.form;
  }
}

TEST(parse_search, takes_what_is_just_within_its_bounds) {
  EXPECT_EQ(good("limit=100&offset=9900").offset, 9900U);
  EXPECT_EQ(good("offset=10000&limit=0").limit, 0U);
  EXPECT_EQ(good("q=" + std::string(4096, 'q')).q.size(), 4096U);
  EXPECT_EQ(good("from=2019-06&to=2019").to->to_string(), "2019");
  EXPECT_EQ(good("from=2019&to=2019-06").from->to_string(), "2019");
}

TEST(parse_search, bounds_the_values_of_a_filter) {
  std::string form;
  for (int i = 0; i < 101; ++i) form += "&source=" + std::to_string(i);
  const auto parsed = parse_search(form, settings{});
  const auto* e = std::get_if<parameter_error>(&parsed);
  ASSERT_NE(e, nullptr);
  EXPECT_EQ(e->what.code, errc::too_costly);
  EXPECT_EQ(e->parameter, "source");
}

TEST(format_search, is_one_spelling_of_equal_requests) {
  const settings s;
  EXPECT_EQ(format_search(good(""), s), "");
  EXPECT_EQ(format_search(good("lang=fr&q=a%20b&lang=en&limit=10&lang=fr"), s), "q=a%20b&lang=en&lang=fr");
  EXPECT_EQ(format_search(good("lang=EN&lang=fr&q=a+b"), s), "q=a%20b&lang=en&lang=fr");
  EXPECT_NE(format_search(good("q=a&source=b"), s), format_search(good("q=a%26source%3Db"), s));
}

TEST(format_search, is_undone_by_parse_search) {
  const settings s;
  std::mt19937 random(3);  // NOLINT(bugprone-random-generator-seed): the same requests every time
  const auto one_of = [&random](auto... options) {
    const std::vector<std::string> all{options...};
    return all[random() % all.size()];
  };
  for (int round = 0; round < 500; ++round) {
    std::string form;
    const auto put = [&form](std::string_view text) { form += (form.empty() ? "" : "&") + std::string(text); };
    if (random() % 2) put("q=" + one_of("a", "%26%3D%2B%25", "%00%ff", "Tom%C3%A1s+%22x%22"));
    if (random() % 2) put("source=" + one_of("NK+News", "a%26b", "%E5%8C%97"));
    if (random() % 2) put("source=" + one_of("NK+News", "z", "-z", "--z", "%5C-z", "%5C%5C"));
    if (random() % 2) put("tag.country=" + one_of("-x", "-%5C"));
    if (random() % 2) put("timeline=" + one_of("auto", "day", "week", "month", "year"));
    if (random() % 2) put("facet_values=" + one_of("1", "100"));
    if (random() % 2) put("tag." + one_of("country", "a_b") + "=" + one_of("x", "%3D"));
    if (random() % 2) put("lang=" + one_of("en", "FR"));
    if (random() % 2) put("from=" + one_of("2018", "2018-03", "2018-03-09"));
    if (random() % 2) put("to=" + one_of("2019", "2018-12"));
    if (random() % 2) put("sort=" + one_of("relevance", "newest", "oldest"));
    if (random() % 2) put("facets=" + one_of("source", "year,lang"));
    if (random() % 2) put("limit=" + one_of("0", "10", "100"));
    if (random() % 2) put("offset=" + one_of("0", "30"));
    if (random() % 2) put("expand=" + one_of("on", "off"));
    if (random() % 2) put("snippets=" + one_of("0", "3"));
    const auto spelt = format_search(good(form, s), s);
    ASSERT_EQ(format_search(good(spelt, s), s), spelt) << form;
    ASSERT_EQ(good(spelt, s).q, good(form, s).q) << form;
    ASSERT_EQ(good(spelt, s).wanted, good(form, s).wanted) << form;
    ASSERT_EQ(good(spelt, s).excluded, good(form, s).excluded) << form;
    ASSERT_EQ(good(spelt, s).timeline, good(form, s).timeline) << form;
  }
}

TEST(parse_snippets, needs_a_query_and_at_least_one_passage) {
  const settings s;
  const auto code_of = [&s](std::string_view form) {
    const auto r = parse_snippets(form, s);
    const auto* e = std::get_if<parameter_error>(&r);
    return e == nullptr ? std::string("ok") : e->parameter;
  };
  EXPECT_EQ(code_of("q=a"), "ok");
  EXPECT_EQ(code_of("q=a&snippets=20&snippet_chars=2000"), "ok");
  EXPECT_EQ(code_of(""), "q");
  EXPECT_EQ(code_of("q=a&snippets=0"), "snippets");
  EXPECT_EQ(code_of("q=a&limit=1"), "limit");
}

TEST(parse_article, knows_q_and_expand) {
  settings s;
  const auto r = parse_article("q=a", s);
  EXPECT_EQ(std::get<article_request>(r).q, "a");
  EXPECT_EQ(std::get<article_request>(parse_article("", s)).q, "");
  EXPECT_TRUE(std::holds_alternative<parameter_error>(parse_article("q=a&limit=1", s)));
  EXPECT_TRUE(std::get<article_request>(r).expand);
  EXPECT_FALSE(std::get<article_request>(parse_article("q=a&expand=off", s)).expand);
  EXPECT_FALSE(std::get<snippets_request>(parse_snippets("q=a&expand=off", s)).expand);
  s.default_expand = false;
  EXPECT_FALSE(std::get<article_request>(parse_article("q=a", s)).expand);
  EXPECT_FALSE(std::get<search::request>(parse_search("q=a", s)).expand);
  EXPECT_EQ(format_search(std::get<search::request>(parse_search("q=a&expand=on", s)), s), "q=a&expand=on");
}

}  // namespace
}  // namespace rapporteur::api
