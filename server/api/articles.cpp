#include "server/api/articles.hpp"

#include "server/api/of_article.hpp"

#include <utility>

namespace rapporteur::api {

namespace asio = http::asio;

asio::awaitable<http::response> get_article(const service& s, const http::request& q) {
  const auto parsed = parse_article(q.query, s.options);
  if (const auto* bad = std::get_if<parameter_error>(&parsed)) co_return refuse(*bad);
  const auto& id = q.parameters.at(0);
  if (is_impossible(id)) co_return no_such_article();
  const auto& r = std::get<article_request>(parsed);
  auto fetch = [&id, &r](search_backend& backend) { return backend.article(id, r.q, r.expand); };
  co_return co_await answer_of_article(s, q, "article", spell(id, r.q, spell_switch(r.expand)), fetch);
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
  co_return co_await answer_of_article(s, q, "snippets", std::move(canonical), fetch);
}

}  // namespace rapporteur::api
