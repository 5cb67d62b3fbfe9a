// JSON Lines: what each key becomes, and what is said of each way to be broken.
#include "config/fields.hpp"
#include "tests/indexer/support.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

namespace rapporteur::indexer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

collected read_lines(std::string_view content, const read_limits& limits = {}) {
  return read_content("in.jsonl", content, limits);
}

article read_one(std::string_view line) {
  collected c = read_lines(line);
  EXPECT_THAT(c.failures, IsEmpty()) << line;
  EXPECT_EQ(c.articles.size(), 1U) << line;
  return c.articles.empty() ? article() : c.articles.front();
}

TEST(jsonl, reads_every_known_key) {
  const article a = read_one(
      R"({"id":"x-1","title":"A title","text":"One.\n\nTwo.","url":"https://news.example/1","date":"2019-06-13",)"
      R"("updated":"2019-06","source":"The Courier","authors":["Jane Doe","Ko Ri"],"lang":"en","collection":"Files"})");
  EXPECT_EQ(a.id, "x-1");
  EXPECT_EQ(a.title, "A title");
  EXPECT_FALSE(a.title_derived);
  EXPECT_EQ(a.text, "One.\n\nTwo.");
  EXPECT_EQ(a.url, "https://news.example/1");
  ASSERT_TRUE(a.published);
  EXPECT_EQ(a.published->to_string(), "2019-06-13");
  ASSERT_TRUE(a.updated);
  EXPECT_EQ(a.updated->to_string(), "2019-06");
  EXPECT_EQ(a.source, "The Courier");
  EXPECT_THAT(a.authors, ElementsAre("Jane Doe", "Ko Ri"));
  EXPECT_EQ(a.language, "en");
  EXPECT_FALSE(a.language_detected);
  EXPECT_EQ(a.collection, "Files");
  EXPECT_THAT(a.tags, IsEmpty());
}

TEST(jsonl, reads_the_other_names_of_keys) {
  const article a = read_one(R"({"text":"T","published":"2019","author":"Jane Doe","language":"Español"})");
  EXPECT_EQ(a.published->to_string(), "2019");
  EXPECT_THAT(a.authors, ElementsAre("Jane Doe"));
  EXPECT_EQ(a.language, "es");
}

struct date_case {
  const char* line;
  const char* published;  ///< empty: undated
  std::size_t warnings;
};

class jsonl_date : public testing::TestWithParam<date_case> {};

TEST_P(jsonl_date, is_never_invented) {
  const collected c = read_lines(GetParam().line);
  ASSERT_EQ(c.articles.size(), 1U);
  const auto& published = c.articles[0].published;
  EXPECT_EQ(published ? published->to_string() : "", GetParam().published);
  EXPECT_EQ(c.warnings.size(), GetParam().warnings) << testing::PrintToString(c.warnings);
}

