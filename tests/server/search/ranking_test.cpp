// In which order articles come, over real indexes on disk: each test an index of a few articles that differ in one
// thing only.
#include "tests/server/search/small_archive.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace rapporteur::search {
namespace {

class ranking : public testing::Test {
 protected:
  void add(const std::string& id, const std::string& text, const std::string& language = "en",
           const std::string& title = "") {
    articles_.push_back(make_article(id, title.empty() ? "Nothing" : title, text, language));
  }
  void use_thesaurus(const std::string& rules) { thesaurus_ = rules; }
  // Articles about other things, so that words are rare and lengths alike.
  void add_others(int count) {
    for (int i = 0; i < count; ++i) add(fmt::format("other-{}", i), fmt::format("harbour market bridge number{}", i));
  }

  answer ask(const request& r) {
    if (!searcher_) {
      archive_.write(articles_);
      searcher_.emplace(archive_.open(thesaurus_));
    }
    return answer_to(*searcher_, r);
  }
  answer ask(const std::string& q, std::uint32_t limit = 10, std::uint32_t offset = 0) {
    request r;
    r.q = q;
    r.limit = limit;
    r.offset = offset;
    return ask(r);
  }
  std::string first(const std::string& q) {
    const answer a = ask(q);
    return a.hits.empty() ? "nothing" : a.hits.front().fields.id;
  }
  // A searcher of its own over what has been written.
  [[nodiscard]] searcher open() const { return archive_.open(); }

