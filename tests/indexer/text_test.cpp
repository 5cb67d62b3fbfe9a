// Plain text files: both headers, and what is no header.
#include "tests/indexer/support.hpp"

#include <gmock/gmock.h>

namespace rapporteur::indexer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

struct text_case {
  std::string content;
  const char* title;
  bool derived;
  const char* published;
  const char* text;
  std::size_t warnings = 0;
};

class text_file : public testing::TestWithParam<text_case> {};

TEST_P(text_file, becomes_an_article) {
  const text_case& expected = GetParam();
  const collected c = read_content("in.txt", expected.content);
  const article& a = c.only();
  EXPECT_EQ(a.title, expected.title);
  EXPECT_EQ(a.title_derived, expected.derived);
  EXPECT_EQ(a.published ? a.published->to_string() : "", expected.published);
  EXPECT_EQ(a.text, expected.text);
  EXPECT_EQ(c.warnings.size(), expected.warnings) << testing::PrintToString(c.warnings);
  EXPECT_EQ(a.id.substr(0, 2), "p-");
}

INSTANTIATE_TEST_SUITE_P(
    inline_date, text_file,
    testing::Values(
        text_case{" date 2019-06-13 The envoy came.\n\nHe left.", "The envoy came.", true, "2019-06-13",
                  "The envoy came.\n\nHe left."},
        text_case{"date 2019-06-13 The envoy came.", "The envoy came.", true, "2019-06-13", "The envoy came."},
        text_case{"\n\n  date 2019-06-13\nThe envoy came.", "The envoy came.", true, "2019-06-13", "The envoy came."},
        text_case{"\xEF\xBB\xBF date 2019-06-13 The envoy came.", "The envoy came.", true, "2019-06-13",
                  "The envoy came."},
        text_case{" Date 2019-06 The envoy came.", "The envoy came.", true, "2019-06", "The envoy came."},
        text_case{" date 2019-02-30 The envoy came.", "The envoy came.", true, "", "The envoy came.", 1},
        text_case{"date 2019 was set for the vote", "date 2019 was set for the vote", true, "",
                  "date 2019 was set for the vote"},
        text_case{"date 2019-06-13, they said", "date 2019-06-13, they said", true, "", "date 2019-06-13, they said"},
        text_case{"A date 2019-06-13 is near", "A date 2019-06-13 is near", true, "", "A date 2019-06-13 is near"},
        text_case{"dates 2019-06-13 are", "dates 2019-06-13 are", true, "", "dates 2019-06-13 are"}));

INSTANTIATE_TEST_SUITE_P(no_header, text_file,
                         testing::Values(text_case{"The envoy came. He left.\n", "The envoy came.", true, "",
                                                   "The envoy came. He left."},
                                         text_case{"A headline\n\nThe envoy came.\n", "A headline", true, "",
                                                   "A headline\n\nThe envoy came."},
                                         text_case{"One.\r\n\r\nTwo.\r\n", "One.", true, "", "One.\n\nTwo."},
                                         text_case{"One.\rTwo.\r\rThree.", "One.", true, "", "One.\nTwo.\n\nThree."},
                                         text_case{"One.  \n \t\nTwo.", "One.", true, "", "One.\n\nTwo."},
                                         text_case{"GENEVA: The council met.\n\nIt rose.", "GENEVA: The council met.",
                                                   true, "", "GENEVA: The council met.\n\nIt rose."},
                                         text_case{"https://a.example/\n\nText", "https://a.example/", true, "",
                                                   "https://a.example/\n\nText"},
                                         text_case{"\n\nTitle: not at the top is text", "Title: not at the top is text",
                                                   true, "", "Title: not at the top is text"},
                                         text_case{"Title: x\nno key here\n\nText", "Title: x no key here", true, "",
                                                   "Title: x\nno key here\n\nText", 1},
                                         text_case{"x", "x", true, "", "x"}));

INSTANTIATE_TEST_SUITE_P(
    header, text_file,
    testing::Values(
        text_case{"Title: The envoy\nDate: 2019-06-13\n\nHe came.\n\nHe left.\n", "The envoy", false, "2019-06-13",
                  "He came.\n\nHe left."},
        text_case{"TITLE:The\n\nText", "TITLE:The", true, "", "TITLE:The\n\nText"},
        text_case{"title:   The envoy  \r\nYEAR: 2019\r\n\r\nHe came.\r\n", "The envoy", false, "2019", "He came."},
        text_case{"\xEF\xBB\xBFTitle: The envoy\n\nHe came.", "The envoy", false, "", "He came."},
        text_case{"Title: A long\n  title in two lines\nDate: 2019\n\nText", "A long title in two lines", false, "2019",
                  "Text"},
        text_case{"Title: Only a title\n", "Only a title", false, "", ""},
        text_case{"Title: Only a title", "Only a title", false, "", ""},
        text_case{"Date: 2019\n\nHe came. He left.", "He came.", true, "2019", "He came. He left."},
        text_case{"Title: T\n\n date 2019-06-13 He came.", "T", false, "2019-06-13", "He came."},
        text_case{"Title: T\nDate: 2018\n\n date 2019-06-13 He came.", "T", false, "2018", "date 2019-06-13 He came."},
        text_case{"Title: T\nDate: soon\n\nHe came.", "T", false, "", "He came.", 1},
        text_case{"Title: T\nDate:\n\nHe came.", "T", false, "", "He came."},
        text_case{"Title: T\n\nNot: header\n\nText", "T", false, "", "Not: header\n\nText"}));

