#include "server/search/matching.hpp"

#include "server/search/found_list.hpp"
#include "server/search/idf.hpp"
#include "server/search/match_estimate.hpp"
#include "server/search/ranking.hpp"

#include <algorithm>
#include <numeric>
#include <string>

namespace rapporteur::search {
namespace {

using kind = match_query::node::kind;
using ids = std::vector<Xapian::docid>;
using found = found_list;
/// What is told of each article that is found.
enum class want { nothing, weight, frequency };

// Of impact_weight(): BM25 with k1 so large that the weight is all but idf × frequency.
double weight_of(double idf, double frequency) {
  return idf * (k_impact_k1 + 1) * frequency / (k_impact_k1 + frequency);
}

/// Keeps the beginnings of a phrase for which its word that stands so far behind the beginning is where it has to be.
/// Both ascend. Returns whether there are any left.
bool keep_beginnings(std::vector<std::uint32_t>& beginnings, const std::vector<std::uint32_t>& places,
                     std::size_t behind) {
  auto kept = beginnings.begin();
  auto at = places.begin();
  for (const std::uint32_t first : beginnings) {
    const std::uint64_t wanted = std::uint64_t{first} + behind;
    while (at != places.end() && *at < wanted) ++at;
    if (at == places.end()) break;
    if (*at == wanted) *kept++ = first;
  }
  beginnings.erase(kept, beginnings.end());
  return !beginnings.empty();
}

class evaluation {
 public:
  explicit evaluation(index::reader& reader)
      : reader_(reader), view_(reader.view()), documents_(view_.documents()), expected_(view_) {}

  /// among: what alone is looked for; null: everything.
  found of(const match_query& q, want w, const ids* among) {
    if (q.empty() || (among != nullptr && among->empty())) return {};
    const match_query::node& n = q.top();
    switch (n.is) {
      case kind::term:
        return of_term(n.text, w, among);
      case kind::all: {
        found out;
        if (among != nullptr)
          out.articles = *among;
        else
          out.articles = everything();
        if (w != want::nothing) out.values.assign(out.size(), 0);
        return out;
      }
      case kind::list:
        return of_list(n, w, among);
      case kind::value:
        return by_xapian(q, w, among);
      case kind::many:
        break;
    }
    switch (n.how) {
      case Xapian::Query::OP_SCALE_WEIGHT:
        return scaled(n, w, among);
      case Xapian::Query::OP_AND:
        return all_of(n, w, among);
      case Xapian::Query::OP_FILTER:
        return filtered(n, w, among);
      case Xapian::Query::OP_AND_NOT:
        return all_but(n, w, among);
      case Xapian::Query::OP_OR:
      case Xapian::Query::OP_MAX:
        return any_of(n, w, among);
      case Xapian::Query::OP_SYNONYM:
        return as_one_term(n, w, among);
      case Xapian::Query::OP_PHRASE:
        if (n.window == n.parts.size()) return phrase(n, w, among);
        break;
      default:
        break;
    }
    return by_xapian(q, w, among);
  }

 private:
  const ids& everything() {
    if (all_.empty() && documents_ > 0) {
      if (documents_ == view_.last_document()) {
        all_.resize(documents_);
        std::iota(all_.begin(), all_.end(), Xapian::docid{1});
      } else {
        view_.read({}, false, list_);
        all_ = list_.documents;
      }
    }
    return all_;
  }

  void read(const std::string& term, bool with_frequencies, const ids* among) {
    if (among != nullptr)
      view_.read_among(term, *among, with_frequencies, list_);
    else
      view_.read(term, with_frequencies, list_);
  }

  found of_term(const std::string& term, want w, const ids* among) {
    read(term, w != want::nothing, among);
    found out;
    out.articles.swap(list_.documents);
    if (w == want::nothing) return out;
    out.values.assign(list_.frequencies.begin(), list_.frequencies.end());
    if (w == want::weight && !out.values.empty()) weigh(out, view_.frequency(term));
    return out;
  }

