// GET and POST /api/v1/search.
#pragma once

#include "server/api/service.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace rapporteur::api {

inline constexpr std::string_view k_search_path = "/api/v1/search";

/// How the answer to a search is written: as JSON, or as a page.
struct search_writer {
  std::string_view path;  ///< of the route: what keeps the answers of one writer from those of another
  std::string canonical;  ///< the request in its one spelling, and all else that the bytes depend on but the index and
                          ///< where links lead; without a line break
  std::function<std::string(const search::answer&)> write;  ///< what may be kept; on a worker
  /// The response with what write made, which may come from the cache. etag may be empty. On a worker.
  std::function<http::response(std::string written, const std::string& etag)> finish;
};

/// Answers r: from what the client holds, the cache, an equal request under way, or a search. All must outlive it.
http::asio::awaitable<http::response> answer_search(const service& s, const http::request& q, const search::request& r,
                                                    const search_writer& w);

/// Parameters in the query.
http::asio::awaitable<http::response> get_search(const service& s, const http::request& q);

/// Parameters in a form body, so that they stand in no URL and in no log on the way.
http::asio::awaitable<http::response> post_search(const service& s, const http::request& q);

/// The address of the page after r, of which a is the answer; empty if there is none. By relevance it is an offset as
/// long as it may be one, since a reader would rather see the next ten of a changed ranking than be refused.
std::string next_page(const search::request& r, const search::answer& a, const settings& s);

}  // namespace rapporteur::api
