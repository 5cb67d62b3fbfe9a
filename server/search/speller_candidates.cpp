// The speller and single words: is a word misspelled, and what may have been meant instead.
#include "index/schema.hpp"
#include "index/unicode.hpp"
#include "server/search/character_candidates.hpp"
#include "server/search/speller_state.hpp"

#include <algorithm>
#include <utility>

namespace rapporteur::search {
namespace {

constexpr double k_per_cost = 6;      // what one edit takes away: a word one edit further must be so much more common
constexpr double k_blank_cost = 1.0;  // a blank too much or too few

constexpr std::size_t k_least_characters = 3;
constexpr double k_close = 1.3;          // nothing so near: words further away are looked at, too
constexpr std::size_t k_near_kept = 24;  // candidates whose frequency is looked up in the live database
constexpr std::size_t k_options = 6;     // of one word

// A word that some articles have is taken as misspelled only if another, one edit away, is so much more common; a short
// one only if hardly any article has it and the edit is a light one.
constexpr double k_rare_ratio = 100;
constexpr double k_rare_cost = 1.05;
constexpr std::size_t k_rare_characters = 8;
constexpr double k_short_rare_ratio = 1000;
constexpr double k_short_rare_cost = 0.8;
constexpr double k_short_rare_articles = 2;
constexpr std::size_t k_short_rare_characters = 5;

unsigned most_edits(std::size_t characters) {
  return characters < k_least_characters ? 0 : characters <= 5 ? 1 : characters <= 11 ? 2 : 3;
}

// What they may weigh together: many light edits are as likely as few heavy ones.
double most_cost(unsigned edits, std::size_t characters) {
  constexpr double k_one_edit = 1.65;  // the first letter's
  constexpr double k_per_character = 0.26;
  return edits <= 1 ? k_one_edit : std::clamp(k_per_character * static_cast<double>(characters), k_one_edit, 2.4);
}

}  // namespace

// Articles that have the word or another form of it.
double speller::articles_with(std::string_view typed, const std::string& word) {
  index::database_view& view = reader_.view();
  Xapian::doccount most = view.frequency(word);
  for (const std::string& language : reader_.languages()) {
    if (most >= k_plenty) break;
    if (!index::has_stemmer(language)) continue;
    stemmers_.stem(language, index::token_kind::word, typed, word, stems_);
    for (const std::string_view stem : stems_) most = std::max(most, view.frequency(index::stem_term(language, stem)));
  }
  return most;
}

// An acronym of the archive is what it is, however near a word may be.
bool speller::is_acronym(std::string_view typed, const query_word& w) {
  if (w.cjk || in_style_of(typed, "xx") != "XX") return false;
  std::string written;
  index::append_upper(written, w.folded);
  return reader_.view().frequency(index::make_term(index::prefix::acronym, written)) > 0;
}

void speller::judge(state& s, std::size_t i) {
  const query_word& w = s.words[i];
  std::vector<option>& out = s.options[i];
  if (w.characters.size() < 2 || is_acronym(s.typed(i), w)) {
    s.articles[i] = k_plenty;
    return;
  }
  if (!w.cjk) {
    s.articles[i] =
        w.elided.empty() ? articles_with(s.typed(i), w.folded) : reader_.view().frequency(w.elided + w.folded);
  } else if (rarest_pair(w.characters, s.dictionary) > 0) {
    // Beyond what may be tried it is left as it is.
    const bool known = s.words.size() == 1 || s.trials_left > k_reserved;
    s.articles[i] = s.words.size() == 1 ? static_cast<double>(s.found)
                    : known             ? static_cast<double>(s.count_phrase(w.folded))
                                        : k_plenty;
  }
  if (s.articles[i] >= k_plenty || s.lookups_left == 0) return;
  --s.lookups_left;
  if (w.cjk)
    add_characters(s, i, out);
  else
    add_near(s, i, out);
  if (w.alone || w.phrase) add_splits(s, i, out);
  std::stable_sort(out.begin(), out.end(),
                   [](const option& a, const option& b) { return likelihood(a) > likelihood(b); });
  if (out.size() > k_options) out.resize(k_options);
}

void speller::add_near(state& s, std::size_t i, std::vector<option>& out) {
  const query_word& w = s.words[i];
  if (w.characters.size() > k_max_compared) return;
  const bool unknown = s.articles[i] == 0;
  const unsigned edits = unknown ? most_edits(w.characters.size()) : 1;
  if (edits == 0) return;
  const bool in_context = !unknown && s.found == 0 && s.words.size() > 1;
  double ratio = k_rare_ratio;
  double cost = unknown ? most_cost(edits, w.characters.size()) : k_rare_cost;
  if (in_context) {
    if (w.characters.size() < k_short_rare_characters) return;
  } else if (!unknown && w.characters.size() < k_rare_characters) {
    if (w.characters.size() < k_short_rare_characters || s.articles[i] > k_short_rare_articles) return;
    ratio = k_short_rare_ratio;
    cost = k_short_rare_cost;
  }
  const edit_pattern pattern(w.characters);
  struct scored {
    vocabulary::near_word near;
    double cost = 0, score = 0;
  };
  std::vector<scored> found;
  const auto look = [&](unsigned most) {
    std::vector<vocabulary::near_word> near;
    s.dictionary.find_near(pattern, most, near);
    for (auto& n : near) {
      scored c{std::move(n)};
      c.cost = edit_cost(w.characters, characters_of(c.near.word));
      c.score = log_articles(c.near.articles) - k_per_cost * c.cost;
      if (c.cost <= cost) found.push_back(std::move(c));
    }
  };
  look(edits);
  // Transliterations of names differ in many light edits.
  const bool close = std::any_of(found.begin(), found.end(), [](const scored& c) { return c.cost <= k_close; });
  if (!close && unknown && w.characters.size() > 6) {
    found.clear();
    look(edits + 1);
  }
  const auto better = [](const scored& a, const scored& b) {
    return a.score > b.score || (a.score == b.score && a.near.word < b.near.word);
  };
  const std::size_t kept = std::min(found.size(), k_near_kept);
  std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(kept), found.end(), better);
  found.resize(kept);
  for (scored& c : found) {
    // The vocabulary may be older than the database.
    c.near.articles = reader_.view().frequency(w.elided + c.near.word);
    if (c.near.articles == 0 || (!unknown && c.near.articles < ratio * s.articles[i])) continue;
    option o;
    o.change = {w.begin, w.end, in_style_of(s.typed(i), c.near.word)};
    o.words = {c.near.word};
    o.score = -k_per_cost * c.cost;
    o.frequency = log_articles(c.near.articles);
    o.of_unknown = unknown;
    o.doubtful = in_context;
    if (!unknown) o.score -= log_articles(ratio * s.articles[i]);
    out.push_back(std::move(o));
  }
}

