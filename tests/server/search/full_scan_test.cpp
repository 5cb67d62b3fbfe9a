// Reading only where a word of the query may stand marks and shows what reading everything would.
#include "tests/server/search/full_scan.hpp"

#include "index/reader.hpp"
#include "server/search/highlighter.hpp"
#include "server/search/planner.hpp"
#include "server/search/query_parser.hpp"
#include "tests/server/search/real_articles.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rapporteur::search {
namespace {

std::string show(std::string_view text, const std::vector<match_range>& m, std::size_t i) {
  if (i >= m.size()) return "nothing";
  const std::size_t from = m[i].begin - std::min<std::size_t>(m[i].begin, 40);
  return "pattern " + std::to_string(m[i].pattern) + " at " + std::to_string(m[i].begin) + " [" +
         std::string(text.substr(m[i].begin, m[i].end - m[i].begin)) + "] in …" +
         std::string(text.substr(from, m[i].end - from + 40)) + "…";
}

class against_full_scan : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    articles() = real_articles(60);
    long_ones() = long_articles(articles(), 6, 150000);
    std::vector<article> all = articles();
    all.insert(all.end(), long_ones().begin(), long_ones().end());
    archive() = std::make_unique<temporary_index>(all);
  }
  static void TearDownTestSuite() { archive().reset(); }
  static std::vector<article>& articles() {
    static std::vector<article> a;
    return a;
  }
  static std::vector<article>& long_ones() {
    static std::vector<article> a;
    return a;
  }
  static std::unique_ptr<temporary_index>& archive() {
    static std::unique_ptr<temporary_index> a;
    return a;
  }

  std::vector<pattern> patterns_of(const std::string& q) {
    auto p = planner_.make(parse_query(q, parser_limits{}).root, request{});
    EXPECT_TRUE(p) << q;
    return p ? p->patterns : std::vector<pattern>{};
  }
  std::string_view language_of(const article& a) { return index::stem_language(a.language, "en"); }

  index::reader reader_ = index::reader::open(archive()->path()).value();
  planner planner_{reader_, limits{}};
  full_scan reference_;
  matcher matcher_;
};

TEST_F(against_full_scan, the_same_is_marked) {
  query_maker queries(articles(), 42);
  std::mt19937 random(5);
  std::size_t compared = 0;
  std::size_t marked = 0;
  for (int round = 0; round < 20; ++round) {
    for (int k = 0; k < static_cast<int>(query_maker::kind::count); ++k) {
      const std::string q = queries.make(static_cast<query_maker::kind>(k));
      const std::vector<pattern> patterns = patterns_of(q);
      if (patterns.empty()) continue;
      matcher_.prepare(patterns);
      for (int i = 0; i < 12; ++i) {
        const article& a = articles()[random() % articles().size()];
        const auto expected = reference_.matches(patterns, a.text, language_of(a), false);
        std::vector<match_range> found;
        index::block_text text = index::block_text::borrow(a.text);
        matcher_.find(text, language_of(a), false, 0, a.text.size(), found);
        for (std::size_t m = 0; m < std::max(found.size(), expected.size()); ++m) {
          ASSERT_TRUE(m < found.size() && m < expected.size() && found[m] == expected[m])
              << q << " in " << a.id << " (" << a.language << "): found " << show(a.text, found, m) << "\n expected "
              << show(a.text, expected, m);
        }
        ++compared;
        marked += expected.empty() ? 0 : 1;

        match_source source(matcher_, text, language_of(a));
        for (const std::size_t bytes : {60U, 240U, 1000U}) {
          const auto windows = choose_windows(source, bytes, 3);
          const auto best = full_scan::windows(patterns, expected, bytes, 3, false);
          ASSERT_EQ(windows.size(), best.size()) << q << " in " << a.id;
          for (std::size_t w = 0; w < best.size(); ++w) {
            ASSERT_EQ(windows[w].score, best[w].score) << q << " in " << a.id << ", window " << w;
            ASSERT_EQ(windows[w].begin, best[w].begin) << q << " in " << a.id << ", window " << w;
            ASSERT_EQ(windows[w].end, best[w].end) << q << " in " << a.id << ", window " << w;
          }
        }
      }
    }
  }
  EXPECT_GT(compared, 3000U);
  EXPECT_GT(marked, 300U);
}

// Long texts are read block by block, where their directory says that something may stand.
TEST_F(against_full_scan, long_texts_are_marked_and_shown_the_same) {
  query_maker queries(long_ones(), 43);
  index::stemmers stemmers;
  index::analyzer analyzer;
  index::token_list tokens;
  std::vector<index::text_directory> directories;
  for (const article& a : long_ones()) {
    analyzer.analyze(a.text, tokens);
    directories.push_back(index::make_directory(a.text, tokens, language_of(a), stemmers));
    ASSERT_GT(directories.back().blocks(), 4U) << a.id;
  }
  std::size_t fetched = 0;
  std::size_t blocks = 0;
  for (int round = 0; round < 12; ++round) {
    for (int k = 0; k < static_cast<int>(query_maker::kind::count); ++k) {
      const std::string q = queries.make(static_cast<query_maker::kind>(k));
      const std::vector<pattern> patterns = patterns_of(q);
      if (patterns.empty()) continue;
      highlighter marks;
      marks.prepare(patterns);
      matcher_.prepare(patterns);
      const std::size_t n = static_cast<std::size_t>(round) % long_ones().size();
      const article& a = long_ones()[n];
      const auto fetch = [&](const index::text_directory& d) {
        return [&](std::size_t b, std::span<char> to) -> result<void> {
          a.text.copy(to.data(), to.size(), d.begins[b]);
          return {};
        };
      };
      const auto expected = reference_.matches(patterns, a.text, language_of(a), false);
      index::block_text text(directories[n], fetch(directories[n]));
      match_source source(matcher_, text, language_of(a));
      for (const std::size_t bytes : {100U, 240U, 2000U}) {
        const auto windows = choose_windows(source, bytes, 3);
        const auto best = full_scan::windows(patterns, expected, bytes, 3, true);
        ASSERT_EQ(windows.size(), best.size()) << q << " in " << a.id;
        for (std::size_t w = 0; w < best.size(); ++w) {
          ASSERT_EQ(windows[w].score, best[w].score) << q << " in " << a.id << ", window " << w;
          ASSERT_EQ(windows[w].begin, best[w].begin) << q << " in " << a.id << ", window " << w;
        }
      }
      // Every block, whether or not its directory says that it is worth reading.
      const auto found = source.between(0, a.text.size());
      for (std::size_t m = 0; m < std::max(found.size(), expected.size()); ++m) {
        ASSERT_TRUE(m < found.size() && m < expected.size() && found[m] == expected[m])
            << q << " in " << a.id << " (" << a.language << "): found " << show(a.text, found, m) << "\n expected "
            << show(a.text, expected, m);
      }
      index::text_directory blind = directories[n];
      blind.rows = 0;
      index::block_text lazy(directories[n], fetch(directories[n]));
      index::block_text eager(blind, fetch(blind));
      eager.need(0, eager.size());
      ASSERT_EQ(marks.passages(lazy, language_of(a), 3, 240).value(),
                marks.passages(eager, language_of(a), 3, 240).value())
          << q << " in " << a.id;
      fetched += lazy.fetched();
      blocks += lazy.blocks();
    }
  }
  EXPECT_LT(fetched * 2, blocks);
  std::cout << fetched << " of " << blocks << " blocks\n";
}

}  // namespace
}  // namespace rapporteur::search
