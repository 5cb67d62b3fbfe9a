#include "server/search/facets.hpp"

#include "index/language.hpp"
#include "index/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

namespace rapporteur::search {
namespace {

namespace prefix = index::prefix;

constexpr std::size_t k_few = 200;  // articles whose records are read sooner than the lists of a field are counted

bool is_tag(std::string_view name) {
  return name.starts_with("tag.");
}

/// What the terms of a field's values begin with.
std::string prefix_of(std::string_view name) {
  if (name == "source") return std::string(prefix::source);
  if (name == "lang") return std::string(prefix::language);
  if (name == "author") return std::string(prefix::author);
  if (name == "collection") return std::string(prefix::collection);
  if (name == "year") return std::string(prefix::year);
  if (name == "month") return std::string(prefix::month);
  return fmt::format("{}{}=", prefix::tag, name.substr(4));
}

std::string term_of(std::string_view name, const std::string& value) {
  if (name == "source") return index::source_term(value);
  if (name == "lang") return index::language_term(index::normalize_language(value));
  if (name == "author") return index::author_term(value);
  if (name == "collection") return index::collection_term(value);
  return index::tag_term(name.substr(4), value);
}

const std::vector<std::string>& values_of(const field_values& f, std::string_view name) {
  static const std::vector<std::string> none;
  if (name == "source") return f.sources;
  if (name == "lang") return f.languages;
  if (name == "author") return f.authors;
  if (name == "collection") return f.collections;
  for (const tag& t : f.tags) {
    if (is_tag(name) && t.name == name.substr(4)) return t.values;
  }
  return none;
}

/// The values of an article, as printed.
std::vector<std::string> values_of(const article& a, std::string_view name) {
  const auto one = [](const std::string& v) { return v.empty() ? std::vector<std::string>{} : std::vector{v}; };
  if (name == "source") return one(a.source);
  if (name == "lang") return one(a.language);
  if (name == "author") return a.authors;
  if (name == "collection") return one(a.collection);
  std::vector<std::string> out;
  for (const tag& t : a.tags) {
    if (is_tag(name) && t.name == name.substr(4)) out.insert(out.end(), t.values.begin(), t.values.end());
  }
  return out;
}

/// The terms of an article's values, each once, with the first spelling of each.
std::map<std::string, std::string> terms_of(const article& a, std::string_view name) {
  std::map<std::string, std::string> out;
  if (name == "year" || name == "month") {
    if (!a.published || (name == "month" && a.published->precision < date_precision::month)) return out;
    const int month = a.published->month;
    out.emplace(name == "year" ? fmt::format("{}{:04}", prefix::year, a.published->year)
                               : fmt::format("{}{:04}{:02}", prefix::month, a.published->year, month),
                "");
    return out;
  }
  for (std::string& v : values_of(a, name)) {
    std::string term = term_of(name, v);
    out.emplace(std::move(term), std::move(v));
  }
  return out;
}

/// Whether a term may be that of a word of authors' names.
bool is_one_word(std::string_view name, const std::string& term) {
  return name == "author" && term.find(' ') == std::string::npos;
}

/// The most frequent first, those of one count by their terms.
bool comes_before(std::uint64_t a_count, const std::string& a_term, std::uint64_t b_count, const std::string& b_term) {
  return a_count > b_count || (a_count == b_count && a_term < b_term);
}

}  // namespace

bool is_facet(std::string_view name) {
  constexpr std::string_view k_names[] = {"source", "lang", "author", "collection", "year", "month"};
  if (std::find(std::begin(k_names), std::end(k_names), name) != std::end(k_names)) return true;
  return is_tag(name) && name.size() > 4 && name.size() <= 68 && std::all_of(name.begin() + 4, name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
}

bool has_values(const field_values& f, std::string_view name) {
  return !values_of(f, name).empty();
}

result<facet> facet_counter::count(const std::string& name, const match_set& found) {
  facet out;
  out.name = name;
  out.exact = found.exact();
  std::vector<counted> all;
  if (!found.all() && found.size() <= k_few) {
    auto read = from_records(name, found);
    if (!read) return read.error();
    all = std::move(*read);
  } else {
    all = from_postings(name, found, out.exact);
  }
  std::sort(all.begin(), all.end(),
            [](const counted& a, const counted& b) { return comes_before(a.count, a.term, b.count, b.term); });
  if (all.size() > request_.facet_values) all.resize(request_.facet_values);

  std::set<std::string> selected;
  std::set<std::string> excluded;
  std::vector<std::pair<std::string, std::string>> named;  // by the request: terms and values
  for (const auto& [values, terms] :
       {std::pair(&request_.wanted, &selected), std::pair(&request_.excluded, &excluded)}) {
    for (const std::string& v : values_of(*values, name)) {
      std::string term = term_of(name, v);
      if (terms->insert(term).second) named.emplace_back(std::move(term), v);
    }
  }
  std::set<std::string> listed;
  for (const counted& c : all) listed.insert(c.term);
  std::vector<counted> others;
  std::map<std::string, std::string> as_asked;
  for (auto& [term, value] : named) {
    if (!listed.insert(term).second) continue;
    const std::uint64_t count =
        is_one_word(name, term) ? count_only_of_one_word(term, found, out.exact) : count_postings(term, found);
    others.push_back({term, count * found.factor(), ""});
    as_asked.emplace(term, value);
  }
  std::sort(others.begin(), others.end(),
            [](const counted& a, const counted& b) { return comes_before(a.count, a.term, b.count, b.term); });
  all.insert(all.end(), others.begin(), others.end());

  for (counted& c : all) {
    if (c.printed.empty()) {
      auto spelt = printed(name, c.term, found);
      if (!spelt) return spelt.error();
      c.printed = std::move(*spelt);
    }
    if (c.printed.empty()) c.printed = as_asked[c.term];
    out.values.push_back({std::move(c.printed), c.count, selected.count(c.term) > 0, excluded.count(c.term) > 0});
  }
  return out;
}

result<std::vector<facet_counter::counted>> facet_counter::from_records(const std::string& name,
                                                                        const match_set& found) {
  std::map<std::string, counted> all;
  for (const Xapian::docid id : found.ids()) {
    auto record = reader_.get_record(id);
    if (!record) return record.error();
    for (auto& [term, value] : terms_of(record->fields, name)) {
      counted& c = all[term];
      c.count += found.factor();
      if (c.printed.empty()) c.printed = value;
    }
  }
  std::vector<counted> out;
  out.reserve(all.size());
  for (auto& [term, c] : all) out.push_back({term, c.count, std::move(c.printed)});
  return out;
}

std::vector<facet_counter::counted> facet_counter::from_postings(const std::string& name, const match_set& found,
                                                                 bool& exact) {
  Xapian::Database& db = reader_.database();
  const std::string begin = prefix_of(name);
  std::vector<std::pair<Xapian::doccount, std::string>> terms;
  for (auto t = db.allterms_begin(begin); t != db.allterms_end(begin); ++t) terms.emplace_back(t.get_termfreq(), *t);
  std::stable_sort(terms.begin(), terms.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<counted> best;  // a heap, the least one on top
  const auto before = [](const counted& a, const counted& b) { return comes_before(a.count, a.term, b.count, b.term); };
  for (auto& [frequency, term] : terms) {
    const bool full = best.size() >= request_.facet_values;
    if (full && (best.empty() || frequency * found.factor() < best.front().count)) break;
    const std::uint64_t count =
        is_one_word(name, term) ? count_only_of_one_word(term, found, exact) : count_postings(term, found);
    if (count == 0) continue;
    counted c{std::move(term), count * found.factor(), ""};
    if (full && !before(c, best.front())) continue;
    if (full) {
      std::pop_heap(best.begin(), best.end(), before);
      best.pop_back();
    }
    best.push_back(std::move(c));
    std::push_heap(best.begin(), best.end(), before);
  }
  return best;
}

std::uint64_t facet_counter::count_postings(const std::string& term, const match_set& found) {
  index::database_view& view = reader_.view();
  if (found.all()) return view.frequency(term);
  view.read(term, false, list_);
  std::uint64_t n = 0;
  for (const Xapian::docid id : list_.documents) n += found.contains(id) ? 1 : 0;
  return n;
}

// The term of an author of one word is also that of a word of longer names: of its articles those count that no longer
// name with the word explains. An article that has both is not told from one that has the longer one only.
std::uint64_t facet_counter::count_only_of_one_word(const std::string& term, const match_set& found, bool& exact) {
  note_names_by_word();
  index::database_view& view = reader_.view();
  std::vector<Xapian::docid> explained;
  const auto names = names_by_word_->find(term);
  if (names != names_by_word_->end()) {
    for (const std::string& name : names->second) {
      view.read(name, false, list_);
      explained.insert(explained.end(), list_.documents.begin(), list_.documents.end());
    }
    std::sort(explained.begin(), explained.end());
  }
  std::uint64_t n = 0;
  bool unsure = false;
  view.read(term, false, list_);
  for (const Xapian::docid id : list_.documents) {
    if (!found.contains(id)) continue;
    const bool by_longer = std::binary_search(explained.begin(), explained.end(), id);
    unsure = unsure || by_longer;
    n += by_longer ? 0 : 1;
  }
  if (n > 0 && unsure) exact = false;
  return n;
}

void facet_counter::note_names_by_word() {
  if (names_by_word_) return;
  names_by_word_.emplace();
  Xapian::Database& db = reader_.database();
  const std::string begin(prefix::author);
  for (auto t = db.allterms_begin(begin); t != db.allterms_end(begin); ++t) {
    const std::string term = *t;
    if (term.find(' ') == std::string::npos) continue;
    analyzer_.analyze(std::string_view(term).substr(begin.size()), tokens_);
    for (const index::token& token : tokens_.tokens()) {
      if (!index::carries_position(token.kind)) continue;
      auto& names = (*names_by_word_)[index::make_term(begin, tokens_.text(token))];
      if (names.empty() || names.back() != term) names.push_back(term);
    }
  }
}

// A value as the first article prints it that has it: among those found, or else anywhere. Empty if there is none.
result<std::string> facet_counter::printed(const std::string& name, const std::string& term, const match_set& found) {
  const std::string value = term.substr(std::min(term.size(), prefix_of(name).size()));
  if (name == "lang" || name == "year") return value;
  if (name == "month") return value.substr(0, 4) + '-' + value.substr(4);
  reader_.view().read(term, false, list_);
  std::string elsewhere;
  for (const Xapian::docid id : list_.documents) {
    if (!found.contains(id) && !elsewhere.empty()) continue;
    auto record = reader_.get_record(id);
    if (!record) return record.error();
    for (auto& [own, spelt] : terms_of(record->fields, name)) {
      if (own != term) continue;
      if (found.contains(id)) return spelt;
      elsewhere = spelt;
    }
  }
  return elsewhere;
}

}  // namespace rapporteur::search
