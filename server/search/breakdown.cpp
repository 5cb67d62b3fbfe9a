#include "server/search/breakdown.hpp"

#include "server/search/character_check.hpp"
#include "server/search/facets.hpp"
#include "server/search/match_set.hpp"
#include "server/search/timeline.hpp"

#include <xapian.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace rapporteur::search {
namespace {

/// What a query finds, without what its text must hold and does not: of so many candidates as may be read.
/// known: what has been read already.
result<match_set> all_of(index::reader& reader, const limits& bounds, const plan& p, const match_query& query,
                         std::map<Xapian::docid, bool>& known) {
  match_set all = match_set::of(reader, query, bounds.max_facet_articles);
  if (p.verify.empty()) return all;
  if (all.size() > k_verify || !all.exact()) {
    all.set_estimated();
    return all;
  }
  std::vector<Xapian::docid> candidates = all.ids();
  if (all.all()) candidates.assign(reader.database().postlist_begin(""), reader.database().postlist_end(""));
  std::vector<Xapian::docid> held;
  for (const Xapian::docid id : candidates) {
    auto at = known.find(id);
    if (at == known.end()) {
      auto h = holds_all(reader, p, id);
      if (!h) return h.error();
      at = known.emplace(id, *h).first;
    }
    if (at->second) held.push_back(id);
  }
  return match_set::of(std::move(held));
}

}  // namespace

result<void> break_down(index::reader& reader, planner& plans, const limits& bounds, const plan& p, const request& r,
                        std::vector<Xapian::docid> found, answer& out) {
  if (r.facets.empty() && !r.timeline) return {};
  const match_query& asked = out.widened ? p.asked_widened : p.asked;
  std::map<Xapian::docid, bool> known;
  std::map<std::string, match_set> sets;  // by the field whose wanted values are left out
  const auto set_without = [&](const std::string& field) -> result<const match_set*> {
    const auto at = sets.find(field);
    if (at != sets.end()) return &at->second;
    if (field.empty() && p.verify.empty() && !found.empty()) {
      auto set = match_set::of(reader, std::exchange(found, {}), bounds.max_facet_articles);
      return &sets.emplace(field, std::move(set)).first->second;
    }
    auto made = all_of(reader, bounds, p, plans.filtered(asked, r, field), known);
    if (!made) return made.error();
    return &sets.emplace(field, std::move(*made)).first->second;
  };
  facet_counter counter(reader, r);
  for (const std::string& f : r.facets) {
    const auto set = set_without(has_values(r.wanted, f) ? f : std::string());
    if (!set) return set.error();
    auto counted = counter.count(f, **set);
    if (!counted) return counted.error();
    out.facets.push_back(std::move(*counted));
  }
  if (r.timeline) {
    const auto set = set_without("");
    if (!set) return set.error();
    request outlets;
    outlets.wanted.sources = r.wanted.sources;
    outlets.excluded.sources = r.excluded.sources;
    outlets.from = r.from;
    outlets.to = r.to;
    const match_set of =
        match_set::of(reader, plans.filtered(match_query::everything(), outlets), bounds.max_facet_articles);
    out.timeline = make_timeline(reader, **set, of, *r.timeline, r.from, r.to, bounds.max_buckets);
  }
  return {};
}

}  // namespace rapporteur::search
