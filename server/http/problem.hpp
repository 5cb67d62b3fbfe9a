// The one shape in which errors leave the server: application/problem+json (RFC 9457).
//
// Knows statuses and codes as text; which error of the product has which status is server/api's table.
#pragma once

#include "server/http/message.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>

namespace rapporteur::http {

struct problem {
  unsigned status = 500;
  std::string_view code;                ///< stable, for programs
  std::string_view detail;              ///< for people; must not hold what the client is not to know
  std::string_view parameter = {};      ///< the request's parameter at fault, if it is one
  std::chrono::seconds retry_after{0};  ///< above 0: sent as Retry-After
  std::uint64_t article = 0;            ///< above 0: which of the articles that were sent is at fault
  std::uint64_t line = 0;               ///< above 0: and in which line of the body
  /// What the detail tells, by names, so that it can be told in another language: a JSON object, written as it is.
  std::string_view values = {};
};

/// {"type":"about:blank","title":…,"status":…,"detail":…,"code":…[,"parameter":…][,"values":…][,"article":…][,"line":…]};
/// not to be stored by caches.
response make_problem(const problem& p);

/// Whether a response is one.
bool is_problem(const response& r);

/// Adds "request_id" to a problem and X-Request-Id to any response, so that what a user reports can be found in the
/// log.
void add_request_id(response& r, std::string_view id);

/// A problem that is found here, below the API.
struct problem_row {
  std::string_view code;
  unsigned status;
  std::string_view meaning;  ///< for the documentation: when it is met
};
std::span<const problem_row> transport_problems() noexcept;

}  // namespace rapporteur::http
