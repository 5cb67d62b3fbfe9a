// Dates, ids, derived titles and content hashes of articles.
#include "index/article.hpp"

#include "index/unicode.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace rapporteur {
namespace {

struct good_date {
  const char* text;
  const char* printed;
  std::uint32_t packed, first, last;
};

class date_is_read : public testing::TestWithParam<good_date> {};

TEST_P(date_is_read, with_its_precision) {
  const good_date& c = GetParam();
  const auto d = partial_date::parse(c.text);
  ASSERT_TRUE(d.has_value()) << d.error().message;
  EXPECT_EQ(d->to_string(), c.printed);
  EXPECT_EQ(d->packed(), c.packed);
  EXPECT_EQ(d->first_day(), c.first);
  EXPECT_EQ(d->last_day(), c.last);
}

INSTANTIATE_TEST_SUITE_P(article, date_is_read,
                         testing::Values(good_date{"2019", "2019", 20190000, 20190101, 20191231},
                                         good_date{"0001", "0001", 10000, 10101, 11231},
                                         good_date{"9999-12-31", "9999-12-31", 99991231, 99991231, 99991231},
                                         good_date{"2019-06", "2019-06", 20190600, 20190601, 20190630},
                                         good_date{"2019-02", "2019-02", 20190200, 20190201, 20190228},
                                         good_date{"2020-02", "2020-02", 20200200, 20200201, 20200229},
                                         good_date{"1900-02", "1900-02", 19000200, 19000201, 19000228},
                                         good_date{"2000-02", "2000-02", 20000200, 20000201, 20000229},
                                         good_date{"2019-06-13", "2019-06-13", 20190613, 20190613, 20190613},
                                         good_date{"2020-02-29", "2020-02-29", 20200229, 20200229, 20200229},
                                         good_date{"2000-02-29", "2000-02-29", 20000229, 20000229, 20000229},
                                         good_date{"2019-06-13T10:00:00Z", "2019-06-13", 20190613, 20190613, 20190613},
                                         good_date{"2019-06-13t10", "2019-06-13", 20190613, 20190613, 20190613},
                                         good_date{"2019-06-13 23:59:59 +0900", "2019-06-13", 20190613, 20190613,
                                                   20190613}));

class date_is_refused : public testing::TestWithParam<const char*> {};

TEST_P(date_is_refused, as_malformed) {
  const auto d = partial_date::parse(GetParam());
  ASSERT_FALSE(d.has_value()) << d->to_string();
  EXPECT_EQ(d.error().code, errc::malformed);
  EXPECT_NE(d.error().message.find("is not a date"), std::string::npos) << d.error().message;
}

INSTANTIATE_TEST_SUITE_P(article, date_is_refused,
                         testing::Values("", " ", "19", "20190613", "0000", "2019-", "2019-6", "2019-13", "2019-00",
                                         "2019-06-", "2019-06-1", "2019-06-00", "2019-06-31", "2019-02-29",
                                         "1900-02-29", "2019/06/13", "13.6.2019", "2019-06-13T", "2019-06-13 noon",
                                         "2019-06-13x", " 2019", "-2019", "+2019", "2019 ", "20１9", "2019-06T10:00",
                                         "June 2019"));

TEST(article_date, refusal_quotes_whole_characters_only) {
  const auto d = partial_date::parse(std::string(39, 'x') + "가나다");
  ASSERT_FALSE(d.has_value());
  EXPECT_EQ(d.error().message.find('\xEA'), std::string::npos) << d.error().message;
}

TEST(article_date, coarse_dates_order_before_the_finer_ones_inside_them) {
  const auto packed = [](const char* s) { return partial_date::parse(s)->packed(); };
  EXPECT_LT(packed("2018-12-31"), packed("2019"));
  EXPECT_LT(packed("2019"), packed("2019-01"));
  EXPECT_LT(packed("2019-01"), packed("2019-01-01"));
}

TEST(article_date, days_in_month_knows_its_bounds) {
  EXPECT_EQ(days_in_month(2019, 0), 0U);
  EXPECT_EQ(days_in_month(2019, 13), 0U);
  EXPECT_EQ(days_in_month(2019, 4), 30U);
  EXPECT_EQ(days_in_month(2100, 2), 28U);
}

article with_url(const std::string& url) {
  article a;
  a.url = url;
  a.origin.file = "somewhere.txt";
  return a;
}

struct url_pair {
  const char* one;
  const char* other;
  bool same;
};

class url_identity : public testing::TestWithParam<url_pair> {};

TEST_P(url_identity, follows_the_page_not_its_spelling) {
  const url_pair& c = GetParam();
  const std::string one = derive_article_id(with_url(c.one));
  const std::string other = derive_article_id(with_url(c.other));
  EXPECT_EQ(one == other, c.same) << c.one << " / " << c.other;
  EXPECT_EQ(one.substr(0, 2), "u-");
  EXPECT_EQ(one.size(), 34U);
}

INSTANTIATE_TEST_SUITE_P(
    article, url_identity,
    testing::Values(url_pair{"https://news.example/a", "HTTPS://News.EXAMPLE/a", true},
                    url_pair{"https://news.example/a", "https://news.example/A", false},
                    url_pair{"https://news.example/a", "https://news.example/a#part", true},
                    url_pair{"https://news.example/a", "https://news.example:443/a", true},
                    url_pair{"http://news.example:80/a", "http://news.example/a", true},
                    url_pair{"https://news.example:80/a", "https://news.example/a", false},
                    url_pair{"https://news.example:/a", "https://news.example/a", true},
                    url_pair{"https://news.example", "https://news.example/", true},
                    url_pair{"https://news.example?p=1", "https://news.example/?p=1", true},
                    url_pair{"https://news.example/a?utm_source=x&utm_medium=y", "https://news.example/a", true},
                    url_pair{"https://news.example/a?id=7&UTM_Source=x", "https://news.example/a?id=7", true},
                    url_pair{"https://news.example/a?fbclid=z&id=7", "https://news.example/a?id=7", true},
                    url_pair{"https://news.example/a?fbclidx=z", "https://news.example/a", false},
                    url_pair{"https://news.example/a?id=7", "https://news.example/a?id=8", false},
                    url_pair{"https://news.example/a?a=1&b=2", "https://news.example/a?b=2&a=1", false},
                    url_pair{"https://news.example/a?", "https://news.example/a", true},
                    url_pair{"https://news.example/%7ejane", "https://news.example/~jane", true},
                    url_pair{"https://news.example/%c3%a9", "https://news.example/%C3%A9", true},
                    url_pair{"https://news.example/a%2Fb", "https://news.example/a/b", false},
                    url_pair{"https://news.example/100%", "https://news.example/100%25", false},
                    url_pair{"https://me@news.example/a", "https://news.example/a", false},
                    url_pair{"https://[2001:DB8::1]:443/a", "https://[2001:db8::1]/a", true},
                    url_pair{"https://[2001:db8::1]/a", "https://[2001:db8::2]/a", false},
                    url_pair{"http://news.example/a", "https://news.example/a", false}));

TEST(article_id, comes_from_the_path_and_record_where_there_is_no_url) {
  article a;
  a.origin.file = "/archive/one.jsonl";
  article b;
  b.origin.file = "/archive/two.jsonl";
  const std::set<std::string> ids = {derive_article_id(a), derive_article_id(a, 1), derive_article_id(a, 2),
                                     derive_article_id(b), derive_article_id(b, 1)};
  EXPECT_EQ(ids.size(), 5U);
  for (const std::string& id : ids) {
    EXPECT_EQ(id.substr(0, 2), "p-");
    EXPECT_EQ(id.find_first_not_of("0123456789abcdef", 2), std::string::npos) << id;
  }
}

// Ids are kept in indexes and bookmarks: they must never change from one version to the next.
TEST(article_id, is_the_same_in_every_version) {
  EXPECT_EQ(derive_article_id(with_url("https://news.example/a")), "u-5bdc51b65d612b8530f81ecab010776f");
}

struct title_case {
  const char* text;
  std::size_t max_bytes;
  const char* title;
};

class title_is_derived : public testing::TestWithParam<title_case> {};

TEST_P(title_is_derived, from_the_first_sentence_or_line) {
  EXPECT_EQ(derive_title(GetParam().text, GetParam().max_bytes), GetParam().title);
}

INSTANTIATE_TEST_SUITE_P(
    sentences, title_is_derived,
    testing::Values(
        title_case{"", 160, ""}, title_case{" \n\t\r\n ", 160, ""}, title_case{"\u200B\uFEFF\u00AD", 160, ""},
        title_case{"One sentence only", 160, "One sentence only"},
        title_case{"First one. Second one.", 160, "First one."},
        title_case{"  First one.\n\nSecond one.", 160, "First one."},
        title_case{"A headline\n\nThe text begins.", 160, "A headline"},
        title_case{"A headline\r\n\r\nThe text begins.", 160, "A headline"},
        title_case{"A headline\nThe text begins.", 160, "A headline"},
        title_case{"Wrapped lines go\non below. And end.", 160, "Wrapped lines go on below."},
        title_case{"Wrapped by commas,\nHuman Rights Watch said. And on.", 160,
                   "Wrapped by commas, Human Rights Watch said."},
        title_case{"The U.N. independent investigator spoke. He left.", 160,
                   "The U.N. independent investigator spoke."},
        title_case{"Mr. Kim and Dr. Lee met Gen. Park. They left.", 160, "Mr. Kim and Dr. Lee met Gen. Park."},
        title_case{"J. K. Doe spoke in the U.S. Senate on May 17. The end.", 160,
                   "J. K. Doe spoke in the U.S. Senate on May 17."},
        title_case{"1. Introduction to the report. More.", 160, "1. Introduction to the report."},
        title_case{"\"Stop!\" she said. Then she left.", 160, "\"Stop!\" she said."},
        title_case{"“We saw it.” Nobody else did.", 160, "“We saw it.”"},
        title_case{"Version 1.5 of the law passed. Yes.", 160, "Version 1.5 of the law passed."},
        title_case{"He waited… and spoke. Later.", 160, "He waited… and spoke."},
        title_case{"Really?! Nobody knew.", 160, "Really?!"},
        title_case{"- Make it clear. Then send it.", 160, "Make it clear."},
        title_case{"## A heading\n\nText.", 160, "A heading"}, title_case{"• One point. Two.", 160, "One point."},
        title_case{"Too   many\t blanks\u00A0here. End.", 160, "Too many blanks here."},
        title_case{"\u202Bكتب أ. ب. تقريرا.\u202C ثم سافر.", 160, "كتب أ. ب. تقريرا."},
        title_case{"ماذا حدث؟ لا أحد يعرف.", 160, "ماذا حدث؟"},
        title_case{"人権状況は深刻だ。次の文。", 160, "人権状況は深刻だ。"},
        title_case{"「深刻だ。」と述べた。次の文。", 160, "「深刻だ。」"},
        title_case{"यह पहला वाक्य है। दूसरा।", 160, "यह पहला वाक्य है।"}));

INSTANTIATE_TEST_SUITE_P(
    cuts, title_is_derived,
    testing::Values(title_case{"exactly nine", 12, "exactly nine"}, title_case{"one two three four", 13, "one two…"},
                    title_case{"one two, three four", 15, "one two…"},
                    title_case{"well-known cases are many", 16, "well-known…"},
                    title_case{"abcdefghijklmnopqrstuvwxyz", 13, "abcdefghij…"}, title_case{"ééééééééééé", 12, "éééé…"},
                    title_case{"人権状況は深刻だと述べた", 16, "人権状況…"},
                    title_case{"xxxxxe\u0301e\u0301e\u0301", 11, "xxxxxe\u0301…"},
                    title_case{"xxxxxxxe\u0301zzzz", 11, "xxxxxxx…"}, title_case{"abcdef", 3, "abc"},
                    title_case{"가나", 3, "가"}, title_case{"abc", 0, ""}));

TEST(article_title, is_never_longer_than_asked_and_always_whole_characters) {
  const std::string text = "Ünïcödé wörds — «ça», 한국어, ไทยไม่มีช่องว่าง, and e\u0301 more, ending somewhere near here";
  for (std::size_t max = 0; max < text.size() + 5; ++max) {
    const std::string title = derive_title(text, max);
    EXPECT_LE(title.size(), max);
    EXPECT_EQ(index::find_invalid_utf8(title), std::string::npos) << max;
  }
}

TEST(article_title, survives_bytes_that_are_not_utf8) {
  EXPECT_FALSE(derive_title("\xFF\xC3 broken \xE2\x82").empty());
}

article full() {
  article a;
  a.id = "1";
  a.title = "T";
  a.text = "Text";
  a.url = "https://news.example/";
  a.published = partial_date::parse("2019-06-13").value();
  a.updated = partial_date::parse("2019-06-14").value();
  a.source = "S";
  a.authors = {"A", "B"};
  a.language = "en";
  a.collection = "C";
  a.tags = {{"country", {"AFG", "PRK"}}, {"topic", {"law"}}};
  return a;
}

TEST(article_hash, sees_every_stored_field) {
  std::vector<article> all;
  const auto variant = [&](auto change) {
    article a = full();
    change(a);
    all.push_back(std::move(a));
  };
  variant([](article&) {});
  variant([](article& a) { a.id = "2"; });
  variant([](article& a) { a.title = "U"; });
  variant([](article& a) { a.title_derived = true; });
  variant([](article& a) { a.text = "text"; });
  variant([](article& a) { a.url += "x"; });
  variant([](article& a) { a.published.reset(); });
  variant([](article& a) { a.published = partial_date::parse("2019-06").value(); });
  variant([](article& a) { a.updated.reset(); });
  variant([](article& a) { std::swap(a.published, a.updated); });
  variant([](article& a) { a.source = ""; });
  variant([](article& a) { a.authors = {"AB"}; });
  variant([](article& a) { a.authors = {"B", "A"}; });
  variant([](article& a) { a.authors.clear(); });
  variant([](article& a) { a.language = "fr"; });
  variant([](article& a) { a.language_detected = true; });
  variant([](article& a) { a.collection = "D"; });
  variant([](article& a) { a.tags.pop_back(); });
  variant([](article& a) { a.tags[0].values = {"AFGPRK"}; });
  variant([](article& a) { a.tags[1].name = "topics"; });
  variant([](article& a) { a.tags = {{"country", {"AFG"}}, {"topic", {"PRK", "law"}}}; });
  variant([](article& a) {  // the same bytes in a row, divided otherwise
    a.title = "TText";
    a.text = "";
  });
  std::set<std::string> hashes;
  for (const article& a : all) hashes.insert(content_hash(a));
  EXPECT_EQ(hashes.size(), all.size());
}

TEST(article_hash, does_not_see_where_the_article_came_from) {
  article moved = full();
  moved.origin = {"/elsewhere/file.jsonl", 900, 7};
  EXPECT_EQ(content_hash(moved), content_hash(full()));
}

// Kept in indexes: if this changes, every article looks changed at the next run.
TEST(article_hash, is_the_same_in_every_version) {
  EXPECT_EQ(content_id(full()), "273a98112ba466e11b070de52d21dbd4");
  EXPECT_EQ(content_hash(full()), "273a98112ba466e1");
}

}  // namespace
}  // namespace rapporteur
