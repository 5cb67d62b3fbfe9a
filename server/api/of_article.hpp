// What the routes below /api/v1/articles/{id} share: ids, ETags, and from an answer to its JSON.
#pragma once

#include "index/article.hpp"
#include "server/api/json.hpp"
#include "server/api/service.hpp"
#include "server/http/uri.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace rapporteur::api {

/// No article can have such an id, so there is nothing to ask the index.
inline bool is_impossible(std::string_view id) noexcept {
  return id.empty() || id.size() > k_max_article_id_bytes;
}

inline http::response no_such_article() {
  return to_problem({errc::not_found, "There is no article with this id."});
}

/// The steps of each of them: ETag, 304, fetch(backend), whose answer has its index, and write(answer, etag), which
/// makes the response.
template <class Fetch, class Write>
http::asio::awaitable<http::response> answer_of_article(const service& s, const http::request& q,
                                                        std::string_view route, std::string canonical, Fetch fetch,
                                                        Write write) {
  auto work = [&s, &q, route, canonical = std::move(canonical), fetch = std::move(fetch),
               write = std::move(write)](search_backend& backend) -> result<http::response> {
    const auto state = backend.state();
    if (!state) return state.error();
    auto etag = make_etag(s.options, *state, route, canonical);
    // Only what exists has an ETag that a client can hold.
    if (is_held(q, etag)) return json_response(q, {}, etag);
    const auto found = fetch(backend);
    if (!found) {
      if (found.error().code == errc::not_found) return no_such_article();
      return found.error();
    }
    etag = make_etag(s.options, found->index, route, canonical);
    return write(*found, etag);
  };
  co_return co_await on_worker(s, q, "q", std::move(work));
}

/// The same, as JSON.
template <class Fetch>
http::asio::awaitable<http::response> answer_of_article(const service& s, const http::request& q,
                                                        std::string_view route, std::string canonical, Fetch fetch) {
  const auto write = [&q](const auto& found, const std::string& etag) {
    return json_response(q, to_json(found, http::clock::now() - q.received), etag);
  };
  co_return co_await answer_of_article(s, q, route, std::move(canonical), std::move(fetch), write);
}

/// What was asked for, spelt out with each part apart.
template <class... Parts>
std::string spell(const Parts&... parts) {
  std::string out;
  ((http::percent_encode(out, parts), out += '&'), ...);
  return out;
}

inline std::string_view spell_switch(bool on) {
  return on ? "on" : "off";
}

}  // namespace rapporteur::api
