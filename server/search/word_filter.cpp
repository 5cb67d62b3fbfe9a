#include "server/search/word_filter.hpp"

#include "index/analysis.hpp"
#include "index/ascii.hpp"
#include "index/unicode.hpp"

#include <algorithm>
#include <bit>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace rapporteur::search {
namespace {

using index::char_class;
using index::class_of;
using index::decode_utf8;
using index::decoded;

constexpr std::size_t k_most_letters = 16;  // bytes of a word's beginning that are compared

enum flag : std::uint8_t { any_case = 1, in_capitals = 2 };

enum : std::uint8_t { k_separator = 0, k_letter = 1, k_joiner = 2, k_beyond_ascii = 3 };

// What a byte is to a word: its letters and digits, what may join two parts of it, and the rest.
constexpr std::array<std::uint8_t, 256> k_kinds = [] {
  std::array<std::uint8_t, 256> t{};
  for (unsigned b = 0; b < 256; ++b) {
    const char c = static_cast<char>(b);
    t[b] = b >= 0x80 ? k_beyond_ascii : is_ascii_alnum(c) ? k_letter : k_separator;
  }
  for (const char c : {'\'', '`', '-', '.', '/', ',', '(', '"'}) t[static_cast<unsigned char>(c)] = k_joiner;
  return t;
}();

// decode_utf8 with the common forms in line.
inline decoded decode(std::string_view text, std::size_t at) {
  const auto b = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = b(at);
  if (lead >= 0xC2 && lead <= 0xDF && at + 1 < text.size() && (b(at + 1) & 0xC0) == 0x80)
    return {static_cast<char32_t>((lead & 0x1F) << 6 | (b(at + 1) & 0x3F)), 2, true};
  if (lead >= 0xE1 && lead <= 0xEC && at + 2 < text.size() && (b(at + 1) & 0xC0) == 0x80 && (b(at + 2) & 0xC0) == 0x80)
    return {static_cast<char32_t>((lead & 0x0F) << 12 | (b(at + 1) & 0x3F) << 6 | (b(at + 2) & 0x3F)), 3, true};
  return decode_utf8(text, at);
}

const std::vector<char_class>& bmp_classes() {
  static const std::vector<char_class> classes = [] {
    std::vector<char_class> out(0x10000);
    for (char32_t c = 0; c < out.size(); ++c) out[c] = class_of(c);
    return out;
  }();
  return classes;
}

// Plain Arabic letters, folded, with hamza on ya and waw written as these, as stems are. 0: folds to nothing.
constexpr char16_t k_ends_word = 0xFFFF;
constexpr char16_t k_not_plain = 0xFFFE;

const std::array<char16_t, 256>& arabic_folds() {
  static const std::array<char16_t, 256> folds = [] {
    std::array<char16_t, 256> out{};
    for (char32_t c = 0x600; c < 0x700; ++c) {
      const char_class k = class_of(c);
      std::string folded;
      index::append_folded(folded, c);
      const char32_t first = folded.empty() ? 0 : decode_utf8(folded, 0).code_point;
      char16_t& f = out[c - 0x600];
      if (k == char_class::other && !index::may_join(c))
        f = k_ends_word;
      else if ((k != char_class::letter && k != char_class::extend) || index::needs_composition(c) || folded.size() > 2)
        f = k_not_plain;
      else
        f = static_cast<char16_t>(first == U'ئ' ? U'ي' : first == U'ؤ' ? U'و' : first);
    }
    return out;
  }();
  return folds;
}

std::uint8_t kind_at(std::string_view text, std::size_t at) {
  return at < text.size() ? k_kinds[static_cast<unsigned char>(text[at])] : std::uint8_t{k_separator};
}

// Letters by their place in the alphabet, whatever their case; digits fall among them.
std::size_t three_of(std::string_view s) {
  const auto five = [&s](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(s[i]) & 31U); };
  return five(0) << 10 | five(1) << 5 | five(2);
}

// How much of a stem the words begin with that have it. Measured over 264,630 words of 39 languages, and with two
// characters to spare where nothing was ever lost; tests/server/search/word_filter_test.cpp asks every stemmer again.
std::size_t kept_characters(std::size_t size, std::string_view language) {
  if (language == "ga" || language == "id" || language == "ta") return 0;  // prefixes are taken off
  if (language == "fi") return 1;                                          // double letters become single
  if (language == "tr" && size <= 2) return 0;                             // b, c, d, ğ at the end become p, ç, t, k
  return size > 3 ? size - 2 : 1;
}

}  // namespace

