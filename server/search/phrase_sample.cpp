#include "server/search/phrase_sample.hpp"

#include "index/ascii.hpp"
#include "index/unicode.hpp"
#include "server/search/stop_words.hpp"

#include <algorithm>
#include <functional>

namespace rapporteur::search {
namespace {

constexpr std::size_t k_seen = std::size_t{1} << 23;  // bits
constexpr std::size_t k_most_entries = 300'000;
constexpr std::size_t k_most_forms = 200'000;
constexpr std::size_t k_variants = 4;      // ways of printing that are told apart
constexpr std::size_t k_phrase_words = 4;  // the longest phrase
constexpr std::size_t k_phrase_bytes = 80;
constexpr std::size_t k_least_characters = 2, k_most_characters = 8;  // of a word of Han, Katakana or Hangul

std::uint64_t hash_of(std::string_view s, std::uint64_t before = 0) {
  return (before * 0x9E3779B97F4A7C15U + 1) ^ std::hash<std::string_view>{}(s);
}

bool begins_with_capital(std::string_view s) {
  return !s.empty() && index::is_upper(index::decode_utf8(s, 0).code_point);
}

enum class script { none, han, katakana, hangul };
script script_of(char32_t c) noexcept {
  if ((c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0xF900 && c <= 0xFAFF) || c == 0x3005)
    return script::han;
  if ((c >= 0x30A1 && c <= 0x30FA) || c == 0x30FC) return script::katakana;
  if (c >= 0xAC00 && c <= 0xD7A3) return script::hangul;
  return script::none;
}

}  // namespace

phrase_sample::phrase_sample() : seen_(k_seen) {}

void phrase_sample::note(variants& v, std::string_view text) {
  for (printed& p : v) {
    if (p.text != text) continue;
    ++p.times;
    return;
  }
  if (v.size() < k_variants) v.push_back({std::string(text), 1});
}

const std::string& phrase_sample::most_printed(const variants& v) {
  return std::max_element(v.begin(), v.end(),
                          [](const printed& a, const printed& b) {
                            return a.times < b.times || (a.times == b.times && a.text > b.text);
                          })
      ->text;
}

void phrase_sample::add(std::string_view text, std::uint32_t article) {
  analyzer_.analyze(text, tokens_);
  read_words(text);
  count_words(text, article);
  count_characters(text, article);
}

void phrase_sample::read_words(std::string_view text) {
  words_.clear();
  std::uint32_t position = 0;
  for (const index::token& t : tokens_.tokens()) {
    if (t.kind != index::token_kind::word && t.kind != index::token_kind::part) continue;
    if (t.position == position) continue;
    position = t.position;
    word w{t.begin, t.end, tokens_.text(t)};
    const std::uint32_t from = words_.empty() ? 0 : words_.back().end;
    const std::string_view gap = t.begin >= from ? text.substr(from, t.begin - from) : std::string_view();
    w.joined = !words_.empty() && (gap == " " || gap == "-" || gap == "\n");
    w.initial = !w.joined && gap != ", " && gap.find_first_not_of(' ') != 0;
    w.capital = begins_with_capital(text.substr(t.begin, t.end - t.begin));
    const bool number = w.folded.size() < 2 || std::any_of(w.folded.begin(), w.folded.end(), is_ascii_digit);
    w.little = number || is_stop_word_anywhere(w.folded);
    w.ends = !w.little || (!number && w.capital && w.joined && words_.back().capital);
    words_.push_back(w);
  }
}

void phrase_sample::count(std::uint64_t hash, std::string_view text, bool capitals, bool one_word,
                          std::uint32_t article) {
  auto at = entries_.find(hash);
  if (at == entries_.end()) {
    if (!seen_[hash % k_seen]) {
      seen_[hash % k_seen] = true;
      return;
    }
    if (entries_.size() >= k_most_entries) return;
    at = entries_.emplace(hash, entry{}).first;
    at->second.last = ~article;
    at->second.articles = 1;  // the one that was not kept
    at->second.examples = {article, article};
    at->second.word = one_word;
  }
  entry& e = at->second;
  if (e.last == article) return;  // articles are counted, not repetitions
  e.last = article;
  ++e.articles;
  e.examples[1] = e.examples[0];
  e.examples[0] = article;
  e.capitals += capitals ? 1 : 0;
  note(e.texts, text);
}

void phrase_sample::count_words(std::string_view text, std::uint32_t article) {
  for (std::size_t i = 0; i < words_.size(); ++i) {
    const word& w = words_[i];
    const std::string_view form = text.substr(w.begin, w.end - w.begin);
    // A capital at the beginning of a sentence says nothing of the word.
    const bool tells = !(w.initial && w.capital) && form.find('\'') == std::string_view::npos;
    if (tells && form.size() <= k_phrase_bytes) {
      const auto known = forms_.find(std::string(w.folded));
      if (known != forms_.end())
        note(known->second, form);
      else if (forms_.size() < k_most_forms)
        forms_.emplace(w.folded, variants{{std::string(form), 1}});
    }
    if (w.little) continue;
    std::uint64_t hash = hash_of(w.folded);
    bool capitals = w.capital;
    for (std::size_t j = i + 1; j < words_.size() && j < i + k_phrase_words && words_[j].joined; ++j) {
      const word& last = words_[j];
      hash = hash_of(last.folded, hash);
      if (last.end - w.begin > k_phrase_bytes) break;
      capitals = capitals && (last.capital || last.little);
      if (last.ends) count(hash, text.substr(w.begin, last.end - w.begin), capitals, false, article);
    }
  }
}

void phrase_sample::count_characters(std::string_view text, std::uint32_t article) {
  std::size_t begin = 0;
  std::size_t characters = 0;
  script of = script::none;
  for (std::size_t at = 0; at <= text.size();) {
    const index::decoded d = at < text.size() ? index::decode_utf8(text, at) : index::decoded{};
    const script s = at < text.size() ? script_of(d.code_point) : script::none;
    if (s != of) {
      if (of != script::none && characters >= k_least_characters && characters <= k_most_characters) {
        const std::string_view characters_run = text.substr(begin, at - begin);
        count(hash_of(characters_run, 1), characters_run, false, true, article);
      }
      of = s;
      begin = at;
      characters = 0;
    }
    ++characters;
    if (at == text.size()) break;
    at += d.size;
  }
}

std::vector<phrase_sample::phrase> phrase_sample::phrases(std::uint32_t least, std::size_t most) const {
  std::vector<phrase> out;
  for (const auto& [hash, e] : entries_) {
    if (e.articles < least || e.texts.empty()) continue;
    phrase p{most_printed(e.texts), e.capitals * 2 > e.articles, e.word, e.articles, e.examples};
    std::replace(p.text.begin(), p.text.end(), '\n', ' ');
    out.push_back(std::move(p));
  }
  std::sort(out.begin(), out.end(), [](const phrase& a, const phrase& b) {
    return a.articles > b.articles || (a.articles == b.articles && a.text < b.text);
  });
  if (out.size() > most) out.resize(most);
  return out;
}

std::vector<std::pair<std::string, std::string>> phrase_sample::forms(std::size_t most) const {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& [folded, v] : forms_) {
    const std::string& form = most_printed(v);
    if (form != folded && out.size() < most) out.emplace_back(folded, form);
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace rapporteur::search
