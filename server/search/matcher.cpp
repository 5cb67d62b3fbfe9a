#include "server/search/matcher.hpp"

#include "index/ascii.hpp"
#include "index/unicode.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

namespace rapporteur::search {
namespace {

using index::char_class;

constexpr std::size_t k_read_whole = 400;    // bytes; a title is read faster than looked through
constexpr std::uint32_t k_far_apart = 8192;  // positions: no phrase or NEAR reaches over as many
constexpr std::uint32_t k_caps_words = 3;    // words each way that decide whether capitals are an acronym

std::uint32_t reach_of(const std::vector<pattern>& patterns, const near_place& n) {
  std::vector<std::uint32_t> longest(n.operands, 0);
  for (const pattern& p : patterns) {
    if (p.near.group != n.group) continue;
    longest[p.near.operand] = std::max(longest[p.near.operand], static_cast<std::uint32_t>(p.steps.size()));
  }
  std::uint32_t words = n.distance;
  for (const std::uint32_t l : longest) words += l;
  return words;
}

// True if a piece of text takes at least one position.
bool has_word(std::string_view piece) {
  for (std::size_t at = 0; at < piece.size();) {
    if (static_cast<unsigned char>(piece[at]) < 0x80) {
      if (is_ascii_alnum(piece[at])) return true;
      ++at;
      continue;
    }
    const index::decoded d = index::decode_utf8(piece, at);
    const char_class k = index::class_of(d.code_point);
    if (k == char_class::letter || k == char_class::digit) return true;
    if (k == char_class::cjk || k == char_class::complex) {
      std::string folded;
      index::append_folded(folded, d.code_point);
      if (!folded.empty()) return true;
    }
    at += d.size;
  }
  return false;
}

// The begin of so many words before at, and the end of so many behind it; both are breaks.
std::size_t words_before(index::block_text& text, std::size_t at, std::uint32_t words) {
  while (at > 0 && words > 0) {
    text.need(at - 1, at);
    const std::size_t piece = index::break_at_or_before(text.view(), at - 1, text.begin_of(text.block_at(at - 1)));
    if (has_word(text.view().substr(piece, at - piece))) --words;
    at = piece;
  }
  return at;
}

std::size_t words_behind(index::block_text& text, std::size_t at, std::uint32_t words) {
  while (at < text.size() && words > 0) {
    text.need(at, at + 1);
    const std::string_view known = text.view().substr(0, text.begin_of(text.block_at(at) + 1));
    const std::size_t piece = index::break_at_or_after(known, at + 1);
    if (has_word(known.substr(at, piece - at))) --words;
    at = piece;
  }
  return at;
}

}  // namespace

void matcher::prepare(const std::vector<pattern>& patterns) {
  patterns_ = &patterns;
  words_.clear();
  stems_.clear();
  acronyms_.clear();
  symbols_.clear();
  ready_.clear();
  any_characters_ = false;
  context_before_ = context_after_ = 0;
  for (std::uint32_t n = 0; n < patterns.size(); ++n) {
    const pattern& p = patterns[n];
    if (!p.characters.empty()) {
      any_characters_ = true;
      continue;
    }
    if (p.steps.empty()) continue;
    context_after_ = std::max(context_after_, static_cast<std::uint32_t>(p.steps.size() - 1));
    if (p.near.group != 0) {
      const std::uint32_t reach = reach_of(patterns, p.near);
      context_before_ = std::max(context_before_, reach);
      context_after_ = std::max(context_after_, reach);
    }
    for (std::uint32_t s = 0; s < p.steps.size(); ++s) {
      const pattern_step& step = p.steps[s];
      for (const std::string& w : step.words) words_[w].push_back({n, s});
      for (const std::string& w : step.stems) stems_[w].push_back({n, s});
      for (const std::string& w : step.acronyms) acronyms_[w].push_back({n, s});
      for (const std::string& w : step.symbols) symbols_[w].push_back({n, s});
    }
  }
  if (!acronyms_.empty()) {
    context_before_ = std::max(context_before_, k_caps_words);
    context_after_ = std::max(context_after_, k_caps_words);
  }
}

// Phrases are looked for by their first word.
const word_filter& matcher::filter_for(std::string_view language) {
  auto known = filters_.find(language);
  if (known == filters_.end()) known = filters_.try_emplace(std::string(language)).first;
  word_filter& filter = known->second;
  if (std::find(ready_.begin(), ready_.end(), language) != ready_.end()) return filter;
  ready_.emplace_back(known->first);
  filter.clear();
  for (const pattern& p : *patterns_) {
    if (p.title_only || !p.characters.empty() || p.steps.empty()) continue;
    const pattern_step& first = p.steps.front();
    for (const std::string& w : first.words) filter.add_word(w);
    for (const std::string& w : first.acronyms) filter.add_acronym(w);
    for (const std::string& w : first.symbols) filter.add_symbol(w);
    for (const std::string_view w : first.stems) {
      const std::size_t colon = w.find(':');
      if (w.substr(0, colon) == language) filter.add_stem(w.substr(colon + 1), language);
    }
  }
  return filter;
}

void matcher::add(std::uint32_t n, std::uint32_t first, std::uint32_t last, std::uint32_t begin, std::uint32_t end) {
  const near_place& near = (*patterns_)[n].near;
  if (near.group == 0)
    found_.push_back({begin, end, n});
  else
    occurrences_.push_back({near.group, first, last, near.operand, {begin, end, n}});
}

void matcher::note(const std::vector<place>& places, const index::token& t) {
  for (const place& p : places) {
    const pattern& wanted = (*patterns_)[p.pattern];
    if (wanted.title_only && !title_) continue;
    const std::uint32_t position = first_position_ + t.position;
    if (wanted.steps.size() == 1)
      add(p.pattern, position, position, t.begin, t.end);
    else
      candidates_.push_back({p.pattern, position, p.step, t.begin, t.end});
  }
}

// A phrase matches where each of its steps stands at the position after the one before.
void matcher::join_phrases() {
  const auto key = [](const candidate& c) { return std::tuple(c.pattern, c.position, c.step); };
  std::sort(candidates_.begin(), candidates_.end(),
            [&](const candidate& a, const candidate& b) { return key(a) < key(b); });
  for (const candidate& first : candidates_) {
    if (first.step != 0) continue;
    const auto size = static_cast<std::uint32_t>((*patterns_)[first.pattern].steps.size());
    std::uint32_t end = first.end;
    bool whole = true;
    for (std::uint32_t s = 1; s < size && whole; ++s) {
      const auto next =
          std::lower_bound(candidates_.begin(), candidates_.end(), std::tuple(first.pattern, first.position + s, s),
                           [&](const candidate& c, const auto& k) { return key(c) < k; });
      whole = next != candidates_.end() && key(*next) == std::tuple(first.pattern, first.position + s, s);
      if (whole) end = std::max(end, next->end);
    }
    if (whole) add(first.pattern, first.position, first.position + size - 1, first.begin, end);
  }
}

void matcher::take_tokens(std::string_view text, std::string_view language) {
  const bool stems = !stems_.empty() && index::has_stemmer(language);
  for (const index::token& t : tokens_.tokens()) {
    const std::string_view folded = tokens_.text(t);
    if (t.kind == index::token_kind::acronym || t.kind == index::token_kind::symbol) {
      const place_map& marked = t.kind == index::token_kind::acronym ? acronyms_ : symbols_;
      if (marked.empty()) continue;
      if (const auto known = marked.find(folded); known != marked.end()) note(known->second, t);
      continue;
    }
    if (const auto known = words_.find(folded); known != words_.end()) note(known->second, t);
    if (!stems) continue;
    stemmers_.stem(language, t.kind, text.substr(t.begin, t.end - t.begin), folded, stem_scratch_);
    for (const std::string_view stem : stem_scratch_) {
      key_scratch_.assign(language).append(":").append(stem);
      if (const auto known = stems_.find(key_scratch_); known != stems_.end()) note(known->second, t);
    }
  }
  first_position_ += tokens_.last_position() + k_far_apart;
}

// Reads a part that holds candidates and the words that decide about them.
void matcher::read(index::block_text& text, std::string_view language, std::size_t begin, std::size_t end) {
  const bool acronyms = !acronyms_.empty();
  const std::size_t around = acronyms ? index::k_part_context : 0;
  text.need(begin - std::min(begin, around), end + around);
  analyzer_.analyze_part(text.view(), begin, end, acronyms, tokens_);
  take_tokens(text.view(), language);
}

void matcher::read_around_candidates(index::block_text& text, std::string_view language, std::size_t begin,
                                     std::size_t end) {
  const word_filter& filter = filter_for(language);
  if (filter.empty()) return;
  std::size_t part_begin = begin;
  std::size_t part_end = begin;  // nothing yet
  for (std::size_t block = text.block_at(begin); block < text.blocks() && text.begin_of(block) < end; ++block) {
    const std::size_t block_end = text.begin_of(block + 1);
    text.need(text.begin_of(block), block_end);
    const std::string_view known = text.view().substr(0, block_end);
    for (std::size_t at = filter.next(known, text.begin_of(block)); at < block_end;) {
      const std::size_t word_begin = index::break_at_or_before(known, at, text.begin_of(block));
      const std::size_t word_end = index::break_at_or_after(known, at + 1);
      const std::size_t from = context_before_ == 0 ? word_begin : words_before(text, word_begin, context_before_);
      const std::size_t to = context_after_ == 0 ? word_end : words_behind(text, word_end, context_after_);
      if (part_begin == part_end) {
        part_begin = from;
      } else if (from > part_end) {
        read(text, language, part_begin, part_end);
        part_begin = from;
      }
      part_end = std::max(part_end, to);
      at = filter.next(known, word_end);
    }
  }
  if (part_begin < part_end) read(text, language, part_begin, part_end);
}

void matcher::find_characters(index::block_text& text) {
  text.need(0, text.size());
  const std::string_view all = text.view();
  for (std::uint32_t n = 0; n < patterns_->size(); ++n) {
    const pattern& p = (*patterns_)[n];
    if (p.characters.empty() || (p.title_only && !title_)) continue;
    for (std::size_t at = all.find(p.characters); at != std::string_view::npos; at = all.find(p.characters, at + 1)) {
      found_.push_back({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + p.characters.size()), n});
    }
  }
}

