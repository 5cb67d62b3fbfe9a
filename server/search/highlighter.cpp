#include "server/search/highlighter.hpp"

#include "index/unicode.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

namespace rapporteur::search {
namespace {

using index::decode_utf8;
using index::decoded;

// Languages whose stemmers take prefixes off, so that a stem need not begin like its word.
bool stems_at_the_front(std::string_view language) {
  return language == "ar" || language == "id" || language == "ga" || language == "ne" || language == "ta";
}

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

// Length in bytes of the sentence end that stands at text[at], blanks behind it included; 0 if none does.
std::size_t sentence_end(std::string_view text, std::size_t at) {
  const decoded d = decode_utf8(text, at);
  std::size_t end = at + d.size;
  switch (d.code_point) {
    case U'。':
    case U'！':
    case U'？':
    case U'｡':
    case U'।':
      return d.size;
    case U'\n':
      if (end < text.size() && text[end] == '\n') break;
      return 0;
    case U'.':
    case U'!':
    case U'?':
    case U'؟':
    case U'…':
      // Closing quotes and brackets belong to the sentence that they close.
      while (end < text.size()) {
        const decoded q = decode_utf8(text, end);
        if (q.code_point != U'"' && q.code_point != U'”' && q.code_point != U'’' && q.code_point != U'»' &&
            q.code_point != U')')
          break;
        end += q.size;
      }
      break;
    default:
      return 0;
  }
  if (end < text.size() && !is_space(text[end])) return 0;
  while (end < text.size() && is_space(text[end])) ++end;
  if (d.code_point == U'.' && end < text.size()) {
    // "U.N. said", "Mr. Kim": a small letter follows, or the word was one capital.
    if (index::is_lower(decode_utf8(text, end).code_point)) return 0;
    if (at >= 2 && index::is_upper(static_cast<unsigned char>(text[at - 1])) &&
        (is_space(text[at - 2]) || text[at - 2] == '.'))
      return 0;
  }
  return end - at;
}

void append_run(marked_text& out, std::string_view text, bool match) {
  if (text.empty()) return;
  if (!out.empty() && out.back().match == match)
    out.back().text.append(text);
  else
    out.push_back({std::string(text), match});
}

// A passage: line breaks are for reading an article, not for a line of a result list.
std::string on_one_line(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (!is_space(c))
      out.push_back(c);
    else if (out.empty() || out.back() != ' ')
      out.push_back(' ');
  }
  return out;
}

struct window {
  std::size_t first = 0, last = 0;  // matches, inclusive
  double score = 0;
};

}  // namespace

void highlighter::prepare(const std::vector<pattern>& patterns) {
  patterns_ = &patterns;
  words_.clear();
  stems_.clear();
  acronyms_.clear();
  symbols_.clear();
  first_bytes_.reset();
  any_stems_ = false;
  any_phrases_ = false;
  for (std::uint32_t n = 0; n < patterns.size(); ++n) {
    if (!patterns[n].characters.empty()) continue;
    any_phrases_ = any_phrases_ || patterns[n].steps.size() > 1;
    for (std::uint32_t s = 0; s < patterns[n].steps.size(); ++s) {
      const pattern_step& step = patterns[n].steps[s];
      for (const std::string& w : step.words) {
        words_[w].push_back({n, s});
        first_bytes_.set(static_cast<unsigned char>(w.front()));
      }
      for (const std::string& stem : step.stems) {
        stems_[stem].push_back({n, s});
        const std::size_t colon = stem.find(':');
        if (stems_at_the_front(std::string_view(stem).substr(0, colon)))
          first_bytes_.set();
        else if (colon + 1 < stem.size())
          first_bytes_.set(static_cast<unsigned char>(stem[colon + 1]));
        any_stems_ = true;
      }
      for (const std::string& a : step.acronyms) acronyms_[a].push_back({n, s});
      for (const std::string& a : step.symbols) symbols_[a].push_back({n, s});
    }
  }
}

void highlighter::note(const std::vector<place>& places, const index::token& t) {
  for (const place& p : places) {
    const pattern& wanted = (*patterns_)[p.pattern];
    if (wanted.title_only && !title_) continue;
    if (wanted.steps.size() == 1)
      found_.push_back({t.begin, t.end, p.pattern});
    else
      candidates_.push_back({t.position, t.begin, t.end, p.pattern, p.step});
  }
}

