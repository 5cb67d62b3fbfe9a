#include "tests/bench/bench_queries.hpp"

#include "index/analysis.hpp"

#include <xapian.h>

#include <algorithm>
#include <functional>

namespace rapporteur::bench {

std::vector<std::pair<std::uint32_t, std::string>> words_by_frequency(index::reader& r) {
  const Xapian::Database& db = r.database();
  std::vector<std::pair<std::uint32_t, std::string>> words;
  for (auto t = db.allterms_begin(); t != db.allterms_end(); ++t) {
    const std::string word = *t;
    if (!word.empty() && word[0] >= 'A' && word[0] <= 'Z') continue;  // has a prefix
    if (t.get_termfreq() >= 2) words.emplace_back(t.get_termfreq(), word);
  }
  std::sort(words.begin(), words.end(), std::greater<>());
  return words;
}

std::optional<article_words> draw_article(index::reader& r, std::mt19937& random) {
  Xapian::Database& db = r.database();
  Xapian::Document document;
  try {
    document = db.get_document(random() % db.get_lastdocid() + 1);
  } catch (const Xapian::DocNotFoundError&) {
    return std::nullopt;
  }
  const auto rec = r.get_record(document.get_docid());
  if (!rec) return std::nullopt;
  const auto text = r.get_text(*rec);
  if (!text) return std::nullopt;
  index::analyzer analysis;
  index::token_list found;
  analysis.analyze(*text, found);
  article_words drawn{rec->fields, {}};
  for (const index::token& t : found.tokens()) {
    if (t.kind == index::token_kind::word) drawn.words.emplace_back(found.text(t));
  }
  return drawn;
}

}  // namespace rapporteur::bench
