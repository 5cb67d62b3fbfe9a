#include "index/language.hpp"

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>
#include <unicode/locid.h>

#include <algorithm>

namespace rapporteur::index {

std::string normalize_language(std::string_view declared) {
  const std::string_view primary = declared.substr(0, declared.find_first_of("-_"));
  if (primary.size() < 2 || primary.size() > 3) return {};
  std::string code;
  for (const char c : primary) {
    const char lower = (c >= 'A' && c <= 'Z') ? static_cast<char>(c + 32) : c;
    if (lower < 'a' || lower > 'z') return {};
    code.push_back(lower);
  }
  if (code == "und" || code == "mul" || code == "zxx" || code == "mis") return {};
  // ICU knows which three-letter codes have a two-letter one; Norwegian's two written forms share a stemmer.
  const icu::Locale locale = icu::Locale::createCanonical(code.c_str());
  if (locale.getLanguage()[0] != '\0') code = locale.getLanguage();
  if (code == "nb" || code == "nn") code = "no";
  return code;
}

std::string detect_language(std::string_view text, std::string_view expected) {
  // The beginning of an article says enough, and bounds the cost.
  constexpr std::size_t k_sample_bytes = 16384;
  constexpr std::size_t k_least_bytes = 24;
  if (text.size() < k_least_bytes) return {};
  std::size_t size = std::min(text.size(), k_sample_bytes);
  while (size > 0 && size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  const std::string_view sample = text.substr(0, size);
  const CLD2::Language hint =
      expected.empty() ? CLD2::UNKNOWN_LANGUAGE : CLD2::GetLanguageFromName(std::string(expected).c_str());
  const CLD2::CLDHints hints{nullptr, nullptr, CLD2::UNKNOWN_ENCODING, hint};
  CLD2::Language languages[3];
  int percents[3];
  double scores[3];
  int text_bytes = 0;
  bool reliable = false;
  int valid_bytes = 0;
  const CLD2::Language best = CLD2::ExtDetectLanguageSummaryCheckUTF8(sample.data(), static_cast<int>(sample.size()),
                                                                      true, &hints, 0, languages, percents, scores,
                                                                      nullptr, &text_bytes, &reliable, &valid_bytes);
  if (!reliable || best == CLD2::UNKNOWN_LANGUAGE || percents[0] < 60) return {};
  return normalize_language(CLD2::LanguageCode(best));
}

void settle_language(article& a, std::string_view expected) {
  if (!a.language.empty()) return;
  // A title may be all the words there are.
  a.language = detect_language(a.title_derived ? a.text : a.title + '\n' + a.text, expected);
  a.language_detected = !a.language.empty();
}

}  // namespace rapporteur::index