// A phrase matches where each of its steps stands at the position after the one before.
void highlighter::join_phrases() {
  const auto key = [](const candidate& c) { return std::tuple(c.pattern, c.position, c.step); };
  std::sort(candidates_.begin(), candidates_.end(),
            [&](const candidate& a, const candidate& b) { return key(a) < key(b); });
  for (const candidate& first : candidates_) {
    if (first.step != 0) continue;
    const std::size_t size = (*patterns_)[first.pattern].steps.size();
    std::uint32_t end = first.end;
    bool whole = true;
    for (std::uint32_t s = 1; s < size && whole; ++s) {
      const auto next =
          std::lower_bound(candidates_.begin(), candidates_.end(), std::tuple(first.pattern, first.position + s, s),
                           [&](const candidate& c, const auto& k) { return key(c) < k; });
      whole = next != candidates_.end() && next->pattern == first.pattern && next->position == first.position + s &&
              next->step == s;
      if (whole) end = std::max(end, next->end);
    }
    if (whole) found_.push_back({first.begin, end, first.pattern});
  }
}

void highlighter::find_characters(std::string_view text, const pattern& p, std::uint32_t number) {
  for (std::size_t at = text.find(p.characters); at != std::string_view::npos; at = text.find(p.characters, at + 1)) {
    found_.push_back({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + p.characters.size()), number});
  }
}

const std::vector<match_range>& highlighter::find(std::string_view text, std::string_view language, bool title) {
  found_.clear();
  candidates_.clear();
  title_ = title;
  for (std::uint32_t n = 0; n < patterns_->size(); ++n) {
    const pattern& p = (*patterns_)[n];
    if (!p.characters.empty() && (title || !p.title_only)) find_characters(text, p, n);
  }
  if (!words_.empty() || !stems_.empty() || !acronyms_.empty() || !symbols_.empty()) {
    analyzer_.analyze(text, tokens_);
    const bool stems = any_stems_ && index::has_stemmer(language);
    for (const index::token& t : tokens_.tokens()) {
      const std::string_view folded = tokens_.text(t);
      if (t.kind == index::token_kind::acronym || t.kind == index::token_kind::symbol) {
        const place_map& marked = t.kind == index::token_kind::acronym ? acronyms_ : symbols_;
        if (marked.empty()) continue;
        if (const auto known = marked.find(folded); known != marked.end()) note(known->second, t);
        continue;
      }
      if (!first_bytes_.test(static_cast<unsigned char>(folded.front()))) continue;
      if (const auto known = words_.find(folded); known != words_.end()) note(known->second, t);
      if (!stems) continue;
      stemmers_.stem(language, t.kind, text.substr(t.begin, t.end - t.begin), folded, stem_scratch_);
      for (const std::string_view stem : stem_scratch_) {
        key_scratch_.assign(language).append(":").append(stem);
        if (const auto known = stems_.find(key_scratch_); known != stems_.end()) note(known->second, t);
      }
    }
    if (any_phrases_) join_phrases();
  }
  const auto key = [](const match_range& m) {
    return std::tuple(m.begin, std::numeric_limits<std::uint32_t>::max() - m.end, m.pattern);
  };
  std::sort(found_.begin(), found_.end(), [&](const match_range& a, const match_range& b) { return key(a) < key(b); });
  const auto same = [](const match_range& a, const match_range& b) {
    return a.begin == b.begin && a.end == b.end && a.pattern == b.pattern;
  };
  found_.erase(std::unique(found_.begin(), found_.end(), same), found_.end());
  return found_;
}

marked_text highlighter::mark(std::string_view text, const std::vector<match_range>& matches) {
  marked_text out;
  std::size_t done = 0;
  for (std::size_t i = 0; i < matches.size();) {
    std::size_t begin = matches[i].begin;
    std::size_t end = matches[i].end;
    for (++i; i < matches.size() && matches[i].begin < end; ++i) end = std::max<std::size_t>(end, matches[i].end);
    begin = std::max(begin, done);
    if (end <= begin) continue;
    append_run(out, text.substr(done, begin - done), false);
    out.push_back({std::string(text.substr(begin, end - begin)), true});
    done = end;
  }
  append_run(out, text.substr(done), false);
  return out;
}

namespace {

// The matches inside [begin, end), moved to begin at 0; matches that cross an edge are cut to what is inside.
std::vector<match_range> inside(const std::vector<match_range>& matches, std::size_t begin, std::size_t end) {
  std::vector<match_range> out;
  for (const match_range& m : matches) {
    if (m.begin >= end) break;
    if (m.end <= begin) continue;
    const std::size_t from = std::max<std::size_t>(m.begin, begin);
    const std::size_t to = std::min<std::size_t>(m.end, end);
    out.push_back({static_cast<std::uint32_t>(from - begin), static_cast<std::uint32_t>(to - begin), m.pattern});
  }
  return out;
}

}  // namespace

