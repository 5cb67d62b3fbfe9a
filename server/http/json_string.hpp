// One JSON string (RFC 8259 7), written from any bytes.
#pragma once

#include <string>
#include <string_view>

namespace rapporteur::http {

/// Appends text as a quoted JSON string. What is not valid UTF-8 becomes U+FFFD, one for each maximal part of a
/// sequence (Unicode 15, 3.9), so that the output is always valid JSON in valid UTF-8.
void append_json_string(std::string& out, std::string_view text);

/// Whether the bytes are well-formed UTF-8 (no surrogates, nothing over-long, nothing past U+10FFFF).
bool is_utf8(std::string_view text) noexcept;

}  // namespace rapporteur::http
