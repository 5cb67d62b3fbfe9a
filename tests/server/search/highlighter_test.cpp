// Passages: where they are cut, what they show, and that they say so where text was left out.
#include "server/search/highlighter.hpp"

#include "index/unicode.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <sstream>
#include <string>
#include <vector>

namespace rapporteur::search {
namespace {

pattern word(const std::string& w, double weight = 1) {
  pattern p;
  p.steps.push_back({{w}, {}, {}, {}});
  p.weight = weight;
  return p;
}

std::string plain(const marked_text& t) {
  std::string out;
  for (const run& r : t) out += r.match ? "[" + r.text + "]" : r.text;
  return out;
}

std::vector<std::string> passages(const std::string& text, const std::vector<pattern>& patterns, std::uint32_t count,
                                  std::uint32_t chars) {
  highlighter h;
  h.prepare(patterns);
  std::vector<std::string> out;
  index::block_text whole = index::block_text::borrow(text);
  for (const marked_text& t : h.passages(whole, "en", count, chars).value()) out.push_back(plain(t));
  return out;
}

TEST(passages, a_short_text_is_shown_whole) {
  EXPECT_EQ(passages("The camps are open.", {word("camps")}, 3, 200),
            std::vector<std::string>{"The [camps] are open."});
}

TEST(passages, prefer_what_shows_more_of_the_query) {
  const std::string filler(600, ' ');
  std::string text = "Camps here. ";
  for (int i = 0; i < 60; ++i) text += "Nothing else was said that day. ";
  text += "The envoy saw the camps. ";
  for (int i = 0; i < 60; ++i) text += "Nothing else was said that day. ";
  const auto shown = passages(text, {word("camps"), word("envoy")}, 1, 120);
  ASSERT_EQ(shown.size(), 1U);
  EXPECT_NE(shown[0].find("The [envoy] saw the [camps]."), std::string::npos) << shown[0];
  EXPECT_TRUE(shown[0].starts_with("… ")) << shown[0];
  EXPECT_TRUE(shown[0].ends_with(" …")) << shown[0];
}

TEST(passages, begin_and_end_with_sentences_where_they_fit) {
  const std::string text =
      "First came the long march of the workers from the northern district. The envoy spoke. Then all of them went "
      "home to their "
      "villages and nobody said anything more about it for years.";
  EXPECT_EQ(passages(text, {word("envoy")}, 1, 30), std::vector<std::string>{"… The [envoy] spoke. …"});
}

TEST(passages, without_a_match_show_the_beginning) {
  const auto shown =
      passages("One two three four five six seven eight nine ten eleven twelve", {word("nobody")}, 2, 30);
  ASSERT_EQ(shown.size(), 1U);
  EXPECT_TRUE(shown[0].starts_with("One two")) << shown[0];
  EXPECT_TRUE(shown[0].ends_with(" …")) << shown[0];
}

TEST(passages, line_breaks_become_blanks) {
  EXPECT_EQ(passages("The\ncamps\n\nare open", {word("camps")}, 1, 200),
            std::vector<std::string>{"The [camps] are open"});
}

// Over random texts: passages are pieces of the text in order, never overlapping, each with a mark, within bounds, and
// on character boundaries.
TEST(passages, are_pieces_of_the_text) {
  std::mt19937 random(7);
  const std::vector<std::string> words = {"camps", "envoy", "said", "the",  "détention", "北朝鮮", "والسجناء",
                                          "U.N.",  "a",     "end.", "\n\n", "one-two",   "людей"};
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    const unsigned count = random() % 200;
    for (unsigned i = 0; i < count; ++i) text += words[random() % words.size()] + (random() % 9 != 0 ? " " : "");
    highlighter h;
    const std::vector<pattern> patterns = {word("camps"), word("envoy", 3), word("北朝")};
    h.prepare(patterns);
    const auto matches = h.find(text, "en", false);
    const std::uint32_t chars = 20 + random() % 200;
    index::block_text whole = index::block_text::borrow(text);
    const auto shown = h.passages(whole, "en", 1 + random() % 4, chars).value();
    std::string squeezed;
    for (const char c : text) {
      const bool space = c == ' ' || c == '\n';
      if (!space) squeezed.push_back(c);
    }
    std::size_t from = 0;
    for (const marked_text& t : shown) {
      std::string piece;
      bool marked = false;
      for (const run& r : t) {
        ASSERT_EQ(index::find_invalid_utf8(r.text), std::string::npos);
        if (!r.ellipsis) piece += r.text;
        marked = marked || r.match;
      }
      ASSERT_EQ(marked, !matches.empty()) << piece;
      std::erase(piece, ' ');
      const std::size_t at = squeezed.find(piece, from);
      ASSERT_NE(at, std::string::npos) << piece;
      from = at + piece.size();
    }
  }
}

// In scripts with spaces no word is ever cut, marked or not.
TEST(passages, hold_whole_words) {
  std::mt19937 random(11);
  const std::vector<std::string> words = {"camps", "envoy",        "enforced", "disappearances",
                                          "said",  "prosperity,”", "the",      "end."};
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    const unsigned count = 1 + random() % 300;
    for (unsigned i = 0; i < count; ++i) text += (i == 0 ? "" : " ") + words[random() % words.size()];
    const std::vector<pattern> patterns = {word("camps"), word("enforced", 3), word("disappearances", 2)};
    highlighter h;
    h.prepare(patterns);
    index::block_text whole = index::block_text::borrow(text);
    for (const marked_text& t : h.passages(whole, "en", 1 + random() % 4, 20 + random() % 200).value()) {
      std::string piece;
      for (const run& r : t) {
        if (!r.ellipsis) piece += r.text;
      }
      std::istringstream in(piece);
      for (std::string w; in >> w;) {
        ASSERT_TRUE(std::find(words.begin(), words.end(), w) != words.end()) << w << " in " << piece;
      }
    }
  }
}

TEST(marks, overlapping_matches_are_one) {
  EXPECT_EQ(plain(highlighter::mark("abcdef", {{0, 3, 0}, {2, 4, 1}, {5, 6, 0}})), "[abcd]e[f]");
  EXPECT_EQ(plain(highlighter::mark("abc", {})), "abc");
  EXPECT_TRUE(highlighter::mark("", {}).empty());
}

}  // namespace
}  // namespace rapporteur::search