TEST(text, header_fields_are_those_of_json) {
  const collected c = read_content(
      "in.txt",
      "Id: a-1\nURL: https://news.example/1\nTitle: Time: a story\nSource: The Courier\nAuthor: Jane Doe; Ko Ri\n"
      "Author: Third Person\nLanguage: Korean\nCollection: Files\nUpdated: 2020-01\nTopics: law; prison camps;\n"
      "From State: Varland\n\nText.");
  const article& a = c.only();
  EXPECT_EQ(a.id, "a-1");
  EXPECT_EQ(a.url, "https://news.example/1");
  EXPECT_EQ(a.title, "Time: a story");
  EXPECT_EQ(a.source, "The Courier");
  EXPECT_THAT(a.authors, ElementsAre("Jane Doe", "Ko Ri", "Third Person"));
  EXPECT_EQ(a.language, "ko");
  EXPECT_EQ(a.collection, "Files");
  EXPECT_EQ(a.updated->to_string(), "2020-01");
  EXPECT_EQ(a.tags, (std::vector<tag>{{"topics", {"law", "prison camps"}}, {"from_state", {"Varland"}}}));
}

struct bad_case {
  const char* name;
  std::string content;
  const char* said;
};

class text_refused : public testing::TestWithParam<bad_case> {};

TEST_P(text_refused, with_a_reason) {
  const collected c = read_content(GetParam().name, GetParam().content);
  EXPECT_THAT(c.articles, IsEmpty());
  EXPECT_THAT(c.failures, ElementsAre(StartsWith(GetParam().said)));
}

INSTANTIATE_TEST_SUITE_P(
    all, text_refused,
    testing::Values(
        bad_case{"a.txt", "", "a.txt: the file is empty"}, bad_case{"a.jsonl", "", "a.jsonl: the file is empty"},
        bad_case{"a.txt", " \n\t\r\n", "a.txt: neither a title nor a text"},
        bad_case{"a.txt", "\xEF\xBB\xBF", "a.txt: neither a title nor a text"},
        bad_case{"a.txt", "\u200B\u00A0", "a.txt: neither a title nor a text"},
        bad_case{"a.txt", "Source: The Courier\n\n", "a.txt: neither a title nor a text"},
        bad_case{"a.txt", std::string("Text\0more", 9), "a.txt: not a text file: byte 4 is zero"},
        bad_case{"a.txt", "\xEF\xBB\xBF\xC3", "a.txt:1: not text in UTF-8: byte 3 of the file (0xC3)"},
        bad_case{
            "a.txt", "Line\n\xFE\xFD\x01\xE9\xD8",
            "a.txt:2: not UTF-8, and in no other encoding that can be told by its text: byte 5 of the file (0xFE)"},
        bad_case{"a.txt", "Charset: utf-8\n\n\xE9\xE9\xE9\xE9\xE9\xE9\xE9\xE9",
                 "a.txt:3: not text in UTF-8: byte 16 of the file (0xE9)"},
        bad_case{"a.jsonl", std::string("\0\1\2", 3), "a.jsonl: not a text file"},
        bad_case{"a.txt", "%PDF-1.7", "a.txt: no reader for this kind of file: a PDF document"},
        bad_case{"a.jsonl", "\x1F\x8B\x08", "a.jsonl: no reader for this kind of file: compressed with gzip"},
        bad_case{"a.pdf", "text", "a.pdf: no reader for this kind of file: .pdf"},
        bad_case{"a.json", "{\n \"text\": \"T\"\n}\n", "a.json: JSON, but not JSON Lines"},
        bad_case{"a.json", "[{\"text\":\"T\"}]", "a.json: JSON, but not JSON Lines"},
        bad_case{"a.txt", "Title: a\nTitle: b\n\nText", "a.txt:2:1: a key is given twice: Title"},
        bad_case{"a.txt", "Title: " + std::string(5000, 'x') + "\n\nText",
                 "a.txt: the title is too long: 5000 bytes, over 4096"}));

TEST(text, a_file_over_the_limit_is_reported_not_kept) {
  read_limits limits;
  limits.max_article_bytes = 10;
  EXPECT_EQ(read_content("a.txt", "0123456789", limits).articles.size(), 1U);
  EXPECT_THAT(read_content("a.txt", "0123456789a", limits).failures,
              ElementsAre("a.txt: the file is too long for one article: 11 bytes, over 10"));
  limits.max_file_bytes = 5;
  EXPECT_THAT(read_content("a.jsonl", "{\"text\":\"T\"}", limits).failures,
              ElementsAre("a.jsonl: the file is too large: 12 bytes, over 5"));
}

