// A query whose matches are written down once, to be read again and again: a phrase of the thesaurus stands in every
// search that names its thing, and finding a rare phrase of frequent words costs more than all the rest of a search.
//
// What is written down holds for the state of the index that it was found in; whoever keeps it forgets it with that.
#pragma once

#include "index/reader.hpp"
#include "server/search/match_query.hpp"

#include <xapian.h>

#include <memory>

namespace rapporteur::search {

/// The query with its matches and their weights written down, which finds and weighs the same; or the query itself, if
/// more articles match it than there is room for. room: articles, twelve bytes each; what is taken up is taken off.
/// Lets Xapian's exceptions through.
match_query listed(index::reader& reader, const match_query& query, Xapian::doccount& room);

/// For Xapian, what was written down: list is a node of that kind.
Xapian::Query source_of(std::shared_ptr<const match_query::node> list);

}  // namespace rapporteur::search
