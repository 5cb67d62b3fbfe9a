// The planner and what an archive has of a term of the thesaurus: the forms that articles write it in, and the query
// that finds them. Remembered as long as neither the index nor the thesaurus changes.
#include "index/schema.hpp"
#include "index/unicode.hpp"
#include "server/search/idf.hpp"
#include "server/search/listed_query.hpp"
#include "server/search/matching.hpp"
#include "server/search/planner.hpp"

#include <algorithm>
#include <utility>

namespace rapporteur::search {
namespace {

namespace schema = index::prefix;

constexpr double k_little_else = 0.5;         // share of a word's articles that have it as acronym, for titles
constexpr std::size_t k_form_letters = 4;     // shorter words have no other forms here
constexpr std::size_t k_most_spellings = 24;  // of a term of several words
constexpr std::size_t k_most_forms = 6;       // of one word of it
constexpr std::size_t k_forms_scanned = 64;   // terms looked at for them

std::size_t letters(std::string_view s) {
  return static_cast<std::size_t>(std::count_if(s.begin(), s.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

// Of the script that a word begins in, as far as its words are inflected differently here.
enum class script { latin, cyrillic, arabic, other };
script script_of(std::string_view s) {
  const char32_t c = s.empty() ? 0 : index::decode_utf8(s, 0).code_point;
  if (c < 0x250 || (c >= 0x1E00 && c < 0x1F00)) return script::latin;
  if (c >= 0x400 && c < 0x530) return script::cyrillic;
  if (c >= 0x600 && c < 0x700) return script::arabic;
  return script::other;
}

// Singular and plural of a common word, by its ending, in the languages of Latin script where both words of a term
// change: desaparición forzada, desapariciones forzadas. What no article has is sorted out by looking it up.
std::vector<std::string> numbers_of(const std::string& w) {
  std::vector<std::string> out;
  const auto ends = [&](std::string_view e) { return w.size() >= k_form_letters && w.ends_with(e); };
  const auto instead = [&](std::size_t cut, std::string_view e) {
    out.push_back(w.substr(0, w.size() - cut).append(e));
  };
  if (ends("ies")) instead(3, "y");
  if (ends("ces")) instead(3, "z");
  if (ends("aux")) instead(3, "al");
  if (ends("es")) instead(2, "");
  if (ends("s")) {
    instead(1, "");
    return out;
  }
  if (ends("y")) instead(1, "ies");
  if (ends("z")) instead(1, "ces");
  if (ends("al")) instead(2, "aux");
  instead(0, "s");
  instead(0, "es");
  return out;
}

// What Arabic writes together with the word: and, with, for, the article with them. Only a term's first word has them.
std::vector<std::string> proclitics_of(const std::string& w) {
  constexpr std::string_view k_article = "ال";
  std::vector<std::string> out{"و" + w, "ب" + w};
  if (w.starts_with(k_article))
    out.push_back("لل" + w.substr(k_article.size()));
  else
    out.push_back("ل" + w);
  return out;
}

}  // namespace

const planner::addition& planner::look_up(const thesaurus_term& t, bool title) {
  auto& known = title ? title_additions_ : additions_;
  if (const auto found = known.find(&t); found != known.end()) return found->second;
  const std::uint32_t terms = terms_;
  addition a = t.words.size() == 1 ? look_up_word(t, title) : look_up_phrases(spellings(t), title);
  terms_ = terms;  // what the user did not write is not held against them; added_terms_ is bounded for itself
  return known.emplace(&t, std::move(a)).first->second;
}

planner::addition planner::look_up_word(const thesaurus_term& t, bool title) {
  index::database_view& view = reader_.view();
  const thesaurus_word& w = t.words.front();
  addition out;
  pattern p;
  p.title_only = title;
  p.steps.resize(1);
  std::vector<match_query> any;
  if (!t.acronym.empty()) {
    // Titles have no acronyms as such, so there only a word that is little else will do.
    const std::string term_of = index::make_term(schema::acronym, t.acronym);
    const double articles = view.frequency(term_of);
    if (articles == 0) return out;
    if (!title) {
      any.emplace_back(term_of);
      p.steps.front().acronyms.push_back(t.acronym);
      out.articles = articles;
    } else if (articles >= k_little_else * view.frequency(w.folded)) {
      const std::string in_title = index::make_term(schema::title, w.folded);
      out.articles = view.frequency(in_title);
      if (out.articles > 0) any.emplace_back(in_title);
      p.steps.front().words.push_back(w.folded);
    }
    p.weight = weight_of(term_of);
  } else if (w.name) {
    const std::string exact = title ? index::make_term(schema::title, w.folded) : w.folded;
    out.articles = view.frequency(exact);
    if (out.articles > 0) any.emplace_back(exact);
    p.steps.front().words.push_back(w.folded);
    p.weight = weight_of(w.folded);
  } else {
    readings r;
    add_forms(w.folded, w.written, index::token_kind::word, title, r, p);
    const std::string exact = title ? index::make_term(schema::title, w.folded) : w.folded;
    // The word itself must be there, in some form: a foreign word that only shares a stem with it is another word.
    if (view.frequency(exact) == 0 && r.stems.empty()) return out;
    any = r.stems.empty() ? std::move(r.exact) : std::move(r.stems);
    for (const match_query& q : any) {
      const double with = view.frequency(q.first_term());
      out.articles += with;
    }
  }
  if (any.empty()) return out;
  out.terms = static_cast<std::uint32_t>(any.size());
  out.query = any.size() == 1 ? any.front() : match_query(Xapian::Query::OP_SYNONYM, any.begin(), any.end());
  out.patterns.push_back(std::move(p));
  return out;
}

// The forms that a word of a longer term may stand in; the word itself first.
std::vector<std::string> planner::forms(const thesaurus_word& w, bool first) {
  std::vector<std::string> out{w.folded};
  Xapian::Database& db = reader_.database();
  index::database_view& view = reader_.view();
  const auto add_known = [&](const std::vector<std::string>& candidates) {
    for (const std::string& c : candidates) {
      if (out.size() < k_most_forms && view.frequency(c) > 0 && std::find(out.begin(), out.end(), c) == out.end())
        out.push_back(c);
    }
  };
  const script of = script_of(w.folded);
  if (of == script::arabic && first) add_known(proclitics_of(w.folded));
  if (w.name || letters(w.folded) < k_form_letters) return out;
  if (of == script::latin) add_known(numbers_of(w.folded));
  if (of == script::cyrillic) {
    stemmers_.stem("ru", index::token_kind::word, w.written, w.folded, stem_scratch_);
    if (stem_scratch_.empty()) return out;
    const std::string stem(stem_scratch_.front());
    if (letters(stem) + 1 < k_form_letters || !w.folded.starts_with(stem)) return out;
    std::vector<std::pair<Xapian::doccount, std::string>> known;
    std::size_t scanned = 0;
    for (auto t = db.allterms_begin(stem); t != db.allterms_end(stem) && scanned < k_forms_scanned; ++t, ++scanned) {
      stemmers_.stem("ru", index::token_kind::word, *t, *t, stem_scratch_);
      if (!stem_scratch_.empty() && stem_scratch_.front() == stem) known.emplace_back(t.get_termfreq(), *t);
    }
    std::stable_sort(known.begin(), known.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<std::string> candidates;
    candidates.reserve(known.size());
    for (auto& [articles, word] : known) candidates.push_back(std::move(word));
    add_known(candidates);
  }
  return out;
}

// The ways in which articles may write a term of several words.
std::vector<std::vector<std::string>> planner::spellings(const thesaurus_term& t) {
  std::vector<std::vector<std::string>> out(1);
  for (std::size_t i = 0; i < t.words.size(); ++i) {
    const std::vector<std::string> forms_here = forms(t.words[i], i == 0);
    std::vector<std::vector<std::string>> longer;
    for (const std::string& f : forms_here) {
      for (const auto& begun : out) {
        if (longer.size() >= k_most_spellings) break;
        longer.push_back(begun);
        longer.back().push_back(f);
      }
    }
    out = std::move(longer);
  }
  if (!t.joined.empty()) out.push_back(t.joined);
  if (t.person) {
    // However the file hyphenates it, an article may write two parts as one word.
    for (std::size_t i = 0; i + 1 < t.words.size(); ++i) {
      std::vector<std::string> one_less;
      for (std::size_t j = 0; j < t.words.size(); ++j) {
        if (j == i + 1)
          one_less.back() += t.words[j].folded;
        else
          one_less.push_back(t.words[j].folded);
      }
      if (std::find(out.begin(), out.end(), one_less) == out.end()) out.push_back(std::move(one_less));
    }
  }
  return out;
}

// Those of the phrases that an article has, as one query. Looking costs as much as one search for each, so what is
// found is remembered (look_up), with the articles: a search that is expanded by twenty phrases reads their lists.
planner::addition planner::look_up_phrases(const std::vector<std::vector<std::string>>& candidates, bool title) {
  index::database_view& view = reader_.view();
  const double all = view.documents();
  addition out;
  std::vector<std::pair<match_query, double>> found;  // a phrase, and the number of articles with it
  for (const std::vector<std::string>& words : candidates) {
    std::vector<std::string> terms;
    double share = 1;
    pattern p;
    p.title_only = title;
    for (const std::string& w : words) {
      terms.push_back(title ? index::make_term(schema::title, w) : w);
      share *= view.frequency(terms.back()) / std::max(all, 1.0);
      if (share == 0) break;
      p.steps.push_back({{w}, {}, {}, {}});
      p.weight = std::max(p.weight, weight_of(w));
    }
    if (share == 0) continue;
    const match_query phrase(Xapian::Query::OP_PHRASE, terms.begin(), terms.end(), static_cast<unsigned>(terms.size()));
    if (terms.size() > 1) {
      if (match(reader_, phrase, false).ids.empty()) continue;
      share /= 4;  // what Xapian takes off for the order of the words
    }
    found.emplace_back(phrase, share * all);
    out.patterns.push_back(std::move(p));
    out.terms += static_cast<std::uint32_t>(terms.size());
    out.articles += share * all;
  }
  if (found.empty()) return out;
  // As a synonym a phrase is weighed as one term: its words' weights do not add up. Of several spellings the one that
  // an article has most counts, each as if it were as frequent as all of them.
  std::vector<match_query> any;
  for (const auto& [phrase, articles] : found) {
    match_query one(Xapian::Query::OP_SYNONYM, &phrase, &phrase + 1);
    if (phrase.terms() > 1) one = listed(reader_, one, listed_room_);
    any.emplace_back(Xapian::Query::OP_SCALE_WEIGHT, one,
                     std::max(idf(out.articles, all), k_least_idf) / std::max(idf(articles, all), k_least_idf));
  }
  out.query = any.size() == 1 ? any.front() : match_query(Xapian::Query::OP_MAX, any.begin(), any.end());
  return out;
}

}  // namespace rapporteur::search
