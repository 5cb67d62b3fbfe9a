// The measures against values worked out by hand: a wrong ruler would make every table wrong.
#include "tests/relevance/measures.hpp"

#include "tests/relevance/collection.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace rapporteur::relevance {
namespace {

TEST(relevance_measures, are_as_defined) {
  const double second = 1 / std::log2(3);
  struct {
    std::vector<std::string> ranked;
    judgements relevant;
    measures expected;
  } const rows[] = {
      {{"a", "b"}, {{"a", 1}, {"b", 1}}, {1, 1, .2, 1}},
      {{"x", "a"}, {{"a", 1}}, {second, .5, .1, 1}},
      {{"x", "a"}, {{"a", 1}, {"b", 1}}, {second / (1 + second), .25, .1, .5}},
      // Grades: the better article first is best.
      {{"b", "a"}, {{"a", 3}, {"b", 1}}, {(1 + 7 * second) / (7 + second), 1, .2, 1}},
      {{}, {{"a", 1}}, {0, 0, 0, 0}},
  };
  for (const auto& r : rows) {
    const measures m = measure(r.ranked, r.relevant);
    EXPECT_NEAR(m.ndcg_10, r.expected.ndcg_10, 1e-9);
    EXPECT_NEAR(m.map, r.expected.map, 1e-9);
    EXPECT_NEAR(m.precision_10, r.expected.precision_10, 1e-9);
    EXPECT_NEAR(m.recall_100, r.expected.recall_100, 1e-9);
  }
}

TEST(relevance_measures, look_ten_and_a_hundred_deep) {
  std::vector<std::string> ranked;
  for (int i = 0; i < 200; ++i) ranked.push_back(std::to_string(i));
  EXPECT_EQ(measure(ranked, {{"10", 1}}).ndcg_10, 0);
  EXPECT_GT(measure(ranked, {{"9", 1}}).ndcg_10, 0);
  EXPECT_EQ(measure(ranked, {{"100", 1}}).recall_100, 0);
  EXPECT_EQ(measure(ranked, {{"99", 1}}).recall_100, 1);
}

TEST(relevance_measures, plain_words) {
  EXPECT_EQ(plain_words("What is T.S.S. (Time-Sharing)?"), "what is t s s   time sharing  ");
  EXPECT_EQ(plain_words("déjà"), "déjà");
}

}  // namespace
}  // namespace rapporteur::relevance
