#include "index/unicode.hpp"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <vector>

namespace rapporteur::index {
namespace {

constexpr char32_t k_bmp_end = 0x10000;

const icu::Normalizer2& nfc() {
  static const icu::Normalizer2* n = [] {
    UErrorCode status = U_ZERO_ERROR;
    return icu::Normalizer2::getNFCInstance(status);
  }();
  return *n;
}

const icu::Normalizer2& nfd() {
  static const icu::Normalizer2* n = [] {
    UErrorCode status = U_ZERO_ERROR;
    return icu::Normalizer2::getNFDInstance(status);
  }();
  return *n;
}

const icu::Normalizer2& nfkc_casefold() {
  static const icu::Normalizer2* n = [] {
    UErrorCode status = U_ZERO_ERROR;
    return icu::Normalizer2::getNFKCCasefoldInstance(status);
  }();
  return *n;
}

bool is_mark(char32_t c) {
  const int type = u_charType(static_cast<UChar32>(c));
  return type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK;
}

UScriptCode script_of(char32_t c) {
  UErrorCode status = U_ZERO_ERROR;
  return uscript_getScript(static_cast<UChar32>(c), &status);
}

// Apostrophe-like modifier letters of romanisations and of Hawaiian, Uzbek, Hebrew transliteration …: part of a word,
// without a sound of their own that every printer keeps.
bool is_modifier_apostrophe(char32_t c) {
  return (c >= 0x02B9 && c <= 0x02BF) || c == 0x02C8 || c == 0xA78B || c == 0xA78C;
}

// Armenian marks of stress, exclamation and question stand over a letter inside the word (UAX #29: ALetter).
bool is_armenian_mark(char32_t c) {
  return c >= 0x055B && c <= 0x055E && c != 0x055D;
}

// The character that is canonically the same as c, if it is another and single (a Kelvin sign is a K); else c.
char32_t singleton(char32_t c) {
  icu::UnicodeString parts;
  if (!nfd().getDecomposition(static_cast<UChar32>(c), parts) || parts.countChar32() != 1) return c;
  return static_cast<char32_t>(parts.char32At(0));
}

char_class compute_class(char32_t c) {
  c = singleton(c);
  switch (c) {
    case U'\'':
    case U'’':
    case U'‘':
    case U'`':
    case U'´':
    case U'＇':
    case U'′':
    case U'‛':
    case U'׳':
    case 0x02BC:  // the apostrophe of romanisations and of Ukrainian, also that of people’s
    case 0x055A:  // Armenian
      return char_class::apostrophe;
    case U'-':
    case U'‐':
    case U'‑':
    case U'－':
    case 0x058A:  // Armenian
    case 0x05BE:  // Hebrew maqaf
      return char_class::hyphen;
    case 0x30FC:
    case 0xFF70:
    case 0x3005:
    case 0x3006:
    case 0x3007:
      return char_class::cjk;  // ー々〆〇
    case 0x309B:
    case 0x309C:
    case 0xFF9E:
    case 0xFF9F:
    case 0x0640:
      return char_class::extend;  // voicing marks on their own and half-width, tatweel
    default:
      break;
  }
  if (c >= 0x2F00 && c <= 0x2FD5) return char_class::cjk;    // radicals, which PDF files have for characters
  if (c >= 0x2080 && c <= 0x2089) return char_class::digit;  // CO₂; raised digits are footnotes
  if (is_modifier_apostrophe(c) || is_armenian_mark(c)) return char_class::extend;
  const auto point = static_cast<UChar32>(c);
  const int type = u_charType(point);
  switch (type) {
    case U_UPPERCASE_LETTER:
    case U_LOWERCASE_LETTER:
    case U_TITLECASE_LETTER:
    case U_MODIFIER_LETTER:
    case U_OTHER_LETTER:
    case U_LETTER_NUMBER: {
      if (u_getIntPropertyValue(point, UCHAR_LINE_BREAK) == U_LB_COMPLEX_CONTEXT) return char_class::complex;
      switch (script_of(c)) {
        case USCRIPT_HAN:
        case USCRIPT_HIRAGANA:
        case USCRIPT_KATAKANA:
        case USCRIPT_HANGUL:
        case USCRIPT_BOPOMOFO:
          return char_class::cjk;
        default:
          return char_class::letter;
      }
    }
    case U_DECIMAL_DIGIT_NUMBER:
      return char_class::digit;
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_COMBINING_SPACING_MARK:
      return char_class::extend;
    case U_FORMAT_CHAR:
      // Joiners, soft hyphens and direction marks stand inside words; U+200B is a place to break.
      return c == 0x200B ? char_class::other : char_class::extend;
    default:
      return char_class::other;
  }
}

// Letters that no decomposition takes apart but that names are commonly printed without.
std::string_view latin_equivalent(char32_t c) {
  switch (c) {
    case U'ø':
      return "o";
    case U'đ':
    case U'ɖ':
    case U'ð':
    case U'ɗ':
      return "d";
    case U'ł':
      return "l";
    case U'ħ':
      return "h";
    case U'ı':
      return "i";
    case U'ə':
    case U'ǝ':
      return "a";
    case U'ɛ':
      return "e";
    case U'ɔ':
      return "o";
    case U'ŧ':
      return "t";
    case U'æ':
      return "ae";
    case U'œ':
      return "oe";
    case U'þ':
      return "th";
    case U'ŋ':
      return "n";
    case U'ĸ':
    case U'ƙ':
      return "k";
    case U'ɓ':
      return "b";
    case U'ƒ':
      return "f";
    case U'ƴ':
      return "y";
    default:
      return {};
  }
}

char32_t arabic_equivalent(char32_t c) {
  switch (c) {
    case 0x0622:
    case 0x0623:
    case 0x0625:
    case 0x0671:
    case 0x0672:
    case 0x0673:
      return 0x0627;  // alef
    case 0x0649:
    case 0x06CC:
      return 0x064A;  // yeh
    case 0x0629:
      return 0x0647;  // teh marbuta
    case 0x06A9:
      return 0x0643;  // kaf
    case 0x06C0:
    case 0x06C1:
    case 0x06C2:
      return 0x0647;  // heh, as Persian and Urdu have it
    default:
      return c;
  }
}

void append_stripped(std::string& out, const icu::UnicodeString& composed) {
  for (std::int32_t i = 0; i < composed.length(); i = composed.moveIndex32(i, 1)) {
    const auto c = static_cast<char32_t>(composed.char32At(i));
    if (const int digit = u_charDigitValue(static_cast<UChar32>(c)); digit >= 0) {
      out.push_back(static_cast<char>('0' + digit));
      continue;
    }
    if (is_modifier_apostrophe(c) || is_armenian_mark(c) || c == 0x0640) continue;
    switch (script_of(c)) {
      case USCRIPT_LATIN: {
        if (const auto replacement = latin_equivalent(c); !replacement.empty()) {
          out.append(replacement);
          break;
        }
        [[fallthrough]];
      }
      case USCRIPT_GREEK: {
        UErrorCode status = U_ZERO_ERROR;
        const icu::UnicodeString parts = nfd().normalize(icu::UnicodeString(static_cast<UChar32>(c)), status);
        for (std::int32_t k = 0; k < parts.length(); k = parts.moveIndex32(k, 1)) {
          const auto d = static_cast<char32_t>(parts.char32At(k));
          if (is_mark(d)) continue;
          if (const auto replacement = latin_equivalent(d); !replacement.empty())
            out.append(replacement);
          else
            append_utf8(out, d);
        }
        break;
      }
      case USCRIPT_CYRILLIC:
        if (c == U'ё' || c == U'ѐ')
          append_utf8(out, U'е');
        else if (c == U'ѝ')
          append_utf8(out, U'и');
        else if (!is_mark(c))
          append_utf8(out, c);
        break;
      case USCRIPT_HEBREW:
        if (!is_mark(c)) append_utf8(out, c);
        break;
      case USCRIPT_ARABIC:
        if (!is_mark(c)) append_utf8(out, arabic_equivalent(c));
        break;
      case USCRIPT_INHERITED:
        // A mark that composed with nothing: stress marks, harakat. Voicing marks are the exception: they are letters.
        if (c == 0x3099 || c == 0x309A) append_utf8(out, c);
        break;
      default:
        append_utf8(out, c);
    }
  }
}

std::string compute_fold(char32_t c) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::UnicodeString folded = nfkc_casefold().normalize(icu::UnicodeString(static_cast<UChar32>(c)), status);
  std::string out;
  if (U_SUCCESS(status)) append_stripped(out, folded);
  if (c == 0x013F || c == 0x0140) return "l";  // ŀ: l and a dot that joins, see scan_atom
  // Marks on their own and some ligatures come with blanks, which are no part of a word.
  if (out.find_first_not_of(' ') != std::string::npos) std::erase(out, ' ');
  return out;
}

bool is_nikhahit(char32_t c) {
  return c == 0x0E4D || c == 0x0ECD;
}

// Class, case, composition and fold of every character of the BMP, each looked up in one step.
struct bmp_tables {
  enum flag : std::uint8_t { composes = 1, upper = 2, lower = 4, reordered = 8, format = 16 };
  std::array<char_class, k_bmp_end> classes{};
  std::array<std::uint8_t, k_bmp_end> flags{};
  std::array<std::uint8_t, k_bmp_end> decomposed_sizes{};
  std::array<std::uint32_t, k_bmp_end + 1> fold_begin{};
  std::string folds;

