// The grammar: juxtaposition binds least, then OR, AND, NOT and NEAR.

#include "server/search/query_parser.hpp"

#include "server/search/query_lexer.hpp"
#include "server/search/query_vocabulary.hpp"

#include <algorithm>
#include <utility>

namespace rapporteur::search {

namespace {

query_node make_nothing() {
  query_node n;
  n.kind = node_kind::nothing;
  return n;
}

query_node make_inner(node_kind kind, std::vector<query_node> children, std::uint32_t column) {
  query_node n;
  n.kind = kind;
  n.column = column;
  n.children = std::move(children);
  return n;
}

void append(std::vector<query_node>& to, std::vector<query_node>&& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

// The makers below keep the tree in the normal form that query.hpp promises. A nothing is an operand that was left
// out, so it takes no part.

query_node make_all(std::vector<query_node> parts, std::uint32_t column) {
  std::vector<query_node> required;
  std::vector<query_node> excluded;
  for (query_node& p : parts) {
    if (p.kind == node_kind::nothing) continue;
    if (p.kind == node_kind::none_of) {
      append(excluded, std::move(p.children));
    } else if (p.kind == node_kind::all_of) {
      if (p.children.back().kind == node_kind::none_of) {
        append(excluded, std::move(p.children.back().children));
        p.children.pop_back();
      }
      append(required, std::move(p.children));
    } else {
      required.push_back(std::move(p));
    }
  }
  if (!excluded.empty()) {
    const std::uint32_t at = excluded.front().column;
    required.push_back(make_inner(node_kind::none_of, std::move(excluded), at));
  }
  if (required.empty()) return make_nothing();
  if (required.size() == 1) return std::move(required.front());
  return make_inner(node_kind::all_of, std::move(required), column);
}

query_node make_any(std::vector<query_node> parts, std::uint32_t column) {
  std::vector<query_node> alternatives;
  for (query_node& p : parts) {
    if (p.kind == node_kind::nothing) continue;
    if (p.kind == node_kind::any_of) {
      append(alternatives, std::move(p.children));
    } else {
      alternatives.push_back(std::move(p));
    }
  }
  if (alternatives.empty()) return make_nothing();
  if (alternatives.size() == 1) return std::move(alternatives.front());
  return make_inner(node_kind::any_of, std::move(alternatives), column);
}

// What stands beside an AND.
void join(query_node& n) {
  if (n.kind == node_kind::word) n.joined = true;
  if (n.kind != node_kind::all_of) return;
  for (query_node& c : n.children) join(c);
}

query_node make_not(query_node n) {
  if (n.kind == node_kind::nothing) return n;
  if (n.kind == node_kind::none_of) return make_any(std::move(n.children), n.column);
  if (n.kind == node_kind::any_of) {
    for (query_node& c : n.children) c = make_not(std::move(c));
    return make_all(std::move(n.children), n.column);
  }
  const std::uint32_t column = n.column;
  std::vector<query_node> children;
  children.push_back(std::move(n));
  return make_inner(node_kind::none_of, std::move(children), column);
}

bool may_be_near(const query_node& n, query_field scope) {
  switch (n.kind) {
    case node_kind::word:
    case node_kind::wildcard:
    case node_kind::phrase:
      return n.scope == scope;
    case node_kind::any_of:
      return std::all_of(n.children.begin(), n.children.end(),
                         [&](const query_node& c) { return c.kind != node_kind::any_of && may_be_near(c, scope); });
    default:
      return false;
  }
}

class parser {
 public:
  parser(const character_sequence& q, std::vector<lexeme> lexemes, warning_list& warnings)
      : q_(q), lexemes_(std::move(lexemes)), warnings_(warnings) {}

  /// Recursion is bounded by parser_limits::max_depth, to which cut_query keeps the parentheses.
  query_node sequence() {
    std::vector<query_node> parts;
    const std::uint32_t column = here();
    while (more()) parts.push_back(alternatives());
    return make_all(std::move(parts), column);
  }

 private:
  [[nodiscard]] bool is(lexeme_kind k) const { return at_ < lexemes_.size() && lexemes_[at_].kind == k; }
  [[nodiscard]] bool more() const { return at_ < lexemes_.size() && lexemes_[at_].kind != lexeme_kind::close; }
  [[nodiscard]] std::uint32_t here() const { return at_ < lexemes_.size() ? lexemes_[at_].column : 0; }

  query_node alternatives() {
    std::vector<query_node> parts;
    bool has_and = false;
    parts.push_back(conjunction(has_and));
    const std::uint32_t column = here();
    while (is(lexeme_kind::op_or)) {
      ++at_;
      parts.push_back(conjunction(has_and));
    }
    if (parts.size() == 1) return std::move(parts.front());
    if (has_and) {
      warnings_.add(
          column, warning_code::mixed_and_or,
          "AND binds more tightly than OR: a AND b OR c is read as (a AND b) OR c. Parentheses make it sure.");
    }
    if (std::any_of(parts.begin(), parts.end(), [](const query_node& n) { return n.kind == node_kind::none_of; })) {
      warnings_.add(column, warning_code::excluded_alternative,
                    "One alternative of this OR only excludes, so it finds nearly everything.");
    }
    return make_any(std::move(parts), column);
  }

  query_node conjunction(bool& has_and) {
    std::vector<query_node> parts;
    parts.push_back(negation());
    const std::uint32_t column = here();
    while (is(lexeme_kind::op_and)) {
      has_and = true;
      ++at_;
      parts.push_back(negation());
    }
    if (parts.size() == 1) return std::move(parts.front());
    for (query_node& p : parts) join(p);
    return make_all(std::move(parts), column);
  }

  /// True for an odd number of NOTs.
  bool skip_nots() {
    bool odd = false;
    for (; is(lexeme_kind::op_not); ++at_) odd = !odd;
    return odd;
  }

  query_node negation() {
    const bool negative = skip_nots();
    query_node n = neighbourhood();
    return negative ? make_not(std::move(n)) : std::move(n);
  }

  query_node neighbourhood() {
    std::vector<query_node> parts;
    parts.push_back(primary());
    if (!is(lexeme_kind::op_near)) return std::move(parts.front());
    const std::uint32_t column = here();
    unsigned distance = lexemes_[at_].distance;
    while (is(lexeme_kind::op_near)) {
      if (lexemes_[at_].distance != distance) {
        distance = std::max(distance, lexemes_[at_].distance);
        warnings_.add(here(), warning_code::near_distance,
                      "A chain of NEARs has one distance; the largest, " + std::to_string(distance) + ", was taken.",
                      {{"most", k_max_near}, {"taken", distance}});
      }
      ++at_;
      const bool negative = skip_nots();
      query_node n = primary();
      parts.push_back(negative ? make_not(std::move(n)) : std::move(n));
    }
    std::erase_if(parts, [](const query_node& n) { return n.kind == node_kind::nothing; });
    if (parts.size() < 2) return make_all(std::move(parts), column);
    const query_node& first = parts.front();
    const query_field scope = first.kind == node_kind::any_of ? first.children.front().scope : first.scope;
    if (!std::all_of(parts.begin(), parts.end(), [&](const query_node& n) { return may_be_near(n, scope); })) {
      warnings_.add(column, warning_code::near_operand,
                    "NEAR joins words, phrases and (a OR b) of them, all of the same field; AND was taken instead.");
      for (query_node& p : parts) join(p);
      return make_all(std::move(parts), column);
    }
    query_node n = make_inner(node_kind::near, std::move(parts), column);
    n.distance = distance;
    return n;
  }

  query_node primary() {
    lexeme& l = lexemes_[at_++];
    if (l.kind == lexeme_kind::leaf) {
      query_node leaf = l.bare_value ? joined_value(l) : std::move(l.leaf);
      if (leaf.scope == query_field::lang && !is_language_code(leaf.text)) {
        warnings_.add(leaf.column, warning_code::bad_value,
                      "lang: takes a language code such as en or ko; for several write lang:(en OR ko).",
                      {{"value", leaf.text}});
      }
      return leaf;
    }
    // cut_query leaves nothing else than an open group here.
    if (is(lexeme_kind::close)) {
      warnings_.add(l.column, warning_code::empty_group, "There is nothing between these parentheses; ignored.");
    }
    query_node n = sequence();
    if (is(lexeme_kind::close)) ++at_;
    return n;
  }

  /// Words side by side in the group of a filter are one value: source:(Daily NK OR Reuters).
  query_node joined_value(lexeme& first) {
    std::size_t end = first.end;
    const std::size_t begin_at = at_;
    while (is(lexeme_kind::leaf) && lexemes_[at_].bare_value) end = lexemes_[at_++].end;
    query_node leaf = std::move(first.leaf);
    if (at_ == begin_at) return leaf;
    leaf.text.clear();
    std::string part;
    for (std::size_t i = first.begin; i < end;) {
      std::size_t to = i;
      while (to < end && !is_quote(q_.role(to))) ++to;  // a quotation mark without a partner
      part = collapse_blanks(q_, i, to);
      if (!part.empty()) leaf.text += (leaf.text.empty() ? "" : " ") + part;
      i = to + 1;
    }
    return leaf;
  }

  const character_sequence& q_;
  std::vector<lexeme> lexemes_;
  std::size_t at_ = 0;
  warning_list& warnings_;
};

bool is_blank(const character_sequence& q) {
  for (std::size_t i = 0; i < q.size(); ++i) {
    if (q.role(i) != U' ') return false;
  }
  return q.ill_formed() == 0;
}

parsed_query parse_once(const character_sequence& q, const parser_limits& limits, bool too_deep) {
  warning_list warnings(limits.max_warnings);
  if (q.ill_formed() > 0) {
    warnings.add(q.first_ill_formed() + 1, warning_code::ill_formed_utf8,
                 std::to_string(q.ill_formed()) + " bytes are not UTF-8; each was read as a blank.",
                 {{"n", q.ill_formed()}});
  }
  if (too_deep) {
    warnings.add(1, warning_code::too_deep, "The query is nested too deep; its inner parentheses were ignored.",
                 {{"n", limits.max_depth}});
  }
  parsed_query out;
  if (!is_blank(q) && collapse_blanks(q, 0, q.size()) != "*") {
    out.root = parser(q, cut_query(q, limits, warnings), warnings).sequence();
    if (out.root.kind == node_kind::nothing) {
      warnings.add(1, warning_code::nothing_to_search, "There is no word in this query.");
    } else if (out.root.kind == node_kind::none_of) {
      warnings.add(out.root.column, warning_code::only_excluded,
                   "Nothing is asked for, only excluded: this finds every other article.");
    }
  }
  out.warnings = warnings.take();
  return out;
}

}  // namespace

parsed_query parse_query(std::string_view q, const parser_limits& limits) {
  const character_sequence characters(q);
  parsed_query out = parse_once(characters, limits, false);
  if (nesting(out.root) <= limits.max_depth) return out;
  // Written out with every parenthesis, the tree is nested deeper than the query was (at most four times: for OR, AND
  // and NOT around each group), and could not be read back.
  parser_limits tighter = limits;
  tighter.max_depth = limits.max_depth / 4;
  return parse_once(characters, tighter, true);
}

}  // namespace rapporteur::search
