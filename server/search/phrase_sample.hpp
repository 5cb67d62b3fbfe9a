// What stands side by side in a sample of texts: names and fixed phrases as printed, words of Han, Katakana and Hangul,
// and how single words are printed. What is suggested while a query is typed is made of it.
//
// Counts; decides nothing about what is suggested, and knows no index.
#pragma once

#include "index/analysis.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace rapporteur::search {

class phrase_sample {
 public:
  phrase_sample();

  /// Reads a text. article: any number by which the caller knows the text again.
  void add(std::string_view text, std::uint32_t article);

  struct phrase {
    std::string text;   ///< as most of the texts print it
    bool name = false;  ///< its words begin with capitals
    bool word = false;  ///< one word of a script that does not part them
    std::uint32_t articles = 0;
    std::array<std::uint32_t, 2> examples{};  ///< two of them
  };
  /// Those in at least so many texts; if they are too many the most frequent ones.
  std::vector<phrase> phrases(std::uint32_t least, std::size_t most) const;

  /// Folded words that are mostly printed otherwise (Tomás, UN), sorted, at most so many.
  std::vector<std::pair<std::string, std::string>> forms(std::size_t most) const;

 private:
  struct printed {
    std::string text;
    std::uint32_t times = 0;
  };
  using variants = std::vector<printed>;
  struct entry {
    variants texts;
    std::uint32_t articles = 0, capitals = 0, last = 0;
    std::array<std::uint32_t, 2> examples{};
    bool word = false;
  };
  struct word {
    std::uint32_t begin = 0, end = 0;
    std::string_view folded;
    bool joined = false;   // to the word before
    bool initial = false;  // at the beginning of a sentence
    bool capital = false;
    bool little = false;  // a stop word or a number: no phrase begins with it …
    bool ends = false;    // … or ends, but a name in capitals may: Un is an article in Spanish
  };

  void read_words(std::string_view text);
  void count(std::uint64_t hash, std::string_view text, bool capitals, bool one_word, std::uint32_t article);
  void count_words(std::string_view text, std::uint32_t article);
  void count_characters(std::string_view text, std::uint32_t article);
  static void note(variants& v, std::string_view text);
  static const std::string& most_printed(const variants& v);

  index::analyzer analyzer_;
  index::token_list tokens_;
  std::vector<word> words_;
  std::vector<bool> seen_;  // by hash: most of what stands side by side does so once
  std::unordered_map<std::uint64_t, entry> entries_;
  std::unordered_map<std::string, variants> forms_;
};

}  // namespace rapporteur::search
