// The plain pages' table of routes. They are for people and not part of the API, so /openapi.json does not have them;
// what they answer is made by the API's own steps.
#pragma once

#include "server/api/service.hpp"
#include "server/http/router.hpp"
#include "server/pages/page_set.hpp"

#include <span>
#include <string_view>

namespace rapporteur::pages {

/// Outlives the server that uses it.
struct page_service {
  const api::service& api;
  page_source pages;  ///< asked for each request; where it gives null, there is nothing at these addresses
};

struct route_row {
  std::string_view pattern;
  http::asio::awaitable<http::response> (*run)(const page_service&, const http::request&);
};

std::span<const route_row> all_routes() noexcept;

/// Adds them to the router; s is referred to from then on.
void add_routes(http::router& r, const page_service& s);

}  // namespace rapporteur::pages
