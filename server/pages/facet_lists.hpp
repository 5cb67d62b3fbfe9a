// What narrows a search, as links: the values of each facet, and the filters that are on.
#pragma once

#include "server/pages/frame.hpp"

namespace rapporteur::pages {

/// The facets of an answer: each value with a link that adds it or takes it off, and one that excludes it.
void put_facets(page_data& page, const page_context& c, const search::request& asked, const search::answer& a);

/// The filters that are on, each with a link that takes it off.
void put_chips(page_data& page, const page_context& c, const search::request& asked);

/// What a filter is called, and what one of its values is.
std::string filter_name(const page_context& c, std::string_view filter);
std::string value_name(const page_context& c, std::string_view filter, const std::string& value);

}  // namespace rapporteur::pages
