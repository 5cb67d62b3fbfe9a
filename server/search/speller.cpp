#include "server/search/speller.hpp"

#include "index/schema.hpp"
#include "index/unicode.hpp"
#include "server/search/character_candidates.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace rapporteur::search {
namespace {

// The channel, in natural logarithms.
constexpr double k_per_cost = 6;  // what one edit takes away: a word one edit further must be so much more common
// What the logarithm of the articles counts for that have the word, that the whole query then finds, and that have the
// word beside its neighbour. The articles that several words have together say more than those of each.
constexpr double k_per_frequency = 0.5;
constexpr double k_per_match = 0.6;
constexpr double k_per_frequency_of_several = 0.2;
constexpr double k_per_match_of_several = 0.4;
constexpr double k_per_neighbours = 1.2;
constexpr double k_unknown = -15;     // an unknown word left as it is
constexpr double k_near_tie = 6;      // combinations so close are judged by their neighbours
constexpr double k_blank_cost = 1.0;  // a blank too much or too few

constexpr std::size_t k_least_characters = 3;
constexpr double k_close = 1.3;               // nothing so near: words further away are looked at, too
constexpr std::size_t k_words_looked_up = 8;  // of one query; looking up near words is what costs
constexpr std::size_t k_near_kept = 24;       // candidates whose frequency is looked up in the live database
constexpr std::size_t k_options = 6;          // of one word
constexpr std::size_t k_beam = 24;
// The trial searches: those that tell what the words are, then those of combinations, then those of neighbours.
constexpr int k_combinations_tried = 6;
constexpr int k_neighbours_tried = 4;
constexpr int k_reserved = k_combinations_tried + k_neighbours_tried;
static_assert(k_reserved < speller::k_most_trials);

// A word that some articles have is taken as misspelled only if another, one edit away, is so much more common; a short
// one only if hardly any article has it and the edit is a light one.
constexpr double k_rare_ratio = 100;
constexpr double k_rare_cost = 1.05;
constexpr std::size_t k_rare_characters = 8;
constexpr double k_short_rare_ratio = 1000;
constexpr double k_short_rare_cost = 0.8;
constexpr double k_short_rare_articles = 2;
constexpr std::size_t k_short_rare_characters = 5;
// In a query that finds nothing a neighbour says more: the other word stands beside it in so many articles.
constexpr std::uint64_t k_side_by_side = 5;
constexpr std::uint64_t k_times_more = 10;  // a query that finds something is corrected for so many times more

unsigned most_edits(std::size_t characters) {
  return characters < k_least_characters ? 0 : characters <= 5 ? 1 : characters <= 11 ? 2 : 3;
}

// What they may weigh together: many light edits are as likely as few heavy ones.
double most_cost(unsigned edits, std::size_t characters) {
  constexpr double k_one_edit = 1.65;  // the first letter's
  constexpr double k_per_character = 0.26;
  return edits <= 1 ? k_one_edit : std::clamp(k_per_character * static_cast<double>(characters), k_one_edit, 2.4);
}

double log_articles(double articles) {
  return std::log(std::max(articles, 1.0));
}

bool has_folded_marks(char32_t c) {
  const bool latin_or_greek = c < 0x0400;
  const bool arabic = c >= 0x0600 && c < 0x0780;
  const bool cyrillic = c >= 0x0400 && c < 0x0530;
  return latin_or_greek || arabic || cyrillic;
}

}  // namespace

// A change to one word, or to two that become one.
struct speller::option {
  replacement change;
  std::vector<std::string> words;  // folded, what stands there then
  std::size_t taken = 1;           // words of the query that it replaces
  double score = 0;                // of the edits
  double frequency = 0;            // logarithm of the articles that have it
  bool of_unknown = false;         // the word typed is in no article
  bool doubtful = false;           // right only if its neighbour in the query is its neighbour in articles
};

struct speller::combination {
  std::vector<std::pair<std::size_t, const option*>> changes;  // the word of the query, and what it becomes
  double score = 0;                                            // of the edits
  double frequency = 0;                                        // of the words
  std::uint64_t articles = 0;
  corrected_query corrected;
};

