#include "server/search/suggester.hpp"

#include "index/schema.hpp"
#include "index/unicode.hpp"
#include "server/search/idf.hpp"
#include "server/search/prefix_key.hpp"
#include "server/search/ranking.hpp"
#include "server/search/stop_words.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace rapporteur::search {
namespace {

constexpr std::size_t k_context_words = 3;     // that are looked at before the last one
constexpr Xapian::doccount k_company = 32;     // articles in which the last word is looked for
constexpr std::size_t k_company_words = 16;    // candidates that are looked for in them
constexpr double k_company_most = 0.1;         // of all articles; words that more of them have tell nothing of others
constexpr std::size_t k_company_read = 5;      // of them, whose own words are candidates …
constexpr std::size_t k_company_weighed = 64;  // … of those that two of them have so many are weighed …
constexpr std::size_t k_company_own = 6;       // … and so many taken
constexpr std::size_t k_title_share = 3;       // of so many suggestions one may be a title, if there are others
constexpr std::size_t k_title_bytes = 200;     // longer ones are nothing to be completed
constexpr std::size_t k_lookups = 64;          // in the index, of one request

suggestion_kind kind_of(suggestion_table::kind k) noexcept {
  switch (k) {
    case suggestion_table::kind::word:
      return suggestion_kind::word;
    case suggestion_table::kind::phrase:
      return suggestion_kind::phrase;
    case suggestion_table::kind::name:
      return suggestion_kind::name;
    case suggestion_table::kind::author:
      return suggestion_kind::author;
    case suggestion_table::kind::outlet:
      return suggestion_kind::outlet;
  }
  return suggestion_kind::word;
}

}  // namespace

struct suggester::state {
  std::string_view q;
  std::size_t limit = 0;
  const vocabulary* words = nullptr;
  const suggestion_table* table = nullptr;
  prefix_key key{};
  std::set<std::string> taken{};  // keys of what is suggested already
  std::size_t lookups = k_lookups;
  std::vector<suggestion> out{};

  [[nodiscard]] std::string_view key_from(std::size_t word) const {
    return std::string_view(key.key).substr(key.words[word].at);
  }
};

std::vector<suggestion> suggester::suggest(std::string_view q, std::uint32_t limit, const vocabulary* words,
                                           const suggestion_table* table) {
  state s{.q = q, .limit = limit, .words = words, .table = table};
  s.key = make_prefix_key(q);
  if (s.key.words.empty() || limit == 0) return {};
  const std::size_t last = s.key.words.size() - 1;

  // What the whole of it begins.
  std::vector<candidate> found;
  add_lines(s, s.key_from(0), found);
  if (last == 0) add_words(s, s.key_from(0), found);
  take(s, found, 0);
  // Then what its last words begin, the more of them the better.
  for (std::size_t word = last > k_context_words ? last - k_context_words : 1; word <= last && s.out.size() < limit;
       ++word) {
    found.clear();
    add_lines(s, s.key_from(word), found);
    if (word == last) {
      add_words(s, s.key_from(word), found);
      favour_company(s, word, found);
    }
    take(s, found, word);
  }
  take_titles(s);
  return std::move(s.out);
}

void suggester::add_lines(state& s, std::string_view beginning, std::vector<candidate>& out) {
  if (s.table == nullptr) return;
  s.table->find(beginning, 2 * s.limit, lines_);
  for (const suggestion_table::line& l : lines_) {
    if (s.lookups == 0) return;
    --s.lookups;
    if (!is_live(l)) continue;
    candidate c{std::string(l.text), std::string(l.key), kind_of(l.is), static_cast<double>(l.articles)};
    if (l.is == suggestion_table::kind::author || l.is == suggestion_table::kind::outlet) {
      const std::string term =
          l.is == suggestion_table::kind::author ? index::author_term(l.text) : index::source_term(l.text);
      c.articles = reader_.view().frequency(term);
      c.exact = true;
      if (c.articles == 0) continue;
    }
    out.push_back(std::move(c));
  }
}

