// GET /api/v1/search.atom and /api/v1/search.feed.json: what came in last of what a search finds, for feed readers.
#pragma once

#include "server/api/service.hpp"

namespace rapporteur::api {

http::asio::awaitable<http::response> get_atom(const service& s, const http::request& q);
http::asio::awaitable<http::response> get_json_feed(const service& s, const http::request& q);

}  // namespace rapporteur::api
