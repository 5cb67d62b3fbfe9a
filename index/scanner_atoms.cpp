// Reading atoms: letters and digits with their marks, apostrophes and separators, and the possessives and elisions in
// them.
#include "index/ascii.hpp"
#include "index/gershayim.hpp"
#include "index/scanner.hpp"
#include "index/unicode.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace rapporteur::index {
namespace {

constexpr std::size_t k_max_composed = 16384;  // bytes of an atom that are composed; more is no word

// Articles and particles that elide before a vowel in French, Italian and Catalan.
constexpr std::array<std::string_view, 26> k_elisions = {
    "l",    "d",    "j",   "m",    "n",    "s",    "t",     "c",     "qu", "lorsqu", "puisqu", "jusqu", "quoiqu",
    "dell", "nell", "all", "dall", "sull", "coll", "quell", "quest", "un", "gl",     "degl",   "agl",   "sant"};

bool is_decimal_point(char32_t c) {
  return c == U'.' || c == 0x066B || c == U'．';
}

// Commas of all scripts that have them; the apostrophe of 120’000 is looked at by its class.
bool is_thousands_comma(char32_t c) {
  return c == U',' || c == 0x066C || c == 0x060C;
}

bool is_small_or_capital_l(char32_t c) {
  return c == U'l' || c == U'L';
}

bool begins_with_vowel(std::string_view folded) {
  return !folded.empty() && std::string_view("aeiouyh").find(folded.front()) != std::string_view::npos;
}

}  // namespace

bool scanner::starts_atom(std::size_t at) const {
  if (at >= text_.size()) return false;
  if (byte(at) < 0x80) return is_ascii_alnum(text_[at]);
  const char_class k = class_of(decode_utf8(text_, at).code_point);
  return k == char_class::letter || k == char_class::digit;
}

bool scanner::is_digit_at(std::size_t at) const {
  if (at >= text_.size()) return false;
  if (byte(at) < 0x80) return is_ascii_digit(text_[at]);
  return class_of(decode_utf8(text_, at).code_point) == char_class::digit;
}

// A separator groups thousands if exactly three digits follow it: 120,000 is a number, 2018,2019 are two. In India two
// digits may come between: 1,20,000.
bool scanner::groups_thousands(std::size_t after_separator) const {
  std::size_t at = after_separator;
  for (int groups = 0; groups < 4; ++groups) {
    int digits = 0;
    while (is_digit_at(at) && digits < 4) {
      at += decode_utf8(text_, at).size;
      ++digits;
    }
    if (digits == 3) return true;
    if (digits != 2 || at >= text_.size() || byte(at) != ',') return false;
    ++at;
  }
  return false;
}

scanner::atom& scanner::next_atom() {
  if (atom_count_ == atoms_.size()) atoms_.emplace_back();
  atom& a = atoms_[atom_count_++];
  std::string keep = std::move(a.folded);
  keep.clear();
  a = atom{};
  a.folded = std::move(keep);
  return a;
}

std::size_t scanner::scan_atom(std::size_t at, atom& a) {
  a.begin = a.end = static_cast<std::uint32_t>(at);
  bool composes = false;
  bool reordered = false;    // the character before is a mark that may change places with the next one
  unsigned digits = 0;       // in a row, up to here
  char32_t last_letter = 0;  // of the letters in a row up to here
  std::size_t apostrophes = 0;
  std::uint32_t first_apostrophe = 0;
  std::uint32_t last_apostrophe = 0;
  letter_counts before_first;
  letter_counts before_last;
  while (at < text_.size()) {
    const decoded d = decode_utf8(text_, at);
    const char32_t c = d.code_point;
    const char_class k = class_of(c);
    const std::size_t next = at + d.size;
    const bool room = a.folded.size() <= 2 * k_max_token_bytes;
    const bool was_reordered = std::exchange(reordered, false);
    if (k == char_class::letter) {
      ++a.counts.letters;
      if (is_upper(c))
        ++a.counts.upper;
      else if (is_lower(c))
        ++a.counts.lower;
      last_letter = c;
      digits = 0;
    } else if (k == char_class::digit) {
      ++a.counts.digits;
      ++digits;
      last_letter = 0;
    } else if (k == char_class::extend) {
      // stays in the word, whatever it folds to
      reordered = is_reordered(c);
      composes = composes || (reordered && was_reordered);
    } else if (const std::size_t mark = last_letter != 0 ? gershayim_at(text_, at, last_letter, a.counts.letters) : 0;
               mark != 0) {
      at += mark;
      continue;
    } else if (k == char_class::apostrophe && last_letter != 0 && starts_atom(next) && !is_digit_at(next)) {
      if (apostrophes++ == 0) {
        first_apostrophe = static_cast<std::uint32_t>(at);
        before_first = a.counts;
        a.elided_folded = static_cast<std::uint16_t>(std::min<std::size_t>(a.folded.size(), k_max_token_bytes));
      }
      last_apostrophe = static_cast<std::uint32_t>(at);
      before_last = a.counts;
      at = next;
      continue;
    } else if (digits >= 1 && digits <= 3 && (is_thousands_comma(c) || k == char_class::apostrophe) &&
               groups_thousands(next)) {
      digits = 0;
      at = next;
      continue;
    } else if (digits != 0 && is_decimal_point(c) && is_digit_at(next)) {
      if (room) a.folded.push_back('.');
      a.decimal = true;
      digits = 4;  // what follows is no group of thousands
      at = next;
      continue;
    } else if (c == 0x00B7 && is_small_or_capital_l(last_letter) && next < text_.size() &&
               is_small_or_capital_l(byte(next))) {
      at = next;  // Catalan col·lecció
      continue;
    } else {
      break;
    }
    composes = composes || needs_composition(c);
    if (room) append_folded(a.folded, c);
    at = next;
    // What is not seen at the end of a word is passed over, but not marked with it.
    if (!is_format(c)) a.end = static_cast<std::uint32_t>(at);
  }
  finish_atom(a, composes, apostrophes, first_apostrophe, before_first, last_apostrophe, before_last);
  return at;
}

