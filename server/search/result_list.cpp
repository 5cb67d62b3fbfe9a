#include "server/search/result_list.hpp"

#include "server/search/character_check.hpp"
#include "server/search/cursor.hpp"
#include "server/search/date_order.hpp"
#include "server/search/matching.hpp"
#include "server/search/speller.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace rapporteur::search {
namespace {

constexpr Xapian::doccount k_widen_below = 10;  // fewer full matches than this: any word is enough

}  // namespace

result_list::matched result_list::match(const match_query& query, std::uint32_t offset, std::uint32_t limit) {
  matches found = search::match(reader_, query, limit > 0);
  matched out;
  out.total = found.ids.size();
  if (limit > 0) out.page = found.best(offset, limit);
  out.all = std::move(found.ids);
  return out;
}

void result_list::count(const match_query& query, matched& out) {
  out.all = search::match(reader_, query, false).ids;
  out.total = out.all.size();
}

std::vector<scored> result_list::page_of(const match_query& query, sort_order order, const place& from,
                                         std::uint32_t limit) {
  if (order == sort_order::relevance) return match(query, from.offset, limit + 1).page;
  if (order == sort_order::added) return last_added(query, from.offset, limit + 1);
  date_order list(reader_.database(), query.as_xapian(), order);
  const auto ids = from.after != nullptr ? list.after({from.after->date, from.after->content}, limit + 1)
                                         : list.from(from.offset, limit + 1);
  std::vector<scored> out;
  out.reserve(ids.size());
  for (const Xapian::docid id : ids) out.emplace_back(id, 0);
  return out;
}

// Articles are numbered as they come, a replaced one keeps its number, and so does each when an index is made compact.
std::vector<scored> result_list::last_added(const match_query& query, std::uint32_t offset, std::uint32_t limit) {
  const std::vector<Xapian::docid> all = search::match(reader_, query, false).ids;
  std::vector<scored> out;
  for (std::size_t n = offset; n < all.size() && out.size() < limit; ++n) out.emplace_back(all[all.size() - 1 - n], 0);
  return out;
}

cursor result_list::cursor_behind(const request& r, sort_order order, std::uint32_t position, Xapian::docid last) {
  cursor c;
  c.request = fingerprint_of(r);
  c.order = order;
  if (!is_by_date(order)) {
    c.position = position;
    c.state = state_;
  } else {
    const date_place p = date_order(reader_.database(), Xapian::Query::MatchAll, order).place_of(last);
    c.date = p.date;
    c.content = p.content;
  }
  return c;
}

result<result_list::matched> result_list::match_verified(const plan& p, const request& r, sort_order order,
                                                         const place& from) {
  matched out;
  count(p.query, out);
  const bool few = out.total <= k_verify;
  // By relevance a cursor counts candidates; an offset counts what is left of them.
  const bool on = r.after.has_value();
  const place begin = on ? from : place{};
  const std::vector<scored> candidates = page_of(p.query, order, begin, k_verify);
  const std::uint32_t skip = on ? 0 : from.offset;
  std::uint64_t read = 0;
  std::uint64_t held = 0;
  std::size_t passed = 0;  // candidates up to the end of the page
  for (const auto& [id, score] : candidates) {
    if (read == k_verify) break;
    ++read;
    auto h = holds_all(reader_, p, id);
    if (!h) return h.error();
    if (*h) {
      if (held >= skip && out.page.size() < r.limit) {
        out.page.emplace_back(id, score);
        passed = read;
      } else if (held >= skip && !out.next && r.limit > 0) {
        out.next =
            cursor_behind(r, order, begin.offset + static_cast<std::uint32_t>(passed), candidates[passed - 1].first);
      }
      ++held;
    }
  }
  // Also where the offset lies beyond all that was read: nothing here tells that the list has ended.
  if (!out.next && candidates.size() > k_verify && r.limit > 0) {
    out.next = cursor_behind(r, order, begin.offset + k_verify, candidates[k_verify - 1].first);
  }
  if (few) {
    out.total = held;
    if (on) {
      // From the beginning, since a total is of the whole list.
      out.total = 0;
      for (const auto& [id, score] : page_of(p.query, sort_order::relevance, {}, k_verify)) {
        auto h = holds_all(reader_, p, id);
        if (!h) return h.error();
        out.total += *h ? 1 : 0;
      }
    }
  } else {
    const double share = read == 0 ? 0 : static_cast<double>(held) / static_cast<double>(read);
    out.total = std::max<std::uint64_t>(held, std::llround(share * static_cast<double>(out.total)));
    out.exact = false;
  }
  return out;
}

