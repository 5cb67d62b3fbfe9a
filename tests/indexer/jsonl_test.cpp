// JSON Lines: records and their places, what values become, and what is said of each way to be broken.
#include "tests/indexer/support.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace rapporteur::indexer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

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

struct date_case {
  const char* line;
  const char* published;  ///< empty: undated
  std::size_t warnings;
};

class jsonl_date : public testing::TestWithParam<date_case> {};

TEST_P(jsonl_date, is_never_invented) {
  const collected c = read_lines(GetParam().line);
  const auto& published = c.only().published;
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

// Whoever sent it knows it by its id, if that could still be read.
TEST(jsonl, what_fails_is_told_with_its_id) {
  struct row {
    const char* line;
    const char* id;
  };
  const std::string long_text = "{\"id\":\"k 7\",\"text\":\"" + std::string(200'000, 'x') + "\"}";
  const row rows[] = {
      {R"({"id":" k1 ","text":"T","title":5})", "k1"},
      {R"({"id":12,"text":"T","text":"U"})", "12"},
      {R"({"id":"k3","text":"cut o)", "k3"},
      {R"({"id":"k4","title":"","text":" \n "})", "k4"},
      {R"({"title":5,"id":"k5"})", ""},  // not read so far
      {R"({"text":5})", ""},
      {long_text.c_str(), "k 7"},
  };
  for (const row& r : rows) {
    read_limits limits;
    limits.max_article_bytes = 100'000;
    const collected c = read_lines(r.line, limits);
    EXPECT_THAT(c.failed_ids, ElementsAre(r.id)) << std::string_view(r.line).substr(0, 40);
    EXPECT_THAT(c.failures, testing::SizeIs(1));
  }
}

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
    EXPECT_EQ(c.only().url, "") << url;
    EXPECT_EQ(c.warnings.size(), 1U) << url;
  }
}

TEST(jsonl, an_unknown_language_is_left_to_detection) {
  const collected c = read_lines(R"({"text":"T","lang":"Klingonish"})");
  EXPECT_EQ(c.only().language, "");
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

}  // namespace
}  // namespace rapporteur::indexer
