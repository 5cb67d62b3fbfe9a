// The planner's operators: what AND, OR, NOT and NEAR become, and how a query is widened.
#include "index/ascii.hpp"
#include "index/schema.hpp"
#include "server/search/planner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace rapporteur::search {
namespace {

namespace schema = index::prefix;

}  // namespace

void planner::keep(leaf_terms& l, bool excluded) {
  if (excluded) return;
  for (pattern& p : l.patterns) out_.patterns.push_back(std::move(p));
}

// Xapian's NEAR takes terms only: alternatives are multiplied out, and a phrase is required beside its words.
match_query planner::build_near(const query_node& n, bool excluded) {
  constexpr std::size_t k_most_combinations = 64;
  struct alternative {
    std::vector<std::string> terms;
    std::vector<match_query> phrases;
  };
  std::vector<alternative> combinations(1);
  // Columns tell the NEARs of a query apart.
  near_place place{n.column + 1, 0, static_cast<std::uint32_t>(n.children.size()), n.distance};
  for (const query_node& child : n.children) {
    std::vector<alternative> alternatives;
    const std::vector<query_node> single{child};
    for (const query_node& leaf : child.kind == node_kind::any_of ? child.children : single) {
      const bool title = leaf.scope == query_field::title;
      leaf_terms l = leaf.kind == node_kind::wildcard ? build_wildcard(leaf) : build_phrase(leaf.text, title);
      if (l.patterns.empty()) continue;
      const std::vector<pattern_step>& steps = l.patterns.front().steps;
      for (const std::string& last : steps.back().words) {
        alternative a;
        for (std::size_t s = 0; s + 1 < steps.size(); ++s) a.terms.push_back(steps[s].words.front());
        a.terms.push_back(last);
        if (title) {
          for (std::string& t : a.terms) t = index::make_term(schema::title, t);
        }
        if (a.terms.size() > 1) {
          a.phrases.push_back(positional(Xapian::Query::OP_PHRASE, a.terms, static_cast<unsigned>(a.terms.size())));
        }
        alternatives.push_back(std::move(a));
      }
      for (pattern& p : l.patterns) p.near = place;
      keep(l, excluded);
    }
    ++place.operand;
    std::vector<alternative> multiplied;
    for (const alternative& c : combinations) {
      for (const alternative& a : alternatives) {
        if (multiplied.size() >= k_most_combinations) break;
        multiplied.push_back(c);
        alternative& m = multiplied.back();
        m.terms.insert(m.terms.end(), a.terms.begin(), a.terms.end());
        m.phrases.insert(m.phrases.end(), a.phrases.begin(), a.phrases.end());
      }
    }
    if (combinations.size() * alternatives.size() > k_most_combinations) {
      out_.warnings.push_back(
          {n.column,
           "near_limited",
           fmt::format("NEAR has more than {} combinations of words: the rest are not searched", k_most_combinations),
           {{"n", k_most_combinations}}});
    }
    combinations = std::move(multiplied);
  }
  std::vector<match_query> any;
  for (const alternative& c : combinations) {
    any.push_back(positional(Xapian::Query::OP_NEAR, c.terms, n.distance + static_cast<unsigned>(c.terms.size()) - 1));
    if (c.phrases.empty()) continue;
    const match_query phrases(Xapian::Query::OP_AND, c.phrases.begin(), c.phrases.end());
    any.back() = match_query(Xapian::Query::OP_FILTER, any.back(), phrases);
  }
  return any.empty() ? match_query() : match_query(Xapian::Query::OP_OR, any.begin(), any.end());
}

