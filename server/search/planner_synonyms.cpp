// The planner and the thesaurus: the terms of the file that a query names, and what becomes of them. What the archive
// has of a term is planner_additions.cpp's. docs/thesaurus.md tells a reader the same.
#include "index/schema.hpp"
#include "index/unicode.hpp"
#include "server/search/idf.hpp"
#include "server/search/planner.hpp"
#include "server/search/stop_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace rapporteur::search {
namespace {

namespace schema = index::prefix;

constexpr double k_acronym_in_small = 0.5;  // share of a word's articles that must have it in capitals
constexpr double k_other_name = 0.75;       // what another name counts, of what was typed: that should come first
constexpr double k_most_scaled = 4;         // bounds what equivalents of several words are weighed up by

}  // namespace

void planner::use_thesaurus(std::shared_ptr<const thesaurus> t) {
  thesaurus_ = std::move(t);
  forget_additions();
}

void planner::forget_additions() {
  additions_.clear();
  title_additions_.clear();
  listed_room_ = k_listed_room;
}

// What has been looked up holds for one state of the index.
void planner::forget_if_changed() {
  std::string state = fmt::format("{} {}", reader_.info().generation, reader_.info().revision);
  if (state == looked_up_in_) return;
  looked_up_in_ = std::move(state);
  shares_as_one_.clear();
  languages_.clear();
  forget_additions();
}

// --- what a query names -------------------------------------------------------------------------------------------

// The words of a leaf for the thesaurus. Capitals make an acronym of a word, unless all the query is in capitals; a
// word in small letters is one if articles hardly know it otherwise and it is no everyday word of any language: dprk
// is, who and un are not.
thesaurus_query_word planner::thesaurus_word_of(const query_node& n) {
  analyzer_.analyze(n.text, tokens_, index::text_role::query);
  thesaurus_query_word w = thesaurus::query_word(n.text, tokens_);
  if (tokens_.last_position() != 1 || w.positions.empty()) return w;
  if (!capitals_lock_) {
    for (const index::token& t : tokens_.tokens()) {
      if (t.kind == index::token_kind::acronym && t.begin == 0) w.acronym = tokens_.text(t);
    }
  }
  if (w.acronym.empty()) {
    std::string capitals;
    index::append_upper(capitals, w.positions.front().folded);
    if (!thesaurus_->has_acronym(capitals) || is_stop_word_anywhere(w.positions.front().folded)) return w;
    const double articles = reader_.view().frequency(w.positions.front().folded);
    const double as_acronym = reader_.view().frequency(index::make_term(schema::acronym, capitals));
    if (articles == 0 || as_acronym >= k_acronym_in_small * articles) w.acronym = std::move(capitals);
  }
  return w;
}

// Of neighbouring nodes, those that are words of a longer term of the thesaurus: the `of` of Ministry of Peace says
// something there.
std::vector<bool> planner::named_in_several_words(const std::vector<query_node>& nodes) {
  std::vector<bool> out(nodes.size(), false);
  if (thesaurus_ == nullptr) return out;
  for (std::size_t begin = 0; begin < nodes.size(); ++begin) {
    std::vector<thesaurus_query_word> run;
    std::size_t end = begin;
    for (; end < nodes.size() && nodes[end].kind == node_kind::word && nodes[end].scope == nodes[begin].scope; ++end)
      run.push_back(thesaurus_word_of(nodes[end]));
    for (const thesaurus_match& m : thesaurus_->find(run, stem_languages_, stemmers_)) {
      if (m.count < 2) continue;
      for (std::size_t i = 0; i < m.count; ++i) out[begin + m.first + i] = true;
    }
    begin = std::max(begin, end - (end > begin ? 1 : 0));
  }
  return out;
}

std::vector<planner::word_group> planner::read_run(word_run words, bool excluded) {
  std::vector<word_group> out;
  for (std::size_t begin = 0; begin < words.size();) {
    std::size_t end = begin + 1;
    while (end < words.size() && words[end]->scope == words[begin]->scope) ++end;
    read_field(words.subspan(begin, end - begin), excluded, out);
    begin = end;
  }
  return out;
}

void planner::read_field(word_run words, bool excluded, std::vector<word_group>& out) {
  std::size_t done = 0;
  if (thesaurus_ != nullptr) {
    std::vector<thesaurus_query_word> run;
    run.reserve(words.size());
    for (const query_node* n : words) run.push_back(thesaurus_word_of(*n));
    for (const thesaurus_match& m : thesaurus_->find(run, stem_languages_, stemmers_)) {
      read_plainly(words.subspan(done, m.first - done), out);
      const word_run named = words.subspan(m.first, m.count);
      const bool person =
          std::any_of(m.recognised.begin(), m.recognised.end(), [](const auto* t) { return t->person; });
      std::vector<word_group> read;
      if (person)
        read.push_back(read_name(named, *m.recognised.front()));
      else
        read_plainly(without_little(named), read);
      if (expand_ && !excluded) add_synonyms(m, named.front()->scope == query_field::title, read);
      std::move(read.begin(), read.end(), std::back_inserter(out));
      done = m.first + m.count;
    }
  }
  read_plainly(words.subspan(done), out);
}