// Whether an article that had it is there, and as it was.
bool suggester::is_live(const suggestion_table::line& l) {
  if (l.examples[0] == nullptr) return true;  // told by its term
  for (const suggestion_table::example* e : l.examples) {
    if (e == nullptr) continue;
    const Xapian::docid id = reader_.find(e->id);
    if (id == 0) continue;
    const std::string content = reader_.database().get_document(id).get_value(index::slot::content);
    if (suggestion_table::content_mark(content) == e->content) return true;
  }
  return false;
}

void suggester::add_words(state& s, std::string_view beginning, std::vector<candidate>& out) {
  if (s.words == nullptr || beginning.ends_with(' ')) return;
  s.words->find_beginning(index::compose(beginning), 3 * s.limit, words_);
  for (const vocabulary::frequent_word& w : words_) {
    std::string key = make_prefix_key(w.word).key;
    // The, that and it say nothing, unless they are what was typed.
    if (key != beginning && is_stop_word_anywhere(w.word)) continue;
    if (s.lookups == 0) return;
    --s.lookups;
    const double articles = reader_.view().frequency(w.word);
    if (articles == 0) continue;
    const bool known = std::any_of(out.begin(), out.end(), [&](const candidate& c) { return c.key == key; });
    if (known) continue;
    const std::string_view form = s.table == nullptr ? std::string_view() : s.table->printed_form(w.word);
    out.push_back({std::string(form.empty() ? w.word : form), std::move(key), suggestion_kind::word, articles, true});
  }
}