std::vector<marked_text> highlighter::mark_paragraphs(std::string_view text, const std::vector<match_range>& matches,
                                                      std::uint32_t& marked_runs) {
  std::vector<marked_text> out;
  std::size_t begin = 0;
  std::size_t next_match = 0;
  while (begin < text.size()) {
    // A paragraph ends at a line without visible characters.
    std::size_t end = begin;
    std::size_t next = text.size();
    while (end < text.size()) {
      const std::size_t line = text.find('\n', end);
      if (line == std::string_view::npos) {
        end = text.size();
        break;
      }
      std::size_t after = line + 1;
      while (after < text.size() && is_space(text[after]) && text[after] != '\n') ++after;
      if (after < text.size() && text[after] == '\n') {
        end = line;
        next = after + 1;
        break;
      }
      end = line + 1;
    }
    std::size_t from = begin;
    std::size_t to = end;
    while (from < to && is_space(text[from])) ++from;
    while (to > from && is_space(text[to - 1])) --to;
    if (to > from) {
      while (next_match < matches.size() && matches[next_match].end <= from) ++next_match;
      std::vector<match_range> local;
      for (std::size_t i = next_match; i < matches.size() && matches[i].begin < to; ++i) {
        if (matches[i].end <= from) continue;
        const std::size_t b = std::max<std::size_t>(matches[i].begin, from);
        const std::size_t e = std::min<std::size_t>(matches[i].end, to);
        local.push_back(
            {static_cast<std::uint32_t>(b - from), static_cast<std::uint32_t>(e - from), matches[i].pattern});
      }
      out.push_back(mark(text.substr(from, to - from), local));
      for (const run& r : out.back()) marked_runs += r.match ? 1 : 0;
    }
    begin = next;
  }
  return out;
}

