// What a request may ask beside its query, over small archives: cursors while the index changes, samples, timelines.
#include "server/search/cursor.hpp"
#include "tests/server/search/small_archive.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace rapporteur::search {
namespace {

article dated(const std::string& id, const std::string& date, const std::string& text = "camps") {
  article a = make_article(id, "Title of " + id, text);
  if (!date.empty()) a.published = partial_date::parse(date).value();
  return a;
}

std::vector<article> many(std::size_t count, const std::string& date, const std::string& prefix = "n-") {
  std::vector<article> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(dated(prefix + std::to_string(i), date));
  return out;
}

// Walks through q's list, calling between before each page but the first. Every id in order.
template <class F>
std::vector<std::string> walk(searcher& s, request r, F between) {
  std::vector<std::string> out;
  for (int page = 0; page < 1000; ++page) {
    const answer a = answer_to(s, r);
    for (const std::string& id : ids(a)) out.push_back(id);
    if (!a.next) return out;
    r.after = a.next;
    between(page);
  }
  ADD_FAILURE() << "the list does not end";
  return out;
}

TEST(cursors, by_date_stay_good_while_the_index_changes) {
  for (const sort_order sort : {sort_order::newest, sort_order::oldest}) {
    const small_archive archive(many(40, "2019-06-13"));
    archive.write(many(25, "2019", "y-"));
    archive.write(many(25, "", "u-"));
    searcher s = archive.open();
    request r;
    r.q = "camps";
    r.sort = sort;
    r.limit = 4;
    std::set<std::string> changed;
    const auto walked = walk(s, r, [&](int page) {
      // One comes, one goes, one gets another date; once all is built anew, in another order.
      const std::string n = std::to_string(page);
      archive.write({dated("new-" + n, page % 2 ? "2019-06-13" : ""), dated("n-" + n, "2018")},
                    {"u-" + std::to_string(24 - page)});
      changed.insert({"new-" + n, "n-" + n, "u-" + std::to_string(24 - page)});
      if (page == 3) archive.write({}, {"new-0"});
      ASSERT_TRUE(s.state());
    });
    std::multiset<std::string> seen(walked.begin(), walked.end());
    for (const auto& a : {many(40, "2019-06-13"), many(25, "2019", "y-"), many(25, "", "u-")}) {
      for (const article& x : a) {
        if (changed.count(x.id) == 0) {
          EXPECT_EQ(seen.count(x.id), 1U) << x.id;
        }
      }
    }
  }
}

TEST(cursors, by_date_stay_good_when_the_index_is_built_anew) {
  auto articles = many(60, "2019-06-13");
  const small_archive archive(articles);
  searcher s = archive.open();
  request r;
  r.sort = sort_order::newest;
  r.limit = 7;
  const auto expected = walk(s, r, [](int) {});
  EXPECT_EQ(expected.size(), 60U);
  const auto walked = walk(s, r, [&](int page) {
    if (page % 3 != 0) return;
    std::rotate(articles.begin(), articles.begin() + 17, articles.end());
    archive.write(articles, {}, index::writer::mode::rebuild);
  });
  EXPECT_EQ(walked, expected);
}

TEST(cursors, by_relevance_end_with_the_state_that_they_rank) {
  const small_archive archive(many(30, "2019"));
  searcher s = archive.open();
  request r;
  r.q = "camps";
  const auto first = answer_to(s, r);
  ASSERT_TRUE(first.next);
  r.after = first.next;
  EXPECT_EQ(ids(answer_to(s, r)).size(), 10U);
  archive.write({dated("one-more", "2020")});
  searcher later = archive.open();
  EXPECT_EQ(later.search(r).error().code, errc::cursor_expired);
}

// For feeds: what is new to the archive is first, however old it is.
TEST(the_order_of_adding, has_what_came_last_first) {
  const small_archive archive({dated("first", "2020-01-01"), dated("other", "2021-01-01", "tents")});
  archive.write({dated("second", "2022-01-01")});
  archive.write({dated("third", "1990-01-01")});
  archive.write({dated("first", "2024-01-01", "camps again"), dated("fourth", "")});
  searcher s = archive.open();
  request r;
  r.q = "camps";
  r.sort = sort_order::added;
  EXPECT_EQ(ids(answer_to(s, r)), (std::vector<std::string>{"fourth", "third", "second", "first"}));
  EXPECT_EQ(answer_to(s, r).total, 4U);
  r.q = "=\"camps\"";
  EXPECT_EQ(ids(answer_to(s, r)), (std::vector<std::string>{"fourth", "third", "second", "first"}));
  r.q = "";
  r.offset = 1;
  r.limit = 2;
  EXPECT_EQ(ids(answer_to(s, r)), (std::vector<std::string>{"third", "second"}));
}

TEST(the_order_of_adding, is_walked_through_by_cursor_until_the_index_changes) {
  const small_archive archive;
  std::vector<std::string> expected;
  for (int i = 0; i < 23; ++i) {
    archive.write({dated("n-" + std::to_string(i), i % 3 == 0 ? "" : "2019-06-13")});
    expected.insert(expected.begin(), "n-" + std::to_string(i));
  }
  searcher s = archive.open();
  request r;
  r.q = "camps";
  r.sort = sort_order::added;
  r.limit = 4;
  EXPECT_EQ(walk(s, r, [](int) {}), expected);
  r.after = answer_to(s, r).next;
  ASSERT_TRUE(r.after);
  EXPECT_EQ(parse_cursor(to_string(*r.after)).value(), *r.after);
  archive.write({dated("late", "2019")});
  const auto refused = s.search(r);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::cursor_expired);
}

