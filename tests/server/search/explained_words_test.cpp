// What an explanation says of a word is what a search for it does: index/explanation_words tells in words what the
// planner decides, and this holds the two together. Over real articles, with words of them.
#include "index/explanation.hpp"
#include "server/search/searcher.hpp"
#include "tests/server/search/real_articles.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace rapporteur::search {
namespace {

std::set<std::string> found_by(searcher& s, const std::string& word) {
  std::set<std::string> ids;
  request r;
  r.q = word;
  r.expand = false;
  r.snippets = 0;
  r.limit = 100;
  for (;;) {
    const auto page = s.search(r);
    EXPECT_TRUE(page) << page.error().message;
    if (!page) return ids;
    for (const hit& h : page->hits) ids.insert(h.fields.id);
    if (page->hits.size() < r.limit) return ids;
    r.offset += r.limit;
  }
}

TEST(explained_words, say_what_a_search_finds) {
  const std::vector<article> articles = real_articles(12);
  const temporary_index index(articles);
  auto s = searcher::open(index.path(), {});
  ASSERT_TRUE(s) << s.error().message;
  auto e = index::explainer::open(index.path());
  ASSERT_TRUE(e) << e.error().message;
  std::vector<index::article_explanation> explained;
  for (const article& a : articles) {
    if (a.text.size() < 20000) explained.push_back(e->explain(a));
  }
  query_maker make(articles, 11);
  std::size_t found = 0, missed = 0, open = 0, held_back = 0;
  for (int n = 0; n < 240; ++n) {
    const std::string word = make.make(n % 4 == 0 ? query_maker::kind::acronym : query_maker::kind::word);
    // Signs of the query language are not what is held together here.
    if (word.empty() || word.find_first_of(" \"“”„«»()*:=|~^-!") != std::string::npos || word == "OR" ||
        word == "NOT" || word == "AND" || word.starts_with("NEAR"))
      continue;
    const std::set<std::string> ids = found_by(*s, word);
    for (const index::article_explanation& a : explained) {
      const auto w = e->explain_word(word, a, a.terms);
      ASSERT_TRUE(w) << w.error().message;
      const bool is = ids.contains(a.subject.id);
      const std::string what = word + " in " + a.subject.id + " (" + a.subject.language + "): " + w->because;
      switch (w->found) {
        case index::word_found::yes:
          // The planner may hold a stem back (docs/articles.md): what is found by another form alone may be missed.
          if (!is && w->because.find("another form") != std::string::npos) {
            ++held_back;
          } else {
            EXPECT_TRUE(is) << what;
            EXPECT_FALSE(w->places.empty()) << what;
          }
          ++found;
          break;
        case index::word_found::no:
          EXPECT_FALSE(is) << what;
          ++missed;
          break;
        case index::word_found::depends:
          ++open;
          break;
      }
    }
  }
  EXPECT_GT(found, 100U);
  EXPECT_GT(missed, 100U);
  EXPECT_LT(open * 20, found);
  EXPECT_LT(held_back * 20, found);
  RecordProperty("found", static_cast<int>(found));
  RecordProperty("held_back", static_cast<int>(held_back));
}

}  // namespace
}  // namespace rapporteur::search