std::vector<marked_text> highlighter::passages(std::string_view text, const std::vector<match_range>& matches,
                                               std::uint32_t count, std::uint32_t chars) const {
  std::vector<marked_text> out;
  if (count == 0 || text.empty()) return out;
  // Characters are counted in bytes of this text: a sample tells how many bytes its characters take.
  const std::size_t sample = std::min<std::size_t>(text.size(), 2000);
  std::size_t leading = 0;
  for (std::size_t i = 0; i < sample; ++i) leading += (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80 ? 1 : 0;
  const std::size_t budget = std::max<std::size_t>(chars * sample / std::max<std::size_t>(1, leading), 16);

  // The best windows of matches: each distinct pattern counts once with its weight, repetitions a little.
  std::vector<window> chosen;
  std::vector<char> shown(patterns_ == nullptr ? 0 : patterns_->size(), 0);
  std::vector<std::uint32_t> in_window(shown.size(), 0);
  for (std::uint32_t round = 0; round < count && !matches.empty(); ++round) {
    window best;
    std::fill(in_window.begin(), in_window.end(), 0U);
    double score = 0;
    std::size_t first = 0;
    const auto worth = [&](std::uint32_t p) { return (*patterns_)[p].weight * (shown[p] != 0 ? 0.1 : 1.0); };
    const auto repeated = [&](std::uint32_t p) { return (*patterns_)[p].weight * 0.05; };
    for (std::size_t last = 0; last < matches.size(); ++last) {
      const std::uint32_t p = matches[last].pattern;
      score += in_window[p]++ == 0 ? worth(p) : repeated(p);
      while (matches[last].end - matches[first].begin > budget && first < last) {
        const std::uint32_t gone = matches[first++].pattern;
        score -= --in_window[gone] == 0 ? worth(gone) : repeated(gone);
      }
      if (score <= best.score + 1e-9) continue;
      // Windows may not touch what was chosen before: what is shown once is not shown again.
      const bool taken = std::any_of(chosen.begin(), chosen.end(), [&](const window& w) {
        return matches[first].begin < matches[w.last].end + budget / 2 &&
               matches[w.first].begin < matches[last].end + budget / 2;
      });
      if (!taken) best = {first, last, score};
    }
    if (best.score <= 0) break;
    for (std::size_t i = best.first; i <= best.last; ++i) shown[matches[i].pattern] = 1;
    chosen.push_back(best);
  }
  std::sort(chosen.begin(), chosen.end(), [](const window& a, const window& b) { return a.first < b.first; });

  const auto cut = [&](std::size_t begin, std::size_t end) {
    while (begin < end && is_space(text[begin])) ++begin;
    while (end > begin && is_space(text[end - 1])) --end;
    marked_text runs;
    bool left_out_before = begin > 0;
    bool left_out_after = end < text.size();
    if (std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(begin), is_space)) left_out_before = false;
    if (std::all_of(text.begin() + static_cast<std::ptrdiff_t>(end), text.end(), is_space)) left_out_after = false;
    if (left_out_before) append_run(runs, "… ", false);
    for (const run& r : mark(text.substr(begin, end - begin), inside(matches, begin, end))) {
      const std::string line = on_one_line(r.text);
      if (r.match)
        runs.push_back({line, true});
      else
        append_run(runs, line, false);
    }
    if (left_out_after) append_run(runs, " …", false);
    return runs;
  };

  if (chosen.empty()) {
    std::size_t end = index::utf8_boundary_before(text, std::min(text.size(), budget));
    if (end < text.size()) {
      std::size_t word = end;
      while (word > budget / 2 && !is_space(text[word])) --word;
      if (word > budget / 2) end = word;
    }
    out.push_back(cut(0, end));
    return out;
  }

  std::size_t floor = 0;  // passages do not overlap
  for (std::size_t n = 0; n < chosen.size(); ++n) {
    const std::size_t core_begin = std::max<std::size_t>(matches[chosen[n].first].begin, floor);
    std::size_t core_end = core_begin;
    for (std::size_t i = chosen[n].first; i <= chosen[n].last; ++i)
      core_end = std::max<std::size_t>(core_end, matches[i].end);
    const std::size_t ceiling = n + 1 < chosen.size() ? matches[chosen[n + 1].first].begin : text.size();
    const std::size_t spare = budget > core_end - core_begin ? budget - (core_end - core_begin) : 0;

    // Back to the beginning of the sentence, or to the word nearest to half of what may be added.
    const std::size_t earliest = std::max(floor, core_begin > spare ? core_begin - spare : 0);
    std::size_t at = index::utf8_boundary_before(text, earliest);
    bool at_sentence = earliest == 0;
    std::size_t begin = at_sentence ? 0 : core_begin;
    if (!at_sentence) {
      while (at < core_begin) {
        if (const std::size_t size = sentence_end(text, at); size != 0 && at + size <= core_begin) {
          begin = at + size;
          at_sentence = true;
          break;
        }
        at += decode_utf8(text, at).size;
      }
    }
    if (!at_sentence || core_begin - begin > spare) {
      begin = std::max(floor, core_begin > spare / 2 ? core_begin - spare / 2 : 0);
      begin = index::utf8_boundary_before(text, begin);
      // To the next word; in scripts without spaces any character will do, but no match is cut.
      std::size_t word = begin;
      while (word < core_begin && word > 0 && !is_space(text[word - 1])) ++word;
      if (word == 0 || is_space(text[word - 1])) begin = word;
      for (const match_range& m : matches) {
        if (m.begin >= begin) break;
        if (m.end > begin) begin = std::min<std::size_t>(m.end, core_begin);
      }
    }

    // On to the end of the last sentence that fits, else to a word.
    const std::size_t used = core_end - begin;
    const std::size_t latest = std::min(ceiling, core_end + (budget > used ? budget - used : 0));
    std::size_t end = core_end;
    bool ended = false;
    for (std::size_t k = core_end; k < latest;) {
      if (const std::size_t size = sentence_end(text, k); size != 0) {
        if (k + size <= latest || k + size >= text.size()) {
          end = std::min(k + size, text.size());
          ended = true;
        }
      }
      k += decode_utf8(text, k).size;
    }
    if (latest >= text.size()) {
      end = text.size();
      ended = true;
    }
    if (!ended || end - begin < budget / 2) {
      std::size_t word = index::utf8_boundary_before(text, latest);
      const std::size_t limit = word;
      while (word > core_end && word < text.size() && !is_space(text[word])) --word;
      end = std::max(end, word > core_end ? word : core_end);
      if (word <= core_end && limit > core_end && limit - core_end > 24) {
        end = std::max(end, limit);  // scripts without spaces
      }
      for (const match_range& m : matches) {
        if (m.begin >= end) break;
        if (m.end > end && m.begin >= core_end) end = m.begin;
      }
    }
    out.push_back(cut(begin, end));
    floor = end;
  }
  return out;
}

}  // namespace rapporteur::search
