// Why an article is found, held to what a search finds and gives for a score.
#include "tests/server/search/small_archive.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace rapporteur::search {
namespace {

using testing::HasSubstr;

constexpr std::string_view k_rules = "DPRK, North Korea\n";

class why : public testing::Test {
 protected:
  why() {
    std::vector<article> all;
    const auto add = [&](std::string id, std::string title, std::string text) {
      all.push_back(make_article(std::move(id), std::move(title), std::move(text)));
      all.back().source = "Courier";
      all.back().published = partial_date::parse("2019-06-13").value();
    };
    add("un", "Envoy of the UN in Harsk", "The UN envoy saw the labour camps. Ill-treatment was told of in the camps.");
    add("camp", "A camp", "One labour camp in North Korea was closed, said Kim Jong Un.");
    add("korea", "Korea", "The DPRK and its camps of labour; prisons too.");
    add("long", "Prisons", "Camps, prisons and treatment of the ill in North Korea.");
    for (int i = 0; i < 320; ++i) add(fmt::format("other-{}", i), "Nothing", fmt::format("harbour market bridge{}", i));
    archive_.write(all);
    searcher_.emplace(archive_.open(k_rules));
  }
  why_answer ask(std::string_view id, std::string_view q) {
    auto a = searcher_->why(id, q);
    EXPECT_TRUE(a) << q;
    return a ? std::move(*a) : why_answer{};
  }

  small_archive archive_;
  std::optional<searcher> searcher_;
};

// Every article found by each of these queries, and some that are not.
TEST_F(why, scores_and_findings_are_those_of_the_search) {
  for (const std::string q : {"camps",
                              "labour camps",
                              "UN",
                              "un envoy",
                              "\"labour camps\"",
                              "ill-treatment",
                              "ill-treatment camps",
                              "DPRK",
                              "dprk camps",
                              "North Korea prisons",
                              "camps OR prisons",
                              "camps -korea",
                              "camp*",
                              "labour NEAR/3 camps",
                              "title:korea",
                              "camps source:Courier",
                              "camps date:2019",
                              "kim jong un",
                              "=\"labour camps\"",
                              "camps labour korea prisons envoy",
                              "camps camps labour",
                              "the camps",
                              "",
                              "zzz",
                              "(camps OR zzz) labour",
                              "bridge7 market harbour noon camps"}) {
    request r;
    r.q = q;
    r.limit = 100;
    r.snippets = 0;
    const answer found = answer_to(*searcher_, r);
    std::map<std::string, double> scores;
    for (const hit& h : found.hits) scores[h.fields.id] = h.score;
    for (const std::string id : {"un", "camp", "korea", "long", "other-3", "other-7"}) {
      const why_answer a = ask(id, q);
      if (found.total <= r.limit) {
        EXPECT_EQ(a.found, scores.contains(id)) << q << " in " << id;
      }
      EXPECT_EQ(a.widened, found.widened) << q;
      if (!scores.contains(id)) continue;
      EXPECT_TRUE(a.found) << q << " in " << id;
      EXPECT_NEAR(a.score, scores[id], 0.001) << q << " in " << id;
      double sum = a.near + a.alike;
      for (const auto& p : a.parts) sum += p.excluded ? 0 : p.weight;
      EXPECT_NEAR(sum, scores[id], 0.001) << q << " in " << id;
      if (a.rank > 0) {
        EXPECT_EQ(found.hits.at(a.rank - 1).fields.id, id) << q;
      }
    }
  }
}

TEST_F(why, tells_of_each_part_what_it_is_and_where) {
  const why_answer a = ask("un", "UN camps \"labour camps\" -korea title:harsk missing");
  std::map<std::string, why_answer::part> parts;
  for (const auto& p : a.parts) parts[p.text + "/" + p.kind] = p;
  ASSERT_EQ(parts.size(), 6U);
  EXPECT_TRUE(parts["UN/acronym"].matched);
  EXPECT_EQ(parts["UN/acronym"].in_title, 1U);
  EXPECT_EQ(parts["UN/acronym"].in_text, 1U);
  EXPECT_EQ(parts["camps/word"].in_text, 2U);
  EXPECT_GT(parts["camps/word"].weight, 0);
  EXPECT_EQ(parts["labour camps/phrase"].in_text, 1U);
  EXPECT_TRUE(parts["korea/word"].excluded);
  EXPECT_FALSE(parts["korea/word"].matched);
  EXPECT_EQ(parts["harsk/word"].field, "title");
  EXPECT_EQ(parts["harsk/word"].in_title, 1U);
  EXPECT_FALSE(parts["missing/word"].matched);
  EXPECT_EQ(parts["missing/word"].weight, 0);
  EXPECT_THAT(parts["missing/word"].says, HasSubstr("does not have “missing”"));
  EXPECT_THAT(parts["camps/word"].says, HasSubstr("twice in the text"));
}

TEST_F(why, tells_synonyms_apart) {
  const why_answer a = ask("camp", "DPRK");
  ASSERT_EQ(a.parts.size(), 1U);
  ASSERT_EQ(a.parts[0].synonyms.size(), 1U);
  EXPECT_TRUE(a.found);
  EXPECT_TRUE(a.parts[0].synonyms[0].matched);
  EXPECT_EQ(a.parts[0].synonyms[0].in_text, 1U);
  EXPECT_EQ(a.parts[0].in_text, 0U);
  EXPECT_THAT(a.parts[0].says, HasSubstr("synonym “North Korea”"));
}

TEST_F(why, what_excludes_an_article_is_named) {
  const why_answer a = ask("korea", "camps -prisons");
  EXPECT_FALSE(a.found);
  EXPECT_EQ(a.score, 0);
  EXPECT_THAT(a.says, HasSubstr("It has “prisons”, which is excluded"));
}

TEST_F(why, of_an_article_that_is_not_there_is_an_error) {
  auto a = searcher_->why("none", "camps");
  ASSERT_FALSE(a);
  EXPECT_EQ(a.error().code, errc::not_found);
}

}  // namespace
}  // namespace rapporteur::search
