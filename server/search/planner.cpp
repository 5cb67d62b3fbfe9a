#include "server/search/planner.hpp"

#include "index/language.hpp"
#include "index/schema.hpp"
#include "index/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace rapporteur::search {
namespace {

namespace schema = index::prefix;

constexpr std::size_t k_long_acronym = 5;       // letters; longer ones must be written so often enough
constexpr double k_acronym_share = 0.3;         // … namely in this share of the articles with the word
constexpr std::size_t k_wildcard_scan = 50000;  // terms looked at for the most frequent ones

bool all_capitals(std::string_view text) {
  bool upper = false;
  for (std::size_t at = 0; at < text.size();) {
    const index::decoded d = index::decode_utf8(text, at);
    if (index::is_lower(d.code_point)) return false;
    upper = upper || index::is_upper(d.code_point);
    at += d.size;
  }
  return upper;
}

std::string prefixed(std::string_view prefix, std::string_view word) {
  return index::make_term(prefix, word);
}

}  // namespace

Xapian::Query planner::term(const std::string& t) {
  ++terms_;
  return Xapian::Query(t);
}

double planner::weight_of(const std::string& t) {
  const double articles = reader_.database().get_doccount();
  return std::log1p(articles / (1.0 + reader_.database().get_termfreq(t)));
}

Xapian::Query planner::any_of_terms(const std::vector<std::string>& terms) {
  std::vector<Xapian::Query> parts;
  parts.reserve(terms.size());
  for (const std::string& t : terms) parts.push_back(term(t));
  return {Xapian::Query::OP_OR, parts.begin(), parts.end()};
}

Xapian::Query planner::positional(Xapian::Query::op op, const std::vector<std::string>& terms, unsigned window) {
  if (terms.size() == 1) return term(terms.front());
  std::vector<Xapian::Query> parts;
  parts.reserve(terms.size());
  for (const std::string& t : terms) parts.push_back(term(t));
  return {op, parts.begin(), parts.end(), window};
}

// --- words ------------------------------------------------------------------------------------------------------

// Short words in capitals are acronyms if the archive has one article that writes them so; longer ones must be
// written so often, because a name in capitals (a dateline, a shouted word) is no acronym.
bool planner::is_acronym_here(std::string_view written, std::string_view folded) {
  const auto acronym = reader_.database().get_termfreq(prefixed(schema::acronym, written));
  if (acronym == 0) return false;
  if (written.size() <= k_long_acronym) return true;
  return acronym >= k_acronym_share * reader_.database().get_termfreq(std::string(folded));
}

// A query of several words all in capitals is caps lock, unless every word of it is an acronym here.
void planner::note_capitals(const query_node& root) {
  std::size_t words = 0;
  bool capitals = true;
  bool acronyms = true;
  for_each_leaf(root, [&](const query_node& leaf, bool) {
    if (leaf.kind != node_kind::word) return;
    ++words;
    capitals = capitals && all_capitals(leaf.text);
    if (!capitals) return;
    analyzer_.analyze(leaf.text, tokens_, index::text_role::query);
    bool known = false;
    std::string folded;
    for (const index::token& t : tokens_.tokens()) {
      if (t.kind == index::token_kind::acronym)
        known = known || is_acronym_here(tokens_.text(t), folded);
      else
        folded = tokens_.text(t);
    }
    acronyms = acronyms && known;
  });
  capitals_lock_ = words > 1 && capitals && !acronyms;
}

// The alternatives of one position: the exact word and its stem in each language of the archive.
void planner::add_single(std::string_view raw, const index::token& t, bool title, std::vector<Xapian::Query>& any,
                         pattern& p) {
  const std::string word(tokens_.text(t));
  any.push_back(term(title ? prefixed(schema::title, word) : word));
  p.steps.front().words.push_back(word);
  p.weight = std::max(p.weight, weight_of(word));
  const std::string_view written = raw.substr(t.begin, t.end - t.begin);
  for (const std::string& language : stem_languages_) {
    stemmers_.stem(language, t.kind, written, word, stem_scratch_);
    for (const std::string_view stem : stem_scratch_) {
      const std::string stemmed = title ? index::title_stem_term(language, stem) : index::stem_term(language, stem);
      if (!reader_.database().term_exists(stemmed)) continue;
      any.push_back(term(stemmed));
      p.steps.front().stems.push_back(fmt::format("{}:{}", language, stem));
    }
  }
}