result<result_list::located_page> result_list::locate(const plan& p, const request& r, bool counted) {
  // What nothing weighs has no ranking; the newest are as good a beginning as any.
  const bool weighs = !p.patterns.empty() || !p.widened_patterns.empty();
  const sort_order order = r.sort == sort_order::relevance && !weighs ? sort_order::newest : r.sort;
  place from{r.offset, nullptr};
  if (r.after) {
    if (r.after->order != order) return error{errc::bad_cursor, "cursor is not of this search; begin again without it"};
    if (is_by_date(order)) {
      from.after = &*r.after;
    } else if (r.after->state != state_) {
      return error{errc::cursor_expired,
                   "cursor is of a ranking that the articles that came and went since have changed; begin again, or "
                   "sort by date, where a cursor stays good"};
    } else {
      from.offset = r.after->position;
    }
  }
  located_page out;
  out.offset = from.offset;
  if (!p.verify.empty()) {
    auto verified = match_verified(p, r, order, from);
    if (!verified) return verified.error();
    out.found = std::move(*verified);
  } else if (order == sort_order::relevance) {
    out.found = match_ranked(p, r, from.offset, out.articles, out.widened);
    out.few = out.articles < k_plenty;
  } else {
    if (counted) count(p.query, out.found);
    out.articles = out.found.total;
    out.few = out.found.total < k_plenty;
    if (r.limit > 0) {
      out.found.page = page_of(p.query, order, from, r.limit);
      cut_page(out.found, r, order, from.offset);
    }
  }
  return out;
}

void result_list::cut_page(matched& found, const request& r, sort_order order, std::uint32_t offset) {
  if (found.page.size() <= r.limit || r.limit == 0) return;
  found.page.resize(r.limit);
  found.next = cursor_behind(r, order, offset + r.limit, found.page.back().first);
}

result_list::matched result_list::match_ranked(const plan& p, const request& r, std::uint32_t offset,
                                               std::uint64_t& articles, bool& widened, second_look_told* told) {
  // What is looked at again is matched from the first on, whichever page was asked for.
  const bool again = r.limit > 0 && offset < k_reranked && can_rerank(p);
  const std::uint32_t skip = again ? 0 : offset;
  const std::uint32_t page = r.limit == 0 ? 0 : r.limit + 1;
  const std::uint32_t wanted = again ? std::max(k_reranked, offset + page) : page;
  matched found = match(p.query, skip, wanted);
  articles = found.total;
  matched others;  // articles with some of the words
  if (!p.widened.empty() && found.total < k_widen_below) {
    matched wide;
    count(p.widened, wide);
    if (wide.total > found.total) {
      const match_query rest(Xapian::Query::OP_AND_NOT, p.widened, p.query);
      const auto full = static_cast<std::uint32_t>(found.total);
      others = match(rest, skip > full ? skip - full : 0, wanted - static_cast<std::uint32_t>(found.page.size()));
      found.total = wide.total;
      found.all = std::move(wide.all);
      widened = true;
    }
  }
  if (again) rerank(reader_, p, {&found.page, &others.page}, told);
  found.page.insert(found.page.end(), others.page.begin(), others.page.end());
  if (again) {
    const std::size_t begin = std::min<std::size_t>(offset, found.page.size());
    const std::size_t end = std::min<std::size_t>(begin + page, found.page.size());
    found.page = {found.page.begin() + static_cast<std::ptrdiff_t>(begin),
                  found.page.begin() + static_cast<std::ptrdiff_t>(end)};
  }
  cut_page(found, r, sort_order::relevance, offset);
  return found;
}

}  // namespace rapporteur::search
