#include "server/api/routes.hpp"

#include "server/api/articles.hpp"
#include "server/api/health.hpp"
#include "server/api/inbox.hpp"
#include "server/api/related.hpp"
#include "server/api/search.hpp"
#include "server/api/suggest.hpp"
#include "server/api/why.hpp"

namespace rapporteur::api {
namespace {

namespace asio = http::asio;
using http::bhttp::verb;

struct row {
  verb method;
  std::string_view pattern;
  asio::awaitable<http::response> (*run)(const service&, const http::request&);
  std::optional<http::response> (*admit)(const service&, const http::bhttp::fields&) = nullptr;
};

constexpr row k_routes[] = {
    {verb::get, k_search_path, get_search},
    {verb::post, k_search_path, post_search},
    {verb::get, "/api/v1/articles/{id}", get_article},
    {verb::get, "/api/v1/articles/{id}/snippets", get_snippets},
    {verb::get, "/api/v1/articles/{id}/related", get_related},
    {verb::get, "/api/v1/articles/{id}/why", get_why},
    {verb::get, "/api/v1/suggest", get_suggestions},
    {verb::post, "/api/v1/suggest", post_suggestions},
    {verb::post, "/api/v1/articles", post_articles, admit_articles},
    {verb::delete_, "/api/v1/articles/{id}", delete_article, admit_poster},
    {verb::get, "/api/v1/inbox/{ticket}", get_receipt, admit_poster},
    {verb::get, "/healthz", get_healthz},
    {verb::get, "/readyz", get_readyz},
};

}  // namespace

void add_routes(http::router& r, const service& s) {
  for (const auto& row : k_routes) {
    http::route route{.method = row.method,
                      .pattern = std::string(row.pattern),
                      .run = [&s, run = row.run](const http::request& q) { return run(s, q); }};
    if (row.admit != nullptr) {
      route.admit = [&s, admit = row.admit](const http::bhttp::fields& fields) { return admit(s, fields); };
    }
    if (row.admit == admit_articles && s.inbox != nullptr) route.max_body_bytes = s.inbox->max_request_bytes;
    r.add(std::move(route));
  }
}

}  // namespace rapporteur::api
