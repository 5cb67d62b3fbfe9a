// Reads JSON Lines: one article per line, each a JSON object (RFC 8259; https://jsonlines.org).
//
// Owns what a line of JSON means as an article; the meaning of fields is in indexer/draft. A line that is broken is
// reported with its place and skipped; memory stays within one line.
#pragma once

#include "indexer/fields.hpp"
#include "indexer/findings.hpp"
#include "indexer/input_file.hpp"

#include <cstdint>
#include <string>

namespace rapporteur::indexer {

/// Reads to the end of file. shown is the file's name in findings, path its absolute name in articles. Returns the
/// number of records: each was handed to on_article or reported as a failure. Blank lines are no records. Fails only
/// if the file cannot be read further, or with what on_article returned.
result<std::uint64_t> read_jsonl(input_file& file, const std::string& path, const std::string& shown,
                                 const read_limits& limits, const record_rules& rules, const read_events& events);

}  // namespace rapporteur::indexer
