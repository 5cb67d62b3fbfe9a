// What a plain page is asked: the parameters of a search, and the language of the interface.
#pragma once

#include "server/api/parameters.hpp"
#include "server/api/settings.hpp"

#include <string>
#include <string_view>

namespace rapporteur::pages {

struct page_request {
  search::request search;
  std::string language;  ///< of the interface, where the reader chose it (ui); else empty
};

/// Reads a form: ui, and the parameters of a search as /api/v1/search takes them. A field without a value is passed
/// over, since a form sends those too that were left empty.
api::parsed<page_request> parse_page(std::string_view form, const api::settings& s);

/// ui alone.
api::parsed<std::string> parse_language(std::string_view form);

/// The interface's language that a form names, whatever else is wrong with the form: for the page that says so.
std::string language_named(std::string_view form);

/// The defaults of the plain pages: as many hits and passages as the search page shows.
api::settings page_settings(const api::settings& s);

/// What is asked of the search for a page of results: r, and the facets and the timeline that the page has, unless it
/// names its own. Without anything to search for, no hits.
search::request for_results(search::request r);

}  // namespace rapporteur::pages