void scanner::finish_atom(atom& a, bool composes, std::size_t apostrophe_count, std::uint32_t first_apostrophe,
                          const letter_counts& before_first, std::uint32_t last_apostrophe,
                          const letter_counts& before_last) {
  const auto fold_range = [&](std::size_t begin, std::size_t end) {
    const std::string composed = compose(text_.substr(begin, std::min(end - begin, k_max_composed)));
    std::string folded;
    for (std::size_t i = 0; i < composed.size() && folded.size() <= 2 * k_max_token_bytes;) {
      const decoded d = decode_utf8(composed, i);
      const char_class k = class_of(d.code_point);
      if (k == char_class::letter || k == char_class::digit || k == char_class::extend)
        append_folded(folded, d.code_point);
      else if (is_decimal_point(d.code_point))
        folded.push_back('.');
      i += d.size;
    }
    return folded;
  };
  if (composes) {
    if (apostrophe_count > 0) {
      a.elided_folded =
          static_cast<std::uint16_t>(std::min(fold_range(a.begin, first_apostrophe).size(), k_max_token_bytes));
    }
    a.folded = fold_range(a.begin, a.end);
  }

  const std::uint16_t prefix = a.elided_folded;  // folded, up to the first apostrophe
  bool possessive = false;
  if (apostrophe_count > 0) {
    // people's: the possessive is no part of the word.
    const bool one_letter_after = a.counts.letters == before_last.letters + 1 && a.counts.digits == before_last.digits;
    if (one_letter_after && !a.folded.empty() && a.folded.back() == 's') {
      a.folded.pop_back();
      a.counts = before_last;
      possessive = true;
      if (first_apostrophe == last_apostrophe) a.elided_folded = 0;
    }
  }
  if (a.elided_folded != 0) {
    const std::string_view article = std::string_view(a.folded).substr(0, a.elided_folded);
    const std::string_view rest =
        a.elided_folded < a.folded.size() ? std::string_view(a.folded).substr(a.elided_folded) : "";
    const bool elides = std::find(k_elisions.begin(), k_elisions.end(), article) != k_elisions.end();
    if (elides && rest.size() > 1 && begins_with_vowel(rest)) {
      a.elided_begin = first_apostrophe + decode_utf8(text_, first_apostrophe).size;
      a.counts.letters -= before_first.letters;
      a.counts.upper -= before_first.upper;
      a.counts.lower -= before_first.lower;
    } else {
      a.elided_folded = 0;
    }
  }
  a.apostrophe = apostrophe_count > 0 && !possessive && a.elided_folded == 0;
  if (a.apostrophe && apostrophe_count == 1 && before_first.upper >= 2 && before_first.upper == before_first.letters &&
      before_first.digits == 0 && a.counts.upper == before_first.upper) {
    a.suffixed_end = first_apostrophe;
    a.suffixed_folded = prefix;
  }
  a.plural = a.counts.upper >= 2 && a.counts.lower == 1 && !a.folded.empty() && a.folded.back() == 's';
  a.folded.resize(utf8_boundary_before(a.folded, k_max_token_bytes));
  if (a.elided_folded >= a.folded.size()) a.elided_folded = 0;
}

}  // namespace rapporteur::index
