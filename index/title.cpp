// A title for an article that has none: its first sentence or line, as printed, within a bound.
//
// Knows no file format. What is derived is only ever shown as derived (article::title_derived).
#include "index/article.hpp"
#include "index/ascii.hpp"
#include "index/unicode.hpp"

#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>

#include <algorithm>
#include <array>
#include <memory>

namespace rapporteur {
namespace {

/// Words that end in a full stop without ending a sentence; lower case. Initials and U.N. need no entry.
constexpr std::array<std::string_view, 44> k_abbreviations = {
    "mr",  "mrs", "ms",   "dr",  "prof", "gen",  "lt",  "col",    "sgt", "cpl",  "capt", "maj", "adm",  "cmdr",  "sen",
    "rep", "gov", "pres", "rev", "hon",  "st",   "jr",  "sr",     "no",  "nos",  "vs",   "art", "para", "paras", "fig",
    "vol", "ed",  "inc",  "ltd", "co",   "corp", "est", "approx", "sra", "srta", "dra",  "mme", "mlle", "nr",
};

/// True if the full stop after word (what stands before it since the last blank) belongs to an abbreviation, or to the
/// number of a list item when word is the first of its line.
bool is_abbreviation(std::string_view word, bool first) {
  while (!word.empty() && !is_ascii_letter(word.front()) && !is_ascii_digit(word.front()) &&
         static_cast<unsigned char>(word.front()) < 0x80) {
    word.remove_prefix(1);  // opening quotes and brackets
  }
  if (word.empty() || word.size() == index::decode_utf8(word, 0).size || word.find('.') != std::string_view::npos)
    return true;
  if (first && std::all_of(word.begin(), word.end(), is_ascii_digit)) return true;
  return std::any_of(k_abbreviations.begin(), k_abbreviations.end(), [&](std::string_view known) {
    return std::equal(word.begin(), word.end(), known.begin(), known.end(),
                      [](char a, char b) { return to_ascii_lower(a) == b; });
  });
}

enum class stop { none, spaced, always };

/// Whether a character ends a sentence: only before a blank, or (full-width forms, dandas) anywhere.
stop stop_of(char32_t c) {
  switch (c) {
    case U'.':
    case U'!':
    case U'?':
    case U'…':
    case U'؟':
    case U'۔':
    case U'։':
      return stop::spaced;
    case U'。':
    case U'！':
    case U'？':
    case U'｡':
    case U'।':
    case U'॥':
    case U'።':
    case U'။':
    case U'។':
    case U'៕':
      return stop::always;
    default:
      return stop::none;
  }
}

bool is_closer(char32_t c) {
  const auto type = u_charType(static_cast<UChar32>(c));
  return c == U'"' || c == U'\'' || type == U_END_PUNCTUATION || type == U_FINAL_PUNCTUATION;
}

/// Explicit bidirectional embeddings, overrides and isolates: a cut title would leave them open.
bool is_bidi_control(char32_t c) {
  return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

bool is_visible(char32_t c) {
  const auto u = static_cast<UChar32>(c);
  return u_isgraph(u) != 0 && u_hasBinaryProperty(u, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) == 0 && c != 0x2800;
}

bool is_blank(char32_t c) {
  return u_isUWhiteSpace(static_cast<UChar32>(c)) != 0 || c < 0x20 || c == 0x7F;
}

/// Where the line at text[at] ends.
std::size_t line_end(std::string_view text, std::size_t at) {
  return std::min(text.find_first_of("\r\n", at), text.size());
}

/// Whether a line break inside a paragraph stands for a blank (a text wrapped at some width) or ends a heading.
bool continues_after_break(std::string_view text, std::size_t line_begin, std::size_t break_at, std::size_t next) {
  constexpr std::size_t k_wrapped_bytes = 55;
  if (next >= text.size()) return false;
  if (index::is_lower(index::decode_utf8(text, next).code_point)) return true;
  const char last = break_at > 0 ? text[break_at - 1] : ' ';
  if (last == ',' || last == ';') return true;
  return break_at - line_begin >= k_wrapped_bytes && line_end(text, next) - next >= k_wrapped_bytes;
}

struct close_break_iterator {
  void operator()(UBreakIterator* b) const noexcept { ubrk_close(b); }
};

/// The last place at or before limit where a line may be broken (UAX #14), after which nothing visible is lost; 0 if
/// there is none.
std::size_t break_before(const std::string& line, std::size_t limit) {
  UErrorCode status = U_ZERO_ERROR;
  thread_local const std::unique_ptr<UBreakIterator, close_break_iterator> breaks(
      ubrk_open(UBRK_LINE, "en", nullptr, 0, &status));
  if (!breaks || U_FAILURE(status)) return 0;
  UText text = UTEXT_INITIALIZER;
  utext_openUTF8(&text, line.data(), static_cast<std::int64_t>(line.size()), &status);
  ubrk_setUText(breaks.get(), &text, &status);
  std::size_t found = 0;
  if (U_SUCCESS(status)) {
    const auto last = static_cast<std::int32_t>(index::utf8_boundary_before(line, limit));
    const std::int32_t at = ubrk_isBoundary(breaks.get(), last) != 0 ? last : ubrk_preceding(breaks.get(), last);
    if (at != UBRK_DONE) found = static_cast<std::size_t>(at);
  }
  utext_close(&text);
  return found;
}

std::string cut_title(const std::string& line, std::size_t max_bytes) {
  constexpr std::string_view k_ellipsis = "…";
  if (max_bytes <= k_ellipsis.size()) return line.substr(0, index::utf8_boundary_before(line, max_bytes));
  const std::size_t limit = max_bytes - k_ellipsis.size();
  std::size_t cut = break_before(line, limit);
  if (cut == 0) {  // one word longer than the title: cut it between characters, marks kept with their letter
    cut = index::utf8_boundary_before(line, limit);
    while (cut > 0 && index::class_of(index::decode_utf8(line, cut).code_point) == index::char_class::extend) {
      cut = index::utf8_boundary_before(line, cut - 1);
    }
  }
  while (cut > 0 && (line[cut - 1] == ' ' || line[cut - 1] == ',' || line[cut - 1] == ';' || line[cut - 1] == ':'))
    --cut;
  return line.substr(0, cut).append(k_ellipsis);
}

}  // namespace

std::string derive_title(std::string_view text, std::size_t max_bytes) {
  std::size_t at = 0;
  while (at < text.size()) {
    const index::decoded d = index::decode_utf8(text, at);
    if (is_visible(d.code_point)) break;
    at += d.size;
  }
  // The mark of a list item or heading (- * • #) is not part of the sentence.
  if (const std::size_t mark_end = text.find_first_not_of("-*#>", at);
      mark_end != std::string_view::npos && mark_end > at && text[mark_end] == ' ') {
    at = mark_end + 1;
  } else if (text.substr(at).starts_with("• ")) {
    at += std::string_view("• ").size();
  }

  constexpr std::size_t k_context_bytes = 64;  // beyond the cut, so that line breaking sees the word it would split
  std::string line;
  std::size_t line_begin = at;
  std::size_t word_begin = 0;  // of the last word, in line
  stop pending = stop::none;   // a sentence ended here, unless what follows says otherwise
  std::size_t pending_at = 0;  // size of line then
  bool blank = false;
  while (at < text.size() && line.size() <= max_bytes + k_context_bytes) {
    const index::decoded d = index::decode_utf8(text, at);
    const char32_t c = d.code_point;
    if (c == U'\n' || c == U'\r' || c == 0x2028 || c == 0x2029) {
      std::size_t next = at + d.size;
      if (c == U'\r' && next < text.size() && text[next] == '\n') ++next;
      while (next < text.size() && (text[next] == ' ' || text[next] == '\t')) ++next;
      const bool paragraph_ends = next >= text.size() || text[next] == '\n' || text[next] == '\r' || c == 0x2029;
      if (!line.empty() && (paragraph_ends || !continues_after_break(text, line_begin, at, next))) break;
      at = next;
      line_begin = next;
      blank = true;
      continue;
    }
    at += d.size;
    if (is_blank(c)) {
      blank = true;
      continue;
    }
    if (is_bidi_control(c)) continue;
    if (pending == stop::always && !is_closer(c) && stop_of(c) == stop::none) break;
    if (pending == stop::spaced && blank && !index::is_lower(c)) break;
    if (pending == stop::spaced && !blank && !is_closer(c)) pending = stop::none;
    if (blank && !line.empty()) {
      line += ' ';
      word_begin = line.size();
      if (pending == stop::spaced) pending = stop::none;  // a lower-case word follows: the sentence goes on
    }
    blank = false;
    const stop s = stop_of(c);
    if (s == stop::spaced && c == U'.' && is_abbreviation(std::string_view(line).substr(word_begin), word_begin == 0)) {
      pending = stop::none;
    } else if (s != stop::none) {
      pending = s;
    }
    index::append_utf8(line, c);
    if (pending != stop::none) pending_at = line.size();
  }
  if (pending != stop::none) line.resize(pending_at);
  return line.size() <= max_bytes ? line : cut_title(line, max_bytes);
}

}  // namespace rapporteur
