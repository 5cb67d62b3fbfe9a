#include "server/search/match_set.hpp"

#include "index/schema.hpp"
#include "server/search/matching.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace rapporteur::search {
namespace {

// Those whose content's hash begins low enough.
std::vector<Xapian::docid> sample(const Xapian::Database& db, const std::vector<Xapian::docid>& articles,
                                  std::string_view last) {
  std::vector<Xapian::docid> out;
  auto value = db.valuestream_begin(index::slot::content);
  const auto end = db.valuestream_end(index::slot::content);
  auto at = articles.begin();
  for (; value != end && at != articles.end(); ++value) {
    while (at != articles.end() && *at < value.get_docid()) ++at;
    if (at != articles.end() && *at == value.get_docid() && *value <= last) out.push_back(*at);
  }
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

match_set match_set::of(index::reader& reader, const match_query& query, std::uint32_t most) {
  return of(reader, match(reader, query, false).ids, most);
}

match_set match_set::of(index::reader& reader, std::vector<Xapian::docid> found, std::uint32_t most) {
  const Xapian::Database& db = reader.database();
  if (found.size() == db.get_doccount()) {
    match_set s;
    s.all_ = true;
    s.size_ = found.size();
    return s;
  }
  if (found.size() <= most) return of(std::move(found));
  // Half as many articles in the sample for each bit: until an expected half of what is allowed.
  unsigned bits = 1;
  while (bits < 16 && static_cast<double>(found.size()) / static_cast<double>(1U << bits) > most / 2.0) ++bits;
  const std::uint32_t end = (0x10000U >> bits) - 1;
  const std::string last{static_cast<char>(end >> 8U), static_cast<char>(end & 0xFFU), '\xFF', '\xFF', '\xFF', '\xFF'};
  match_set s = of(sample(db, found, last));
  s.factor_ = std::uint64_t{1} << bits;
  s.exact_ = false;
  return s;
}

}  // namespace rapporteur::search