word_filter::word_filter() : others_(std::make_unique<index::character_set>()) {}

void word_filter::clear() {
  beginnings_.clear();
  for (auto& b : by_byte_) b.clear();
  first_.fill(0);
  three_.reset();
  three_capitals_.reset();
  others_->reset();
  everything_ = false;
  inners_.clear();
}

void word_filter::add(std::string_view folded, whole w) {
  if (folded.empty()) return;
  const auto first = static_cast<unsigned char>(folded.front());
  if (beginnings_.empty()) index::add_silent(*others_);
  by_byte_[first].push_back(static_cast<std::uint32_t>(beginnings_.size()));
  beginnings_.push_back({std::string(folded.substr(0, k_most_letters)), w});
  if (folded.size() > k_most_letters && w == whole::yes) beginnings_.back().is_whole = whole::no;
  index::add_spellings(decode_utf8(folded, 0).code_point, *others_);
  if (first >= 0x80) return;

  const std::uint8_t which = w == whole::capitals ? in_capitals : any_case;
  first_[first] |= which;
  first_[static_cast<unsigned char>(first >= 'a' && first <= 'z' ? first - 32 : first)] |= which;
  std::bitset<32768>& three = w == whole::capitals ? three_capitals_ : three_;
  const auto letters =
      static_cast<std::size_t>(std::find_if_not(folded.begin(), folded.end(), is_ascii_alnum) - folded.begin());
  std::string start(folded.substr(0, std::min<std::size_t>(letters, 3)));
  if (start.size() == 2 && folded.size() == 2 && w == whole::capitals) start.push_back('s');  // a plural
  if (start.empty()) {
    everything_ = true;
  } else if (start.size() == 3) {
    three.set(three_of(start));
  } else if (w == whole::no && letters == folded.size()) {
    // A shorter beginning stands for all that may follow.
    const std::size_t known = start.size();
    start.resize(3, '\0');
    for (unsigned rest = 0; rest < (known == 1 ? 1024U : 32U); ++rest) {
      start[2] = static_cast<char>(rest & 31U);
      if (known == 1) start[1] = static_cast<char>(rest >> 5);
      three.set(three_of(start));
    }
  }
}

void word_filter::add_word(std::string_view folded) {
  add(folded, whole::yes);
}

// Arabic prefixes are taken off too, but what is left of the word is its stem as it stands, except for its ends and for
// the seats of hamza.
void word_filter::add_inner(std::string_view stem) {
  std::u16string letters;
  for (std::size_t at = 0; at < stem.size();) {
    const decoded d = decode_utf8(stem, at);
    const bool arabic = d.code_point >= 0x600 && d.code_point < 0x700;
    const char16_t folded = arabic ? arabic_folds()[d.code_point - 0x600] : k_not_plain;
    if (folded == k_not_plain || folded == k_ends_word) letters.clear();
    if (folded == k_not_plain || folded == k_ends_word) break;
    if (folded != 0) letters.push_back(folded);
    at += d.size;
  }
  if (letters.size() < 3) {
    everything_ = true;
    return;
  }
  if (letters.size() == 3) {
    inners_.push_back(letters.substr(0, 2));
    inners_.push_back(letters.substr(1, 2));
    return;
  }
  std::u16string inner = letters.substr(1, letters.size() - 2);
  // يست and its like become است behind a prefix: the alif need not be in the word.
  if (inner.starts_with(u"است")) inner.erase(0, 1);
  inners_.push_back(std::move(inner));
}

void word_filter::add_stem(std::string_view stem, std::string_view language) {
  if (language == "ar") {
    add_inner(stem);
    return;
  }
  std::size_t characters = 0;
  for (std::size_t at = 0; at < stem.size(); at += decode_utf8(stem, at).size) ++characters;
  const std::size_t kept = kept_characters(characters, language);
  if (kept == 0) everything_ = true;
  std::size_t end = 0;
  for (std::size_t i = 0; i < kept && end < stem.size(); ++i) end += decode_utf8(stem, end).size;
  add(stem.substr(0, end), whole::no);
}

void word_filter::add_acronym(std::string_view written) {
  add(index::fold(written), whole::capitals);
}

void word_filter::add_symbol(std::string_view folded) {
  add(folded, whole::no);
}

