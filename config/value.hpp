// A setting's text and its value: reading, checking and writing one value of each kind.
//
// Owns how sizes, durations, lists, addresses and origins are written. Knows rows (config/keys.hpp), but neither files
// nor precedence.
#pragma once

#include "config/keys.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace rapporteur::config {

/// A value, or the sentence that says why there is none and what is allowed instead.
struct reading {
  std::optional<value> result;
  std::string error;
};

/// Reads the text of an environment variable or a flag. A list is separated by commas. The result has been checked.
reading read_text(const key_row& row, std::string_view text);

/// Checks a value that already has the kind's type (or, for size and duration, is the text of one) against the row's
/// bounds.
reading check_value(const key_row& row, value v);

/// What a row accepts, for messages and docs: "0 to 65535", "100 ms to 10 min", "one of debug, info, warning, error".
std::string allowed(const key_row& row);

/// The value as people write it: "10 s", "64 KiB", "info"; "none" for an empty list. Of a secret only whether it is
/// set.
std::string to_text(const key_row& row, const value& v);

/// The value as TOML: "10 s" in quotes, 8080 without. A secret that is set has none.
std::string to_toml(const key_row& row, const value& v);

/// A TOML basic string, quotes included: whatever TOML does not allow as it is gets escaped.
std::string toml_quoted(std::string_view text);

bool is_utf8(std::string_view bytes) noexcept;

/// The candidate that `text` is probably a misspelling of: by edit distance (Damerau, optimal string alignment), at
/// most a third of its length. Empty if there is none.
std::string nearest(std::string_view text, const std::vector<std::string>& candidates);

}  // namespace rapporteur::config
