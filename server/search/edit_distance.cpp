#include "server/search/edit_distance.hpp"

#include "index/unicode.hpp"

#include <algorithm>

namespace rapporteur::search {
namespace {

// ---- what single edits weigh -------------------------------------------------------------------------------------

constexpr double k_edit = 1.0;
constexpr double k_exchange = 0.75;     // two neighbours in the wrong order
constexpr double k_doubling = 0.45;     // a letter twice instead of once, or the reverse
constexpr double k_silent = 0.6;        // a letter that is often not heard
constexpr double k_omitted = 0.85;      // a letter left out: the commonest slip
constexpr double k_vowel = 0.7;         // one vowel for another
constexpr double k_long_vowel = 0.4;    // … that differs in length only
constexpr double k_sound_alike = 0.65;  // c for k, z for s
constexpr double k_digraph = 0.7;       // f for ph
constexpr double k_first_letter = 0.6;  // on top of any edit of the first letter

constexpr std::u32string_view k_vowels =
    U"aeiouy"
    U"αεηιουω"
    U"аеиоуыэюяіїє"
    U"اوي"
    U"וי"
    U"ािीुूृेैोौ";

// Letters that one hearing, one transliteration or one alphabet writes for the other.
constexpr std::u32string_view k_alike[] = {
    U"ckq", U"sz",  U"vw",  U"iyj", U"gj", U"dt",  U"bp",   U"bv", U"fv", U"xk",         // Latin
    U"ийі", U"ыи",  U"шщ",  U"ьъ",  U"гґ", U"зс",  U"дт",   U"бп", U"вф", U"жш", U"эе",  // Cyrillic
    U"ηιυ", U"οω",  U"σς",                                                               // Greek
    U"سص",  U"تط",  U"ضظد", U"ذزظ", U"حه", U"قكغ", U"اءئؤ", U"ثس", U"ةه", U"يى",         // Arabic
    U"תט",  U"כקח", U"סש",  U"אע",  U"בו",                                               // Hebrew
    U"सशष", U"नण",  U"बव",  U"तट",  U"दड",                                               // Devanagari
};

constexpr std::u32string_view k_long_pairs[] = {U"िी", U"ुू", U"ेै", U"ोौ", U"οω", U"ηι"};

constexpr std::u32string_view k_silents =
    U"h"
    U"ьъ"
    U"اويء"
    U"ויא"
    U"्ंँ";

// One letter for two.
struct digraph {
  std::u32string_view two;
  char32_t one;
};
constexpr digraph k_digraphs[] = {
    {U"ph", U'f'}, {U"qu", U'k'}, {U"kh", U'h'}, {U"ck", U'k'}, {U"ks", U'x'}, {U"ou", U'u'}, {U"oo", U'u'},
    {U"ee", U'i'}, {U"ei", U'i'}, {U"dj", U'j'}, {U"ts", U'c'}, {U"tz", U'z'}, {U"sh", U's'}, {U"th", U't'},
    {U"gh", U'g'}, {U"ch", U'c'}, {U"aa", U'a'}, {U"ια", U'α'}, {U"αι", U'ε'}, {U"ει", U'ι'}, {U"οι", U'ι'},
    {U"ου", U'υ'}, {U"ье", U'е'}, {U"йе", U'е'}, {U"йо", U'е'}, {U"иа", U'я'},
};

bool has(std::u32string_view set, char32_t c) noexcept {
  return set.find(c) != std::u32string_view::npos;
}

double substitution(char32_t typed, char32_t meant) noexcept {
  for (const std::u32string_view pair : k_long_pairs) {
    if (has(pair, typed) && has(pair, meant)) return k_long_vowel;
  }
  for (const std::u32string_view set : k_alike) {
    if (has(set, typed) && has(set, meant)) return k_sound_alike;
  }
  return has(k_vowels, typed) && has(k_vowels, meant) ? k_vowel : k_edit;
}

// A letter of word that the other does not have.
double extra(std::u32string_view word, std::size_t at, double otherwise) noexcept {
  const char32_t c = word[at];
  if ((at > 0 && word[at - 1] == c) || (at + 1 < word.size() && word[at + 1] == c)) return k_doubling;
  return has(k_silents, c) ? k_silent : otherwise;
}

constexpr std::uint32_t hash(char32_t c) noexcept {
  return static_cast<std::uint32_t>(c) * 2654435769U;
}

}  // namespace

std::u32string characters_of(std::string_view utf8) {
  std::u32string out;
  out.reserve(utf8.size());
  for (std::size_t at = 0; at < utf8.size();) {
    const index::decoded d = index::decode_utf8(utf8, at);
    out.push_back(d.code_point);
    at += d.size;
  }
  return out;
}

std::string utf8_of(std::u32string_view characters) {
  std::string out;
  out.reserve(characters.size());
  for (const char32_t c : characters) index::append_utf8(out, c);
  return out;
}

std::uint32_t letters_of(std::u32string_view word) noexcept {
  std::uint32_t bits = 0;
  for (const char32_t c : word) {
    bits |= 1U << (c >= U'a' && c <= U'z' ? static_cast<std::uint32_t>(c - U'a') : hash(c) >> 27U);
  }
  return bits;
}

edit_pattern::edit_pattern(std::u32string_view word)
    : word_(word.substr(0, k_max_compared)), letters_(letters_of(word_)) {
  for (std::size_t i = 0; i < word_.size(); ++i) {
    const char32_t c = word_[i];
    const std::uint64_t place = std::uint64_t{1} << i;
    if (c < 128) {
      ascii_[c] |= place;
      continue;
    }
    std::size_t slot = hash(c) % k_slots;
    while (characters_[slot] != 0 && characters_[slot] != c) slot = (slot + 1) % k_slots;
    characters_[slot] = c;
    places_[slot] |= place;
  }
}

std::uint64_t edit_pattern::places_of(char32_t c) const noexcept {
  if (c < 128) return ascii_[c];
  std::size_t slot = hash(c) % k_slots;
  while (characters_[slot] != 0 && characters_[slot] != c) slot = (slot + 1) % k_slots;
  return places_[slot];
}

// One column of the matrix at a time: bit i of `up` (`down`) says that row i + 1 is one more (less) than row i.
unsigned edit_pattern::distance(std::string_view other) const noexcept {
  const std::uint64_t last = std::uint64_t{1} << (word_.size() - 1);
  auto result = static_cast<unsigned>(word_.size());
  std::uint64_t up = ~std::uint64_t{0};
  std::uint64_t down = 0;
  std::uint64_t diagonal = 0;
  std::uint64_t places_before = 0;
  for (std::size_t at = 0; at < other.size();) {
    std::uint64_t places = 0;
    if (const auto byte = static_cast<unsigned char>(other[at]); byte < 128) {
      places = ascii_[byte];
      ++at;
    } else {
      const index::decoded d = index::decode_utf8(other, at);
      places = places_of(d.code_point);
      at += d.size;
    }
    const std::uint64_t exchanged = ((~diagonal & places) << 1U) & places_before;
    diagonal = (((places & up) + up) ^ up) | places | down | exchanged;
    std::uint64_t right = down | ~(diagonal | up);
    std::uint64_t left = diagonal & up;
    if ((right & last) != 0) ++result;
    if ((left & last) != 0) --result;
    right = right << 1U | 1U;
    left <<= 1U;
    up = left | ~(diagonal | right);
    down = right & diagonal;
    places_before = places;
  }
  return result;
}

double edit_cost(std::u32string_view typed, std::u32string_view meant) {
  typed = typed.substr(0, k_max_compared);
  meant = meant.substr(0, k_max_compared);
  constexpr std::size_t k_side = k_max_compared + 1;
  std::array<std::array<double, k_side>, k_side> cost{};
  const auto at_first = [](std::size_t i, std::size_t j) { return i == 0 || j == 0 ? k_first_letter : 0; };
  for (std::size_t i = 0; i <= typed.size(); ++i) {
    for (std::size_t j = 0; j <= meant.size(); ++j) {
      if (i == 0 && j == 0) continue;
      double best = 1e9;
      if (i > 0) best = std::min(best, cost[i - 1][j] + extra(typed, i - 1, k_edit) + at_first(i - 1, 1));
      if (j > 0) best = std::min(best, cost[i][j - 1] + extra(meant, j - 1, k_omitted) + at_first(1, j - 1));
      if (i > 0 && j > 0) {
        const char32_t a = typed[i - 1];
        const char32_t b = meant[j - 1];
        best = std::min(best, cost[i - 1][j - 1] + (a == b ? 0 : substitution(a, b) + at_first(i - 1, j - 1)));
        if (i > 1 && j > 1 && a == meant[j - 2] && b == typed[i - 2] && a != b)
          best = std::min(best, cost[i - 2][j - 2] + k_exchange + at_first(i - 2, j - 2) / 2);
        for (const digraph& d : k_digraphs) {
          if (i > 1 && b == d.one && typed.substr(i - 2, 2) == d.two)
            best = std::min(best, cost[i - 2][j - 1] + k_digraph + at_first(i - 2, j - 1) / 2);
          if (j > 1 && a == d.one && meant.substr(j - 2, 2) == d.two)
            best = std::min(best, cost[i - 1][j - 2] + k_digraph + at_first(i - 1, j - 2) / 2);
        }
      }
      cost[i][j] = best;
    }
  }
  return cost[typed.size()][meant.size()];
}

}  // namespace rapporteur::search
