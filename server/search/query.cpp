// The tree written back in the query language, and compared.

#include "server/search/query.hpp"

#include "server/search/query_characters.hpp"

#include <algorithm>

namespace rapporteur::search {

namespace {

/// What to_string() puts into parentheses. It could do with fewer, but a reader should not need the precedence table.
bool needs_parentheses(node_kind parent, const query_node& child) {
  switch (parent) {
    case node_kind::all_of:
    case node_kind::near:
      return child.kind == node_kind::any_of;
    case node_kind::any_of:
      return child.kind == node_kind::all_of || (child.kind == node_kind::none_of && child.children.size() > 1);
    case node_kind::none_of:
      return child.kind == node_kind::all_of || child.kind == node_kind::near;
    default:
      return false;
  }
}

/// Text between quotes. Of the two families of quotation marks one never occurs in it: the one that it was typed with.
std::string quoted(std::string_view text) {
  bool double_quotes = false;
  const character_sequence chars(text);
  for (std::size_t i = 0; i < chars.size(); ++i) double_quotes = double_quotes || chars[i].role == k_double_quote;
  return double_quotes ? "«" + std::string(text) + "»" : "\"" + std::string(text) + "\"";
}

/// A filter's value stands bare if the parser would read it back unchanged, quoted otherwise.
std::string filter_value(std::string_view text) {
  const character_sequence chars(text);
  const auto plain = [&](std::size_t i) {
    const char32_t c = chars[i].code_point;
    return is_word_character(c) || c == U'-' || c == U'.' || c == U'_' || c == U'/' || c == U'\'';
  };
  bool bare = chars.size() > 0 && is_word_character(chars[0].code_point) &&
              is_word_character(chars[chars.size() - 1].code_point);
  for (std::size_t i = 0; bare && i < chars.size(); ++i) bare = plain(i);
  return bare ? std::string(text) : quoted(text);
}

std::string date_value(const query_node& n) {
  if (n.from && n.to && *n.from == *n.to) return n.from->to_string();
  return (n.from ? n.from->to_string() : std::string()) + ".." + (n.to ? n.to->to_string() : std::string());
}

std::string field_prefix(const query_node& n) {
  if (n.scope == query_field::text) return {};
  if (n.scope == query_field::tag) return "tag." + n.tag_name + ":";
  return std::string(to_string(n.scope)) + ":";
}

void write(std::string& out, const query_node& n);

void write_children(std::string& out, const query_node& n, std::string_view separator, std::string_view before) {
  bool first = true;
  for (const query_node& c : n.children) {
    if (!first) out += separator;
    first = false;
    out += before;
    const bool parentheses = needs_parentheses(n.kind, c);
    if (parentheses) out += '(';
    write(out, c);
    if (parentheses) out += ')';
  }
}

void write(std::string& out, const query_node& n) {
  switch (n.kind) {
    case node_kind::everything:
      out += '*';
      break;
    case node_kind::nothing:
      out += "\"\"";
      break;
    case node_kind::word:
      out += field_prefix(n) + n.text;
      break;
    case node_kind::wildcard:
      out += field_prefix(n) + n.text + '*';
      break;
    case node_kind::phrase:
      out += field_prefix(n) + quoted(n.text);
      break;
    case node_kind::exact:
      out += field_prefix(n) + '=' + quoted(n.text);
      break;
    case node_kind::filter:
      out += field_prefix(n) + filter_value(n.text);
      break;
    case node_kind::date:
      out += "date:" + date_value(n);
      break;
    case node_kind::near:
      write_children(out, n, " NEAR/" + std::to_string(n.distance) + " ", "");
      break;
    case node_kind::all_of:
      write_children(out, n, " AND ", "");
      break;
    case node_kind::any_of:
      write_children(out, n, " OR ", "");
      break;
    case node_kind::none_of:
      write_children(out, n, " AND ", "NOT ");
      break;
  }
}

}  // namespace

std::string_view to_string(query_field f) noexcept {
  switch (f) {
    case query_field::text:
      return {};
    case query_field::title:
      return "title";
    case query_field::author:
      return "author";
    case query_field::source:
      return "source";
    case query_field::lang:
      return "lang";
    case query_field::collection:
      return "collection";
    case query_field::symbol:
      return "symbol";
    case query_field::tag:
      return "tag";
  }
  return {};
}

bool equivalent(const query_node& a, const query_node& b) {
  return a.kind == b.kind && a.scope == b.scope && a.tag_name == b.tag_name && a.text == b.text &&
         a.distance == b.distance && a.from == b.from && a.to == b.to &&
         std::equal(a.children.begin(), a.children.end(), b.children.begin(), b.children.end(), equivalent);
}

std::string to_string(const query_node& n) {
  std::string out;
  write(out, n);
  return out;
}

unsigned nesting(const query_node& n) {
  unsigned deepest = 0;
  for (const query_node& c : n.children)
    deepest = std::max(deepest, nesting(c) + (needs_parentheses(n.kind, c) ? 1 : 0));
  return deepest;
}

}  // namespace rapporteur::search
