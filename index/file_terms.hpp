// Files and their articles in a database: which files an article was read from, and what is known of each file.
//
// path_terms_of lets Xapian's exceptions through; the others return them as errors.
#pragma once

#include "index/known_file.hpp"

#include <xapian.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::index {

/// The terms of a document that name files (schema: path_term).
std::vector<std::string> path_terms_of(const Xapian::Database& db, Xapian::docid id);

result<std::optional<known_file>> find_known_file(const Xapian::Database& db, std::string_view path);
result<void> for_each_known_file(const Xapian::Database& db, const std::function<void(const known_file&)>& f);

}  // namespace rapporteur::index