planner::leaf_terms planner::build_word(const query_node& n) {
  const bool title = n.scope == query_field::title;
  analyzer_.analyze(n.text, tokens_, index::text_role::query);
  leaf_terms out;
  if (tokens_.tokens().empty()) return out;
  const std::vector<index::token> tokens = tokens_.tokens();

  if (tokens_.last_position() == 1) {
    pattern p;
    p.title_only = title;
    p.steps.resize(1);
    for (const index::token& t : tokens) {
      if (t.kind != index::token_kind::acronym || title || capitals_lock_) continue;
      const std::string written(tokens_.text(t));
      if (!is_acronym_here(written, tokens_.text(tokens.front()))) continue;
      p.steps.front().acronyms.push_back(written);
      p.weight = weight_of(prefixed(schema::acronym, written));
      out.query = term(prefixed(schema::acronym, written));
      out.patterns.push_back(std::move(p));
      return out;
    }
    std::vector<Xapian::Query> any;
    for (const index::token& t : tokens) {
      if (t.kind != index::token_kind::acronym) add_single(n.text, t, title, any, p);
    }
    out.query = any.size() == 1 ? any.front() : Xapian::Query(Xapian::Query::OP_SYNONYM, any.begin(), any.end());
    out.patterns.push_back(std::move(p));
    return out;
  }

  // Several positions: the parts in a row, or the compound or document symbol that they make.
  std::vector<Xapian::Query> any;
  for (const index::token& t : tokens) {
    if (t.kind == index::token_kind::symbol && !title) {
      const std::string symbol(tokens_.text(t));
      const std::string symbol_term = prefixed(schema::symbol, symbol);
      any.push_back(term(symbol_term));
      pattern p;
      p.steps.resize(1);
      p.steps.front().symbols.push_back(symbol);
      p.weight = weight_of(symbol_term);
      out.patterns.push_back(std::move(p));
    } else if (t.kind == index::token_kind::compound) {
      pattern p;
      p.title_only = title;
      p.steps.resize(1);
      add_single(n.text, t, title, any, p);
      out.patterns.push_back(std::move(p));
    }
  }
  leaf_terms parts = build_phrase(n.text, title);
  if (!parts.query.empty()) any.push_back(parts.query);
  for (pattern& p : parts.patterns) out.patterns.push_back(std::move(p));
  out.query = any.size() == 1 ? any.front() : Xapian::Query(Xapian::Query::OP_OR, any.begin(), any.end());
  return out;
}

// One word a position: a bigram where there is one, else the character or word.
std::vector<std::string> planner::phrase_words(std::string_view text) {
  analyzer_.analyze(text, tokens_, index::text_role::query);
  const auto& tokens = tokens_.tokens();
  std::vector<std::string> words;
  std::uint32_t position = 0;
  std::uint32_t covered = 0;  // end of the last bigram
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const index::token& t = tokens[i];
    if (!index::carries_position(t.kind) || t.position == position) continue;
    position = t.position;
    // The last character of a run is part of its last bigram; only inside a longer phrase is it needed to keep the
    // positions in a row.
    if (t.kind == index::token_kind::unigram && covered == t.end && i + 1 == tokens.size()) continue;
    if (t.kind == index::token_kind::bigram) covered = t.end;
    words.emplace_back(tokens_.text(t));
  }
  return words;
}

planner::leaf_terms planner::build_phrase(std::string_view text, bool title) {
  leaf_terms out;
  const std::vector<std::string> words = phrase_words(text);
  if (words.empty()) return out;
  pattern p;
  p.title_only = title;
  std::vector<std::string> terms;
  for (const std::string& w : words) {
    terms.push_back(title ? prefixed(schema::title, w) : w);
    p.steps.push_back({{w}, {}, {}, {}});
    p.weight = std::max(p.weight, weight_of(w));
  }
  out.query = positional(Xapian::Query::OP_PHRASE, terms, static_cast<unsigned>(terms.size()));
  out.patterns.push_back(std::move(p));
  return out;
}