void matcher::find(index::block_text& text, std::string_view language, bool title, std::size_t begin, std::size_t end,
                   std::vector<match_range>& out) {
  found_.clear();
  candidates_.clear();
  occurrences_.clear();
  first_position_ = 0;
  title_ = title;
  if (any_characters_) find_characters(text);
  if (!words_.empty() || !stems_.empty() || !acronyms_.empty() || !symbols_.empty()) {
    if (title || text.size() <= k_read_whole)
      read(text, language, 0, text.size());
    else
      read_around_candidates(text, language, begin, end);
    join_phrases();
    join_near();
  }
  const auto key = [](const match_range& m) {
    return std::tuple(m.begin, std::numeric_limits<std::uint32_t>::max() - m.end, m.pattern);
  };
  std::erase_if(found_, [&](const match_range& m) { return m.begin < begin || m.begin >= end; });
  std::sort(found_.begin(), found_.end(), [&](const match_range& a, const match_range& b) { return key(a) < key(b); });
  found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
  out.assign(found_.begin(), found_.end());
}

// --- directories --------------------------------------------------------------------------------------------------

index::block_set matcher::blocks_of_step(const pattern_step& s, const index::text_directory& d,
                                         std::string_view language) {
  index::block_set out(d.blocks());
  for (const std::string& w : s.words) {
    if (index::in_no_directory(w)) return index::block_set(d.blocks(), true);
    out.merge(d.blocks_of(index::word_hash(w, language, stemmers_)));
    out.merge(d.blocks_of(index::stem_hash(w)));  // a pair of Han is never stemmed
  }
  for (const std::string_view w : s.stems) {
    const std::size_t colon = w.find(':');
    if (w.substr(0, colon) == language) out.merge(d.blocks_of(index::stem_hash(w.substr(colon + 1))));
  }
  for (const std::string& w : s.acronyms) out.merge(d.blocks_of(index::acronym_hash(w)));
  for (const std::string& w : s.symbols) out.merge(d.blocks_of(index::symbol_hash(w)));
  return out;
}