TEST(cursors, of_another_request_are_refused) {
  const small_archive archive(many(30, "2019"));
  searcher s = archive.open();
  request r;
  r.q = "camps";
  r.sort = sort_order::newest;
  r.after = answer_to(s, r).next;
  ASSERT_TRUE(r.after);
  request other = r;
  other.q = "camp";
  EXPECT_EQ(s.search(other).error().code, errc::bad_cursor);
  other = r;
  other.offset = 1;
  EXPECT_EQ(s.search(other).error().code, errc::bad_cursor);
  // Of the right request, but of an order that it does not have.
  other = r;
  other.after->order = sort_order::oldest;
  EXPECT_EQ(s.search(other).error().code, errc::bad_cursor);
  other.limit = 3;
  other.after = r.after;
  EXPECT_EQ(answer_to(s, other).hits.size(), 3U);
}

TEST(a_list_without_a_ranking, is_that_of_the_newest) {
  const small_archive archive(
      {dated("old", "2001"), dated("new", "2020-05-01"), dated("none", ""), dated("mid", "2010")});
  searcher s = archive.open();
  request r;
  for (const char* q : {"", "*", "-nothing", "lang:en"}) {
    r.q = q;
    EXPECT_EQ(ids(answer_to(s, r)), (std::vector<std::string>{"new", "mid", "old", "none"})) << q;
  }
}

TEST(exact_characters, are_paged_through_to_the_end_however_few_candidates_hold_them) {
  // More candidates than are read for one page, and hits far apart among them.
  std::vector<article> articles;
  for (int i = 0; i < 2600; ++i) {
    articles.push_back(
        dated("c-" + std::to_string(i), i % 3 ? "2019" : "", i % 400 == 7 ? "the Camps here" : "the camps here"));
  }
  const small_archive archive(articles);
  searcher s = archive.open();
  for (const sort_order sort : {sort_order::relevance, sort_order::newest}) {
    request r;
    r.q = "=\"Camps\"";
    r.sort = sort;
    r.limit = 2;
    const answer a = answer_to(s, r);
    EXPECT_FALSE(a.total_exact);
    auto walked = walk(s, r, [](int) {});
    std::sort(walked.begin(), walked.end());
    EXPECT_EQ(walked, (std::vector<std::string>{"c-1207", "c-1607", "c-2007", "c-2407", "c-407", "c-7", "c-807"}));
  }
}

