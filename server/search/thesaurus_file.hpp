// The file format of a thesaurus: Solr's synonym format, read into rules, and what can be wrong with it.
//
// Owns lines, separators, escapes and sections; what a term means to a search is thesaurus.cpp's. docs/thesaurus.md
// describes the format.
#pragma once

#include "index/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::search {

/// One line of the file. a, b: from and to are the same terms; a => b: from is what a query may say, to what is added.
struct thesaurus_rule {
  std::uint32_t line = 0;         ///< 1-based
  std::vector<std::string> from;  ///< unescaped, without blanks around, never empty
  std::vector<std::string> to;
  bool one_way = false;
  bool people = false;  ///< the section is one of people's names
};

/// Something wrong in a file; says where, what, and what to do.
struct thesaurus_problem {
  std::uint32_t line = 0;
  std::string message;
};

struct thesaurus_rules {
  std::vector<thesaurus_rule> rules;
  std::vector<thesaurus_problem> problems;
};

/// Reads well-formed UTF-8. A line that something is wrong with gives problems and no rule.
thesaurus_rules read_thesaurus_rules(std::string_view text);

}  // namespace rapporteur::search
