// Where texts are in a database: in its metadata, one entry for a short text, a directory and blocks for a long one.
//
// Knows the layout that index/reader reads (docs/index-format.md); lets Xapian's exceptions through.
#pragma once

#include "index/document.hpp"
#include "index/record_codec.hpp"
#include "index/text_codec.hpp"

#include <xapian.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::index {

/// What keeps a text under its number: put(key, value) for each metadata entry, in ascending order of keys.
/// directory: of document_builder::directory().
void for_each_entry(text_codec& codec, std::string_view text, std::uint64_t number,
                    const std::optional<text_directory>& directory,
                    const std::function<void(const std::string& key, const std::string& value)>& put);

/// Keeps a text in a database.
void keep_text(Xapian::WritableDatabase& db, text_codec& codec, std::string_view text, std::uint64_t number,
               const std::optional<text_directory>& directory);

/// The metadata keys of the text of a document: its own and those of its blocks. Empty if it has none.
std::vector<std::string> text_keys_of(const Xapian::Database& db, record_codec& records, Xapian::docid id);

/// Removes the text of a document, which stays.
void drop_text(Xapian::WritableDatabase& db, record_codec& records, Xapian::docid id);

}  // namespace rapporteur::index