// Such a page once said that the list had ended.
TEST(exact_characters, an_offset_beyond_what_is_read_for_a_page_is_not_the_end_of_the_list) {
  const small_archive archive(many(1200, "2019"));
  searcher s = archive.open();
  for (const sort_order sort : {sort_order::relevance, sort_order::newest, sort_order::added}) {
    request r;
    r.q = "=\"camps\"";
    r.sort = sort;
    r.limit = 10;
    r.offset = 1100;
    const answer a = answer_to(s, r);
    EXPECT_TRUE(a.hits.empty());
    ASSERT_TRUE(a.next);
    r.offset = 0;
    r.after = a.next;
    r.limit = 100;
    EXPECT_EQ(walk(s, r, [](int) {}).size(), 200U);
  }
}

TEST(facets, of_more_articles_than_allowed_are_told_to_be_estimates) {
  std::vector<article> articles = many(3000, "2019-06-13");
  for (std::size_t i = 0; i < articles.size(); ++i) articles[i].source = i % 4 ? "Ostmere Wire" : "Sample Courier";
  articles.push_back(dated("other", "2018"));  // what finds every article is counted without being collected
  const small_archive archive(articles);
  limits l;
  l.max_facet_articles = 1000;
  searcher s = archive.open({}, l);
  request r;
  r.q = "title:title -nothing";
  r.limit = 0;
  r.wanted.languages = {"en"};
  r.excluded.sources = {"nobody"};
  r.from = partial_date::parse("2019").value();
  r.facets = {"source"};
  r.timeline = timeline_unit::month;
  const answer sampled = answer_to(s, r);
  ASSERT_EQ(sampled.facets.size(), 1U);
  EXPECT_FALSE(sampled.facets[0].exact);
  ASSERT_GE(sampled.facets[0].values.size(), 2U);
  EXPECT_EQ(sampled.facets[0].values[0].value, "Ostmere Wire");
  EXPECT_NEAR(static_cast<double>(sampled.facets[0].values[0].count), 2250, 350);
  EXPECT_NEAR(static_cast<double>(sampled.facets[0].values[1].count), 750, 200);
  EXPECT_FALSE(sampled.timeline->exact);
  l.max_facet_articles = 3000;
  searcher exact = archive.open({}, l);
  const answer counted = answer_to(exact, r);
  EXPECT_TRUE(counted.facets[0].exact);
  EXPECT_EQ(counted.facets[0].values[0].count, 2250U);
  EXPECT_EQ(counted.facets[0].values[1].count, 750U);
  EXPECT_TRUE(counted.timeline->exact);
}

// A share of more than all was once told where what was found was sampled, and what there is was not or was otherwise.
TEST(timelines, of_a_sample_find_no_more_than_there_is) {
  std::vector<article> articles;
  for (int i = 0; i < 3000; ++i) {
    articles.push_back(dated("n-" + std::to_string(i), std::to_string(1900 + i % 100), i % 60 == 0 ? "none" : "camps"));
    articles.back().source = i % 50 == 0 ? "Sample Courier" : "Ostmere Wire";
  }
  const small_archive archive(articles);
  limits l;
  l.max_facet_articles = 1000;
  searcher s = archive.open({}, l);
  for (const bool all : {true, false}) {
    request r;
    r.q = "camps";
    r.limit = 0;
    r.timeline = timeline_unit::year;
    if (!all) r.wanted.sources = {"Ostmere Wire"};
    const answer a = answer_to(s, r);
    EXPECT_FALSE(a.timeline->exact);
    std::uint64_t found = 0;
    for (const auto& b : a.timeline->buckets) {
      EXPECT_LE(b.count, b.of) << b.date;
      // All there is needs no estimate.
      if (all) {
        EXPECT_EQ(b.of, 30U) << b.date;
      }
      found += b.count;
    }
    EXPECT_GT(found, 1000U);
  }
}

