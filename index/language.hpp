// Languages: the codes that articles declare, brought to one form, and detection for those that declare none.
#pragma once

#include <string>
#include <string_view>

namespace rapporteur::index {

/// The primary subtag of a BCP 47 tag or an ISO 639 code, as ISO 639-1 where there is one ("en-GB", "eng" → "en"),
/// lower case. Empty if declared is not the form of a language code (2 or 3 letters before the first - or _).
std::string normalize_language(std::string_view declared);

/// The language of a text (CLD2), as normalize_language; empty if the detector is not sure.
std::string detect_language(std::string_view text);

}  // namespace rapporteur::index