// The words that begin with the last word typed, the most frequent ones if they are too many. Words before it
// (ill-treat*) stand in front of it.
planner::leaf_terms planner::build_wildcard(const query_node& n) {
  leaf_terms out;
  const bool title = n.scope == query_field::title;
  std::vector<std::string> words = phrase_words(n.text);
  if (words.empty()) return out;
  const std::string beginning = std::move(words.back());
  words.pop_back();
  const std::string start = title ? prefixed(schema::title, beginning) : beginning;
  std::vector<std::pair<Xapian::doccount, std::string>> found;
  std::size_t scanned = 0;
  Xapian::Database& db = reader_.database();
  for (auto t = db.allterms_begin(start); t != db.allterms_end(start) && scanned < k_wildcard_scan; ++t, ++scanned) {
    found.emplace_back(t.get_termfreq(), (*t).substr(title ? schema::title.size() : 0));
  }
  const std::size_t most =
      words.empty() ? limits_.max_wildcard_expansion : std::min<std::size_t>(limits_.max_wildcard_expansion, 50);
  if (found.size() > most) {
    std::nth_element(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(most), found.end(),
                     [](const auto& x, const auto& y) { return x.first > y.first; });
    found.resize(most);
    out_.warnings.push_back(
        {n.column, "wildcard_limited",
         fmt::format("more than {} words begin with “{}”: only the most frequent of them are searched", most, n.text)});
  }
  if (found.empty()) return out;
  pattern p;
  p.title_only = title;
  std::vector<std::string> terms;
  for (const std::string& w : words) {
    p.steps.push_back({{w}, {}, {}, {}});
    terms.push_back(title ? prefixed(schema::title, w) : w);
  }
  p.steps.emplace_back();
  std::vector<Xapian::Query> any;
  for (const auto& [frequency, word] : found) {
    p.steps.back().words.push_back(word);
    std::vector<std::string> whole = terms;
    whole.push_back(title ? prefixed(schema::title, word) : word);
    any.push_back(positional(Xapian::Query::OP_PHRASE, whole, static_cast<unsigned>(whole.size())));
  }
  terms_ -= static_cast<std::uint32_t>(any.size() * (terms.size() + 1)) - 1;  // bounded above, and one word to the user
  out.query = Xapian::Query(words.empty() ? Xapian::Query::OP_SYNONYM : Xapian::Query::OP_OR, any.begin(), any.end());
  out.patterns.push_back(std::move(p));
  return out;
}

// --- operators ----------------------------------------------------------------------------------------------------

void planner::keep(leaf_terms& l, bool excluded) {
  if (excluded) return;
  for (pattern& p : l.patterns) out_.patterns.push_back(std::move(p));
}