  // From how often to how much, for a term that so many articles have.
  void weigh(found& f, double with) const {
    const double factor = idf(with, documents_);
    for (double& v : f.values) v = weight_of(factor, v);
  }

  static found of_list(const match_query::node& n, want w, const ids* among) {
    found out;
    out.articles = n.ids;
    if (w != want::nothing) out.values = n.weights;
    if (among != nullptr) keep(out, *among, true);
    return out;
  }

  found scaled(const match_query::node& n, want w, const ids* among) {
    if (w == want::weight && n.factor == 0) {
      found out = of(n.parts.front(), want::nothing, among);
      out.values.assign(out.size(), 0);
      return out;
    }
    found out = of(n.parts.front(), w, among);
    if (w == want::weight) {
      for (double& v : out.values) v *= n.factor;
    }
    return out;
  }

  found all_of(const match_query::node& n, want w, const ids* among) {
    const std::vector<std::size_t> order = expected_.fewest_first(n.parts);
    found out = of(n.parts[order.front()], w, among);
    for (std::size_t i = 1; i < order.size(); ++i) {
      const found more = of(n.parts[order[i]], w, &out.articles);
      keep(out, more.articles, true);
      for (std::size_t v = 0; v < out.values.size(); ++v) out.values[v] += more.values[v];
    }
    return out;
  }

  // The first part weighs, the others only have to be there.
  found filtered(const match_query::node& n, want w, const ids* among) {
    const std::vector<std::size_t> order = expected_.fewest_first(n.parts);
    found out;
    const ids* within = among;
    bool weighed = false;
    for (const std::size_t part : order) {
      if (part == 0) {
        out = of(n.parts[part], w, within);
        weighed = true;
      } else {
        found there = of(n.parts[part], want::nothing, within);
        if (weighed)
          keep(out, there.articles, true);
        else
          out.articles = std::move(there.articles);
      }
      within = &out.articles;
    }
    return out;
  }

  found all_but(const match_query::node& n, want w, const ids* among) {
    found out = of(n.parts.front(), w, among);
    for (std::size_t i = 1; i < n.parts.size(); ++i) {
      const found unwanted = of(n.parts[i], want::nothing, &out.articles);
      keep(out, unwanted.articles, false);
    }
    return out;
  }

  found any_of(const match_query::node& n, want w, const ids* among) {
    std::vector<found> lists;
    lists.reserve(n.parts.size());
    for (const match_query& p : n.parts) lists.push_back(of(p, w, among));
    if (n.how == Xapian::Query::OP_MAX) return united(std::move(lists), combining::greatest, view_.last_document());
    return united(std::move(lists), combining::sum, view_.last_document());
  }

  found as_one_term(const match_query::node& n, want w, const ids* among) {
    std::vector<found> lists;
    lists.reserve(n.parts.size());
    const want of_each = w == want::nothing ? want::nothing : want::frequency;
    for (const match_query& p : n.parts) lists.push_back(of(p, of_each, among));
    found out = united(std::move(lists), combining::sum, view_.last_document());
    if (w == want::weight && !out.values.empty()) weigh(out, expected_.by_any(n.parts));
    return out;
  }

