// Reading atoms: letters and digits with their marks, apostrophes and separators, and the possessives and elisions in
// them.
#include "index/ascii.hpp"
#include "index/scanner.hpp"
#include "index/unicode.hpp"

#include <algorithm>
#include <array>

namespace rapporteur::index {
namespace {

// Articles and particles that elide before a vowel in French, Italian and Catalan.
constexpr std::array<std::string_view, 26> k_elisions = {
    "l",    "d",    "j",   "m",    "n",    "s",    "t",     "c",     "qu", "lorsqu", "puisqu", "jusqu", "quoiqu",
    "dell", "nell", "all", "dall", "sull", "coll", "quell", "quest", "un", "gl",     "degl",   "agl",   "sant"};

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

// A comma groups thousands if exactly three digits follow it: 120,000 is a number, 2018,2019 are two.
bool scanner::groups_thousands(std::size_t after_comma) const {
  std::size_t at = after_comma;
  int digits = 0;
  while (is_digit_at(at) && digits < 4) {
    at += decode_utf8(text_, at).size;
    ++digits;
  }
  return digits == 3;
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
  a.begin = static_cast<std::uint32_t>(at);
  bool composes = false;
  bool after_digit = false;
  bool after_letter = false;
  std::size_t apostrophes = 0;
  std::uint32_t first_apostrophe = 0;
  std::uint32_t last_apostrophe = 0;
  letter_counts before_first;
  letter_counts before_last;
  while (at < text_.size()) {
    const decoded d = decode_utf8(text_, at);
    const char32_t c = d.code_point;
    const char_class k = class_of(c);
    const bool room = a.folded.size() <= 2 * k_max_token_bytes;
    if (k == char_class::letter) {
      ++a.counts.letters;
      if (is_upper(c))
        ++a.counts.upper;
      else if (is_lower(c))
        ++a.counts.lower;
      after_letter = true;
      after_digit = false;
    } else if (k == char_class::digit) {
      ++a.counts.digits;
      after_digit = true;
      after_letter = false;
    } else if (k == char_class::extend) {
      // stays in the word, whatever it folds to
    } else if ((k == char_class::apostrophe || c == U'"' || c == 0x05F4) && after_letter && starts_atom(at + d.size) &&
               !is_digit_at(at + d.size)) {
      // A double quote inside a word is gershayim, in Hebrew only (UAX #29 rules WB7b and WB7c).
      const char32_t next = decode_utf8(text_, at + d.size).code_point;
      if (k != char_class::apostrophe && !(next >= 0x05D0 && next <= 0x05EA)) break;
      if (k == char_class::apostrophe) {
        if (apostrophes++ == 0) {
          first_apostrophe = static_cast<std::uint32_t>(at);
          before_first = a.counts;
          a.elided_folded = static_cast<std::uint16_t>(std::min<std::size_t>(a.folded.size(), k_max_token_bytes));
        }
        last_apostrophe = static_cast<std::uint32_t>(at);
        before_last = a.counts;
      }
      at += d.size;
      continue;
    } else if (after_digit && (c == U',' || c == 0x066C) && groups_thousands(at + d.size)) {
      at += d.size;
      continue;
    } else if (after_digit && (c == U'.' || c == 0x066B) && is_digit_at(at + d.size)) {
      if (room) a.folded.push_back('.');
      at += d.size;
      continue;
    } else {
      break;
    }
    composes = composes || needs_composition(c);
    if (room) append_folded(a.folded, c);
    at += d.size;
  }
  a.end = static_cast<std::uint32_t>(at);
  finish_atom(a, composes, apostrophes, first_apostrophe, before_first, last_apostrophe, before_last);
  return at;
}

void scanner::finish_atom(atom& a, bool composes, std::size_t apostrophe_count, std::uint32_t first_apostrophe,
                          const letter_counts& before_first, std::uint32_t last_apostrophe,
                          const letter_counts& before_last) {
  const auto fold_range = [&](std::size_t begin, std::size_t end) {
    const std::string composed = compose(text_.substr(begin, std::min(end - begin, 8 * k_max_token_bytes)));
    std::string folded;
    for (std::size_t i = 0; i < composed.size();) {
      const decoded d = decode_utf8(composed, i);
      const char_class k = class_of(d.code_point);
      if (k != char_class::apostrophe && d.valid && d.code_point != U'"' && d.code_point != U',') {
        append_folded(folded, d.code_point);
      }
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

  if (apostrophe_count > 0) {
    // people's: the possessive is no part of the word.
    const bool one_letter_after = a.counts.letters == before_last.letters + 1 && a.counts.digits == before_last.digits;
    if (one_letter_after && !a.folded.empty() && a.folded.back() == 's') {
      a.folded.pop_back();
      a.counts = before_last;
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
  a.plural = a.counts.upper >= 2 && a.counts.lower == 1 && !a.folded.empty() && a.folded.back() == 's';
  a.folded.resize(utf8_boundary_before(a.folded, k_max_token_bytes));
  if (a.elided_folded >= a.folded.size()) a.elided_folded = 0;
}

}  // namespace rapporteur::index
