// GET /api/v1/articles/{id}/why.
#pragma once

#include "server/api/service.hpp"

namespace rapporteur::api {

/// Which parts of a query the article has and lacks, and what each weighs.
http::asio::awaitable<http::response> get_why(const service& s, const http::request& q);

}  // namespace rapporteur::api
