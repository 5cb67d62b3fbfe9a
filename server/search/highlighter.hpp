// Marks in a text what a query matched, and shows the passages worth showing.
//
// The face of matcher (what matches) and passages (what is shown). Knows nothing of Xapian or of where texts come from.
// Owns its analysers, stemmers and scratch space: one per thread.
#pragma once

#include "index/analysis.hpp"
#include "index/text_blocks.hpp"
#include "server/search/matcher.hpp"
#include "server/search/pattern.hpp"
#include "server/search/search.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace rapporteur::search {

class highlighter {
 public:
  /// Prepares for the texts of one answer. patterns must outlive the calls that follow.
  void prepare(const std::vector<pattern>& patterns) { matcher_.prepare(patterns); }

  /// All matches in a text of the given language, by begin, longest first. title: the text is a title, where the
  /// patterns of the title field count too. Valid until the next call.
  const std::vector<match_range>& find(std::string_view text, std::string_view language, bool title);

  /// text as runs, marked where one or more matches are.
  static marked_text mark(std::string_view text, const std::vector<match_range>& matches);

  /// text split at blank lines, each paragraph marked; marked_runs grows by the number of marked runs.
  static std::vector<marked_text> mark_paragraphs(std::string_view text, const std::vector<match_range>& matches,
                                                  std::uint32_t& marked_runs);

  /// Up to count passages of about chars characters, in order of the text: those that show the most of the query, then
  /// the densest. Cut at sentences where that fits, else at words; runs of ellipsis tell where text was left out.
  /// Without a match: the beginning of the text. Of a text in blocks only those are fetched that can matter; the error
  /// is that of a fetch.
  result<std::vector<marked_text>> passages(index::block_text& text, std::string_view language, std::uint32_t count,
                                            std::uint32_t chars);

 private:
  matcher matcher_;
  index::analyzer analyzer_;
  std::vector<match_range> found_;
};

}  // namespace rapporteur::search
