#include "server/search/match_estimate.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <queue>
#include <utility>

namespace rapporteur::search {

using kind = match_query::node::kind;

match_estimate::match_estimate(index::database_view& view) : view_(view), documents_(view.documents()) {}

std::size_t match_estimate::at_most(const match_query& q) {
  if (q.empty()) return 0;
  const match_query::node& n = q.top();
  switch (n.is) {
    case kind::term:
      return view_.frequency(n.text);
    case kind::all:
    case kind::value:
      return documents_;
    case kind::list:
      return n.ids.size();
    case kind::many:
      break;
  }
  std::size_t most = 0;
  switch (n.how) {
    case Xapian::Query::OP_AND_NOT:
    case Xapian::Query::OP_SCALE_WEIGHT:
      return at_most(n.parts.front());
    case Xapian::Query::OP_OR:
    case Xapian::Query::OP_MAX:
    case Xapian::Query::OP_SYNONYM:
      for (const match_query& p : n.parts) most += at_most(p);
      return std::min<std::size_t>(most, documents_);
    default:
      most = documents_;
      for (const match_query& p : n.parts) most = std::min(most, at_most(p));
      return most;
  }
}

std::vector<std::size_t> match_estimate::fewest_first(const std::vector<match_query>& parts) {
  std::vector<std::pair<std::size_t, std::size_t>> by_size;
  by_size.reserve(parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i) by_size.emplace_back(at_most(parts[i]), i);
  std::sort(by_size.begin(), by_size.end());
  std::vector<std::size_t> order;
  order.reserve(parts.size());
  for (const auto& [size, i] : by_size) order.push_back(i);
  return order;
}

double match_estimate::by(const match_query& q) {
  if (q.empty()) return 0;
  const match_query::node& n = q.top();
  if (n.is == kind::term) return view_.frequency(n.text);
  if (n.is == kind::list) return static_cast<double>(n.ids.size());
  if (n.is != kind::many) return documents_;
  switch (n.how) {
    case Xapian::Query::OP_SCALE_WEIGHT:
    case Xapian::Query::OP_AND_NOT:
      return by(n.parts.front());
    case Xapian::Query::OP_OR:
    case Xapian::Query::OP_MAX:
    case Xapian::Query::OP_SYNONYM:
      return by_any(n.parts);
    default:
      break;
  }
  double all = by(n.parts.front());
  for (std::size_t i = 1; i < n.parts.size(); ++i) all = all * by(n.parts[i]) / documents_;
  all = std::floor(all + 0.5);
  if (n.how == Xapian::Query::OP_PHRASE) all = std::floor(all / 4);
  if (n.how == Xapian::Query::OP_NEAR) all = std::floor(all / 2);
  return all;
}

double match_estimate::by_any(const std::vector<match_query>& parts) {
  std::priority_queue<double, std::vector<double>, std::greater<>> fewest;
  for (const match_query& p : parts) fewest.push(by(p));
  while (fewest.size() > 1) {
    const double a = fewest.top();
    fewest.pop();
    const double b = fewest.top();
    fewest.pop();
    fewest.push(std::floor(a + b - a * b / documents_ + 0.5));
  }
  return fewest.empty() ? 0 : fewest.top();
}

}  // namespace rapporteur::search
