// POST /api/v1/articles, DELETE /api/v1/articles/{id} and GET /api/v1/inbox/{ticket}: for who has the key.
//
// Accepted is what is in the inbox and on the disk; rapporteur-index takes it from there. Nothing here reads or writes
// the index, and no article's text is logged.
#pragma once

#include "index/inbox.hpp"
#include "server/api/service.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rapporteur::api {

/// What the routes of the inbox need; service::inbox is null where there is no key. Outlives the server.
struct posting {
  index::inbox& folder;
  /// Not those that search: a slow disk must not hold up searches. One is enough, and keeps requests in their order.
  http::worker_pool& workers;
  const http::log_hooks& log;
  std::string key;                        ///< not empty
  std::vector<std::string> cors_origins;  ///< whose pages may use these routes; see http::route
  std::uint64_t max_request_bytes = 0;
  std::size_t max_articles = 0;
};

/// Before a body is read: 403 where there is no key, 401 (RFC 6750) for who does not have it.
std::optional<http::response> admit_poster(const service& s, const http::bhttp::fields& fields);
/// The same, and 415 for what is neither JSON nor JSON Lines.
std::optional<http::response> admit_articles(const service& s, const http::bhttp::fields& fields);

http::asio::awaitable<http::response> post_articles(const service& s, const http::request& q);
http::asio::awaitable<http::response> delete_article(const service& s, const http::request& q);
http::asio::awaitable<http::response> get_receipt(const service& s, const http::request& q);

}  // namespace rapporteur::api
