// One JSON object to the fields of an article. The only code that parses JSON for the indexer.
//
// Knows nothing of files and lines.
#pragma once

#include "indexer/draft.hpp"
#include "indexer/findings.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace rapporteur::indexer {

/// Why a text is not the JSON of an article.
struct json_problem {
  remark what;
  std::size_t offset = 0;  ///< in bytes: at or just behind what is wrong
};

/// Parses one object after another; keeps its buffers.
class json_article_parser {
 public:
  json_article_parser();
  ~json_article_parser();
  json_article_parser(const json_article_parser&) = delete;
  json_article_parser& operator=(const json_article_parser&) = delete;

  /// Hands the values in json, one whole object, to draft. nullopt: all well.
  std::optional<json_problem> parse(std::string_view json, article_draft& draft);

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace rapporteur::indexer