INSTANTIATE_TEST_SUITE_P(
    all, jsonl_date,
    testing::Values(
        date_case{R"({"text":"T"})", "", 0}, date_case{R"({"text":"T","date":""})", "", 0},
        date_case{R"({"text":"T","date":null})", "", 0}, date_case{R"({"text":"T","year":1990})", "1990", 0},
        date_case{R"({"text":"T","year":"1990"})", "1990", 0}, date_case{R"({"text":"T","date":2019})", "2019", 0},
        date_case{R"({"text":"T","date":" 2019-06-13 "})", "2019-06-13", 0},
        date_case{R"({"text":"T","date":"2019-06-13T08:00:00+09:00"})", "2019-06-13", 0},
        date_case{R"({"text":"T","date":"2019-06-13","year":2018})", "2019-06-13", 0},
        date_case{R"({"text":"T","date":"2019-02-30","year":2019})", "2019", 1},
        date_case{R"({"text":"T","date":"13 June 2019"})", "2019-06-13", 0},
        date_case{R"({"text":"T","date":1560384000})", "", 1}, date_case{R"({"text":"T","year":2019.5})", "", 1},
        date_case{R"({"text":"T","year":2019.0})", "2019", 0},
        date_case{R"({"text":"T","date":"2019-06-13","published":"2019-06-13"})", "2019-06-13", 0},
        date_case{R"({"text":"T","date":"2019-06","published":"2019-06-13"})", "2019-06-13", 0},
        date_case{R"({"text":"T","date":"2019-06-13","published":"2019"})", "2019-06-13", 0},
        date_case{R"({"text":"T","date":"2018","published":"2019-06-13"})", "2018", 1},
        date_case{R"({"text":"T","date":"soon","published":"2019-06-13"})", "2019-06-13", 1},
        date_case{R"({"text":"T","date":"06/07/2019"})", "2019", 1},
        date_case{R"({"text":"T","date":"06/07/2019","lang":"fr"})", "2019-07-06", 0},
        date_case{R"({"lang":"en-US","text":"T","date":"06/07/2019"})", "2019-06-07", 0},
        date_case{R"({"text":"T","date":"2091-01-01"})", "", 1}, date_case{R"({"text":"T","date":1066})", "", 1},
        date_case{R"({"text":"T","date":20190613})", "2019-06-13", 0},
        date_case{R"({"text":"T","pubDate":"Thu, 13 Jun 2019 08:15:00 GMT"})", "2019-06-13", 0},
        date_case{R"({"text":"T","date_published":"2019-06-13T08:15:00Z"})", "2019-06-13", 0},
        date_case{R"({"text":"T","date":"2019-06-13","published":"2019-06-14"})", "2019-06-13", 1}));

TEST(jsonl, warnings_say_where_and_why) {
  const collected c = read_lines("{\"text\":\"T\"}\n{\"text\":\"T\",\"date\":\"soon\"}\n");
  EXPECT_THAT(c.warnings, ElementsAre("in.jsonl:2: warning: the date cannot be read and is left out: \"soon\""));
}

