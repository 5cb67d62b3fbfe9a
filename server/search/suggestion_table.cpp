#include "server/search/suggestion_table.hpp"

#include "index/schema.hpp"
#include "index/unicode.hpp"
#include "server/search/phrase_sample.hpp"
#include "server/search/prefix_key.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

namespace rapporteur::search {
namespace {

constexpr std::size_t k_stop_every = 256;      // articles between two looks at whether to go on
constexpr std::uint32_t k_least_articles = 3;  // of the sample, that a phrase stands in
constexpr double k_hardly_without = 0.9;       // of the articles that have a phrase, with what goes on behind it
constexpr std::size_t k_longest_line = 200;    // bytes; longer ones are nothing to be completed
constexpr std::size_t k_most_letters = std::numeric_limits<std::uint32_t>::max() / 2;

template <class T>
auto range_of(const std::vector<T>& sorted, std::string_view beginning, auto&& key_of) {
  const auto from = std::lower_bound(sorted.begin(), sorted.end(), beginning,
                                     [&](const T& x, std::string_view b) { return key_of(x) < b; });
  const auto to =
      std::partition_point(from, sorted.end(), [&](const T& x) { return key_of(x).starts_with(beginning); });
  return std::pair(from, to);
}

// The places of the best of a range, best first.
template <class Iterator, class Better>
std::vector<Iterator> best_of(Iterator from, Iterator to, std::size_t most, Better better) {
  std::vector<Iterator> out;
  for (Iterator at = from; at != to && most > 0; ++at) {
    if (out.size() == most && !better(*at, *out.back())) continue;
    const auto place =
        std::upper_bound(out.begin(), out.end(), *at, [&](const auto& x, Iterator y) { return better(x, *y); });
    out.insert(place, at);
    if (out.size() > most) out.pop_back();
  }
  return out;
}

}  // namespace

// What is gathered article by article.
struct suggestion_table::draft {
  struct named {
    std::string text;
    std::uint32_t articles = 0;
  };
  std::map<std::string, named> authors, outlets;  // by key
  phrase_sample sample;

