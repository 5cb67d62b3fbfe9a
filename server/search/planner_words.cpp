// The planner and neighbouring words: which of them are read as one.
#include "index/ascii.hpp"
#include "index/schema.hpp"
#include "server/search/planner.hpp"

#include <algorithm>
#include <utility>

namespace rapporteur::search {
namespace {

constexpr double k_compound_share = 0.1;

}  // namespace

planner::word_group planner::one_word(const query_node& n) {
  word_group g;
  g.terms = build_word(n);
  g.column = n.column;
  for (const pattern& p : g.terms.patterns) g.weight = std::max(g.weight, p.weight);
  for (std::string& t : phrase_words(n.text)) {
    g.positions.push_back(n.scope == query_field::title ? index::make_term(index::prefix::title, t) : std::move(t));
  }
  return g;
}

// The share of the articles with the rarer of two words that write the two as one, with a hyphen or without; 0 if one
// of them is not a plain word.
double planner::share_as_one(const query_node& a, const query_node& b) {
  std::string words[2];
  const query_node* const nodes[] = {&a, &b};
  for (std::size_t i = 0; i < 2; ++i) {
    analyzer_.analyze(nodes[i]->text, tokens_, index::text_role::query);
    if (tokens_.last_position() != 1) return 0;
    for (const index::token& t : tokens_.tokens()) {
      if (t.kind == index::token_kind::word)
        words[i] = tokens_.text(t);
      else if (t.kind != index::token_kind::acronym || (!capitals_lock_ && is_acronym_here(tokens_.text(t), words[i])))
        return 0;
    }
    if (words[i].size() < 2 || std::any_of(words[i].begin(), words[i].end(), is_ascii_digit)) return 0;
  }
  Xapian::Database& db = reader_.database();
  const double as_one = db.get_termfreq(words[0] + words[1]);
  if (as_one == 0) return 0;
  const double apart = std::min(db.get_termfreq(words[0]), db.get_termfreq(words[1]));
  return as_one / std::max(apart, 1.0);
}

// Words as the thesaurus leaves them: each by itself, but two that articles often write as one (Jong-un) are searched
// for as that, so that a hyphen makes no difference.
void planner::read_plainly(word_run words, std::vector<word_group>& out) {
  std::vector<double> shares(words.size(), 0);
  for (std::size_t i = 0; i + 1 < words.size(); ++i) shares[i] = share_as_one(*words[i], *words[i + 1]);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool as_one = shares[i] >= k_compound_share && shares[i] >= shares[i + 1 < words.size() ? i + 1 : i];
    if (!as_one) {
      out.push_back(one_word(*words[i]));
      continue;
    }
    query_node both = *words[i];
    both.text += '-';
    both.text += words[i + 1]->text;
    out.push_back(one_word(both));
    ++i;
  }
}

}  // namespace rapporteur::search
