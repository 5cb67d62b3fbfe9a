// An article's text inside other languages: one way in for each of them.
//
// Whatever an article holds (markup, control characters, bytes that are not UTF-8) stays what it is, text, and never
// becomes part of the language around it. Knows nothing of articles.
#pragma once

#include <string>
#include <string_view>

namespace rapporteur::api {

enum class line_breaks { kept, blank };

/// Appends text as what every format of text can hold: UTF-8 without control characters (also those of C1), without
/// noncharacters and surrogates; each of them becomes U+FFFD, since something was there. Tabs stay. Line breaks (LF,
/// CR, CR LF, U+0085, U+2028, U+2029) become LF or a blank.
void append_plain(std::string& out, std::string_view text, line_breaks breaks);
std::string plain(std::string_view text, line_breaks breaks);

/// Appends text as character data of XML 1.0 (2.2, 2.4) or the value of an attribute in double quotes: what
/// append_plain leaves, escaped. An attribute keeps its line breaks and tabs (3.3.3).
void append_xml(std::string& out, std::string_view text);

/// Appends text as text of HTML, or the value of an attribute in quotes of either kind.
void append_html(std::string& out, std::string_view text);

}  // namespace rapporteur::api
