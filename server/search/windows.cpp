// Which windows of matches are the best of a text.
#include "server/search/passages.hpp"

#include <algorithm>
#include <cmath>

namespace rapporteur::search {
namespace {

constexpr unsigned k_closeness_shift = 4;
constexpr unsigned k_coverage_shift = 8;

// In steps, so that the first window of the highest step ends the search; in long texts fewer, so that it comes soon:
// of several words that they stand together, of a single one that it stands there twice.
struct grades {
  unsigned closeness = 3;
  unsigned repeats = 7;
  bool one_or_the_other = false;
};

grades grades_for(const index::block_text& text) {
  return text.blocks() == 1 ? grades{} : grades{2, 1, true};
}

// 3: within an eighth of the window, 2: a quarter, 1: a half, 0: more.
unsigned closeness(std::size_t span, std::size_t bytes) {
  return span * 8 <= bytes ? 3 : span * 4 <= bytes ? 2 : span * 2 <= bytes ? 1 : 0;
}

/// Chooses one window after the other. What an earlier one shows counts little for those after it.
class chooser {
 public:
  chooser(match_source& matches, std::size_t bytes)
      : matches_(matches), bytes_(bytes), grades_(grades_for(matches.text())) {
    for (const pattern& p : matches.patterns())
      worth_.push_back(static_cast<std::uint64_t>(std::clamp(std::llround(p.weight * 64), 16LL, 65536LL)));
    in_window_.resize(worth_.size());
    shown_.resize(worth_.size());
  }

  // False if there is no further one.
  bool next(std::vector<window>& chosen) {
    const std::size_t blocks = matches_.text().blocks();
    std::vector<std::pair<window_score, std::size_t>> order;
    for (std::size_t b = 0; b < blocks; ++b) {
      if (const window_score most = at_most(b); most != 0) order.emplace_back(most, b);
    }
    std::sort(order.begin(), order.end(), [](const auto& x, const auto& y) {
      return x.first > y.first || (x.first == y.first && x.second < y.second);
    });
    best_ = {};
    for (const auto& [most, block] : order) {
      if (best_.score > most) break;
      // Of equal windows the first counts.
      if (best_.score == most && best_.begin < matches_.text().begin_of(block)) continue;
      look_through(block, chosen);
    }
    if (best_.score == 0) return false;
    for (const match_range& m : matches_.between(best_.begin, best_.end)) {
      if (m.end <= best_.end) shown_[m.pattern] = 1;
    }
    chosen.insert(std::upper_bound(chosen.begin(), chosen.end(), best_,
                                   [](const window& a, const window& b) { return a.begin < b.begin; }),
                  best_);
    return true;
  }

 private:
  [[nodiscard]] std::uint64_t worth(std::uint32_t p) const { return shown_[p] != 0 ? worth_[p] / 16 : worth_[p]; }

  [[nodiscard]] window_score score(std::uint64_t coverage, unsigned close, std::size_t repeats) const {
    return coverage << k_coverage_shift | std::min(close, grades_.closeness) << k_closeness_shift |
           std::min<std::size_t>(repeats, grades_.repeats);
  }

  // What a window that begins in a block can score.
  [[nodiscard]] window_score at_most(std::size_t block) const {
    if (!matches_.may_hold_any(block)) return 0;
    const index::block_text& text = matches_.text();
    std::size_t last = block;
    while (last + 1 < text.blocks() && text.begin_of(last + 1) < text.begin_of(block + 1) + bytes_) ++last;
    std::uint64_t coverage = 0;
    bool repeats = matches_.text().blocks() == 1 || bytes_ > index::k_pair_bytes;
    bool several = false;
    for (std::uint32_t p = 0; p < worth_.size(); ++p) {
      bool held = false;
      for (std::size_t b = block; b <= last; ++b) {
        if (!matches_.may_hold(b, p)) continue;
        held = true;
        repeats = repeats || matches_.may_repeat(b, p);
      }
      several = several || (held && coverage != 0);
      if (held) coverage += worth(p);
    }
    if (several && grades_.one_or_the_other) repeats = false;
    return score(coverage, grades_.closeness, repeats ? grades_.repeats : 0);
  }

  void look_through(std::size_t block, const std::vector<window>& chosen) {
    const index::block_text& text = matches_.text();
    local_ = matches_.of(block);
    if (local_.empty()) return;
    const std::size_t own = local_.size();
    for (std::size_t b = block + 1; b < text.blocks() && text.begin_of(b) < local_[own - 1].begin + bytes_; ++b) {
      const std::vector<match_range>& more = matches_.of(b);
      local_.insert(local_.end(), more.begin(), more.end());
    }
    // Windows keep away from those that were chosen before: what is shown once is not shown again.
    std::size_t from = 0;
    std::size_t i = 0;
    for (std::size_t c = 0; c <= chosen.size() && i < own; ++c) {
      const std::size_t to = c == chosen.size() ? text.size() : chosen[c].begin - std::min(chosen[c].begin, bytes_ / 2);
      while (i < own && local_[i].begin < from) ++i;
      slide(i, own, to);
      if (c < chosen.size()) from = chosen[c].end + bytes_ / 2;
    }
  }

