// What matching finds and weighs is what Xapian finds and weighs: for queries of every kind over real articles, in an
// index of one piece and in one that was changed many times.
#include "server/search/matching.hpp"

#include "index/reader.hpp"
#include "index/schema.hpp"
#include "server/search/planner.hpp"
#include "server/search/query_parser.hpp"
#include "server/search/ranking.hpp"
#include "tests/server/search/real_articles.hpp"
#include "tests/server/search/small_archive.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <string>
#include <vector>

namespace rapporteur::search {
namespace {

/// What Xapian finds, by number.
std::vector<scored> by_xapian(index::reader& reader, const match_query& q) {
  Xapian::Enquire enquire(reader.database());
  enquire.set_query(q.as_xapian());
  enquire.set_weighting_scheme(impact_weight());
  const Xapian::MSet set = enquire.get_mset(0, reader.database().get_doccount());
  std::vector<scored> out;
  for (auto m = set.begin(); m != set.end(); ++m) out.emplace_back(*m, m.get_weight());
  std::sort(out.begin(), out.end());
  return out;
}

void expect_same(index::reader& reader, const match_query& q, const std::string& what) {
  const std::vector<scored> wanted = by_xapian(reader, q);
  const matches found = match(reader, q, true);
  const matches unweighed = match(reader, q, false);
  EXPECT_EQ(found.ids, unweighed.ids) << what;
  ASSERT_EQ(found.ids.size(), wanted.size()) << what << "\n" << q.as_xapian().get_description();
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    ASSERT_EQ(found.ids[i], wanted[i].first) << what;
    double weight = wanted[i].second;
    // What Xapian says of an article beside others can include a phrase that it does not have: asked for it alone, not.
    if (std::abs(found.weights[i] - weight) > 1e-6 * (1 + weight)) {
      const std::string itself = index::id_term(reader.get_record(found.ids[i])->fields.id);
      weight = by_xapian(reader, match_query(Xapian::Query::OP_FILTER, q, match_query(itself))).at(0).second;
    }
    ASSERT_NEAR(found.weights[i], weight, 1e-6 * (1 + weight)) << what << "\n" << q.as_xapian().get_description();
  }
}

class matching : public testing::Test {
 protected:
  index::reader open() { return std::move(*index::reader::open(archive_.folder())); }

  // Queries of every kind, over all of the archive's words, with and without filters.
  void expect_all_the_same(const std::vector<article>& articles, unsigned seed, std::size_t of_each_kind) {
    index::reader reader = open();
    planner plans(reader, limits{});
    query_maker make(articles, seed);
    std::mt19937 random(seed);
    std::size_t found = 0;
    for (std::size_t k = 0; k < static_cast<std::size_t>(query_maker::kind::count); ++k) {
      for (std::size_t n = 0; n < of_each_kind; ++n) {
        const std::string text = make.make(static_cast<query_maker::kind>(k));
        request r;
        if (random() % 4 == 0) {
          const article& a = articles[random() % articles.size()];
          if (!a.source.empty()) r.wanted.sources.push_back(a.source);
        }
        if (random() % 4 == 0) r.excluded.languages.emplace_back("en");
        if (random() % 4 == 0) r.from = partial_date::parse("1995-06").value();
        const auto p = plans.make(parse_query(text).root, r);
        if (!p) continue;
        expect_same(reader, p->query, text);
        if (!p->widened.empty()) expect_same(reader, p->widened, text + " (widened)");
        found += match(reader, p->query, false).ids.empty() ? 0 : 1;
        if (HasFatalFailure()) return;
      }
    }
    EXPECT_GT(found, of_each_kind * 5);
  }

