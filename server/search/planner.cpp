#include "server/search/planner.hpp"

#include "index/acronym_use.hpp"
#include "index/schema.hpp"
#include "index/unicode.hpp"
#include "server/search/phrase_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace rapporteur::search {
namespace {

namespace schema = index::prefix;

constexpr double k_exact_share = 0.25;          // what the typed form adds to its stem's weight; docs/relevance.md
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

}  // namespace

match_query planner::term(const std::string& t) {
  ++terms_;
  return match_query(t);
}

double planner::weight_of(const std::string& t) {
  const double articles = reader_.database().get_doccount();
  return std::log1p(articles / (1.0 + reader_.view().frequency(t)));
}

match_query planner::positional(match_query::op op, const std::vector<std::string>& terms, unsigned window) {
  if (terms.size() == 1) return term(terms.front());
  std::vector<match_query> parts;
  parts.reserve(terms.size());
  for (const std::string& t : terms) parts.push_back(term(t));
  return {op, parts.begin(), parts.end(), window};
}

// --- words ------------------------------------------------------------------------------------------------------

bool planner::is_acronym_here(std::string_view written, std::string_view folded) {
  index::database_view& view = reader_.view();
  return index::is_meant_as_acronym(written, view.frequency(index::make_term(schema::acronym, written)),
                                    [&] { return view.frequency(folded); });
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
void planner::add_single(std::string_view raw, const index::token& t, bool title, readings& any, pattern& p) {
  add_forms(std::string(tokens_.text(t)), raw.substr(t.begin, t.end - t.begin), t.kind, title, any, p);
}

void planner::add_forms(std::string_view folded, std::string_view written, index::token_kind kind, bool title,
                        readings& any, pattern& p) {
  const std::string word(folded);
  any.exact.push_back(term(title ? index::make_term(schema::title, word) : word));
  p.steps.front().words.push_back(word);
  p.weight = std::max(p.weight, weight_of(word));
  for (const stem_choice& c : stems_of(word, written, kind, title)) {
    if (c.held_back) {
      // The word itself counts in that language's articles as a stem would.
      any.stems.emplace_back(Xapian::Query::OP_FILTER, term(title ? index::make_term(schema::title, word) : word),
                             term(index::language_term(c.language)));
      continue;
    }
    any.stems.push_back(term(c.term));
    if (c.language != index::k_unstemmed) p.steps.front().stems.push_back(fmt::format("{}:{}", c.language, c.stem));
  }
}

// The stems rank, as one term over all languages, since every article has its words' stems (index/stemming); the form
// that was typed adds a little. Words that have no stems (numbers, Han) rank by their one form.
match_query planner::any_reading(const readings& any) {
  const auto one_term = [](const std::vector<match_query>& q) {
    return q.size() == 1 ? q.front() : match_query(Xapian::Query::OP_SYNONYM, q.begin(), q.end());
  };
  const match_query exact = one_term(any.exact);
  if (any.stems.empty()) return {Xapian::Query::OP_SCALE_WEIGHT, exact, 1 + k_exact_share};
  return {Xapian::Query::OP_OR, one_term(any.stems), {Xapian::Query::OP_SCALE_WEIGHT, exact, k_exact_share}};
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
      p.weight = weight_of(index::make_term(schema::acronym, written));
      out.query = term(index::make_term(schema::acronym, written));
      out.patterns.push_back(std::move(p));
      return out;
    }
    readings any;
    for (const index::token& t : tokens) {
      if (t.kind != index::token_kind::acronym) add_single(n.text, t, title, any, p);
    }
    out.query = any_reading(any);
    out.patterns.push_back(std::move(p));
    return out;
  }

  // Several positions: the parts in a row, or the compound or document symbol that they make.
  std::vector<match_query> any;
  for (const index::token& t : tokens) {
    if (t.kind == index::token_kind::symbol && !title) {
      const std::string symbol(tokens_.text(t));
      const std::string symbol_term = index::make_term(schema::symbol, symbol);
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
      readings joined;
      add_single(n.text, t, title, joined, p);
      any.push_back(any_reading(joined));
      out.patterns.push_back(std::move(p));
    }
  }
  leaf_terms parts = build_phrase(n.text, title);
  if (!parts.query.empty()) any.push_back(parts.query);
  for (pattern& p : parts.patterns) out.patterns.push_back(std::move(p));
  out.query = any.size() == 1 ? any.front() : match_query(Xapian::Query::OP_OR, any.begin(), any.end());
  return out;
}

// One word a position: a bigram where there is one, else the character or word.
std::vector<std::string> planner::phrase_words(std::string_view text) {
  analyzer_.analyze(text, tokens_, index::text_role::query);
  std::vector<std::string> words;
  for (const index::token& t : phrase_tokens(tokens_)) words.emplace_back(tokens_.text(t));
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
    terms.push_back(title ? index::make_term(schema::title, w) : w);
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
  const std::string start = title ? index::make_term(schema::title, beginning) : beginning;
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
        {n.column,
         "wildcard_limited",
         fmt::format("more than {} words begin with “{}”: only the most frequent of them are searched", most, n.text),
         {{"n", most}, {"word", n.text}}});
  }
  if (found.empty()) return out;
  pattern p;
  p.title_only = title;
  std::vector<std::string> terms;
  for (const std::string& w : words) {
    p.steps.push_back({{w}, {}, {}, {}});
    terms.push_back(title ? index::make_term(schema::title, w) : w);
  }
  p.steps.emplace_back();
  std::vector<match_query> any;
  for (const auto& [frequency, word] : found) {
    p.steps.back().words.push_back(word);
    std::vector<std::string> whole = terms;
    whole.push_back(title ? index::make_term(schema::title, word) : word);
    any.push_back(positional(Xapian::Query::OP_PHRASE, whole, static_cast<unsigned>(whole.size())));
  }
  terms_ -= static_cast<std::uint32_t>(any.size() * (terms.size() + 1)) - 1;  // bounded above, and one word to the user
  out.query = match_query(words.empty() ? Xapian::Query::OP_SYNONYM : Xapian::Query::OP_OR, any.begin(), any.end());
  out.patterns.push_back(std::move(p));
  return out;
}

result<plan> planner::make(query_node root, const request& r, bool tell) {
  out_ = {};
  telling_ = tell;
  unit_parts_.clear();
  terms_ = 0;
  stem_languages_.clear();
  for (const std::string& language : reader_.languages()) {
    if (index::has_stemmer(language)) stem_languages_.push_back(language);
  }
  stem_languages_.emplace_back(index::k_unstemmed);
  expand_ = r.expand;
  added_terms_ = 0;
  little_.clear();
  forget_if_changed();
  note_capitals(root);
  drop_stop_words(root);
  out_.understood = to_string(root);
  out_.asked = build_root(root);
  out_.asked_widened = out_.widened;
  out_.query = filtered(out_.asked, r);
  // A word costs a term for each language of the archive; what a user can bound is the number of words.
  const std::uint32_t most = limits_.max_query_terms * static_cast<std::uint32_t>(2 + 2 * stem_languages_.size());
  if (terms_ > most) {
    return error{errc::too_costly,
                 fmt::format("the query has {} search terms, more than the {} allowed; use fewer words", terms_, most)};
  }
  if (!out_.widened.empty()) out_.widened = filtered(out_.widened, r);
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
        {leaf.column,
         "exact_as_phrase",
         fmt::format("=\"{}\" is excluded or one of several alternatives: it is searched as a phrase", leaf.text),
         {{"phrase", "=\"" + leaf.text + '"'}}});
  });
  return std::move(out_);
}

}  // namespace rapporteur::search
