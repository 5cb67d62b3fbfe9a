#include "server/search/match_set.hpp"

#include "index/schema.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace rapporteur::search {
namespace {

Xapian::MSet find(const Xapian::Database& db, const Xapian::Query& query, Xapian::doccount most,
                  Xapian::doccount count_to) {
  Xapian::Enquire enquire(db);
  enquire.set_query(query);
  enquire.set_weighting_scheme(Xapian::BoolWeight());
  enquire.set_docid_order(Xapian::Enquire::ASCENDING);
  return enquire.get_mset(0, most, count_to);
}

std::vector<Xapian::docid> articles_of(const Xapian::MSet& found) {
  std::vector<Xapian::docid> out;
  out.reserve(found.size());
  for (auto m = found.begin(); m != found.end(); ++m) out.push_back(*m);
  return out;
}

}  // namespace

match_set match_set::of(std::vector<Xapian::docid> articles) {
  match_set s;
  std::sort(articles.begin(), articles.end());
  s.ids_ = std::move(articles);
  s.size_ = s.ids_.size();
  s.bits_.resize(s.ids_.empty() ? 0 : std::size_t{s.ids_.back()} + 1);
  for (const Xapian::docid id : s.ids_) s.bits_[id] = true;
  return s;
}

match_set match_set::of(const Xapian::Database& db, const Xapian::Query& query, std::uint32_t most) {
  const Xapian::MSet counted = find(db, query, 0, 0);
  if (counted.get_matches_lower_bound() == db.get_doccount()) {
    match_set s;
    s.all_ = true;
    s.size_ = db.get_doccount();
    return s;
  }
  if (counted.get_matches_lower_bound() <= most) {
    const Xapian::MSet found = find(db, query, most, most + 1);
    if (found.get_matches_lower_bound() <= most) return of(articles_of(found));
  }
  // Half as many articles in the sample for each bit: until an expected half of what is allowed.
  const double estimate = find(db, query, 0, db.get_doccount()).get_matches_estimated();
  unsigned bits = 1;
  while (bits < 16 && estimate / static_cast<double>(1U << bits) > most / 2.0) ++bits;
  const std::uint32_t end = (0x10000U >> bits) - 1;
  const std::string last{static_cast<char>(end >> 8U), static_cast<char>(end & 0xFFU), '\xFF', '\xFF', '\xFF', '\xFF'};
  const Xapian::Query sample(Xapian::Query::OP_FILTER, query,
                             Xapian::Query(Xapian::Query::OP_VALUE_LE, index::slot::content, last));
  match_set s = of(articles_of(find(db, sample, db.get_doccount(), 0)));
  s.factor_ = std::uint64_t{1} << bits;
  s.exact_ = false;
  return s;
}

}  // namespace rapporteur::search
