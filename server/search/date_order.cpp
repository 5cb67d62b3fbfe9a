#include "server/search/date_order.hpp"

#include "index/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace rapporteur::search {
namespace {

namespace slot = index::slot;

constexpr std::size_t k_sorted_here = 100;  // articles of one date whose contents are fetched one by one

Xapian::Query filtered(const Xapian::Query& q, const Xapian::Query& by) {
  return {Xapian::Query::OP_FILTER, q, by};
}

Xapian::Query behind_content(const std::string& content) {
  return {Xapian::Query::OP_VALUE_GE, slot::content, content + '\0'};
}

std::uint32_t number_of(std::string_view key) {
  std::uint32_t n = 0;
  for (const char c : key) n = n << 8U | static_cast<unsigned char>(c);
  return n;
}

std::string key_of(std::uint32_t number) {
  std::string key;
  for (int shift = 24; shift >= 0; shift -= 8) key += static_cast<char>(number >> shift & 0xFFU);
  return key;
}

}  // namespace

date_order::date_order(const Xapian::Database& db, Xapian::Query query, sort_order sort)
    : db_(db), query_(std::move(query)), sort_(sort), slot_(sort == sort_order::newest ? slot::newest : slot::oldest) {
  const std::string prefix(index::prefix::year);
  for (auto t = db_.allterms_begin(prefix); t != db_.allterms_end(prefix); ++t) years_.push_back(*t);
  if (sort == sort_order::newest) std::reverse(years_.begin(), years_.end());
}

std::vector<Xapian::docid> date_order::from(std::uint32_t offset, std::uint32_t count) {
  out_.clear();
  add_years(0, offset, count);
  if (out_.size() < count) add_by_content(undated(), offset, count);
  return std::move(out_);
}

std::vector<Xapian::docid> date_order::after(const date_place& p, std::uint32_t count) {
  out_.clear();
  std::uint32_t offset = 0;
  if (p.date.empty()) {
    add_by_content(filtered(undated(), behind_content(p.content)), 0, count);
    return std::move(out_);
  }
  const std::uint32_t key = number_of(p.date);
  const std::uint32_t packed = sort_ == sort_order::newest ? key : 0xFFFFFFFFU - key;
  const std::string year = fmt::format("{}{:04}", index::prefix::year, packed / 10000);
  const Xapian::Query of_year = filtered(query_, Xapian::Query(year));
  add_by_content(filtered(of_date(of_year, p.date), behind_content(p.content)), 0, count);
  if (out_.size() < count && key > 0) {
    add_dated(filtered(of_year, Xapian::Query(Xapian::Query::OP_VALUE_LE, slot_, key_of(key - 1))), offset, count);
  }
  const auto behind = std::find_if(years_.begin(), years_.end(), [&](const std::string& y) {
    return sort_ == sort_order::newest ? y < year : y > year;
  });
  add_years(static_cast<std::size_t>(behind - years_.begin()), offset, count);
  if (out_.size() < count) add_by_content(undated(), 0, count);
  return std::move(out_);
}

date_place date_order::place_of(Xapian::docid id) const {
  const Xapian::Document d = db_.get_document(id);
  return {d.get_value(slot_), d.get_value(slot::content)};
}

// One year first, then twice as many each time: a full list needs the first year only, one of few articles not many
// matches.
void date_order::add_years(std::size_t first, std::uint32_t& offset, std::uint32_t count) {
  std::size_t together = 1;
  while (first < years_.size() && out_.size() < count) {
    const std::size_t end = std::min(first + together, years_.size());
    const Xapian::Query years(Xapian::Query::OP_OR, years_.begin() + static_cast<std::ptrdiff_t>(first),
                              years_.begin() + static_cast<std::ptrdiff_t>(end));
    add_dated(filtered(query_, years), offset, count);
    first = end;
    together *= 2;
  }
}

// The articles of a part of the list, which all have dates. offset is lessened by those that were passed over.
void date_order::add_dated(const Xapian::Query& dated, std::uint32_t& offset, std::uint32_t count) {
  const std::uint32_t wanted = offset + count - static_cast<std::uint32_t>(out_.size()) + 1;
  const std::vector<entry> found = by_date(dated, wanted);
  const bool whole = found.size() < wanted;
  if (offset >= found.size()) {
    offset -= static_cast<std::uint32_t>(found.size());
    return;
  }
  std::size_t at = std::exchange(offset, 0);
  while (at < found.size() && out_.size() < count) {
    // Those of one date come in any order: put into the list's, with those before the page and behind it.
    const std::string& date = found[at].date;
    const auto same = [&](const entry& e) { return e.date == date; };
    std::size_t begin = at;
    while (begin > 0 && same(found[begin - 1])) --begin;
    std::size_t end = at + 1;
    while (end < found.size() && same(found[end])) ++end;
    const bool all = whole || end < found.size();
    if (all && end - begin <= k_sorted_here) {
      std::vector<std::pair<std::string, Xapian::docid>> ordered;
      for (std::size_t i = begin; i < end; ++i) {
        ordered.emplace_back(end - begin > 1 ? content_of(found[i].id) : std::string(), found[i].id);
      }
      std::sort(ordered.begin(), ordered.end());
      for (; at < end && out_.size() < count; ++at) out_.push_back(ordered[at - begin].second);
    } else {
      add_by_content(of_date(dated, date), static_cast<std::uint32_t>(at - begin), count);
      at = end;
    }
  }
}

std::vector<date_order::entry> date_order::by_date(const Xapian::Query& dated, std::uint32_t count) {
  Xapian::Enquire enquire(db_);
  enquire.set_query(dated);
  enquire.set_weighting_scheme(Xapian::BoolWeight());
  enquire.set_sort_by_value(slot_, true);
  const Xapian::MSet found = enquire.get_mset(0, count);
  std::vector<entry> out;
  out.reserve(found.size());
  for (auto m = found.begin(); m != found.end(); ++m) out.push_back({*m, m.get_sort_key()});
  return out;
}

// Fills the page up to count with what q has behind the first offset ones, in order of content.
void date_order::add_by_content(const Xapian::Query& q, std::uint32_t offset, std::uint32_t count) {
  Xapian::Enquire enquire(db_);
  enquire.set_query(q);
  enquire.set_weighting_scheme(Xapian::BoolWeight());
  enquire.set_sort_by_value(slot::content, false);
  const Xapian::MSet found = enquire.get_mset(offset, count - static_cast<Xapian::doccount>(out_.size()));
  for (auto m = found.begin(); m != found.end(); ++m) out_.push_back(*m);
}

Xapian::Query date_order::of_date(const Xapian::Query& q, const std::string& date) const {
  return filtered(q, Xapian::Query(Xapian::Query::OP_VALUE_RANGE, slot_, date, date));
}

Xapian::Query date_order::undated() const {
  if (years_.empty()) return query_;
  return {Xapian::Query::OP_AND_NOT, query_, Xapian::Query(Xapian::Query::OP_OR, years_.begin(), years_.end())};
}

std::string date_order::content_of(Xapian::docid id) const {
  return db_.get_document(id).get_value(slot::content);
}

}  // namespace rapporteur::search
