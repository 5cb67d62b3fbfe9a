// The section [fields]: what keys of articles mean. Its keys are free, so it has no rows in config/keys.cpp; all that
// is said about it anywhere is said here.
//
// Owns how a mapping is written and checked. Knows the names of fields as words; what they do is the indexer's.
#pragma once

#include "config/settings.hpp"
#include "config/toml_file.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace rapporteur::config {

inline constexpr std::string_view k_fields_section = "fields";

/// The words that a mapping may give, but for tag:NAME.
std::span<const std::string_view> field_words();

/// What decides whether two keys of the section are one: case, blanks, - and _ do not count, as in articles.
std::string same_key(std::string_view key);

/// A mapping, or why there is none; `at` is then the place of what is wrong, 0:0 for the value as a whole.
struct field_reading {
  std::optional<field_mapping> result;
  std::string error;
  place at;
};

/// Reads `key = "FIELD"` and `key = { field = "FIELD", split = "," }`.
field_reading read_field(std::string_view key, const toml_value& content);

/// A mapping as a line of TOML, without its newline.
std::string to_toml(const field_mapping& m);

/// What the sample file and the documentation say of the section, in paragraphs without line ends.
std::span<const std::string_view> fields_doc();
std::span<const std::string_view> fields_examples();

}  // namespace rapporteur::config
