// Chooses the passages of a text that are worth showing, and cuts them.
//
// Which passages: those that show the most of the query, by the weights of what matches; of these, those where it
// stands closest together and most often; of these, the first. The whole text competes, but a long text is read only
// where something better may still stand: its directory says what a block can hold at most. Knows nothing of Xapian or
// of where texts come from.
#pragma once

#include "index/analysis.hpp"
#include "index/text_blocks.hpp"
#include "server/search/matcher.hpp"
#include "server/search/search.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace rapporteur::search {

/// How good a window of matches is, comparable: what it covers of the query above how dense it is.
using window_score = std::uint64_t;

/// A window: matches whose byte ranges lie in [begin, end).
struct window {
  std::size_t begin = 0, end = 0;
  window_score score = 0;
};

/// The matches of a text, found block by block when they are asked for.
class match_source {
 public:
  match_source(matcher& m, index::block_text& text, std::string_view language);

  [[nodiscard]] index::block_text& text() noexcept { return text_; }
  [[nodiscard]] const std::vector<pattern>& patterns() const noexcept { return matcher_.patterns(); }

  /// Whether matches of a pattern may begin in a block; exact for blocks whose matches have been asked for.
  [[nodiscard]] bool may_hold(std::size_t block, std::uint32_t pattern) const { return held_[pattern].test(block); }
  /// Whether it may match there twice within index::k_pair_bytes.
  [[nodiscard]] bool may_repeat(std::size_t block, std::uint32_t pattern) const {
    return repeated_[pattern].test(block);
  }
  [[nodiscard]] bool may_hold_any(std::size_t block) const { return any_.test(block); }

  /// The matches that begin in a block, by begin.
  const std::vector<match_range>& of(std::size_t block);

  /// The matches that begin in [begin, end).
  std::vector<match_range> between(std::size_t begin, std::size_t end);

 private:
  matcher& matcher_;
  index::block_text& text_;
  std::string_view language_;
  std::vector<index::block_set> held_, repeated_;  // by pattern
  index::block_set any_;
  index::block_set known_;
  std::vector<std::vector<match_range>> found_;
};

/// The best windows of at most so many bytes, at most count, in order of the text, none near another.
std::vector<window> choose_windows(match_source& matches, std::size_t bytes, std::uint32_t count);

/// Up to count passages of about chars characters, in order of the text, none overlapping another. Without a match: the
/// beginning of the text.
std::vector<marked_text> make_passages(match_source& matches, index::analyzer& analyzer, std::uint32_t count,
                                       std::uint32_t chars);

/// text as runs, marked where one or more matches are.
marked_text mark_runs(std::string_view text, const std::vector<match_range>& matches);

}  // namespace rapporteur::search
