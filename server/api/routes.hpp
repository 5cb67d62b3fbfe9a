// The API's table of routes.
#pragma once

#include "server/api/service.hpp"
#include "server/http/router.hpp"

namespace rapporteur::api {

/// Adds every route of the API; s is referred to from then on.
void add_routes(http::router& r, const service& s);

}  // namespace rapporteur::api
