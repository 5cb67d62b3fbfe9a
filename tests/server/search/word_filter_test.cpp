// What the filter skips is never a wanted word, in whatever way it is printed and in whatever form.
#include "server/search/word_filter.hpp"

#include "index/analysis.hpp"
#include "index/stemming.hpp"
#include "index/unicode.hpp"
#include "tests/server/search/real_articles.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace rapporteur::search {
namespace {

bool stops_at(const word_filter& f, std::string_view text, std::size_t at) {
  // The piece of text between blanks is what is read around a stop.
  const std::size_t stop = f.next(text, index::break_at_or_before(text, at));
  return stop < text.size() && index::break_at_or_before(text, stop) == index::break_at_or_before(text, at);
}

// Every letter of the Basic Multilingual Plane, composed and decomposed, at the beginning of a word.
TEST(word_filter, knows_every_spelling_of_a_first_letter) {
  index::analyzer analyzer;
  index::token_list tokens;
  std::size_t asked = 0;
  for (char32_t c = 0x21; c < 0x10000; ++c) {
    const index::char_class k = index::class_of(c);
    if (k == index::char_class::other || k == index::char_class::extend || k == index::char_class::apostrophe ||
        k == index::char_class::hyphen)
      continue;
    std::string composed;
    index::append_utf8(composed, c);
    for (const std::string& letter : {composed, index::decompose(c)}) {
      const std::string text = "- " + letter + "ab.";
      analyzer.analyze(text, tokens);
      for (const index::token& t : tokens.tokens()) {
        if (t.kind == index::token_kind::acronym || t.kind == index::token_kind::symbol) continue;
        word_filter f;
        f.add_word(tokens.text(t));
        ASSERT_TRUE(stops_at(f, text, t.begin)) << std::hex << static_cast<unsigned>(c) << " " << text;
        ++asked;
      }
    }
  }
  EXPECT_GT(asked, 50000U);
}

// Every stemmer over the words of real articles: each word is stopped at for its stem.
TEST(word_filter, knows_the_words_of_a_stem) {
  std::set<std::string> words;
  index::analyzer analyzer;
  index::token_list tokens;
  for (const article& a : real_articles(have_corpora() ? 25 : 0)) {
    analyzer.analyze(a.text, tokens);
    for (const index::token& t : tokens.tokens()) {
      if (t.kind == index::token_kind::word && t.end - t.begin < 60)
        words.insert(a.text.substr(t.begin, t.end - t.begin));
    }
  }
  ASSERT_GT(words.size(), 1000U);
  index::stemmers stemmers;
  std::vector<std::string_view> stems;
  std::size_t asked = 0;
  word_filter f;
  for (const std::string& word : words) {
    analyzer.analyze(word, tokens);
    if (tokens.tokens().empty() || tokens.tokens().front().kind != index::token_kind::word) continue;
    const std::string folded(tokens.text(tokens.tokens().front()));
    const bool latin = static_cast<unsigned char>(folded.front()) < 0x80;
    for (const std::string& language : index::stemmed_languages()) {
      // Each stemmer on the scripts that it knows; the others leave words as they are.
      const bool own = language == "ar"
                           ? folded.front() == '\xD8' || folded.front() == '\xD9'
                           : (language == "ru" || language == "hy" || language == "ne" || language == "ta") != latin;
      if (!own) continue;
      stemmers.stem(language, index::token_kind::word, word, folded, stems);
      for (const std::string_view stem : stems) {
        f.clear();
        f.add_stem(stem, language);
        ASSERT_TRUE(stops_at(f, word, 0)) << language << ": " << word << " has the stem " << stem;
        ++asked;
      }
    }
  }
  EXPECT_GT(asked, 10000U);
}

TEST(word_filter, skips_what_is_not_wanted) {
  word_filter f;
  f.add_word("prison");
  f.add_acronym("UN");
  const std::string text = "under the unions, prisoners and PRISONS of an un-named prisonlike place. UNDER.";
  EXPECT_EQ(f.next(text, 0), text.size());
  for (const std::string found : {"prison", "Prison", "PRISON", "prison’s", "prison-camp", "UN", "U.N.", "UNs", "l’UN",
                                  "prísoñ", "ｐｒｉｓｏｎ", "pri\xCC\x81son"}) {
    const std::string around = "aaa " + found + " bbb";
    EXPECT_LT(f.next(around, 0), around.size()) << found;
  }
}

}  // namespace
}  // namespace rapporteur::search