// Only of a step that is one word with its forms: of two words each may stand once.
index::block_set matcher::blocks_of_pairs(std::uint32_t n, const index::block_text& text, std::string_view language) {
  const pattern& p = (*patterns_)[n];
  const index::text_directory& d = text.directory();
  index::block_set out(d.blocks(), true);
  if (d.rows == 0 || !p.characters.empty()) return out;
  for (std::size_t s = 0; s < p.steps.size(); ++s) {
    const pattern_step& step = p.steps[s];
    std::vector<std::uint64_t> hashes;
    bool told = true;
    for (const std::string& w : step.words) {
      told = told && !index::in_no_directory(w);
      hashes.push_back(index::word_hash(w, language, stemmers_));
      if (const std::uint64_t unstemmed = index::stem_hash(w); unstemmed != hashes.back() && !is_ascii(w))
        hashes.push_back(unstemmed);
    }
    for (const std::string_view w : step.stems) {
      const std::size_t colon = w.find(':');
      if (w.substr(0, colon) == language) hashes.push_back(index::stem_hash(w.substr(colon + 1)));
    }
    for (const std::string& w : step.acronyms) hashes.push_back(index::acronym_hash(w));
    for (const std::string& w : step.symbols) hashes.push_back(index::symbol_hash(w));
    std::sort(hashes.begin(), hashes.end());
    hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
    if (!told || hashes.size() != 1) continue;
    index::block_set pairs = d.blocks_of_pairs(hashes.front());
    if (s > 0) pairs.widen(p.steps.size() / index::k_block_positions + 1);
    out.intersect(pairs);
  }
  return out;
}

