// What an answer tells of all articles found, whichever page was asked for: the facets and the timeline.
//
// Decides over which articles each of them is counted; how is facets' and timeline's. Must not know of HTTP. Lets
// Xapian's exceptions through.
#pragma once

#include "index/reader.hpp"
#include "server/search/planner.hpp"
#include "server/search/search.hpp"

#include <xapian.h>

#include <vector>

namespace rapporteur::search {

/// Adds to out what r asks for. p: the plan of r; out.widened says which of its two queries was run. found: what that
/// has found, ascending (result_list::matched::all); empty: not known.
result<void> break_down(index::reader& reader, planner& plans, const limits& bounds, const plan& p, const request& r,
                        std::vector<Xapian::docid> found, answer& out);

}  // namespace rapporteur::search
