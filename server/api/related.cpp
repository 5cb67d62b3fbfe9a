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
  auto r = std::get<search::related_request>(std::move(parsed));
  r.id = q.parameters.at(0);
  if (is_impossible(r.id)) co_return no_such_article();
  const std::string canonical = spell(r.id, format_related(r));
  co_return co_await answer_of_article(s, q, "related", canonical,
                                       [r = std::move(r)](search_backend& backend) { return backend.related(r); });
}

}  // namespace rapporteur::api
