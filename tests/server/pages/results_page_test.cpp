#include "server/api/result_cache.hpp"
#include "server/pages/page_request.hpp"
#include "server/search/cursor.hpp"
#include "tests/server/api/hostile_article.hpp"
#include "tests/server/pages/pages_under_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <utility>

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
using testing::StartsWith;

bool has(const http::response& r, std::string_view text) {
  return r.bytes().find(text) != std::string_view::npos;
}

/// One hit that is marked, in so many.
search::answer some_answer(std::uint64_t total) {
  search::answer a;
  a.total = total;
  a.index = {.revision = 1, .as_of = "2026-01-02T03:04:05Z", .articles = 9};
  search::hit h;
  h.fields.id = "a/1";
  h.fields.published = partial_date::parse("2019-06").value();
  h.fields.source = "AP";
  h.fields.language = "ar";
  h.title = {{"On ", false, false}, {"camps", true, false}};
  h.snippets = {{{"… ", false, true}, {"the ", false, false}, {"camps", true, false}}};
  a.hits.push_back(std::move(h));
  return a;
}

TEST(results_page, asks_what_the_api_asks_and_facets_and_a_timeline_besides) {
  pages_under_test pages;
  search::request seen;
  pages.api.scripted.search = [&seen](const search::request& r) {
    seen = r;
    return result<search::answer>(some_answer(1));
  };
  const auto r =
      pages.get("/plain/?q=tom%C3%A1s+b&lang=ES&source=-AP&from=2019&to=&author=&sort=oldest&expand=off&ui=fr");
  EXPECT_EQ(r.status, 200U);
  EXPECT_EQ(seen.q, "tomás b");
  EXPECT_THAT(seen.wanted.languages, ElementsAre("es"));
  EXPECT_THAT(seen.excluded.sources, ElementsAre("AP"));
  EXPECT_TRUE(seen.wanted.authors.empty()) << "a field that was left empty is none";
  EXPECT_EQ(seen.sort, search::sort_order::oldest);
  EXPECT_FALSE(seen.expand);
  EXPECT_EQ(seen.limit, 20U);
  EXPECT_EQ(seen.snippets, 2U);
  EXPECT_THAT(seen.facets, ElementsAre("author", "collection", "lang", "source"));
  EXPECT_EQ(seen.timeline, search::timeline_unit::year);
  pages.get("/plain/?q=a&facets=tag.country&timeline=week&limit=5");
  EXPECT_THAT(seen.facets, ElementsAre("tag.country"));
  EXPECT_EQ(seen.timeline, search::timeline_unit::week);
  EXPECT_EQ(seen.limit, 5U);
  pages.get("/plain/");
  EXPECT_EQ(seen.limit, 0U) << "the start page has no hits";
}

TEST(results_page, the_timeline_is_as_fine_as_its_range_is_short) {
  struct row {
    std::string_view dates;
    search::timeline_unit unit;
  };
  using enum search::timeline_unit;
  constexpr row k_rows[] = {
      {"", year},
      {"&from=2019", year},
      {"&from=2019&to=2021", month},
      {"&from=2019&to=2022", year},
      {"&from=2019-06&to=2019-06", day},
      {"&from=2019-06&to=2019-07", month},
      {"&from=2019-06-03&to=2019-06-09", day},
  };
  for (const auto& row : k_rows) {
    const auto parsed = parse_page("q=a" + std::string(row.dates), page_settings({}));
    EXPECT_EQ(for_results(std::get<page_request>(parsed).search).timeline, row.unit) << row.dates;
  }
}

