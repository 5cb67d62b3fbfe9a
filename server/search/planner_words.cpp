// The planner and neighbouring words: which of them are read as one.
#include "index/ascii.hpp"
#include "index/schema.hpp"
#include "server/search/planner.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace rapporteur::search {
namespace {

constexpr double k_hyphen_share = 0.1;  // of the articles with the rarer word, that hyphenate the two
constexpr double k_other_forms = 1.1;   // articles with any form of a word, to those with the word itself
constexpr Xapian::docid k_sample = 16;
constexpr std::size_t k_remembered = 10000;

}  // namespace

planner::word_group planner::one_word(const query_node& n) {
  word_group g;
  g.terms = build_word(n);
  g.required = n.joined;
  for (std::string& t : phrase_words(n.text)) {
    g.positions.push_back(n.scope == query_field::title ? index::make_term(index::prefix::title, t) : std::move(t));
  }
  g.compound = std::any_of(tokens_.tokens().begin(), tokens_.tokens().end(),
                           [](const index::token& t) { return t.kind == index::token_kind::compound; });
  if (telling_) {
    g.told.text = n.text;
    g.told.scope = n.scope;
    g.told.column = n.column;
    if (g.positions.size() > 1) g.told.is = part_kind::compound;
    for (const pattern& p : g.terms.patterns) {
      if (p.steps.size() == 1 && !p.steps.front().acronyms.empty()) g.told.is = part_kind::acronym;
    }
  }
  return g;
}

// The one plain word that a leaf is; empty if it is several, a number, or an acronym.
std::string planner::plain_word(const query_node& n) {
  analyzer_.analyze(n.text, tokens_, index::text_role::query);
  if (tokens_.last_position() != 1) return {};
  std::string word;
  for (const index::token& t : tokens_.tokens()) {
    if (t.kind == index::token_kind::word)
      word = tokens_.text(t);
    else if (t.kind != index::token_kind::acronym || (!capitals_lock_ && is_acronym_here(tokens_.text(t), word)))
      return {};
  }
  if (word.size() < 2 || std::any_of(word.begin(), word.end(), is_ascii_digit)) return {};
  return word;
}

// True if hardly any article has another form of the word: names are like that.
bool planner::is_invariable(const std::string& word) {
  double any_form = 0;
  for (const stem_choice& c : stems_of(word, word, index::token_kind::word, false)) {
    if (!c.held_back) any_form += reader_.view().frequency(c.term);
  }
  return any_form <= k_other_forms * reader_.view().frequency(word);
}

// Of the articles that have two words as one, the share that writes them with a hyphen: there the whole and its first
// part stand at the same position. In the others it is a word of its own, as into is no in-to. From a sample, spread
// over the archive.
double planner::hyphenated(const std::string& first, const std::string& whole) {
  Xapian::Database& db = reader_.database();
  const Xapian::docid last = db.get_lastdocid();
  double seen = 0;
  double with = 0;
  auto at = db.postlist_begin(whole);
  const auto end = db.postlist_end(whole);
  const Xapian::docid step = std::max<Xapian::docid>(last / k_sample, 1);
  for (Xapian::docid from = 1; at != end; from = std::max(from + step, *at + 1)) {
    at.skip_to(from);
    if (at == end) break;
    ++seen;
    auto p = at.positionlist_begin();
    const auto p_end = at.positionlist_end();
    auto f = db.positionlist_begin(*at, first);
    const auto f_end = db.positionlist_end(*at, first);
    while (p != p_end && f != f_end && *p != *f) {
      if (*p < *f)
        ++p;
      else
        ++f;
    }
    with += p != p_end && f != f_end ? 1 : 0;
    if (*at == last) break;
  }
  return seen == 0 ? 0 : with / seen;
}

// How much two words are one: the share of the articles with the rarer of them that hyphenate the two; 0 if too few
// do, or if they are not like names.
double planner::share_as_one(const std::string& first, const std::string& second) {
  if (first.empty() || second.empty()) return 0;
  const std::string whole = first + second;
  index::database_view& view = reader_.view();
  const double as_one = view.frequency(whole);
  if (as_one == 0) return 0;
  const double most = as_one / std::max<double>(std::min(view.frequency(first), view.frequency(second)), 1);
  if (most < k_hyphen_share) return 0;
  const std::string key = first + " " + second;
  if (const auto known = shares_as_one_.find(key); known != shares_as_one_.end()) return known->second;
  double share = most * hyphenated(first, whole);
  if (share < k_hyphen_share || !is_invariable(first) || !is_invariable(second)) share = 0;
  if (shares_as_one_.size() >= k_remembered) shares_as_one_.clear();
  shares_as_one_.emplace(key, share);
  return share;
}

// Words as the thesaurus leaves them: each by itself, but two that articles hyphenate like a name (Jong-un) are
// searched for as if the query did, so that the hyphen makes no difference.
void planner::read_plainly(word_run words, std::vector<word_group>& out) {
  std::vector<std::string> plain;
  plain.reserve(words.size());
  for (const query_node* n : words) plain.push_back(words.size() > 1 ? plain_word(*n) : std::string());
  std::vector<double> shares(words.size() + 1, 0);
  for (std::size_t i = 0; i + 1 < words.size(); ++i) shares[i] = share_as_one(plain[i], plain[i + 1]);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (shares[i] == 0 || shares[i] < shares[i + 1]) {
      out.push_back(one_word(*words[i]));
      continue;
    }
    query_node both = *words[i];
    both.text += '-';
    both.text += words[i + 1]->text;
    both.joined = both.joined || words[i + 1]->joined;
    out.push_back(one_word(both));
    ++i;
  }
}

}  // namespace rapporteur::search
