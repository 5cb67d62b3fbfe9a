// Which reader a file is for: by its name, and by its first bytes where the name says nothing or lies.
//
// Knows the formats, not how they are read.
#pragma once

#include "indexer/findings.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace rapporteur::indexer {

/// What the name of a file says.
enum class name_kind : std::uint8_t {
  text,         ///< .txt .text
  json_lines,   ///< .jsonl .ndjson
  unsaid,       ///< no extension, or .json: the content decides
  unsupported,  ///< a format that articles come in, for which there is no reader: .pdf .html .docx …
  other,        ///< anything else (pictures, programs): not taken for an article
};

name_kind kind_of_name(std::string_view file_name);

/// Files that editors and downloads leave behind: a~ #a# ~$a a.tmp a.swp a.bak a.part …
bool is_temporary_name(std::string_view file_name);
/// .git .DS_Store …
bool is_hidden_name(std::string_view file_name);

/// The extension in lower case with its dot; empty if there is none.
std::string extension_of(std::string_view file_name);

enum class format : std::uint8_t { text, json_lines };

/// How many first bytes of a file pick_format wants to see.
inline constexpr std::size_t k_sniffed_bytes = 4096;

/// The reader for a file of that name beginning with these bytes, or why there is none.
boost::system::result<format, remark> pick_format(std::string_view file_name, std::string_view first_bytes);

}  // namespace rapporteur::indexer