TEST(results_page, shows_hits_with_their_marks_languages_and_directions) {
  pages_under_test pages;
  pages.api.scripted.search = [](const search::request&) { return result<search::answer>(some_answer(41)); };
  const auto r = pages.get("/plain/?q=camps&from=2019");
  EXPECT_TRUE(has(r,
                  "<h2 lang=\"ar\" dir=\"auto\"><a href=\"/plain/articles/a%2F1?q=camps&amp;from=2019\">On "
                  "<mark>camps</mark></a></h2>"));
  EXPECT_TRUE(has(r, "<p class=\"snippet\" lang=\"ar\" dir=\"auto\">… the <mark>camps</mark></p>"));
  EXPECT_TRUE(has(r,
                  "<time class=\"when\" datetime=\"2019-06\">Jun 2019</time> <bdi class=\"outlet\">AP</bdi> <bdi "
                  "class=\"tongue\">Arabic</bdi>"));
  EXPECT_TRUE(has(r, "41 articles for “<bdi>camps</bdi>”"));
  EXPECT_TRUE(has(r, "Page 1 of 3"));
  EXPECT_TRUE(has(r, "href=\"/api/v1/search.csv?q=camps&amp;from=2019\""));
  EXPECT_TRUE(has(r, "href=\"/api/v1/search.atom?q=camps&amp;from=2019\""));
  EXPECT_TRUE(has(r, "9 articles, as of 2 Jan 2026, 03:04 UTC"));
}

TEST(results_page, counts_say_when_they_are_estimates) {
  pages_under_test pages;
  auto a = some_answer(2000);
  a.total_exact = false;
  a.facets = {{"source", {{"AP", 1500, false, false}, {"NK", 500, false, false}}, false}};
  a.timeline = search::timeline{.unit = search::timeline_unit::year,
                                .buckets = {{"2019", 7, 9}},
                                .less_precise = 0,
                                .undated = 1,
                                .exact = false};
  pages.api.scripted.search = [&a](const search::request&) { return result<search::answer>(a); };
  const auto r = pages.get("/plain/?q=a");
  EXPECT_TRUE(has(r, "About 2,000 articles for"));
  EXPECT_TRUE(has(r, "Page 1 of about 100"));
  EXPECT_TRUE(has(r, "≈ 1,500"));
  EXPECT_TRUE(has(r, "≈ 7"));
  EXPECT_TRUE(has(r, "1 article has no date."));
}

TEST(results_page, facets_add_take_off_and_exclude) {
  pages_under_test pages;
  auto a = some_answer(3);
  a.facets = {{"lang", {{"en", 2, true, false}, {"ar", 1, false, false}}, true},
              {"source", {{"A & B", 2, false, true}, {"-C", 1, false, false}}, true}};
  pages.api.scripted.search = [&a](const search::request&) { return result<search::answer>(a); };
  const auto r = pages.get("/plain/?q=x&lang=en&source=-A+%26+B&offset=20");
  const auto links = parsed_page(r.bytes()).values_of("href");
  const std::string both = "/plain/?q=x&source=-A%20%26%20B&lang=en";
  EXPECT_THAT(links, Contains("/plain/?q=x&source=-A%20%26%20B")) << "takes English off, from the first page on";
  EXPECT_THAT(links, Contains(both + "&lang=ar"));
  EXPECT_THAT(links, Contains(both + "&lang=-ar"));
  EXPECT_THAT(links, Contains("/plain/?q=x&lang=en"));
  EXPECT_THAT(links, Contains("/plain/?q=x&source=%5C-C&source=-A%20%26%20B&lang=en"));
  EXPECT_THAT(links, Contains("/plain/?q=x")) << "takes all off";
  EXPECT_TRUE(has(r, "aria-label=\"Remove filter: Outlet not A &amp; B\""));
  EXPECT_TRUE(has(r, "<input type=\"hidden\" name=\"source\" value=\"-A &amp; B\">"));
  EXPECT_FALSE(has(r, "name=\"offset\"")) << "a new query begins on its first page";
}

