#include "server/search/timeline.hpp"

#include "index/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <vector>

namespace rapporteur::search {
namespace {

namespace chrono = std::chrono;

constexpr std::int64_t k_most_automatic = 100;  // buckets: about as many as a small chart can show

/// A date as yyyymmdd with absent parts as 0.
struct packed_date {
  std::uint32_t value = 0;
  [[nodiscard]] int year() const { return static_cast<int>(value / 10000); }
  [[nodiscard]] unsigned month() const { return value / 100 % 100; }
  [[nodiscard]] unsigned day() const { return value % 100; }
};

chrono::sys_days day_of(packed_date d) {
  return chrono::year(d.year()) / chrono::month(d.month()) / chrono::day(d.day());
}

bool is_precise_enough(packed_date d, timeline_unit unit) {
  switch (unit) {
    case timeline_unit::day:
    case timeline_unit::week:
      return d.day() != 0;
    case timeline_unit::month:
      return d.month() != 0;
    case timeline_unit::year:
    case timeline_unit::automatic:
      break;
  }
  return true;
}

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

/// Numbers the buckets of a unit through all time. The date must be precise enough.
std::int64_t bucket_of(packed_date d, timeline_unit unit) {
  switch (unit) {
    case timeline_unit::day:
      return day_of(d).time_since_epoch().count();
    case timeline_unit::week:
      return floor_div(day_of(d).time_since_epoch().count() + 3, 7);  // 1 January 1970 was a Thursday
    case timeline_unit::month:
      return std::int64_t{d.year()} * 12 + d.month() - 1;
    case timeline_unit::year:
    case timeline_unit::automatic:
      break;
  }
  return d.year();
}

std::string name_of(std::int64_t bucket, timeline_unit unit) {
  const auto as_day = [](std::int64_t n) {
    const chrono::year_month_day d{chrono::sys_days{chrono::days{n}}};
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(d.year()), static_cast<unsigned>(d.month()),
                       static_cast<unsigned>(d.day()));
  };
  switch (unit) {
    case timeline_unit::day:
      return as_day(bucket);
    case timeline_unit::week:
      return as_day(bucket * 7 - 3);
    case timeline_unit::month:
      return fmt::format("{:04}-{:02}", bucket / 12, bucket % 12 + 1);
    case timeline_unit::year:
    case timeline_unit::automatic:
      break;
  }
  return fmt::format("{:04}", bucket);
}

/// First and last bucket; last before first: none.
struct extent {
  std::int64_t first = 0, last = -1;
  [[nodiscard]] std::int64_t size() const { return last - first + 1; }
};

extent extent_of(const std::vector<packed_date>& found, timeline_unit unit) {
  extent e;
  bool any = false;
  for (const packed_date d : found) {
    if (!is_precise_enough(d, unit)) continue;
    const std::int64_t b = bucket_of(d, unit);
    e.first = any ? std::min(e.first, b) : b;
    e.last = any ? std::max(e.last, b) : b;
    any = true;
  }
  return e;
}

}  // namespace

timeline make_timeline(index::reader& reader, const match_set& found, const match_set& of, timeline_unit unit,
                       const std::optional<partial_date>& from, const std::optional<partial_date>& to,
                       std::uint32_t most) {
  std::vector<packed_date> dates;
  std::vector<packed_date> all;
  const std::vector<std::uint32_t>& by_article = reader.dates();
  for (Xapian::docid id = 1; id < by_article.size(); ++id) {
    if (by_article[id] == 0) continue;
    const packed_date d{by_article[id]};
    if (found.contains(id)) dates.push_back(d);
    if (of.contains(id)) all.push_back(d);
  }

  const auto range = [&](timeline_unit u) {
    extent e = extent_of(dates, u);
    const bool none = e.size() == 0;
    if (none && !(from && to)) return e;
    if (from) e.first = bucket_of({from->first_day()}, u);
    if (to) e.last = bucket_of({to->last_day()}, u);
    return e;
  };
  constexpr timeline_unit k_units[] = {timeline_unit::day, timeline_unit::week, timeline_unit::month,
                                       timeline_unit::year};
  const bool automatic = unit == timeline_unit::automatic;
  extent shown;
  for (const timeline_unit u : k_units) {
    if (!automatic && u < unit) continue;
    shown = range(u);
    const auto precise =
        std::count_if(dates.begin(), dates.end(), [u](packed_date d) { return is_precise_enough(d, u); });
    unit = u;
    const bool fits = shown.size() <= (automatic ? std::min<std::int64_t>(k_most_automatic, most) : most);
    // A curve of the few articles whose day is known would tell of them, not of what was found.
    const bool tells = !automatic || static_cast<std::size_t>(precise) * 2 >= dates.size();
    if (fits && tells) break;
  }
  if (shown.size() > most) shown = extent_of(dates, unit);
  // Years that no archive has: the last ones are as good as any.
  if (shown.size() > most) shown.first = shown.last - most + 1;

  timeline out;
  out.unit = unit;
  out.exact = found.exact() && of.exact();
  out.buckets.resize(static_cast<std::size_t>(std::max<std::int64_t>(shown.size(), 0)));
  for (std::size_t i = 0; i < out.buckets.size(); ++i) {
    out.buckets[i].date = name_of(shown.first + static_cast<std::int64_t>(i), unit);
  }
  const auto bucket_at = [&](packed_date d) -> timeline::bucket* {
    if (!is_precise_enough(d, unit)) return nullptr;
    const std::int64_t b = bucket_of(d, unit);
    return b < shown.first || b > shown.last ? nullptr : &out.buckets[static_cast<std::size_t>(b - shown.first)];
  };
  for (const packed_date d : dates) {
    if (timeline::bucket* b = bucket_at(d)) b->count += found.factor();
    if (!is_precise_enough(d, unit)) out.less_precise += found.factor();
  }
  for (const packed_date d : all) {
    if (timeline::bucket* b = bucket_at(d)) b->of += of.factor();
  }
  // What was found is among what there is. Of two estimates, or of one and a count, the one that is no count gives way.
  for (timeline::bucket& b : out.buckets) {
    if (b.count > b.of) (of.exact() ? b.count : b.of) = of.exact() ? b.of : b.count;
  }
  out.undated = (found.size() - dates.size()) * found.factor();
  return out;
}

}  // namespace rapporteur::search
