#include "server/http/problem.hpp"

#include "server/http/json_string.hpp"

#include <boost/beast/http/status.hpp>

namespace rapporteur::http {

namespace {

constexpr problem_row k_transport_problems[] = {
    {"malformed", 400, "a request that is not well-formed HTTP"},
    {"not_found", 404, "there is nothing at this address"},
    {"method_not_allowed", 405, "a method that the address does not take; Allow has those that it does"},
    {"not_acceptable", 406, "Accept or Accept-Encoding exclude every form that the answer can have"},
    {"request_timeout", 408, "the request came too slowly"},
    {"body_too_large", 413, "a body above server.max_body_size, or inbox.max_request_size"},
    {"target_too_long", 414, "an address above server.max_target_size"},
    {"expectation_failed", 417, "an Expect other than 100-continue"},
    {"header_too_large", 431, "a header above server.max_header_size"},
    {"internal", 500, "a bug"},
    {"method_unknown", 501, "a method that HTTP does not define"},
    {"transfer_coding_unknown", 501, "a transfer coding other than chunked"},
    {"version_not_supported", 505, "neither HTTP/1.1 nor HTTP/1.0"},
};

constexpr std::string_view k_problem_type = "application/problem+json";

}  // namespace

std::span<const problem_row> transport_problems() noexcept {
  return k_transport_problems;
}

bool is_problem(const response& r) {
  return r.fields[bhttp::field::content_type] == k_problem_type;
}

void add_request_id(response& r, std::string_view id) {
  r.fields.set("X-Request-Id", id);
  if (!is_problem(r) || !r.body.ends_with('}')) return;
  r.body.pop_back();
  r.body += R"(,"request_id":)";
  append_json_string(r.body, id);
  r.body += '}';
}

response make_problem(const problem& p) {
  response r;
  r.status = p.status;
  // RFC 9457 4.2.1: with about:blank the title is the status' own phrase; what tells problems apart is the code.
  r.body = R"({"type":"about:blank","title":)";
  append_json_string(r.body, std::string_view(bhttp::obsolete_reason(bhttp::int_to_status(p.status))));
  r.body += R"(,"status":)" + std::to_string(p.status) + R"(,"detail":)";
  append_json_string(r.body, p.detail);
  r.body += R"(,"code":)";
  append_json_string(r.body, p.code);
  if (!p.parameter.empty()) {
    r.body += R"(,"parameter":)";
    append_json_string(r.body, p.parameter);
  }
  if (!p.values.empty()) r.body.append(R"(,"values":)").append(p.values);
  if (p.article != 0) r.body += R"(,"article":)" + std::to_string(p.article);
  if (p.line != 0) r.body += R"(,"line":)" + std::to_string(p.line);
  r.body += '}';
  r.set(bhttp::field::content_type, k_problem_type);
  r.set(bhttp::field::cache_control, "no-store");
  if (p.retry_after.count() > 0) r.set(bhttp::field::retry_after, std::to_string(p.retry_after.count()));
  return r;
}

}  // namespace rapporteur::http