index::block_set matcher::blocks_of_steps(const pattern& p, const index::text_directory& d, std::string_view language) {
  index::block_set out = blocks_of_step(p.steps.front(), d, language);
  const std::size_t apart = p.steps.size() / index::k_block_positions + 1;
  for (std::size_t s = 1; s < p.steps.size() && out.any(); ++s) {
    index::block_set step = blocks_of_step(p.steps[s], d, language);
    step.widen(apart);
    out.intersect(step);
  }
  return out;
}

index::block_set matcher::blocks_of(std::uint32_t n, const index::block_text& text, std::string_view language) {
  const pattern& p = (*patterns_)[n];
  const index::text_directory& d = text.directory();
  if (p.title_only) return index::block_set(d.blocks());
  if (d.rows == 0 || !p.characters.empty()) return index::block_set(d.blocks(), true);
  if (p.steps.empty()) return index::block_set(d.blocks());
  index::block_set out = blocks_of_steps(p, d, language);
  if (p.near.group == 0) return out;
  const std::size_t apart = reach_of(*patterns_, p.near) / index::k_block_positions + 1;
  for (std::uint32_t operand = 0; operand < p.near.operands && out.any(); ++operand) {
    if (operand == p.near.operand) continue;
    index::block_set near(d.blocks());
    for (const pattern& other : *patterns_) {
      if (other.near.group == p.near.group && other.near.operand == operand)
        near.merge(blocks_of_steps(other, d, language));
    }
    near.widen(apart);
    out.intersect(near);
  }
  return out;
}

}  // namespace rapporteur::search
