#include "server/api/articles.hpp"

#include "server/api/of_article.hpp"

#include <utility>

namespace rapporteur::api {

namespace asio = http::asio;
namespace bhttp = http::bhttp;

namespace {

/// The article as a document of that format with nothing else in it. A query changes nothing in it.
asio::awaitable<http::response> get_reference(const service& s, const http::request& q, const export_format& f) {
  const auto work = [&s, &q, &f](search_backend& backend) -> result<http::response> {
    const auto& id = q.parameters.at(0);
    // The state is older than what is read, or the same: at worst the document is fetched once more, never kept too
    // long.
    const auto state = backend.state();
    if (!state) return state.error();
    const auto etag = make_etag(s.options, *state, f.suffix, spell(id));
    std::string document;
    if (!is_held(q, etag)) {
      const auto found = backend.read(id, false);
      if (!found && found.error().code == errc::not_found) return no_such_article();
      if (!found) return found.error();
      const auto writer = f.open({});
      writer->begin(document);
      writer->add(document, *found);
      writer->end(document);
    }
    auto r = answer_response(q, f.content_type, std::move(document), etag);
    r.set(bhttp::field::content_disposition, "attachment; filename=\"article" + std::string(f.suffix) + '"');
    return r;
  };
  co_return co_await on_worker(s, q, "q", work);
}

}  // namespace

asio::awaitable<http::response> get_article(const service& s, const http::request& q) {
  const auto parsed = parse_article(q.query, s.options);
  if (const auto* bad = std::get_if<parameter_error>(&parsed)) co_return refuse(*bad);
  const auto& id = q.parameters.at(0);
  if (is_impossible(id)) co_return no_such_article();
  const auto& r = std::get<article_request>(parsed);
  if (r.reference != nullptr) co_return co_await get_reference(s, q, *r.reference);
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
