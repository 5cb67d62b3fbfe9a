// Reads a plain text file: one article, with or without a header.
//
// Owns the two forms of header (docs/articles.md): an inline date, " date YYYY-MM-DD " before the first word, and a
// block of "Key: value" lines. The meaning of fields is in indexer/draft.
#pragma once

#include "indexer/fields.hpp"
#include "indexer/findings.hpp"
#include "indexer/input_file.hpp"

#include <cstdint>
#include <string>

namespace rapporteur::indexer {

/// Reads the file as one record; as read_jsonl otherwise. Returns 1, or 0 if it was told to stop.
result<std::uint64_t> read_text(input_file& file, const std::string& path, const std::string& shown,
                                const read_limits& limits, const record_rules& rules, const read_events& events);

}  // namespace rapporteur::indexer
