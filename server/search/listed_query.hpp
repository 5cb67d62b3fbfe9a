// A query whose matches are written down once, to be read again and again: a phrase of the thesaurus stands in every
// search that names its thing, and finding a rare phrase of frequent words costs more than all the rest of a search.
//
// What is written down holds for the state of the index that it was found in; whoever keeps it forgets it with that. A
// remote database cannot use it: its server knows no such source.
#pragma once

#include <xapian.h>

namespace rapporteur::search {

/// The query with its matches and their weights under impact_weight() written down, which finds and weighs the same; or
/// the query itself, if more articles match it than there is room for. room: articles, eight bytes each; what is taken
/// up is taken off. Lets Xapian's exceptions through.
Xapian::Query listed(const Xapian::Database& db, const Xapian::Query& query, Xapian::doccount& room);

}  // namespace rapporteur::search
