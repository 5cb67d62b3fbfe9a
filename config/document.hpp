// The table of keys as text for people: the sample file, the effective configuration, the tables of
// docs/configuration.md.
//
// Owns wording and layout that rows do not carry. Reads no settings.
#pragma once

#include "config/load.hpp"

#include <string>
#include <string_view>

namespace rapporteur::config {

/// config/rapporteur.toml: every key, explained and commented out at its default.
std::string sample_file();

/// One Markdown table for each section.
std::string markdown_tables();

/// `document` with what stands between the lines k_tables_begin and k_tables_end replaced by markdown_tables(). Empty
/// if it has no such lines.
std::string with_tables(std::string_view document);

inline constexpr std::string_view k_tables_begin =
    "<!-- keys: written by `cmake --build --preset dev --target config_docs` -->\n";
inline constexpr std::string_view k_tables_end = "<!-- end of keys -->\n";

}  // namespace rapporteur::config
