// Marks in a text what a query matched, and chooses the passages worth showing.
//
// Reads the text with the tokeniser that indexed it and looks for the planner's patterns; knows nothing of Xapian or
// of where texts come from. Owns its analyser, stemmers and scratch space: one per thread.
#pragma once

#include "index/analysis.hpp"
#include "index/stemming.hpp"
#include "server/search/pattern.hpp"
#include "server/search/search.hpp"

#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace rapporteur::search {

/// A match: bytes [begin, end) of a text, and the pattern that they match.
struct match_range {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint32_t pattern = 0;
};

class highlighter {
 public:
  /// Prepares for the texts of one answer. patterns must outlive the calls that follow.
  void prepare(const std::vector<pattern>& patterns);

  /// All matches in a text of the given language, by begin, longest first. title: the text is a title, where the
  /// patterns of the title field count too.
  const std::vector<match_range>& find(std::string_view text, std::string_view language, bool title);

  /// text as runs, marked where one or more matches are.
  static marked_text mark(std::string_view text, const std::vector<match_range>& matches);

  /// text split at blank lines, each paragraph marked; marked_runs gets the number of marked runs.
  static std::vector<marked_text> mark_paragraphs(std::string_view text, const std::vector<match_range>& matches,
                                                  std::uint32_t& marked_runs);

  /// Up to count passages of about chars characters, in order of the text: those that show the most of the query, then
  /// the densest. Cut at sentences where that fits, else at words; "… " and " …" tell where text was left out. Without
  /// a match: the beginning of the text.
  std::vector<marked_text> passages(std::string_view text, const std::vector<match_range>& matches, std::uint32_t count,
                                    std::uint32_t chars) const;

 private:
  struct place {
    std::uint32_t pattern = 0;
    std::uint32_t step = 0;
  };
  struct key_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const noexcept { return std::hash<std::string_view>{}(s); }
  };
  using place_map = std::unordered_map<std::string, std::vector<place>, key_hash, std::equal_to<>>;

  void note(const std::vector<place>& places, const index::token& t);
  void find_characters(std::string_view text, const pattern& p, std::uint32_t number);
  void join_phrases();

  const std::vector<pattern>* patterns_ = nullptr;
  place_map words_, stems_, acronyms_, symbols_;
  std::bitset<256> first_bytes_;  // of words and stems: most tokens are dismissed by their first byte
  bool any_stems_ = false;
  bool any_phrases_ = false;

  /// A token that may be a step of a phrase.
  struct candidate {
    std::uint32_t position = 0, begin = 0, end = 0, pattern = 0, step = 0;
  };
  index::analyzer analyzer_;
  index::stemmers stemmers_;
  index::token_list tokens_;
  std::vector<candidate> candidates_;
  std::vector<match_range> found_;
  std::vector<std::string_view> stem_scratch_;
  std::string key_scratch_;
  bool title_ = false;
};

}  // namespace rapporteur::search
