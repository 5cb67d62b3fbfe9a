// One word against one article: the terms that a search may ask for, those that the article has, and what follows.
//
// server/search/planner decides what a search asks for; this says the same in words, for one word alone. What depends
// on more than the word and the archive (other words in capitals, stems that are held back) is left to it. What both go
// by has one home: index/acronym_use.
#include "index/acronym_use.hpp"
#include "index/explainer.hpp"
#include "index/explanation.hpp"
#include "index/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace rapporteur::index {
namespace {

const explained_term* find_term(const std::vector<explained_term>& terms, const std::string& term) {
  const auto at = std::lower_bound(terms.begin(), terms.end(), term,
                                   [](const explained_term& t, const std::string& s) { return t.term < s; });
  return at != terms.end() && at->term == term ? &*at : nullptr;
}

std::string marked_term(token_kind k, std::string_view text) {
  return make_term(k == token_kind::acronym ? prefix::acronym : prefix::symbol, text);
}

/// Puts the word's terms together, each once.
class wanted_terms {
 public:
  wanted_terms(const std::vector<explained_term>& of_article, std::vector<word_term>& out)
      : of_article_(of_article), out_(out) {}

  void add(const std::string& term) {
    if (std::any_of(out_.begin(), out_.end(), [&](const word_term& w) { return w.wanted.term == term; })) return;
    word_term w;
    if (const explained_term* t = find_term(of_article_, term)) {
      w.wanted = *t;
      w.there = true;
    } else {
      w.wanted = read_term(term);
    }
    out_.push_back(std::move(w));
  }

