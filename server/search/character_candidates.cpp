#include "server/search/character_candidates.hpp"

#include "index/unicode.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>

namespace rapporteur::search {
namespace {

// ---- Hangul (Unicode, chapter 3.12: a syllable is leading consonant, vowel, trailing consonant) --------------------

constexpr char32_t k_first_syllable = 0xAC00;
constexpr char32_t k_last_syllable = 0xD7A3;
constexpr char32_t k_vowels = 21;
constexpr char32_t k_trailing = 28;

constexpr bool is_syllable(char32_t c) {
  return c >= k_first_syllable && c <= k_last_syllable;
}

struct syllable {
  char32_t lead = 0, vowel = 0, trail = 0;
};

constexpr syllable parts_of(char32_t c) {
  const char32_t s = c - k_first_syllable;
  return {s / (k_vowels * k_trailing), s / k_trailing % k_vowels, s % k_trailing};
}
constexpr char32_t composed(const syllable& s) {
  return k_first_syllable + (s.lead * k_vowels + s.vowel) * k_trailing + s.trail;
}

// The letters by number, for the tables below.
constexpr std::u32string_view k_leads = U"ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
constexpr std::u32string_view k_vowel_letters = U"ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ";
constexpr std::u32string_view k_trails = U" ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";

constexpr double k_letter = 0.6;        // one letter of a syllable for another
constexpr double k_alike_letter = 0.4;  // … that sounds much like it, or is there or not
constexpr double k_most_syllable = 1.2;

constexpr std::u32string_view k_alike[] = {
    U"ㅐㅔ",         U"ㅒㅖ",   U"ㅘㅙㅚ", U"ㅝㅞㅟ", U"ㅚㅙㅞ", U"ㅗㅓ", U"ㅏㅑ", U"ㅓㅕ", U"ㅗㅛ", U"ㅜㅠ", U"ㅡㅜ",
    U"ㅢㅣ",         U"ㄱㄲㅋ", U"ㄷㄸㅌ", U"ㅂㅃㅍ", U"ㅈㅉㅊ", U"ㅅㅆ", U"ㄴㄹ", U"ㅇㅎ", U"ㅔㅖ", U"ㄱㄺ", U"ㅂㅄ",
    U"ㄷㅅㅆㅈㅊㅌ",  // the same at the end of a syllable
};

double letter_cost(char32_t a, char32_t b) {
  if (a == b) return 0;
  if (a == U' ' || b == U' ') return k_alike_letter;
  for (const std::u32string_view set : k_alike) {
    if (set.find(a) != std::u32string_view::npos && set.find(b) != std::u32string_view::npos) return k_alike_letter;
  }
  return k_letter;
}

double syllable_cost(char32_t typed, char32_t meant) {
  const syllable a = parts_of(typed);
  const syllable b = parts_of(meant);
  const double sum = letter_cost(k_leads[a.lead], k_leads[b.lead]) +
                     letter_cost(k_vowel_letters[a.vowel], k_vowel_letters[b.vowel]) +
                     letter_cost(k_trails[a.trail], k_trails[b.trail]);
  return std::min(sum, k_most_syllable);
}

// ---- Kana --------------------------------------------------------------------------------------------------------

constexpr bool is_kana(char32_t c) {
  return c >= 0x3041 && c <= 0x30FF;
}

// Kana that are one sign but for its size or its voicing mark, each group in a row; Katakana lie 0x60 further.
constexpr std::u32string_view k_kana[] = {
    U"ぁあ",   U"ぃい",   U"ぅうゔ", U"ぇえ", U"ぉお", U"かがゕ", U"きぎ",   U"くぐ", U"けげゖ", U"こご",   U"さざ",
    U"しじ",   U"すず",   U"せぜ",   U"そぞ", U"ただ", U"ちぢ",   U"っつづ", U"てで", U"とど",   U"はばぱ", U"ひびぴ",
    U"ふぶぷ", U"へべぺ", U"ほぼぽ", U"ゃや", U"ゅゆ", U"ょよ",   U"ゎわ",   U"じぢ", U"ずづ",
};

bool same_kana(char32_t a, char32_t b) {
  constexpr char32_t k_katakana = 0x30A1;
  constexpr char32_t k_apart = 0x60;
  const auto hiragana = [](char32_t c) { return c >= k_katakana && c <= 0x30F6 ? c - k_apart : c; };
  a = hiragana(a);
  b = hiragana(b);
  if (a == b) return true;
  return std::any_of(std::begin(k_kana), std::end(k_kana), [&](std::u32string_view set) {
    return set.find(a) != std::u32string_view::npos && set.find(b) != std::u32string_view::npos;
  });
}

// ---- candidates --------------------------------------------------------------------------------------------------

constexpr double k_kana_mark = 0.4;
constexpr double k_other_character = 1.0;
constexpr double k_doubled = 0.5;
constexpr double k_extra = 0.9;
constexpr double k_missing = 0.9;
constexpr double k_long_mark = 0.4;  // ー there or not
constexpr double k_exchanged = 0.75;
constexpr double k_moved_consonant = 0.4;
constexpr char32_t k_prolonged = U'ー';

// A word of two characters says so little that only a small difference is one word misspelled and not another.
constexpr std::size_t k_short = 2;
constexpr double k_most_short = 0.6;

class finder {
 public:
  finder(std::u32string_view word, const vocabulary& words) : word_(word), words_(words) {}