// What other programs write: JSON Feed, schema.org, RSS as JSON, a news site's own.
TEST(jsonl, reads_the_names_of_other_exports) {
  const article feed =
      read_one(R"({"id":"https://a.example/1","url":"https://a.example/1","title":"T","content_text":"Text.",)"
               R"("date_published":"2019-06-13T08:15:00Z","date_modified":"2019-06-14","language":"en-US",)"
               R"("authors":[{"name":"Jane Doe","url":"https://a.example/jane"},{"name":"Ko Ri"}],"tags":["law"]})");
  EXPECT_EQ(feed.text, "Text.");
  EXPECT_EQ(feed.published->to_string(), "2019-06-13");
  EXPECT_EQ(feed.updated->to_string(), "2019-06-14");
  EXPECT_EQ(feed.language, "en");
  EXPECT_THAT(feed.authors, ElementsAre("Jane Doe", "Ko Ri"));
  EXPECT_EQ(feed.tags, (std::vector<tag>{{"tags", {"law"}}}));

  const article schema = read_one(
      R"({"@type":"NewsArticle","headline":"T","articleBody":"Text.","datePublished":"2019-06","inLanguage":"fr",)"
      R"("author":{"@type":"Person","name":"Jane Doe"},"publisher":{"name":"The Courier","logo":{"url":"x"}}})");
  EXPECT_EQ(schema.title, "T");
  EXPECT_EQ(schema.text, "Text.");
  EXPECT_EQ(schema.published->to_string(), "2019-06");
  EXPECT_EQ(schema.language, "fr");
  EXPECT_THAT(schema.authors, ElementsAre("Jane Doe"));
  EXPECT_EQ(schema.source, "The Courier");
  EXPECT_EQ(schema.tags, (std::vector<tag>{{"type", {"NewsArticle"}}}));

  const article site =
      read_one(R"({"guid":"g-1","Headline":"T","Body":"Text.","link":"https://a.example/1","byline":"By Jane Doe",)"
               R"("Publication Date":"13 June 2019","outlet":"The Courier"})");
  EXPECT_EQ(site.id, "g-1");
  EXPECT_EQ(site.title, "T");
  EXPECT_EQ(site.text, "Text.");
  EXPECT_EQ(site.url, "https://a.example/1");
  EXPECT_THAT(site.authors, ElementsAre("Jane Doe"));
  EXPECT_EQ(site.published->to_string(), "2019-06-13");
  EXPECT_EQ(site.source, "The Courier");
}

// Under a name that is not ours a value may be something else, which is no reason to lose the article.
TEST(jsonl, values_of_foreign_keys_that_do_not_fit_are_left_out_and_counted) {
  const collected c = read_lines(
      R"({"title":"T","content":{"rendered":"x"},"guid":{"a":1},"headline":5,"body":["x"],"_id":{"$oid":"1"},)"
      R"("creator":[{"nick":"x"},["y"],"Ko Ri"],"author":{"name":"Jane Doe","age":5,"of":{"name":"Z"},"x":null}})");
  ASSERT_EQ(c.articles.size(), 1U) << testing::PrintToString(c.failures);
  EXPECT_THAT(c.articles[0].authors, ElementsAre("Ko Ri", "Jane Doe"));
  EXPECT_THAT(
      c.left_out,
      testing::UnorderedElementsAre(
          Pair("values of key \"content\" that are an object", 1), Pair("values of key \"guid\" that are an object", 1),
          Pair("values of key \"headline\" that are a number", 1), Pair("values of key \"body\" that are an array", 1),
          Pair("nested values of key \"_id\"", 1), Pair("values beside \"name\" in objects of key \"creator\"", 1),
          Pair("objects without a \"name\" under key \"creator\"", 1),
          Pair("values of key \"creator\" that are an array", 1),
          Pair("values beside \"name\" in objects of key \"author\"", 2)));
}

TEST(jsonl, fields_are_mapped_as_configured) {
  record_rules rules;
  const auto map = [&](std::string_view key, std::string_view name, std::string split = {}) {
    auto rule = field_named(name);
    ASSERT_TRUE(rule) << name;
    rule->split = std::move(split);
    rules.fields.set(key, *std::move(rule));
  };
  map("국가", "tag:country");
  map("issues", "tag", ",");
  map("writers", "authors", ";");
  map("Erschienen am", "published");
  map("year", "published");
  map("internal", "ignore");
  map("headline", "tag");
  const collected c = read_content(
      "in.jsonl",
      R"({"text":"T","국가":"Varland","issues":"Rights of the Child, Women's rights,,","writers":"Jane Doe; Ko Ri",)"
      R"("year":2019,"erschienen_am":"13. Juni 2019","internal":{"a":[1]},"Headline":["x"],"INTERNAL":"y"})",
      {}, rules);
  ASSERT_EQ(c.articles.size(), 1U) << testing::PrintToString(c.failures);
  const article& a = c.articles[0];
  EXPECT_EQ(a.tags,
            (std::vector<tag>{
                {"country", {"Varland"}}, {"issues", {"Rights of the Child", "Women's rights"}}, {"headline", {"x"}}}));
  EXPECT_THAT(a.authors, ElementsAre("Jane Doe", "Ko Ri"));
  EXPECT_EQ(a.published->to_string(), "2019-06-13");
  EXPECT_THAT(c.warnings, IsEmpty());
  EXPECT_THAT(c.left_out, testing::UnorderedElementsAre(Pair("values of key \"internal\", as [fields] says", 1),
                                                        Pair("values of key \"INTERNAL\", as [fields] says", 1)));
}

TEST(fields, keys_are_compared_without_what_people_vary) {
  for (const char* key : {"date_published", "datePublished", "Date Published", "DATE-PUBLISHED"}) {
    EXPECT_EQ(field_key(key), "datepublished") << key;
  }
  EXPECT_EQ(field_key("_id"), "_id");
  EXPECT_EQ(field_key("Pai\u0301s"), "pais");
  EXPECT_EQ(field_key("국가"), "국가");
}

TEST(fields, have_the_names_that_a_configuration_uses) {
  for (const std::string_view word : config::field_words()) EXPECT_TRUE(field_named(word)) << word;
  EXPECT_EQ(field_named("ignore")->means, field::ignored);
  EXPECT_EQ(field_named("tag:from_state")->tag, "from_state");
  for (const char* name : {"", "tags", "tag:", "tag:From State", "Title", "year"})
    EXPECT_FALSE(field_named(name)) << name;
}

struct tags_case {
  const char* line;
  std::vector<tag> tags;
  std::uint64_t left_out;
};

class jsonl_tags : public testing::TestWithParam<tags_case> {};

TEST_P(jsonl_tags, come_from_unknown_keys) {
  const collected c = read_lines(GetParam().line);
  ASSERT_EQ(c.articles.size(), 1U) << testing::PrintToString(c.failures);
  EXPECT_EQ(c.articles[0].tags, GetParam().tags);
  std::uint64_t left_out = 0;
  for (const auto& [what, count] : c.left_out) left_out += count;
  EXPECT_EQ(left_out, GetParam().left_out);
}

INSTANTIATE_TEST_SUITE_P(
    all, jsonl_tags,
    testing::Values(
        tags_case{R"({"text":"T","country":"PRK"})", {{"country", {"PRK"}}}, 0},
        tags_case{R"({"text":"T","places":["usa","uk","usa"]})", {{"places", {"usa", "uk"}}}, 0},
        tags_case{R"({"text":"T","topics":[]})", {}, 0}, tags_case{R"({"text":"T","a":"","b":[" "]})", {}, 0},
        tags_case{R"({"text":"T","session":45})", {{"session", {"45"}}}, 0},
        tags_case{R"({"text":"T","score":1.50})", {{"score", {"1.50"}}}, 0},
        tags_case{R"({"text":"T","n":123456789012345678901234567890})", {{"n", {"123456789012345678901234567890"}}}, 0},
        tags_case{R"({"text":"T","opinion":true})", {{"opinion", {"true"}}}, 0},
        tags_case{R"({"text":"T","From State":"X"})", {{"from_state", {"X"}}}, 0},
        tags_case{R"({"text":"T","País":"X"})", {{"pais", {"X"}}}, 0},
        tags_case{R"({"text":"T","Country":"A","country":"B"})", {{"country", {"A", "B"}}}, 0},
        tags_case{R"({"text":"T","note":"two\n lines"})", {{"note", {"two lines"}}}, 0},
        tags_case{R"({"text":"T","国":"X"})", {}, 1}, tags_case{R"({"text":"T","gone":null})", {}, 1},
        tags_case{R"({"text":"T","geo":{"lat":1,"lon":[2,{"a":"b"}]},"k":"v"})", {{"k", {"v"}}}, 1},
        tags_case{R"({"text":"T","mixed":["a",1,null,{"b":"c"},["d"],"e"]})", {{"mixed", {"a", "1", "e"}}}, 3},
        tags_case{R"({"text":"T","tags":["a","b"]})", {{"tags", {"a", "b"}}}, 0},
        tags_case{R"({"text":"T","tags":{"country":["A","B"],"topic":"law","x":{"y":"z"}}})",
                  {{"country", {"A", "B"}}, {"topic", {"law"}}},
                  1}));

struct broken_case {
  const char* line;
  const char* said;
};

class jsonl_broken : public testing::TestWithParam<broken_case> {};

// The second of three lines is broken: it is reported with its place, and its neighbours are read.
TEST_P(jsonl_broken, line_is_reported_and_skipped) {
  const collected c =
      read_lines(std::string(R"({"id":"1","text":"T"})") + "\n" + GetParam().line + "\n" + R"({"id":"3","text":"T"})");
  ASSERT_EQ(c.articles.size(), 2U);
  EXPECT_EQ(c.articles[0].id, "1");
  EXPECT_EQ(c.articles[1].id, "3");
  EXPECT_EQ(c.articles[1].origin.line, 3U);
  EXPECT_THAT(c.failures, ElementsAre(GetParam().said));
}

INSTANTIATE_TEST_SUITE_P(
    all, jsonl_broken,
    testing::Values(
        broken_case{R"({"text":"cut o)", "in.jsonl:2:15: not valid JSON: it ends too early"},
        broken_case{R"({"text":"T")", "in.jsonl:2:12: not valid JSON: it ends too early"},
        broken_case{R"(nonsense)", "in.jsonl:2:1: not valid JSON: unexpected \"nonsense\""},
        broken_case{R"({"text":"T",})", "in.jsonl:2:13: not valid JSON: unexpected \"}\""},
        broken_case{R"({'text':'T'})", "in.jsonl:2:2: not valid JSON: unexpected \"'text':'T'}\""},
        broken_case{R"({"text":"é" "x":1})", "in.jsonl:2:13: not valid JSON: unexpected \"\"x\":1}\""},
        broken_case{R"({"text":NaN})", "in.jsonl:2:9: not valid JSON: unexpected \"NaN}\""},
        broken_case{"{\"text\":\"tab\there\"}", "in.jsonl:2:13: not valid JSON: unexpected \"\uFFFDhere\"}\""},
        broken_case{R"({"text":"\ud800x"})",
                    "in.jsonl:2:16: not valid JSON: a \\u escape that is half of a surrogate pair"},
        broken_case{R"({"text":"\u12G4"})",
                    "in.jsonl:2:14: not valid JSON: a \\u escape without four hexadecimal digits"},
        broken_case{R"({"text":"T"} {"text":"U"})",
                    "in.jsonl:2:14: more than one JSON value on a line: \"{\"text\":\"U\"}\""},
        broken_case{R"(["text"])", "in.jsonl:2:1: not a JSON object: an array"},
        broken_case{R"("text")", "in.jsonl:2:6: not a JSON object: a string"},
        broken_case{R"(5)", "in.jsonl:2:2: not a JSON object: a number"},
        broken_case{R"(null)", "in.jsonl:2:1: not a JSON object: null"},
        broken_case{R"({"title":5,"text":"T"})", "in.jsonl:2:11: a value of the wrong type: \"title\" is a number"},
        broken_case{R"({"text":["T"]})", "in.jsonl:2:9: a value of the wrong type: \"text\" is an array"},
        broken_case{R"({"text":{"en":"T"}})", "in.jsonl:2:9: a value of the wrong type: \"text\" is an object"},
        broken_case{R"({"text":"T","id":1.5})", "in.jsonl:2:21: a value of the wrong type: \"id\" is a number"},
        broken_case{R"({"text":"T","date":true})",
                    "in.jsonl:2:20: a value of the wrong type: \"date\" is a truth value"},
        broken_case{R"({"text":"T","authors":[["X"]]})",
                    "in.jsonl:2:24: a value of the wrong type: \"authors\" is an array"},
        broken_case{R"({"text":"T","author":7})", "in.jsonl:2:23: a value of the wrong type: \"author\" is a number"},
        broken_case{R"({"text":"T","text":"U"})", "in.jsonl:2:18: a key is given twice: \"text\""},
        broken_case{R"({"text":"T","k":"a","k":"b"})", "in.jsonl:2:23: a key is given twice: \"k\""},
        broken_case{R"({})", "in.jsonl:2: neither a title nor a text"},
        broken_case{R"({"id":"x","title":"","text":" \n "})", "in.jsonl:2: neither a title nor a text"},
        broken_case{R"({"text":"T","id":"a\u0001b"})", "in.jsonl:2: the id has control characters in it: \"a�b\""}));

TEST(jsonl, ids_may_be_numbers_and_are_bounded) {
  EXPECT_EQ(read_one(R"({"id":12,"text":"T"})").id, "12");
  EXPECT_EQ(read_one(R"({"id":" a b ","text":"T"})").id, "a b");
  const std::string longest(k_max_article_id_bytes, 'x');
  EXPECT_EQ(read_one(R"({"text":"T","id":")" + longest + "\"}").id, longest);
  EXPECT_THAT(read_lines(R"({"text":"T","id":"x)" + longest + "\"}").failures,
              ElementsAre("in.jsonl:1: the id is too long: 201 bytes, over 200"));
}

