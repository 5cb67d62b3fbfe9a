// The first two articles that the product was asked to search, end to end: found, marked as printed, dated or not.
#include "tests/http/programs.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

namespace rapporteur::test {
namespace {

namespace fs = std::filesystem;

class seeds : public testing::Test {
 protected:
  void SetUp() override {
    const fs::path texts = fs::path(RAPPORTEUR_SOURCE_DIR) / ".." / "shared" / "seeds";
    if (!fs::exists(texts)) GTEST_SKIP() << "no " << texts;
    run_indexer(folder_.path() / "index", {"add", texts.string()});
    server_.emplace(folder_.path() / "index");
  }

  // The hits' marked runs, one string a hit.
  std::vector<std::set<std::string>> ask(const std::string& parameters) {
    answer_ = server_->get_json("/api/v1/search?" + parameters);
    std::vector<std::set<std::string>> out;
    for (const auto& hit : answer_.at("hits").as_array()) {
      auto& marks = out.emplace_back();
      const auto note = [&marks](const boost::json::value& runs) {
        for (const auto& r : runs.as_array()) {
          if (r.as_object().contains("match")) marks.emplace(r.at("text").as_string());
        }
      };
      note(hit.at("title"));
      for (const auto& snippet : hit.at("snippets").as_array()) note(snippet);
    }
    return out;
  }
  [[nodiscard]] bool dated(std::size_t hit) const {
    return answer_.at("hits").at(hit).as_object().contains("published");
  }

  scratch_folder folder_;
  std::optional<server_program> server_;
  boost::json::value answer_;
};

TEST_F(seeds, a_name_is_found_and_marked_as_printed) {
  for (const std::string q : {"tomas quintana", "TOMAS QUINTANA", "tomás quintana"}) {
    const auto hits = ask("q=" + encode(q));
    ASSERT_EQ(hits.size(), 2U) << q;
    std::set<std::string> all(hits[0]);
    all.insert(hits[1].begin(), hits[1].end());
    EXPECT_TRUE(all.contains("Tomás")) << q;
    EXPECT_TRUE(all.contains("Tomas")) << q;
    EXPECT_TRUE(all.contains("Quintana")) << q;
  }
  // The whole name is one that the thesaurus knows.
  const auto hits = ask("q=" + encode("Tomás Ojea Quintana"));
  ASSERT_EQ(hits.size(), 2U);
  std::set<std::string> all(hits[0]);
  all.insert(hits[1].begin(), hits[1].end());
  EXPECT_TRUE(all.contains("Tomás Ojea Quintana"));
  EXPECT_TRUE(all.contains("Tomas Ojea Quintana"));
  EXPECT_EQ(ask("q=quintana").size(), 2U);
}

TEST_F(seeds, a_phrase_is_marked_whole) {
  const auto hits = ask("q=" + encode("\"political prison camps\""));
  ASSERT_EQ(hits.size(), 2U);
  for (const auto& marks : hits) EXPECT_EQ(marks, std::set<std::string>{"political prison camps"});
}

TEST_F(seeds, a_date_finds_only_what_is_dated) {
  for (const std::string parameters :
       {"q=date:2019-06", "q=quintana&from=2019-06&to=2019-06", "q=quintana&from=2019-06-13"}) {
    EXPECT_EQ(ask(parameters).size(), 1U) << parameters;
    EXPECT_TRUE(dated(0)) << parameters;
  }
  EXPECT_TRUE(ask("q=quintana&to=2018").empty());
}

TEST_F(seeds, the_undated_one_sorts_last_either_way) {
  for (const std::string sort : {"newest", "oldest"}) {
    ASSERT_EQ(ask("q=quintana&sort=" + sort).size(), 2U);
    EXPECT_TRUE(dated(0)) << sort;
    EXPECT_FALSE(dated(1)) << sort;
  }
}

TEST_F(seeds, an_acronym_is_not_a_name) {
  const auto hits = ask("q=UN");
  ASSERT_EQ(hits.size(), 2U);
  for (const auto& marks : hits) {
    for (const std::string& mark : marks) EXPECT_TRUE(mark == "UN" || mark == "U.N.") << mark;
  }
}

}  // namespace
}  // namespace rapporteur::test
