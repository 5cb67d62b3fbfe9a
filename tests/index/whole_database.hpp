// Documents of every kind that a database has to bear, and everything that Xapian can say of a database: what the tests
// of index/segment_writer and index/segment_merge share.
#pragma once

#include "index/draft_document.hpp"

#include <xapian.h>

#include <filesystem>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace rapporteur::index {

struct made_documents {
  std::vector<draft_document> documents;
  std::vector<std::pair<std::string, std::string>> metadata;  ///< ascending keys
};

struct document_row {
  const char* name;
  made_documents (*make)();
};
void PrintTo(const document_row& r, std::ostream* out);
const std::vector<document_row>& document_rows();

/// Its documents with all that they have, its lists, its values, its metadata, what is counted over all.
std::string described(const Xapian::Database& db);

/// Xapian's check finds nothing.
void expect_sound(const std::filesystem::path& db);

/// Removes every other document, adds some, removes all metadata. Does not commit.
void change_much(Xapian::WritableDatabase& db);

}  // namespace rapporteur::index
