#include "server/search/match_query.hpp"

#include "server/search/listed_query.hpp"

#include <algorithm>

namespace rapporteur::search {

using kind = match_query::node::kind;

match_query::match_query(node n) : node_(std::make_shared<const node>(std::move(n))) {}

match_query::match_query(std::string term) {
  node n;
  n.is = kind::term;
  n.text = std::move(term);
  *this = match_query(std::move(n));
}

match_query::match_query(op how, const match_query& one, const match_query& other) {
  *this = joined(how, {one, other}, 0);
}

match_query::match_query(op how, const match_query& one, double factor) {
  if (one.empty()) return;
  node n;
  n.is = kind::many;
  n.how = how;
  n.factor = factor;
  n.parts.push_back(one);
  *this = match_query(std::move(n));
}

match_query::match_query(op how, Xapian::valueno slot, std::string limit) {
  node n;
  n.is = kind::value;
  n.how = how;
  n.slot = slot;
  n.text = std::move(limit);
  *this = match_query(std::move(n));
}

match_query match_query::everything() {
  return match_query(node{});
}

match_query match_query::listed(std::vector<Xapian::docid> ids, std::vector<double> weights) {
  if (ids.empty()) return {};
  node n;
  n.is = kind::list;
  n.ids = std::move(ids);
  n.weights = std::move(weights);
  return match_query(std::move(n));
}

match_query match_query::joined(op how, std::vector<match_query> parts, unsigned window) {
  const auto is_nothing = [](const match_query& q) { return q.empty(); };
  switch (how) {
    case Xapian::Query::OP_AND:
    case Xapian::Query::OP_FILTER:
    case Xapian::Query::OP_PHRASE:
    case Xapian::Query::OP_NEAR:
      if (std::any_of(parts.begin(), parts.end(), is_nothing)) return {};
      break;
    case Xapian::Query::OP_AND_NOT:
      if (parts.empty() || parts.front().empty()) return {};
      std::erase_if(parts, is_nothing);
      break;
    default:
      std::erase_if(parts, is_nothing);
  }
  if (parts.empty()) return {};
  // One term alone is no phrase, and no synonym of anything; several words that stand for one term still are weighed as
  // one.
  if (parts.size() == 1 && (how != Xapian::Query::OP_SYNONYM || parts.front().node_->is == kind::term))
    return std::move(parts.front());
  node n;
  n.is = kind::many;
  n.how = how;
  n.window = window;
  n.parts = std::move(parts);
  return match_query(std::move(n));
}

std::string match_query::first_term() const {
  if (empty()) return {};
  if (node_->is == kind::term) return node_->text;
  for (const match_query& p : node_->parts) {
    if (std::string term = p.first_term(); !term.empty()) return term;
  }
  return {};
}

std::size_t match_query::terms() const {
  if (empty()) return 0;
  std::size_t n = node_->is == kind::term ? 1 : 0;
  for (const match_query& p : node_->parts) n += p.terms();
  return n;
}

Xapian::Query match_query::as_xapian() const {
  if (empty()) return Xapian::Query::MatchNothing;
  const node& n = *node_;
  switch (n.is) {
    case kind::term:
      return Xapian::Query(n.text);
    case kind::all:
      return Xapian::Query::MatchAll;
    case kind::value:
      return {n.how, n.slot, n.text};
    case kind::list:
      return source_of(node_);
    case kind::many:
      break;
  }
  if (n.how == Xapian::Query::OP_SCALE_WEIGHT) return {n.how, n.parts.front().as_xapian(), n.factor};
  std::vector<Xapian::Query> parts;
  parts.reserve(n.parts.size());
  for (const match_query& p : n.parts) parts.push_back(p.as_xapian());
  return {n.how, parts.begin(), parts.end(), n.window};
}

}  // namespace rapporteur::search