  static void note(std::map<std::string, named>& names, const std::string& text, std::size_t most) {
    if (text.empty() || text.size() > k_longest_line) return;
    std::string key = make_prefix_key(text).key;
    const auto known = names.find(key);
    if (known != names.end())
      ++known->second.articles;
    else if (!key.empty() && names.size() < most)
      names.emplace(std::move(key), named{text, 1});
  }
};

std::uint64_t suggestion_table::content_mark(std::string_view content_value) noexcept {
  std::uint64_t mark = content_value.size();
  for (const char c : content_value) mark = mark * 0x100000001B3U ^ static_cast<unsigned char>(c);
  return mark;
}

std::shared_ptr<const suggestion_table> suggestion_table::build(index::reader& reader, const bounds& most,
                                                                const std::atomic<bool>& stop) {
  auto table = std::make_shared<suggestion_table>();
  Xapian::Database& db = reader.database();
  const std::size_t articles = db.get_doccount();
  const std::size_t read_every = articles / std::max<std::size_t>(most.titles, 1) + 1;
  const std::size_t sample_every = articles / std::max<std::size_t>(most.sample_articles, 1) + 1;
  draft d;
  std::size_t seen = 0;
  for (auto p = db.postlist_begin(""); p != db.postlist_end(""); ++p, ++seen) {
    if (seen % k_stop_every == 0 && stop.load(std::memory_order_relaxed)) return nullptr;
    const bool sampled = seen % sample_every == 0 && table->examples_.size() < 0xFFFF;
    if (!sampled && seen % read_every != 0) continue;
    const auto record = reader.get_record(*p);
    if (!record) continue;
    const article& a = record->fields;
    for (const std::string& author : a.authors) draft::note(d.authors, author, most.authors);
    draft::note(d.outlets, a.source, most.authors);
    if (!a.title_derived && a.title.size() <= k_longest_line && a.id.size() < 256 && seen % read_every == 0 &&
        table->letters_.size() < k_most_letters) {
      std::string key = make_prefix_key(a.title).key;
      if (key.size() > k_title_bytes) key.resize(index::utf8_boundary_before(key, k_title_bytes));
      if (!key.empty()) {
        table->titles_.push_back({static_cast<std::uint32_t>(table->letters_.size()),
                                  static_cast<std::uint8_t>(key.size()), static_cast<std::uint8_t>(a.id.size()),
                                  a.published ? a.published->year : std::int16_t{0}});
        table->letters_ += key;
        table->letters_ += a.id;
      }
    }
    if (!sampled) continue;
    auto text = reader.open_text(*record);
    if (!text) continue;
    const std::size_t size = std::min(text->size(), most.sample_bytes);
    text->need(0, size);
    if (!text->failure()) continue;
    std::string_view beginning = text->view().substr(0, size);
    // Not in the middle of a word.
    if (size < text->size()) beginning = beginning.substr(0, beginning.find_last_of(" \n") + 1);
    table->examples_.push_back({a.id, content_mark(db.get_document(*p).get_value(index::slot::content))});
    d.sample.add(beginning, static_cast<std::uint32_t>(table->examples_.size()));
  }
  const double each =
      static_cast<double>(articles) / static_cast<double>(std::max<std::size_t>(table->examples_.size(), 1));
  const std::uint32_t least = table->examples_.size() < 100 ? 2 : k_least_articles;
  for (const phrase_sample::phrase& p : d.sample.phrases(least, most.phrases)) {
    const kind is = p.word ? kind::word : p.name ? kind::name : kind::phrase;
    table->add_line(make_prefix_key(p.text).key, p.text, is, static_cast<std::uint32_t>(p.articles * each),
                    {static_cast<std::uint16_t>(p.examples[0]), static_cast<std::uint16_t>(p.examples[1])});
  }
  for (const auto& [folded, form] : d.sample.forms(most.forms)) {
    if (folded.size() > 255 || form.size() > 255) continue;
    table->forms_.push_back({static_cast<std::uint32_t>(table->letters_.size()),
                             static_cast<std::uint8_t>(folded.size()), static_cast<std::uint8_t>(form.size())});
    table->letters_ += folded;
    table->letters_ += form;
  }
  table->add_names(d);
  table->order();
  return table;
}

void suggestion_table::add_line(std::string_view key, std::string_view text, kind is, std::uint32_t articles,
                                std::array<std::uint16_t, 2> examples) {
  if (key.empty() || key.size() > 0xFFFF || text.size() > k_longest_line || letters_.size() > k_most_letters) return;
  lines_.push_back({static_cast<std::uint32_t>(letters_.size()), static_cast<std::uint16_t>(key.size()),
                    static_cast<std::uint16_t>(text.size()), articles, examples, is});
  letters_ += key;
  letters_ += text;
}

// An author is found by each of the words of the name, an outlet by its first.
void suggestion_table::add_names(const draft& d) {
  for (const auto& [key, n] : d.outlets) add_line(key, n.text, kind::outlet, n.articles, {});
  for (const auto& [key, n] : d.authors) {
    for (std::size_t from = 0; from < key.size();) {
      add_line(std::string_view(key).substr(from), n.text, kind::author, n.articles, {});
      const std::size_t blank = key.find(' ', from);
      if (blank == std::string::npos) break;
      from = blank + 1;
    }
  }
}

// What hardly ever stands without the words that follow says less than with them: Ban Ki, of Ban Ki-moon.
void suggestion_table::drop_beginnings() {
  const auto is_sampled = [](const stored_line& l) { return l.is == kind::phrase || l.is == kind::name; };
  std::vector<stored_line> kept;
  kept.reserve(lines_.size());
  std::string beginning;
  for (auto l = lines_.begin(); l != lines_.end(); ++l) {
    beginning = key_of(*l);
    beginning += ' ';
    bool goes_on = false;
    for (auto longer = l + 1; is_sampled(*l) && longer != lines_.end() && key_of(*longer).starts_with(beginning);
         ++longer) {
      goes_on = goes_on || (is_sampled(*longer) && longer->articles >= k_hardly_without * l->articles);
    }
    if (!goes_on) kept.push_back(*l);
  }
  lines_ = std::move(kept);
}

void suggestion_table::order() {
  std::sort(lines_.begin(), lines_.end(),
            [this](const stored_line& a, const stored_line& b) { return key_of(a) < key_of(b); });
  std::sort(titles_.begin(), titles_.end(), [this](const stored_title& a, const stored_title& b) {
    const auto [x, y] = std::pair(key_of(a), key_of(b));
    return x < y || (x == y && a.year > b.year);
  });
  drop_beginnings();
  // One article for each title will do.
  titles_.erase(std::unique(titles_.begin(), titles_.end(),
                            [this](const stored_title& a, const stored_title& b) { return key_of(a) == key_of(b); }),
                titles_.end());
  letters_.shrink_to_fit();
  lines_.shrink_to_fit();
  titles_.shrink_to_fit();
  forms_.shrink_to_fit();
  examples_.shrink_to_fit();
}

void suggestion_table::find(std::string_view beginning, std::size_t most, std::vector<line>& out) const {
  out.clear();
  const auto [from, to] = range_of(lines_, beginning, [this](const stored_line& l) { return key_of(l); });
  for (const auto at : best_of(from, to, most, [](const auto&a, const auto&b) { return a.articles > b.articles; })) {
    line l{key_of(*at), std::string_view(letters_).substr(at->at + at->key_size, at->text_size), at->is, at->articles};
    for (std::size_t i = 0; i < at->examples.size(); ++i) {
      if (at->examples[i] != 0) l.examples[i] = &examples_[at->examples[i] - 1U];
    }
    out.push_back(l);
  }
}

void suggestion_table::find_titles(std::string_view beginning, std::size_t most,
                                   std::vector<std::string_view>& out) const {
  out.clear();
  if (beginning.size() > k_title_bytes) {
    beginning = beginning.substr(0, index::utf8_boundary_before(beginning, k_title_bytes));
  }
  const auto [from, to] = range_of(titles_, beginning, [this](const stored_title& t) { return key_of(t); });
  for (const auto at : best_of(from, to, most, [](const auto&a, const auto&b) { return a.year > b.year; })) {
    out.push_back(std::string_view(letters_).substr(at->at + at->key_size, at->id_size));
  }
}

std::string_view suggestion_table::printed_form(std::string_view folded) const {
  const auto word_of = [this](const stored_form& f) { return std::string_view(letters_).substr(f.at, f.folded_size); };
  const auto at = std::lower_bound(forms_.begin(), forms_.end(), folded,
                                   [&](const stored_form& f, std::string_view w) { return word_of(f) < w; });
  if (at == forms_.end() || word_of(*at) != folded) return {};
  return std::string_view(letters_).substr(at->at + at->folded_size, at->form_size);
}

std::size_t suggestion_table::bytes() const noexcept {
  std::size_t sum = letters_.capacity() + lines_.capacity() * sizeof(stored_line) +
                    titles_.capacity() * sizeof(stored_title) + forms_.capacity() * sizeof(stored_form) +
                    examples_.capacity() * sizeof(example);
  for (const example& e : examples_) sum += e.id.size() > 15 ? e.id.capacity() : 0;
  return sum;
}

}  // namespace rapporteur::search
