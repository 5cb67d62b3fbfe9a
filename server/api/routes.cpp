#include "server/api/routes.hpp"

#include "server/api/articles.hpp"
#include "server/api/exports.hpp"
#include "server/api/feeds.hpp"
#include "server/api/health.hpp"
#include "server/api/inbox.hpp"
#include "server/api/search.hpp"

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
    {verb::get, "/api/v1/search.csv", get_export<k_csv>},
    {verb::post, "/api/v1/search.csv", get_export<k_csv>},
    {verb::get, "/api/v1/search.jsonl", get_export<k_jsonl>},
    {verb::post, "/api/v1/search.jsonl", get_export<k_jsonl>},
    {verb::get, "/api/v1/search.ris", get_export<k_ris>},
    {verb::post, "/api/v1/search.ris", get_export<k_ris>},
    {verb::get, "/api/v1/search.bib", get_export<k_bibtex>},
    {verb::post, "/api/v1/search.bib", get_export<k_bibtex>},
    {verb::get, "/api/v1/search.csl.json", get_export<k_csl_json>},
    {verb::post, "/api/v1/search.csl.json", get_export<k_csl_json>},
    {verb::get, "/api/v1/search.atom", get_atom},
    {verb::get, "/api/v1/search.feed.json", get_json_feed},
    {verb::get, "/api/v1/articles/{id}", get_article},
    {verb::get, "/api/v1/articles/{id}/snippets", get_snippets},
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
