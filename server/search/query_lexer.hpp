// Cuts a query into leaves, operators and parentheses, and sees to it that every operator has its operands.
//
// Owns all that depends on characters: quotes, fields, dates, wildcards, dangling operators. query_parser puts the
// pieces together and never sees an operator that is not one. Private to the query parser.
#pragma once

#include "server/search/query_characters.hpp"
#include "server/search/query_parser.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::search {

enum class lexeme_kind : std::uint8_t { leaf, open, close, op_and, op_or, op_near, op_not };

struct lexeme {
  lexeme_kind kind = lexeme_kind::leaf;
  std::uint32_t column = 0;
  unsigned distance = 0;           ///< of op_near
  query_node leaf;                 ///< of kind nothing for an empty phrase
  bool bare_value = false;         ///< an unquoted word of a filter's group; neighbours are joined to one value
  std::size_t begin = 0, end = 0;  ///< characters
};

/// Warnings, bounded in number.
class warning_list {
 public:
  explicit warning_list(std::size_t most) : most_(most) {}
  void add(std::size_t column, std::string_view code, std::string message, named_values values = {}) {
    if (list_.size() < most_)
      list_.push_back({static_cast<std::uint32_t>(column), std::string(code), std::move(message), std::move(values)});
  }
  /// In order of column.
  std::vector<warning> take();

 private:
  std::size_t most_;
  std::vector<warning> list_;
};

/// The text of characters [begin, end) with every run of blanks as one, and none at the ends. Well-formed UTF-8.
std::string collapse_blanks(const character_sequence& q, std::size_t begin, std::size_t end);

/// The lexemes of a query. In what comes out: AND, OR and NEAR stand between two operands, NOT before one; each close
/// has its open; open groups at the end may lack a close; at most max_leaves leaves.
std::vector<lexeme> cut_query(const character_sequence& q, const parser_limits& limits, warning_list& warnings);

}  // namespace rapporteur::search
