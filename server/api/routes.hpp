// The API's table of routes.
#pragma once

#include "server/api/operations.hpp"
#include "server/api/service.hpp"
#include "server/http/router.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace rapporteur::api {

/// One row: run answers, or make makes what answers, for routes that keep something of their own.
struct route_row {
  http::bhttp::verb method;
  std::string_view pattern;
  const operation* about;
  http::asio::awaitable<http::response> (*run)(const service&, const http::request&) = nullptr;
  std::optional<http::response> (*admit)(const service&, const http::bhttp::fields&) = nullptr;
  http::handler (*make)(const service&) = nullptr;
};

std::span<const route_row> all_routes() noexcept;
bool has_route(std::string_view pattern) noexcept;

/// Adds every route of the API; s is referred to from then on.
void add_routes(http::router& r, const service& s);

}  // namespace rapporteur::api
