// Names of languages, as articles declare them, to the one code that an index uses.
//
// Knows nothing of detecting a language (index/language does that for articles that declare none).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rapporteur::indexer {

/// The language's ISO 639-1 code where it has one, else its ISO 639-3 code, in lower case, for
/// - a language tag of BCP 47 or a locale name: "en", "EN-gb", "zh-Hant", "pt_BR.UTF-8" (only the language counts);
/// - a three-letter code of ISO 639-2 (both kinds) or 639-3: "eng", "ger", "deu";
/// - a withdrawn code: "iw";
/// - a language's name in English or in itself: "Spanish", "español".
/// Empty for text declared to be in no, several or an unknown language ("und", "mul", "zxx", "mis").
/// nullopt for anything else.
std::optional<std::string> normalize_language(std::string_view declared);

}  // namespace rapporteur::indexer