// Xapian's NEAR takes terms only: alternatives are multiplied out, and a phrase is required beside its words.
Xapian::Query planner::build_near(const query_node& n, bool excluded) {
  constexpr std::size_t k_most_combinations = 64;
  struct alternative {
    std::vector<std::string> terms;
    std::vector<Xapian::Query> phrases;
  };
  std::vector<alternative> combinations(1);
  for (const query_node& child : n.children) {
    std::vector<alternative> alternatives;
    const std::vector<query_node> single{child};
    for (const query_node& leaf : child.kind == node_kind::any_of ? child.children : single) {
      const bool title = leaf.scope == query_field::title;
      leaf_terms l = leaf.kind == node_kind::wildcard ? build_wildcard(leaf) : build_phrase(leaf.text, title);
      if (l.patterns.empty()) continue;
      const std::vector<pattern_step>& steps = l.patterns.front().steps;
      for (const std::string& last : steps.back().words) {
        alternative a;
        for (std::size_t s = 0; s + 1 < steps.size(); ++s) a.terms.push_back(steps[s].words.front());
        a.terms.push_back(last);
        if (title) {
          for (std::string& t : a.terms) t = prefixed(schema::title, t);
        }
        if (a.terms.size() > 1) {
          a.phrases.push_back(positional(Xapian::Query::OP_PHRASE, a.terms, static_cast<unsigned>(a.terms.size())));
        }
        alternatives.push_back(std::move(a));
      }
      keep(l, excluded);
    }
    std::vector<alternative> multiplied;
    for (const alternative& c : combinations) {
      for (const alternative& a : alternatives) {
        if (multiplied.size() >= k_most_combinations) break;
        multiplied.push_back(c);
        alternative& m = multiplied.back();
        m.terms.insert(m.terms.end(), a.terms.begin(), a.terms.end());
        m.phrases.insert(m.phrases.end(), a.phrases.begin(), a.phrases.end());
      }
    }
    if (combinations.size() * alternatives.size() > k_most_combinations) {
      out_.warnings.push_back(
          {n.column, "near_limited",
           fmt::format("NEAR has more than {} combinations of words: the rest are not searched", k_most_combinations)});
    }
    combinations = std::move(multiplied);
  }
  std::vector<Xapian::Query> any;
  for (const alternative& c : combinations) {
    any.push_back(positional(Xapian::Query::OP_NEAR, c.terms, n.distance + static_cast<unsigned>(c.terms.size()) - 1));
    if (c.phrases.empty()) continue;
    const Xapian::Query phrases(Xapian::Query::OP_AND, c.phrases.begin(), c.phrases.end());
    any.back() = Xapian::Query(Xapian::Query::OP_FILTER, any.back(), phrases);
  }
  return any.empty() ? Xapian::Query::MatchNothing : Xapian::Query(Xapian::Query::OP_OR, any.begin(), any.end());
}

Xapian::Query planner::build(const query_node& n, bool excluded) {
  const auto leaf = [&](leaf_terms l) {
    keep(l, excluded);
    return l.query.empty() ? Xapian::Query::MatchNothing : l.query;
  };
  switch (n.kind) {
    case node_kind::everything:
      return Xapian::Query::MatchAll;
    case node_kind::nothing:
      return Xapian::Query::MatchNothing;
    case node_kind::word:
      return leaf(build_word(n));
    case node_kind::wildcard:
      return leaf(build_wildcard(n));
    case node_kind::phrase:
      return leaf(build_phrase(n.text, n.scope == query_field::title));
    case node_kind::exact: {
      leaf_terms l = build_phrase(n.text, n.scope == query_field::title);
      for (pattern& p : l.patterns) p.characters = n.text;
      return leaf(std::move(l));
    }
    case node_kind::filter:
      return build_filter(n, excluded);
    case node_kind::date:
      return Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT, dates(n.from, n.to), 0);
    case node_kind::near:
      return build_near(n, excluded);
    case node_kind::any_of: {
      std::vector<Xapian::Query> parts;
      for (const query_node& c : n.children) parts.push_back(build(c, excluded));
      return {Xapian::Query::OP_OR, parts.begin(), parts.end()};
    }
    case node_kind::all_of: {
      Xapian::Query wanted;
      Xapian::Query unwanted;
      std::vector<Xapian::Query> parts;
      for (const query_node& c : n.children) {
        if (c.kind == node_kind::none_of) {
          std::vector<Xapian::Query> none;
          for (const query_node& x : c.children) none.push_back(build(x, true));
          unwanted = Xapian::Query(Xapian::Query::OP_OR, none.begin(), none.end());
        } else {
          parts.push_back(build(c, excluded));
        }
      }
      wanted =
          parts.empty() ? Xapian::Query::MatchAll : Xapian::Query(Xapian::Query::OP_AND, parts.begin(), parts.end());
      return unwanted.empty() ? wanted : Xapian::Query(Xapian::Query::OP_AND_NOT, wanted, unwanted);
    }
    case node_kind::none_of: {
      std::vector<Xapian::Query> none;
      for (const query_node& c : n.children) none.push_back(build(c, true));
      return {Xapian::Query::OP_AND_NOT, Xapian::Query::MatchAll,
              Xapian::Query(Xapian::Query::OP_OR, none.begin(), none.end())};
    }
  }
  return Xapian::Query::MatchNothing;
}

