#include "server/pages/time_list.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace rapporteur::pages {
namespace {

constexpr std::size_t k_first_shown = 24;

/// The last day of the week that begins on this Monday.
partial_date sunday_of(const partial_date& monday) {
  namespace chrono = std::chrono;
  const chrono::sys_days day = chrono::year(monday.year) / chrono::month(monday.month) / chrono::day(monday.day);
  const chrono::year_month_day sunday(day + chrono::days(6));
  return {.year = static_cast<std::int16_t>(int(sunday.year())),
          .month = static_cast<std::uint8_t>(unsigned(sunday.month())),
          .day = static_cast<std::uint8_t>(unsigned(sunday.day())),
          .precision = date_precision::day};
}

}  // namespace

void put_times(page_data& page, const page_context& c, const search::request& asked, const search::answer& a) {
  page_data::list rows;
  page_data::list more;
  std::uint64_t most = 1;
  if (a.timeline) {
    for (const auto& b : a.timeline->buckets) most = std::max(most, b.count);
    for (auto b = a.timeline->buckets.rbegin(); b != a.timeline->buckets.rend(); ++b) {
      const auto date = partial_date::parse(b->date);
      if (b->count == 0 || !date) continue;
      page_data d;
      const bool week = a.timeline->unit == search::timeline_unit::week;
      const auto end = week ? sunday_of(*date) : *date;
      auto r = from_start(asked);
      r.from = *date;
      r.to = end;
      r.timeline.reset();
      d.text("stretch", week ? c.format().date(*date) + " – " + c.format().date(end) : c.format().date(*date));
      d.text("stretch_address", c.link.search(r));
      d.text("stretch_count", a.timeline->exact ? c.format().number(b->count)
                                                : c.words().text("about_count", {{"n", c.format().number(b->count)}}));
      d.text("stretch_plain", std::to_string(b->count));
      d.text("stretch_most", std::to_string(most));
      (rows.size() < k_first_shown ? rows : more).push_back(std::move(d));
    }
    if (a.timeline->undated > 0) {
      page.text("undated", c.words().counted("plain_undated", a.timeline->undated));
    }
    if (a.timeline->less_precise > 0) {
      page.text("less_precise", c.words().counted("plain_less_precise", a.timeline->less_precise));
    }
  }
  page.flag("has_times", !rows.empty());
  page.flag("has_more_times", !more.empty());
  page.text("more_times_name", c.words().text("show_all", {{"n", c.format().number(rows.size() + more.size())}}));
  page.objects("times", std::move(rows));
  page.objects("more_times", std::move(more));
}

}  // namespace rapporteur::pages
