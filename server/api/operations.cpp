#include "server/api/operations.hpp"

namespace rapporteur::api::operations {
namespace {

constexpr std::string_view k_json = "application/json";
constexpr std::string_view k_search_parameters =
    "q limit offset cursor sort from to source lang author collection tags facets facet_values timeline snippets "
    "snippet_chars expand";
constexpr representation k_suggestions[] = {{"application/x-suggestions+json", "OpenSearchSuggestions"}};
constexpr representation k_references[] = {{"application/x-research-info-systems", ""},
                                           {"application/x-bibtex", ""},
                                           {"application/vnd.citationstyles.csl+json", "CslItems"}};
constexpr std::string_view k_suggest_parameters = "!typed suggestions format pad";
#define RAPPORTEUR_FOUND_BY "q from to source lang author collection tags expand"
constexpr std::string_view k_export_parameters = RAPPORTEUR_FOUND_BY " newest articles";
constexpr std::string_view k_jsonl_parameters = RAPPORTEUR_FOUND_BY " newest articles text";
constexpr std::string_view k_csv_parameters = RAPPORTEUR_FOUND_BY " newest articles text bom";
constexpr std::string_view k_feed_parameters = RAPPORTEUR_FOUND_BY " added entries entry_snippets snippet_chars";
#undef RAPPORTEUR_FOUND_BY
#define RAPPORTEUR_INDEX_CODES \
  " io index_missing index_damaged index_mismatch index_locked index_changing overloaded deadline_exceeded"
#define RAPPORTEUR_FOUND_CODES "invalid_argument encoding too_large too_costly" RAPPORTEUR_INDEX_CODES
#define RAPPORTEUR_SEARCH_CODES RAPPORTEUR_FOUND_CODES " bad_cursor cursor_expired"
#define RAPPORTEUR_FORM_CODES " body_too_large unsupported_media_type"
#define RAPPORTEUR_INBOX_CODES " unauthorized inbox_off io overloaded deadline_exceeded"
constexpr std::string_view k_search_codes = RAPPORTEUR_SEARCH_CODES;
constexpr std::string_view k_search_form_codes = RAPPORTEUR_SEARCH_CODES RAPPORTEUR_FORM_CODES;
constexpr std::string_view k_export_codes = RAPPORTEUR_FOUND_CODES;
constexpr std::string_view k_export_form_codes = RAPPORTEUR_FOUND_CODES RAPPORTEUR_FORM_CODES;
constexpr std::string_view k_article_codes = "invalid_argument not_found too_large too_costly" RAPPORTEUR_INDEX_CODES;
constexpr std::string_view k_related_codes =
    "invalid_argument encoding not_found too_large too_costly" RAPPORTEUR_INDEX_CODES;
constexpr std::string_view k_suggest_codes = "invalid_argument too_large" RAPPORTEUR_INDEX_CODES;
constexpr std::string_view k_suggest_form_codes =
    "invalid_argument too_large" RAPPORTEUR_INDEX_CODES RAPPORTEUR_FORM_CODES;
constexpr std::string_view k_post_codes =
    "invalid_argument encoding too_large body_too_large unsupported_media_type inbox_full "
    "disk_full" RAPPORTEUR_INBOX_CODES;
constexpr std::string_view k_delete_codes = "invalid_argument not_found inbox_full disk_full" RAPPORTEUR_INBOX_CODES;
constexpr std::string_view k_receipt_codes = "invalid_argument not_found" RAPPORTEUR_INBOX_CODES;
constexpr std::string_view k_state_codes = "invalid_argument" RAPPORTEUR_INDEX_CODES;
#undef RAPPORTEUR_INDEX_CODES
#undef RAPPORTEUR_FOUND_CODES
#undef RAPPORTEUR_SEARCH_CODES
#undef RAPPORTEUR_FORM_CODES
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
    .parameters = k_search_parameters,
    .body = request_body::form,
    .answer = {200, k_json, "SearchAnswer", "What was found."},
    .codes = k_search_form_codes,
};
const operation export_csv{
    .id = "exportCsv",
    .summary = "All that a search finds, as CSV (RFC 4180).",
    .parameters = k_csv_parameters,
    .answer = {200, "text/csv", "", "A header and a record for each article."},
    .codes = k_export_codes,
    .has_etag = true,
};
const operation export_csv_form{
    .id = "exportCsvByForm",
    .summary = "The same, with its parameters as a form.",
    .parameters = k_csv_parameters,
    .body = request_body::form,
    .answer = {200, "text/csv", "", "A header and a record for each article."},
    .codes = k_export_form_codes,
};
const operation export_jsonl{
    .id = "exportJsonl",
    .summary = "All that a search finds, as JSON Lines that rapporteur-index reads.",
    .parameters = k_jsonl_parameters,
    .answer = {200, "application/x-ndjson", "", "A JSON object in each line."},
    .codes = k_export_codes,
    .has_etag = true,
};
const operation export_jsonl_form{
    .id = "exportJsonlByForm",
    .summary = "The same, with its parameters as a form.",
    .parameters = k_jsonl_parameters,
    .body = request_body::form,
    .answer = {200, "application/x-ndjson", "", "A JSON object in each line."},
    .codes = k_export_form_codes,
};
const operation export_ris{
    .id = "exportRis",
    .summary = "All that a search finds, as RIS, for reference managers.",
    .parameters = k_export_parameters,
    .answer = {200, "application/x-research-info-systems", "", "A reference for each article."},
    .codes = k_export_codes,
    .has_etag = true,
};
const operation export_ris_form{
    .id = "exportRisByForm",
    .summary = "The same, with its parameters as a form.",
    .parameters = k_export_parameters,
    .body = request_body::form,
    .answer = {200, "application/x-research-info-systems", "", "A reference for each article."},
    .codes = k_export_form_codes,
};
const operation export_bibtex{
    .id = "exportBibtex",
    .summary = "All that a search finds, as BibTeX in UTF-8.",
    .parameters = k_export_parameters,
    .answer = {200, "application/x-bibtex", "", "An entry for each article."},
    .codes = k_export_codes,
    .has_etag = true,
};
const operation export_bibtex_form{
    .id = "exportBibtexByForm",
    .summary = "The same, with its parameters as a form.",
    .parameters = k_export_parameters,
    .body = request_body::form,
    .answer = {200, "application/x-bibtex", "", "An entry for each article."},
    .codes = k_export_form_codes,
};
const operation export_csl_json{
    .id = "exportCslJson",
    .summary = "All that a search finds, as CSL-JSON, for citation processors.",
    .parameters = k_export_parameters,
    .answer = {200, "application/vnd.citationstyles.csl+json", "CslItems", "An item for each article."},
    .codes = k_export_codes,
    .has_etag = true,
};
const operation export_csl_json_form{
    .id = "exportCslJsonByForm",
    .summary = "The same, with its parameters as a form.",
    .parameters = k_export_parameters,
    .body = request_body::form,
    .answer = {200, "application/vnd.citationstyles.csl+json", "CslItems", "An item for each article."},
    .codes = k_export_form_codes,
};
const operation atom{
    .id = "getAtomFeed",
    .summary = "What came in last of what a search finds, as an Atom feed (RFC 4287).",
    .parameters = k_feed_parameters,
    .answer = {200, "application/atom+xml", "", "The feed."},
    .codes = k_export_codes,
    .has_etag = true,
};
const operation json_feed{
    .id = "getJsonFeed",
    .summary = "What came in last of what a search finds, as a JSON Feed 1.1.",
    .parameters = k_feed_parameters,
    .answer = {200, "application/feed+json", "JsonFeed", "The feed."},
    .codes = k_export_codes,
    .has_etag = true,
};
const operation article{
    .id = "getArticle",
    .summary = "One article, whole, with what a query matches marked; or a reference to it.",
    .path_parameters = "id",
    .parameters = "q expand reference",
    .answer = {200, k_json, "ArticleAnswer", "The article.", k_references},
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
const operation related{
    .id = "getRelated",
    .summary = "The articles that are most like one.",
    .path_parameters = "id",
    .parameters = "related from to source lang author collection tags shared_snippets snippet_chars",
    .answer = {200, k_json, "RelatedAnswer", "The articles, most like it first."},
    .codes = k_related_codes,
    .has_etag = true,
};
const operation why{
    .id = "getWhy",
    .summary = "What of a query an article has and lacks, and what that is worth.",
    .path_parameters = "id",
    .parameters = "!q expand",
    .answer = {200, k_json, "WhyAnswer", "The parts of the query, one by one."},
    .codes = k_article_codes,
    .has_etag = true,
};
const operation suggest{
    .id = "suggest",
    .summary = "How what is being typed may go on; every answer with one limit has the same length.",
    .parameters = k_suggest_parameters,
    .answer = {200, k_json, "SuggestAnswer", "The suggestions, best first.", k_suggestions},
    .codes = k_suggest_codes,
};
const operation suggest_form{
    .id = "suggestByForm",
    .summary = "The same, with its parameters as a form, so that what is typed stands in no address and in no log.",
    .parameters = k_suggest_parameters,
    .body = request_body::form,
    .answer = {200, k_json, "SuggestAnswer", "The suggestions, best first.", k_suggestions},
    .codes = k_suggest_form_codes,
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
