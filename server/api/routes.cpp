#include "server/api/routes.hpp"

#include "server/api/articles.hpp"
#include "server/api/health.hpp"
#include "server/api/search.hpp"

namespace rapporteur::api {
namespace {

namespace asio = http::asio;
using http::bhttp::verb;

struct row {
  verb method;
  std::string_view pattern;
  asio::awaitable<http::response> (*run)(const service&, const http::request&);
};

constexpr row k_routes[] = {
    {verb::get, k_search_path, get_search},
    {verb::post, k_search_path, post_search},
    {verb::get, "/api/v1/articles/{id}", get_article},
    {verb::get, "/api/v1/articles/{id}/snippets", get_snippets},
    {verb::get, "/healthz", get_healthz},
    {verb::get, "/readyz", get_readyz},
};

}  // namespace

void add_routes(http::router& r, const service& s) {
  for (const auto& route : k_routes) {
    r.add({route.method, std::string(route.pattern),
           [&s, run = route.run](const http::request& q) { return run(s, q); }});
  }
}

}  // namespace rapporteur::api
