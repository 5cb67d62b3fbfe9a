// GET and POST /api/v1/search.
#pragma once

#include "server/api/service.hpp"

#include <string>
#include <string_view>

namespace rapporteur::api {

inline constexpr std::string_view k_search_path = "/api/v1/search";

/// Parameters in the query.
http::asio::awaitable<http::response> get_search(const service& s, const http::request& q);

/// Parameters in a form body, so that they stand in no URL and in no log on the way.
http::asio::awaitable<http::response> post_search(const service& s, const http::request& q);

/// The address of the page after r, of which a is the answer; empty if there is none. By relevance it is an offset as
/// long as it may be one, since a reader would rather see the next ten of a changed ranking than be refused.
std::string next_page(const search::request& r, const search::answer& a, const settings& s);

}  // namespace rapporteur::api
