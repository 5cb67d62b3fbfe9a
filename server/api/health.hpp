// GET /healthz and /readyz, for whoever watches over the server.
#pragma once

#include "server/api/service.hpp"

namespace rapporteur::api {

/// Whether the process is alive. Answered without a worker: busy is not dead.
http::asio::awaitable<http::response> get_healthz(const service& s, const http::request& q);

/// Whether searches can be answered: a worker is to be had in time and has the index open. Else the problem that a
/// search would meet.
http::asio::awaitable<http::response> get_readyz(const service& s, const http::request& q);

}  // namespace rapporteur::api
