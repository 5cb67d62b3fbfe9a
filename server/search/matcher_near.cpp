// Which occurrences of the operands of a NEAR stand in a window that satisfies it.
#include "server/search/matcher.hpp"

#include <algorithm>
#include <tuple>

namespace rapporteur::search {
namespace {

// Steps of the search for one occurrence's partners. Real texts need a handful; a text that repeats the operands all
// over could ask for any number, and is then taken to satisfy the NEAR, as the index says that it does.
constexpr unsigned k_most_steps = 20000;

/// The occurrences of one operand: [first, last] positions, by first.
struct span {
  std::uint32_t first = 0, last = 0;
};

class window_search {
 public:
  window_search(std::vector<std::vector<span>> operands, std::uint32_t distance)
      : operands_(std::move(operands)), longest_(operands_.size()), distance_(distance) {
    for (std::size_t o = 0; o < operands_.size(); ++o) {
      for (const span& s : operands_[o]) longest_[o] = std::max(longest_[o], s.last - s.first + 1);
    }
  }

  /// True if occurrence s of an operand has one of each other operand near enough.
  bool satisfied(std::size_t operand, const span& s) {
    steps_ = 0;
    chosen_.assign(1, s);
    own_ = operand;
    std::uint32_t missing = 0;
    for (std::size_t o = 0; o < operands_.size(); ++o) missing += o == operand ? 0 : longest_[o];
    return place(0, s.first, s.last, s.last - s.first + 1, missing);
  }

 private:
  // Chooses an occurrence of operand o and of those behind it. words: of the chosen ones; missing: at most as many will
  // those add that are not chosen yet.
  bool place(std::size_t o, std::uint32_t first, std::uint32_t last, std::uint32_t words, std::uint32_t missing) {
    if (last - first + 1 > words + missing + distance_ - 1) return false;
    if (o == operands_.size()) return true;
    if (o == own_) return place(o + 1, first, last, words, missing);
    if (++steps_ > k_most_steps) return true;
    const std::vector<span>& all = operands_[o];
    const std::uint32_t reach = words + missing + distance_;
    const std::uint32_t lowest = last > reach + longest_[o] ? last - reach - longest_[o] : 0;
    auto s =
        std::lower_bound(all.begin(), all.end(), lowest, [](const span& x, std::uint32_t p) { return x.first < p; });
    for (; s != all.end() && s->first <= first + reach; ++s) {
      const bool free = std::none_of(chosen_.begin(), chosen_.end(),
                                     [&](const span& c) { return s->first <= c.last && c.first <= s->last; });
      if (!free) continue;
      chosen_.push_back(*s);
      const bool found = place(o + 1, std::min(first, s->first), std::max(last, s->last),
                               words + s->last - s->first + 1, missing - longest_[o]);
      chosen_.pop_back();
      if (found) return true;
    }
    return false;
  }

  std::vector<std::vector<span>> operands_;
  std::vector<std::uint32_t> longest_;
  std::uint32_t distance_;
  std::vector<span> chosen_;
  std::size_t own_ = 0;
  unsigned steps_ = 0;
};

}  // namespace

void matcher::join_near() {
  std::sort(occurrences_.begin(), occurrences_.end(), [](const occurrence& a, const occurrence& b) {
    return std::tuple(a.group, a.first, a.last) < std::tuple(b.group, b.first, b.last);
  });
  for (std::size_t begin = 0; begin < occurrences_.size();) {
    std::size_t end = begin;
    while (end < occurrences_.size() && occurrences_[end].group == occurrences_[begin].group) ++end;
    const near_place& near = (*patterns_)[occurrences_[begin].range.pattern].near;
    std::vector<std::vector<span>> operands(near.operands);
    for (std::size_t i = begin; i < end; ++i)
      operands[occurrences_[i].operand].push_back({occurrences_[i].first, occurrences_[i].last});
    if (std::none_of(operands.begin(), operands.end(), [](const auto& o) { return o.empty(); })) {
      window_search search(std::move(operands), std::max(1U, near.distance));
      for (std::size_t i = begin; i < end; ++i) {
        if (search.satisfied(occurrences_[i].operand, {occurrences_[i].first, occurrences_[i].last}))
          found_.push_back(occurrences_[i].range);
      }
    }
    begin = end;
  }
}

}  // namespace rapporteur::search
