// A query that was written down finds and weighs what it did, alone and as a part of others.
#include "server/search/listed_query.hpp"

#include "index/reader.hpp"
#include "server/search/matching.hpp"
#include "server/search/ranking.hpp"
#include "tests/server/search/small_archive.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

namespace rapporteur::search {
namespace {

class listed_queries : public testing::Test {
 protected:
  listed_queries() {
    std::mt19937 random(7);
    const std::vector<std::string> words{"alder", "birch", "cedar", "dogwood", "elm"};
    std::vector<article> articles;
    for (int i = 0; i < 400; ++i) {
      std::string text;
      const auto length = 3 + random() % 40;
      for (std::size_t n = 0; n < length; ++n) text += words[random() % words.size()] + ' ';
      articles.push_back(make_article(fmt::format("a{}", i), fmt::format("Tree {}", i), text));
    }
    archive_.write(articles);
    reader_.emplace(std::move(*index::reader::open(archive_.folder())));
  }

  std::map<Xapian::docid, double> found_by(const match_query& q) {
    Xapian::Enquire enquire(reader_->database());
    enquire.set_query(q.as_xapian());
    enquire.set_weighting_scheme(impact_weight());
    std::map<Xapian::docid, double> out;
    const Xapian::MSet found = enquire.get_mset(0, reader_->database().get_doccount());
    for (auto m = found.begin(); m != found.end(); ++m) out.emplace(*m, m.get_weight());
    return out;
  }
  void expect_same(const match_query& one, const match_query& other) {
    const auto a = found_by(one);
    const auto b = found_by(other);
    ASSERT_EQ(a.size(), b.size());
    for (const auto& [id, weight] : a) {
      ASSERT_TRUE(b.contains(id)) << id;
      EXPECT_NEAR(weight, b.at(id), 1e-4 * (1 + weight)) << id;
    }
    const matches here = match(*reader_, other, true);
    ASSERT_EQ(here.ids.size(), a.size());
    for (std::size_t i = 0; i < here.ids.size(); ++i)
      EXPECT_NEAR(here.weights[i], a.at(here.ids[i]), 1e-4 * (1 + here.weights[i]));
  }
  static match_query phrase(const std::vector<std::string>& words) {
    const match_query p(Xapian::Query::OP_PHRASE, words.begin(), words.end(),
                        static_cast<Xapian::termcount>(words.size()));
    return {Xapian::Query::OP_SYNONYM, &p, &p + 1};
  }

  small_archive archive_;
  std::optional<index::reader> reader_;
};

TEST_F(listed_queries, find_and_weigh_the_same) {
  const match_query a = phrase({"alder", "birch"});
  const match_query b = phrase({"cedar", "dogwood", "elm"});
  const match_query none = phrase({"alder", "yew"});
  const match_query word("elm");
  Xapian::doccount room = 10'000;
  const match_query la = listed(*reader_, a, room);
  const match_query lb = listed(*reader_, b, room);
  const match_query lnone = listed(*reader_, none, room);
  ASSERT_GT(found_by(a).size(), 20U);
  ASSERT_GT(found_by(b).size(), 5U);
  EXPECT_EQ(room, 10'000 - found_by(a).size() - found_by(b).size());
  using Q = match_query;
  using X = Xapian::Query;
  const auto both = [](Q::op op, const Q& x, const Q& y) { return Q(op, x, y); };
  expect_same(a, la);
  expect_same(none, lnone);
  expect_same(Q(Xapian::Query::OP_SCALE_WEIGHT, a, 2.5), Q(Xapian::Query::OP_SCALE_WEIGHT, la, 2.5));
  for (const Q::op op : {X::OP_OR, X::OP_AND, X::OP_MAX, X::OP_AND_NOT, X::OP_FILTER}) {
    expect_same(both(op, a, b), both(op, la, lb));
    expect_same(both(op, word, b), both(op, word, lb));
    expect_same(both(op, b, word), both(op, lb, word));
  }
  // One list in two places.
  expect_same(both(X::OP_OR, both(X::OP_AND, a, b), both(X::OP_AND, a, word)),
              both(X::OP_OR, both(X::OP_AND, la, lb), both(X::OP_AND, la, word)));
}

TEST_F(listed_queries, best_first_are_the_same) {
  using Q = match_query;
  const Q a = phrase({"alder", "birch"});
  const Q b = phrase({"elm", "elm"});
  Xapian::doccount room = 10'000;
  const Q plain(Xapian::Query::OP_MAX, Q(Xapian::Query::OP_SCALE_WEIGHT, a, 0.3),
                Q(Xapian::Query::OP_SCALE_WEIGHT, b, 3));
  const Q lists(Xapian::Query::OP_MAX, Q(Xapian::Query::OP_SCALE_WEIGHT, listed(*reader_, a, room), 0.3),
                Q(Xapian::Query::OP_SCALE_WEIGHT, listed(*reader_, b, room), 3));
  for (const Xapian::doccount most : {1U, 3U, 10U, 50U}) {
    std::vector<double> weights[2];
    for (const int i : {0, 1}) {
      Xapian::Enquire enquire(reader_->database());
      enquire.set_query((i == 0 ? plain : lists).as_xapian());
      enquire.set_weighting_scheme(impact_weight());
      const Xapian::MSet found = enquire.get_mset(0, most);
      for (auto m = found.begin(); m != found.end(); ++m) weights[i].push_back(m.get_weight());
    }
    ASSERT_EQ(weights[0].size(), weights[1].size());
    for (std::size_t i = 0; i < weights[0].size(); ++i) EXPECT_NEAR(weights[0][i], weights[1][i], 1e-3) << i;
  }
}

TEST_F(listed_queries, stay_as_they_are_without_room) {
  const match_query a = phrase({"alder", "birch"});
  Xapian::doccount room = 3;
  const match_query same = listed(*reader_, a, room);
  EXPECT_EQ(room, 3U);
  EXPECT_EQ(same.as_xapian().get_description(), a.as_xapian().get_description());
}

}  // namespace
}  // namespace rapporteur::search
