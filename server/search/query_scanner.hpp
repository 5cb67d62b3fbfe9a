// Where the pieces of a query begin and end: runs of characters, quotations, brackets that belong to a word, fields.
//
// Looks only, takes nothing. Private to query_lexer.
#pragma once

#include "server/search/query_characters.hpp"
#include "server/search/query_vocabulary.hpp"

#include <cstddef>
#include <optional>

namespace rapporteur::search {

/// Positions are character indexes. Valid as long as the characters.
class query_scanner {
 public:
  explicit query_scanner(const character_sequence& q);

  /// The quotation mark that ends what the one at open begins: the next one of its family.
  [[nodiscard]] std::optional<std::size_t> closing_quote(std::size_t open) const;

  [[nodiscard]] bool has_word(std::size_t begin, std::size_t end) const;

  /// True if an operand begins at `at`, whatever punctuation it begins with.
  [[nodiscard]] bool operand_follows(std::size_t at) const;

  /// End of the run of characters that begins at begin: at a blank, quotation mark or parenthesis. Within a word (not
  /// within a value), also at a comma or semicolon that does not stand inside a number.
  [[nodiscard]] std::size_t run_end(std::size_t begin, bool value) const;

  /// The operator that [begin, end) is.
  [[nodiscard]] std::optional<operator_word> operator_in(std::size_t begin, std::size_t end) const;

  struct found_field {
    field_name name;
    std::size_t value = 0;  ///< right behind the colon
  };
  /// A known field name with its colon.
  [[nodiscard]] std::optional<found_field> field_at(std::size_t at) const;

 private:
  [[nodiscard]] std::size_t bracketed_end(std::size_t at, std::size_t run_begin) const;

  const character_sequence& q_;
  std::size_t last_double_quote_ = 0;
  std::size_t last_guillemet_ = 0;
};

}  // namespace rapporteur::search
