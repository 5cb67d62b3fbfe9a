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

match_query planner::build_author(std::string_view name) {
  analyzer_.analyze(name, tokens_, index::text_role::query);
  std::vector<std::string> terms;
  std::uint32_t position = 0;
  for (const index::token& t : tokens_.tokens()) {
    if (!index::carries_position(t.kind) || t.position == position) continue;
    position = t.position;
    terms.push_back(index::make_term(schema::author, tokens_.text(t)));
  }
  // A name without letters and digits has no words; it is a facet's value all the same.
  if (terms.empty()) return term(index::author_term(name));
  return positional(Xapian::Query::OP_PHRASE, terms, static_cast<unsigned>(terms.size()));
}

match_query planner::build_filter(const query_node& n, bool excluded) {
  const auto filter = [](const match_query& q) { return match_query(Xapian::Query::OP_SCALE_WEIGHT, q, 0); };
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
  return match_query();
}

// Articles whose whole date lies in from … to, as the fewest year, month and day terms: what is dated to the month
// only has no day term, and counts when the month lies inside.
match_query planner::dates(const std::optional<partial_date>& from, const std::optional<partial_date>& to) {
  const Xapian::Database& db = reader_.database();
  const std::string lowest = db.get_value_lower_bound(index::slot::newest);
  const std::string highest = db.get_value_upper_bound(index::slot::newest);
  if (lowest.size() != 4 || highest.size() != 4) return match_query();
  const auto year_of = [](const std::string& key) {
    std::uint32_t packed = 0;
    for (const char c : key) packed = packed << 8 | static_cast<unsigned char>(c);
    return packed / 10000;
  };
  const std::uint32_t first = std::max(from ? from->first_day() : 0U, year_of(lowest) * 10000 + 101);
  const std::uint32_t last = std::min(to ? to->last_day() : 99991231U, year_of(highest) * 10000 + 1231);
  if (first > last) return match_query();

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
  std::vector<match_query> parts(terms.begin(), terms.end());
  return {Xapian::Query::OP_OR, parts.begin(), parts.end()};
}

// For each field with values an article that has any of them.
std::vector<match_query> planner::value_filters(const field_values& f, std::string_view without) {
  std::vector<match_query> all;
  const auto add = [&](std::string_view field, const std::vector<std::string>& values, auto&& to_query) {
    if (values.empty() || field == without) return;
    std::vector<match_query> any;
    any.reserve(values.size());
    for (const std::string& v : values) any.push_back(to_query(v));
    all.emplace_back(Xapian::Query::OP_OR, any.begin(), any.end());
  };
  add("source", f.sources, [&](const std::string& v) { return term(index::source_term(v)); });
  add("lang", f.languages,
      [&](const std::string& v) { return term(index::language_term(index::normalize_language(v))); });
  add("collection", f.collections, [&](const std::string& v) { return term(index::collection_term(v)); });
  add("author", f.authors, [&](const std::string& v) { return build_author(v); });
  for (const tag& t : f.tags) {
    add("tag." + t.name, t.values, [&](const std::string& v) { return term(index::tag_term(t.name, v)); });
  }
  return all;
}

// A filter that no article passes is the empty query, and must not be taken for none.
match_query planner::filtered(const match_query& q, const request& r, std::string_view without) {
  match_query out = q;
  std::vector<match_query> wanted = value_filters(r.wanted, without);
  if (r.from || r.to) wanted.push_back(dates(r.from, r.to));
  if (!wanted.empty()) {
    out = match_query(Xapian::Query::OP_FILTER, out, match_query(Xapian::Query::OP_AND, wanted.begin(), wanted.end()));
  }
  const std::vector<match_query> excluded = value_filters(r.excluded, {});
  if (!excluded.empty()) {
    out = match_query(Xapian::Query::OP_AND_NOT, out,
                      match_query(Xapian::Query::OP_OR, excluded.begin(), excluded.end()));
  }
  return out;
}

}  // namespace rapporteur::search
