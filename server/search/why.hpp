// Tells which parts of a query an article has, and what each of them weighs: as numbers, and as sentences for people.
//
// The parts are the planner's own (plan_part): each is asked of the index by itself, for the one article, so that the
// weights are those that matching gave; where they stand is what the highlighter would mark.
#pragma once

#include "server/search/highlighter.hpp"
#include "server/search/planner.hpp"
#include "server/search/search.hpp"

#include <xapian.h>

#include <string>
#include <string_view>

namespace rapporteur::search {

/// Fills in out's parts, without what they say, and its title. p must have its parts. widened: the article is found by
/// the widened query only. Weights are Xapian's. Lets Xapian's exceptions through.
result<void> tell_parts(index::reader& reader, highlighter& marks, const plan& p, const std::string& id_term,
                        const article& a, std::string_view language, index::block_text& text, bool widened,
                        why_answer& out);

/// Fills in what out and its parts say.
void tell_in_words(why_answer& out);

}  // namespace rapporteur::search