// A name without letters was once listed and then found nothing.
TEST(facets, list_no_value_that_its_filter_does_not_find) {
  std::vector<article> articles = many(4, "2019");
  articles[0].authors = {"***"};
  articles[0].source = "!!!";
  articles[1].authors = {"👍", "Jane Doe"};
  articles[1].tags = {{"mood", {"…"}}};
  articles[2].authors = {"山田 太郎"};
  articles[2].collection = "#";
  const small_archive archive(articles);
  searcher s = archive.open();
  request r;
  r.facets = {"author", "collection", "source", "tag.mood"};
  const answer all = answer_to(s, r);
  std::size_t listed = 0;
  for (const facet& f : all.facets) {
    for (const auto& v : f.values) {
      ++listed;
      const auto with = [&](field_values& to) {
        if (f.name == "author") to.authors = {v.value};
        if (f.name == "collection") to.collections = {v.value};
        if (f.name == "source") to.sources = {v.value};
        if (f.name == "tag.mood") to.tags = {{"mood", {v.value}}};
      };
      request wanted;
      with(wanted.wanted);
      EXPECT_EQ(answer_to(s, wanted).total, v.count) << f.name << v.value;
      request excluded;
      with(excluded.excluded);
      EXPECT_EQ(answer_to(s, excluded).total, 4 - v.count) << f.name << v.value;
    }
  }
  EXPECT_EQ(listed, 7U);
}

// Where every article was a candidate, all of them were once counted.
TEST(facets, count_only_what_holds_the_exact_characters) {
  std::vector<article> articles = many(5, "2019");
  articles[3].text = "Camps";
  const small_archive archive(articles);
  searcher s = archive.open();
  request r;
  r.q = "=\"Camps\"";
  r.facets = {"year"};
  const answer a = answer_to(s, r);
  EXPECT_EQ(a.total, 1U);
  EXPECT_EQ(a.facets.at(0).values, (std::vector<facet_value>{{"2019", 1, false, false}}));
  EXPECT_TRUE(a.facets.at(0).exact);
}

// A name of one word is a word of longer names too.
TEST(facets, tell_an_author_of_one_word_from_a_word_of_longer_names) {
  std::vector<article> articles = many(600, "");
  for (std::size_t i = 0; i < articles.size(); ++i) {
    articles[i].authors = {i < 250 ? "Ostmere" : i < 500 ? "Ann Ostmere" : "Jane Doe"};
  }
  articles[300].authors = {"Ann Ostmere", "Ostmere"};
  const small_archive archive(articles);
  searcher s = archive.open();
  request r;
  r.limit = 0;
  r.facets = {"author"};
  const facet f = answer_to(s, r).facets.at(0);
  EXPECT_FALSE(f.exact);  // articles with both are not told from those with the longer one
  ASSERT_EQ(f.values.size(), 3U);
  EXPECT_EQ(f.values[0], (facet_value{"Ann Ostmere", 250, false, false}));
  EXPECT_EQ(f.values[1].value, "Ostmere");
  EXPECT_EQ(f.values[1].count, 250U);
  EXPECT_EQ(f.values[2], (facet_value{"Jane Doe", 100, false, false}));
}

