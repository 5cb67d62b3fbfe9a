// The words of a query that its spelling may be corrected in, where they stand, and the query with some of them
// replaced.
//
// What may be corrected: words, also those in a title: field, in groups and beside operators; the words of a phrase if
// nothing else is searched for in the texts. Never what is excluded, wildcards, exact characters, the values of fields,
// numbers, symbols and addresses. Knows nothing of the archive.
#pragma once

#include "index/analysis.hpp"
#include "server/search/query.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::search {

struct query_word {
  std::size_t leaf = 0;            ///< the how manieth leaf of the query it belongs to, from 0
  std::size_t begin = 0, end = 0;  ///< bytes in the query
  std::size_t start = 0;           ///< where it begins together with what is elided
  std::string folded;              ///< its term
  std::string elided;              ///< what is one word with it but is not corrected: the l of l’homme
  std::u32string characters;       ///< of folded
  bool cjk = false;                ///< a run of Han, Kana or Hangul
  bool phrase = false;             ///< part of a phrase
  bool alone = false;              ///< the only word of its leaf
  bool touches_previous = false;   ///< only blanks stand between it and the query word before it
};

/// In the order in which they stand.
std::vector<query_word> correctable_words(std::string_view q, const query_node& root, index::analyzer& analyzer);

/// Bytes [begin, end) of the query become text. May span two words with nothing but blanks between them.
struct replacement {
  std::size_t begin = 0, end = 0;
  std::string text;
};

struct corrected_query {
  std::string q;
  query_node root;
};

/// The query with the replacements, which are in order and apart. Everything else stays as it was typed; nothing if
/// the result would be read with another structure.
std::optional<corrected_query> correct(std::string_view q, const query_node& root,
                                       const std::vector<replacement>& replacements, std::uint32_t max_leaves);

/// text in the capitals of what was typed: all of it in capitals, with a capital letter first, or as it is.
std::string in_style_of(std::string_view typed, std::string_view text);

}  // namespace rapporteur::search