// Any of the plain words of the query's top level instead of all; what was quoted, filtered, excluded or grouped stays
// required.
Xapian::Query planner::widen(const query_node& root) {
  if (root.kind != node_kind::all_of) return {};
  std::vector<Xapian::Query> words;
  query_node rest = root;
  rest.children.clear();
  for (const query_node& c : root.children) {
    if (c.kind == node_kind::word)
      words.push_back(build(c, true));
    else
      rest.children.push_back(c);
  }
  if (words.size() < 2) return {};
  Xapian::Query any(Xapian::Query::OP_OR, words.begin(), words.end());
  if (rest.children.empty()) return any;
  const bool only_exclusion = rest.children.size() == 1 && rest.children.front().kind == node_kind::none_of;
  if (only_exclusion) {
    std::vector<Xapian::Query> none;
    for (const query_node& x : rest.children.front().children) none.push_back(build(x, true));
    return {Xapian::Query::OP_AND_NOT, any, Xapian::Query(Xapian::Query::OP_OR, none.begin(), none.end())};
  }
  return {Xapian::Query::OP_AND, any, build(rest.children.size() == 1 ? rest.children.front() : rest, true)};
}

// --- fields and filters ---------------------------------------------------------------------------------------------

Xapian::Query planner::build_author(std::string_view name) {
  analyzer_.analyze(name, tokens_, index::text_role::query);
  std::vector<std::string> terms;
  std::uint32_t position = 0;
  for (const index::token& t : tokens_.tokens()) {
    if (!index::carries_position(t.kind) || t.position == position) continue;
    position = t.position;
    terms.push_back(prefixed(schema::author, tokens_.text(t)));
  }
  if (terms.empty()) return Xapian::Query::MatchNothing;
  return positional(Xapian::Query::OP_PHRASE, terms, static_cast<unsigned>(terms.size()));
}

Xapian::Query planner::build_filter(const query_node& n, bool excluded) {
  const auto filter = [](const Xapian::Query& q) { return Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT, q, 0); };
  switch (n.scope) {
    case query_field::author:
      return filter(build_author(n.text));
    case query_field::source:
      return filter(term(index::source_term(n.text)));
    case query_field::lang:
      return filter(term(index::language_term(index::normalize_language(n.text))));
    case query_field::collection:
      return filter(term(index::collection_term(n.text)));
    case query_field::tag:
      return filter(term(index::tag_term(n.tag_name, n.text)));
    case query_field::symbol: {
      const std::string symbol = index::fold(n.text);
      pattern p;
      p.steps.resize(1);
      p.steps.front().symbols.push_back(symbol);
      if (!excluded) out_.patterns.push_back(std::move(p));
      return term(prefixed(schema::symbol, symbol));
    }
    case query_field::text:
    case query_field::title:
      break;
  }
  return Xapian::Query::MatchNothing;
}

// Articles whose whole date lies in from … to, as the fewest year, month and day terms: what is dated to the month
// only has no day term, and counts when the month lies inside.
Xapian::Query planner::dates(const std::optional<partial_date>& from, const std::optional<partial_date>& to) {
  const Xapian::Database& db = reader_.database();
  const std::string lowest = db.get_value_lower_bound(index::slot::newest);
  const std::string highest = db.get_value_upper_bound(index::slot::newest);
  if (lowest.size() != 4 || highest.size() != 4) return Xapian::Query::MatchNothing;
  const auto year_of = [](const std::string& key) {
    std::uint32_t packed = 0;
    for (const char c : key) packed = packed << 8 | static_cast<unsigned char>(c);
    return packed / 10000;
  };
  const std::uint32_t first = std::max(from ? from->first_day() : 0U, year_of(lowest) * 10000 + 101);
  const std::uint32_t last = std::min(to ? to->last_day() : 99991231U, year_of(highest) * 10000 + 1231);
  if (first > last) return Xapian::Query::MatchNothing;

  std::vector<std::string> terms;
  for (std::uint32_t year = first / 10000; year <= last / 10000; ++year) {
    if (first <= year * 10000 + 101 && last >= year * 10000 + 1231) {
      terms.push_back(fmt::format("{}{:04}", schema::year, year));
      continue;
    }
    for (unsigned month = 1; month <= 12; ++month) {
      const std::uint32_t base = year * 10000 + month * 100;
      const unsigned days = days_in_month(static_cast<int>(year), month);
      if (last < base + 1 || first > base + days) continue;
      if (first <= base + 1 && last >= base + days) {
        terms.push_back(fmt::format("{}{:04}{:02}", schema::month, year, month));
        continue;
      }
      for (unsigned day = 1; day <= days; ++day) {
        if (base + day >= first && base + day <= last) {
          terms.push_back(fmt::format("{}{:04}{:02}{:02}", schema::day, year, month, day));
        }
      }
    }
  }
  std::vector<Xapian::Query> parts(terms.begin(), terms.end());
  return {Xapian::Query::OP_OR, parts.begin(), parts.end()};
}

