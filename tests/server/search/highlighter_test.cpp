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

// An ellipsis is a run of its own and never part of the article's text.
TEST(passages, tell_ellipses_apart) {
  std::string text;
  for (int i = 0; i < 40; ++i) text += "Nothing … was said. ";
  text += "The envoy spoke. ";
  for (int i = 0; i < 40; ++i) text += "Nothing … was said. ";
  highlighter h;
  const std::vector<pattern> patterns = {word("envoy")};
  h.prepare(patterns);
  index::block_text whole = index::block_text::borrow(text);
  const auto shown = h.passages(whole, "en", 1, 60).value();
  ASSERT_EQ(shown.size(), 1U);
  ASSERT_GE(shown[0].size(), 4U);
  EXPECT_EQ(shown[0].front(), (run{"… ", false, true}));
  EXPECT_EQ(shown[0].back(), (run{" …", false, true}));
  for (std::size_t i = 1; i + 1 < shown[0].size(); ++i) EXPECT_FALSE(shown[0][i].ellipsis);
}

TEST(passages, know_where_sentences_end) {
  struct {
    const char* before;  // of the sentence that is shown
    const char* sentence;
    const char* behind;
    const char* wanted;
  } const rows[] = {
      {"That was all he ever said. ", "Mr. J. Kim of the U.N. office met the envoy.", " Others were silent for years.",
       "envoy"},
      {"彼は何も言わなかったし書かなかった。", "特使は収容所を訪れた。", "その後のことは誰も知らない。", "特使"},
      {"ولم يقل أحد شيئا بعد ذلك اليوم؟ ", "زار المبعوث المعسكرات.", " ثم سكت الجميع سنوات طويلة.", "المبعوث"},
      {"उस दिन किसी ने कुछ नहीं कहा। ", "दूत ने शिविर देखा।", " फिर सब लोग चुप हो गए थे।", "शिविर"},
      {"“Nobody would say.” ", "“The envoy wept,” she wrote.", " Then they all went home to their villages.", "envoy"},
  };
  for (const auto& r : rows) {
    const std::string text = std::string(r.before) + r.sentence + r.behind;
    std::size_t characters = 0;
    for (const char* c = r.sentence; *c != 0; ++c)
      characters += (static_cast<unsigned char>(*c) & 0xC0) != 0x80 ? 1 : 0;
    const auto shown = passages(text, {word(r.wanted)}, 1, static_cast<std::uint32_t>(characters) + 4);
    ASSERT_EQ(shown.size(), 1U);
    std::string plain_text = shown[0];
    std::erase(plain_text, '[');
    std::erase(plain_text, ']');
    EXPECT_EQ(plain_text, "… " + std::string(r.sentence) + " …");
  }
}

// Where a script has no blanks, words are those of the dictionary, and what readers take for one character stays whole.
TEST(passages, cut_no_word_of_thai_and_no_cluster) {
  std::string thai;
  for (int i = 0; i < 40; ++i) thai += "เจ้าหน้าที่ตรวจสอบเรือนจำและสิทธิมนุษยชนในประเทศ";
  index::analyzer analyzer;
  index::token_list tokens;
  analyzer.analyze(thai, tokens);
  std::vector<std::string> words;
  for (const index::token& t : tokens.tokens()) words.emplace_back(tokens.text(t));
  for (std::uint32_t chars = 20; chars < 120; chars += 7) {
    for (const std::string& shown : passages(thai, {word("เรือนจำ")}, 2, chars)) {
      std::string piece;
      for (const char c : shown) {
        if (c != '[' && c != ']' && c != ' ') piece.push_back(c);
      }
      for (const std::string dots = "…"; piece.find(dots) != std::string::npos;)
        piece.erase(piece.find(dots), dots.size());
      index::token_list shown_words;
      analyzer.analyze(piece, shown_words);
      ASSERT_GT(shown_words.tokens().size(), 0U);
      for (const index::token& t : shown_words.tokens())
        EXPECT_NE(std::find(words.begin(), words.end(), shown_words.text(t)), words.end()) << piece;
    }
  }
  std::string emoji = "camp ";
  for (int i = 0; i < 100; ++i) emoji += "👩‍👩‍👧";  // three people, joined
  for (std::uint32_t chars = 20; chars < 60; ++chars) {
    const std::string shown = passages(emoji, {word("camp")}, 1, chars).front();
    EXPECT_TRUE(shown.ends_with("👧 …") || shown.ends_with("[camp] …")) << shown;
  }
}

pattern near(const std::string& w, std::uint32_t operand, std::uint32_t operands, std::uint32_t distance) {
  pattern p = word(w);
  p.near = {7, operand, operands, distance};
  return p;
}

std::string marked(const std::string& text, const std::vector<pattern>& patterns, bool title = false) {
  highlighter h;
  h.prepare(patterns);
  return plain(highlighter::mark(text, h.find(text, "en", title)));
}

TEST(marks, of_a_near_are_those_that_stand_near) {
  const std::string text = "camps far from where the envoy once was; the envoy saw camps, and camps saw the envoy";
  EXPECT_EQ(marked(text, {near("envoy", 0, 2, 2), near("camps", 1, 2, 2)}),
            "camps far from where the envoy once was; the [envoy] saw [camps], and camps saw the envoy");
  EXPECT_EQ(marked(text, {near("envoy", 0, 2, 3), near("camps", 1, 2, 3)}),
            "camps far from where the envoy once was; the [envoy] saw [camps], and [camps] saw the [envoy]");
  EXPECT_EQ(marked(text, {near("envoy", 0, 2, 1), near("camps", 1, 2, 1)}), text);
  // Alternatives of one operand; three operands; one word twice needs two of them.
  EXPECT_EQ(marked("a b x c", {near("a", 0, 2, 1), near("x", 1, 2, 1), near("b", 1, 2, 1)}), "[a] [b] x c");
  EXPECT_EQ(marked("a b - c d a . b", {near("a", 0, 3, 1), near("b", 1, 3, 1), near("c", 2, 3, 1)}),
            "[a] [b] - [c] d a . b");
  EXPECT_EQ(marked("un was un", {near("un", 0, 2, 2), near("un", 1, 2, 2)}), "[un] was [un]");
  EXPECT_EQ(marked("only one un here", {near("un", 0, 2, 9), near("un", 1, 2, 9)}), "only one un here");
}

TEST(marks, of_the_title_field_are_in_titles_only) {
  pattern p = word("camps");
  p.title_only = true;
  EXPECT_EQ(marked("The camps", {p}, false), "The camps");
  EXPECT_EQ(marked("The camps", {p}, true), "The [camps]");
  p.characters = "amps";
  EXPECT_EQ(marked("The camps", {p}, true), "The c[amps]");
  EXPECT_EQ(marked("The camps", {p}, false), "The camps");
}

TEST(marks, overlapping_matches_are_one) {
  EXPECT_EQ(plain(highlighter::mark("abcdef", {{0, 3, 0}, {2, 4, 1}, {5, 6, 0}})), "[abcd]e[f]");
  EXPECT_EQ(plain(highlighter::mark("abc", {})), "abc");
  EXPECT_TRUE(highlighter::mark("", {}).empty());
}

}  // namespace
}  // namespace rapporteur::search