// Whether what a word begins with, folded, is a beginning that is wanted. ended: this is all of the word; if not, it
// may go on, perhaps behind a hyphen or an apostrophe.
bool word_filter::is_wanted(std::string_view folded, bool ended, bool capitals) const {
  if (folded.empty()) return true;
  for (const std::uint32_t i : by_byte_[static_cast<unsigned char>(folded.front())]) {
    const beginning& b = beginnings_[i];
    const std::string_view wanted = b.text;
    switch (b.is_whole) {
      case whole::no:
        if (folded.starts_with(wanted) || wanted.starts_with(folded)) return true;
        break;
      case whole::capitals:
        if (!capitals) break;
        if (wanted.starts_with(folded) || (folded.starts_with(wanted) && folded.size() <= wanted.size() + 1))
          return true;
        break;
      case whole::yes:
        if (ended ? wanted == folded : wanted.starts_with(folded)) return true;
        break;
    }
  }
  return false;
}

// Three letters decide about nearly all words.
bool word_filter::may_begin_ascii(std::string_view text, std::size_t at) const {
  if (kind_at(text, at + 1) == k_letter && kind_at(text, at + 2) == k_letter) {
    const std::size_t three = three_of(text.substr(at, 3));
    const bool any = three_.test(three);
    const bool capitals = three_capitals_.test(three) && !is_ascii_lower(text[at]) && !is_ascii_lower(text[at + 1]);
    if (!any && !capitals) return false;
  }
  return may_begin(text, at);
}

// Folds the beginning of the word at text[at] and compares it. Whatever is not plain is let pass.
bool word_filter::may_begin(std::string_view text, std::size_t at) const {
  std::string folded;  // short: no allocation
  const bool capitals = !is_ascii_lower(text[at]);
  const char_class first = class_of(decode_utf8(text, at).code_point);
  const bool unspaced = first == char_class::cjk || first == char_class::complex;
  bool ended = true;
  while (at < text.size()) {
    if (folded.size() >= (unspaced ? std::size_t{8} : k_most_letters) - 4) {
      ended = false;
      break;
    }
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x80) {
      if (k_kinds[byte] == k_letter) {
        if (unspaced) break;
        folded.push_back(to_ascii_lower(text[at++]));
        continue;
      }
      ended = k_kinds[byte] != k_joiner;
      break;
    }
    const decoded d = decode_utf8(text, at);
    const char_class k = class_of(d.code_point);
    if (index::needs_composition(d.code_point)) return true;
    if (k == char_class::extend) {
      if (first == char_class::cjk) return true;
    } else if (k == char_class::other || k == char_class::apostrophe || k == char_class::hyphen) {
      ended = !index::may_join(d.code_point);
      break;
    } else if (unspaced != (k == char_class::cjk || k == char_class::complex)) {
      break;
    }
    index::append_folded(folded, d.code_point);
    at += d.size;
  }
  if (folded.empty()) return true;
  if (unspaced) {
    // A word may end anywhere here: Han and its kind are read in pairs, Thai and its kind by dictionaries.
    return std::any_of(beginnings_.begin(), beginnings_.end(), [&](const beginning& b) {
      return std::string_view(folded).starts_with(b.text) || b.text.starts_with(folded);
    });
  }
  return is_wanted(folded, ended, capitals);
}

// Whether the word at text[at] holds the inside of a wanted stem. Words with other than plain letters are let pass.
bool word_filter::has_inner(std::string_view text, std::size_t at) const {
  const std::array<char16_t, 256>& folds = arabic_folds();
  std::u16string word;
  for (; at + 1 < text.size(); at += 2) {
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead < 0xD8 || lead > 0xDB) break;
    const char16_t folded = folds[(lead & 3U) << 6 | (static_cast<unsigned char>(text[at + 1]) & 0x3FU)];
    if (folded == k_ends_word) break;
    if (folded == k_not_plain) return true;
    if (folded != 0) word.push_back(folded);
  }
  if (at < text.size() && static_cast<unsigned char>(text[at]) < 0xD8 && kind_at(text, at) != k_separator) return true;
  if (at < text.size() && static_cast<unsigned char>(text[at]) > 0xDB) return true;
  return std::any_of(inners_.begin(), inners_.end(),
                     [&](const std::u16string& i) { return word.find(i) != std::u16string::npos; });
}

bool word_filter::begins_at(std::string_view text, std::size_t at) const {
  return everything_ || (first_[static_cast<unsigned char>(text[at])] != 0 && may_begin_ascii(text, at));
}

