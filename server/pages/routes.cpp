#include "server/pages/routes.hpp"

#include "server/api/of_article.hpp"
#include "server/api/parameters.hpp"
#include "server/api/search.hpp"
#include "server/http/accept.hpp"
#include "server/http/compression.hpp"
#include "server/http/problem.hpp"
#include "server/pages/article_page.hpp"
#include "server/pages/page_request.hpp"
#include "server/pages/problem_page.hpp"
#include "server/pages/results_page.hpp"

#include <memory>
#include <string>
#include <utility>

namespace rapporteur::pages {
namespace {

namespace asio = http::asio;
namespace bhttp = http::bhttp;

/// No script at all: not even one that got into a page by a fault of ours could run.
constexpr std::string_view k_policy =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
constexpr std::string_view k_html = "text/html; charset=utf-8";
constexpr std::uint32_t k_related = 6;

/// What a request for a page needs while it is answered.
struct visitor {
  std::shared_ptr<const page_set> all;
  api::settings defaults;
  linker link;
  const language_pages* in = nullptr;

  visitor(std::shared_ptr<const page_set> pages, const api::service& s, const http::request& q)
      : all(std::move(pages)), defaults(page_settings(s.options)), link{defaults, q.from.prefix, {}} {}
  visitor(const visitor&) = delete;
  visitor& operator=(const visitor&) = delete;

