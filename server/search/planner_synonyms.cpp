// The planner and what the thesaurus adds: the terms of the file that a query names, and what the archive has of their
// equivalents. docs/thesaurus.md tells a reader the same.
#include "index/schema.hpp"
#include "index/unicode.hpp"
#include "server/search/planner.hpp"
#include "server/search/stop_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace rapporteur::search {
namespace {

namespace schema = index::prefix;

constexpr double k_acronym_in_small = 0.5;      // share of a word's articles that must have it in capitals
constexpr std::size_t k_form_letters = 4;       // shorter words have no other forms here
constexpr std::size_t k_most_spellings = 24;    // of a term of several words
constexpr std::size_t k_most_forms = 6;         // of one word of it
constexpr std::size_t k_forms_scanned = 64;     // terms looked at for them
constexpr Xapian::doccount k_counted_to = 100;  // articles that a phrase is counted to, before it is estimated
constexpr double k_least_idf = 0.1;
constexpr double k_most_scaled = 4;  // bounds what equivalents of several words are weighed up by

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

// BM25's idf as Xapian reckons it, of a term in so many articles.
double idf(double articles, double all) {
  const double ratio = (all - articles + 0.5) / (articles + 0.5);
  return std::log(ratio < 2 ? ratio * 0.5 + 1 : ratio);
}

}  // namespace

void planner::use_thesaurus(std::shared_ptr<const thesaurus> t) {
  thesaurus_ = std::move(t);
  additions_.clear();
  title_additions_.clear();
}

// What has been looked up holds for one state of the index.
void planner::forget_if_changed() {
  std::string state = fmt::format("{} {}", reader_.info().generation, reader_.info().revision);
  if (state == looked_up_in_) return;
  looked_up_in_ = std::move(state);
  shares_as_one_.clear();
  additions_.clear();
  title_additions_.clear();
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
    const double articles = reader_.database().get_termfreq(w.positions.front().folded);
    const double as_acronym = reader_.database().get_termfreq(index::make_term(schema::acronym, capitals));
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
  out.column = words.front()->column;
  addition found = look_up_phrases(spellings(t), title);
  out.terms.query = found.query;
  out.terms.patterns = std::move(found.patterns);
  terms_ += found.terms;
  for (const pattern& p : out.terms.patterns) out.weight = std::max(out.weight, p.weight);
  for (const thesaurus_word& w : t.words)
    out.positions.push_back(title ? index::make_term(schema::title, w.folded) : w.folded);
  return out;
}

// --- what the archive has -----------------------------------------------------------------------------------------

const planner::addition& planner::look_up(const thesaurus_term& t, bool title) {
  auto& known = title ? title_additions_ : additions_;
  if (const auto found = known.find(&t); found != known.end()) return found->second;
  const std::uint32_t terms = terms_;
  addition a = t.words.size() == 1 ? look_up_word(t, title) : look_up_phrases(spellings(t), title);
  terms_ = terms;  // what the user did not write is not held against them; see k_most_added
  return known.emplace(&t, std::move(a)).first->second;
}

planner::addition planner::look_up_word(const thesaurus_term& t, bool title) {
  Xapian::Database& db = reader_.database();
  const thesaurus_word& w = t.words.front();
  addition out;
  pattern p;
  p.title_only = title;
  p.steps.resize(1);
  std::vector<Xapian::Query> any;
  if (!t.acronym.empty()) {
    // Titles have no acronyms as such, so there only a word that is little else will do.
    const std::string term_of = index::make_term(schema::acronym, t.acronym);
    const double articles = db.get_termfreq(term_of);
    if (articles == 0) return out;
    if (!title) {
      any.emplace_back(term_of);
      p.steps.front().acronyms.push_back(t.acronym);
      out.articles = articles;
    } else if (articles >= k_acronym_in_small * db.get_termfreq(w.folded)) {
      const std::string in_title = index::make_term(schema::title, w.folded);
      out.articles = db.get_termfreq(in_title);
      if (out.articles > 0) any.emplace_back(in_title);
      p.steps.front().words.push_back(w.folded);
    }
    p.weight = weight_of(term_of);
  } else if (w.name) {
    const std::string exact = title ? index::make_term(schema::title, w.folded) : w.folded;
    out.articles = db.get_termfreq(exact);
    if (out.articles > 0) any.emplace_back(exact);
    p.steps.front().words.push_back(w.folded);
    p.weight = weight_of(w.folded);
  } else {
    readings r;
    add_forms(w.folded, w.written, index::token_kind::word, title, r, p);
    const std::string exact = title ? index::make_term(schema::title, w.folded) : w.folded;
    // The word itself must be there, in some form: a foreign word that only shares a stem with it is another word.
    if (!db.term_exists(exact) && r.stems.empty()) return out;
    any = r.stems.empty() ? std::move(r.exact) : std::move(r.stems);
    for (const Xapian::Query& q : any) {
      const double with = db.get_termfreq(*q.get_terms_begin());
      out.articles += with;
    }
  }
  if (any.empty()) return out;
  out.terms = static_cast<std::uint32_t>(any.size());
  out.query = any.size() == 1 ? any.front() : Xapian::Query(Xapian::Query::OP_SYNONYM, any.begin(), any.end());
  out.patterns.push_back(std::move(p));
  return out;
}