TEST(jsonl, missing_ids_are_derived_from_url_or_place) {
  const collected c = read_lines(
      "{\"text\":\"T\",\"url\":\"https://a.example/1\"}\n{\"text\":\"T\",\"url\":\"https://A.example/1#x\"}\n"
      "{\"text\":\"T\"}\n{\"text\":\"T\"}\n");
  ASSERT_EQ(c.articles.size(), 4U);
  EXPECT_EQ(c.articles[0].id, c.articles[1].id);
  EXPECT_NE(c.articles[2].id, c.articles[3].id);
  EXPECT_EQ(c.articles[2].id.substr(0, 2), "p-");
}

TEST(jsonl, an_article_may_lack_title_or_text_but_not_both) {
  const article untitled = read_one(R"({"text":"First one. Second."})");
  EXPECT_EQ(untitled.title, "First one.");
  EXPECT_TRUE(untitled.title_derived);
  const article title_only = read_one(R"({"title":"Only a title"})");
  EXPECT_EQ(title_only.title, "Only a title");
  EXPECT_FALSE(title_only.title_derived);
  EXPECT_EQ(title_only.text, "");
}

TEST(jsonl, values_are_decoded_and_cleaned) {
  const article a =
      read_one(R"({"title":"\u00e9\ud83d\ude00 \t two\n","text":"\r\nOne \r\nTwo\rThree\t\n \nFour\n\n"})");
  EXPECT_EQ(a.title, "é😀 two");
  EXPECT_EQ(a.text, "One\nTwo\nThree\n\nFour");
}

