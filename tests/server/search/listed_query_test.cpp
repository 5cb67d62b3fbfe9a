// A query that was written down finds and weighs what it did, alone and as a part of others.
#include "server/search/listed_query.hpp"

#include "index/reader.hpp"
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

  std::map<Xapian::docid, double> found_by(const Xapian::Query& q) {
    Xapian::Enquire enquire(reader_->database());
    enquire.set_query(q);
    enquire.set_weighting_scheme(impact_weight());
    std::map<Xapian::docid, double> out;
    const Xapian::MSet found = enquire.get_mset(0, reader_->database().get_doccount());
    for (auto m = found.begin(); m != found.end(); ++m) out.emplace(*m, m.get_weight());
    return out;
  }
  void expect_same(const Xapian::Query& one, const Xapian::Query& other) {
    const auto a = found_by(one);
    const auto b = found_by(other);
    ASSERT_EQ(a.size(), b.size());
    for (const auto& [id, weight] : a) {
      ASSERT_TRUE(b.contains(id)) << id;
      EXPECT_NEAR(weight, b.at(id), 1e-4 * (1 + weight)) << id;
    }
  }
  static Xapian::Query phrase(const std::vector<std::string>& words) {
    const Xapian::Query p(Xapian::Query::OP_PHRASE, words.begin(), words.end(),
                          static_cast<Xapian::termcount>(words.size()));
    return {Xapian::Query::OP_SYNONYM, &p, &p + 1};
  }

  small_archive archive_;
  std::optional<index::reader> reader_;
};

TEST_F(listed_queries, find_and_weigh_the_same) {
  const Xapian::Query a = phrase({"alder", "birch"});
  const Xapian::Query b = phrase({"cedar", "dogwood", "elm"});
  const Xapian::Query none = phrase({"alder", "yew"});
  const Xapian::Query word("elm");
  Xapian::doccount room = 10'000;
  const auto db = reader_->database();
  const Xapian::Query la = listed(db, a, room);
  const Xapian::Query lb = listed(db, b, room);
  const Xapian::Query lnone = listed(db, none, room);
  ASSERT_GT(found_by(a).size(), 20U);
  ASSERT_GT(found_by(b).size(), 5U);
  EXPECT_EQ(room, 10'000 - found_by(a).size() - found_by(b).size());
  using Q = Xapian::Query;
  const auto both = [](Q::op op, const Q& x, const Q& y) { return Q(op, x, y); };
  expect_same(a, la);
  expect_same(none, lnone);
  expect_same(Q(Q::OP_SCALE_WEIGHT, a, 2.5), Q(Q::OP_SCALE_WEIGHT, la, 2.5));
  for (const Q::op op : {Q::OP_OR, Q::OP_AND, Q::OP_MAX, Q::OP_AND_NOT, Q::OP_AND_MAYBE, Q::OP_FILTER, Q::OP_XOR}) {
    expect_same(both(op, a, b), both(op, la, lb));
    expect_same(both(op, word, b), both(op, word, lb));
    expect_same(both(op, b, word), both(op, lb, word));
  }
  // One list in two places.
  expect_same(both(Q::OP_OR, both(Q::OP_AND, a, b), both(Q::OP_AND, a, word)),
              both(Q::OP_OR, both(Q::OP_AND, la, lb), both(Q::OP_AND, la, word)));
}

TEST_F(listed_queries, best_first_are_the_same) {
  using Q = Xapian::Query;
  const Q a = phrase({"alder", "birch"});
  const Q b = phrase({"elm", "elm"});
  Xapian::doccount room = 10'000;
  const Q plain(Q::OP_MAX, Q(Q::OP_SCALE_WEIGHT, a, 0.3), Q(Q::OP_SCALE_WEIGHT, b, 3));
  const Q lists(Q::OP_MAX, Q(Q::OP_SCALE_WEIGHT, listed(reader_->database(), a, room), 0.3),
                Q(Q::OP_SCALE_WEIGHT, listed(reader_->database(), b, room), 3));
  for (const Xapian::doccount most : {1U, 3U, 10U, 50U}) {
    std::vector<double> weights[2];
    for (const int i : {0, 1}) {
      Xapian::Enquire enquire(reader_->database());
      enquire.set_query(i == 0 ? plain : lists);
      enquire.set_weighting_scheme(impact_weight());
      const Xapian::MSet found = enquire.get_mset(0, most);
      for (auto m = found.begin(); m != found.end(); ++m) weights[i].push_back(m.get_weight());
    }
    ASSERT_EQ(weights[0].size(), weights[1].size());
    for (std::size_t i = 0; i < weights[0].size(); ++i) EXPECT_NEAR(weights[0][i], weights[1][i], 1e-3) << i;
  }
}

TEST_F(listed_queries, stay_as_they_are_without_room) {
  const Xapian::Query a = phrase({"alder", "birch"});
  Xapian::doccount room = 3;
  const Xapian::Query same = listed(reader_->database(), a, room);
  EXPECT_EQ(room, 3U);
  EXPECT_EQ(same.get_description(), a.get_description());
}

}  // namespace
}  // namespace rapporteur::search