// The words of a term that are required where it is not written as in the file.
std::vector<const query_node*> planner::without_little(word_run words) const {
  std::vector<const query_node*> out;
  for (const query_node* n : words) {
    if (std::find(little_.begin(), little_.end(), n->column) == little_.end()) out.push_back(n);
  }
  if (out.empty()) out.assign(words.begin(), words.end());
  return out;
}

// A person's name: its words side by side, any two neighbours of them perhaps written as one.
planner::word_group planner::read_name(word_run words, const thesaurus_term& t) {
  const bool title = words.front()->scope == query_field::title;
  word_group out;
  addition found = t.words.size() == 1 ? look_up_phrases(spellings(t), title) : look_up(t, title);
  out.terms.query = found.query;
  out.terms.patterns = std::move(found.patterns);
  terms_ += found.terms;
  out.required = std::any_of(words.begin(), words.end(), [](const query_node* n) { return n->joined; });
  for (const thesaurus_word& w : t.words)
    out.positions.push_back(title ? index::make_term(schema::title, w.folded) : w.folded);
  if (telling_) {
    for (const query_node* n : words) out.told.text += (out.told.text.empty() ? "" : " ") + n->text;
    out.told.is = part_kind::name;
    out.told.scope = words.front()->scope;
    out.told.column = words.front()->column;
  }
  return out;
}

// Adds what the archive has of a term's equivalents to what the words are read as, as one term: an article counts by
// whichever it has most of, because one that names a thing in ten ways is not about it ten times. Each weighs as if it
// were the term that was typed; a single word as much as a word would that stands in the articles of all of them.
void planner::add_synonyms(const thesaurus_match& m, bool title, std::vector<word_group>& read) {
  const double all = std::max<double>(reader_.database().get_doccount(), 1);
  struct alternative {
    match_query query;
    double articles = 0;
  };
  std::vector<alternative> others;
  std::vector<pattern> patterns;
  std::vector<plan_part::synonym> told;
  double share_without = 1;
  for (const thesaurus_term* t : m.equivalents) {
    const addition& a = look_up(*t, title);
    if (a.query.empty()) continue;
    if (added_terms_ + a.terms > limits_.max_query_terms) break;
    added_terms_ += a.terms;
    others.push_back({a.query, a.articles});
    share_without *= 1 - std::min(a.articles / all, 1.0);
    patterns.insert(patterns.end(), a.patterns.begin(), a.patterns.end());
    if (telling_) told.push_back({t->text, a.query, a.patterns});
    if (std::find(out_.expanded.begin(), out_.expanded.end(), t->text) == out_.expanded.end())
      out_.expanded.push_back(t->text);
  }
  if (others.empty()) return;

  word_group one;
  double own = 0;  // idf of the words typed
  std::vector<match_query> parts;
  if (telling_ && !read.empty()) {
    one.told = read.front().told;
    if (read.size() > 1) one.told.text.clear();
    for (const word_group& g : read) {
      if (read.size() > 1) one.told.text += (one.told.text.empty() ? "" : " ") + g.told.text;
      one.told.patterns.insert(one.told.patterns.end(), g.terms.patterns.begin(), g.terms.patterns.end());
    }
    one.told.synonyms = std::move(told);
  }
  for (word_group& g : read) {
    one.required = one.required || g.required;
    parts.push_back(g.terms.query.empty() ? match_query() : g.terms.query);
    for (const std::string& p : g.positions) own += idf(reader_.view().frequency(p), all);
    one.positions.insert(one.positions.end(), g.positions.begin(), g.positions.end());
    std::move(g.terms.patterns.begin(), g.terms.patterns.end(), std::back_inserter(one.terms.patterns));
  }
  double wanted = own;
  if (one.positions.size() == 1) {
    share_without *= 1 - reader_.view().frequency(one.positions.front()) / all;
    wanted = std::min(own, idf(all * (1 - share_without), all));
  }
  const auto scaled = [](const match_query& q, double factor) {
    return match_query(Xapian::Query::OP_SCALE_WEIGHT, q, std::min(factor, k_most_scaled));
  };
  const match_query original(Xapian::Query::OP_AND, parts.begin(), parts.end());
  if (telling_) one.told.typed = original;
  std::vector<match_query> any;
  any.reserve(others.size() + 1);
  any.push_back(scaled(original, wanted / std::max(own, k_least_idf)));
  for (const alternative& o : others)
    any.push_back(scaled(o.query, k_other_name * wanted / std::max(idf(o.articles, all), k_least_idf)));
  one.terms.query = match_query(Xapian::Query::OP_MAX, any.begin(), any.end());
  for (pattern& p : patterns) one.terms.patterns.push_back(std::move(p));
  read.clear();
  read.push_back(std::move(one));
}

}  // namespace rapporteur::search