// Words that begin so of the articles in which the words before stand best: Jong is no frequent word, but behind Kim it
// is. They go before the others, which are many in the whole archive.
void suggester::add_company(state& s, std::string_view beginning, std::span<const Xapian::docid> articles,
                            std::vector<candidate>& words) {
  const std::string folded = index::compose(beginning);
  if (folded.empty() || folded.back() == ' ') return;
  std::map<std::string, unsigned> found;
  for (const Xapian::docid id : articles) {
    const auto end = reader_.database().termlist_end(id);
    auto t = reader_.database().termlist_begin(id);
    for (t.skip_to(folded); t != end; ++t) {
      const std::string term = *t;
      if (!term.starts_with(folded)) break;
      ++found[term];
    }
  }
  std::vector<std::pair<unsigned, std::string>> often;
  for (const auto& [term, times] : found) {
    if (times > 1 && !is_stop_word_anywhere(term)) often.emplace_back(times, term);
  }
  std::stable_sort(often.begin(), often.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  if (often.size() > k_company_weighed) often.resize(k_company_weighed);
  struct neighbour {
    std::string term;
    double articles = 0, weight = 0;
  };
  const double all = reader_.database().get_doccount();
  std::vector<neighbour> most;
  for (auto& [times, term] : often) {
    const double articles_with = reader_.view().frequency(term);
    most.push_back({std::move(term), articles_with, times * idf(articles_with, all)});
  }
  std::stable_sort(most.begin(), most.end(),
                   [](const neighbour& a, const neighbour& b) { return a.weight > b.weight; });
  if (most.size() > k_company_own) most.resize(k_company_own);
  std::vector<candidate> own;
  for (const neighbour& n : most) {
    std::string key = make_prefix_key(n.term).key;
    if (std::any_of(words.begin(), words.end(), [&](const candidate& c) { return c.key == key; })) continue;
    const std::string_view form = s.table == nullptr ? std::string_view() : s.table->printed_form(n.term);
    own.push_back({std::string(form.empty() ? n.term : form), std::move(key), suggestion_kind::word, n.articles, true});
  }
  words.insert(words.begin(), std::make_move_iterator(own.begin()), std::make_move_iterator(own.end()));
}

// Of words that may be the last one, those first that stand together with the words before it: in the articles that
// these find best.
void suggester::favour_company(state& s, std::size_t word, std::vector<candidate>& words) {
  std::vector<Xapian::Query> before;
  for (std::size_t i = word > k_context_words ? word - k_context_words : 0; i < word; ++i) {
    std::string_view key = s.key_from(i);
    const std::string folded = index::compose(key.substr(0, key.find(' ')));
    // Not by the list of stop words: Kim is who in Turkish.
    const double with = reader_.view().frequency(folded);
    if (with > 0 && with <= k_company_most * reader_.database().get_doccount()) before.emplace_back(folded);
  }
  if (before.empty()) return;
  std::stable_sort(words.begin(), words.end(),
                   [](const candidate& a, const candidate& b) { return a.articles > b.articles; });
  Xapian::Enquire enquire(reader_.database());
  enquire.set_query(Xapian::Query(Xapian::Query::OP_AND, before.begin(), before.end()));
  enquire.set_weighting_scheme(impact_weight());
  const Xapian::MSet best = enquire.get_mset(0, k_company);
  std::vector<Xapian::docid> articles(best.size());
  std::copy(best.begin(), best.end(), articles.begin());
  if (articles.empty()) return;
  // Not the very best alone, which may be of one kind.
  std::vector<Xapian::docid> read;
  const std::size_t step = std::max<std::size_t>(articles.size() / k_company_read, 1);
  for (std::size_t i = 0; i < articles.size() && read.size() < k_company_read; i += step) read.push_back(articles[i]);
  add_company(s, s.key_from(word), read, words);
  std::sort(articles.begin(), articles.end());
  for (std::size_t i = 0; i < std::min(words.size(), k_company_words); ++i) {
    if (words[i].is != suggestion_kind::word) continue;
    const std::string term = index::compose(words[i].key);
    auto p = reader_.database().postlist_begin(term);
    const auto end = reader_.database().postlist_end(term);
    for (const Xapian::docid id : articles) {
      if (p == end) break;
      p.skip_to(id);
      if (p != end && *p == id) ++words[i].together;
    }
    // What is everywhere is in these, too.
    words[i].together *= idf(words[i].articles, reader_.database().get_doccount());
  }
}

void suggester::take(state& s, std::vector<candidate>& from, std::size_t word) {
  const std::string_view typed = s.key_from(word);
  std::stable_sort(from.begin(), from.end(), [&](const candidate& a, const candidate& b) {
    const bool x = a.key == typed;
    const bool y = b.key == typed;
    if (x != y) return x;
    return a.together > b.together || (a.together == b.together && a.articles > b.articles);
  });
  const std::string_view before = s.q.substr(0, s.key.words[word].from);
  for (candidate& c : from) {
    if (s.out.size() >= s.limit) return;
    std::string whole(std::string_view(s.key.key).substr(0, s.key.words[word].at));
    whole += c.key;
    if (!s.taken.insert(std::move(whole)).second) continue;
    suggestion x;
    x.text = before;
    x.text += c.text;
    if (s.key.words[word].quoted) x.text += '"';
    x.kind = c.is;
    if (c.exact) x.articles = static_cast<std::uint64_t>(c.articles);
    s.out.push_back(std::move(x));
  }
}

// As the article prints it now. They have their share of the list, and what the others leave.
void suggester::take_titles(state& s) {
  const std::string_view typed = s.key_from(0);
  const std::size_t most = std::max(s.limit / k_title_share, s.limit - s.out.size());
  if (s.table == nullptr || s.lookups == 0) return;
  s.table->find_titles(typed, std::min(2 * most, s.lookups), titles_);
  std::vector<suggestion> found;
  for (const std::string_view id : titles_) {
    if (found.size() >= most) break;
    const Xapian::docid at = reader_.find(id);
    if (at == 0) continue;
    auto record = reader_.get_record(at);
    if (!record || record->fields.title_derived || record->fields.title.size() > k_title_bytes) continue;
    std::string key = make_prefix_key(record->fields.title).key;
    if (!key.starts_with(typed) || !s.taken.insert(std::move(key)).second) continue;
    found.push_back({std::move(record->fields.title), suggestion_kind::title, std::nullopt, std::string(id)});
  }
  s.out.resize(std::min(s.out.size(), s.limit - found.size()));
  std::move(found.begin(), found.end(), std::back_inserter(s.out));
}

}  // namespace rapporteur::search
