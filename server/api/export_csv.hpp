// Cells of CSV.
#pragma once

#include "server/api/export_format.hpp"

namespace rapporteur::api {

/// Appends a cell: in quotes where it needs them, with an apostrophe in front where a spreadsheet would run it as a
/// formula, without control characters. Lines within it end in LF.
void append_csv_cell(std::string& out, std::string_view value);

}  // namespace rapporteur::api