 private:
  small_archive archive_;
  std::vector<article> articles_;
  std::string thesaurus_;
  std::optional<searcher> searcher_;
};

TEST_F(ranking, a_word_in_the_title_counts_for_more) {
  add("text", "The prison is old and cold.", "en", "Report");
  add("title", "The report is old and cold.", "en", "Prison");
  add_others(20);
  EXPECT_EQ(first("prison"), "title");
}

TEST_F(ranking, the_form_that_was_typed_comes_before_its_stem) {
  add("one", "A camp was seen there.");
  add("two", "Some camps were seen.");
  add_others(20);
  EXPECT_EQ(first("camps"), "two");
  EXPECT_EQ(first("camp"), "one");
}

TEST_F(ranking, words_side_by_side_come_before_words_apart) {
  const std::string filler = " and then on another day in quite another town under rain ";
  add("apart", "prison was named" + filler + "by the camp");
  add("turned", "camp prison was named" + filler + "by the");
  add("beside", "prison camp was named" + filler + "by the");
  add_others(20);
  EXPECT_EQ(ids(ask("prison camp")), (std::vector<std::string>{"beside", "turned", "apart"}));
}

TEST_F(ranking, what_shares_the_words_of_the_best_comes_before_its_equals) {
  // The best three have all words and speak of zinc and tin; of two others that match alike, one does too.
  for (int i = 0; i < 3; ++i) add(fmt::format("best-{}", i), "guards beat miners underground with zinc and tin");
  add("unlike", "guards beat nobody today with paper and cloth");
  add("alike", "guards beat nobody today with zinc and tin");
  add_others(400);
  const std::vector<std::string> order = ids(ask("guards beat miners underground"));
  ASSERT_EQ(order.size(), 5U);
  EXPECT_EQ(order[3], "alike");
  EXPECT_EQ(order[4], "unlike");
}

TEST_F(ranking, feedback_finds_nothing_that_the_query_does_not) {
  for (int i = 0; i < 3; ++i) add(fmt::format("best-{}", i), "guards beat miners underground with zinc and tin");
  add("only-alike", "zinc and tin, zinc and tin");
  add_others(400);
  EXPECT_EQ(ask("guards beat miners underground").total, 3U);
}

TEST_F(ranking, a_word_typed_twice_counts_for_more) {
  add("red", "red stone in the river here");
  add("blue", "blue stone in the river here");
  add_others(20);
  EXPECT_EQ(first("red blue red"), "red");
  EXPECT_EQ(first("blue red blue"), "blue");
}

TEST_F(ranking, articles_of_all_languages_score_alike) {
  add("en", "Quintal came here today again", "en");
  add("pl", "Quintal came here today again", "pl");
  add("unknown", "Quintal came here today again", "");
  add_others(20);
  const answer a = ask("quintal");
  ASSERT_EQ(a.hits.size(), 3U);
  EXPECT_DOUBLE_EQ(a.hits[0].score, a.hits[1].score);
  EXPECT_DOUBLE_EQ(a.hits[1].score, a.hits[2].score);
}

TEST_F(ranking, pages_are_pieces_of_one_list) {
  for (int i = 0; i < 250; ++i) {
    add(fmt::format("hit-{}", i), fmt::format("prison {} camp seen by {} people {}", i % 3 == 0 ? "" : "or other", i,
                                              i % 7 == 0 ? "prison" : ""));
  }
  add_others(20);
  std::vector<std::string> whole = ids(ask("prison camp", 100));
  for (const std::string& id : ids(ask("prison camp", 100, 100))) whole.push_back(id);
  for (const std::string& id : ids(ask("prison camp", 100, 200))) whole.push_back(id);
  EXPECT_EQ(whole.size(), 250U);
  EXPECT_EQ(std::set<std::string>(whole.begin(), whole.end()).size(), 250U);
  std::vector<std::string> pages;
  for (std::uint32_t at = 0; at < 250; at += 30) {
    for (const std::string& id : ids(ask("prison camp", 30, at))) pages.push_back(id);
  }
  EXPECT_EQ(pages, whole);
}

TEST_F(ranking, another_name_comes_behind_the_one_that_was_typed) {
  // However rare the other is: the archive has one article with the foreign name, and many with the common one.
  add("foreign", "derechos humanos y nada mas", "es");
  for (int i = 0; i < 12; ++i) add(fmt::format("typed-{}", i), "human rights and nothing more");
  add_others(100);
  use_thesaurus("human rights, derechos humanos\n");
  const std::vector<std::string> order = ids(ask("human rights", 100));
  ASSERT_EQ(order.size(), 13U);
  EXPECT_EQ(order.back(), "foreign");
}

TEST_F(ranking, pages_of_a_widened_list_are_pieces_of_one_list) {
  // Five with all words, and more with some than are looked at again: nearness moves what stands last to the front.
  for (int i = 0; i < 5; ++i) add(fmt::format("all-{}", i), fmt::format("prison camp torture number{}", i));
  for (int i = 0; i < 300; ++i) {
    const bool beside = i % 2 == 1;
    add(fmt::format("some-{}", i), beside ? "prison camp seen in the far harbour by many more people than before"
                                          : "prison seen in the far harbour by many more people than before camp");
  }
  add_others(20);
  const auto page = [&](std::uint32_t limit, std::uint32_t offset) {
    return ids(ask("prison camp torture", limit, offset));
  };
  std::vector<std::string> whole;
  for (std::uint32_t at = 0; at < 305; at += 100) {
    for (const std::string& id : page(100, at)) whole.push_back(id);
  }
  EXPECT_EQ(std::set<std::string>(whole.begin(), whole.end()).size(), 305U);
  std::vector<std::string> pages;
  for (std::uint32_t at = 0; at < 305; at += 30) {
    for (const std::string& id : page(30, at)) pages.push_back(id);
  }
  EXPECT_EQ(pages, whole);
}

// --- words that say little ----------------------------------------------------------------------------------------

TEST_F(ranking, words_that_say_little_are_not_required) {
  add("en-1", "The envoy of Varland went to the camps.");
  add("en-2", "Envoy: Varland shut camps.");
  add("fr-1", "Le droit de la presse en Varland.", "fr");
  add("fr-2", "Presse: droit et devoir.", "fr");
  for (int i = 0; i < 5; ++i) add(fmt::format("en-un-{}", i), "The UN of the world is what it is, and it was there.");
  for (int i = 0; i < 3; ++i)
    add(fmt::format("fr-un-{}", i), "Un jour, de la pluie et du vent: un jour de la vie.", "fr");
  struct {
    const char* q;
    const char* understood;
    std::vector<std::string> ignored;
  } const rows[] = {
      {"the envoy of Varland", "envoy AND Varland", {"the", "of"}},
      {"What is the envoy to Varland?", "envoy AND Varland", {"What", "is", "the", "to"}},
      {"le droit de la presse", "droit AND presse", {"le", "de", "la"}},
      // Alone, or all of them: they are what is asked.
      {"the", "the", {}},
      {"to be or not to be", "not", {"to", "be", "or", "to", "be"}},
      {"of the", "of AND the", {}},
      // Quoted, in a field, or in an alternative they stay.
      {"\"the envoy\" Varland", "\"the envoy\" AND Varland", {}},
      {"title:the envoy", "title:the AND envoy", {}},
      {"envoy (the OR a)", "envoy AND (the OR a)", {}},
      // The archive is English in the main, and knows the U.N.: un is not the French article there.
      {"un jour", "un AND jour", {}},
      {"UN envoy", "UN AND envoy", {}},
      {"-the envoy", "envoy AND NOT the", {}},
  };
  for (const auto& r : rows) {
    const answer a = ask(r.q);
    EXPECT_EQ(a.understood, r.understood) << r.q;
    EXPECT_EQ(a.ignored, r.ignored) << r.q;
  }
  const answer a = ask("the envoy of Varland");
  ASSERT_GE(a.hits.size(), 2U);
  EXPECT_EQ((std::set<std::string>{a.hits[0].fields.id, a.hits[1].fields.id}), (std::set<std::string>{"en-1", "en-2"}));
  EXPECT_EQ(marks(a, "en-1"), (std::set<std::string>{"envoy", "Varland"}));
}

// --- widening -----------------------------------------------------------------------------------------------------

TEST_F(ranking, a_compound_is_widened_to_its_words) {
  add("all", "Ill-treatment of miners.");
  add("parts", "Good treatment for miners; an ill man.");
  add("one", "A treatment was found.");
  add_others(20);
  const answer a = ask("ill-treatment miners");
  EXPECT_TRUE(a.widened);
  ASSERT_EQ(a.hits.size(), 3U);
  EXPECT_EQ(a.hits[0].fields.id, "all");
  EXPECT_EQ(marks(a, "all"), (std::set<std::string>{"Ill-treatment", "miners"}));
  EXPECT_EQ(marks(a, "parts"), (std::set<std::string>{"treatment", "miners", "ill"}));
  // Alone it is what is asked for.
  EXPECT_EQ(ids(ask("ill-treatment")), std::vector<std::string>{"all"});
}

TEST_F(ranking, quotes_in_prose_are_given_up_with_the_words) {
  add("some", "Virtual machines share storage among several users in one network.");
  add_others(20);
  EXPECT_TRUE(ask("\"imaginary\" machines storage").hits.empty());
  const answer a =
      ask("the \"imaginary\" machines that share storage among several different users connected over some network");
  EXPECT_TRUE(a.widened);
  EXPECT_EQ(ids(a), std::vector<std::string>{"some"});
}

TEST_F(ranking, an_article_opened_from_a_widened_list_is_marked_as_there) {
  add("all", "Ill-treatment of miners and an ill man.");
  add("parts", "Good treatment for miners.");
  add_others(20);
  ask("ill-treatment miners");
  const auto opened = [&](const char* id) {
    searcher s = open();
    auto a = s.article(id, "ill-treatment miners", true);
    EXPECT_TRUE(a);
    return a->matches;
  };
  EXPECT_EQ(opened("all"), 2U);
  EXPECT_EQ(opened("parts"), 2U);
}

}  // namespace
}  // namespace rapporteur::search
