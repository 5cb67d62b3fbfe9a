// Words that say nothing of what an article is about: articles, pronouns, prepositions, auxiliary and question words.
//
// Between other words of a query they are not required (planner). Nothing is left out of the index for them, and
// quoted text keeps them. Knows the lists only.
#pragma once

#include <string_view>
#include <vector>

namespace rapporteur::search {

/// Languages that have a list, ISO 639-1, sorted.
const std::vector<std::string_view>& stop_word_languages();

/// True if a folded word (index/analysis) is a stop word of the language. False for languages without a list.
bool is_stop_word(std::string_view language, std::string_view folded);

/// True if it is one in any language.
bool is_stop_word_anywhere(std::string_view folded);

}  // namespace rapporteur::search
