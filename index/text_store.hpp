// Where texts are in a database: in its metadata, one entry for a short text, a directory and blocks for a long one.
//
// Knows the layout that index/reader reads (docs/index-format.md); lets Xapian's exceptions through.
#pragma once

#include "index/document.hpp"
#include "index/text_codec.hpp"

#include <xapian.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::index {

/// Keeps a text under its number; directory: of document_builder::directory().
void keep_text(Xapian::WritableDatabase& db, text_codec& codec, std::string_view text, std::uint64_t number,
               const std::optional<text_directory>& directory);

/// The metadata keys of the text of a document: its own and those of its blocks. Empty if it has none.
std::vector<std::string> text_keys_of(const Xapian::Database& db, Xapian::docid id);

/// Removes the text of a document, which stays.
void drop_text(Xapian::WritableDatabase& db, Xapian::docid id);

}  // namespace rapporteur::index
