// GET /api/v1/articles/{id}/related.
#pragma once

#include "server/api/service.hpp"

namespace rapporteur::api {

/// The articles that are most like one.
http::asio::awaitable<http::response> get_related(const service& s, const http::request& q);

}  // namespace rapporteur::api