TEST(jsonl, an_address_that_no_browser_should_open_is_left_out) {
  for (const char* url :
       {"javascript:alert(1)", "news.example/1", "ftp://a.example/", "http:///x", "http://a b/", "file:///etc"}) {
    const collected c = read_lines(std::string(R"({"text":"T","url":")") + url + "\"}");
    ASSERT_EQ(c.articles.size(), 1U);
    EXPECT_EQ(c.articles[0].url, "") << url;
    EXPECT_EQ(c.warnings.size(), 1U) << url;
  }
}

TEST(jsonl, an_unknown_language_is_left_to_detection) {
  const collected c = read_lines(R"({"text":"T","lang":"Klingonish"})");
  ASSERT_EQ(c.articles.size(), 1U);
  EXPECT_EQ(c.articles[0].language, "");
  EXPECT_THAT(c.warnings, ElementsAre(HasSubstr("the language is not known; it will be detected: \"Klingonish\"")));
}

struct framing_case {
  const char* name;
  std::string content;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> places;  ///< line and offset of each article
};

class jsonl_framing : public testing::TestWithParam<framing_case> {};

TEST_P(jsonl_framing, finds_every_record) {
  const collected c = read_lines(GetParam().content);
  EXPECT_THAT(c.failures, IsEmpty());
  std::vector<std::pair<std::uint64_t, std::uint64_t>> places;
  for (const article& a : c.articles) places.emplace_back(a.origin.line, a.origin.offset);
  EXPECT_EQ(places, GetParam().places);
  EXPECT_EQ(c.bytes, GetParam().content.size());
}

