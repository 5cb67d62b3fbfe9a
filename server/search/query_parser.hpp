// Reads a query as typed into its tree. Owns the grammar and its limits; docs/query-language.md is its specification.
//
// Any byte sequence is a legal query: what cannot be an operator is taken as words, and said in a warning. Knows
// nothing of Xapian, of terms or of the archive.
#pragma once

#include "server/search/query.hpp"
#include "server/search/search.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace rapporteur::search {

/// Bounds of a parsed query. What lies beyond one is left out, with a warning.
struct parser_limits {
  std::uint32_t max_leaves = 256;          ///< words, phrases, filters and dates together
  std::uint32_t max_depth = 32;            ///< parentheses inside parentheses
  std::uint32_t max_warnings = 32;         ///< further warnings are dropped
  std::uint32_t min_wildcard_letters = 3;  ///< before the star; a Han, Kana or Hangul character counts as two
};

/// The distance of a NEAR without a number, and the largest one.
inline constexpr unsigned k_default_near = 10;
inline constexpr unsigned k_max_near = 50;

/// Codes of the warnings, stable (they are part of the API), with what is done about each. The list is in
/// docs/query-language.md.
namespace warning_code {
inline constexpr std::string_view unbalanced_quote = "unbalanced_quote";
inline constexpr std::string_view unbalanced_parenthesis = "unbalanced_parenthesis";
inline constexpr std::string_view empty_phrase = "empty_phrase";
inline constexpr std::string_view empty_group = "empty_group";
inline constexpr std::string_view dangling_operator = "dangling_operator";
inline constexpr std::string_view unknown_operator = "unknown_operator";
inline constexpr std::string_view mixed_and_or = "mixed_and_or";
inline constexpr std::string_view excluded_alternative = "excluded_alternative";
inline constexpr std::string_view only_excluded = "only_excluded";
inline constexpr std::string_view unknown_field = "unknown_field";
inline constexpr std::string_view empty_field = "empty_field";
inline constexpr std::string_view bad_value = "bad_value";
inline constexpr std::string_view bad_date = "bad_date";
inline constexpr std::string_view reversed_range = "reversed_range";
inline constexpr std::string_view near_operand = "near_operand";
inline constexpr std::string_view near_distance = "near_distance";
inline constexpr std::string_view wildcard_too_short = "wildcard_too_short";
inline constexpr std::string_view wildcard_position = "wildcard_position";
inline constexpr std::string_view too_deep = "too_deep";
inline constexpr std::string_view too_many_terms = "too_many_terms";
inline constexpr std::string_view ill_formed_utf8 = "ill_formed_utf8";
inline constexpr std::string_view nothing_to_search = "nothing_to_search";
}  // namespace warning_code

struct parsed_query {
  query_node root;
  std::vector<warning> warnings;  ///< in order of column
};

/// Parses q in time proportional to its length. Never fails; throws nothing but std::bad_alloc. Safe in any thread.
parsed_query parse_query(std::string_view q, const parser_limits& limits = {});

}  // namespace rapporteur::search