// Walks over plain ASCII from at on, up to the first byte beyond it: where words begin is told for sixteen bytes at a
// time. after_letter: whether what stands before belongs to the same word, before and after the walk.
std::size_t word_filter::next_ascii(std::string_view text, std::size_t at, bool& after_letter, bool& found) const {
  const auto* bytes =
      reinterpret_cast<const unsigned char*>(text.data());  // NOLINT(*-reinterpret-cast): bytes are bytes
  const std::size_t end = text.size();
#ifdef __SSE2__
  while (at + 16 <= end) {
    const __m128i c = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + at));  // NOLINT(*-reinterpret-cast)
    const auto within = [](__m128i x, char low, char span) {
      const __m128i from_low = _mm_sub_epi8(x, _mm_set1_epi8(low));
      return _mm_cmpeq_epi8(_mm_min_epu8(from_low, _mm_set1_epi8(span)), from_low);
    };
    const __m128i letter = _mm_or_si128(within(_mm_or_si128(c, _mm_set1_epi8(0x20)), 'a', 25), within(c, '0', 9));
    const auto beyond = static_cast<unsigned>(_mm_movemask_epi8(c));
    unsigned letters = static_cast<unsigned>(_mm_movemask_epi8(letter)) & ~beyond;
    const unsigned size = beyond != 0 ? static_cast<unsigned>(std::countr_zero(beyond)) : 16U;
    letters &= (1U << size) - 1;
    for (unsigned starts = letters & ~(letters << 1 | (after_letter ? 1U : 0U)); starts != 0; starts &= starts - 1) {
      const std::size_t start = at + static_cast<std::size_t>(std::countr_zero(starts));
      if (!begins_at(text, start)) continue;
      found = true;
      return start;
    }
    if (size != 0) after_letter = (letters >> (size - 1) & 1U) != 0;
    at += size;
    if (beyond != 0) return at;
  }
#endif
  for (; at < end && bytes[at] < 0x80; ++at) {
    const bool letter = k_kinds[bytes[at]] == k_letter;
    if (letter && !after_letter && begins_at(text, at)) {
      found = true;
      return at;
    }
    after_letter = letter;
  }
  return at;
}

std::size_t word_filter::next(std::string_view text, std::size_t at) const {
  const std::size_t end = text.size();
  const std::vector<char_class>& classes = bmp_classes();
  bool after_letter = false;  // what stands before at belongs to the same word
  while (at < end) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      bool found = false;
      at = next_ascii(text, at, after_letter, found);
      if (found) return at;
      continue;
    }
    const decoded d = decode(text, at);
    // Ideographs and syllables, and the letters of Cyrillic, need no table.
    if ((d.code_point >= 0x4E00 && d.code_point <= 0x9FFF) || (d.code_point >= 0xAC00 && d.code_point <= 0xD7A3)) {
      if (others_->test(d.code_point) && may_begin(text, at)) return at;
      after_letter = false;
      at += 3;
      continue;
    }
    if (d.code_point >= 0x400 && d.code_point < 0x480) {
      if (!after_letter && (everything_ || (others_->test(d.code_point) && may_begin(text, at)))) return at;
      after_letter = true;
      // The rest of the word: D0 and D1 lead these letters only.
      for (at += 2; at + 1 < end && (static_cast<unsigned char>(text[at]) & 0xFE) == 0xD0 &&
                    (static_cast<unsigned char>(text[at + 1]) & 0xC0) == 0x80;)
        at += 2;
      continue;
    }
    const bool basic = d.code_point < 0x10000;
    switch (basic ? classes[d.code_point] : class_of(d.code_point)) {
      case char_class::extend:
        break;
      case char_class::letter:
      case char_class::digit:
        if (!after_letter && (everything_ || ((!basic || others_->test(d.code_point)) && may_begin(text, at)) ||
                              (!inners_.empty() && has_inner(text, at))))
          return at;
        after_letter = true;
        break;
      case char_class::cjk:
        if ((!basic || others_->test(d.code_point)) && may_begin(text, at)) return at;
        after_letter = false;
        break;
      case char_class::complex:
        if (everything_ || ((!basic || others_->test(d.code_point)) && may_begin(text, at))) return at;
        after_letter = false;
        break;
      default:
        after_letter = false;
    }
    at += d.size;
  }
  return end;
}

}  // namespace rapporteur::search
