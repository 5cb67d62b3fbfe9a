// Cuts passages around the windows that were chosen, and writes them as runs.
#include "server/search/passages.hpp"

#include "index/unicode.hpp"
#include "server/search/cutting.hpp"

#include <algorithm>
#include <string>

namespace rapporteur::search {
namespace {

constexpr std::size_t k_look_around = 256;  // bytes beyond a passage that cutting it may read

// Line breaks are for reading an article, not for a line of a result list.
std::string on_one_line(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (!is_blank(c))
      out.push_back(c);
    else if (out.empty() || out.back() != ' ')
      out.push_back(' ');
  }
  return out;
}

bool all_blank(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_blank);
}

/// Cuts one text. All of its places are bytes of the whole text.
class cutter {
 public:
  cutter(match_source& matches, index::analyzer& analyzer, std::size_t bytes)
      : matches_(matches), analyzer_(analyzer), bytes_(bytes) {}

  // A passage around bytes [begin, end) that keeps to [floor, ceiling).
  std::pair<std::size_t, std::size_t> around(std::size_t begin, std::size_t end, std::size_t floor,
                                             std::size_t ceiling) {
    open(begin, end);
    core_begin_ = begin;
    core_end_ = end;
    const std::size_t spare = bytes_ > end - begin ? bytes_ - (end - begin) : 0;
    find_sentences(floor);

    bool at_sentence = !starts_.empty() && begin - starts_.back() <= spare;
    std::size_t from = at_sentence ? starts_.back() : word_from(std::max(floor, begin - std::min(begin, spare / 2)));
    const std::size_t latest = std::min(ceiling, std::max(end, from + bytes_));
    std::size_t to = last_sentence_end(latest);
    if (to == 0 || to - from < bytes_ / 2) to = std::max(to, word_to(latest));
    // What is left over goes to the sentences before.
    if (at_sentence) {
      for (const std::size_t s : starts_) {
        if (to - s > bytes_) continue;
        from = s;
        break;
      }
    }
    return {from, to};
  }

  // The beginning of the text.
  std::pair<std::size_t, std::size_t> beginning() {
    open(0, bytes_);
    core_begin_ = core_end_ = 0;
    const std::size_t latest = std::min(text().size(), bytes_);
    std::size_t to = last_sentence_end(latest);
    if (to < bytes_ / 2) to = std::max(to, word_to(latest));
    if (to == 0) {
      for (to = latest; to > 0 && !is_cluster_cut(text(), to);) --to;
    }
    return {0, to};
  }

  marked_text runs(std::size_t begin, std::size_t end) {
    const std::string_view all = text();
    while (begin < end && is_blank(all[begin])) ++begin;
    while (end > begin && is_blank(all[end - 1])) --end;
    marked_text out;
    // Only blanks may have been left out; a text that begins with many of them is taken to begin with words.
    const std::size_t before = begin - std::min(begin, k_look_around);
    if (before > 0 || !all_blank(all.substr(0, begin))) out.push_back({"… ", false, true});
    std::vector<match_range> inside;
    for (const match_range& m : known_) {
      if (m.begin >= end || m.end <= begin) continue;
      const std::size_t from = std::max<std::size_t>(m.begin, begin);
      const std::size_t to = std::min<std::size_t>(m.end, end);
      inside.push_back({static_cast<std::uint32_t>(from - begin), static_cast<std::uint32_t>(to - begin), m.pattern});
    }
    for (run& r : mark_runs(all.substr(begin, end - begin), inside)) {
      r.text = on_one_line(r.text);
      out.push_back(std::move(r));
    }
    const std::size_t behind = std::min(all.size(), end + k_look_around);
    if (behind < all.size() || !all_blank(all.substr(end))) out.push_back({" …", false, true});
    return out;
  }

 private:
  [[nodiscard]] std::string_view text() { return matches_.text().view(); }

  // Fetches what cutting around [begin, end) may read, and the matches there.
  void open(std::size_t begin, std::size_t end) {
    low_ = begin - std::min(begin, bytes_ + k_look_around);
    high_ = std::min(text().size(), end + bytes_ + k_look_around);
    matches_.text().need(low_, high_);
    while (low_ < begin && low_ > 0 && (static_cast<unsigned char>(text()[low_]) & 0xC0) == 0x80) ++low_;
    known_ = matches_.between(low_, high_);
    words_from_ = words_to_ = 0;
  }

  void find_sentences(std::size_t floor) {
    starts_.clear();
    const std::string_view known = text().substr(0, high_);
    const std::size_t earliest = std::max(floor, core_begin_ - std::min(core_begin_, bytes_));
    if (earliest == 0) starts_.push_back(0);
    // A sentence that ended just before counts too: an end is told at its full stop.
    for (std::size_t at = std::max(low_, earliest - std::min<std::size_t>(earliest, 8)); at < core_begin_;) {
      const std::size_t size = sentence_end(known, at);
      if (size != 0 && at + size >= earliest && at + size <= core_begin_) starts_.push_back(at + size);
      at += size != 0 ? size : 1;
    }
  }

