// Languages: the codes that articles declare, brought to one form, and detection for those that declare none.
#pragma once

#include "index/article.hpp"

#include <string>
#include <string_view>

namespace rapporteur::index {

/// The primary subtag of a BCP 47 tag or an ISO 639 code, as ISO 639-1 where there is one ("en-GB", "eng" → "en"),
/// lower case. Empty if declared is not the form of a language code (2 or 3 letters before the first - or _).
std::string normalize_language(std::string_view declared);

/// The language of a text (CLD2), as normalize_language; empty if the detector is not sure. expected: the language that
/// most texts of the archive have, or empty; it decides short texts (a headline of three words) that could be of
/// several.
std::string detect_language(std::string_view text, std::string_view expected = {});

/// Finds out the language of an article that declares none.
void settle_language(article& a, std::string_view expected);

}  // namespace rapporteur::index