struct speller::state {
  std::string_view q;
  const query_node& root;
  std::uint64_t found;
  const vocabulary& dictionary;
  const trial& search;
  int trials_left = k_most_trials;
  std::size_t lookups_left = k_words_looked_up;
  std::vector<query_word> words{};
  std::vector<double> articles{};              // of each word
  std::vector<std::vector<option>> options{};  // of each word

  std::uint64_t count(const query_node& n, bool any = false) { return trials_left-- > 0 ? search(n, any) : 0; }
  std::uint64_t count_phrase(const std::string& text) {
    query_node n;
    n.kind = node_kind::phrase;
    n.text = text;
    return count(n);
  }
  [[nodiscard]] std::string_view typed(std::size_t i) const {
    return q.substr(words[i].begin, words[i].end - words[i].begin);
  }
};

// Before anything is tried: the edits and how common the words are.
template <class T>
double speller::likelihood(const T& x) {
  return x.score + x.frequency;
}

// ---- single words --------------------------------------------------------------------------------------------------

// Articles that have the word or another form of it.
double speller::articles_with(std::string_view typed, const std::string& word) {
  Xapian::Database& db = reader_.database();
  Xapian::doccount most = db.get_termfreq(word);
  for (const std::string& language : reader_.languages()) {
    if (most >= k_plenty) break;
    if (!index::has_stemmer(language)) continue;
    stemmers_.stem(language, index::token_kind::word, typed, word, stems_);
    for (const std::string_view stem : stems_) most = std::max(most, db.get_termfreq(index::stem_term(language, stem)));
  }
  return most;
}

