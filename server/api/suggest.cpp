#include "server/api/suggest.hpp"

#include "server/api/json_writer.hpp"

#include <utility>

namespace rapporteur::api {
namespace {

namespace asio = http::asio;
namespace bhttp = http::bhttp;

std::string_view name_of(search::suggestion_kind k) noexcept {
  switch (k) {
    case search::suggestion_kind::word:
      return "word";
    case search::suggestion_kind::phrase:
      return "phrase";
    case search::suggestion_kind::name:
      return "name";
    case search::suggestion_kind::author:
      return "author";
    case search::suggestion_kind::outlet:
      return "outlet";
    case search::suggestion_kind::title:
      return "title";
  }
  return "word";
}

/// Of what write(suggestions) makes, with as many of the suggestions as fit, and blanks behind it.
template <class F>
std::string padded(std::size_t suggestions, std::uint32_t limit, F write) {
  const std::size_t size = suggest_answer_bytes(limit);
  std::string out = write(suggestions);
  while (out.size() > size && suggestions > 0) out = write(--suggestions);
  if (out.size() < size) out.append(size - out.size(), ' ');
  return out;
}

asio::awaitable<http::response> answer_suggestions(const service& s, const http::request& q, std::string_view form) {
  auto parsed = parse_suggest(form);
  if (const auto* bad = std::get_if<parameter_error>(&parsed)) co_return refuse(*bad);
  auto work = [&q,
               r = std::get<suggest_request>(std::move(parsed))](search_backend& backend) -> result<http::response> {
    const auto found = backend.suggest(r.q, r.limit);
    if (!found) return found.error();
    http::response out;
    out.set(bhttp::field::cache_control, "no-store");
    if (r.opensearch) {
      out.set(bhttp::field::content_type, "application/x-suggestions+json");
      out.body = to_opensearch(*found, r.q, r.limit);
    } else {
      out.set(bhttp::field::content_type, "application/json");
      out.body = to_json(*found, r.q, r.limit, http::clock::now() - q.received);
    }
    return out;
  };
  co_return co_await on_worker(s, q, "q", std::move(work));
}

}  // namespace

std::string to_json(const search::suggest_answer& a, std::string_view q, std::uint32_t limit,
                    std::chrono::nanoseconds took) {
  return padded(a.suggestions.size(), limit, [&](std::size_t count) {
    json_writer w;
    w.open('{');
    w.key("q").text(q);
    w.key("suggestions").open('[');
    for (std::size_t i = 0; i < count; ++i) {
      const search::suggestion& x = a.suggestions[i];
      w.open('{');
      w.key("text").text(x.text);
      w.key("kind").text(name_of(x.kind));
      if (x.articles) w.key("articles").number(*x.articles);
      put_text(w, "id", x.id);
      w.close('}');
    }
    w.close(']');
    w.key("complete").boolean(a.complete);
    put_index(w, a.index);
    put_took(w, took);
    w.close('}');
    return w.take();
  });
}

std::string to_opensearch(const search::suggest_answer& a, std::string_view q, std::uint32_t limit) {
  return padded(a.suggestions.size(), limit, [&](std::size_t count) {
    json_writer w;
    const auto each = [&](auto put) {
      w.open('[');
      for (std::size_t i = 0; i < count; ++i) put(a.suggestions[i]);
      w.close(']');
    };
    w.open('[');
    w.text(q);
    each([&w](const search::suggestion& x) { w.text(x.text); });
    each([&w](const search::suggestion& x) {
      std::string about(name_of(x.kind));
      if (x.articles) about += *x.articles == 1 ? ", 1 article" : ", " + std::to_string(*x.articles) + " articles";
      w.text(about);
    });
    // The fourth list is of addresses; an engine without any gives none.
    w.open('[');
    w.close(']');
    w.close(']');
    return w.take();
  });
}

asio::awaitable<http::response> get_suggestions(const service& s, const http::request& q) {
  co_return co_await answer_suggestions(s, q, q.query);
}

asio::awaitable<http::response> post_suggestions(const service& s, const http::request& q) {
  if (auto refused = refuse_other_than_form(q)) co_return std::move(*refused);
  co_return co_await answer_suggestions(s, q, q.body);
}

}  // namespace rapporteur::api
