// GET /openapi.json: an OpenAPI 3.1 document made of the table of routes, with the bounds of this configuration.
#pragma once

#include "server/api/service.hpp"
#include "server/http/message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::api {

/// A code that a problem can have, with its status.
struct problem_code {
  std::string_view code;
  unsigned status;
  std::string_view meaning;  ///< empty: the detail says it
};

/// Every one, sorted; those found below the API too. A code can have only one status.
std::vector<problem_code> all_problem_codes();

/// The document; prefix: what paths begin with as the client sees them.
std::string openapi_document(const settings& s, std::string_view prefix);

http::handler serve_openapi(const service& s);

}  // namespace rapporteur::api
