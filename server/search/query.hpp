// The parsed query: a small tree of what is asked, in the user's own spelling.
//
// Independent of Xapian and of the tokeniser: leaves hold raw text, and server/search/planner decides what terms they
// become. docs/query-language.md is the language; server/search/query_parser builds the tree.
#pragma once

#include "index/article.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::search {

/// Where a leaf looks. text and title are searched by words; the others are compared as values.
enum class query_field : std::uint8_t {
  text,  ///< no field was named: title and body
  title,
  author,
  source,
  lang,
  collection,
  symbol,  ///< a document symbol: A/HRC/25/63
  tag,     ///< query_node::tag_name says which
};

/// The field's name in the query language: "title", "tag"; empty for text.
std::string_view to_string(query_field f) noexcept;

enum class node_kind : std::uint8_t {
  everything,  ///< the query was empty, or "*". Only ever the root.
  nothing,     ///< something was typed, but nothing that can be searched for. Only ever the root.

  // Leaves.
  word,      ///< one word as typed; may analyse to several (ill-treatment, nknews.org, 북한인권)
  wildcard,  ///< text* : words that begin with text
  phrase,    ///< "text": these words in this order, neither stemmed nor expanded
  exact,     ///< ="text": these very characters
  filter,    ///< field:text, for every field but text and title; text is the whole value
  date,      ///< from..to, either end may be absent, never both

  // Inner nodes.
  near,    ///< two or more children in one place, in any order; see query_node::distance
  all_of,  ///< two or more children; at most one none_of among them, and then it is the last
  any_of,  ///< two or more children
  none_of  ///< one or more children: what matches none of them
};

constexpr bool is_leaf(node_kind k) noexcept {
  return k >= node_kind::word && k <= node_kind::date;
}

/// A node of the tree. The parser keeps these invariants, which a consumer may rely on:
/// - The text of a leaf is well-formed UTF-8 and holds at least one letter or digit. It is as typed, less the
/// punctuation
///   around a word.
/// - No all_of is the child of an all_of, no any_of of an any_of, no none_of or any_of of a none_of.
/// - The children of a near are words, wildcards and phrases of one field (text or title), or any_of of such.
/// - nesting() is bounded by parser_limits::max_depth, the number of leaves by max_leaves.
struct query_node {
  node_kind kind = node_kind::everything;
  query_field scope = query_field::text;  ///< of a leaf; text or title unless kind is filter
  std::string tag_name;                   ///< lower case, [a-z0-9_]+; only for a filter on a tag
  std::string text;                       ///< of a leaf other than date

  /// Of a near: at most distance − 1 other words stand among its words. For n operands of one word each that is a
  /// window of distance + n − 1 words (1: neighbours). 1 … 50.
  unsigned distance = 0;

  std::optional<partial_date> from, to;  ///< of a date; inclusive, from.first_day() to to.last_day()
  std::uint32_t column = 0;              ///< 1-based, in characters of the query; where the leaf or operator stands
  /// Of a word: it was joined to its neighbours by AND, so that it stays required where blanks would not hold it.
  /// equivalent() and to_string(), which spells every AND out, know nothing of it.
  bool joined = false;
  std::vector<query_node> children;
};

/// True if the two ask the same: everything but the columns is equal.
bool equivalent(const query_node& a, const query_node& b);

/// Writes a tree in the query language, with every operator spelled out: "quintana AND (visit OR mission)". Parsing
/// that again (with the same limits) gives an equivalent tree. "*" for everything, "" (two quotes) for nothing.
std::string to_string(const query_node& n);

/// How many parentheses deep to_string() writes the tree. Its height is at most three times that, plus three.
unsigned nesting(const query_node& n);

/// Calls fn(leaf, excluded) for each leaf, in order; excluded is true below a none_of.
template <class F>
void for_each_leaf(const query_node& n, F&& fn, bool excluded = false) {
  if (is_leaf(n.kind)) fn(n, excluded);
  for (const query_node& c : n.children) for_each_leaf(c, fn, excluded || n.kind == node_kind::none_of);
}

}  // namespace rapporteur::search
