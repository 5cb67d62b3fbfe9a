// Dates of reduced precision, and what is derived from an article: its id and a hash of its content (a title:
// index/title).
//
// Ids and hashes are stored in indexes: changing how one is computed makes every article of an existing index look
// new. Knows no file format and no index layout.
#include "index/article.hpp"

#include "index/ascii.hpp"
#include "index/unicode.hpp"

#include <fmt/format.h>
#define XXH_STATIC_LINKING_ONLY  // the definition of XXH3_state_t, so that it can stand on the stack
#include <xxhash.h>

#include <algorithm>
#include <array>

namespace rapporteur {
namespace {

std::string lower_ascii(std::string_view s) {
  std::string out(s);
  std::transform(out.begin(), out.end(), out.begin(), to_ascii_lower);
  return out;
}

// ---- dates

/// The first count characters of text as a number, and removes them; -1 if they are not all digits.
int take_number(std::string_view& text, std::size_t count) {
  if (text.size() < count) return -1;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_ascii_digit(text[i])) return -1;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

error bad_date(std::string_view text, std::string_view why) {
  constexpr std::size_t k_shown = 40;
  return {errc::malformed,
          fmt::format("\"{}{}\" is not a date: {}",
                      text.substr(0, index::utf8_boundary_before(text, std::min(text.size(), k_shown))),
                      text.size() > k_shown ? "…" : "", why)};
}

// ---- ids

/// Query parameters that say how a reader came to a page, not which page it is. A trailing * stands for any rest.
constexpr std::array<std::string_view, 10> k_tracking_parameters = {
    "utm_*", "fbclid", "gclid", "dclid", "msclkid", "yclid", "igshid", "mc_cid", "mc_eid", "_hsenc",
};

bool is_tracking(std::string_view parameter) {
  const std::string name = lower_ascii(parameter.substr(0, parameter.find('=')));
  return std::any_of(k_tracking_parameters.begin(), k_tracking_parameters.end(), [&](std::string_view known) {
    if (known.back() == '*') return name.starts_with(known.substr(0, known.size() - 1));
    return name == known;
  });
}

/// RFC 3986, 6.2.2: percent-encodings of unreserved characters decoded, the others with upper-case digits.
std::string normalize_escapes(std::string_view part) {
  const auto hex = [](char c) -> int {
    if (is_ascii_digit(c)) return c - '0';
    c = to_ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  std::string out;
  out.reserve(part.size());
  for (std::size_t i = 0; i < part.size(); ++i) {
    const int high = part[i] == '%' && i + 2 < part.size() ? hex(part[i + 1]) : -1;
    const int low = high >= 0 ? hex(part[i + 2]) : -1;
    if (low < 0) {
      out += part[i];
      continue;
    }
    const char c = static_cast<char>(high * 16 + low);
    if (is_ascii_letter(c) || is_ascii_digit(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
    } else {
      out += fmt::format("%{:02X}", high * 16 + low);
    }
    i += 2;
  }
  return out;
}

/// One spelling for the addresses of one page: scheme and host in lower case, default port, fragment and tracking
/// parameters dropped, an empty path as "/". What has no scheme and authority is taken as it is.
std::string canonical_url(std::string_view url) {
  url = url.substr(0, url.find('#'));
  const std::size_t mark = url.find("://");
  if (mark == std::string_view::npos || mark == 0) return std::string(url);
  const std::string scheme = lower_ascii(url.substr(0, mark));
  std::string_view rest = url.substr(mark + 3);

  const std::size_t authority_end = std::min(rest.find_first_of("/?"), rest.size());
  std::string_view authority = rest.substr(0, authority_end);
  rest.remove_prefix(authority_end);
  std::string_view user;
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    user = authority.substr(0, at + 1);
    authority.remove_prefix(at + 1);
  }
  std::string_view port;
  if (const std::size_t colon = authority.rfind(':');
      colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos) {
    port = authority.substr(colon + 1);
    authority = authority.substr(0, colon);
  }
  if ((scheme == "http" && port == "80") || (scheme == "https" && port == "443")) port = {};

  std::string out = scheme + "://" + std::string(user) + lower_ascii(authority);
  if (!port.empty()) out.append(":").append(port);

  const std::size_t question = rest.find('?');
  const std::string path = normalize_escapes(rest.substr(0, question));
  out += path.empty() ? "/" : path;
  char separator = '?';
  for (std::string_view query = question == std::string_view::npos ? "" : rest.substr(question + 1); !query.empty();) {
    const std::string_view parameter = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), parameter.size() + 1));
    if (parameter.empty() || is_tracking(parameter)) continue;
    out += separator;
    out += normalize_escapes(parameter);
    separator = '&';
  }
  return out;
}

// ---- hashes

/// XXH3-128 over a sequence of values. Every string is preceded by its length and every list by its count, so that no
/// two different sequences have the same bytes.
class field_hash {
 public:
  field_hash() { XXH3_128bits_reset(&state_); }

