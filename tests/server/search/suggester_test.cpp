// What is suggested while a query is typed, over real indexes on disk.
#include "server/search/prefix_key.hpp"
#include "server/search/shared_vocabulary.hpp"
#include "tests/server/search/small_archive.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace rapporteur::search {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

TEST(prefix_key, folds_as_the_index_does) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"", ""},
      {" - ", ""},
      {"Tomás", "tomas"},
      {"Toma\xCC\x81s", "tomas"},
      {"Jong-un", "jong un"},
      {"U.N. envoy", "un envoy"},
      {"U.N.", "un"},
      {"Seoul. Kim", "seoul kim"},
      {"people’s", "peoples"},
      {"camps ", "camps "},
      {"“Human  rights", "human rights"},
      {"Права", "права"},
      {"أحمد", "احمد"},
      {"צה\"ל", "צהל"},
      {"צה״ל", "צהל"},
      {"צה”ל הודיע", "צהל הודיע"},
      {"צה\"", "צה"},
      {"ב\"הארץ", "ב הארץ"},
      {"\"צה\" ל", "צה ל"},
      {"צה\"a", "צה a"},
      {"\xFF\xFE", ""},
      {"a\xFFz", "a z"},
  };
  for (const auto& [text, key] : rows) EXPECT_EQ(make_prefix_key(text).key, key) << text;
}

TEST(prefix_key, an_unfinished_syllable_begins_those_that_finish_it) {
  const std::string whole = make_prefix_key("북한").key;
  for (const std::string typed : {"ㅂ", "부", "북", "북ㅎ", "북하", "북한"}) {
    EXPECT_TRUE(whole.starts_with(make_prefix_key(typed).key)) << typed;
  }
  EXPECT_FALSE(whole.starts_with(make_prefix_key("불").key));
}

TEST(prefix_key, knows_where_its_words_are) {
  const prefix_key k = make_prefix_key("  “Ká no");
  ASSERT_EQ(k.words.size(), 2U);
  EXPECT_EQ(k.words[0].from, 5U);
  EXPECT_EQ(k.words[1].at, 3U);
  EXPECT_EQ(k.words[1].from, 9U);
}

TEST(prefix_key, knows_what_is_quoted) {
  const prefix_key k = make_prefix_key("a \"b צה\"ל c\" d");
  std::vector<bool> quoted;
  for (const auto& w : k.words) quoted.push_back(w.quoted);
  EXPECT_THAT(quoted, ElementsAre(false, true, true, true, false));
}

class suggestions : public testing::Test {
 protected:
  suggestions() {
    for (int i = 0; i < 6; ++i) {
      article a = make_article(fmt::format("camp-{}", i), fmt::format("Quiet days in the valley, part {}", i),
                               "The envoy Tomás Olmeda saw the labour camps of Harsk. He met Tomás Olmeda’s friends "
                               "and Pak Sol Un, then the labour camps were closed.");
      a.source = "Harsk Courier";
      a.authors = {"Ánna Belmont"};
      articles_.push_back(std::move(a));
    }
    articles_.push_back(make_article("ko", "북한 인권 보고서", "북한의 인권 상황을 조사했다.", "ko"));
    articles_.push_back(make_article("ru", "Права человека", "Права человека нарушены в лагере.", "ru"));
    articles_.push_back(make_article("ar", "حقوق الإنسان", "حقوق الإنسان في السجن.", "ar"));
    articles_.push_back(make_article("only", "Zweitausend Lichter", "zweifelhaft und zwecklos.", "de"));
    archive_.write(articles_);
    searcher_.emplace(archive_.open());
    words_ = std::make_shared<shared_vocabulary>(archive_.folder());
    searcher_->share_vocabulary(words_);
  }

  // With all that is suggested from, so that no answer depends on how fast that is made.
  suggest_answer ask(std::string_view q, std::uint32_t limit = 10) {
    const auto reader = index::reader::open(archive_.folder());
    words_->get(reader->info(), std::chrono::minutes(1));
    words_->suggestions(reader->info(), std::chrono::minutes(1));
    auto a = searcher_->suggest(q, limit);
    EXPECT_TRUE(a);
    if (!a) return {};
    EXPECT_TRUE(a->complete);
    return std::move(*a);
  }
  std::vector<std::string> texts(std::string_view q, std::uint32_t limit = 10) {
    std::vector<std::string> out;
    for (const suggestion& s : ask(q, limit).suggestions) out.push_back(s.text);
    return out;
  }

