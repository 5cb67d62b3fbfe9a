// What each route takes and answers, as /openapi.json tells it. A route cannot be in the table of routes without one.
#pragma once

#include <span>
#include <string_view>

namespace rapporteur::api {

/// A form that an answer can have.
struct representation {
  std::string_view media_type;
  std::string_view schema;  ///< name among the document's components; empty: text
};

/// An answer that is no problem.
struct success {
  unsigned status = 200;
  std::string_view media_type;  ///< empty: no body
  std::string_view schema;      ///< name among the document's components; empty: text
  std::string_view meaning;
  std::span<const representation> others = {};  ///< that a parameter chooses
};

enum class request_body : unsigned char { none, form, articles };

struct operation {
  std::string_view id;                    ///< unique, for generated clients
  std::string_view summary;               ///< one sentence
  std::string_view path_parameters = {};  ///< names, in the order of the pattern; blanks between
  std::string_view parameters = {};       ///< names of those in the query or the form; a '!' before one: needed
  request_body body = request_body::none;
  success answer;
  /// Codes of its problems, blanks between; those that every request can meet are added.
  std::string_view codes = {};
  bool has_etag = false;
  bool needs_key = false;
};

namespace operations {
extern const operation search, search_form, export_csv, export_csv_form, export_jsonl, export_jsonl_form, export_ris,
    export_ris_form, export_bibtex, export_bibtex_form, export_csl_json, export_csl_json_form, atom, json_feed, article,
    snippets, related, why, suggest, suggest_form, post_articles, delete_article, receipt, healthz, readyz, openapi,
    opensearch, stats, metrics;
}  // namespace operations

}  // namespace rapporteur::api
