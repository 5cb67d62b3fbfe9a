// What marking and choosing passages mean, written down as simply as possible: read the whole text, compare every word,
// try every window. What the product does with less work must be the same.
#pragma once

#include "index/analysis.hpp"
#include "index/stemming.hpp"
#include "server/search/passages.hpp"
#include "server/search/pattern.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace rapporteur::search {

class full_scan {
 public:
  std::vector<match_range> matches(const std::vector<pattern>& patterns, std::string_view text,
                                   std::string_view language, bool title) {
    analyzer_.analyze(text, tokens_);
    std::vector<match_range> out;
    std::vector<std::vector<found>> near(1);
    for (std::uint32_t n = 0; n < patterns.size(); ++n) {
      const pattern& p = patterns[n];
      if (p.title_only && !title) continue;
      if (!p.characters.empty()) {
        for (std::size_t at = text.find(p.characters); at != std::string_view::npos;
             at = text.find(p.characters, at + 1))
          out.push_back(range(at, at + p.characters.size(), n));
        continue;
      }
      if (p.steps.empty()) continue;
      for (const found& f : runs(p, text, language, n)) {
        if (p.near.group == 0) {
          out.push_back(f.range);
          continue;
        }
        near.resize(std::max<std::size_t>(near.size(), p.near.group + 1));
        near[p.near.group].push_back(f);
      }
    }
    for (const auto& group : near) {
      for (const found& f : group) {
        const near_place& place = patterns[f.range.pattern].near;
        if (stands_near(patterns, group, place, {f}, 0)) out.push_back(f.range);
      }
    }
    const auto key = [](const match_range& m) {
      return std::tuple(m.begin, std::numeric_limits<std::uint32_t>::max() - m.end, m.pattern);
    };
    std::sort(out.begin(), out.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
  }

  // The best windows, one after the other, each of all that there are.
  static std::vector<window> windows(const std::vector<pattern>& patterns, const std::vector<match_range>& matches,
                                     std::size_t bytes, std::uint32_t count, bool long_text) {
    std::vector<window> chosen;
    std::vector<bool> shown(patterns.size(), false);
    const unsigned most_close = long_text ? 2 : 3;
    const std::size_t most_repeats = long_text ? 1 : 7;  // of a single word; of several their nearness counts
    const auto worth = [&](std::uint32_t p) {
      const long long w = std::clamp(std::llround(patterns[p].weight * 64), 16LL, 65536LL);
      return static_cast<std::uint64_t>(shown[p] ? w / 16 : w);
    };
    while (chosen.size() < count) {
      window best;
      for (std::size_t first = 0; first < matches.size(); ++first) {
        const std::size_t begin = matches[first].begin;
        bool near_another = false;
        std::size_t limit = begin + bytes;
        for (const window& c : chosen) {
          const std::size_t to = c.begin - std::min(c.begin, bytes / 2);
          near_another = near_another || (begin >= to && begin < c.end + bytes / 2);
          if (begin < to) limit = std::min(limit, to);
        }
        if (near_another) continue;
        std::size_t last = first;
        while (last < matches.size() && matches[last].end <= limit) ++last;
        // Alone a match may be longer than a window, if it keeps away from the others.
        bool alone = false;
        if (last == first) {
          alone = true;
          for (const window& c : chosen) {
            const std::size_t to = c.begin - std::min(c.begin, bytes / 2);
            if (begin < to && matches[first].end > to) near_another = true;
          }
          if (near_another) continue;
          last = first + 1;
        }
        std::vector<std::uint32_t> different;
        std::uint64_t coverage = 0;
        std::size_t span = 0;
        std::size_t end = 0;
        for (std::size_t i = first; i < last; ++i) {
          end = std::max<std::size_t>(end, matches[i].end);
          if (std::find(different.begin(), different.end(), matches[i].pattern) != different.end()) continue;
          different.push_back(matches[i].pattern);
          coverage += worth(matches[i].pattern);
          span = end - begin;
        }
        unsigned close = span * 8 <= bytes ? 3 : span * 4 <= bytes ? 2 : span * 2 <= bytes ? 1 : 0;
        if (different.size() == 1) close = 3;
        if (alone) close = 0;
        const window_score score =
            coverage << 8 | std::min(close, most_close) << 4 |
            std::min(last - first - different.size(), long_text && different.size() > 1 ? 0 : most_repeats);
        if (score > best.score) best = {begin, end, score};
      }
      if (best.score == 0) break;
      for (const match_range& m : matches) {
        if (m.begin >= best.begin && m.end <= best.end) shown[m.pattern] = true;
      }
      chosen.push_back(best);
    }
    std::sort(chosen.begin(), chosen.end(), [](const window& a, const window& b) { return a.begin < b.begin; });
    return chosen;
  }

  [[nodiscard]] const index::token_list& tokens() const { return tokens_; }

 private:
  struct found {
    std::uint32_t first = 0, last = 0, operand = 0;
    match_range range;
  };

  static match_range range(std::size_t begin, std::size_t end, std::uint32_t n) {
    return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), n};
  }

  bool fits(const pattern_step& s, const index::token& t, std::string_view text, std::string_view language) {
    const std::string_view folded = tokens_.text(t);
    const auto among = [&](const std::vector<std::string>& list) {
      return std::find(list.begin(), list.end(), folded) != list.end();
    };
    if (t.kind == index::token_kind::acronym) return among(s.acronyms);
    if (t.kind == index::token_kind::symbol) return among(s.symbols);
    if (among(s.words)) return true;
    if (s.stems.empty()) return false;
    std::vector<std::string_view> stems;
    stemmers_.stem(language, t.kind, text.substr(t.begin, t.end - t.begin), folded, stems);
    for (const std::string_view stem : stems) {
      const std::string key = std::string(language) + ":" + std::string(stem);
      if (std::find(s.stems.begin(), s.stems.end(), key) != s.stems.end()) return true;
    }
    return false;
  }

  // Where a pattern's steps stand at positions in a row. Of several readings of the last the longest counts, as of
  // those between.
  std::vector<found> runs(const pattern& p, std::string_view text, std::string_view language, std::uint32_t n) {
    std::vector<std::vector<const index::token*>> steps(p.steps.size());
    for (const index::token& t : tokens_.tokens()) {
      for (std::size_t s = 0; s < p.steps.size(); ++s) {
        if (fits(p.steps[s], t, text, language)) steps[s].push_back(&t);
      }
    }
    std::vector<found> out;
    for (const index::token* t : steps[0]) {
      std::uint32_t end = t->end;
      bool whole = true;
      for (std::size_t s = 1; s < steps.size() && whole; ++s) {
        const auto next = std::find_if(steps[s].begin(), steps[s].end(),
                                       [&](const index::token* x) { return x->position == t->position + s; });
        whole = next != steps[s].end();
        if (whole) end = std::max(end, (*next)->end);
      }
      if (!whole) continue;
      out.push_back({t->position, t->position + static_cast<std::uint32_t>(steps.size()) - 1, p.near.operand,
                     range(t->begin, end, n)});
    }
    return out;
  }

  bool stands_near(const std::vector<pattern>& patterns, const std::vector<found>& all, const near_place& place,
                   std::vector<found> chosen, std::uint32_t operand) {
    if (operand == place.operands) {
      std::uint32_t first = chosen[0].first;
      std::uint32_t last = chosen[0].last;
      std::uint32_t words = 0;
      for (const found& c : chosen) {
        first = std::min(first, c.first);
        last = std::max(last, c.last);
        words += c.last - c.first + 1;
      }
      return last - first + 1 <= words + place.distance - 1;
    }
    if (operand == chosen[0].operand) return stands_near(patterns, all, place, std::move(chosen), operand + 1);
    for (const found& f : all) {
      if (f.operand != operand) continue;
      if (f.first > chosen[0].last + 200 || f.last + 200 < chosen[0].first) continue;
      if (std::any_of(chosen.begin(), chosen.end(),
                      [&](const found& c) { return f.first <= c.last && c.first <= f.last; }))
        continue;
      std::vector<found> more = chosen;
      more.push_back(f);
      if (stands_near(patterns, all, place, std::move(more), operand + 1)) return true;
    }
    return false;
  }

  index::analyzer analyzer_;
  index::stemmers stemmers_;
  index::token_list tokens_;
};

}  // namespace rapporteur::search