  found phrase(const match_query::node& n, want w, const ids* among) {
    const std::vector<std::size_t> order = expected_.fewest_first(n.parts);
    std::vector<std::vector<double>> frequencies(n.parts.size());
    found out;
    for (std::size_t i = 0; i < order.size(); ++i) {
      found one = of(n.parts[order[i]], w, i == 0 ? among : &out.articles);
      if (i == 0) {
        out = std::move(one);
        continue;
      }
      keep(out, one.articles, true);
      for (std::size_t v = 0; v < out.values.size(); ++v) {
        // How often a phrase stands in an article nobody has counted: at most as often as its rarest word.
        out.values[v] = w == want::weight ? out.values[v] + one.values[v] : std::min(out.values[v], one.values[v]);
      }
      if (out.articles.empty()) return {};
    }
    std::vector<index::database_view::places> lists;
    lists.reserve(n.parts.size());
    for (const match_query& p : n.parts) lists.emplace_back(view_, p.top().text);
    std::vector<std::uint32_t> places;
    std::vector<std::uint32_t> beginnings;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
      // The rarest word first: where it stands tells where the phrase may begin, and of the next ones only the places
      // up to the last such beginning are read. Where none is left, the most frequent words need not be read at all.
      bool has = lists[order.front()].read(out.articles[i], places);
      if (!has) continue;
      beginnings.clear();
      for (const std::uint32_t p : places) {
        if (p >= order.front()) beginnings.push_back(p - static_cast<std::uint32_t>(order.front()));
      }
      for (std::size_t part = 1; has && part < order.size(); ++part) {
        const std::size_t behind = order[part];
        has = !beginnings.empty() &&
              lists[behind].read(out.articles[i], places,
                                 static_cast<std::uint32_t>(std::min<std::uint64_t>(
                                     std::uint64_t{beginnings.back()} + behind, 0xFFFFFFFFU))) &&
              keep_beginnings(beginnings, places, behind);
      }
      if (!has) continue;
      out.articles[kept] = out.articles[i];
      if (!out.values.empty()) out.values[kept] = out.values[i];
      ++kept;
    }
    out.articles.resize(kept);
    if (!out.values.empty()) out.values.resize(kept);
    return out;
  }

  // Nearness in any order, and comparisons of values.
  found by_xapian(const match_query& q, want w, const ids* among) {
    Xapian::Enquire enquire(reader_.database());
    enquire.set_query(q.as_xapian());
    if (w == want::nothing)
      enquire.set_weighting_scheme(Xapian::BoolWeight());
    else
      enquire.set_weighting_scheme(impact_weight());
    const Xapian::MSet set = enquire.get_mset(0, documents_);
    std::vector<scored> all;
    all.reserve(set.size());
    for (auto m = set.begin(); m != set.end(); ++m) all.emplace_back(*m, m.get_weight());
    std::sort(all.begin(), all.end());
    found out;
    for (const auto& [id, weight] : all) {
      out.articles.push_back(id);
      if (w != want::nothing) out.values.push_back(weight);
    }
    if (among != nullptr) keep(out, *among, true);
    return out;
  }

  index::reader& reader_;
  index::database_view& view_;
  std::uint32_t documents_;
  match_estimate expected_;
  index::database_view::postings list_;
  ids all_;
};

}  // namespace

matches match(index::reader& reader, const match_query& q, bool weighed) {
  found f = evaluation(reader).of(q, weighed ? want::weight : want::nothing, nullptr);
  return {std::move(f.articles), std::move(f.values)};
}

std::vector<scored> matches::best(std::size_t offset, std::size_t limit) const {
  const std::size_t begin = std::min(offset, ids.size());
  const std::size_t end = begin + std::min(limit, ids.size() - begin);
  std::vector<scored> out;
  if (begin == end) return out;
  if (weights.empty()) {
    out.reserve(end - begin);
    for (std::size_t i = begin; i < end; ++i) out.emplace_back(ids[i], 0);
    return out;
  }
  const auto better = [](const scored& a, const scored& b) {
    return a.second > b.second || (a.second == b.second && a.first < b.first);
  };
  // The best so far, from twice as many of which the worse half goes whenever they are complete. Most are not as good
  // as the worst of the best so far, which one comparison tells: of those that weigh the same the first ones stay.
  double least = -1;
  out.reserve(2 * end);
  const auto cut = [&] {
    const auto last = out.begin() + static_cast<std::ptrdiff_t>(end - 1);
    std::nth_element(out.begin(), last, out.end(), better);
    least = last->second;
    out.resize(end);
  };
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (weights[i] <= least) continue;
    out.emplace_back(ids[i], weights[i]);
    if (out.size() == 2 * end) cut();
  }
  if (out.size() > end) cut();
  std::sort(out.begin(), out.end(), better);
  out.erase(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(begin));
  return out;
}

}  // namespace rapporteur::search
