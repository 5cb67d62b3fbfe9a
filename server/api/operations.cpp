#include "server/api/operations.hpp"

namespace rapporteur::api::operations {
namespace {

constexpr std::string_view k_json = "application/json";
constexpr std::string_view k_search_parameters =
    "q limit offset cursor sort from to source lang author collection tags facets facet_values timeline snippets "
    "snippet_chars expand";
#define RAPPORTEUR_INDEX_CODES \
  " io index_missing index_damaged index_mismatch index_locked index_changing overloaded deadline_exceeded"
#define RAPPORTEUR_SEARCH_CODES \
  "invalid_argument encoding too_large too_costly bad_cursor cursor_expired" RAPPORTEUR_INDEX_CODES
#define RAPPORTEUR_INBOX_CODES " unauthorized inbox_off io overloaded deadline_exceeded"
constexpr std::string_view k_search_codes = RAPPORTEUR_SEARCH_CODES;
constexpr std::string_view k_search_form_codes = RAPPORTEUR_SEARCH_CODES " body_too_large unsupported_media_type";
constexpr std::string_view k_article_codes = "invalid_argument not_found too_large too_costly" RAPPORTEUR_INDEX_CODES;
constexpr std::string_view k_post_codes =
    "invalid_argument encoding too_large body_too_large unsupported_media_type inbox_full "
    "disk_full" RAPPORTEUR_INBOX_CODES;
constexpr std::string_view k_delete_codes = "invalid_argument not_found inbox_full disk_full" RAPPORTEUR_INBOX_CODES;
constexpr std::string_view k_receipt_codes = "invalid_argument not_found" RAPPORTEUR_INBOX_CODES;
constexpr std::string_view k_state_codes = "invalid_argument" RAPPORTEUR_INDEX_CODES;
#undef RAPPORTEUR_INDEX_CODES
#undef RAPPORTEUR_SEARCH_CODES
#undef RAPPORTEUR_INBOX_CODES

}  // namespace

const operation search{
    .id = "search",
    .summary = "Ranked articles with their passages.",
    .parameters = k_search_parameters,
    .answer = {200, k_json, "SearchAnswer", "What was found."},
    .codes = k_search_codes,
    .has_etag = true,
};
const operation search_form{
    .id = "searchByForm",
    .summary = "The same search with its parameters as a form, so that the query stands in no address and in no log.",
    .body = request_body::search_form,
    .answer = {200, k_json, "SearchAnswer", "What was found."},
    .codes = k_search_form_codes,
};
const operation article{
    .id = "getArticle",
    .summary = "One article, whole, with what a query matches marked.",
    .path_parameters = "id",
    .parameters = "q expand",
    .answer = {200, k_json, "ArticleAnswer", "The article."},
    .codes = k_article_codes,
    .has_etag = true,
};
const operation snippets{
    .id = "getSnippets",
    .summary = "The best passages of one article for a query.",
    .path_parameters = "id",
    .parameters = "!q passages snippet_chars expand",
    .answer = {200, k_json, "SnippetsAnswer", "The passages."},
    .codes = k_article_codes,
    .has_etag = true,
};
const operation post_articles{
    .id = "postArticles",
    .summary = "Takes articles in: one, an array, or JSON Lines.",
    .body = request_body::articles,
    .answer = {202, k_json, "Accepted", "Kept on the disk; the indexer takes them from there."},
    .codes = k_post_codes,
    .needs_key = true,
};
const operation delete_article{
    .id = "deleteArticle",
    .summary = "Takes an article out.",
    .path_parameters = "id",
    .answer = {202, k_json, "Accepted", "Kept on the disk; the indexer does it from there."},
    .codes = k_delete_codes,
    .needs_key = true,
};
const operation receipt{
    .id = "getReceipt",
    .summary = "What became of articles that were posted or deleted.",
    .path_parameters = "ticket",
    .answer = {200, k_json, "Receipt", "How far it is."},
    .codes = k_receipt_codes,
    .needs_key = true,
};
const operation healthz{
    .id = "getHealth",
    .summary = "Whether the process is alive.",
    .answer = {200, k_json, "Health", "It is."},
    .codes = "invalid_argument",
};
const operation readyz{
    .id = "getReadiness",
    .summary = "Whether searches can be answered.",
    .answer = {200, k_json, "Readiness", "They can."},
    .codes = k_state_codes,
};
const operation openapi{
    .id = "getOpenApi",
    .summary = "This document.",
    .answer = {200, k_json, "OpenApi", "An OpenAPI 3.1 document."},
    .codes = "invalid_argument overloaded deadline_exceeded",
    .has_etag = true,
};
const operation opensearch{
    .id = "getOpenSearch",
    .summary = "How a browser adds this archive to its search box (OpenSearch 1.1).",
    .answer = {200, "application/opensearchdescription+xml", "", "A description document."},
    .codes = "invalid_argument",
    .has_etag = true,
};
const operation stats{
    .id = "getStats",
    .summary = "How many articles there are, of which languages, outlets, collections and years.",
    .answer = {200, k_json, "Stats", "The counts."},
    .codes = k_state_codes,
    .has_etag = true,
};
const operation metrics{
    .id = "getMetrics",
    .summary = "Counts and times for Prometheus; only where server.metrics is on.",
    .answer = {200, "text/plain", "", "Prometheus' text format, version 0.0.4."},
    .codes = "invalid_argument not_found",
};

}  // namespace rapporteur::api::operations
