#include "server/http/message.hpp"

#include "server/http/etag.hpp"

#include <array>
#include <ctime>
#include <utility>

namespace rapporteur::http {
namespace {

constexpr std::string_view k_policy = "Content-Security-Policy";

struct security_header {
  std::string_view name, value;
  bool of_documents = true;  // means nothing on what is only ever part of a document
};
constexpr security_header k_security_headers[] = {
    {k_policy,
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
     "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
    {"Referrer-Policy", "no-referrer", false},
    {"X-Content-Type-Options", "nosniff", false},
    {"X-Frame-Options", "DENY"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin", false},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
};

/// Modules and style sheets: a page loads dozens of them, and the page's own policy rules over them. Opened by
/// themselves they are shown as text. (No worker is among them: one would have a policy of its own.)
bool is_part_of_document(std::string_view content_type) noexcept {
  return content_type.starts_with("text/javascript") || content_type.starts_with("text/css");
}

/// What a 304 keeps of the 200 that it stands for (RFC 9110 15.4.5), and the CORS fields, without which a browser would
/// not let the page see it.
constexpr bhttp::field k_kept_by_304[] = {
    bhttp::field::etag,
    bhttp::field::cache_control,
    bhttp::field::vary,
    bhttp::field::content_location,
    bhttp::field::expires,
    bhttp::field::access_control_allow_origin,
    bhttp::field::access_control_expose_headers,
};

}  // namespace

std::string request::field(bhttp::field name) const {
  std::string joined;
  const auto [first, last] = fields.equal_range(name);
  for (auto line = first; line != last; ++line) {
    if (line != first) joined += ", ";
    joined += std::string_view(line->value());
  }
  return joined;
}

void response::add_to_list(bhttp::field name, std::string_view member) {
  const auto present = fields[name];
  if (present.empty()) {
    fields.set(name, member);
    return;
  }
  if (bhttp::token_list{present}.exists(member)) return;
  fields.set(name, std::string(present) + ", " + std::string(member));
}

void apply_conditions(const request& q, response& r) {
  if (r.status != 200 || (q.method != bhttp::verb::get && q.method != bhttp::verb::head)) return;
  const std::string_view etag = r.fields[bhttp::field::etag];
  if (etag.empty() || q.fields.count(bhttp::field::if_none_match) == 0) return;
  if (!none_match_names(q.field(bhttp::field::if_none_match), etag)) return;
  bhttp::fields kept;
  for (const auto name : k_kept_by_304) {
    if (r.fields.count(name) != 0) kept.set(name, r.fields[name]);
  }
  // A browser may put what a 304 says in place of what it keeps.
  if (r.fields.count(k_policy) != 0) kept.set(k_policy, r.fields[k_policy]);
  r.fields = std::move(kept);
  r.status = 304;
  r.body.clear();
  r.shared_body.reset();
  r.stream.reset();
}

void set_security_headers(response& r) {
  const bool is_part = is_part_of_document(r.fields[bhttp::field::content_type]);
  for (const auto& h : k_security_headers) {
    if (is_part && h.of_documents) continue;
    if (h.name == k_policy && r.fields.count(h.name) != 0) continue;
    r.fields.set(h.name, h.value);
  }
}

std::string http_date() {
  constexpr std::array<const char*, 7> k_days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> k_months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t now = std::time(nullptr);
  std::tm t{};
  gmtime_r(&now, &t);
  // strftime would use the locale's names.
  std::array<char, 48> text{};
  const int n = std::snprintf(
      text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT", k_days.at(static_cast<std::size_t>(t.tm_wday)),
      t.tm_mday, k_months.at(static_cast<std::size_t>(t.tm_mon)), t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
  return {text.data(), static_cast<std::size_t>(n)};
}

}  // namespace rapporteur::http
