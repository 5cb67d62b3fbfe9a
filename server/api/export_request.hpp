// Parameters of exports and feeds: those of a search that say what is found, and a few of their own.
#pragma once

#include "server/api/export_format.hpp"
#include "server/api/parameters.hpp"

#include <cstdint>
#include <limits>
#include <string_view>

namespace rapporteur::api {

struct export_request {
  search::request search;  ///< without a page; sort is newest unless the form has another
  std::uint32_t limit = std::numeric_limits<std::uint32_t>::max();  ///< articles at most; absent: all
  export_options options;
};

/// q, the filters, from, to, sort, expand; limit (1 or more); text and bom where the format has them.
parsed<export_request> parse_export(std::string_view form, const export_format& f, const settings& s);

/// Of a feed that names no limit.
inline constexpr std::uint32_t k_feed_entries = 50;

/// As parse_export's: limit from 1 to search::limits::max_limit, k_feed_entries if absent (less if that is above);
/// snippets and snippet_chars as in a search, but one passage if absent.
parsed<search::request> parse_feed(std::string_view form, const settings& s);

}  // namespace rapporteur::api