// An acronym of the archive is what it is, however near a word may be.
bool speller::is_acronym(std::string_view typed, const query_word& w) {
  if (w.cjk || in_style_of(typed, "xx") != "XX") return false;
  std::string written;
  index::append_upper(written, w.folded);
  return reader_.database().term_exists(index::make_term(index::prefix::acronym, written));
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
        w.elided.empty() ? articles_with(s.typed(i), w.folded) : reader_.database().get_termfreq(w.elided + w.folded);
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
    c.near.articles = reader_.database().get_termfreq(w.elided + c.near.word);
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
      const Xapian::doccount first = reader_.database().get_termfreq(x.first);
      x.rarer = first == 0 ? 0 : std::min(first, reader_.database().get_termfreq(x.second));
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
  const double articles = a.cjk ? rarest_pair(characters, s.dictionary) : reader_.database().get_termfreq(word);
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

// ---- the whole query -----------------------------------------------------------------------------------------------

// The likeliest combinations of changes, best first; each changes something.
std::vector<speller::combination> speller::combine(const state& s) {
  std::vector<std::vector<combination>> best(s.words.size() + 1);
  best[0].emplace_back();
  for (std::size_t i = 0; i < s.words.size(); ++i) {
    std::stable_sort(best[i].begin(), best[i].end(),
                     [](const combination& a, const combination& b) { return likelihood(a) > likelihood(b); });
    if (best[i].size() > k_beam) best[i].resize(k_beam);
    for (const combination& c : best[i]) {
      combination kept = c;
      const bool lost = s.articles[i] == 0 && !s.options[i].empty();
      if (lost) kept.score += k_unknown;
      best[i + 1].push_back(std::move(kept));
      for (const option& o : s.options[i]) {
        combination changed = c;
        changed.changes.emplace_back(i, &o);
        changed.score += o.score;
        changed.frequency += o.frequency;
        best[i + o.taken].push_back(std::move(changed));
      }
    }
  }
  std::vector<combination> out = std::move(best.back());
  std::erase_if(out, [](const combination& c) { return c.changes.empty(); });
  std::stable_sort(out.begin(), out.end(),
                   [](const combination& a, const combination& b) { return likelihood(a) > likelihood(b); });
  return out;
}

// How many articles have a change side by side with a word that it touches in the query; nothing if it touches none.
std::optional<std::uint64_t> speller::count_beside(state& s, const combination& c, std::size_t which) {
  const auto& [i, o] = c.changes[which];
  const auto join = [](const std::vector<std::string>& words) {
    return words.size() == 1 ? words.front() : words.front() + " " + words.back();
  };
  std::string phrase = s.words[i].elided + join(o->words);
  if (i > 0 && s.words[i].touches_previous) {
    const bool changed = which > 0 && c.changes[which - 1].first + c.changes[which - 1].second->taken == i;
    phrase.insert(
        0, s.words[i - 1].elided + (changed ? c.changes[which - 1].second->words.back() : s.words[i - 1].folded) + " ");
  } else if (const std::size_t next = i + o->taken; next < s.words.size() && s.words[next].touches_previous) {
    const bool changed = which + 1 < c.changes.size() && c.changes[which + 1].first == next;
    phrase +=
        " " + s.words[next].elided + (changed ? c.changes[which + 1].second->words.front() : s.words[next].folded);
  } else {
    return std::nullopt;
  }
  return s.count_phrase(phrase);
}

// Among combinations nearly as good, favours those whose words stand side by side in articles; drops those that only
// this would have made credible.
void speller::favour_neighbours(state& s, std::vector<combination>& found) {
  const auto doubt = [](const combination& c) {
    return std::find_if(c.changes.begin(), c.changes.end(), [](const auto& x) { return x.second->doubtful; });
  };
  std::stable_sort(found.begin(), found.end(),
                   [](const combination& a, const combination& b) { return a.score > b.score; });
  const double best = found.empty() ? 0 : found.front().score;
  const bool single = s.words.size() < 2 || found.size() < 2;
  int tried = 0;
  std::erase_if(found, [&](combination& c) {
    const auto d = doubt(c);
    const bool doubtful = d != c.changes.end();
    if (!doubtful && (single || c.score < best - k_near_tie)) return false;
    if (tried == k_neighbours_tried) return doubtful;
    ++tried;
    const auto beside = count_beside(s, c, doubtful ? static_cast<std::size_t>(d - c.changes.begin()) : 0);
    c.score += k_per_neighbours * std::log1p(static_cast<double>(beside.value_or(0)));
    return doubtful && beside.value_or(0) < k_side_by_side;
  });
}

std::optional<speller::combination> speller::choose(state& s) {
  std::vector<combination> all = combine(s);
  const std::uint64_t wanted = s.found == 0 ? 1 : std::max(k_plenty, s.found * k_times_more);
  const bool several = s.words.size() > 1;
  std::vector<combination> good;
  int tried = 0;
  for (combination& c : all) {
    if (tried == k_combinations_tried) break;
    std::vector<replacement> changes;
    for (const auto& [i, o] : c.changes) changes.push_back(o->change);
    auto corrected = correct(s.q, s.root, changes, max_leaves_);
    if (!corrected) continue;
    ++tried;
    c.corrected = std::move(*corrected);
    c.articles = s.count(c.corrected.root);
    if (c.articles < wanted) continue;
    c.score += (several ? k_per_frequency_of_several : k_per_frequency) * c.frequency +
               (several ? k_per_match_of_several : k_per_match) * log_articles(static_cast<double>(c.articles));
    good.push_back(c);
  }
  if (good.empty() && s.found == 0 && several) {
    // No article has all of the words even so; but a word that no article has stands in the way of those with any.
    const auto first = std::find_if(all.begin(), all.end(), [](const combination& c) {
      return !c.corrected.q.empty() &&
             std::all_of(c.changes.begin(), c.changes.end(), [](const auto& x) { return x.second->of_unknown; });
    });
    if (first == all.end() || s.trials_left < 2) return std::nullopt;
    if (s.count(first->corrected.root, true) <= s.count(s.root, true)) return std::nullopt;
    return *first;
  }
  favour_neighbours(s, good);
  const auto best = std::max_element(good.begin(), good.end(), [](const combination& a, const combination& b) {
    return a.score < b.score || (a.score == b.score && a.corrected.q > b.corrected.q);
  });
  return best == good.end() ? std::nullopt : std::optional(*best);
}

// ---- what is shown
// ---------------------------------------------------------------------------------------------------

// A term has lost its accents: the word as most of a few articles print it, in small letters. With apostrophes only if
// the word typed has one.
std::string speller::printed_form(std::string_view typed, const std::string& word) {
  constexpr int k_articles = 3;
  const auto is_apostrophe = [](char32_t c) { return index::class_of(c) == index::char_class::apostrophe; };
  const std::u32string as_typed = characters_of(typed);
  const bool apostrophe = std::any_of(as_typed.begin(), as_typed.end(), is_apostrophe);
  const std::u32string characters = characters_of(word);
  if (!std::all_of(characters.begin(), characters.end(), has_folded_marks)) return word;
  std::map<std::string, int> forms;
  index::token_list tokens;
  Xapian::Database& db = reader_.database();
  int read = 0;
  for (auto p = db.postlist_begin(word); p != db.postlist_end(word) && read < k_articles; ++p, ++read) {
    const auto record = reader_.get_record(*p);
    if (!record || (record->fields.language == "en" && !apostrophe)) continue;  // which is printed without accents
    const auto text = reader_.get_text(*record);
    if (!text) continue;
    analyzer_.analyze(*text, tokens);
    for (const index::token& t : tokens.tokens()) {
      if (!index::carries_position(t.kind) || tokens.text(t) != word) continue;
      const std::string form = index::casefold(std::string_view(*text).substr(t.begin, t.end - t.begin));
      const std::u32string printed = characters_of(form);
      const bool letters = std::all_of(printed.begin(), printed.end(), [&](char32_t c) {
        return index::class_of(c) == index::char_class::letter || index::class_of(c) == index::char_class::extend ||
               (apostrophe && is_apostrophe(c));
      });
      if (letters) ++forms[form];
    }
  }
  const auto most =
      std::max_element(forms.begin(), forms.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == forms.end() ? word : most->first;
}

std::string speller::render(const state& s, const combination& c) {
  std::vector<replacement> changes;
  for (const auto& [i, o] : c.changes) {
    replacement r = o->change;
    if (o->words.size() == 1) {
      r.text = in_style_of(s.typed(i), printed_form(s.typed(i), o->words.front()));
      if (s.words[i].cjk) r.text = o->change.text;
    }
    changes.push_back(std::move(r));
  }
  // A printed form must be read as the word that was tried.
  const auto printed = correct(s.q, s.root, changes, max_leaves_);
  if (!printed) return c.corrected.q;
  std::vector<query_word> tried = correctable_words(c.corrected.q, c.corrected.root, analyzer_);
  std::vector<query_word> shown = correctable_words(printed->q, printed->root, analyzer_);
  const bool same = std::equal(tried.begin(), tried.end(), shown.begin(), shown.end(),
                               [](const query_word& a, const query_word& b) { return a.folded == b.folded; });
  return same ? printed->q : c.corrected.q;
}

std::optional<std::string> speller::propose(std::string_view q, const query_node& root, std::uint64_t found,
                                            const vocabulary& words, const trial& search) {
  if (found >= k_plenty) return std::nullopt;
  state s{.q = q, .root = root, .found = found, .dictionary = words, .search = search};
  s.words = correctable_words(q, root, analyzer_);
  s.articles.resize(s.words.size());
  s.options.resize(s.words.size());
  for (std::size_t i = 0; i < s.words.size(); ++i) judge(s, i);
  bool any = false;
  for (std::size_t i = 0; i < s.words.size(); ++i) {
    add_joined(s, i, s.options[i]);
    any = any || !s.options[i].empty();
  }
  if (!any) return std::nullopt;
  const auto best = choose(s);
  if (!best) return std::nullopt;
  std::string proposed = render(s, *best);
  return proposed == q ? std::nullopt : std::optional(std::move(proposed));
}

}  // namespace rapporteur::search