void speller::add_characters(state& s, std::size_t i, std::vector<option>& out) {
  if (s.articles[i] > 0) return;
  const query_word& w = s.words[i];
  for (const character_candidate& c : character_candidates(w.characters, s.dictionary)) {
    option o;
    o.words = {utf8_of(c.word)};
    o.change = {w.begin, w.end, o.words.front()};
    o.score = -k_per_cost * c.cost;
    o.frequency = log_articles(c.articles);
    o.of_unknown = true;
    out.push_back(std::move(o));
  }
}

// Two words run together. They must stand side by side in some article.
void speller::add_splits(state& s, std::size_t i, std::vector<option>& out) {
  const query_word& w = s.words[i];
  const std::u32string_view word = w.characters;
  constexpr std::size_t k_least_part = 2;
  struct split {
    std::string first, second;
    std::size_t at = 0;
    double rarer = 0;
  };
  std::vector<split> splits;
  for (std::size_t at = k_least_part; at + k_least_part <= word.size(); ++at) {
    split x{utf8_of(word.substr(0, at)), utf8_of(word.substr(at)), at};
    if (w.cjk) {
      // The pair across the gap is what the word as typed lacks.
      if (s.dictionary.articles_with(word[at - 1], word[at]) > 0) continue;
      x.rarer = std::min(rarest_pair(word.substr(0, at), s.dictionary), rarest_pair(word.substr(at), s.dictionary));
    } else {
      const Xapian::doccount first = reader_.view().frequency(x.first);
      x.rarer = first == 0 ? 0 : std::min(first, reader_.view().frequency(x.second));
    }
    if (x.rarer > s.articles[i]) splits.push_back(std::move(x));
  }
  std::stable_sort(splits.begin(), splits.end(), [](const split& a, const split& b) { return a.rarer > b.rarer; });
  const bool unknown = s.articles[i] == 0;
  for (const split& x : splits) {
    if (s.trials_left <= k_reserved) break;
    const auto together = static_cast<double>(s.count_phrase(x.first + " " + x.second));
    if (together < 1 || (!unknown && together < k_rare_ratio * s.articles[i])) continue;
    option o;
    // NorthKorea: the capital inside says that the second word has one, too.
    const std::string_view typed = s.typed(i);
    const bool plain = typed.size() == w.folded.size();
    const std::string_view second = plain ? typed.substr(x.first.size()) : std::string_view();
    o.change = {w.begin, w.end, in_style_of(typed, x.first) + " " + in_style_of(second, x.second)};
    o.words = {x.first, x.second};
    o.score = -k_per_cost * k_blank_cost;
    o.frequency = log_articles(together);
    o.of_unknown = unknown;
    out.push_back(std::move(o));
  }
}

// One word torn apart.
void speller::add_joined(state& s, std::size_t i, std::vector<option>& out) {
  if (i + 1 >= s.words.size()) return;
  const query_word& a = s.words[i];
  const query_word& b = s.words[i + 1];
  const bool in_one_phrase = a.phrase && b.phrase && a.leaf == b.leaf;
  if (!b.touches_previous || a.cjk != b.cjk || !((a.alone && b.alone) || in_one_phrase)) return;
  const std::string word = a.folded + b.folded;
  const std::u32string characters = a.characters + b.characters;
  if (characters.size() < k_least_characters + 1) return;
  const double articles = a.cjk ? rarest_pair(characters, s.dictionary) : reader_.view().frequency(word);
  const bool unknown = s.articles[i] == 0 || s.articles[i + 1] == 0;
  // Two words of the archive may as well be meant as they are.
  if (articles == 0 || (!unknown && articles < k_plenty)) return;
  option o;
  o.change = {a.begin, b.end, in_style_of(s.typed(i), word)};
  o.words = {word};
  o.taken = 2;
  o.score = -k_per_cost * k_blank_cost;
  o.frequency = log_articles(articles);
  o.of_unknown = unknown;
  out.push_back(std::move(o));
}

}  // namespace rapporteur::search