TEST(timelines, have_few_enough_buckets_and_none_for_what_is_less_precise) {
  const small_archive archive({dated("a", "1950-01-01"), dated("b", "2019-06-13"), dated("c", "2019-06"),
                               dated("d", "2019"), dated("e", ""), dated("f", "2019-06-16"), dated("g", "2019-06-17")});
  searcher s = archive.open();
  request r;
  r.limit = 0;
  r.timeline = timeline_unit::day;
  const timeline all = *answer_to(s, r).timeline;
  EXPECT_EQ(all.unit, timeline_unit::month);  // days and weeks would be more than 1000
  EXPECT_EQ(all.buckets.size(), 70U * 12 - 6);
  EXPECT_EQ(all.buckets.front().date, "1950-01");
  EXPECT_EQ(all.buckets.back().date, "2019-06");
  EXPECT_EQ(all.buckets.back().count, 4U);
  EXPECT_EQ(all.less_precise, 1U);
  EXPECT_EQ(all.undated, 1U);
  r.timeline = timeline_unit::week;
  r.from = partial_date::parse("2019-06-10").value();
  r.to = partial_date::parse("2019-06-30").value();
  const timeline weeks = *answer_to(s, r).timeline;
  ASSERT_EQ(weeks.buckets.size(), 3U);
  EXPECT_EQ(weeks.buckets[0], (timeline::bucket{"2019-06-10", 2, 2}));  // a Monday; the 16th is its Sunday
  EXPECT_EQ(weeks.buckets[1], (timeline::bucket{"2019-06-17", 1, 1}));
  EXPECT_EQ(weeks.buckets[2], (timeline::bucket{"2019-06-24", 0, 0}));
  // Bounds that no calendar fits into: what there is.
  r.timeline = timeline_unit::year;
  r.from = partial_date::parse("0001").value();
  r.to = partial_date::parse("9999").value();
  EXPECT_EQ(answer_to(s, r).timeline->buckets.size(), 70U);
  r.q = "nothing";
  EXPECT_LE(answer_to(s, r).timeline->buckets.size(), 1000U);
  r.from.reset();
  EXPECT_TRUE(answer_to(s, r).timeline->buckets.empty());
}

// A total that is estimated by itself is known where all that was found was counted.
TEST(facets, make_a_total_exact) {
  std::vector<article> articles = many(3000, "2019");
  for (std::size_t i = 0; i < articles.size(); ++i) {
    articles[i].text = i % 3 == 0 ? "river camps" : i % 3 == 1 ? "river" : "camps";
  }
  const small_archive archive(articles);
  searcher s = archive.open();
  request r;
  r.q = "river OR camps -nothing";
  r.limit = 0;
  r.excluded.tags = {{"a", {"b"}}};
  r.from = partial_date::parse("2019").value();
  r.facets = {"lang"};
  const answer with_facets = answer_to(s, r);
  EXPECT_TRUE(with_facets.total_exact);
  EXPECT_EQ(with_facets.total, 3000U);
  r.facets.clear();
  r.timeline = timeline_unit::year;
  EXPECT_TRUE(answer_to(s, r).total_exact);
}

TEST(timelines, of_an_outlet_are_shares_of_that_outlet) {
  std::vector<article> articles;
  for (int i = 0; i < 40; ++i) {
    article a = dated("x-" + std::to_string(i), i < 20 ? "2018" : "2019", i % 2 ? "camps" : "weather");
    a.source = i % 4 < 2 ? "Ostmere Wire" : "Sample Courier";
    articles.push_back(a);
  }
  const small_archive archive(articles);
  searcher s = archive.open();
  request r;
  r.q = "camps";
  r.limit = 0;
  r.timeline = timeline_unit::automatic;
  const auto buckets = [&] { return answer_to(s, r).timeline->buckets; };
  EXPECT_EQ(buckets(), (std::vector<timeline::bucket>{{"2018", 10, 20}, {"2019", 10, 20}}));
  r.wanted.sources = {"ostmere wire"};
  EXPECT_EQ(buckets(), (std::vector<timeline::bucket>{{"2018", 5, 10}, {"2019", 5, 10}}));
  r.wanted = {};
  r.excluded.sources = {"Sample Courier"};
  EXPECT_EQ(buckets(), (std::vector<timeline::bucket>{{"2018", 5, 10}, {"2019", 5, 10}}));
}

}  // namespace
}  // namespace rapporteur::search