TEST(results_page, times_lead_to_their_articles) {
  pages_under_test pages;
  struct row {
    search::timeline_unit unit;
    std::string date, link, name;
  };
  const row rows[] = {
      {search::timeline_unit::year, "2019", "/plain/?q=x&from=2019&to=2019", "2019"},
      {search::timeline_unit::month, "2019-06", "/plain/?q=x&from=2019-06&to=2019-06", "Jun 2019"},
      {search::timeline_unit::day, "2019-06-13", "/plain/?q=x&from=2019-06-13&to=2019-06-13", "13 Jun 2019"},
      {search::timeline_unit::week, "2019-12-30", "/plain/?q=x&from=2019-12-30&to=2020-01-05",
       "30 Dec 2019 – 5 Jan 2020"},
  };
  for (const auto& row : rows) {
    pages.api.scripted.search = [&row](const search::request&) {
      auto a = some_answer(3);
      a.timeline = search::timeline{.unit = row.unit, .buckets = {{row.date, 3, 9}, {"2021", 0, 5}}};
      return result<search::answer>(a);
    };
    const parsed_page page(pages.get("/plain/?q=x&facets=year&limit=3").bytes());
    EXPECT_THAT(page.values_of("href"), Contains(row.link + "&facets=year&limit=3")) << row.date;
    EXPECT_THAT(page.texts_of("th"), Contains(row.name));
    EXPECT_THAT(page.texts_of("th"), Not(Contains("2021"))) << "nothing to go to";
  }
}

TEST(results_page, notes_say_how_the_query_was_taken_and_how_to_change_that) {
  pages_under_test pages;
  auto a = some_answer(3);
  a.did_you_mean = "quintana & co";
  a.widened = true;
  a.expanded = {"DPRK", "북한"};
  a.ignored = {"the", "of"};
  a.understood = "quitana AND (a OR b)";
  a.warnings = {{7, "unbalanced_quote", "This quotation mark has no partner; ignored."}};
  pages.api.scripted.search = [&a](const search::request&) { return result<search::answer>(a); };
  const auto r = pages.get("/plain/?q=quitana");
  const parsed_page page(r.bytes());
  const auto links = page.values_of("href");
  EXPECT_THAT(links, Contains("/plain/?q=quintana%20%26%20co"));
  EXPECT_THAT(links, Contains("/plain/?q=quitana&sort=newest"));
  EXPECT_THAT(links, Contains("/plain/?q=quitana&expand=off"));
  EXPECT_THAT(links, Contains("/plain/?q=quitana%20%22the%22%20%22of%22"));
  EXPECT_THAT(page.text, HasSubstr("Did you mean quintana & co?"));
  EXPECT_THAT(page.text, HasSubstr("Also searched: DPRK, 북한."));
  EXPECT_THAT(page.text, HasSubstr("At character 7: This quotation mark has no partner; it was ignored."));
  const parsed_page russian(pages.get("/plain/?q=quitana&ui=ru").bytes());
  EXPECT_THAT(russian.text, HasSubstr("У этой кавычки нет пары; она не учтена."));
  EXPECT_THAT(russian.text, Not(HasSubstr("quotation mark")));
  a.warnings[0].code = "not_known_yet";
  const auto unknown = pages.get("/plain/?q=quitana&ui=ru");
  EXPECT_TRUE(has(unknown, "<span lang=\"en\" dir=\"auto\">This quotation mark has no partner; ignored.</span>"));
  EXPECT_THAT(page.text, HasSubstr("Read as quitana AND (a OR b)"));
}