  // The last end of a sentence in (core_end_, latest]; 0 if there is none. The end of the text is one.
  std::size_t last_sentence_end(std::size_t latest) {
    if (latest >= text().size()) return text().size();
    const std::string_view known = text().substr(0, high_);
    std::size_t found = 0;
    // The match may end with the full stop.
    for (std::size_t at = core_end_ > 0 && text()[core_end_ - 1] == '.' ? core_end_ - 1 : core_end_; at < latest;) {
      const std::size_t size = sentence_end(known, at);
      std::size_t end = at + size;
      while (size != 0 && end > at && is_blank(known[end - 1])) --end;
      if (size != 0 && end <= latest) found = std::max(end, core_end_);
      at += size != 0 ? size : 1;
    }
    return found;
  }

  // The first place in [at, core_begin_] where a word begins; no match is cut.
  std::size_t word_from(std::size_t at) {
    for (; at < core_begin_; ++at) {
      if (!may_cut(at)) continue;
      const auto cut =
          std::find_if(known_.begin(), known_.end(), [at](const match_range& m) { return m.begin < at && at < m.end; });
      if (cut == known_.end()) return at;
      at = std::min<std::size_t>(cut->end, core_begin_) - 1;
    }
    return core_begin_;
  }

  // The last place in [core_end_, at] where a word ends; no match is cut.
  std::size_t word_to(std::size_t at) {
    for (; at > core_end_; --at) {
      if (!may_cut(at)) continue;
      const auto cut =
          std::find_if(known_.begin(), known_.end(), [at](const match_range& m) { return m.begin < at && at < m.end; });
      if (cut == known_.end()) return at;
      at = std::max<std::size_t>(cut->begin, core_end_) + 1;
    }
    return core_end_;
  }

  bool may_cut(std::size_t at) {
    const std::string_view known = text().substr(0, high_);
    if (at >= text().size()) return true;
    return is_unspaced(known, at) ? is_dictionary_cut(at) : is_word_cut(known, at);
  }

  // Thai and its kind: between the words that the tokeniser finds. They are found once for all places of a run.
  bool is_dictionary_cut(std::size_t at) {
    if (at < words_from_ || at >= words_to_) {
      words_from_ = index::break_at_or_before(text(), at, low_);
      words_to_ = index::break_at_or_after(text().substr(0, high_), at);
      // The window may have cut the run: a word that is cut with it is not taken for one.
      analyzer_.analyze_part(text().substr(0, words_to_), words_from_, words_to_, false, words_);
    }
    return std::any_of(words_.tokens().begin(), words_.tokens().end(),
                       [at](const index::token& t) { return t.begin == at; }) &&
           is_cluster_cut(text(), at);
  }

  match_source& matches_;
  index::analyzer& analyzer_;
  std::size_t bytes_;
  std::size_t low_ = 0, high_ = 0;  // what may be read
  std::size_t core_begin_ = 0, core_end_ = 0;
  std::vector<match_range> known_;   // that begin in [low_, high_)
  std::vector<std::size_t> starts_;  // of sentences before the core
  index::token_list words_;
  std::size_t words_from_ = 0, words_to_ = 0;
};

}  // namespace

marked_text mark_runs(std::string_view text, const std::vector<match_range>& matches) {
  marked_text out;
  const auto plain = [&](std::size_t begin, std::size_t end) {
    if (begin < end) out.push_back({std::string(text.substr(begin, end - begin))});
  };
  std::size_t done = 0;
  for (std::size_t i = 0; i < matches.size();) {
    std::size_t begin = matches[i].begin;
    std::size_t end = matches[i].end;
    for (++i; i < matches.size() && matches[i].begin < end; ++i) end = std::max<std::size_t>(end, matches[i].end);
    begin = std::max(begin, done);
    if (end <= begin) continue;
    plain(done, begin);
    out.push_back({std::string(text.substr(begin, end - begin)), true});
    done = end;
  }
  plain(done, text.size());
  return out;
}

std::vector<marked_text> make_passages(match_source& matches, index::analyzer& analyzer, std::uint32_t count,
                                       std::uint32_t chars) {
  std::vector<marked_text> out;
  const index::block_text& text = matches.text();
  if (count == 0 || text.size() == 0) return out;
  // Lengths are counted in bytes: as many as the text's characters take on average.
  const std::uint64_t characters = std::max<std::uint64_t>(1, text.directory().characters);
  const std::size_t bytes = std::max<std::size_t>(chars * text.size() / characters, 16);
  cutter cut(matches, analyzer, bytes);
  const std::vector<window> chosen = choose_windows(matches, bytes, count);
  if (chosen.empty()) {
    const auto [begin, end] = cut.beginning();
    out.push_back(cut.runs(begin, end));
    return out;
  }
  std::size_t floor = 0;
  for (std::size_t n = 0; n < chosen.size(); ++n) {
    const std::size_t ceiling = n + 1 < chosen.size() ? chosen[n + 1].begin : text.size();
    const auto [begin, end] = cut.around(chosen[n].begin, chosen[n].end, floor, ceiling);
    out.push_back(cut.runs(begin, end));
    floor = end;
  }
  return out;
}

}  // namespace rapporteur::search
