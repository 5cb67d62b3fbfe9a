// A reader asks again and again, and most of the time nothing is new. The ETag of a feed has two parts: a hash of its
// bytes, and one of the request and the state of the index that it was made from. If the second is still the same, no
// search is made; if only the first is, nothing is sent.
#include "server/api/feeds.hpp"

#include "server/api/export_request.hpp"
#include "server/api/feed.hpp"
#include "server/api/search.hpp"
#include "server/http/compression.hpp"
#include "server/http/etag.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <string>
#include <utility>

namespace rapporteur::api {
namespace {

namespace asio = http::asio;
namespace bhttp = http::bhttp;

struct feed_format {
  std::string_view path;
  std::string_view content_type;
  std::string (*write)(const feed&);
};
constexpr feed_format k_atom{"/api/v1/search.atom", "application/atom+xml; charset=utf-8", to_atom};
constexpr feed_format k_json_feed{"/api/v1/search.feed.json", "application/feed+json", to_json_feed};

/// The state's part of the ETag.
std::string state_tag(const settings& s, const search::index_state& state, std::string_view path,
                      std::string_view request) {
  const std::string etag = make_etag(s, state, path, request);  // W/"…"
  const auto open = etag.find('"') + 1;
  return etag.substr(open, etag.rfind('"') - open);
}

/// A tag of the client's that begins (first) or ends with the part; empty if it holds none.
std::string held_tag(std::string_view if_none_match, std::string_view part, bool first) {
  while (true) {
    const auto open = if_none_match.find('"');
    if (open == std::string_view::npos) return {};
    const auto close = if_none_match.find('"', open + 1);
    if (close == std::string_view::npos) return {};
    const auto tag = if_none_match.substr(open + 1, close - open - 1);
    const auto dot = tag.find('.');
    if (dot != std::string_view::npos && (first ? tag.substr(0, dot) : tag.substr(dot + 1)) == part) {
      return std::string(tag);
    }
    if_none_match.remove_prefix(close + 1);
  }
}

/// The index's time ("2026-01-02T03:04:05Z") as Last-Modified wants it (RFC 9110 5.6.7). Empty while another commit may
/// have the same second, which such a date could not tell from this one.
std::string last_modified(const std::string& as_of) {
  namespace chrono = std::chrono;
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
  if (std::sscanf(as_of.c_str(), "%4d-%2u-%2uT%2u:%2u:%2u", &year, &month, &day, &hour, &minute, &second) != 6)
    return {};
  const chrono::year_month_day date{chrono::year(year), chrono::month(month), chrono::day(day)};
  if (!date.ok()) return {};
  const chrono::sys_seconds time =
      chrono::sys_days(date) + chrono::hours(hour) + chrono::minutes(minute) + chrono::seconds(second);
  constexpr chrono::seconds k_settled{2};
  // Seconds are compared: in the clock's own parts of one, a far year is out of range.
  if (time + k_settled > chrono::floor<chrono::seconds>(chrono::system_clock::now())) return {};
  constexpr std::array<const char*, 7> k_days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> k_months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::array<char, 48> text{};
  const int n = std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02u:%02u:%02u GMT",
                              k_days.at(chrono::weekday(chrono::sys_days(date)).c_encoding()), day,
                              k_months.at(month - 1), year, hour, minute, second);
  return {text.data(), static_cast<std::size_t>(n)};
}

void set_validators(http::response& r, const std::string& tag, const std::string& modified) {
  r.set(bhttp::field::cache_control, "private, no-cache");
  r.set(bhttp::field::etag, "W/\"" + tag + '"');
  if (!modified.empty()) r.set(bhttp::field::last_modified, modified);
}

http::response not_modified(const std::string& tag, const std::string& modified) {
  http::response r;
  r.status = 304;
  set_validators(r, tag, modified);
  // The addresses within are those by which this server was asked.
  r.set(bhttp::field::vary, "Host, Accept-Encoding");
  return r;
}

asio::awaitable<http::response> answer_feed(const service& s, const http::request& q, const feed_format& format) {
  auto parsed = parse_feed(q.query, s.options);
  if (const auto* bad = std::get_if<parameter_error>(&parsed)) co_return refuse(*bad);
  const auto& wanted = std::get<search::request>(parsed);
  auto work = [&](search_backend& backend) -> result<http::response> {
    const std::string base = q.from.origin + q.from.prefix;
    std::string query = format_search(wanted, s.options);
    // A search need not name its own default, a feed has another.
    if (wanted.sort == search::sort_order::relevance) query += query.empty() ? "sort=relevance" : "&sort=relevance";
    const std::string request = base + ' ' + query;
    const std::string held = q.field(bhttp::field::if_none_match);
    const auto state = backend.state();
    if (!state) return state.error();
    const auto now = state_tag(s.options, *state, format.path, request);
    if (const auto tag = held_tag(held, now, false); !tag.empty()) {
      return not_modified(tag, last_modified(state->as_of));
    }
    if (held.empty()) {
      // Compared for being the same, not earlier: an index may be put back to what it was.
      const auto modified = last_modified(state->as_of);
      if (!modified.empty() && q.field(bhttp::field::if_modified_since) == modified) {
        http::response r = not_modified({}, modified);
        r.fields.erase(bhttp::field::etag);  // its first part is not known
        return r;
      }
    }
    const auto found = backend.search(wanted);
    if (!found) return found.error();
    auto page = wanted;  // what the search page takes of it
    page.limit = s.options.default_limit;
    page.snippets = s.options.default_snippets;
    page.snippet_chars = s.options.default_snippet_chars;
    http::response r;
    r.body = format.write(make_feed(*found, wanted, query, format_search(page, s.options), format.path, base));
    const std::string content = http::fingerprint().add(r.body).hex();
    const auto modified = last_modified(found->index.as_of);
    const std::string tag = content + '.' + state_tag(s.options, found->index, format.path, request);
    if (!held_tag(held, content, true).empty()) return not_modified(tag, modified);
    r.set(bhttp::field::content_type, format.content_type);
    set_validators(r, tag, modified);
    r.set(bhttp::field::vary, "Host");
    http::compress_response(q, r);
    return r;
  };
  co_return co_await on_worker(s, q, "q", std::move(work));
}

}  // namespace

asio::awaitable<http::response> get_atom(const service& s, const http::request& q) {
  co_return co_await answer_feed(s, q, k_atom);
}

asio::awaitable<http::response> get_json_feed(const service& s, const http::request& q) {
  co_return co_await answer_feed(s, q, k_json_feed);
}

}  // namespace rapporteur::api