  [[nodiscard]] page_context context() const { return {*all, *in, link}; }
  /// What else than the search the bytes of a page depend on. Without a line break.
  [[nodiscard]] std::string variant() const {
    return "#" + in->words->language() + (link.language.empty() ? "-" : "+") + all->fingerprint();
  }
};

/// Takes the reader's language from the request; what is wrong with `ui`, if anything.
std::optional<api::parameter_error> greet(visitor& v, const http::request& q, const std::string& chosen) {
  v.in = &v.all->choose(q.field(bhttp::field::accept_language));
  if (chosen.empty()) return std::nullopt;
  const auto* found = v.all->find(chosen);
  if (found == nullptr) {
    std::string names;
    for (const auto& l : v.all->languages()) names += (names.empty() ? "" : ", ") + l.words->language();
    return api::parameter_error{{errc::invalid_argument, "ui must be one of " + names + '.'}, "ui"};
  }
  v.in = found;
  v.link.language = found->words->language();
  return std::nullopt;
}

/// Gives any answer what all plain pages have; a problem becomes a page elsewhere (answer_with_page).
http::response complete(const visitor& v, http::response r) {
  if (http::is_problem(r)) return r;
  r.set(bhttp::field::content_language, v.in->words->language());
  r.add_to_list(bhttp::field::vary, "Accept-Language");
  r.fields.set("Content-Security-Policy", k_policy);
  return r;
}

/// Makes a page of a problem below /plain, whoever found it, for all who take one.
void answer_with_page(const page_service& s, const http::request& q, http::response& r) {
  auto pages = s.pages();
  if (pages == nullptr) return;
  r.add_to_list(bhttp::field::vary, "Accept");
  if (q.fields.count(bhttp::field::accept) != 0 && !http::accepts(q.field(bhttp::field::accept), "text/html")) return;
  visitor v(std::move(pages), s.api, q);
  greet(v, q, language_named(q.query));
  to_problem_page(v.context(), q, r);
  http::compress_response(q, r);
  r = complete(v, std::move(r));
}

http::response nothing_here() {
  return http::make_problem({.status = 404, .code = "not_found", .detail = "There is nothing at this address."});
}

api::search_writer writer_of(const visitor& v, const http::request& q, const search::request& asked) {
  return {.path = k_search_path,
          .canonical = api::format_search(asked, v.defaults) + v.variant(),
          .write = [&v, &asked](const search::answer& a) { return results_page(v.context(), asked, a); },
          .finish = [&q](std::string page,
                         const std::string& etag) { return api::answer_response(q, k_html, std::move(page), etag); }};
}

asio::awaitable<http::response> get_results(const page_service& s, const http::request& q) {
  auto pages = s.pages();
  if (pages == nullptr) co_return nothing_here();
  visitor v(std::move(pages), s.api, q);
  if (auto wrong = greet(v, q, language_named(q.query))) co_return api::refuse(*wrong);
  auto parsed = parse_page(q.query, v.defaults);
  if (const auto* bad = std::get_if<api::parameter_error>(&parsed)) co_return api::refuse(*bad);
  const auto asked = std::get<page_request>(std::move(parsed)).search;
  const auto writer = writer_of(v, q, asked);
  co_return complete(v, co_await api::answer_search(s.api, q, for_results(asked), writer));
}

struct article_and_related {
  search::article_answer article;
  search::related_answer related;
  search::index_state index;
};

asio::awaitable<http::response> get_article(const page_service& s, const http::request& q) {
  auto pages = s.pages();
  if (pages == nullptr) co_return nothing_here();
  visitor v(std::move(pages), s.api, q);
  if (auto wrong = greet(v, q, language_named(q.query))) co_return api::refuse(*wrong);
  auto parsed = parse_page(q.query, v.defaults);
  if (const auto* bad = std::get_if<api::parameter_error>(&parsed)) co_return api::refuse(*bad);
  const auto asked = std::get<page_request>(std::move(parsed)).search;
  const auto& id = q.parameters.at(0);
  if (api::is_impossible(id)) co_return api::no_such_article();
  const auto fetch = [&id, &asked](api::search_backend& backend) -> result<article_and_related> {
    auto article = backend.article(id, asked.q, asked.expand);
    if (!article) return article.error();
    search::related_request r;
    r.id = id;
    r.limit = k_related;
    auto related = backend.related(r);
    if (!related) return related.error();
    auto index = article->index;
    return article_and_related{std::move(*article), std::move(*related), std::move(index)};
  };
  const auto write = [&v, &q, &asked](const article_and_related& found, const std::string& etag) {
    return api::answer_response(q, k_html, article_page(v.context(), asked, found.article, found.related), etag);
  };
  auto canonical = api::spell(id, api::format_search(asked, v.defaults)) + v.variant();
  co_return complete(v, co_await api::answer_of_article(s.api, q, k_article_path, std::move(canonical), fetch, write));
}

asio::awaitable<http::response> get_help(const page_service& s, const http::request& q) {
  auto pages = s.pages();
  if (pages == nullptr) co_return nothing_here();
  visitor v(std::move(pages), s.api, q);
  if (auto wrong = greet(v, q, language_named(q.query))) co_return api::refuse(*wrong);
  const auto parsed = parse_language(q.query);
  if (const auto* bad = std::get_if<api::parameter_error>(&parsed)) co_return api::refuse(*bad);
  const auto etag = api::make_etag(s.api.options, {}, k_help_path, v.variant() + q.from.prefix);
  if (api::is_held(q, etag)) co_return complete(v, api::answer_response(q, k_html, {}, etag));
  page_data page;
  const auto c = v.context();
  put_frame(page, c, page_title(c, c.words().text("help_title")), [](const linker& l) { return l.help(); });
  put_form(page, c, what_is_found({}, v.defaults));
  co_return complete(v, api::answer_response(q, k_html, c.in.pages.fill("help", std::move(page)), etag));
}

/// So that an address typed without its last slash leads there, too.
asio::awaitable<http::response> get_without_slash(const page_service& s, const http::request& q) {
  if (s.pages() == nullptr) co_return nothing_here();
  http::response r;
  r.status = 301;
  r.set(bhttp::field::location, q.link(k_search_path) + (q.query.empty() ? "" : "?") + q.query);
  co_return r;
}

constexpr route_row k_routes[] = {
    {"/plain", get_without_slash},
    {k_search_path, get_results},
    {k_article_path, get_article},
    {k_help_path, get_help},
};

}  // namespace

std::span<const route_row> all_routes() noexcept {
  return k_routes;
}

void add_routes(http::router& r, const page_service& s) {
  r.set_problem_pages("plain", [&s](const http::request& q, http::response& a) { answer_with_page(s, q, a); });
  for (const auto& row : k_routes) {
    r.add({.method = bhttp::verb::get,
           .pattern = std::string(row.pattern),
           .run = [&s, run = row.run](const http::request& q) { return run(s, q); },
           .produces = {"text/html"},
           // Pages are looked at, not read by pages of others.
           .cors_origins = std::vector<std::string>{}});
  }
}

}  // namespace rapporteur::pages
