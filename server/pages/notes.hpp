// What the search says of how it took the query, as sentences, each with a link that changes it.
#pragma once

#include "server/pages/frame.hpp"

namespace rapporteur::pages {

/// did_you_mean, widened, warnings, expanded, ignored, understood, synonyms that are off.
void put_notes(page_data& page, const page_context& c, const search::request& asked, const search::answer& a);

/// Why there may be nothing, and what may help.
void put_nothing(page_data& page, const page_context& c, const search::request& asked, const search::answer& a);

}  // namespace rapporteur::pages
