// The codes are ICU's (CLDR); ISO 639-2/B and withdrawn codes, which it does not map, are in a table here.
#include "indexer/languages.hpp"

#include "index/unicode.hpp"

#include <unicode/uloc.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <map>
#include <utility>

namespace rapporteur::indexer {
namespace {

/// ISO 639-2/B codes whose /T code differs, and codes of ISO 639-1 that were withdrawn.
constexpr std::array<std::pair<std::string_view, std::string_view>, 25> k_other_codes = {{
    {"alb", "sq"}, {"arm", "hy"}, {"baq", "eu"}, {"bur", "my"}, {"chi", "zh"}, {"cze", "cs"}, {"dut", "nl"},
    {"fre", "fr"}, {"geo", "ka"}, {"ger", "de"}, {"gre", "el"}, {"ice", "is"}, {"mac", "mk"}, {"mao", "mi"},
    {"may", "ms"}, {"per", "fa"}, {"rum", "ro"}, {"slo", "sk"}, {"tib", "bo"}, {"wel", "cy"}, {"cmn", "zh"},
    {"iw", "he"},  {"in", "id"},  {"ji", "yi"},  {"mo", "ro"},
}};

constexpr std::array<std::string_view, 4> k_no_language = {"und", "mul", "zxx", "mis"};

std::string_view trimmed(std::string_view s) {
  const std::size_t first = s.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return s.substr(first, s.find_last_not_of(" \t\r\n") - first + 1);
}

bool is_iso_language(const std::string& code) {
  for (const char* const* known = uloc_getISOLanguages(); *known != nullptr; ++known) {
    if (code == *known) return true;
  }
  return false;
}

/// Two- or three-letter code to the one that indexes use.
std::optional<std::string> from_code(const std::string& code) {
  if (std::find(k_no_language.begin(), k_no_language.end(), code) != k_no_language.end()) return std::string();
  for (const auto& [other, ours] : k_other_codes) {
    if (code == other) return std::string(ours);
  }
  // ICU shortens a three-letter code of ISO 639-2/T that has a two-letter one.
  std::array<char, ULOC_LANG_CAPACITY> shortest{};
  UErrorCode status = U_ZERO_ERROR;
  uloc_getLanguage(code.c_str(), shortest.data(), static_cast<std::int32_t>(shortest.size()), &status);
  if (U_SUCCESS(status) && std::strlen(shortest.data()) == 2 && is_iso_language(shortest.data())) {
    return std::string(shortest.data());
  }
  // ISO 639-3 has some 7,000 codes, more than ICU knows by name: any three letters are taken at their word.
  if (code.size() == 3) return code;
  return std::nullopt;
}

/// Every language's name in English and in itself, case-folded, to its code.
std::map<std::string, std::string, std::less<>> names_of_languages() {
  std::map<std::string, std::string, std::less<>> names;
  for (const char* const* code = uloc_getISOLanguages(); *code != nullptr; ++code) {
    for (const char* in : {"en", static_cast<const char*>(*code)}) {
      std::array<UChar, 128> name{};
      UErrorCode status = U_ZERO_ERROR;
      const std::int32_t size =
          uloc_getDisplayLanguage(*code, in, name.data(), static_cast<std::int32_t>(name.size()), &status);
      if (U_FAILURE(status) || status == U_USING_DEFAULT_WARNING || size <= 0) continue;
      std::string utf8;
      icu::UnicodeString(name.data(), size).toUTF8String(utf8);
      names.emplace(index::casefold(utf8), *code);
    }
  }
  return names;
}

}  // namespace

std::optional<std::string> normalize_language(std::string_view declared) {
  declared = trimmed(declared);
  const std::string_view primary = declared.substr(0, declared.find_first_of("-_.@"));
  const bool letters = std::all_of(primary.begin(), primary.end(),
                                   [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
  if (letters && (primary.size() == 2 || primary.size() == 3)) {
    std::string code(primary);
    std::transform(code.begin(), code.end(), code.begin(), [](unsigned char c) { return std::tolower(c); });
    return from_code(code);
  }
  if (declared.empty() || declared.size() > 100 || index::find_invalid_utf8(declared) != std::string_view::npos) {
    return std::nullopt;
  }
  static const auto names = names_of_languages();
  const auto found = names.find(index::casefold(declared));
  if (found == names.end()) return std::nullopt;
  return from_code(found->second);
}

}  // namespace rapporteur::indexer
