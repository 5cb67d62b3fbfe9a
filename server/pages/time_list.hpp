// The timeline of an answer, as a table of years, months or days, each with a link to its articles.
#pragma once

#include "server/pages/frame.hpp"

namespace rapporteur::pages {

/// The latest first; a stretch without an article has no row.
void put_times(page_data& page, const page_context& c, const search::request& asked, const search::answer& a);

}  // namespace rapporteur::pages
