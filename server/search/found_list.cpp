#include "server/search/found_list.hpp"

#include <algorithm>
#include <utility>

namespace rapporteur::search {
namespace {

using found = found_list;

bool has_values(const found& f) noexcept {
  return !f.values.empty();
}

/// Both lists' articles; combine(a, b) is the value of one that is in both.
template <class Combine>
found both(const found& a, const found& b, const Combine& combine) {
  const bool valued = has_values(a);
  found out;
  out.articles.reserve(a.size() + b.size());
  if (valued) out.values.reserve(a.size() + b.size());
  std::size_t i = 0;
  std::size_t j = 0;
  const auto add = [&](Xapian::docid id, double value) {
    out.articles.push_back(id);
    if (valued) out.values.push_back(value);
  };
  const auto value = [valued](const found& f, std::size_t at) { return valued ? f.values[at] : 0; };
  while (i < a.size() && j < b.size()) {
    if (a.articles[i] < b.articles[j]) {
      add(a.articles[i], value(a, i));
      ++i;
    } else if (b.articles[j] < a.articles[i]) {
      add(b.articles[j], value(b, j));
      ++j;
    } else {
      add(a.articles[i], valued ? combine(a.values[i], b.values[j]) : 0);
      ++i;
      ++j;
    }
  }
  for (; i < a.size(); ++i) add(a.articles[i], value(a, i));
  for (; j < b.size(); ++j) add(b.articles[j], value(b, j));
  return out;
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
  for (const found& f : lists) total += f.size();
  if (lists.size() > 4 && total > greatest_id / 8) return by_number(lists, greatest_id, combine);
  // The shortest two first, so that no long list is copied again and again.
  const auto longer = [](const found& a, const found& b) { return a.size() > b.size(); };
  std::make_heap(lists.begin(), lists.end(), longer);
  while (lists.size() > 1) {
    std::pop_heap(lists.begin(), lists.end(), longer);
    const found one = std::move(lists.back());
    lists.pop_back();
    std::pop_heap(lists.begin(), lists.end(), longer);
    lists.back() = both(one, lists.back(), combine);
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
  std::size_t kept = 0;
  auto at = in.begin();
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Xapian::docid id = a.articles[i];
    while (at != in.end() && *at < id) ++at;
    if ((at != in.end() && *at == id) != wanted) continue;
    a.articles[kept] = id;
    if (!a.values.empty()) a.values[kept] = a.values[i];
    ++kept;
  }
  a.articles.resize(kept);
  if (!a.values.empty()) a.values.resize(kept);
}

}  // namespace rapporteur::search