  small_archive archive_;
};

TEST_F(matching, finds_what_xapian_finds) {
  const std::vector<article> articles = real_articles(60);
  archive_.write(articles);
  expect_all_the_same(articles, 11, 25);
}

TEST_F(matching, finds_what_xapian_finds_where_articles_came_and_went) {
  std::vector<article> articles = real_articles(30);
  std::mt19937 random(3);
  std::shuffle(articles.begin(), articles.end(), random);
  const std::size_t part = articles.size() / 4;
  for (std::size_t n = 0; n < 4; ++n) {
    const auto begin = articles.begin() + static_cast<std::ptrdiff_t>(n * part);
    std::vector<article> some(begin, begin + static_cast<std::ptrdiff_t>(part));
    for (std::size_t i = 0; i < n * part; i += 7) {
      some.push_back(articles[i]);
      some.back().text += " Amended since.";
    }
    std::vector<std::string> gone;
    for (std::size_t i = n; i < n * part; i += 11) gone.push_back(articles[i].id);
    archive_.write(some, gone);
  }
  expect_all_the_same(articles, 12, 15);
}

// Operators as the planner does not put them together today.
TEST_F(matching, takes_operators_in_any_order) {
  const std::vector<article> articles = real_articles(40);
  archive_.write(articles);
  index::reader reader = open();
  std::vector<std::string> words;
  for (auto t = reader.database().allterms_begin(); t != reader.database().allterms_end(); ++t) {
    if ((*t)[0] >= 'a' && (*t)[0] <= 'z' && t.get_termfreq() > 2) words.push_back(*t);
  }
  ASSERT_GT(words.size(), 500U);
  std::mt19937 random(5);
  const auto below = [&](std::size_t n) { return random() % n; };
  using Q = Xapian::Query;
  const std::function<match_query(int)> any = [&](int depth) -> match_query {
    if (depth == 0 || below(4) == 0) {
      if (below(12) == 0) return match_query::everything();
      if (below(12) == 0) return match_query("nobodyhasthis");
      return match_query(words[below(words.size())]);
    }
    const auto parts = [&](std::size_t least) {
      std::vector<match_query> out;
      for (std::size_t n = least + below(3); n > 0; --n) out.push_back(any(depth - 1));
      return out;
    };
    switch (below(8)) {
      case 0: {
        const auto p = parts(2);
        return {Q::OP_AND, p.begin(), p.end()};
      }
      case 1:
        return {Q::OP_FILTER, any(depth - 1), any(depth - 1)};
      case 2:
        return {Q::OP_AND_NOT, any(depth - 1), any(depth - 1)};
      case 3:
        return {Q::OP_SCALE_WEIGHT, any(depth - 1), below(3) == 0 ? 0.0 : 0.5 + static_cast<double>(below(4))};
      case 4: {
        // Of an OR inside, Xapian takes the greatest part instead of the sum.
        std::vector<match_query> p = parts(1);
        for (match_query& part : p) part = match_query(Q::OP_FILTER, part, any(depth - 1));
        return {Q::OP_MAX, p.begin(), p.end()};
      }
      case 5: {
        std::vector<std::string> p;
        for (std::size_t n = 2 + below(8); n > 0; --n) p.push_back(words[below(words.size())]);
        std::sort(p.begin(), p.end());
        p.erase(std::unique(p.begin(), p.end()), p.end());
        return {Q::OP_SYNONYM, p.begin(), p.end()};
      }
      default: {
        const auto p = parts(1);
        return {Q::OP_OR, p.begin(), p.end()};
      }
    }
  };
  std::size_t found = 0;
  for (int n = 0; n < 800; ++n) {
    const match_query q = any(3);
    if (q.empty()) continue;
    expect_same(reader, q, std::to_string(n));
    found += match(reader, q, false).ids.empty() ? 0 : 1;
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(found, 300U);
}

TEST_F(matching, the_best_are_in_order_wherever_a_page_begins) {
  matches all;
  for (Xapian::docid id = 1; id <= 300; ++id) {
    all.ids.push_back(id * 2);
    all.weights.push_back(static_cast<double>(id * 37 % 50));
  }
  std::vector<scored> sorted;
  for (std::size_t i = 0; i < all.ids.size(); ++i) sorted.emplace_back(all.ids[i], all.weights[i]);
  std::stable_sort(sorted.begin(), sorted.end(), [](const scored& a, const scored& b) { return a.second > b.second; });
  for (const std::size_t offset : {0U, 1U, 10U, 149U, 290U, 299U, 300U, 1000U}) {
    for (const std::size_t limit : {0U, 1U, 10U, 300U, 1000U}) {
      const std::size_t begin = std::min<std::size_t>(offset, 300);
      const std::size_t end = std::min<std::size_t>(begin + limit, 300);
      EXPECT_EQ(all.best(offset, limit), std::vector<scored>(sorted.begin() + static_cast<std::ptrdiff_t>(begin),
                                                             sorted.begin() + static_cast<std::ptrdiff_t>(end)))
          << offset << " " << limit;
    }
  }
}

}  // namespace
}  // namespace rapporteur::search