// The forms that a word of a longer term may stand in; the word itself first.
std::vector<std::string> planner::forms(const thesaurus_word& w, bool first) {
  std::vector<std::string> out{w.folded};
  Xapian::Database& db = reader_.database();
  const auto add_known = [&](const std::vector<std::string>& candidates) {
    for (const std::string& c : candidates) {
      if (out.size() < k_most_forms && db.term_exists(c) && std::find(out.begin(), out.end(), c) == out.end())
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
// found is remembered (look_up).
planner::addition planner::look_up_phrases(const std::vector<std::vector<std::string>>& candidates, bool title) {
  Xapian::Database& db = reader_.database();
  const double all = db.get_doccount();
  addition out;
  std::vector<Xapian::Query> any;
  for (const std::vector<std::string>& words : candidates) {
    std::vector<std::string> terms;
    double share = 1;
    pattern p;
    p.title_only = title;
    for (const std::string& w : words) {
      terms.push_back(title ? index::make_term(schema::title, w) : w);
      share *= db.get_termfreq(terms.back()) / std::max(all, 1.0);
      if (share == 0) break;
      p.steps.push_back({{w}, {}, {}, {}});
      p.weight = std::max(p.weight, weight_of(w));
    }
    if (share == 0) continue;
    const Xapian::Query phrase(Xapian::Query::OP_PHRASE, terms.begin(), terms.end(),
                               static_cast<Xapian::termcount>(terms.size()));
    if (terms.size() > 1) {
      Xapian::Enquire enquire(db);
      enquire.set_query(phrase);
      enquire.set_weighting_scheme(Xapian::BoolWeight());
      if (enquire.get_mset(0, 1).empty()) continue;
      share /= 4;  // what Xapian takes off for the order of the words
    }
    any.push_back(phrase);
    out.patterns.push_back(std::move(p));
    out.terms += static_cast<std::uint32_t>(terms.size());
    out.articles += share * all;
  }
  if (any.empty()) return out;
  out.query = any.size() == 1 ? any.front() : Xapian::Query(Xapian::Query::OP_SYNONYM, any.begin(), any.end());
  return out;
}

// Adds what the archive has of a term's equivalents to what the words are read as, as one term: an article counts by
// whichever it has most of, because one that names a thing in ten ways is not about it ten times. Each weighs as if it
// were the term that was typed; a single word as much as a word would that stands in the articles of all of them.
void planner::add_synonyms(const thesaurus_match& m, bool title, std::vector<word_group>& read) {
  const double all = std::max<double>(reader_.database().get_doccount(), 1);
  struct alternative {
    Xapian::Query query;
    double articles = 0;
  };
  std::vector<alternative> others;
  std::vector<pattern> patterns;
  double share_without = 1;
  for (const thesaurus_term* t : m.equivalents) {
    const addition& a = look_up(*t, title);
    if (a.query.empty()) continue;
    if (added_terms_ + a.terms > limits_.max_query_terms) break;
    added_terms_ += a.terms;
    others.push_back({a.query, a.articles});
    share_without *= 1 - std::min(a.articles / all, 1.0);
    patterns.insert(patterns.end(), a.patterns.begin(), a.patterns.end());
    if (std::find(out_.expanded.begin(), out_.expanded.end(), t->text) == out_.expanded.end())
      out_.expanded.push_back(t->text);
  }
  if (others.empty()) return;

  word_group one;
  one.column = read.front().column;
  double own = 0;  // idf of the words typed
  std::vector<Xapian::Query> parts;
  for (word_group& g : read) {
    parts.push_back(g.terms.query.empty() ? Xapian::Query::MatchNothing : g.terms.query);
    for (const std::string& p : g.positions) own += idf(reader_.database().get_termfreq(p), all);
    one.positions.insert(one.positions.end(), g.positions.begin(), g.positions.end());
    one.weight = std::max(one.weight, g.weight);
    std::move(g.terms.patterns.begin(), g.terms.patterns.end(), std::back_inserter(one.terms.patterns));
  }
  double wanted = own;
  if (one.positions.size() == 1) {
    share_without *= 1 - reader_.database().get_termfreq(one.positions.front()) / all;
    wanted = std::min(own, idf(all * (1 - share_without), all));
  }
  const auto scaled = [](const Xapian::Query& q, double factor) {
    return Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT, q, std::clamp(factor, 1 / k_most_scaled, k_most_scaled));
  };
  const Xapian::Query original(Xapian::Query::OP_AND, parts.begin(), parts.end());
  std::vector<Xapian::Query> any{scaled(original, wanted / std::max(own, k_least_idf))};
  for (const alternative& o : others)
    any.push_back(scaled(o.query, wanted / std::max(idf(o.articles, all), k_least_idf)));
  one.terms.query = Xapian::Query(Xapian::Query::OP_MAX, any.begin(), any.end());
  for (pattern& p : patterns) one.terms.patterns.push_back(std::move(p));
  read.clear();
  read.push_back(std::move(one));
}

}  // namespace rapporteur::search
