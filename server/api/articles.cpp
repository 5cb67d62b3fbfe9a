#include "server/api/articles.hpp"

#include "index/article.hpp"
#include "server/api/json.hpp"
#include "server/api/problem.hpp"
#include "server/http/uri.hpp"

#include <utility>

namespace rapporteur::api {
namespace {

namespace asio = http::asio;

/// No article can have such an id, so there is nothing to ask the index.
bool is_impossible(std::string_view id) noexcept {
  return id.empty() || id.size() > k_max_article_id_bytes;
}

http::response no_such_article() {
  return to_problem({errc::not_found, "There is no article with this id."});
}

/// The steps that both routes share: ETag, 304, fetch(backend) and its JSON.
template <class Fetch>
asio::awaitable<http::response> answer(const service& s, const http::request& q, std::string_view route,
                                       std::string canonical, Fetch fetch) {
  auto work = [&s, &q, route, canonical = std::move(canonical),
               fetch = std::move(fetch)](search_backend& backend) -> result<http::response> {
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
    return json_response(q, to_json(*found, http::clock::now() - q.received), etag);
  };
  co_return co_await on_worker(s, q, "q", std::move(work));
}

/// What was asked for, spelt out with each part apart.
template <class... Parts>
std::string spell(const Parts&... parts) {
  std::string out;
  ((http::percent_encode(out, parts), out += '&'), ...);
  return out;
}

std::string_view spell_switch(bool on) {
  return on ? "on" : "off";
}

}  // namespace

asio::awaitable<http::response> get_article(const service& s, const http::request& q) {
  const auto parsed = parse_article(q.query, s.options);
  if (const auto* bad = std::get_if<parameter_error>(&parsed)) co_return refuse(*bad);
  const auto& id = q.parameters.at(0);
  if (is_impossible(id)) co_return no_such_article();
  const auto& r = std::get<article_request>(parsed);
  auto fetch = [&id, &r](search_backend& backend) { return backend.article(id, r.q, r.expand); };
  co_return co_await answer(s, q, "article", spell(id, r.q, spell_switch(r.expand)), fetch);
}

asio::awaitable<http::response> get_snippets(const service& s, const http::request& q) {
  const auto parsed = parse_snippets(q.query, s.options);
  if (const auto* bad = std::get_if<parameter_error>(&parsed)) co_return refuse(*bad);
  const auto& id = q.parameters.at(0);
  if (is_impossible(id)) co_return no_such_article();
  const auto& r = std::get<snippets_request>(parsed);
  auto fetch = [&id, &r](search_backend& backend) {
    return backend.snippets(id, r.q, r.snippets, r.snippet_chars, r.expand);
  };
  auto canonical = spell(id, r.q, std::to_string(r.snippets), std::to_string(r.snippet_chars), spell_switch(r.expand));
  co_return co_await answer(s, q, "snippets", std::move(canonical), fetch);
}

}  // namespace rapporteur::api
