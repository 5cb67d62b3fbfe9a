// The planner and words that say little: which of them a query of several words does not require.
#include "index/schema.hpp"
#include "index/unicode.hpp"
#include "server/search/planner.hpp"
#include "server/search/stop_words.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace rapporteur::search {
namespace {

constexpr double k_acronym_share =
    0.1;                               // of a word's articles, those that have it in capitals: as often it may be that
constexpr double k_few_articles = 20;  // a language's, that are taken to lack every word
constexpr std::size_t k_short = 3;     // letters; up to these many, a word may be an acronym typed in small letters

bool is_plain_word(const query_node& n) {
  return n.kind == node_kind::word && n.scope == query_field::text;
}

std::string in_capitals(std::string_view folded) {
  std::string out(folded);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

}  // namespace

// The language of the archive in which the words are most at home. Each word has one vote, which it divides among the
// languages by how large a share of their articles has its stem; so a word that no article has says nothing. Languages
// with few articles are held back, since one article makes a large share of them.
std::string planner::language_of(const std::vector<std::string>& words) {
  std::vector<std::pair<std::string, double>> votes;
  for (const std::string& language : stem_languages_) {
    if (language != index::k_unstemmed) votes.emplace_back(language, 0);
  }
  std::vector<double> shares(votes.size());
  for (const std::string& w : words) {
    double all = 0;
    for (std::size_t i = 0; i < votes.size(); ++i) {
      const std::string& language = votes[i].first;
      stemmers_.stem(language, index::token_kind::word, w, w, stem_scratch_);
      shares[i] = 0;
      if (stem_scratch_.empty()) continue;
      const double articles = reader_.view().frequency(index::language_term(language));
      const double with = reader_.view().frequency(index::stem_term(language, stem_scratch_.front()));
      shares[i] = with / (articles + k_few_articles);
      all += shares[i];
    }
    if (all <= 0) continue;
    for (std::size_t i = 0; i < votes.size(); ++i) votes[i].second += shares[i] / all;
  }
  // Equal votes: the language of more articles, which stands first.
  const auto best =
      std::max_element(votes.begin(), votes.end(), [](const auto& x, const auto& y) { return x.second < y.second; });
  return best == votes.end() ? std::string() : best->first;
}

void planner::drop_stop_words(query_node& root) {
  if (root.kind != node_kind::all_of) return;
  struct candidate {
    std::string folded;
    bool word = false;  // one plain word, not in capitals that mean something
  };
  std::vector<candidate> candidates(root.children.size());
  std::vector<std::string> words;
  bool any = false;
  const std::vector<bool> named = named_in_several_words(root.children);
  for (std::size_t i = 0; i < root.children.size(); ++i) {
    const query_node& n = root.children[i];
    if (!is_plain_word(n)) continue;
    analyzer_.analyze(n.text, tokens_, index::text_role::query);
    if (tokens_.last_position() != 1) continue;
    candidate& c = candidates[i];
    c.word = true;
    for (const index::token& t : tokens_.tokens()) {
      if (t.kind != index::token_kind::acronym)
        c.folded = tokens_.text(t);
      else if (!capitals_lock_ && is_acronym_here(tokens_.text(t), c.folded))
        c.word = false;
    }
    if (!c.word) continue;
    words.push_back(c.folded);
    any = any || is_stop_word_anywhere(c.folded);
  }
  if (!any) return;

  const std::string language = language_of(words);
  const bool of_most_articles = !reader_.languages().empty() && language == reader_.languages().front();
  // In a text of many words, d and s are what punctuation made blanks has left of I'd and it's.
  static constexpr std::string_view k_remains[] = {"d", "ll", "m", "re", "s", "t", "ve"};
  const bool prose = words.size() >= k_prose_words && language == "en";
  const auto says_little = [&](const candidate& c) {
    if (!c.word) return false;
    if (prose && std::find(std::begin(k_remains), std::end(k_remains), c.folded) != std::end(k_remains)) return true;
    if (!is_stop_word(language, c.folded)) return false;
    // `un` is an article in Spanish and French: where those are not the archive's language, it may be the U.N.
    if (of_most_articles || c.folded.size() > k_short) return true;
    const auto acronym = reader_.view().frequency(index::make_term(index::prefix::acronym, in_capitals(c.folded)));
    return acronym < k_acronym_share * reader_.view().frequency(c.folded);
  };
  std::vector<query_node> kept;
  std::vector<std::string> ignored;
  bool something = false;  // that is asked for
  for (std::size_t i = 0; i < root.children.size(); ++i) {
    if (says_little(candidates[i]) && named[i]) {
      // Kept for the thesaurus to read, and not required beside the other words of the term.
      little_.push_back(root.children[i].column);
      kept.push_back(root.children[i]);
    } else if (says_little(candidates[i])) {
      ignored.push_back(root.children[i].text);
    } else {
      kept.push_back(root.children[i]);
      something = something || (kept.back().kind != node_kind::none_of && kept.back().kind != node_kind::filter &&
                                kept.back().kind != node_kind::date);
    }
  }
  if (ignored.empty() || !something) return;
  out_.ignored = std::move(ignored);
  if (kept.size() == 1)
    root = query_node(std::move(kept.front()));
  else
    root.children = std::move(kept);
}

}  // namespace rapporteur::search
