// The planner and stems: in which languages a word's stem is searched for.
//
// A query does not say its language, so a word is stemmed in every language of the archive. Where it is a word of
// another language, or a name, a stem may be one that it shares with quite different words: tomas has the Spanish stem
// of tomó and tomaron. Such a stem is held back, by what the archive's own articles show of the word.
#include "index/schema.hpp"
#include "server/search/planner.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace rapporteur::search {
namespace {

constexpr double k_stranger = 4;       // a stem in so many times as many articles as the word has it from other words
constexpr double k_home_share = 0.25;  // of the word's articles, in languages where it is no stranger
constexpr Xapian::docid k_sample = 64;

}  // namespace

// Of a sample of the word's articles, spread over the archive: how many went through the stemmer of each language.
std::map<std::string, double, std::less<>> planner::sample_languages(const std::string& term_of) {
  std::map<std::string, double, std::less<>> out;
  note_languages();
  index::database_view& view = reader_.view();
  index::database_view::postings all;
  view.read(term_of, false, all);
  const Xapian::docid step = std::max<Xapian::docid>(view.last_document() / k_sample, 1);
  article with;
  Xapian::docid from = 1;
  for (const Xapian::docid id : all.documents) {
    if (id < from) continue;
    with.language.clear();
    if (id < languages_.size() && languages_[id] > 0) with.language = reader_.languages()[languages_[id] - 1U];
    ++out[std::string(reader_.stem_language(with))];
    from = std::max(from + step, id + 1);
  }
  return out;
}

// Which language each article is in, once for a state of the index.
void planner::note_languages() {
  if (!languages_.empty()) return;
  index::database_view& view = reader_.view();
  languages_.resize(std::size_t{view.last_document()} + 1);
  index::database_view::postings of_one;
  const std::vector<std::string>& names = reader_.languages();
  for (std::size_t n = 0; n < names.size() && n < 0xFFFF; ++n) {
    view.read(index::language_term(names[n]), false, of_one);
    for (const Xapian::docid id : of_one.documents) {
      if (id < languages_.size()) languages_[id] = static_cast<std::uint16_t>(n + 1);
    }
  }
}

// A stem is held back if
// - it stands in at least k_stranger times as many articles as the word: most have it from other words,
// - a good part of the word's articles are in languages where that is not so: it is at home there, and
// - it is no more frequent in the articles of this language than in those.
// Names and borrowed words are like that; the forms of a verb are not, since all their articles are in its language.
std::vector<planner::stem_choice> planner::stems_of(const std::string& word, std::string_view written,
                                                    index::token_kind kind, bool title) {
  index::database_view& view = reader_.view();
  std::vector<stem_choice> out;
  const double articles = view.frequency(word);
  bool strange = false;
  for (const std::string& language : stem_languages_) {
    stemmers_.stem(language, kind, written, word, stem_scratch_);
    for (const std::string_view stem : stem_scratch_) {
      stem_choice c{language, std::string(stem), {}, false};
      const double with = view.frequency(index::stem_term(language, stem));
      c.term = title ? index::title_stem_term(language, stem) : index::stem_term(language, stem);
      if (with == 0 || (title && view.frequency(c.term) == 0)) continue;
      c.held_back = articles > 0 && with >= k_stranger * articles;
      strange = strange || c.held_back;
      out.push_back(std::move(c));
    }
  }
  if (!strange) return out;

  const auto is_strange = [&](std::string_view language) {
    return std::any_of(out.begin(), out.end(),
                       [&](const stem_choice& c) { return c.held_back && c.language == language; });
  };
  const auto seen = sample_languages(word);
  double all = 0;
  double home = 0;
  for (const auto& [language, count] : seen) {
    all += count;
    if (!is_strange(language)) home += count;
  }
  double home_articles = view.documents();
  for (const std::string& language : stem_languages_) {
    if (is_strange(language)) home_articles -= view.frequency(index::language_term(language));
  }
  const double home_rate = home / std::max(home_articles, 1.0);
  std::vector<std::string> believed;
  for (const stem_choice& c : out) {
    if (!c.held_back) continue;
    const auto found = seen.find(c.language);
    const double count = found == seen.end() ? 0 : found->second;
    // A few articles more or less are chance: what is surely there counts.
    const double surely = std::max(0.0, count - 2 * std::sqrt(count));
    const double rate = surely / std::max<double>(view.frequency(index::language_term(c.language)), 1);
    if (home < k_home_share * all || rate > home_rate) believed.push_back(c.language);
  }
  for (stem_choice& c : out) {
    if (std::find(believed.begin(), believed.end(), c.language) != believed.end()) c.held_back = false;
  }
  return out;
}

}  // namespace rapporteur::search