INSTANTIATE_TEST_SUITE_P(
    all, jsonl_framing,
    testing::Values(
        framing_case{"one", "{\"text\":\"T\"}\n", {{1, 0}}},
        framing_case{"no_last_newline", "{\"text\":\"T\"}\n{\"text\":\"T\"}", {{1, 0}, {2, 13}}},
        framing_case{"crlf", "{\"text\":\"T\"}\r\n{\"text\":\"T\"}\r\n", {{1, 0}, {2, 14}}},
        framing_case{"mark", "\xEF\xBB\xBF{\"text\":\"T\"}\n{\"text\":\"T\"}\n", {{1, 0}, {2, 16}}},
        framing_case{"blank_lines", "\n  \r\n{\"text\":\"T\"}\n\n\t\n{\"text\":\"T\"}\n\n", {{3, 5}, {6, 21}}},
        framing_case{"blanks_around", "  {\"text\":\"T\"}\t \n", {{1, 0}}},
        framing_case{"separators", "{\"text\":\"a\u2028b\u0085c\"}\n{\"text\":\"T\"}\n", {{1, 0}, {2, 20}}}),
    [](const auto& c) { return std::string(c.param.name); });

// Chunks are 256 KiB: records of every size around that, so that every boundary is crossed.
TEST(jsonl, long_files_are_read_across_buffers) {
  std::string content;
  std::vector<std::size_t> sizes;
  for (std::size_t size = 1; size < 700'000; size = size * 3 + 7) {
    sizes.push_back(size);
    content += R"({"id":"n)" + std::to_string(size) + R"(","text":")" + std::string(size, 'a') + "\"}\n";
  }
  for (int n = 0; n < 20'000; ++n) content += R"({"id":"s)" + std::to_string(n) + "\",\"text\":\"b\"}\n";
  const collected c = read_lines(content);
  ASSERT_THAT(c.failures, IsEmpty());
  ASSERT_EQ(c.articles.size(), sizes.size() + 20'000);
  for (std::size_t n = 0; n < sizes.size(); ++n) EXPECT_EQ(c.articles[n].text, std::string(sizes[n], 'a'));
  for (const article& a : c.articles)
    ASSERT_EQ(content.compare(a.origin.offset, 7 + a.id.size(), R"({"id":")" + a.id), 0);
}

TEST(jsonl, a_line_over_the_limit_is_reported_not_kept) {
  read_limits limits;
  limits.max_article_bytes = 100;
  for (const std::size_t size : {87U, 88U, 101U, 300'000U, 1'000'000U}) {
    const std::string line = R"({"text":")" + std::string(size, 'a') + "\"}";
    const collected c = read_lines("{\"text\":\"T\"}\n" + line + "\n{\"text\":\"T\"}\n", limits);
    const bool fits = line.size() <= limits.max_article_bytes;
    EXPECT_EQ(c.articles.size(), fits ? 3U : 2U) << size;
    if (!fits) {
      EXPECT_THAT(c.failures, ElementsAre(testing::StartsWith("in.jsonl:2: the line is too long: " +
                                                              std::to_string(line.size() + 1))))
          << size;
    }
    EXPECT_EQ(c.articles.back().origin.line, 3U);
    EXPECT_EQ(c.bytes, line.size() + 27);
    const collected last = read_lines(line, limits);
    EXPECT_EQ(last.articles.size() + last.failures.size(), 1U);
  }
}

TEST(jsonl, tags_are_bounded_with_a_warning) {
  std::string line = R"({"text":"T","long":")" + std::string(1025, 'x') + R"(","many":[)";
  for (int n = 0; n < 300; ++n) line += (n == 0 ? "\"" : ",\"") + std::to_string(n) + "\"";
  line += "]";
  for (int n = 0; n < 100; ++n) line += ",\"k" + std::to_string(n) + "\":\"v\"";
  const collected c = read_lines(line + "}");
  ASSERT_EQ(c.articles.size(), 1U);
  const article& a = c.articles[0];
  EXPECT_EQ(a.tags.size(), 64U);
  EXPECT_EQ(a.tags[0].name, "many");
  EXPECT_EQ(a.tags[0].values.size(), 256U);
  EXPECT_EQ(c.warnings.size(), 32U);
  EXPECT_THAT(c.left_out, ElementsAre(Pair("warnings, beyond 32 for one article", 7)));
}

TEST(jsonl, deep_nesting_is_no_danger) {
  const std::string deep = R"({"text":"T","k":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
  const collected c =
      read_lines(deep + "\n" + R"({"text":"T","k":)" + std::string(50, '[') + std::string(50, ']') + "}\n");
  EXPECT_EQ(c.articles.size(), 1U);
  EXPECT_THAT(c.failures, ElementsAre(HasSubstr("nested too deeply")));
}

// Every prefix and every damaged byte of a line is one record: an article or a failure, never both, never none (which
// read_content checks), and the line after it is read.
TEST(jsonl, any_damage_to_a_line_stays_in_the_line) {
  const std::string good =
      R"({"id":"1","title":"é\u00e9","tags":{"a":["b",1.5e3]},"x":[null,{"y":[]}],"year":1990,"text":"T"})";
  const std::string after = "\n{\"text\":\"after\"}\n";
  std::string content;
  std::size_t lines = 0;
  for (std::size_t size = 1; size <= good.size(); ++size, ++lines) content += good.substr(0, size) + after;
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const char damage : {'\0', '"', '\\', '{', ']', '\xC3', '\x80', ' ', '9', ','}) {
      std::string line = good;
      line[at] = damage;
      content += line + after;
      ++lines;
    }
  }
  const collected c = read_lines(content);
  const auto is_after = [](const article& a) { return a.text == "after"; };
  EXPECT_EQ(static_cast<std::size_t>(std::count_if(c.articles.begin(), c.articles.end(), is_after)), lines);
  EXPECT_EQ(c.records, 2 * lines);
}

