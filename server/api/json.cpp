#include "server/api/json.hpp"

#include "server/http/json_string.hpp"
#include "server/search/cursor.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <utility>
#include <vector>

namespace rapporteur::api {
namespace {

/// Writes values one after the other and puts the commas where they belong.
class writer {
 public:
  void open(char bracket) {
    separate();
    out_ += bracket;
    fresh_ = true;
  }
  void close(char bracket) {
    out_ += bracket;
    fresh_ = false;
  }
  writer& key(std::string_view name) {
    separate();
    http::append_json_string(out_, name);
    out_ += ':';
    fresh_ = true;
    return *this;
  }
  void text(std::string_view s) {
    separate();
    http::append_json_string(out_, s);
  }
  void raw(std::string_view json) {
    separate();
    out_ += json;
  }
  void boolean(bool b) { raw(b ? "true" : "false"); }
  void number(std::uint64_t n) { raw(std::to_string(n)); }
  /// With at most so many decimals; what is not finite is 0 (JSON has no such numbers).
  void number(double d, int decimals) {
    std::array<char, 400> digits{};
    const auto r = std::to_chars(digits.data(), digits.data() + digits.size(), std::isfinite(d) ? d : 0,
                                 std::chars_format::fixed, decimals);
    std::string_view s(digits.data(), static_cast<std::size_t>(r.ptr - digits.data()));
    if (s.find('.') != std::string_view::npos) {
      while (s.ends_with('0')) s.remove_suffix(1);
      if (s.ends_with('.')) s.remove_suffix(1);
    }
    raw(s);
  }
  std::string take() { return std::move(out_); }

 private:
  void separate() {
    if (!fresh_) out_ += ',';
    fresh_ = false;
  }
  std::string out_;
  bool fresh_ = true;  ///< no comma is due
};

template <class T, class F>
void put_array(writer& w, const std::vector<T>& values, F put) {
  w.open('[');
  for (const auto& v : values) put(v);
  w.close(']');
}

void put_text(writer& w, std::string_view name, std::string_view value) {
  if (!value.empty()) w.key(name).text(value);
}

void put_texts(writer& w, const std::vector<std::string>& values) {
  put_array(w, values, [&w](const std::string& v) { w.text(v); });
}

void put_runs(writer& w, const search::marked_text& runs) {
  put_array(w, runs, [&w](const search::run& r) {
    w.open('{');
    w.key("text").text(r.text);
    if (r.match) w.key("match").boolean(true);
    if (r.ellipsis) w.key("ellipsis").boolean(true);
    w.close('}');
  });
}

void put_all_runs(writer& w, const std::vector<search::marked_text>& texts) {
  put_array(w, texts, [&w](const search::marked_text& t) { put_runs(w, t); });
}

/// The members of an article, without its brackets.
void put_article(writer& w, const article& a, const search::marked_text& title) {
  w.key("id").text(a.id);
  put_text(w, "url", a.url);
  put_runs(w.key("title"), title);
  if (a.title_derived) w.key("title_derived").boolean(true);
  if (a.published) w.key("published").text(a.published->to_string());
  if (a.updated) w.key("updated").text(a.updated->to_string());
  put_text(w, "source", a.source);
  if (!a.authors.empty()) put_texts(w.key("authors"), a.authors);
  put_text(w, "lang", a.language);
  if (a.language_detected && !a.language.empty()) w.key("lang_detected").boolean(true);
  put_text(w, "collection", a.collection);
  if (!a.tags.empty()) {
    w.key("tags").open('{');
    for (const auto& t : a.tags) put_texts(w.key(t.name), t.values);
    w.close('}');
  }
}

void put_index(writer& w, const search::index_state& s) {
  w.key("index").open('{');
  w.key("revision").number(s.revision);
  put_text(w, "as_of", s.as_of);
  w.key("articles").number(s.articles);
  w.close('}');
}

void put_took(writer& w, std::chrono::nanoseconds took) {
  w.key("took_ms").number(std::chrono::duration<double, std::milli>(took).count(), 2);
}

void put_query(writer& w, const search::answer& a, std::string_view q) {
  w.key("query").open('{');
  w.key("text").text(q);
  w.key("understood").text(a.understood);
  put_texts(w.key("expanded"), a.expanded);
  put_texts(w.key("ignored"), a.ignored);
  put_array(w.key("warnings"), a.warnings, [&w](const search::warning& warning) {
    w.open('{');
    w.key("column").number(std::uint64_t{warning.column});
    w.key("code").text(warning.code);
    w.key("message").text(warning.message);
    w.close('}');
  });
  if (a.did_you_mean) {
    w.key("did_you_mean").text(*a.did_you_mean);
  } else {
    w.key("did_you_mean").raw("null");
  }
  w.key("widened").boolean(a.widened);
  w.close('}');
}

void put_facets(writer& w, const std::vector<search::facet>& facets) {
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

void put_timeline(writer& w, const search::timeline& t) {
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

std::string to_json(const search::answer& a, std::string_view q, std::string_view next, std::chrono::nanoseconds took) {
  writer w;
  w.open('{');
  put_query(w, a, q);
  w.key("total").open('{');
  w.key("value").number(a.total);
  w.key("exact").boolean(a.total_exact);
  w.close('}');
  put_array(w.key("hits"), a.hits, [&w](const search::hit& h) {
    w.open('{');
    put_article(w, h.fields, h.title);
    w.key("score").number(h.score, 3);
    if (!h.snippets.empty()) put_all_runs(w.key("snippets"), h.snippets);
    w.close('}');
  });
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
  put_took(w, took);
  w.close('}');
  return w.take();
}

std::string to_json(const search::article_answer& a, std::chrono::nanoseconds took) {
  writer w;
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
  writer w;
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
  writer w;
  w.open('{');
  w.key("status").text("ready");
  put_index(w, s);
  w.close('}');
  return w.take();
}

}  // namespace rapporteur::api