  small_archive archive_;
  std::vector<article> articles_;
  std::optional<searcher> searcher_;
  std::shared_ptr<shared_vocabulary> words_;
};

TEST_F(suggestions, are_words_names_and_titles_as_printed) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"tom", "Tomás"},
      {"TOMÁ", "Tomás"},
      {"tomas o", "Tomás Olmeda"},
      {"labour c", "labour camps"},
      {"anna", "Ánna Belmont"},
      {"belm", "Ánna Belmont"},
      {"hars", "Harsk Courier"},
      {"quiet days in", "Quiet days in the valley, part 3"},
      {"부", "북한"},
      {"북한 인", "북한 인권 보고서"},
      {"прав", "Права человека"},
      {"حقوق ال", "حقوق الإنسان"},
      {"“labour c", "“labour camps"},
      {"\"labour c", "\"labour camps\""},
      {"friends of tomas ol", "friends of Tomás Olmeda"},
  };
  for (const auto& [typed, expected] : rows) EXPECT_THAT(texts(typed), Contains(expected)) << typed;
}

// Of the words that begin so, those of articles that have the words before: also where they are among the rarest.
TEST_F(suggestions, keep_company) {
  std::vector<article> articles;
  for (int i = 0; i < 8; ++i) {
    std::string text = "Quiet report.";
    for (int word = 0; word < 40; ++word) text += fmt::format(" Then quab{}.", word);
    articles.push_back(make_article(fmt::format("many-{}", i), "Many words", text));
  }
  for (int i = 0; i < 3; ++i) {
    articles.push_back(make_article(fmt::format("bel-{}", i), "Visit", "Belmor came early. Later spoke Quabrim."));
  }
  archive_.write(articles);
  searcher_.emplace(archive_.open());
  words_ = std::make_shared<shared_vocabulary>(archive_.folder());
  searcher_->share_vocabulary(words_);
  const auto found = texts("belmor qua", 3);
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0], "belmor Quabrim");
}

// Un is an article in Spanish, and the end of a name.
TEST_F(suggestions, are_whole_names) {
  EXPECT_THAT(texts("pak s"), Contains("Pak Sol Un"));
  EXPECT_THAT(texts("pak s"), Not(Contains("Pak Sol")));
}

TEST_F(suggestions, tell_what_they_are) {
  const suggest_answer a = ask("anna");
  ASSERT_FALSE(a.suggestions.empty());
  EXPECT_EQ(a.suggestions[0].kind, suggestion_kind::author);
  EXPECT_EQ(a.suggestions[0].articles, 6U);
}

TEST_F(suggestions, are_at_most_so_many_and_none_twice) {
  // With one, which is a word, there is no room for a title.
  for (const std::uint32_t limit : {1U, 2U, 3U}) {
    for (const std::string_view typed : {"t", "q", "quiet", "quiet d"})
      EXPECT_THAT(texts(typed, limit).size(), testing::AllOf(testing::Ge(1U), testing::Le(limit))) << typed;
  }
  const auto all = texts("q", 20);
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size());
}

TEST_F(suggestions, of_nothing_are_none) {
  for (const std::string_view typed : {"", " ", "-", "\"", "\xFF", "xqxqx"})
    EXPECT_THAT(texts(typed), IsEmpty()) << typed;
}

// What is gone or was replaced is not suggested from the moment that the index is without it, however old the tables
// are.
TEST_F(suggestions, never_come_from_articles_that_are_gone) {
  EXPECT_THAT(texts("zwei"), Contains("zweifelhaft"));
  EXPECT_THAT(texts("zwei"), Contains("Zweitausend Lichter"));
  EXPECT_THAT(texts("labour c"), Contains("labour camps"));
  std::vector<article> replaced;
  for (int i = 0; i < 6; ++i) replaced.push_back(make_article(fmt::format("camp-{}", i), "Other", "labour of camps"));
  archive_.write(replaced, {"only"});
  searcher_.emplace(archive_.open());
  searcher_->share_vocabulary(words_);
  for (const std::string_view typed : {"zwei", "labour c", "tomas o", "belm", "hars", "quiet d"}) {
    auto a = searcher_->suggest(typed, 10);
    ASSERT_TRUE(a);
    for (const suggestion& s : a->suggestions) {
      EXPECT_THAT(s.text, testing::AnyOf("labour camps", "labour camp")) << "typed: " << typed;
      EXPECT_EQ(s.kind, suggestion_kind::word) << "labour and camps are words still, but never side by side";
    }
  }
}

}  // namespace
}  // namespace rapporteur::search
