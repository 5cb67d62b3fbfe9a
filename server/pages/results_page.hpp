// The page of a search: form, count, notes, filters, hits, pages, exports; and the start page, which is that of no
// search.
#pragma once

#include "server/pages/frame.hpp"

#include <string>

namespace rapporteur::pages {

/// asked: as it came; a: of for_results(asked).
std::string results_page(const page_context& c, const search::request& asked, const search::answer& a);

}  // namespace rapporteur::pages