match_query planner::build(const query_node& n, bool excluded) {
  const auto keep_of = [&](leaf_terms& l) {
    keep(l, excluded);
    return l.query.empty() ? match_query() : l.query;
  };
  const auto leaf = [&](leaf_terms l) {
    std::vector<pattern> patterns;
    if (telling_) patterns = l.patterns;
    match_query q = keep_of(l);
    tell(n, q, excluded, std::move(patterns));
    return q;
  };
  const auto group = [&](word_group g) {
    tell(g, excluded);
    return keep_of(g.terms);
  };
  const auto other = [&](const auto& make) {
    const std::size_t before = out_.patterns.size();
    match_query q = make();
    std::vector<pattern> patterns;
    if (telling_) patterns.assign(out_.patterns.begin() + static_cast<std::ptrdiff_t>(before), out_.patterns.end());
    tell(n, q, excluded, std::move(patterns));
    return q;
  };
  switch (n.kind) {
    case node_kind::everything:
      return match_query::everything();
    case node_kind::nothing:
      return match_query();
    case node_kind::word: {
      const query_node* const only[] = {&n};
      return group(std::move(read_run(only, excluded).front()));
    }
    case node_kind::wildcard:
      return leaf(build_wildcard(n));
    case node_kind::phrase:
      return leaf(build_phrase(n.text, n.scope == query_field::title));
    case node_kind::exact: {
      leaf_terms l = build_phrase(n.text, n.scope == query_field::title);
      for (pattern& p : l.patterns) p.characters = n.text;
      return leaf(std::move(l));
    }
    case node_kind::filter:
      return other([&] { return build_filter(n, excluded); });
    case node_kind::date:
      return other([&] { return match_query(Xapian::Query::OP_SCALE_WEIGHT, dates(n.from, n.to), 0); });
    case node_kind::near:
      return other([&] { return build_near(n, excluded); });
    case node_kind::any_of: {
      std::vector<match_query> parts;
      for (const query_node& c : n.children) parts.push_back(build(c, excluded));
      return {Xapian::Query::OP_OR, parts.begin(), parts.end()};
    }
    case node_kind::all_of: {
      match_query wanted;
      match_query unwanted;
      std::vector<match_query> parts;
      std::vector<const query_node*> neighbours;
      const auto end_of_run = [&] {
        for (word_group& g : read_run(neighbours, excluded)) parts.push_back(group(std::move(g)));
        neighbours.clear();
      };
      for (const query_node& c : n.children) {
        if (c.kind == node_kind::none_of) {
          std::vector<match_query> none;
          for (const query_node& x : c.children) none.push_back(build(x, true));
          unwanted = match_query(Xapian::Query::OP_OR, none.begin(), none.end());
        } else if (c.kind == node_kind::word) {
          neighbours.push_back(&c);
        } else {
          end_of_run();
          parts.push_back(build(c, excluded));
        }
      }
      end_of_run();
      wanted =
          parts.empty() ? match_query::everything() : match_query(Xapian::Query::OP_AND, parts.begin(), parts.end());
      return unwanted.empty() ? wanted : match_query(Xapian::Query::OP_AND_NOT, wanted, unwanted);
    }
    case node_kind::none_of: {
      std::vector<match_query> none;
      for (const query_node& c : n.children) none.push_back(build(c, true));
      return {Xapian::Query::OP_AND_NOT, match_query::everything(),
              match_query(Xapian::Query::OP_OR, none.begin(), none.end())};
    }
  }
  return match_query();
}

// Neighbouring plain words of the top level, as units.
void planner::add_units(word_run words) {
  for (word_group& g : read_run(words, false)) {
    unit u;
    u.query = g.terms.query.empty() ? match_query() : g.terms.query;
    u.terms = std::move(g.positions);
    u.required = g.required;
    // A word that was typed again counts for more, but is the same word.
    const auto same =
        std::find_if(out_.units.begin(), out_.units.end(), [&](const unit& k) { return k.terms == u.terms; });
    out_.order.push_back(static_cast<std::uint32_t>(same - out_.units.begin()));
    if (same != out_.units.end()) {
      ++same->times;
      same->required = same->required || g.required;
      continue;
    }
    if (telling_) {
      unit_parts_.push_back(out_.parts.size());
      tell(g, false);
    }
    keep(g.terms, false);
    if (g.compound && !u.required) add_parts(u);
    out_.units.push_back(std::move(u));
  }
}

// The words of a compound one by one, numbers and single letters left out.
void planner::add_parts(unit& u) {
  for (const std::string& t : u.terms) {
    const bool title = t.starts_with(schema::title);
    const std::string word = title ? t.substr(schema::title.size()) : t;
    if (word.size() < 2 || std::any_of(word.begin(), word.end(), is_ascii_digit)) continue;
    readings any;
    pattern p;
    p.title_only = title;
    p.steps.resize(1);
    add_forms(word, word, index::token_kind::part, title, any, p);
    u.parts.push_back(any_reading(any));
    out_.widened_patterns.push_back(std::move(p));
  }
}

// What is typed twice counts more, but less than twice: BM25's query term frequency, with k3 = 8.
match_query planner::weighed(const unit& u) {
  constexpr double k3 = 8;
  if (u.times == 1) return u.query;
  return {Xapian::Query::OP_SCALE_WEIGHT, u.query, (k3 + 1) * u.times / (k3 + u.times)};
}

