#include "server/http/problem.hpp"

#include "server/http/json_string.hpp"

#include <boost/beast/http/status.hpp>

namespace rapporteur::http {

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
  if (p.article != 0) r.body += R"(,"article":)" + std::to_string(p.article);
  if (p.line != 0) r.body += R"(,"line":)" + std::to_string(p.line);
  r.body += '}';
  r.set(bhttp::field::content_type, "application/problem+json");
  r.set(bhttp::field::cache_control, "no-store");
  if (p.retry_after.count() > 0) r.set(bhttp::field::retry_after, std::to_string(p.retry_after.count()));
  return r;
}

}  // namespace rapporteur::http
