// Finds in a text what a query's patterns match: the byte ranges that are marked.
//
// Reads the text with the tokeniser that indexed it, but only where one of the query's words may stand: word_filter
// names those places, and the words around them are analysed as they would be in the whole text. Knows nothing of
// Xapian or of passages. Owns its analyser, stemmers and scratch space: one per thread.
#pragma once

#include "index/analysis.hpp"
#include "index/stemming.hpp"
#include "index/text_blocks.hpp"
#include "server/search/pattern.hpp"
#include "server/search/word_filter.hpp"

#include <cstdint>
#include <map>
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
  bool operator==(const match_range&) const = default;
};

class matcher {
 public:
  /// Prepares for the texts of one answer. patterns must outlive the calls that follow.
  void prepare(const std::vector<pattern>& patterns);

  [[nodiscard]] const std::vector<pattern>& patterns() const noexcept { return *patterns_; }

  /// The matches that begin in [begin, end) of a text of the given language, by begin, longest first. begin and end are
  /// 0, the text's size or the begins of blocks. title: the text is a title, where the patterns of the title field
  /// count too. Fetches the blocks of the range, and their neighbours where a match may reach over.
  void find(index::block_text& text, std::string_view language, bool title, std::size_t begin, std::size_t end,
            std::vector<match_range>& out);

  /// The blocks where matches of pattern n may begin, judged by the text's directory; never misses one that has any.
  index::block_set blocks_of(std::uint32_t n, const index::block_text& text, std::string_view language);

  /// Those of them where it may match twice within index::k_pair_bytes, the first time in the block itself.
  index::block_set blocks_of_pairs(std::uint32_t n, const index::block_text& text, std::string_view language);

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

  /// A token that may be a step of a phrase; an occurrence of a word or phrase that may be part of a NEAR.
  struct candidate {
    std::uint32_t pattern = 0, position = 0, step = 0, begin = 0, end = 0;
  };
  struct occurrence {
    std::uint32_t group = 0, first = 0, last = 0, operand = 0;  // positions
    match_range range;
  };

  const word_filter& filter_for(std::string_view language);
  void read_around_candidates(index::block_text& text, std::string_view language, std::size_t begin, std::size_t end);
  void read(index::block_text& text, std::string_view language, std::size_t begin, std::size_t end);
  void take_tokens(std::string_view text, std::string_view language);
  void note(const std::vector<place>& places, const index::token& t);
  void add(std::uint32_t pattern, std::uint32_t first, std::uint32_t last, std::uint32_t begin, std::uint32_t end);
  void join_phrases();
  void join_near();
  void find_characters(index::block_text& text);
  index::block_set blocks_of_step(const pattern_step& s, const index::text_directory& d, std::string_view language);
  index::block_set blocks_of_steps(const pattern& p, const index::text_directory& d, std::string_view language);

  const std::vector<pattern>* patterns_ = nullptr;
  place_map words_, stems_, acronyms_, symbols_;
  bool any_characters_ = false;
  std::uint32_t context_before_ = 0, context_after_ = 0;     // words around a candidate that are read with it
  std::map<std::string, word_filter, std::less<>> filters_;  // by language
  std::vector<std::string_view> ready_;                      // languages whose filters are of these patterns

  index::analyzer analyzer_;
  index::stemmers stemmers_;
  index::token_list tokens_;
  std::uint32_t first_position_ = 0;  // of the part at hand; parts that do not touch are far apart
  bool title_ = false;
  std::vector<candidate> candidates_;
  std::vector<occurrence> occurrences_;
  std::vector<match_range> found_;
  std::vector<std::string_view> stem_scratch_;
  std::string key_scratch_;
};

}  // namespace rapporteur::search