  std::vector<character_candidate> run() {
    for (std::size_t i = 0; i < word_.size(); ++i) {
      replace(i);
      leave_out(i);
      if (i + 1 < word_.size()) {
        exchange(i);
        put_between(i);
        move_consonant(i);
      }
    }
    std::sort(out_.begin(), out_.end(),
              [](const auto& a, const auto& b) { return a.word < b.word || (a.word == b.word && a.cost < b.cost); });
    out_.erase(std::unique(out_.begin(), out_.end(), [](const auto& a, const auto& b) { return a.word == b.word; }),
               out_.end());
    return std::move(out_);
  }

 private:
  void add(std::u32string candidate, double cost) {
    if (candidate == word_ || (word_.size() <= k_short && cost > k_most_short)) return;
    const double articles = rarest_pair(candidate, words_);
    if (articles > 0) out_.push_back({std::move(candidate), cost, articles});
  }

  // Characters that stand between the neighbours of a place, or beside the one it has.
  template <class F>
  void for_each_fitting(std::optional<char32_t> before, std::optional<char32_t> after, F&& fn) {
    if (before) {
      words_.for_each_behind(*before, [&](char32_t c, double) {
        if (!after || words_.articles_with(c, *after) > 0) fn(c);
      });
    } else if (after) {
      words_.for_each_before(*after, [&](char32_t c, double) { fn(c); });
    }
  }

  void replace(std::size_t i) {
    const auto before = i > 0 ? std::optional(word_[i - 1]) : std::nullopt;
    const auto after = i + 1 < word_.size() ? std::optional(word_[i + 1]) : std::nullopt;
    for_each_fitting(before, after, [&](char32_t c) {
      std::u32string candidate(word_);
      candidate[i] = c;
      add(std::move(candidate), character_cost(word_[i], c));
    });
  }

  // At the ends nothing is left out: what remains would be found wherever the word is.
  void leave_out(std::size_t i) {
    const bool doubled = (i > 0 && word_[i - 1] == word_[i]) || (i + 1 < word_.size() && word_[i + 1] == word_[i]);
    const bool inside = i > 0 && i + 1 < word_.size();
    if ((!inside && !doubled) || word_.size() <= k_short) return;
    std::u32string candidate(word_);
    candidate.erase(i, 1);
    add(std::move(candidate), word_[i] == k_prolonged ? k_long_mark : doubled ? k_doubled : k_extra);
  }

  void put_between(std::size_t i) {
    for_each_fitting(word_[i], word_[i + 1], [&](char32_t c) {
      std::u32string candidate(word_);
      candidate.insert(i + 1, 1, c);
      add(std::move(candidate), c == k_prolonged ? k_long_mark : k_missing);
    });
  }

  void exchange(std::size_t i) {
    std::u32string candidate(word_);
    std::swap(candidate[i], candidate[i + 1]);
    add(std::move(candidate), k_exchanged);
  }

  // A consonant that ends a syllable is heard, and then written, at the beginning of the next one.
  void move_consonant(std::size_t i) {
    if (!is_syllable(word_[i]) || !is_syllable(word_[i + 1])) return;
    constexpr auto k_silent_lead = static_cast<char32_t>(k_leads.find(U'ㅇ'));
    const syllable a = parts_of(word_[i]);
    const syllable b = parts_of(word_[i + 1]);
    const auto put = [&](const syllable& x, const syllable& y) {
      std::u32string candidate(word_);
      candidate[i] = composed(x);
      candidate[i + 1] = composed(y);
      add(std::move(candidate), k_moved_consonant);
    };
    if (a.trail == 0 && b.lead != k_silent_lead) {
      const auto trail = k_trails.find(k_leads[b.lead]);
      if (trail != std::u32string_view::npos)
        put({a.lead, a.vowel, static_cast<char32_t>(trail)}, {k_silent_lead, b.vowel, b.trail});
    } else if (a.trail != 0 && b.lead == k_silent_lead) {
      const auto lead = k_leads.find(k_trails[a.trail]);
      if (lead != std::u32string_view::npos) put({a.lead, a.vowel, 0}, {static_cast<char32_t>(lead), b.vowel, b.trail});
    }
  }

  std::u32string_view word_;
  const vocabulary& words_;
  std::vector<character_candidate> out_;
};

}  // namespace

double character_cost(char32_t typed, char32_t meant) {
  if (typed == meant) return 0;
  if (is_syllable(typed) && is_syllable(meant)) return syllable_cost(typed, meant);
  if (is_kana(typed) && is_kana(meant) && same_kana(typed, meant)) return k_kana_mark;
  // One script for another is no slip.
  return is_syllable(typed) != is_syllable(meant) || is_kana(typed) != is_kana(meant) ? 2 * k_other_character
                                                                                      : k_other_character;
}

std::vector<character_candidate> character_candidates(std::u32string_view word, const vocabulary& words) {
  if (word.size() < k_short || word.size() > k_max_compared) return {};
  return finder(word, words).run();
}

double rarest_pair(std::u32string_view word, const vocabulary& words) {
  double least = std::numeric_limits<double>::max();
  for (std::size_t i = 0; i + 1 < word.size() && least > 0; ++i)
    least = std::min(least, words.articles_with(word[i], word[i + 1]));
  return word.size() < 2 ? 0 : least;
}

}  // namespace rapporteur::search
