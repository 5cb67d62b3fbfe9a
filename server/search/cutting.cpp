#include "server/search/cutting.hpp"

#include "index/ascii.hpp"
#include "index/unicode.hpp"

#include <algorithm>
#include <array>

namespace rapporteur::search {
namespace {

using index::char_class;
using index::class_of;
using index::decode_utf8;
using index::decoded;

// Words that end in a full stop without ending a sentence, where a name or a number follows. Initials need no entry.
constexpr std::array<std::string_view, 32> k_abbreviations = {
    "adm", "art", "brig", "capt", "cf", "cmdr", "col", "dr",   "fig",  "gen", "gov", "hon", "lt",  "maj", "mme", "mr",
    "mrs", "ms",  "no",   "nos",  "nr", "para", "pp",  "pres", "prof", "rep", "rev", "sen", "sgt", "sr",  "sra", "st",
};

// The character before text[at]; 0 at the beginning.
decoded before(std::string_view text, std::size_t at) {
  if (at == 0) return {0, 0, false};
  std::size_t begin = at - 1;
  for (int back = 0; back < 3 && begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80; ++back) --begin;
  const decoded d = decode_utf8(text, begin);
  return begin + d.size == at ? d : decode_utf8(text, at - 1);
}

bool is_closer(char32_t c) {
  switch (c) {
    case U'"':
    case U'\'':
    case U'”':
    case U'’':
    case U'»':
    case U')':
    case U']':
    case U'」':
    case U'』':
    case U'）':
    case U'】':
      return true;
    default:
      return false;
  }
}

// A full stop that belongs to a word: Mr. Kim, J. Smith, U.N. envoy.
bool is_abbreviation(std::string_view text, std::size_t stop) {
  std::size_t begin = stop;
  while (begin > 0 && !is_blank(text[begin - 1]) && stop - begin < 16) --begin;
  std::string_view word = text.substr(begin, stop - begin);
  while (!word.empty() && !is_ascii_alnum(word.front()) && static_cast<unsigned char>(word.front()) < 0x80)
    word.remove_prefix(1);
  if (word.empty()) return false;
  const decoded last = before(text, stop);
  if (index::is_upper(last.code_point)) {
    // One capital, or the last of several with dots between.
    const char ahead = stop > begin + last.size ? text[stop - last.size - 1] : ' ';
    if (word.size() == last.size || ahead == '.') return true;
  }
  return std::any_of(k_abbreviations.begin(), k_abbreviations.end(), [word](std::string_view known) {
    return std::equal(word.begin(), word.end(), known.begin(), known.end(),
                      [](char a, char b) { return to_ascii_lower(a) == b; });
  });
}

bool is_later_jamo(char32_t c) {
  return (c >= 0x1160 && c <= 0x11FF) || (c >= 0xD7B0 && c <= 0xD7FB);
}
bool is_regional_indicator(char32_t c) {
  return c >= 0x1F1E6 && c <= 0x1F1FF;
}

// Dismisses nearly all places by one or two bytes, before anything is decoded.
bool may_end_sentence(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte < 0x80) return byte == '.' || byte == '!' || byte == '?' || byte == '\n';
  if (byte < 0xC2 || at + 1 >= text.size()) return false;
  const auto next = static_cast<unsigned char>(text[at + 1]);
  switch (byte) {
    case 0xD6:
      return next == 0x89;  // ։
    case 0xD8:
      return next == 0x9F;  // ؟
    case 0xDB:
      return next == 0x94;  // ۔
    case 0xE0:
      return next == 0xA5;  // । ॥
    case 0xE1:
      return next == 0x81 || next == 0x8D || next == 0x9F;  // ။ ። ។ ៕
    case 0xE2:
    case 0xE3:
      return next == 0x80;  // … 。
    case 0xEF:
      return next == 0xBC || next == 0xBD;  // ！ ？ ｡
    default:
      return false;
  }
}

}  // namespace

std::size_t sentence_end(std::string_view text, std::size_t at) {
  if (!may_end_sentence(text, at)) return 0;
  const decoded d = decode_utf8(text, at);
  std::size_t end = at + d.size;
  bool spaced = true;
  switch (d.code_point) {
    case U'\n':
      while (end < text.size() && (text[end] == ' ' || text[end] == '\t' || text[end] == '\r')) ++end;
      if (end >= text.size() || text[end] != '\n') return 0;
      break;
    case U'。':
    case U'！':
    case U'？':
    case U'｡':
    case U'।':
    case U'॥':
    case U'။':
    case U'។':
    case U'៕':
    case U'።':
      spaced = false;
      [[fallthrough]];
    case U'.':
    case U'!':
    case U'?':
    case U'…':
    case U'؟':
    case U'۔':
    case U'։':
      while (end < text.size()) {  // ?! … ." …).
        const decoded q = decode_utf8(text, end);
        if (!is_closer(q.code_point) && q.code_point != U'.' && q.code_point != U'!' && q.code_point != U'?' &&
            q.code_point != U'！' && q.code_point != U'？')
          break;
        end += q.size;
      }
      break;
    default:
      return 0;
  }
  if (spaced && d.code_point != U'\n' && end < text.size() && !is_blank(text[end])) return 0;
  const std::size_t stop_end = end;
  while (end < text.size() && is_blank(text[end])) ++end;
  if (d.code_point == U'.' && stop_end == at + 1 && end < text.size()) {
    if (index::is_lower(decode_utf8(text, end).code_point) || is_abbreviation(text, at)) return 0;
  }
  return end - at;
}

bool is_cluster_cut(std::string_view text, std::size_t at) {
  if (at == 0 || at >= text.size()) return true;
  if ((static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) return false;
  if (static_cast<unsigned char>(text[at]) < 0x80) return text[at - 1] != '\r' || text[at] != '\n';
  const char32_t next = decode_utf8(text, at).code_point;
  const char32_t last = before(text, at).code_point;
  if (class_of(next) == char_class::extend || last == 0x200D) return false;
  if (next == 0x0E33 || next == 0x0EB3) return false;    // Thai and Lao am
  if (next >= 0x1F3FB && next <= 0x1F3FF) return false;  // skin tones
  if (is_regional_indicator(next) && is_regional_indicator(last)) return false;
  return !is_later_jamo(next);
}

bool is_unspaced(std::string_view text, std::size_t at) {
  if (at == 0 || at >= text.size() || static_cast<unsigned char>(text[at]) < 0x80) return false;
  const char_class next = class_of(decode_utf8(text, at).code_point);
  const char_class last = class_of(before(text, at).code_point);
  return (next == char_class::complex || next == char_class::extend) &&
         (last == char_class::complex || last == char_class::extend);
}

bool is_word_cut(std::string_view text, std::size_t at) {
  if (at == 0 || at >= text.size()) return true;
  if (!is_cluster_cut(text, at)) return false;
  if (is_blank(text[at - 1])) return true;
  if (is_blank(text[at])) return true;
  const char32_t last = before(text, at).code_point;
  const char32_t next = decode_utf8(text, at).code_point;
  const char_class left = class_of(last);
  const char_class right = class_of(next);
  // Punctuation stays with the word before it, and opening marks with the word behind them: only the full-width kind,
  // which is followed by no blank, may be cut at.
  const bool wide_stop = last == U'、' || last == U'，' || last == U'。' || last == U'；' || last == U'：' ||
                         last == U'！' || last == U'？' || last == U'」' || last == U'』' || last == U'）';
  if (wide_stop) return right != char_class::other;
  return left == char_class::cjk && right == char_class::cjk;
}

}  // namespace rapporteur::search
