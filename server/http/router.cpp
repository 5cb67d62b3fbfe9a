#include "server/http/router.hpp"

#include "server/http/accept.hpp"
#include "server/http/compression.hpp"
#include "server/http/problem.hpp"

#include <algorithm>
#include <utility>

namespace rapporteur::http {
namespace {

bool is_parameter(std::string_view segment) noexcept {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

bool matches(const std::vector<std::string>& pattern, const std::vector<std::string>& segments) noexcept {
  return std::equal(pattern.begin(), pattern.end(), segments.begin(), segments.end(),
                    [](const std::string& p, const std::string& s) { return is_parameter(p) ? !s.empty() : p == s; });
}

/// The methods of a path as Allow lists them: what the table has, HEAD with GET, and OPTIONS.
void add_allowed(std::string& allow, bhttp::verb method) {
  if (!allow.empty()) allow += ", ";
  allow += std::string_view(bhttp::to_string(method));
  if (method == bhttp::verb::get) allow += ", HEAD";
}

/// What a page of another origin may read of an answer, besides what every page may (Fetch standard 4.10).
constexpr std::string_view k_exposed_headers = "Content-Disposition, ETag, Link, Location, Retry-After, X-Request-Id";
constexpr std::string_view k_nothing_here = "There is nothing at this address.";

bool is_any(const std::vector<std::string>& origins) noexcept {
  return origins.size() == 1 && origins.front() == "*";
}

bool allows(const std::vector<std::string>& origins, std::string_view origin) noexcept {
  return !origin.empty() && (is_any(origins) || std::ranges::find(origins, origin) != origins.end());
}

bool takes_one_of(const request& q, const std::vector<std::string>& types) {
  if (types.empty() || q.fields.count(bhttp::field::accept) == 0) return true;
  const auto accept = q.field(bhttp::field::accept);
  return std::ranges::any_of(types, [&accept](const std::string& type) { return accepts(accept, type); });
}

bool takes_a_coding(const request& q) {
  return q.fields.count(bhttp::field::accept_encoding) == 0 ||
         parse_accept_encoding(q.field(bhttp::field::accept_encoding)).any();
}

response not_acceptable() {
  return make_problem(
      {.status = 406,
       .code = "not_acceptable",
       .detail = "The Accept or Accept-Encoding header excludes every form that this answer can have."});
}

/// Why a route does not take a request of this header, whatever its body is.
std::optional<response> refusal_of(const route& row, const bhttp::fields& fields) {
  if (row.admit) {
    if (auto refused = row.admit(fields)) return refused;
  }
  // No route unpacks what it is sent: read as it is, it would be refused for what it is not.
  const auto coding = fields[bhttp::field::content_encoding];
  if (row.method != bhttp::verb::post || coding.empty() || beast::iequals(coding, "identity")) return std::nullopt;
  auto r = make_problem({.status = 415,
                         .code = "unsupported_media_type",
                         .detail = "A body with a Content-Encoding is not taken here: send it as it is."});
  r.set(bhttp::field::accept_encoding, "identity");  // RFC 9110 12.5.3
  return r;
}

response internal_problem() {
  return make_problem({.status = 500, .code = "internal", .detail = "The server failed to answer. This is a bug."});
}

}  // namespace

router::router(std::vector<std::string> cors_origins) : cors_origins_(std::move(cors_origins)) {}

void router::add(route r) {
  auto segments = split_path(r.pattern).value_or(std::vector<std::string>{});
  entries_.push_back({std::move(r), std::move(segments)});
}

void router::set_fallback(std::string name, handler h) {
  fallback_name_ = std::move(name);
  fallback_ = std::move(h);
}

void router::set_problem_pages(std::string first_segment, std::function<void(const request&, response&)> f) {
  problem_pages_segment_ = std::move(first_segment);
  problem_pages_ = std::move(f);
}

void router::to_page(const request& q, response& r) const {
  if (!problem_pages_ || q.segments.empty() || q.segments.front() != problem_pages_segment_ || !is_problem(r)) return;
  try {
    auto page = r;
    problem_pages_(q, page);
    r = std::move(page);
  } catch (...) {  // NOLINT(bugprone-empty-catch): the problem says it, too
  }
}

router::resolved router::resolve(request& q) const {
  const auto method = q.method == bhttp::verb::head ? bhttp::verb::get : q.method;
  resolved found;
  for (const auto& e : entries_) {
    if (!matches(e.segments, q.segments)) continue;
    found.pattern = e.row.pattern;
    found.of_path.push_back(&e);
    add_allowed(found.allow, e.row.method);
    if (e.row.method != method) continue;
    found.chosen = &e;
  }
  if (!found.allow.empty()) found.allow += ", OPTIONS";
  if (found.chosen != nullptr) {
    q.parameters.clear();
    for (std::size_t i = 0; i < q.segments.size(); ++i) {
      if (is_parameter(found.chosen->segments[i])) q.parameters.push_back(q.segments[i]);
    }
  }
  return found;
}

const std::vector<std::string>& router::origins_of(const entry* e) const {
  return e != nullptr && e->row.cors_origins ? *e->row.cors_origins : cors_origins_;
}

// The CORS protocol of the Fetch standard (3.2). No answer depends on cookies, so "*" can be said as it is.
void router::apply_cors(const resolved& found, bhttp::verb method, const bhttp::fields& fields, response& r) const {
  const auto origin = fields[bhttp::field::origin];
  if (method == bhttp::verb::options && fields.count(bhttp::field::access_control_request_method) != 0) {
    apply_preflight(found, origin, fields, r);
    return;
  }
  const auto& origins = origins_of(found.chosen);
  if (origins.empty()) return;
  if (is_any(origins)) {
    r.set(bhttp::field::access_control_allow_origin, "*");
  } else {
    r.add_to_list(bhttp::field::vary, "Origin");
    if (!allows(origins, origin)) return;
    r.set(bhttp::field::access_control_allow_origin, origin);
  }
  r.set(bhttp::field::access_control_expose_headers, k_exposed_headers);
}

void router::apply_preflight(const resolved& found, std::string_view origin, const bhttp::fields& fields,
                             response& r) const {
  const std::string_view asked = fields[bhttp::field::access_control_request_method];
  const std::string_view wanted = asked == "HEAD" ? std::string_view("GET") : asked;
  std::string methods;
  const std::vector<std::string>* granting = nullptr;
  const auto consider = [&](const entry* e, bhttp::verb method) {
    const auto& origins = origins_of(e);
    if (origins.empty()) return;
    r.add_to_list(bhttp::field::vary, "Origin");
    if (!allows(origins, origin)) return;
    add_allowed(methods, method);
    if (wanted == std::string_view(bhttp::to_string(method))) granting = &origins;
  };
  for (const auto* e : found.of_path) consider(e, e->row.method);
  if (found.of_path.empty()) consider(nullptr, bhttp::verb::get);
  if (granting == nullptr) return;
  r.set(bhttp::field::access_control_allow_origin, is_any(*granting) ? std::string_view("*") : origin);
  r.set(bhttp::field::access_control_allow_methods, methods);
  r.set(bhttp::field::access_control_allow_headers, "Authorization, Content-Type, If-None-Match");
  r.set(bhttp::field::access_control_max_age, "600");
}

asio::awaitable<response> router::answer_fallback(const request& q) const {
  if (!fallback_) co_return make_problem({.status = 404, .code = "not_found", .detail = k_nothing_here});
  if (!takes_a_coding(q)) co_return not_acceptable();
  co_return co_await fallback_(q);
}

asio::awaitable<response> router::answer(request& q, resolved& found) const {
  response r;
  if (found.chosen != nullptr) {
    const auto& row = found.chosen->row;
    if (auto refusal = refusal_of(row, q.fields)) {
      r = std::move(*refusal);
    } else if (!takes_one_of(q, row.produces) || !takes_a_coding(q)) {
      r = not_acceptable();
    } else {
      r = co_await row.run(q);
    }
  } else if (q.method == bhttp::verb::unknown) {
    r = make_problem({.status = 501, .code = "method_unknown", .detail = "This method is not known here."});
  } else if (found.allow.empty() && (q.method == bhttp::verb::get || q.method == bhttp::verb::head)) {
    found.pattern = fallback_name_;
    r = co_await answer_fallback(q);
  } else {
    if (found.allow.empty()) found.allow = "GET, HEAD, OPTIONS";
    if (q.method == bhttp::verb::options) {
      r.status = 204;
    } else {
      r = make_problem({.status = 405,
                        .code = "method_not_allowed",
                        .detail = "This address does not take that method; see the Allow header."});
    }
    r.set(bhttp::field::allow, found.allow);
  }
  r.route = found.pattern;
  co_return r;
}

admission router::admit(request& q, const bhttp::fields& fields) const {
  admission a;
  try {
    const auto found = resolve(q);
    if (found.chosen == nullptr) return a;
    const auto& row = found.chosen->row;
    a.max_body_bytes = row.max_body_bytes;
    a.refusal = refusal_of(row, fields);
    if (a.refusal) a.refusal->route = found.pattern;
  } catch (...) {
    a.refusal = internal_problem();
  }
  return a;
}

void router::complete(request& q, response& r) const {
  to_page(q, r);
  apply_cors(resolve(q), q.method, q.fields, r);
  set_security_headers(r);
}

asio::awaitable<response> router::dispatch(request& q) const {
  response r;
  auto found = resolve(q);
  try {
    r = co_await answer(q, found);
  } catch (...) {
    r = internal_problem();
    r.route = found.pattern;
  }
  to_page(q, r);
  apply_cors(found, q.method, q.fields, r);
  apply_conditions(q, r);
  set_security_headers(r);
  co_return r;
}

}  // namespace rapporteur::http
