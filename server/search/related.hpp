// Finds the articles that are like one article, by the words that say most of what it is about.
//
// The words are those of its own term list, weighed by how much it has of them and how rare they are; no text is read.
#pragma once

#include "index/reader.hpp"
#include "server/search/pattern.hpp"
#include "server/search/planner.hpp"
#include "server/search/ranking.hpp"
#include "server/search/search.hpp"

#include <string>
#include <vector>

namespace rapporteur::search {

struct likeness {
  std::string title;              ///< of the article itself
  std::vector<std::string> by;    ///< the weightiest of the words, as stems of the article's language
  std::vector<scored> articles;   ///< most like it first; 1: as like it as it is itself
  std::vector<pattern> patterns;  ///< that mark the words
};

/// errc::not_found if there is no such article. Lets Xapian's exceptions through.
result<likeness> find_related(index::reader& reader, planner& plans, const related_request& r);

}  // namespace rapporteur::search
