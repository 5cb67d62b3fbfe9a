// Patterns: what a query looks for in a text, in the tokeniser's terms. The planner makes them beside the Xapian query,
// from the same leaves, so that what the highlighter marks is what the index matched.
//
// Plain values; know neither Xapian nor the text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace rapporteur::search {

/// What one position of a text may hold: any of these.
struct pattern_step {
  std::vector<std::string> words;     ///< folded forms, of any kind of token that is a plain term
  std::vector<std::string> stems;     ///< "en:prison": a stem, in articles of that language
  std::vector<std::string> acronyms;  ///< as written: UN
  std::vector<std::string> symbols;   ///< folded: a/hrc/25/63
};

/// The place of a pattern in a NEAR. Its matches count only where one match of each operand stands in one window, none
/// on another, with at most distance − 1 words among them that are not theirs.
struct near_place {
  std::uint32_t group = 0;     ///< the patterns of one NEAR have the same number; 0: no NEAR
  std::uint32_t operand = 0;   ///< alternatives of one operand have the same number, from 0
  std::uint32_t operands = 0;  ///< how many the NEAR has
  std::uint32_t distance = 0;  ///< as query_node::distance
};

struct pattern {
  std::vector<pattern_step> steps;  ///< neighbouring positions; one step is a word, more are a phrase
  std::string characters;           ///< if not empty: these very characters instead of steps
  bool title_only = false;
  near_place near;
  double weight = 1;  ///< what a match is worth in choosing passages; rarer is more
};

}  // namespace rapporteur::search
