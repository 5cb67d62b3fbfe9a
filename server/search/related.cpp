#include "server/search/related.hpp"

#include "index/ascii.hpp"
#include "index/impact.hpp"
#include "index/schema.hpp"
#include "index/unicode.hpp"
#include "server/search/idf.hpp"
#include "server/search/stop_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace rapporteur::search {
namespace {

constexpr std::size_t k_weighed = 400;  // terms of the article whose frequency is looked up, those it has most of
constexpr std::size_t k_terms = 40;     // that others are found by
constexpr std::size_t k_shown = 10;
constexpr double k_most_articles = 0.1;      // a term in more of the archive tells nothing …
constexpr double k_most_articles_few = 0.5;  // … in an archive as small as
constexpr double k_few = 100;
constexpr std::size_t k_spare = 20;  // found beyond the limit, since some are left out

struct weighed_term {
  std::string term;
  pattern mark;
  std::string word;
  double impact = 0;
  double weight = 0;
};

// A term that says what an article is about, read as what marks it; no word if it is none.
weighed_term read_term(const std::string& term, bool stems, std::string_view stem_prefix) {
  weighed_term out;
  pattern_step step;
  std::string_view word;
  if (term.starts_with(index::prefix::acronym)) {
    word = std::string_view(term).substr(index::prefix::acronym.size());
    step.acronyms.emplace_back(word);
  } else if (stems && term.starts_with(stem_prefix)) {
    word = std::string_view(term).substr(stem_prefix.size());
    if (stem_prefix == index::stem_term(index::k_unstemmed, ""))
      step.words.emplace_back(word);
    else
      step.stems.emplace_back(std::string_view(term).substr(index::prefix::stem.size()));
  } else if (term.front() < 'A' || term.front() > 'Z') {
    const char32_t first = index::decode_utf8(term, 0).code_point;
    const bool cjk = index::class_of(first) == index::char_class::cjk;
    const std::size_t size = index::decode_utf8(term, 0).size;
    // Where words have stems these stand for them; single characters say too little.
    if (cjk ? size == term.size() : stems) return out;
    word = term;
    step.words.emplace_back(word);
  }
  if (word.size() < 2 || is_stop_word_anywhere(word) || std::any_of(word.begin(), word.end(), is_ascii_digit))
    return {};
  out.term = term;
  out.word = word;
  out.mark.steps.push_back(std::move(step));
  return out;
}

}  // namespace

result<likeness> find_related(index::reader& reader, planner& plans, const related_request& r) {
  Xapian::Database& db = reader.database();
  index::database_view& view = reader.view();
  const Xapian::docid self = reader.find(r.id);
  if (self == 0) return error{errc::not_found, fmt::format("no article has the id “{}”", r.id)};
  const auto record = reader.get_record(self);
  if (!record) return record.error();
  const article& a = record->fields;
  likeness out;
  out.title = a.title;

  // Into other languages only names lead, which are words as they stand.
  const auto& wanted = r.wanted.languages;
  const bool at_home = wanted.empty() || (wanted.size() == 1 && wanted.front() == a.language);
  const std::string stem_prefix = index::stem_term(reader.stem_language(a), "");
  std::vector<weighed_term> terms;
  for (auto t = db.termlist_begin(self); t != db.termlist_end(self); ++t) {
    weighed_term w = read_term(*t, at_home, stem_prefix);
    if (w.word.empty()) continue;
    w.impact = t.get_wdf() / static_cast<double>(index::impact_model{}.scale);
    terms.push_back(std::move(w));
  }
  const auto keep_best = [&terms](std::size_t most, auto member) {
    std::sort(terms.begin(), terms.end(), [member](const weighed_term& x, const weighed_term& y) {
      return x.*member > y.*member || (x.*member == y.*member && x.term < y.term);
    });
    if (terms.size() > most) terms.resize(most);
  };
  keep_best(k_weighed, &weighed_term::impact);
  const double all = db.get_doccount();
  const double most = all * (all < k_few ? k_most_articles_few : k_most_articles);
  for (weighed_term& w : terms) {
    const double with = view.frequency(w.term);
    if (with >= 2 && with <= std::max(most, 2.0)) w.weight = w.impact * idf(with, all);
  }
  keep_best(k_terms, &weighed_term::weight);
  std::erase_if(terms, [](const weighed_term& w) { return w.weight <= 0; });
  if (terms.empty() || r.limit == 0) return out;

  std::vector<match_query> parts;
  for (weighed_term& w : terms) {
    // What the article has much of counts more in others as well.
    parts.emplace_back(Xapian::Query::OP_SCALE_WEIGHT, match_query(w.term), w.impact);
    w.mark.weight = w.weight;
    out.patterns.push_back(std::move(w.mark));
    if (out.by.size() < k_shown) out.by.push_back(w.word);
  }
  const match_query any(Xapian::Query::OP_OR, parts.begin(), parts.end());
  const match_query itself(index::id_term(r.id));
  const matches own = match(reader, match_query(Xapian::Query::OP_FILTER, any, itself), true);
  const double likest = own.ids.empty() ? 0 : own.weights.front();
  if (likest <= 0) return out;

  request filters;
  filters.from = r.from;
  filters.to = r.to;
  filters.wanted = r.wanted;
  filters.excluded = r.excluded;
  if (wanted.empty() && !a.language.empty()) filters.wanted.languages.push_back(a.language);
  const match_query others = plans.filtered(match_query(Xapian::Query::OP_AND_NOT, any, itself), filters);
  const std::string content = db.get_document(self).get_value(index::slot::content);
  std::vector<std::string> contents{content};
  for (const auto& [id, weight] : match(reader, others, true).best(0, r.limit + k_spare)) {
    if (out.articles.size() == r.limit) break;
    // The same article under another id is no other article.
    std::string held = db.get_document(id).get_value(index::slot::content);
    if (std::find(contents.begin(), contents.end(), held) != contents.end()) continue;
    contents.push_back(std::move(held));
    out.articles.emplace_back(id, std::min(weight / likest, 1.0));
  }
  return out;
}

}  // namespace rapporteur::search
