// ="…": what an article must hold character for character is compared with its text, since terms do not tell it.
//
// Knows nothing of pages and totals. Lets Xapian's exceptions through.
#pragma once

#include "index/reader.hpp"
#include "server/search/planner.hpp"

#include <xapian.h>

namespace rapporteur::search {

/// Candidates whose text is compared for one answer, at most.
inline constexpr Xapian::doccount k_verify = 1000;

/// Whether the article's title or text holds every string of p.verify; the title alone where that is asked for.
result<bool> holds_all(index::reader& reader, const plan& p, Xapian::docid id);

}  // namespace rapporteur::search
