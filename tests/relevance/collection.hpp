// A judged collection: articles, queries, and which articles answer which query.
//
// A folder with docs.jsonl (read by the indexer, like any JSON Lines), queries.tsv (number, text) and qrels.tsv (query,
// article, grade).
#pragma once

#include "tests/relevance/measures.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace rapporteur::relevance {

struct judged_query {
  std::string text;
  judgements relevant;  ///< never empty
};

struct collection {
  std::string name;  ///< of the folder
  std::filesystem::path articles;
  std::vector<judged_query> queries;  ///< those with at least one relevant article in docs.jsonl

  /// Throws std::runtime_error with file and line where a file is not as described above.
  static collection load(const std::filesystem::path& folder);
};

/// As judges of search engines prepare queries: letters in lower case, what is neither letter nor digit a blank. ASCII.
std::string plain_words(std::string_view query);

}  // namespace rapporteur::relevance