TEST(results_page, notes_tell_the_numbers_and_words_of_a_warning) {
  pages_under_test pages;
  auto a = some_answer(3);
  const auto shown = [&](search::warning w, const std::string& ui) {
    a.warnings = {std::move(w)};
    pages.api.scripted.search = [&a](const search::request&) { return result<search::answer>(a); };
    return pages.get("/plain/?q=x&ui=" + ui);
  };
  const auto says = [&](search::warning w, const std::string& ui) {
    return parsed_page(shown(std::move(w), ui).bytes()).text;
  };
  EXPECT_THAT(says({1, "wildcard_too_short", "m", {{"n", 3U}}}, "en"), HasSubstr("At least 3 letters must stand"));
  EXPECT_THAT(says({1, "wildcard_too_short", "m", {{"n", 1U}}}, "en"), HasSubstr("At least 1 letter must stand"));
  // Numbers as the language writes them, in the form that its plural has for them.
  EXPECT_THAT(says({1, "ill_formed_utf8", "m", {{"n", 1U}}}, "ru"), HasSubstr("1 байт — не UTF-8; он"));
  EXPECT_THAT(says({1, "ill_formed_utf8", "m", {{"n", 2002U}}}, "ru"),
              HasSubstr("2\u00a0002 байта — не UTF-8; каждый"));
  EXPECT_THAT(says({1, "ill_formed_utf8", "m", {{"n", 2U}}}, "ar"), HasSubstr("بايتان ليسا"));
  EXPECT_THAT(says({1, "near_distance", "m", {{"most", 50U}, {"taken", 7U}}}, "es"),
              HasSubstr("de 1 a 50: se ha usado 7."));
  // A word keeps to itself, from whatever side it runs, and cannot leave its place.
  const auto field = shown({1, "unknown_field", "m", {{"name", "ville\u2066<b>"}}}, "ar");
  EXPECT_TRUE(has(field, "<code dir=\"auto\">ville\u2066&lt;b&gt;\u2069</code>")) << field.bytes();
  // What a newer sentence would tell and an answer does not have is left out.
  EXPECT_THAT(says({1, "unknown_field", "m"}, "en"), HasSubstr("There is no field  (title"));
}

