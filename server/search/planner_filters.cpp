// The planner's fields and filters: outlets, languages, authors, tags, symbols, dates. None of them adds to a score.
#include "index/language.hpp"
#include "index/schema.hpp"
#include "server/search/planner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace rapporteur::search {
namespace {

namespace schema = index::prefix;

}  // namespace

Xapian::Query planner::build_author(std::string_view name) {
  analyzer_.analyze(name, tokens_, index::text_role::query);
  std::vector<std::string> terms;
  std::uint32_t position = 0;
  for (const index::token& t : tokens_.tokens()) {
    if (!index::carries_position(t.kind) || t.position == position) continue;
    position = t.position;
    terms.push_back(index::make_term(schema::author, tokens_.text(t)));
  }
  if (terms.empty()) return Xapian::Query::MatchNothing;
  return positional(Xapian::Query::OP_PHRASE, terms, static_cast<unsigned>(terms.size()));
}

Xapian::Query planner::build_filter(const query_node& n, bool excluded) {
  const auto filter = [](const Xapian::Query& q) { return Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT, q, 0); };
  switch (n.scope) {
    case query_field::author:
      return filter(build_author(n.text));
    case query_field::source:
      return filter(term(index::source_term(n.text)));
    case query_field::lang:
      return filter(term(index::language_term(index::normalize_language(n.text))));
    case query_field::collection:
      return filter(term(index::collection_term(n.text)));
    case query_field::tag:
      return filter(term(index::tag_term(n.tag_name, n.text)));
    case query_field::symbol: {
      const std::string symbol = index::fold(n.text);
      pattern p;
      p.steps.resize(1);
      p.steps.front().symbols.push_back(symbol);
      if (!excluded) out_.patterns.push_back(std::move(p));
      return term(index::make_term(schema::symbol, symbol));
    }
    case query_field::text:
    case query_field::title:
      break;
  }
  return Xapian::Query::MatchNothing;
}

// Articles whose whole date lies in from … to, as the fewest year, month and day terms: what is dated to the month
// only has no day term, and counts when the month lies inside.
Xapian::Query planner::dates(const std::optional<partial_date>& from, const std::optional<partial_date>& to) {
  const Xapian::Database& db = reader_.database();
  const std::string lowest = db.get_value_lower_bound(index::slot::newest);
  const std::string highest = db.get_value_upper_bound(index::slot::newest);
  if (lowest.size() != 4 || highest.size() != 4) return Xapian::Query::MatchNothing;
  const auto year_of = [](const std::string& key) {
    std::uint32_t packed = 0;
    for (const char c : key) packed = packed << 8 | static_cast<unsigned char>(c);
    return packed / 10000;
  };
  const std::uint32_t first = std::max(from ? from->first_day() : 0U, year_of(lowest) * 10000 + 101);
  const std::uint32_t last = std::min(to ? to->last_day() : 99991231U, year_of(highest) * 10000 + 1231);
  if (first > last) return Xapian::Query::MatchNothing;

  std::vector<std::string> terms;
  for (std::uint32_t year = first / 10000; year <= last / 10000; ++year) {
    if (first <= year * 10000 + 101 && last >= year * 10000 + 1231) {
      terms.push_back(fmt::format("{}{:04}", schema::year, year));
      continue;
    }
    for (unsigned month = 1; month <= 12; ++month) {
      const std::uint32_t base = year * 10000 + month * 100;
      const unsigned days = days_in_month(static_cast<int>(year), month);
      if (last < base + 1 || first > base + days) continue;
      if (first <= base + 1 && last >= base + days) {
        terms.push_back(fmt::format("{}{:04}{:02}", schema::month, year, month));
        continue;
      }
      for (unsigned day = 1; day <= days; ++day) {
        if (base + day >= first && base + day <= last) {
          terms.push_back(fmt::format("{}{:04}{:02}{:02}", schema::day, year, month, day));
        }
      }
    }
  }
  std::vector<Xapian::Query> parts(terms.begin(), terms.end());
  return {Xapian::Query::OP_OR, parts.begin(), parts.end()};
}

// Nothing if the request has no filter. That is not the empty query: a filter that no article passes is that one, and
// must not be taken for none.
std::optional<Xapian::Query> planner::request_filters(const request& r) {
  std::vector<Xapian::Query> all;
  const auto add = [&](const std::vector<std::string>& values, auto&& to_term) {
    if (values.empty()) return;
    std::vector<std::string> terms;
    terms.reserve(values.size());
    for (const std::string& v : values) terms.push_back(to_term(v));
    all.push_back(any_of_terms(terms));
  };
  add(r.sources, [](const std::string& v) { return index::source_term(v); });
  add(r.languages, [](const std::string& v) { return index::language_term(index::normalize_language(v)); });
  add(r.collections, [](const std::string& v) { return index::collection_term(v); });
  if (!r.authors.empty()) {
    std::vector<Xapian::Query> any;
    for (const std::string& a : r.authors) any.push_back(build_author(a));
    all.emplace_back(Xapian::Query::OP_OR, any.begin(), any.end());
  }
  for (const tag& t : r.tags) add(t.values, [&](const std::string& v) { return index::tag_term(t.name, v); });
  if (r.from || r.to) all.push_back(dates(r.from, r.to));
  if (all.empty()) return std::nullopt;
  return Xapian::Query(Xapian::Query::OP_AND, all.begin(), all.end());
}

}  // namespace rapporteur::search