  // Windows that begin with local_[i …] before own and end before to.
  void slide(std::size_t& i, std::size_t own, std::size_t to) {
    std::fill(in_window_.begin(), in_window_.end(), 0U);
    std::uint64_t coverage = 0;
    std::size_t distinct = 0;
    std::size_t end = i;
    for (; i < own && local_[i].begin < to; ++i) {
      const std::size_t limit = std::min<std::size_t>(local_[i].begin + bytes_, to);
      end = std::max(end, i);
      for (; end < local_.size() && local_[end].end <= limit; ++end) {
        if (in_window_[local_[end].pattern]++ != 0) continue;
        coverage += worth(local_[end].pattern);
        ++distinct;
      }
      // A match that is longer than a window is a window.
      if (end == i) {
        if (local_[i].end <= to) offer(score(worth(local_[i].pattern), 0, 0), i, i + 1);
        continue;
      }
      const std::size_t count = end - i;
      // Only windows that cover as much as the best are looked at more closely.
      if (coverage >= best_.score >> k_coverage_shift) {
        const unsigned close = distinct == 1 ? grades_.closeness : closeness(covering_span(i, distinct), bytes_);
        const std::size_t repeats = distinct > 1 && grades_.one_or_the_other ? 0 : count - distinct;
        offer(score(coverage, close, repeats), i, end);
      }
      if (--in_window_[local_[i].pattern] == 0) {
        coverage -= worth(local_[i].pattern);
        --distinct;
      }
    }
  }

  // How far it is from match i until so many different patterns have been met.
  [[nodiscard]] std::size_t covering_span(std::size_t i, std::size_t distinct) const {
    seen_.clear();
    std::size_t span_end = 0;
    for (std::size_t k = i;; ++k) {
      span_end = std::max<std::size_t>(span_end, local_[k].end);
      if (std::find(seen_.begin(), seen_.end(), local_[k].pattern) != seen_.end()) continue;
      seen_.push_back(local_[k].pattern);
      if (seen_.size() == distinct) return span_end - local_[i].begin;
    }
  }

  void offer(window_score s, std::size_t first, std::size_t end) {
    const window_score earlier = best_.score;
    if (s < earlier || (s == earlier && local_[first].begin >= best_.begin)) return;
    best_ = {local_[first].begin, 0, s};
    for (std::size_t k = first; k < end; ++k) best_.end = std::max<std::size_t>(best_.end, local_[k].end);
  }

  match_source& matches_;
  std::size_t bytes_;
  grades grades_;
  std::vector<std::uint64_t> worth_;  // by pattern
  std::vector<char> shown_;
  std::vector<std::uint32_t> in_window_;
  std::vector<match_range> local_;
  mutable std::vector<std::uint32_t> seen_;
  window best_;
};

}  // namespace

match_source::match_source(matcher& m, index::block_text& text, std::string_view language)
    : matcher_(m), text_(text), language_(language), any_(text.blocks()), known_(text.blocks()), found_(text.blocks()) {
  for (std::uint32_t p = 0; p < patterns().size(); ++p) {
    held_.push_back(m.blocks_of(p, text, language));
    repeated_.push_back(m.blocks_of_pairs(p, text, language));
    any_.merge(held_.back());
  }
}

const std::vector<match_range>& match_source::of(std::size_t block) {
  if (known_.test(block)) return found_[block];
  known_.set(block);
  if (!any_.test(block)) return found_[block];
  matcher_.find(text_, language_, false, text_.begin_of(block), text_.begin_of(block + 1), found_[block]);
  for (index::block_set& h : held_) h.reset(block);
  for (const match_range& m : found_[block]) held_[m.pattern].set(block);
  if (found_[block].empty()) any_.reset(block);
  return found_[block];
}

std::vector<match_range> match_source::between(std::size_t begin, std::size_t end) {
  std::vector<match_range> out;
  if (begin >= end) return out;
  for (std::size_t b = text_.block_at(begin); b < text_.blocks() && text_.begin_of(b) < end; ++b) {
    for (const match_range& m : of(b)) {
      if (m.begin >= begin && m.begin < end) out.push_back(m);
    }
  }
  return out;
}

std::vector<window> choose_windows(match_source& matches, std::size_t bytes, std::uint32_t count) {
  std::vector<window> chosen;
  chooser choose(matches, bytes);
  while (chosen.size() < count && choose.next(chosen)) {
  }
  return chosen;
}

}  // namespace rapporteur::search