TEST(jsonl, reading_stops_when_told_to) {
  const temporary_folder folder;
  const std::string path = folder.write("in.jsonl", "{\"text\":\"T\"}\n{\"text\":\"T\"}\n{\"text\":\"T\"}\n");
  collected c;
  read_events events = c.events("");
  events.on_bytes = [&](std::uint64_t) { return c.articles.size() < 2; };
  const auto records = read_source({path, path, 0, 0, 0}, {}, {}, events);
  ASSERT_TRUE(records);
  EXPECT_EQ(records->records, 2U);
}

TEST(jsonl, what_the_index_refuses_is_passed_on) {
  const temporary_folder folder;
  const std::string path = folder.write("in.jsonl", "{\"text\":\"T\"}\n{\"text\":\"T\"}\n");
  collected c;
  read_events events = c.events("");
  events.on_article = [](const article&) -> result<void> { return error{errc::io, "no space left"}; };
  const auto records = read_source({path, path, 0, 0, 0}, {}, {}, events);
  ASSERT_FALSE(records);
  EXPECT_EQ(records.error().code, errc::io);
  EXPECT_THAT(c.failures, IsEmpty());
}

// Whole collections as they were published: every line is in, with its date and its filters, and nothing needs a word.
TEST(jsonl, real_collections) {
  const std::filesystem::path folder = std::string(RAPPORTEUR_SOURCE_DIR) + "/../shared/corpora/articles";
  if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << folder << " is not there";
  struct collection {
    const char* file;
    std::size_t articles, dated;
    std::vector<std::string> tags;
  };
  record_rules rules;
  auto issues = *field_named("tag");
  issues.split = ",";
  rules.fields.set("issues", issues);
  for (const collection& expected : std::vector<collection>{
           {"amnesty_annual.jsonl", 2575, 2575, {}},
           {"dev_open_cc0.jsonl", 386, 386, {"country"}},
           {"syrian_archive.jsonl", 185, 156, {"parallel_id", "summary"}},
           {"upr_recommendations.jsonl", 41062, 0, {"country", "from_state", "issues", "response", "session"}}}) {
    collected c;
    std::size_t articles = 0;
    std::size_t dated = 0;
    std::set<std::string> tags, values;
    read_events events = c.events(folder.native());
    events.on_article = [&](const article& a) -> result<void> {
      ++articles;
      dated += a.published ? 1 : 0;
      for (const tag& t : a.tags) {
        tags.insert(t.name);
        if (t.name == "issues") values.insert(t.values.begin(), t.values.end());
      }
      return {};
    };
    const std::string path = (folder / expected.file).native();
    ASSERT_TRUE(read_source({path, path, 0, 0, 0}, {}, rules, events)) << path;
    EXPECT_EQ(articles, expected.articles) << path;
    EXPECT_EQ(dated, expected.dated) << path;
    EXPECT_THAT(tags, testing::ElementsAreArray(expected.tags)) << path;
    EXPECT_THAT(c.failures, IsEmpty());
    EXPECT_THAT(c.warnings, IsEmpty());
    EXPECT_THAT(c.left_out, IsEmpty());
    EXPECT_EQ(values.size(), tags.contains("issues") ? 54U : 0U);
  }
}

}  // namespace
}  // namespace rapporteur::indexer
