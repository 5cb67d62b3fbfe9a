#include "server/api/routes.hpp"

#include "server/api/articles.hpp"
#include "server/api/exports.hpp"
#include "server/api/feeds.hpp"
#include "server/api/health.hpp"
#include "server/api/inbox.hpp"
#include "server/api/metrics.hpp"
#include "server/api/openapi.hpp"
#include "server/api/opensearch.hpp"
#include "server/api/related.hpp"
#include "server/api/search.hpp"
#include "server/api/stats.hpp"
#include "server/api/suggest.hpp"
#include "server/api/why.hpp"

#include <algorithm>

namespace rapporteur::api {
namespace {

using http::bhttp::verb;

constexpr route_row k_routes[] = {
    {verb::get, k_search_path, &operations::search, get_search},
    {verb::post, k_search_path, &operations::search_form, post_search},
    {verb::get, "/api/v1/search.csv", &operations::export_csv, get_export<k_csv>},
    {verb::post, "/api/v1/search.csv", &operations::export_csv_form, get_export<k_csv>},
    {verb::get, "/api/v1/search.jsonl", &operations::export_jsonl, get_export<k_jsonl>},
    {verb::post, "/api/v1/search.jsonl", &operations::export_jsonl_form, get_export<k_jsonl>},
    {verb::get, "/api/v1/search.ris", &operations::export_ris, get_export<k_ris>},
    {verb::post, "/api/v1/search.ris", &operations::export_ris_form, get_export<k_ris>},
    {verb::get, "/api/v1/search.bib", &operations::export_bibtex, get_export<k_bibtex>},
    {verb::post, "/api/v1/search.bib", &operations::export_bibtex_form, get_export<k_bibtex>},
    {verb::get, "/api/v1/search.csl.json", &operations::export_csl_json, get_export<k_csl_json>},
    {verb::post, "/api/v1/search.csl.json", &operations::export_csl_json_form, get_export<k_csl_json>},
    {verb::get, "/api/v1/search.atom", &operations::atom, get_atom},
    {verb::get, "/api/v1/search.feed.json", &operations::json_feed, get_json_feed},
    {verb::get, "/api/v1/articles/{id}", &operations::article, get_article},
    {verb::get, "/api/v1/articles/{id}/snippets", &operations::snippets, get_snippets},
    {verb::get, "/api/v1/articles/{id}/related", &operations::related, get_related},
    {verb::get, "/api/v1/articles/{id}/why", &operations::why, get_why},
    {verb::get, "/api/v1/suggest", &operations::suggest, get_suggestions},
    {verb::post, "/api/v1/suggest", &operations::suggest_form, post_suggestions},
    {verb::post, "/api/v1/articles", &operations::post_articles, post_articles, admit_articles},
    {verb::delete_, "/api/v1/articles/{id}", &operations::delete_article, delete_article, admit_poster},
    {verb::get, "/api/v1/inbox/{ticket}", &operations::receipt, get_receipt, admit_poster},
    {verb::get, "/api/v1/stats", &operations::stats, nullptr, nullptr, serve_stats},
    {verb::get, "/healthz", &operations::healthz, get_healthz},
    {verb::get, "/readyz", &operations::readyz, get_readyz},
    {verb::get, "/openapi.json", &operations::openapi, nullptr, nullptr, serve_openapi},
    {verb::get, "/opensearch.xml", &operations::opensearch, get_opensearch},
    {verb::get, "/metrics", &operations::metrics, get_metrics},
};

}  // namespace

std::span<const route_row> all_routes() noexcept {
  return k_routes;
}

bool has_route(std::string_view pattern) noexcept {
  return std::ranges::find(k_routes, pattern, &route_row::pattern) != std::end(k_routes);
}

void add_routes(http::router& r, const service& s) {
  for (const auto& row : k_routes) {
    http::route route{.method = row.method, .pattern = std::string(row.pattern), .run = {}};
    if (row.make != nullptr) {
      route.run = row.make(s);
    } else {
      route.run = [&s, run = row.run](const http::request& q) { return run(s, q); };
    }
    // Health is asked by programs that say odd things of what they accept and read no answer.
    if (!row.about->answer.media_type.empty() && row.pattern.starts_with("/api/")) {
      route.produces.emplace_back(row.about->answer.media_type);
      for (const auto& other : row.about->answer.others) route.produces.emplace_back(other.media_type);
    }
    if (row.admit != nullptr) {
      route.admit = [&s, admit = row.admit](const http::bhttp::fields& fields) { return admit(s, fields); };
      // Who may read is not who may write.
      route.cors_origins = s.inbox != nullptr ? s.inbox->cors_origins : std::vector<std::string>{};
    }
    if (row.admit == admit_articles && s.inbox != nullptr) route.max_body_bytes = s.inbox->max_request_bytes;
    r.add(std::move(route));
  }
}

}  // namespace rapporteur::api
