// Places in lists of hits as text: written, read and checked.
//
// A cursor is no secret and grants nothing, so it is not signed; it is checked, so that one that was cut, mistyped or
// taken from another search is told from a good one. Knows nothing of Xapian or HTTP.
#pragma once

#include "index/error.hpp"
#include "server/search/search.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace rapporteur::search {

/// Letters, digits, - and _ only (base64url, RFC 4648, without padding).
std::string to_string(const cursor& c);

/// Undoes to_string(). errc::bad_cursor; errc::cursor_expired for one that another version of the program wrote.
result<cursor> parse_cursor(std::string_view text);

/// Identifies what decides which articles are found and in which order: not the page, nor what is told of them.
std::uint64_t fingerprint_of(const request& r);

/// Identifies a state of the index, and of the thesaurus that searches are widened by.
std::uint64_t fingerprint_of(const index_state& s);

}  // namespace rapporteur::search