struct sniff_case {
  const char* name;
  const char* content;
  std::size_t articles;
  const char* text;
};

class content_decides : public testing::TestWithParam<sniff_case> {};

TEST_P(content_decides, the_reader) {
  const collected c = read_content(GetParam().name, GetParam().content);
  ASSERT_EQ(c.articles.size(), GetParam().articles) << testing::PrintToString(c.failures);
  EXPECT_EQ(c.articles[0].text, GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    all, content_decides,
    testing::Values(sniff_case{"a", "{\"text\":\"T\"}\n{\"text\":\"U\"}\n", 2, "T"},
                    sniff_case{"a", "Plain text", 1, "Plain text"}, sniff_case{"a.dat", "Plain text", 1, "Plain text"},
                    sniff_case{"a.json", "{\"text\":\"T\"}", 1, "T"},
                    sniff_case{"a.json", "\xEF\xBB\xBF\n{\"text\":\"T\"}\n{\"text\":\"U\"}", 2, "T"},
                    sniff_case{"a.txt", "{\"text\":\"T\"}\n", 1, "T"},
                    sniff_case{"a.txt", "{curly} words", 1, "{curly} words"}, sniff_case{"A.TXT", "Plain", 1, "Plain"},
                    sniff_case{"a.NDJSON", "{\"text\":\"T\"}", 1, "T"}));

const std::string k_appeal =
    "In a time of both misinformation and too much information, quality journalism is more crucial than ever.\n"
    "By subscribing, you can help us get the story right.";

struct appeal_case {
  std::string end;
  bool removed;
};

class subscription_appeal : public testing::TestWithParam<appeal_case> {};

TEST_P(subscription_appeal, is_left_out_only_where_it_is_known_whole) {
  const collected c = read_content("a.txt", "The envoy came.\n\nHe left." + GetParam().end);
  EXPECT_EQ(c.only().text == "The envoy came.\n\nHe left.", GetParam().removed) << c.only().text;
  EXPECT_EQ(c.left_out.size(), GetParam().removed ? 1U : 0U);
}

INSTANTIATE_TEST_SUITE_P(
    all, subscription_appeal,
    testing::Values(appeal_case{"\n\n" + k_appeal, true}, appeal_case{"\n\n" + k_appeal + "\nSUBSCRIBE NOW\n\n", true},
                    appeal_case{"\n\nIn a time of both misinformation and too much information,\nquality journalism is "
                                "more  crucial than ever. By subscribing, you can help us get the story right.",
                                true},
                    appeal_case{"\n\nIn a time of both misinformation and too much information, quality journalism is "
                                "more crucial than ever.",
                                true},
                    appeal_case{" " + k_appeal, false}, appeal_case{"\n\n" + k_appeal + " Or so they say.", false},
                    appeal_case{"\n\nBy subscribing, you can help us get the story right.", false},
                    appeal_case{"\n\nIn a time of misinformation, quality journalism is more crucial than ever.",
                                false}));

TEST(text, an_appeal_alone_is_an_article) {
  const collected c = read_content("a.txt", k_appeal);
  EXPECT_EQ(c.only().text, k_appeal);
}

// The form of text that the product must read: two articles as they were handed over.
TEST(text, the_seed_articles) {
  const std::filesystem::path seeds = std::string(RAPPORTEUR_SOURCE_DIR) + "/../shared/seeds";
  if (!std::filesystem::is_directory(seeds)) GTEST_SKIP() << seeds << " is not there";
  collected c;
  const source_listing listing = list_sources(
      {seeds.native()}, [](const finding&) {}, [] { return true; });
  for (const source_file& f : listing.files) ASSERT_TRUE(read_source(f, {}, {}, c.events("")));
  ASSERT_EQ(c.articles.size(), 2U);
  EXPECT_THAT(c.failures, IsEmpty());
  EXPECT_THAT(c.warnings, IsEmpty());
  const article& dated = c.articles[0];
  const article& undated = c.articles[1];
  ASSERT_TRUE(dated.published);
  EXPECT_EQ(dated.published->to_string(), "2019-06-13");
  EXPECT_FALSE(undated.published);
  EXPECT_TRUE(dated.title_derived);
  EXPECT_TRUE(undated.title_derived);
  EXPECT_THAT(dated.text, StartsWith("The UN Special Rapporteur"));
  EXPECT_THAT(dated.title, StartsWith("The UN Special Rapporteur for Human Rights in North Korea Tomás Ojea Quintana"));
  EXPECT_THAT(undated.text, StartsWith("The ongoing detente"));
  for (const article& a : c.articles) {
    EXPECT_THAT(a.text, HasSubstr("political prison camps"));
    EXPECT_EQ(a.text.find("\n\n\n"), std::string::npos);
  }
  EXPECT_NE(dated.id, undated.id);
}

}  // namespace
}  // namespace rapporteur::indexer