TEST(results_page, pages_go_on_and_back) {
  pages_under_test pages;
  pages.api.scripted.search = [](const search::request& r) {
    auto a = some_answer(100'000);
    const std::size_t hits = r.offset == 60 ? 7 : r.limit;
    while (a.hits.size() < hits) a.hits.push_back(a.hits.front());
    search::cursor c;
    c.request = search::fingerprint_of(r);
    c.order = r.sort;
    c.position = 20;
    a.next = c;
    return result<search::answer>(a);
  };
  auto links = parsed_page(pages.get("/plain/?q=x&offset=40").bytes()).values_of("href");
  EXPECT_THAT(links, Contains("/plain/?q=x&offset=20"));
  EXPECT_THAT(links, Contains("/plain/?q=x&offset=60"));
  links = parsed_page(pages.get("/plain/?q=x&offset=20").bytes()).values_of("href");
  EXPECT_THAT(links, Contains("/plain/?q=x"));
  // As deep as offsets go, a cursor leads on.
  links = parsed_page(pages.get("/plain/?q=x&offset=9980").bytes()).values_of("href");
  const auto on = std::ranges::find_if(links, [](const auto& l) { return l.starts_with("/plain/?q=x&cursor="); });
  ASSERT_NE(on, links.end());
  links = parsed_page(pages.get(*on).bytes()).values_of("href");
  EXPECT_THAT(links, Contains("/plain/?q=x"));
  // So it does from a page that is short though more is behind it: an offset would pass over what comes next, or end.
  links = parsed_page(pages.get("/plain/?q=x&offset=60").bytes()).values_of("href");
  EXPECT_THAT(links, Contains(StartsWith("/plain/?q=x&cursor=")));
  EXPECT_THAT(links, Not(Contains("/plain/?q=x&offset=80")));
}

TEST(results_page, is_cached_revalidated_and_apart_for_each_language) {
  pages_under_test pages;
  std::atomic<int> searches = 0;
  api::result_cache results(1 << 20);
  pages.api.wiring().results = &results;
  pages.api.scripted.search = [&searches](const search::request&) {
    ++searches;
    return result<search::answer>(some_answer(1));
  };
  const auto english = pages.get("/plain/?q=x");
  EXPECT_EQ(english.fields[bhttp::field::content_type], "text/html; charset=utf-8");
  EXPECT_EQ(english.fields[bhttp::field::content_language], "en");
  EXPECT_EQ(english.fields[bhttp::field::vary], "Accept-Encoding, Accept-Language");
  EXPECT_EQ(english.fields[bhttp::field::cache_control], "private, no-cache");
  EXPECT_EQ(pages.get("/plain/?q=x").bytes(), english.bytes());
  EXPECT_EQ(searches, 1);
  const auto french = pages.get("/plain/?q=x", "fr");
  EXPECT_EQ(french.fields[bhttp::field::content_language], "fr");
  EXPECT_TRUE(has(french, "<html lang=\"fr\" dir=\"ltr\">"));
  const auto chosen = pages.get("/plain/?q=x&ui=fr");
  EXPECT_TRUE(has(chosen, "/plain/articles/a%2F1?q=x&amp;ui=fr")) << "the choice is carried on";
  EXPECT_FALSE(has(french, "a%2F1?q=x&amp;ui=fr"));
  const std::string etag(english.fields[bhttp::field::etag]);
  EXPECT_NE(etag, french.fields[bhttp::field::etag]);
  EXPECT_NE(french.fields[bhttp::field::etag], chosen.fields[bhttp::field::etag]);
  const auto again = pages.get("/plain/?q=x", {}, etag);
  EXPECT_EQ(again.status, 304U);
  EXPECT_TRUE(again.bytes().empty());
  EXPECT_THAT(std::string(again.fields["Content-Security-Policy"]), Not(HasSubstr("script-src")));
  EXPECT_EQ(pages.get("/plain/?q=x", "fr", etag).status, 200U);
}

TEST(results_page, addresses_begin_as_the_client_sees_them) {
  pages_under_test pages;
  pages.api.from.prefix = "/archive";
  pages.api.scripted.search = [](const search::request&) { return result<search::answer>(some_answer(100)); };
  for (const std::string target :
       {"/plain/?q=x&lang=en", "/plain/", "/plain/help", "/plain/articles/a", "/plain/?page=1"}) {
    const parsed_page page(pages.get(target).bytes());
    for (const auto* attribute : {"href", "action"}) {
      for (const auto& address : page.values_of(attribute)) {
        EXPECT_TRUE(address.starts_with("/archive/") || address.starts_with('#')) << target << ' ' << address;
      }
    }
  }
  EXPECT_EQ(pages.get("/plain?q=x").fields[bhttp::field::location], "/archive/plain/?q=x");
}

TEST(results_page, is_strict) {
  pages_under_test pages;
  const auto r = pages.get("/plain/?q=x");
  EXPECT_EQ(r.fields["Content-Security-Policy"],
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
            "frame-ancestors 'none'");
  EXPECT_EQ(r.fields["Referrer-Policy"], "no-referrer");
  EXPECT_EQ(r.fields["X-Content-Type-Options"], "nosniff");
}

// Every string that comes from elsewhere, in every place where it can come from.
TEST(results_page, what_articles_and_readers_contribute_stays_text) {
  pages_under_test pages;
  const auto bad = api::test::hostile_article();
  const std::string markup = "\"'><img src=x onerror=alert(1)><script>alert(1)</script>{{{q}}}<!-- \xFF \u202E";
  pages.api.scripted.search = [&](const search::request& r) {
    search::answer a = some_answer(1);
    a.hits[0].fields = bad;
    a.hits[0].fields.language = "en\" onclick=\"alert(1)";
    a.hits[0].title = {{bad.title, false, false}, {markup, true, false}};
    a.hits[0].snippets = {{{markup, true, false}, {bad.text.substr(0, 100), false, false}}};
    a.did_you_mean = markup;
    a.understood = markup + " OR x";
    a.expanded = {markup};
    a.ignored = {markup};
    a.warnings = {{1, markup, markup}};
    for (const auto& f : r.facets) a.facets.push_back({f, {{markup, 2, false, false}, {"b", 1, true, false}}, true});
    a.timeline = search::timeline{.unit = search::timeline_unit::year, .buckets = {{"2019", 1, 1}}};
    return result<search::answer>(a);
  };
  std::string target = "/plain/?q=";
  for (const auto* name : {"", "&source=", "&author=-", "&collection=", "&tag.x="}) {
    target += name;
    // Filters have to be UTF-8.
    http::percent_encode(target, *name == '\0' ? std::string_view(markup) : std::string_view(markup).substr(0, 60));
  }
  for (const auto* ui : {"", "&ui=ar"}) {
    const auto r = pages.get(target + ui);
    ASSERT_EQ(r.status, 200U) << r.bytes();
    const parsed_page page(r.bytes());
    EXPECT_THAT(page.dangers(), IsEmpty());
    EXPECT_THAT(page.text, HasSubstr("<script>alert(1)</script>{{{q}}}"));
    EXPECT_EQ(r.bytes().find('\0'), std::string_view::npos);
  }
}

TEST(results_page, has_a_word_for_everything_in_every_language) {
  pages_under_test pages;
  auto a = some_answer(100);
  a.did_you_mean = "b";
  a.widened = true;
  a.expanded = {"c"};
  a.ignored = {"d"};
  a.understood = "(e)";
  a.warnings = {{1, "w", "w"}};
  a.facets = {{"source", std::vector<search::facet_value>(40, {"AP", 2, false, false}), false},
              {"lang", {{"en", 1, false, true}}, true},
              {"author", {{"x", 1, true, false}}, true},
              {"collection", {{"x", 1, true, false}}, true}};
  a.timeline = search::timeline{
      .unit = search::timeline_unit::year, .buckets = {}, .less_precise = 3, .undated = 5, .exact = false};
  for (int y = 1950; y < 2020; ++y) a.timeline->buckets.push_back({std::to_string(y), 1, 1});
  const auto nothing = [] {
    auto n = some_answer(0);
    n.hits.clear();
    return n;
  }();
  auto beyond = nothing;
  beyond.total = 5;
  auto about = a;
  about.total_exact = false;
  for (const auto& l : pages.set->languages()) {
    const auto ui = "ui=" + l.words->language();
    for (const search::answer* answer : {&std::as_const(a), &std::as_const(about), &nothing, &std::as_const(beyond)}) {
      pages.api.scripted.search = [answer](const search::request&) { return result<search::answer>(*answer); };
      for (const std::string target :
           {"/plain/?", "/plain/?q=x&lang=en&lang=-fr&from=2019&to=2020&expand=off&offset=20&", "/plain/?sort=newest&",
            "/plain/help?", "/plain/articles/a?q=x&", "/plain/?page=2&"}) {
        const auto r = pages.get(target + ui);
        const parsed_page page(r.bytes());
        EXPECT_FALSE(has(r, "⟨")) << target << ui;
        EXPECT_FALSE(has(r, "{")) << target << ui << r.bytes().substr(r.bytes().find('{'), 60);
        EXPECT_THAT(page.values_of("lang"), Contains(l.words->language()));
        EXPECT_EQ(page.values_of("dir").front(), l.words->language() == "ar" ? "rtl" : "ltr");
        EXPECT_THAT(page.dangers(), IsEmpty()) << target;
      }
    }
  }
}

TEST(results_page, without_pages_there_is_nothing_at_their_addresses) {
  pages_under_test pages;
  pages.set = nullptr;
  for (const auto* target : {"/plain", "/plain/", "/plain/help", "/plain/articles/a"}) {
    const auto r = pages.get(target);
    EXPECT_EQ(r.status, 404U) << target;
    EXPECT_EQ(api::test::code(r), "not_found");
  }
}

}  // namespace
}  // namespace rapporteur::pages
