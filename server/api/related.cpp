#include "server/api/related.hpp"

#include "server/api/json_writer.hpp"
#include "server/api/of_article.hpp"

#include <utility>

namespace rapporteur::api {

namespace asio = http::asio;

std::string to_json(const search::related_answer& a, std::chrono::nanoseconds took) {
  json_writer w;
  w.open('{');
  w.key("id").text(a.id);
  put_runs(w.key("title"), a.title);
  put_texts(w.key("by"), a.by);
  put_array(w.key("hits"), a.hits, [&w](const search::hit& h) { put_hit(w, h); });
  put_index(w, a.index);
  put_took(w, took);
  w.close('}');
  return w.take();
}

asio::awaitable<http::response> get_related(const service& s, const http::request& q) {
  auto parsed = parse_related(q.query, s.options);
  if (const auto* bad = std::get_if<parameter_error>(&parsed)) co_return refuse(*bad);
  search::related_request r = std::get<search::related_request>(std::move(parsed));
  r.id = q.parameters.at(0);
  if (is_impossible(r.id)) co_return no_such_article();
  std::string canonical = spell(r.id, format_related(r));
  // A name, and nothing but references in it: g++ 12 destroys captures of a temporary twice where a coroutine waits.
  const auto fetch = [&r](search_backend& backend) { return backend.related(r); };
  co_return co_await answer_of_article(s, q, "related", std::move(canonical), fetch);
}

}  // namespace rapporteur::api