Xapian::Query planner::request_filters(const request& r) {
  std::vector<Xapian::Query> all;
  const auto add = [&](const std::vector<std::string>& values, auto&& to_term) {
    if (values.empty()) return;
    std::vector<std::string> terms;
    terms.reserve(values.size());
    for (const std::string& v : values) terms.push_back(to_term(v));
    all.push_back(any_of_terms(terms));
  };
  add(r.sources, [](const std::string& v) { return index::source_term(v); });
  add(r.languages, [](const std::string& v) { return index::language_term(index::normalize_language(v)); });
  add(r.collections, [](const std::string& v) { return index::collection_term(v); });
  if (!r.authors.empty()) {
    std::vector<Xapian::Query> any;
    for (const std::string& a : r.authors) any.push_back(build_author(a));
    all.emplace_back(Xapian::Query::OP_OR, any.begin(), any.end());
  }
  for (const tag& t : r.tags) add(t.values, [&](const std::string& v) { return index::tag_term(t.name, v); });
  if (r.from || r.to) all.push_back(dates(r.from, r.to));
  return all.empty() ? Xapian::Query() : Xapian::Query(Xapian::Query::OP_AND, all.begin(), all.end());
}

result<plan> planner::make(const query_node& root, const request& r) {
  out_ = {};
  terms_ = 0;
  stem_languages_.clear();
  for (const std::string& language : reader_.languages()) {
    if (index::has_stemmer(language)) stem_languages_.push_back(language);
  }
  note_capitals(root);
  Xapian::Query query = build(root, false);
  const std::size_t said = out_.warnings.size();
  Xapian::Query wide = widen(root);
  out_.warnings.resize(said);  // the same leaves, planned again
  const Xapian::Query filters = request_filters(r);
  // A word costs a term for each language of the archive; what a user can bound is the number of words.
  const std::uint32_t most = limits_.max_query_terms * static_cast<std::uint32_t>(2 + 2 * stem_languages_.size());
  if (terms_ > most) {
    return error{errc::too_costly,
                 fmt::format("the query has {} search terms, more than the {} allowed; use fewer words", terms_, most)};
  }
  if (!filters.empty()) {
    query = Xapian::Query(Xapian::Query::OP_FILTER, query, filters);
    if (!wide.empty()) wide = Xapian::Query(Xapian::Query::OP_FILTER, wide, filters);
  }
  out_.query = query;
  out_.widened = wide;
  // Exact characters are compared where every match must have them; elsewhere they are searched as a phrase.
  std::vector<const query_node*> compared;
  const auto required = [&](const query_node& n) {
    if (n.kind != node_kind::exact) return;
    out_.verify.push_back({n.text, n.scope == query_field::title});
    compared.push_back(&n);
  };
  required(root);
  if (root.kind == node_kind::all_of) {
    for (const query_node& c : root.children) required(c);
  }
  for_each_leaf(root, [&](const query_node& leaf, bool) {
    if (leaf.kind != node_kind::exact || std::find(compared.begin(), compared.end(), &leaf) != compared.end()) return;
    out_.warnings.push_back(
        {leaf.column, "exact_as_phrase",
         fmt::format("=\"{}\" is excluded or one of several alternatives: it is searched as a phrase", leaf.text)});
  });
  return std::move(out_);
}

}  // namespace rapporteur::search
