// Explained records, as text for people and as JSON. Knows no files and no index.
#pragma once

#include "index/explanation.hpp"
#include "indexer/findings.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace rapporteur::indexer {

/// A record of a file, or an article of the index.
struct explained_record {
  std::string file;        ///< as the user named it; empty: from the index
  std::uint64_t line = 0;  ///< 0 where the format has none
  std::vector<finding> findings;
  std::map<std::string, std::uint64_t> left_out;
  bool index_read = false;                            ///< there is an index, and it could be asked
  std::optional<index::article_explanation> article;  ///< nullopt: there is none, the findings say why
  std::optional<index::stored_article> stored;        ///< what the index has of its id
  std::vector<index::explained_word> words;           ///< if any was asked for: only these are shown
};

/// The terms that a search meets: the index's for an article from there, else those that adding would write.
const std::vector<index::explained_term>& terms_of(const explained_record& r);

/// Lines of text, safe on a terminal. all: every token and term, and the whole text.
std::string to_text(const explained_record& r, bool all);

boost::json::object to_json(const explained_record& r);

}  // namespace rapporteur::indexer
