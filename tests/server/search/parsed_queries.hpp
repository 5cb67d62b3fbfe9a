// What the tests of the query language show of a parsed query.
#pragma once

#include "server/search/query_parser.hpp"

#include <string>

namespace rapporteur::search {

/// The warnings, as "code@column", between spaces.
std::string codes(const parsed_query& p);

/// The tree as it is, so that a mistake in to_string() cannot hide one in the parser.
std::string shape(const query_node& n);

}  // namespace rapporteur::search
