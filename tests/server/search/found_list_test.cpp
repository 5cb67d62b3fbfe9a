// What becomes of several lists, beside what a map makes of them: lists that share much or nothing, few among many,
// one within another.
#include "server/search/found_list.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <ostream>
#include <random>
#include <string>
#include <vector>

namespace rapporteur::search {
namespace {

constexpr Xapian::docid k_greatest = 4000;

found_list from_map(const std::map<Xapian::docid, double>& m, bool valued) {
  found_list f;
  for (const auto& [id, value] : m) {
    f.articles.push_back(id);
    if (valued) f.values.push_back(value);
  }
  return f;
}

std::map<Xapian::docid, double> some(std::mt19937& random, std::size_t about, Xapian::docid from, Xapian::docid to) {
  std::map<Xapian::docid, double> m;
  for (std::size_t i = 0; i < about; ++i) m[from + random() % (to - from + 1)] = 1 + random() % 100;
  return m;
}

std::map<Xapian::docid, double> part_of(std::mt19937& random, const std::map<Xapian::docid, double>& all, unsigned of) {
  std::map<Xapian::docid, double> m;
  for (const auto& [id, value] : all) {
    if (random() % of == 0) m[id] = 1 + random() % 100;
  }
  return m;
}

struct shape {
  const char* what;
  std::size_t lists;
  std::size_t longest, others;  // how many articles, about
  bool within;                  // the others are parts of the first one
  bool apart;                   // each in a stretch of its own
};

void PrintTo(const shape& s, std::ostream* to) {
  *to << s.what;
}

class lists_of : public testing::TestWithParam<shape> {
 protected:
  std::vector<std::map<Xapian::docid, double>> make(std::mt19937& random) const {
    const shape& s = GetParam();
    std::vector<std::map<Xapian::docid, double>> out;
    for (std::size_t i = 0; i < s.lists; ++i) {
      const std::size_t about = i == 0 ? s.longest : s.others;
      const auto stretch = static_cast<Xapian::docid>(k_greatest / s.lists);
      const auto begin = static_cast<Xapian::docid>(i * stretch + 1);
      if (i > 0 && s.within)
        out.push_back(part_of(random, out.front(), static_cast<unsigned>(s.longest / std::max<std::size_t>(1, about))));
      else if (s.apart)
        out.push_back(some(random, about, begin, begin + stretch - 1));
      else
        out.push_back(some(random, about, 1, k_greatest));
    }
    std::shuffle(out.begin(), out.end(), random);
    return out;
  }
};

TEST_P(lists_of, articles_are_united_and_kept_as_in_a_map) {
  for (unsigned seed = 0; seed < 60; ++seed) {
    std::mt19937 random(seed);
    const auto maps = make(random);
    for (const bool valued : {true, false}) {
      for (const combining how : {combining::sum, combining::greatest}) {
        std::map<Xapian::docid, double> wanted;
        std::vector<found_list> lists;
        for (const auto& m : maps) {
          lists.push_back(from_map(m, valued));
          for (const auto& [id, value] : m)
            wanted[id] = how == combining::sum ? wanted[id] + value : std::max(wanted[id], value);
        }
        const found_list f = united(lists, how, k_greatest);
        const found_list w = from_map(wanted, valued);
        ASSERT_EQ(f.articles, w.articles) << seed;
        ASSERT_EQ(f.values, w.values) << seed;
      }
      for (const bool kept : {true, false}) {
        found_list f = from_map(maps.front(), valued);
        const std::vector<Xapian::docid> in = from_map(maps.back(), false).articles;
        keep(f, in, kept);
        std::map<Xapian::docid, double> wanted;
        for (const auto& [id, value] : maps.front()) {
          if (maps.back().contains(id) == kept) wanted[id] = value;
        }
        const found_list w = from_map(wanted, valued);
        ASSERT_EQ(f.articles, w.articles) << seed;
        ASSERT_EQ(f.values, w.values) << seed;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    shapes, lists_of,
    testing::Values(shape{"none", 2, 0, 0, false, false}, shape{"one is empty", 2, 100, 0, false, false},
                    shape{"alike", 2, 300, 300, false, false}, shape{"few among many", 2, 3000, 20, false, false},
                    shape{"one among many", 3, 3000, 1, false, false}, shape{"within", 2, 1000, 400, true, false},
                    shape{"few within many", 3, 3000, 30, true, false}, shape{"apart", 3, 200, 150, false, true},
                    shape{"few apart", 2, 500, 9, false, true}, shape{"many small", 9, 100, 5, false, false},
                    shape{"many long", 7, 3000, 1500, false, false}),
    [](const testing::TestParamInfo<shape>& one) {
      std::string name = one.param.what;
      std::replace(name.begin(), name.end(), ' ', '_');
      return name;
    });

TEST(united_lists, articles_that_there_are_not_are_damage) {
  std::vector<found_list> lists(6);
  for (found_list& f : lists) f.articles = {1, 2, 3, 4, 5, 6};
  lists.back().articles.push_back(7);
  EXPECT_THROW(united(lists, combining::sum, 6), Xapian::DatabaseCorruptError);
}

}  // namespace
}  // namespace rapporteur::search
