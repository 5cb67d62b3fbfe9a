// The words that a phrase is made of: one term for each position of a text.
//
// Knows tokens, not terms or queries. Shared by what plans phrases and what compiles the thesaurus, so that both search
// for a text in the same way.
#pragma once

#include "index/analysis.hpp"

#include <vector>

namespace rapporteur::search {

/// The tokens that stand for the positions of list, in order: a bigram where there is one, else the character or the
/// word. The last character of a Han, Kana or Hangul run is left out where the last bigram holds it already.
std::vector<index::token> phrase_tokens(const index::token_list& list);

}  // namespace rapporteur::search