  bmp_tables() {
    folds.reserve(200000);
    for (char32_t c = 0; c < k_bmp_end; ++c) {
      fold_begin[c] = static_cast<std::uint32_t>(folds.size());
      if (c >= 0xD800 && c <= 0xDFFF) continue;
      const auto point = static_cast<UChar32>(c);
      classes[c] = compute_class(c);
      std::uint8_t f = 0;
      if (u_getIntPropertyValue(point, UCHAR_NFC_QUICK_CHECK) != UNORM_YES || is_nikhahit(c)) f |= composes;
      if (u_getCombiningClass(point) != 0) f |= reordered;
      if (u_charType(point) == U_FORMAT_CHAR) f |= format;
      icu::UnicodeString parts;
      if (!nfd().getDecomposition(point, parts)) parts.setTo(static_cast<UChar32>(c));
      std::string decomposed;
      decomposed_sizes[c] = static_cast<std::uint8_t>(parts.toUTF8String(decomposed).size());
      if (u_isUUppercase(point) || u_charType(point) == U_TITLECASE_LETTER) f |= upper;
      if (u_isULowercase(point)) f |= lower;
      flags[c] = f;
      folds += compute_fold(c);
    }
    fold_begin[k_bmp_end] = static_cast<std::uint32_t>(folds.size());
  }
};

const bmp_tables& tables() {
  static const std::unique_ptr<const bmp_tables> t = std::make_unique<const bmp_tables>();
  return *t;
}

}  // namespace

