// Articles like one article, over real indexes on disk.
#include "tests/server/search/small_archive.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rapporteur::search {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

class related : public testing::Test {
 protected:
  related() {
    std::vector<article> all;
    const auto add = [&](std::string id, std::string text, std::string language = "en") {
      all.push_back(make_article(std::move(id), "", std::move(text), std::move(language)));
    };
    add("camp", "Prisoners in the labour camp of Harsk were starved, guards said.");
    add("camps", "Starving prisoners left the labour camps near Harsk.");
    add("guard", "A guard of the camp told of it.");
    add("fish", "Fishermen sold herring in the harbour.");
    add("french", "Les prisonniers du camp de Harsk sont morts de faim.", "fr");
    all.back().collection = "abroad";
    for (int i = 0; i < 30; ++i)
      add(fmt::format("other-{}", i), fmt::format("The market opened at noon, number{}.", i));
    archive_.write(all);
    searcher_.emplace(archive_.open());
  }
  std::vector<std::string> like(const related_request& r) {
    auto a = searcher_->related(r);
    EXPECT_TRUE(a);
    std::vector<std::string> out;
    if (a) {
      for (const hit& h : a->hits) out.push_back(h.fields.id);
    }
    return out;
  }
  static related_request to(std::string id) {
    related_request r;
    r.id = std::move(id);
    return r;
  }
  std::vector<std::string> like(std::string id) { return like(to(std::move(id))); }

  small_archive archive_;
  std::optional<searcher> searcher_;
};

TEST_F(related, come_by_what_they_share_in_any_form) {
  EXPECT_THAT(like("camp"), ElementsAre("camps", "guard"));
}

TEST_F(related, are_never_the_article_itself) {
  EXPECT_THAT(like("camps"), Not(Contains("camps")));
}

TEST_F(related, are_none_of_what_shares_nothing) {
  EXPECT_THAT(like("fish"), IsEmpty());
}

TEST_F(related, pass_the_filters_and_their_limit) {
  related_request r;
  r.id = "camp";
  r.limit = 1;
  EXPECT_THAT(like(r), ElementsAre("camps"));
  r.limit = 10;
  r.wanted.languages = {"fr"};
  EXPECT_THAT(like(r), ElementsAre("french")) << "names lead into another language";
  r.wanted.languages = {};
  r.wanted.collections = {"abroad"};
  EXPECT_THAT(like(r), IsEmpty());
}

TEST_F(related, scores_say_how_like_they_are) {
  auto a = searcher_->related(to("camp"));
  ASSERT_TRUE(a);
  ASSERT_EQ(a->hits.size(), 2U);
  EXPECT_GT(a->hits[0].score, a->hits[1].score);
  EXPECT_LE(a->hits[0].score, 1);
  EXPECT_THAT(a->by, Not(IsEmpty()));
}

TEST_F(related, of_an_article_that_is_not_there_is_an_error) {
  auto a = searcher_->related(to("none"));
  ASSERT_FALSE(a);
  EXPECT_EQ(a.error().code, errc::not_found);
}

}  // namespace
}  // namespace rapporteur::search
