#include "server/search/found_list.hpp"

#include "index/ascending.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace rapporteur::search {
namespace {

using found = found_list;

bool has_values(const found& f) noexcept {
  return !f.values.empty();
}

/// Puts the articles of b at `missing`, ascending, which a does not have, into a.
void put_in(found& a, const found& b, const std::vector<std::uint32_t>& missing) {
  std::size_t from = a.size();
  std::size_t to = from + missing.size();
  a.articles.resize(to);
  if (has_values(b)) a.values.resize(to);
  // From behind, so that nothing is moved twice.
  for (auto m = missing.rbegin(); m != missing.rend(); ++m) {
    const Xapian::docid id = b.articles[*m];
    const auto begin = a.articles.begin();
    const auto behind = std::upper_bound(begin, begin + static_cast<std::ptrdiff_t>(from), id);
    const auto at = static_cast<std::size_t>(behind - begin);
    std::move_backward(behind, begin + static_cast<std::ptrdiff_t>(from), begin + static_cast<std::ptrdiff_t>(to));
    to -= from - at + 1;
    a.articles[to] = id;
    if (has_values(b)) {
      const auto values = a.values.begin();
      std::move_backward(values + static_cast<std::ptrdiff_t>(at), values + static_cast<std::ptrdiff_t>(from),
                         values + static_cast<std::ptrdiff_t>(to + 1 + from - at));
      a.values[to] = b.values[*m];
    }
    from = at;
  }
}

/// Both lists' articles; combine(a, b) is the value of one that is in both, and combine(a, 0) is a. b: the shorter one.
/// The longer one mostly has the other's articles already, as the articles of a stem are those of its words.
template <class Combine>
found both(found a, const found& b, const Combine& combine) {
  const bool valued = has_values(a);
  std::vector<std::uint32_t> missing(b.size() + 1);
  std::size_t missed = 0;
  std::size_t i = 0;
  std::size_t j = 0;
  if (b.size() < a.size() / 4) {
    for (; j < b.size(); ++j) {
      i = index::first_not_less(a.articles, i, b.articles[j]);
      if (i == a.size()) break;
      const bool common = a.articles[i] == b.articles[j];
      if (valued) a.values[i] = combine(a.values[i], common ? b.values[j] : 0);
      missing[missed] = static_cast<std::uint32_t>(j);
      missed += static_cast<std::size_t>(!common);
    }
  } else {
    // No branch hangs on which of the two comes next: none could be foretold.
    while (i < a.size() && j < b.size()) {
      const Xapian::docid left = a.articles[i];
      const Xapian::docid right = b.articles[j];
      if (valued) a.values[i] = combine(a.values[i], left == right ? b.values[j] : 0);
      missing[missed] = static_cast<std::uint32_t>(j);
      missed += static_cast<std::size_t>(right < left);
      i += static_cast<std::size_t>(left <= right);
      j += static_cast<std::size_t>(right <= left);
    }
  }
  for (; j < b.size(); ++j) missing[missed++] = static_cast<std::uint32_t>(j);
  missing.resize(missed);
  put_in(a, b, missing);
  return a;
}

// Many lists: in a table with a place for every article.
template <class Combine>
found by_number(const std::vector<found>& lists, Xapian::docid greatest_id, const Combine& combine) {
  std::vector<bool> there(std::size_t{greatest_id} + 1);
  std::vector<double> values(has_values(lists.front()) ? there.size() : 0);
  std::size_t count = 0;
  for (const found& f : lists) {
    for (std::size_t i = 0; i < f.size(); ++i) {
      const Xapian::docid id = f.articles[i];
      if (id >= there.size()) throw Xapian::DatabaseCorruptError("a list has articles that there are not");
      if (!values.empty()) values[id] = there[id] ? combine(values[id], f.values[i]) : f.values[i];
      count += there[id] ? 0 : 1;
      there[id] = true;
    }
  }
  found out;
  out.articles.reserve(count);
  if (!values.empty()) out.values.reserve(count);
  for (std::size_t id = 0; id < there.size(); ++id) {
    if (!there[id]) continue;
    out.articles.push_back(static_cast<Xapian::docid>(id));
    if (!values.empty()) out.values.push_back(values[id]);
  }
  return out;
}

template <class Combine>
found all(std::vector<found> lists, Xapian::docid greatest_id, const Combine& combine) {
  std::erase_if(lists, [](const found& f) { return f.articles.empty(); });
  if (lists.empty()) return {};
  std::size_t total = 0;
  std::size_t longest = 0;
  for (const found& f : lists) {
    total += f.size();
    longest = std::max(longest, f.size());
  }
  if (lists.size() > 4 && total - longest > greatest_id / 4) return by_number(lists, greatest_id, combine);
  // The shortest two first, so that no long list is copied again and again.
  const auto longer = [](const found& a, const found& b) { return a.size() > b.size(); };
  std::make_heap(lists.begin(), lists.end(), longer);
  while (lists.size() > 1) {
    std::pop_heap(lists.begin(), lists.end(), longer);
    const found one = std::move(lists.back());
    lists.pop_back();
    std::pop_heap(lists.begin(), lists.end(), longer);
    lists.back() = both(std::move(lists.back()), one, combine);
    std::push_heap(lists.begin(), lists.end(), longer);
  }
  return std::move(lists.front());
}

}  // namespace

found_list united(std::vector<found_list> lists, combining how, Xapian::docid greatest_id) {
  if (how == combining::greatest)
    return all(std::move(lists), greatest_id, [](double a, double b) { return std::max(a, b); });
  return all(std::move(lists), greatest_id, [](double a, double b) { return a + b; });
}

void keep(found_list& a, const std::vector<Xapian::docid>& in, bool wanted) {
  const bool valued = has_values(a);
  std::size_t kept = 0;
  std::size_t i = 0;
  std::size_t j = 0;
  // As above; what is not kept is written over.
  while (i < a.size() && j < in.size()) {
    const Xapian::docid left = a.articles[i];
    const Xapian::docid right = in[j];
    a.articles[kept] = left;
    if (valued) a.values[kept] = a.values[i];
    kept += static_cast<std::size_t>(wanted ? left == right : left < right);
    i += static_cast<std::size_t>(left <= right);
    j += static_cast<std::size_t>(right <= left);
  }
  for (; !wanted && i < a.size(); ++i, ++kept) {
    a.articles[kept] = a.articles[i];
    if (valued) a.values[kept] = a.values[i];
  }
  a.articles.resize(kept);
  if (valued) a.values.resize(kept);
}

}  // namespace rapporteur::search