  void add(std::uint64_t number) {
    std::array<unsigned char, 8> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<unsigned char>(number >> (8 * i));
    XXH3_128bits_update(&state_, bytes.data(), bytes.size());
  }
  void add(std::string_view s) {
    add(std::uint64_t{s.size()});
    XXH3_128bits_update(&state_, s.data(), s.size());
  }
  void add(const std::vector<std::string>& list) {
    add(std::uint64_t{list.size()});
    for (const std::string& s : list) add(std::string_view(s));
  }
  void add(const std::optional<partial_date>& d) {
    // The precision is part of the date: 2019 and a (malformed) 2019-00-00 of day precision differ.
    add(d ? std::uint64_t{d->packed()} * 4 + static_cast<std::uint64_t>(d->precision) + 1 : std::uint64_t{0});
  }

  [[nodiscard]] std::string hex() const {
    const XXH128_hash_t h = XXH3_128bits_digest(&state_);
    return fmt::format("{:016x}{:016x}", h.high64, h.low64);
  }

 private:
  XXH3_state_t state_;
};

}  // namespace

unsigned days_in_month(int year, unsigned month) noexcept {
  constexpr std::array<unsigned, 12> k_days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12) return 0;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : k_days[month - 1];
}

result<partial_date> partial_date::parse(std::string_view text) {
  std::string_view rest = text;
  partial_date d;
  const int year_number = take_number(rest, 4);
  if (year_number < 0) return bad_date(text, "it must be YYYY, YYYY-MM or YYYY-MM-DD");
  if (year_number == 0) return bad_date(text, "years run from 0001 to 9999");
  d.year = static_cast<std::int16_t>(year_number);
  if (rest.empty()) return d;

  const int month_number = take(rest, '-') ? take_number(rest, 2) : -1;
  if (month_number < 0) return bad_date(text, "it must be YYYY, YYYY-MM or YYYY-MM-DD");
  if (month_number < 1 || month_number > 12) return bad_date(text, "months run from 01 to 12");
  d.month = static_cast<std::uint8_t>(month_number);
  d.precision = date_precision::month;
  if (rest.empty()) return d;

  const int day_number = take(rest, '-') ? take_number(rest, 2) : -1;
  if (day_number < 0) return bad_date(text, "it must be YYYY, YYYY-MM or YYYY-MM-DD");
  if (day_number < 1 || static_cast<unsigned>(day_number) > days_in_month(d.year, d.month)) {
    return bad_date(text, "the month has no such day");
  }
  d.day = static_cast<std::uint8_t>(day_number);
  d.precision = date_precision::day;
  if (rest.empty()) return d;

  const bool separated = take(rest, 'T') || take(rest, 't') || take(rest, ' ');
  if (!separated || take_number(rest, 2) < 0) return bad_date(text, "what follows the day is not a time");
  return d;
}

std::string partial_date::to_string() const {
  switch (precision) {
    case date_precision::year:
      return fmt::format("{:04}", year);
    case date_precision::month:
      return fmt::format("{:04}-{:02}", year, month);
    case date_precision::day:
      break;
  }
  return fmt::format("{:04}-{:02}-{:02}", year, month, day);
}

std::uint32_t partial_date::first_day() const noexcept {
  return static_cast<std::uint32_t>(year) * 10000U + (precision == date_precision::year ? 1U : month) * 100U +
         (precision == date_precision::day ? day : 1U);
}

std::uint32_t partial_date::last_day() const noexcept {
  const std::uint32_t last_month = precision == date_precision::year ? 12U : month;
  return static_cast<std::uint32_t>(year) * 10000U + last_month * 100U +
         (precision == date_precision::day ? day : days_in_month(year, last_month));
}

std::string derive_article_id(const article& a, std::uint64_t record_number) {
  field_hash h;
  if (!a.url.empty()) {
    h.add(std::string_view(canonical_url(a.url)));
    return "u-" + h.hex();
  }
  h.add(std::string_view(a.origin.file));
  h.add(record_number);
  return "p-" + h.hex();
}

std::string content_id(const article& a) {
  constexpr std::uint64_t k_hash_version = 1;
  field_hash h;
  h.add(k_hash_version);
  h.add(std::string_view(a.id));
  h.add(std::string_view(a.title));
  h.add(std::uint64_t{a.title_derived});
  h.add(std::string_view(a.text));
  h.add(std::string_view(a.url));
  h.add(a.published);
  h.add(a.updated);
  h.add(std::string_view(a.source));
  h.add(a.authors);
  h.add(std::string_view(a.language));
  h.add(std::uint64_t{a.language_detected});
  h.add(std::string_view(a.collection));
  h.add(std::uint64_t{a.tags.size()});
  for (const tag& t : a.tags) {
    h.add(std::string_view(t.name));
    h.add(t.values);
  }
  return h.hex();
}

std::string content_hash(const article& a) {
  return content_id(a).substr(0, 16);
}

}  // namespace rapporteur
