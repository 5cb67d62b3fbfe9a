#include "server/api/feed.hpp"

#include "server/api/safe_text.hpp"
#include "server/http/etag.hpp"
#include "server/http/uri.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace rapporteur::api {
namespace {

constexpr std::string_view k_epoch = "1970-01-01T00:00:00Z";
constexpr std::size_t k_title_query = 200;  // bytes of a query in a title

std::string rfc3339(std::uint32_t day) {
  return fmt::format("{:04}-{:02}-{:02}T00:00:00Z", day / 10000, day / 100 % 100, day % 100);
}

/// Empty unless it is known to the day.
std::string exact_day(const std::optional<partial_date>& d) {
  return d && d->precision == date_precision::day ? rfc3339(d->first_day()) : std::string();
}

bool is_letter_or_digit(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// The address if it is one of the web, with what may not stand in one (RFC 3987 2.2) percent-encoded; else empty:
/// "javascript:" and the like must not become something to click on.
std::string web_address(std::string_view url) {
  const auto begins = [url](std::string_view scheme) {
    return url.size() > scheme.size() && std::equal(scheme.begin(), scheme.end(), url.begin(), [](char s, char u) {
             return s == (u >= 'A' && u <= 'Z' ? static_cast<char>(u - 'A' + 'a') : u);
           });
  };
  if (!begins("http://") && !begins("https://")) return {};
  std::string out;
  const std::size_t behind_host = std::min(url.find_first_of("/?#", url.find("://") + 3), url.size());
  const std::size_t fragment = url.find('#');
  for (std::size_t i = 0; i < url.size(); ++i) {
    const char c = url[i];
    const auto byte = static_cast<unsigned char>(c);
    const bool encodes_nothing = c == '%' && !http::percent_decode(url.substr(i, 3));
    const bool misplaced = ((c == '[' || c == ']') && i >= behind_host) || (c == '#' && i != fragment);
    if (byte <= 0x20 || byte == 0x7F || encodes_nothing || misplaced ||
        std::string_view("<>\"{}|\\^`").find(c) != std::string_view::npos) {
      out += fmt::format("%{:02X}", byte);
    } else {
      out += c;
    }
  }
  return out;
}

std::string encoded(std::string_view text) {
  std::string out;
  http::percent_encode(out, text);
  return out;
}

feed_entry entry_of(const search::hit& h, std::string_view base) {
  const article& a = h.fields;
  feed_entry e;
  e.id = "urn:rapporteur:article:" + encoded(a.id);
  e.title = plain(a.title, line_breaks::blank);
  e.link = web_address(a.url);
  if (e.link.empty()) e.link = std::string(base) + "/?article=" + encoded(a.id);
  const auto& dated = a.updated ? a.updated : a.published;
  e.updated = dated ? rfc3339(dated->first_day()) : std::string(k_epoch);
  e.published = exact_day(a.published);
  e.modified = exact_day(a.updated);
  e.authors = a.authors;
  e.source = a.source;
  if (std::all_of(a.language.begin(), a.language.end(), [](char c) { return is_letter_or_digit(c) || c == '-'; })) {
    e.language = a.language;
  }
  e.tags = a.tags;
  e.passages = h.snippets;
  return e;
}

/// At most so many bytes, cut between characters.
std::string shortened(const std::string& text, std::size_t most) {
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) --end;
  return text.substr(0, end) + "…";
}

}  // namespace

feed make_feed(const search::answer& a, const search::request& r, const std::string& query, const std::string& page,
               std::string_view path, std::string_view base) {
  feed f;
  f.id = "urn:rapporteur:search:" + http::fingerprint().add(page).hex();
  const std::string q = plain(r.q, line_breaks::blank);
  f.title = q.find_first_not_of(' ') == std::string::npos ? "Rapporteur" : "Rapporteur: " + shortened(q, k_title_query);
  f.self = std::string(base).append(path).append(query.empty() ? "" : "?").append(query);
  f.page = std::string(base).append("/").append(page.empty() ? "" : "?").append(page);
  f.updated = k_epoch;
  for (const auto& h : a.hits) {
    f.entries.push_back(entry_of(h, base));
    f.updated = std::max(f.updated, f.entries.back().updated);
  }
  return f;
}

std::string passages_html(const std::vector<search::marked_text>& passages) {
  std::string out;
  for (const auto& passage : passages) {
    out += "<p>";
    for (const auto& run : passage) {
      if (run.match) out += "<b>";
      append_html(out, run.text);
      if (run.match) out += "</b>";
    }
    out += "</p>";
  }
  return out;
}

std::string passages_text(const std::vector<search::marked_text>& passages) {
  std::string out;
  for (const auto& passage : passages) {
    if (!out.empty()) out += ' ';
    for (const auto& run : passage) append_plain(out, run.text, line_breaks::blank);
  }
  return out;
}

}  // namespace rapporteur::api