char_class class_of(char32_t c) noexcept {
  return c < k_bmp_end ? tables().classes[c] : compute_class(c);
}

bool is_upper(char32_t c) noexcept {
  if (c < k_bmp_end) return (tables().flags[c] & bmp_tables::upper) != 0;
  return u_isUUppercase(static_cast<UChar32>(c)) != 0;
}

bool is_lower(char32_t c) noexcept {
  if (c < k_bmp_end) return (tables().flags[c] & bmp_tables::lower) != 0;
  return u_isULowercase(static_cast<UChar32>(c)) != 0;
}

bool is_reordered(char32_t c) noexcept {
  if (c < k_bmp_end) return (tables().flags[c] & bmp_tables::reordered) != 0;
  return u_getCombiningClass(static_cast<UChar32>(c)) != 0;
}

bool is_format(char32_t c) noexcept {
  if (c < k_bmp_end) return (tables().flags[c] & bmp_tables::format) != 0;
  return u_charType(static_cast<UChar32>(c)) == U_FORMAT_CHAR;
}

bool may_join(char32_t c) noexcept {
  switch (c) {
    case U'\'':
    case U'"':
    case U'.':
    case U',':
    case U'/':
    case 0x00A0:  // no-break spaces within numbers
    case 0x2009:
    case 0x202F:
    case 0x00B7:  // Catalan l·l
    case 0x05F4:  // gershayim, and what is typed for it
    case U'”':
    case 0x060C:  // commas and points of Arabic numbers
    case 0x066B:
    case 0x066C:
    case U'．':
    case U'／':
      return true;
    default:
      return class_of(c) == char_class::hyphen || class_of(c) == char_class::apostrophe;
  }
}

unsigned decomposed_size(char32_t c) noexcept {
  return c < k_bmp_end ? tables().decomposed_sizes[c] : 4;
}

void append_folded(std::string& out, char32_t c) {
  if (c < k_bmp_end) {
    const bmp_tables& t = tables();
    out.append(t.folds, t.fold_begin[c], t.fold_begin[c + 1] - t.fold_begin[c]);
  } else {
    out += compute_fold(c);
  }
}

bool needs_composition(char32_t c) noexcept {
  if (c < k_bmp_end) return (tables().flags[c] & bmp_tables::composes) != 0;
  return u_getIntPropertyValue(static_cast<UChar32>(c), UCHAR_NFC_QUICK_CHECK) != UNORM_YES;
}

namespace {

std::string normalized(const icu::Normalizer2& n, std::string_view text) {
  std::string out;
  icu::StringByteSink<std::string> sink(&out, static_cast<std::int32_t>(text.size()));
  UErrorCode status = U_ZERO_ERROR;
  n.normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())), sink, nullptr, status);
  return U_SUCCESS(status) ? out : std::string(text);
}

}  // namespace

std::string compose(std::string_view text) {
  std::string out = normalized(nfc(), text);
  // NFC keeps the two encodings of sara am apart: nikhahit, perhaps a tone mark, and sara aa.
  for (std::size_t at = 0; (at = out.find('\xE0', at)) != std::string::npos; ++at) {
    const char32_t c = decode_utf8(out, at).code_point;
    if (!is_nikhahit(c)) continue;
    const char32_t block = c & ~char32_t{0x7F};
    std::size_t next = at + 3;
    char32_t follows = next < out.size() ? decode_utf8(out, next).code_point : 0;
    while ((follows & ~char32_t{0x7F}) == block && (follows & 0x7F) >= 0x48 && (follows & 0x7F) <= 0x4C) {
      next += 3;
      follows = next < out.size() ? decode_utf8(out, next).code_point : 0;
    }
    if (follows != block + 0x32) continue;
    const std::string tones = out.substr(at + 3, next - at - 3);
    std::string written = tones;
    append_utf8(written, block + 0x33);
    out.replace(at, next + 3 - at, written);
  }
  return out;
}

std::string decompose(char32_t c) {
  std::string text;
  append_utf8(text, c);
  return normalized(nfd(), text);
}

std::string casefold(std::string_view text) {
  return normalized(nfkc_casefold(), text);
}

void append_upper(std::string& out, std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const decoded d = decode_utf8(text, at);
    append_utf8(out, static_cast<char32_t>(u_toupper(static_cast<UChar32>(d.code_point))));
    at += d.size;
  }
}

}  // namespace rapporteur::index
