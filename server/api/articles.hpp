// GET /api/v1/articles/{id} and /api/v1/articles/{id}/snippets.
#pragma once

#include "server/api/service.hpp"

namespace rapporteur::api {

/// The whole article, with what the optional q matches marked; or, with format, a reference to it.
http::asio::awaitable<http::response> get_article(const service& s, const http::request& q);

/// The best passages of one article for q.
http::asio::awaitable<http::response> get_snippets(const service& s, const http::request& q);

}  // namespace rapporteur::api
