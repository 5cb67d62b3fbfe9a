#include "server/http/router.hpp"

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

router::resolved router::resolve(request& q) const {
  const auto method = q.method == bhttp::verb::head ? bhttp::verb::get : q.method;
  resolved found;
  for (const auto& e : entries_) {
    if (!matches(e.segments, q.segments)) continue;
    found.pattern = e.row.pattern;
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

void router::apply_cors(bhttp::verb method, const bhttp::fields& fields, response& r) const {
  if (cors_origins_.empty()) return;
  r.add_to_list(bhttp::field::vary, "Origin");
  const auto origin = fields[bhttp::field::origin];
  if (origin.empty()) return;
  const bool allowed = std::any_of(cors_origins_.begin(), cors_origins_.end(),
                                   [origin](const std::string& o) { return o == "*" || o == origin; });
  if (!allowed) return;
  r.set(bhttp::field::access_control_allow_origin, origin);
  r.set(bhttp::field::access_control_expose_headers, "ETag, Location, Retry-After");
  if (method == bhttp::verb::options && fields.count(bhttp::field::access_control_request_method) != 0) {
    r.set(bhttp::field::access_control_allow_methods, r.fields[bhttp::field::allow]);
    r.set(bhttp::field::access_control_allow_headers, "Authorization, Content-Type, If-None-Match");
    r.set(bhttp::field::access_control_max_age, "600");
  }
}

asio::awaitable<response> router::answer(request& q) const {
  auto found = resolve(q);
  response r;
  if (found.chosen != nullptr) {
    const auto& row = found.chosen->row;
    if (auto refusal = row.admit ? row.admit(q.fields) : std::nullopt) {
      r = std::move(*refusal);
    } else {
      r = co_await row.run(q);
    }
  } else if (q.method == bhttp::verb::unknown) {
    r = make_problem({.status = 501, .code = "method_unknown", .detail = "This method is not known here."});
  } else if (found.allow.empty() && (q.method == bhttp::verb::get || q.method == bhttp::verb::head)) {
    found.pattern = fallback_name_;
    if (fallback_) {
      r = co_await fallback_(q);
    } else {
      r = make_problem({.status = 404, .code = "not_found", .detail = "There is nothing at this address."});
    }
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
    if (row.admit) a.refusal = row.admit(fields);
    if (a.refusal) a.refusal->route = found.pattern;
  } catch (...) {
    a.refusal = internal_problem();
  }
  if (a.refusal) {
    apply_cors(q.method, fields, *a.refusal);
    set_security_headers(*a.refusal);
  }
  return a;
}

asio::awaitable<response> router::dispatch(request& q) const {
  response r;
  try {
    r = co_await answer(q);
  } catch (...) {
    r = internal_problem();
  }
  apply_cors(q.method, q.fields, r);
  apply_conditions(q, r);
  set_security_headers(r);
  co_return r;
}

}  // namespace rapporteur::http
