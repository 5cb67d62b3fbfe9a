#include "server/api/json.hpp"

#include "server/api/json_writer.hpp"
#include "server/search/cursor.hpp"

#include <cstdint>
#include <vector>

namespace rapporteur::api {
namespace {

void put_query(json_writer& w, const search::answer& a, std::string_view q) {
  w.key("query").open('{');
  w.key("text").text(q);
  w.key("understood").text(a.understood);
  put_texts(w.key("expanded"), a.expanded);
  put_texts(w.key("ignored"), a.ignored);
  put_warnings(w.key("warnings"), a.warnings);
  if (a.did_you_mean) {
    w.key("did_you_mean").text(*a.did_you_mean);
  } else {
    w.key("did_you_mean").raw("null");
  }
  w.key("widened").boolean(a.widened);
  w.close('}');
}

void put_facets(json_writer& w, const std::vector<search::facet>& facets) {
  w.key("facets").open('{');
  std::vector<std::string> estimated;
  for (const auto& f : facets) {
    if (!f.exact) estimated.push_back(f.name);
    put_array(w.key(f.name), f.values, [&w](const search::facet_value& v) {
      w.open('{');
      w.key("value").text(v.value);
      w.key("count").number(v.count);
      if (v.selected) w.key("selected").boolean(true);
      if (v.excluded) w.key("excluded").boolean(true);
      w.close('}');
    });
  }
  w.close('}');
  if (!estimated.empty()) put_texts(w.key("facets_estimated"), estimated);
}

std::string_view name_of(search::timeline_unit unit) noexcept {
  switch (unit) {
    case search::timeline_unit::day:
      return "day";
    case search::timeline_unit::week:
      return "week";
    case search::timeline_unit::month:
      return "month";
    case search::timeline_unit::year:
    case search::timeline_unit::automatic:
      break;
  }
  return "year";
}

void put_timeline(json_writer& w, const search::timeline& t) {
  constexpr int k_share_decimals = 6;
  w.key("timeline").open('{');
  w.key("unit").text(name_of(t.unit));
  w.key("exact").boolean(t.exact);
  put_array(w.key("buckets"), t.buckets, [&w](const search::timeline::bucket& b) {
    w.open('{');
    w.key("date").text(b.date);
    w.key("count").number(b.count);
    w.key("of").number(b.of);
    if (b.of > 0) w.key("share").number(static_cast<double>(b.count) / static_cast<double>(b.of), k_share_decimals);
    w.close('}');
  });
  w.key("less_precise").number(t.less_precise);
  w.key("undated").number(t.undated);
  w.close('}');
}

}  // namespace

std::string to_unfinished_json(const search::answer& a, std::string_view q, std::string_view next) {
  json_writer w;
  w.open('{');
  put_query(w, a, q);
  w.key("total").open('{');
  w.key("value").number(a.total);
  w.key("exact").boolean(a.total_exact);
  w.close('}');
  put_array(w.key("hits"), a.hits, [&w](const search::hit& h) { put_hit(w, h); });
  put_facets(w, a.facets);
  if (a.timeline) put_timeline(w, *a.timeline);
  if (next.empty()) {
    w.key("next").raw("null");
  } else {
    w.key("next").text(next);
  }
  if (a.next) {
    w.key("next_cursor").text(search::to_string(*a.next));
  } else {
    w.key("next_cursor").raw("null");
  }
  put_index(w, a.index);
  w.key("complete").boolean(true);
  return w.take();
}

std::string to_json(const search::answer& a, std::string_view q, std::string_view next, std::chrono::nanoseconds took) {
  return finish_json(to_unfinished_json(a, q, next), took);
}

std::string to_json(const search::article_answer& a, std::chrono::nanoseconds took) {
  json_writer w;
  w.open('{');
  put_article(w, a.fields, a.title);
  put_all_runs(w.key("paragraphs"), a.paragraphs);
  w.key("matches").number(std::uint64_t{a.matches});
  put_index(w, a.index);
  put_took(w, took);
  w.close('}');
  return w.take();
}

std::string to_json(const search::snippets_answer& a, std::chrono::nanoseconds took) {
  json_writer w;
  w.open('{');
  w.key("id").text(a.id);
  put_runs(w.key("title"), a.title);
  put_all_runs(w.key("snippets"), a.snippets);
  put_index(w, a.index);
  put_took(w, took);
  w.close('}');
  return w.take();
}

std::string ready_json(const search::index_state& s) {
  json_writer w;
  w.open('{');
  w.key("status").text("ready");
  put_index(w, s);
  w.close('}');
  return w.take();
}

}  // namespace rapporteur::api