 private:
  const std::vector<explained_term>& of_article_;
  std::vector<word_term>& out_;
};

/// Of one run of Han, Kana or Hangul pairs are searched for, and no single characters.
bool is_covered(const token_list& word, const token& t) {
  return t.kind == token_kind::unigram && std::any_of(word.tokens().begin(), word.tokens().end(), [&](const token& o) {
           return o.kind == token_kind::bigram && o.begin <= t.begin && t.end <= o.end;
         });
}

/// The positions of the article at which the parts of the word begin that stand one behind the other, as in a phrase.
std::vector<std::uint32_t> rows_of(const token_list& word, const std::vector<explained_term>& terms) {
  std::vector<std::pair<std::uint32_t, const explained_term*>> parts;
  for (const token& t : word.tokens()) {
    if (!carries_position(t.kind)) continue;
    const explained_term* have = find_term(terms, make_term("", word.text(t)));
    if (have == nullptr) return {};
    parts.emplace_back(t.position, have);
  }
  std::vector<std::uint32_t> rows;
  if (parts.empty()) return rows;
  const auto first = parts.front();
  std::copy_if(
      first.second->positions.begin(), first.second->positions.end(), std::back_inserter(rows), [&](std::uint32_t at) {
        return std::all_of(parts.begin(), parts.end(), [&](const auto& p) {
          return std::binary_search(p.second->positions.begin(), p.second->positions.end(), at + p.first - first.first);
        });
      });
  return rows;
}

bool has_kind(const explained_word& w, term_kind k) {
  return std::any_of(w.terms.begin(), w.terms.end(), [&](const word_term& t) { return t.there && t.wanted.kind == k; });
}

struct verdict {
  word_found found;
  std::string because;
};

verdict judge_words(const explained_word& w, std::string_view stem_language) {
  if (has_kind(w, term_kind::word)) return {word_found::yes, "it has the exact word"};
  if (has_kind(w, term_kind::stem)) {
    return {word_found::yes, fmt::format("it has another form of the word, with the same stem ({})", stem_language)};
  }
  const bool stems =
      std::any_of(w.terms.begin(), w.terms.end(), [](const word_term& t) { return t.wanted.kind == term_kind::stem; });
  if (!stems) return {word_found::no, "it does not have the word"};
  if (stem_language == k_unstemmed) {
    return {word_found::no,
            "it does not have the word, and its language has no stems here: only the same form is found"};
  }
  return {word_found::no, fmt::format("it has neither the word nor its stem ({})", stem_language)};
}

verdict judge_acronym(const explained_word& w, const word_term& acronym, std::string_view stem_language) {
  if (acronym.there) return {word_found::yes, "it has the acronym"};
  verdict as_word = judge_words(w, stem_language);
  if (as_word.found == word_found::no) {
    return {word_found::no, "it does not have the acronym, and as a word: " + as_word.because};
  }
  if (!acronym.articles) {
    return {
        word_found::depends,
        "it has it only as a word: written in capitals, an acronym is searched for where the archive has it as one"};
  }
  const auto plain = std::ranges::find_if(w.terms, [](const word_term& t) { return t.wanted.kind == term_kind::word; });
  const std::uint64_t with_word = plain == w.terms.end() ? 0 : plain->articles.value_or(0);
  const auto so_many = [](std::uint64_t n) { return fmt::format("{} article{}", n, n == 1 ? "" : "s"); };
  if (is_meant_as_acronym(acronym.wanted.value, *acronym.articles, [&] { return with_word; })) {
    return {
        word_found::no,
        fmt::format("it has it only as a word, and {} of {} with the word write it as an acronym, which is then what "
                    "is searched for; in small letters it is found",
                    *acronym.articles, so_many(with_word))};
  }
  if (*acronym.articles == 0)
    return {word_found::yes, "no article has the acronym, so the word is searched for: " + as_word.because};
  return {word_found::yes,
          fmt::format("only {} of {} with the word write it as an acronym, so the word is searched for: {}",
                      *acronym.articles, so_many(with_word), as_word.because)};
}

verdict judge_parts(const explained_word& w, const std::vector<explained_term>& terms) {
  if (has_kind(w, term_kind::symbol)) return {word_found::yes, "it has the document symbol"};
  const bool characters = std::any_of(w.tokens.tokens().begin(), w.tokens.tokens().end(),
                                      [](const token& t) { return t.kind == token_kind::bigram; });
  const std::string_view parts = characters ? "characters" : "parts";
  if (!rows_of(w.tokens, terms).empty()) {
    return {word_found::yes, fmt::format("it has the {} of the word in a row", parts)};
  }
  // Of a word of several parts only the parts joined have a stem among its terms (explain_word).
  bool joined = has_kind(w, term_kind::stem);
  std::string lacking;
  for (const token& t : w.tokens.tokens()) {
    const bool there = find_term(terms, make_term("", w.tokens.text(t))) != nullptr;
    joined = joined || (t.kind == token_kind::compound && there);
    if (there || !carries_position(t.kind) || is_covered(w.tokens, t)) continue;
    lacking += fmt::format("{}{}", lacking.empty() ? "" : ", ", w.tokens.text(t));
  }
  if (joined) return {word_found::yes, "it has the parts of the word joined"};
  if (lacking.empty()) return {word_found::no, fmt::format("it has all {} of the word, but not in a row", parts)};
  return {word_found::no, fmt::format("it does not have all {} of the word: it lacks {}", parts, lacking)};
}

verdict judge(const explained_word& w, const std::vector<explained_term>& terms, std::string_view stem_language) {
  if (w.tokens.tokens().empty()) return {word_found::no, "nothing of it is a word, so nothing is searched for"};
  if (w.tokens.last_position() > 1) return judge_parts(w, terms);
  for (const word_term& t : w.terms) {
    if (t.wanted.kind == term_kind::acronym) return judge_acronym(w, t, stem_language);
  }
  return judge_words(w, stem_language);
}

/// Exact words of the article that share at least half of the word's bytes with it, from the beginning.
std::vector<std::string> similar_words(const token_list& word, const std::vector<explained_term>& terms) {
  constexpr std::size_t k_most = 5;
  constexpr std::size_t k_least_bytes = 3;
  // Pairs of characters begin alike by chance.
  const auto at = std::find_if(word.tokens().begin(), word.tokens().end(),
                               [](const token& t) { return t.kind == token_kind::word || t.kind == token_kind::part; });
  if (at == word.tokens().end()) return {};
  const std::string_view folded = word.text(*at);
  std::vector<std::pair<std::size_t, std::string>> found;
  for (const explained_term& t : terms) {
    if (t.kind != term_kind::word) continue;
    const auto differ = std::mismatch(folded.begin(), folded.end(), t.value.begin(), t.value.end()).first;
    const auto shared = static_cast<std::size_t>(differ - folded.begin());
    if (shared < std::max(k_least_bytes, (folded.size() + 1) / 2)) continue;
    found.emplace_back(shared, t.value);
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> out;
  for (std::size_t n = 0; n < found.size() && n < k_most; ++n) out.push_back(std::move(found[n].second));
  return out;
}

/// Looks for what is searched for among the tokens of a title or a text.
class place_finder {
 public:
  place_finder(explained_word& w, const article_explanation& a, const std::vector<explained_term>& terms,
               stemmers& stems)
      : word_(w), article_(a), stems_(stems) {
    // A word of one part is found by each of its terms; of several, by those that stand for all of it.
    const bool whole = w.tokens.last_position() == 1;
    for (const word_term& t : w.terms) {
      const term_kind k = t.wanted.kind;
      if (k == term_kind::title_word || k == term_kind::title_stem) continue;
      if (!whole && k == term_kind::word) continue;
      wanted_.push_back(t.wanted.term);
    }
    if (whole) return;
    for (const token& t : w.tokens.tokens()) {
      if (t.kind == token_kind::compound) wanted_.push_back(make_term("", w.tokens.text(t)));
    }
    rows_ = rows_of(w.tokens, terms);
  }

  void look(bool title) {
    const token_list& list = title ? article_.title : article_.text;
    const std::string_view of = title ? article_.subject.title : article_.subject.text;
    const std::uint32_t offset = title ? 0 : article_.text_offset;
    const std::size_t first = word_.places.size();
    for (const token& t : list.tokens()) {
      if (is_wanted(list, of, t)) word_.places.push_back({title, t.begin, t.end, t.position + offset});
      look_for_rows(list, t, title, offset);
    }
    for (const auto& [at, place] : found_rows_) word_.places.push_back(place);
    found_rows_.clear();
    std::stable_sort(word_.places.begin() + static_cast<std::ptrdiff_t>(first), word_.places.end(),
                     [](const word_place& a, const word_place& b) { return a.begin < b.begin; });
    // Several readings of one piece of text are one place.
    word_.places.erase(
        std::unique(word_.places.begin() + static_cast<std::ptrdiff_t>(first), word_.places.end(),
                    [](const word_place& a, const word_place& b) { return a.begin == b.begin && a.end == b.end; }),
        word_.places.end());
  }

 private:
  [[nodiscard]] bool has(const std::string& term) const {
    return std::find(wanted_.begin(), wanted_.end(), term) != wanted_.end();
  }

  bool is_wanted(const token_list& list, std::string_view of, const token& t) {
    const std::string_view folded = list.text(t);
    if (t.kind == token_kind::acronym || t.kind == token_kind::symbol) return has(marked_term(t.kind, folded));
    if (has(std::string(folded))) return true;
    stems_.stem(article_.stem_language, t.kind, of.substr(t.begin, t.end - t.begin), folded, scratch_);
    return std::any_of(scratch_.begin(), scratch_.end(),
                       [&](std::string_view s) { return has(stem_term(article_.stem_language, s)); });
  }

  void look_for_rows(const token_list& list, const token& t, bool title, std::uint32_t offset) {
    if (rows_.empty() || !carries_position(t.kind)) return;
    for (const token& part : word_.tokens.tokens()) {
      if (!carries_position(part.kind) || word_.tokens.text(part) != list.text(t)) continue;
      const std::uint32_t at = t.position + offset - (part.position - word_.tokens.tokens().front().position);
      if (!std::binary_search(rows_.begin(), rows_.end(), at)) continue;
      const auto [found, is_new] = found_rows_.try_emplace(at, word_place{title, t.begin, t.end, at});
      found->second.begin = std::min(found->second.begin, t.begin);
      found->second.end = std::max(found->second.end, t.end);
    }
  }

  explained_word& word_;
  const article_explanation& article_;
  stemmers& stems_;
  std::vector<std::string> wanted_;
  std::vector<std::uint32_t> rows_;
  std::map<std::uint32_t, word_place> found_rows_;
  std::vector<std::string_view> scratch_;
};

}  // namespace

result<explained_word> explainer::explain_word(std::string_view word, const article_explanation& a,
                                               const std::vector<explained_term>& terms) {
  impl& i = *impl_;
  explained_word w;
  w.word = word;
  i.words.analyze(word, w.tokens, text_role::query);
  wanted_terms wanted(terms, w.terms);
  std::vector<std::string_view> stems;
  const bool whole = w.tokens.last_position() == 1;
  for (const token& t : w.tokens.tokens()) {
    const std::string_view folded = w.tokens.text(t);
    if (is_covered(w.tokens, t)) continue;
    if (t.kind == token_kind::acronym || t.kind == token_kind::symbol) {
      if (whole || t.kind == token_kind::symbol) wanted.add(marked_term(t.kind, folded));
      continue;
    }
    stems.clear();
    // The parts of a word are searched for as they are printed, in a row.
    if (whole || t.kind == token_kind::compound)
      i.stems.stem(a.stem_language, t.kind, word.substr(t.begin, t.end - t.begin), folded, stems);
    wanted.add(make_term("", folded));
    for (const std::string_view stem : stems) wanted.add(stem_term(a.stem_language, stem));
    wanted.add(make_term(prefix::title, folded));
    for (const std::string_view stem : stems) wanted.add(title_stem_term(a.stem_language, stem));
  }
  if (i.index) {
    const auto counted = i.ask([&](reader& r) -> result<void> {
      for (word_term& t : w.terms) t.articles = r.database().get_termfreq(t.wanted.term);
      return {};
    });
    if (!counted) return counted.error();
  }

  place_finder places(w, a, terms, i.stems);
  places.look(true);
  places.look(false);

  verdict v = judge(w, terms, a.stem_language);
  w.found = v.found;
  w.because = std::move(v.because);
  if (!has_kind(w, term_kind::word)) w.similar = similar_words(w.tokens, terms);
  return w;
}

}  // namespace rapporteur::index