// The parts of the query, for whoever asks why.
void planner::tell(const query_node& n, const match_query& q, bool excluded, std::vector<pattern> patterns) {
  if (!telling_) return;
  plan_part p;
  p.text = n.kind == node_kind::near || n.kind == node_kind::date ? to_string(n) : n.text;
  p.is = n.kind == node_kind::wildcard ? part_kind::wildcard
         : n.kind == node_kind::phrase ? part_kind::phrase
         : n.kind == node_kind::exact  ? part_kind::exact
         : n.kind == node_kind::near   ? part_kind::near
         : n.kind == node_kind::date   ? part_kind::date
                                       : part_kind::filter;
  p.scope = n.scope;
  p.tag_name = n.tag_name;
  p.column = n.column;
  p.excluded = excluded;
  p.query = q;
  p.patterns = std::move(patterns);
  out_.parts.push_back(std::move(p));
}

void planner::tell(const word_group& g, bool excluded) {
  if (!telling_) return;
  plan_part p = g.told;
  p.excluded = excluded;
  p.query = g.terms.query.empty() ? match_query() : g.terms.query;
  if (p.synonyms.empty()) p.patterns = g.terms.patterns;
  out_.parts.push_back(std::move(p));
}

// The whole query, and beside it the widened one: any of the plain words of the top level instead of all; what was
// quoted, filtered, excluded, grouped or joined by AND stays required. But in a text of many words, an abstract say,
// quotation marks and parentheses are the writer's and no operators: there they are given up as well.
match_query planner::build_root(const query_node& root) {
  if (root.kind == node_kind::word) {
    const query_node* const only[] = {&root};
    add_units(only);
    return out_.units.front().query;
  }
  if (root.kind != node_kind::all_of) return build(root, false);

  std::vector<match_query> fixed;
  std::vector<match_query> of_prose;  // of fixed, what many words make a part of the text
  std::vector<const query_node*> neighbours;
  match_query unwanted;
  const auto end_of_run = [&] {
    add_units(neighbours);
    neighbours.clear();
  };
  for (const query_node& c : root.children) {
    if (c.kind == node_kind::word) {
      neighbours.push_back(&c);
      continue;
    }
    end_of_run();
    if (c.kind == node_kind::none_of) {
      std::vector<match_query> none;
      for (const query_node& x : c.children) none.push_back(build(x, true));
      unwanted = match_query(Xapian::Query::OP_OR, none.begin(), none.end());
    } else {
      const bool prose = c.kind == node_kind::phrase || c.kind == node_kind::any_of || c.kind == node_kind::all_of;
      (prose ? of_prose : fixed).push_back(build(c, false));
    }
  }
  end_of_run();

  const auto complete = [&](const std::vector<match_query>& wanted) {
    const match_query all =
        wanted.empty() ? match_query::everything() : match_query(Xapian::Query::OP_AND, wanted.begin(), wanted.end());
    return unwanted.empty() ? all : match_query(Xapian::Query::OP_AND_NOT, all, unwanted);
  };
  std::vector<match_query> words;
  for (const unit& u : out_.units) words.push_back(weighed(u));
  for (std::size_t i = 0; i < unit_parts_.size(); ++i) {
    const unit& u = out_.units[i];
    out_.parts[unit_parts_[i]].query = words[i];
    if (!u.parts.empty())
      out_.parts[unit_parts_[i]].loose = match_query(Xapian::Query::OP_OR, u.parts.begin(), u.parts.end());
  }
  // One that is left to be given up is all that is asked beside the others, which are not.
  if (std::count_if(out_.units.begin(), out_.units.end(), [](const unit& u) { return !u.required; }) > 1) {
    std::vector<match_query> loose;
    std::vector<match_query> any = fixed;
    for (const unit& u : out_.units) {
      if (u.required)
        any.push_back(weighed(u));
      else if (u.parts.empty())
        loose.push_back(weighed(u));
      else
        loose.insert(loose.end(), u.parts.begin(), u.parts.end());
    }
    std::vector<match_query>& given_up = words.size() >= k_prose_words ? loose : any;
    given_up.insert(given_up.end(), of_prose.begin(), of_prose.end());
    any.insert(any.begin(), match_query(Xapian::Query::OP_OR, loose.begin(), loose.end()));
    out_.widened = complete(any);
  }
  words.insert(words.end(), of_prose.begin(), of_prose.end());
  words.insert(words.end(), fixed.begin(), fixed.end());
  return complete(words);
}

}  // namespace rapporteur::search
