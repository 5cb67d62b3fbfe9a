#include "server/search/speller.hpp"

#include "index/unicode.hpp"
#include "server/search/speller_state.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace rapporteur::search {
namespace {

// In natural logarithms, as all scores here: what the logarithm of the articles counts for that have the word, that the
// whole query then finds, and that have the word beside its neighbour. The articles that several words have together
// say more than those of each.
constexpr double k_per_frequency = 0.5;
constexpr double k_per_match = 0.6;
constexpr double k_per_frequency_of_several = 0.2;
constexpr double k_per_match_of_several = 0.4;
constexpr double k_per_neighbours = 1.2;
constexpr double k_unknown = -15;  // an unknown word left as it is
constexpr double k_near_tie = 6;   // combinations so close are judged by their neighbours
constexpr std::size_t k_beam = 24;

// In a query that finds nothing a neighbour says more: the other word stands beside it in so many articles.
constexpr std::uint64_t k_side_by_side = 5;
constexpr std::uint64_t k_times_more = 10;  // a query that finds something is corrected for so many times more

bool has_folded_marks(char32_t c) {
  const bool latin_or_greek = c < 0x0400;
  const bool arabic = c >= 0x0600 && c < 0x0780;
  const bool cyrillic = c >= 0x0400 && c < 0x0530;
  return latin_or_greek || arabic || cyrillic;
}

}  // namespace

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
  std::vector<combination> kept;
  int tried = 0;
  for (combination& c : found) {
    const auto d = doubt(c);
    const bool doubtful = d != c.changes.end();
    const bool sure = !doubtful && (single || c.score < best - k_near_tie || tried == k_neighbours_tried);
    if (!sure && tried < k_neighbours_tried) {
      ++tried;
      const auto beside = count_beside(s, c, doubtful ? static_cast<std::size_t>(d - c.changes.begin()) : 0);
      c.score += k_per_neighbours * std::log1p(static_cast<double>(beside.value_or(0)));
      if (doubtful && beside.value_or(0) < k_side_by_side) continue;
    } else if (!sure) {
      continue;
    }
    kept.push_back(std::move(c));
  }
  found = std::move(kept);
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

// ---- what is shown ---

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
