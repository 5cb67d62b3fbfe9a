#include "server/search/thesaurus.hpp"

#include "index/analysis.hpp"
#include "index/unicode.hpp"
#include "server/search/phrase_words.hpp"
#include "server/search/thesaurus_file.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <fstream>
#include <mutex>
#include <optional>
#include <sstream>
#include <unordered_map>
#include <utility>

namespace rapporteur::search {
namespace {

constexpr std::size_t k_most_bytes = std::size_t{16} * 1024 * 1024;  // guards against a wrong path
constexpr std::size_t k_most_words = 16;                             // of a term: a phrase costs by its words
constexpr std::size_t k_most_terms = 200;                            // of a line
constexpr std::size_t k_stem_letters = 4;                            // shorter words are compared as written
constexpr std::size_t k_problems_told = 20;

using node_id = std::uint32_t;
using word_id = std::uint32_t;
using term_id = std::uint32_t;

struct string_hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view s) const noexcept { return std::hash<std::string_view>{}(s); }
};
template <class T>
using string_map = std::unordered_map<std::string, T, string_hash, std::equal_to<>>;

std::size_t letters(std::string_view s) {
  return static_cast<std::size_t>(std::count_if(s.begin(), s.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

// False if the language's stemmer leaves words of that script alone, which is most of them.
bool is_written_in(std::string_view language, std::string_view word) {
  const char32_t c = index::decode_utf8(word, 0).code_point;
  if (c < 0x370)
    return language != "ar" && language != "ru" && language != "hy" && language != "ne" && language != "ta";
  if (c < 0x530) return language == "ru";
  if (c < 0x590) return language == "hy";
  if (c < 0x900) return language == "ar";
  if (c < 0x980) return language == "ne";
  return c >= 0xB80 && c < 0xC00 && language == "ta";
}

bool begins_with_capital(std::string_view s) {
  return !s.empty() && index::is_upper(index::decode_utf8(s, 0).code_point);
}

// Which of the tokens of a term are names: those with a capital, and what a hyphen ties to one (Jong-un).
std::vector<bool> names(std::string_view text, const std::vector<index::token>& tokens) {
  std::vector<bool> out;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const index::token& t = tokens[i];
    const bool tied =
        i > 0 && t.kind == index::token_kind::part && tokens[i - 1].kind == index::token_kind::part &&
        index::class_of(index::decode_utf8(text, tokens[i - 1].end).code_point) == index::char_class::hyphen;
    out.push_back(begins_with_capital(text.substr(t.begin)) || (tied && out.back()));
  }
  return out;
}

// What a term is compared by: one token a position, of Han, Kana and Hangul the character, so that a blank between
// characters makes no difference.
std::vector<index::token> compared_tokens(const index::token_list& list) {
  std::vector<index::token> out;
  for (const index::token& t : list.tokens()) {
    if (!index::carries_position(t.kind) || t.kind == index::token_kind::bigram) continue;
    if (!out.empty() && out.back().position == t.position) continue;
    out.push_back(t);
  }
  return out;
}

// The same with the parts of a hyphenated word joined; empty if there are none.
std::vector<index::token> joined_tokens(const index::token_list& list) {
  std::vector<index::token> out;
  std::uint32_t joined_to = 0;  // byte where the last compound ends
  bool any = false;
  for (const index::token& t : list.tokens()) {
    if (t.kind == index::token_kind::compound) {
      // The compound follows or precedes its first part at the same position.
      while (!out.empty() && out.back().begin >= t.begin) out.pop_back();
      out.push_back(t);
      joined_to = t.end;
      any = true;
    } else if (index::carries_position(t.kind) && t.kind != index::token_kind::bigram && t.begin >= joined_to &&
               (out.empty() || out.back().position != t.position)) {
      out.push_back(t);
    }
  }
  if (!any) out.clear();
  return out;
}

}  // namespace

struct thesaurus::impl {
  struct group {
    std::vector<term_id> to;
  };
  struct node {
    std::vector<term_id> terms;
  };
  struct stem_table {
    std::once_flag made;
    std::unordered_map<std::string, std::vector<word_id>, string_hash, std::equal_to<>> words;
  };

  std::uint64_t fingerprint = 0;
  std::vector<thesaurus_term> terms;
  std::vector<group> groups;
  std::vector<std::vector<std::uint32_t>> groups_from;  // of a term: the groups that it opens
  std::vector<node_id> node_of;                         // of a term; 0 for an acronym
  std::vector<node> nodes{1};
  std::unordered_map<std::uint64_t, node_id> edges;
  string_map<word_id> words;
  struct spelling {
    std::string folded;
    std::string written;  // one of the ways
    bool common = false;  // somewhere no name
  };
  std::vector<spelling> spellings;  // of a word
  string_map<std::vector<term_id>> acronyms;
  // By place in index::stemmed_languages(). A language's table is made when an archive first asks for that language.
  mutable std::vector<stem_table> stems{index::stemmed_languages().size()};

  // A name and a common word of the same letters are different steps: only the latter can be reached by its stem.
  static std::uint64_t edge(node_id from, word_id word, bool name) {
    return std::uint64_t{from} << 32 | std::uint64_t{word} << 1 | (name ? 1 : 0);
  }

  word_id word(const std::string& folded, const std::string& written) {
    const auto [at, fresh] = words.emplace(folded, static_cast<word_id>(spellings.size()));
    if (fresh) spellings.push_back({folded, written, false});
    return at->second;
  }

  node_id step(node_id from, word_id word, bool name) {
    if (!name) spellings[word].common = true;
    const auto [at, fresh] = edges.emplace(edge(from, word, name), static_cast<node_id>(nodes.size()));
    if (fresh) nodes.emplace_back();
    return at->second;
  }

  const stem_table* table(std::string_view language) const {
    const auto& all = index::stemmed_languages();
    const auto at = std::lower_bound(all.begin(), all.end(), language);
    if (at == all.end() || *at != language) return nullptr;
    stem_table& t = stems[static_cast<std::size_t>(at - all.begin())];
    std::call_once(t.made, [&] {
      index::stemmers own;
      std::vector<std::string_view> found;
      for (word_id id = 0; id < spellings.size(); ++id) {
        const spelling& word = spellings[id];
        if (!word.common || letters(word.folded) < k_stem_letters || !is_written_in(language, word.folded)) continue;
        own.stem(language, index::token_kind::word, word.written, word.folded, found);
        for (const std::string_view stem : found) t.words[std::string(stem)].push_back(id);
      }
    });
    return &t;
  }
};

// Turns rules into terms, groups and the tree that queries are compared with.
class thesaurus_compiler {
 public:
  explicit thesaurus_compiler(thesaurus::impl& out) : out_(out) {}

  void add(const thesaurus_rule& rule, std::vector<thesaurus_problem>& problems) {
    if (rule.from.size() + (rule.one_way ? rule.to.size() : 0) > k_most_terms) {
      problems.push_back({rule.line, fmt::format("more than {} terms; make several lines of it", k_most_terms)});
      return;
    }
    thesaurus::impl::group g;
    std::vector<term_id> from;
    for (const std::string& text : rule.from) {
      const auto t = compile(text, rule, problems);
      if (t) from.push_back(*t);
    }
    if (rule.one_way) {
      for (const std::string& text : rule.to) {
        const auto t = compile(text, rule, problems);
        if (t) g.to.push_back(*t);
      }
    } else {
      g.to = from;
    }
    const auto number = static_cast<std::uint32_t>(out_.groups.size());
    for (const term_id t : from) {
      out_.groups_from[t].push_back(number);
      const thesaurus_term& term = out_.terms[t];
      if (!term.acronym.empty()) {
        out_.acronyms[term.acronym].push_back(t);
        continue;
      }
      out_.node_of[t] = insert(t, compared_[t]);
      if (!joined_[t].empty()) insert(t, joined_[t]);
      if (term.person) insert_joined_names(t);
    }
    out_.groups.push_back(std::move(g));
  }

 private:
  struct step {
    std::string folded, written;
    bool name = false;
  };

  std::optional<term_id> compile(const std::string& text, const thesaurus_rule& rule,
                                 std::vector<thesaurus_problem>& problems) {
    analyzer_.analyze(text, tokens_, index::text_role::query);
    const std::vector<index::token> phrase = phrase_tokens(tokens_);
    if (phrase.empty()) {
      problems.push_back(
          {rule.line, fmt::format("“{}” has no letters or digits, so nothing can be searched for; take it out", text)});
      return std::nullopt;
    }
    if (phrase.size() > k_most_words) {
      problems.push_back({rule.line, fmt::format("“{}” has {} words, more than the {} allowed; shorten it or take it "
                                                 "out",
                                                 text, phrase.size(), k_most_words)});
      return std::nullopt;
    }
    thesaurus_term term;
    term.text = text;
    const std::vector<bool> name = names(text, phrase);
    for (std::size_t i = 0; i < phrase.size(); ++i) {
      const index::token& t = phrase[i];
      term.words.push_back({std::string(tokens_.text(t)), text.substr(t.begin, t.end - t.begin), name[i]});
    }
    // Particles inside a name are written small: Bashar al-Assad.
    term.person = rule.people && name.size() > 1 && name.front() && name.back();
    if (tokens_.last_position() == 1) {
      for (const index::token& t : tokens_.tokens()) {
        if (t.kind == index::token_kind::acronym && t.begin == 0) term.acronym = tokens_.text(t);
      }
    }
    const auto steps = [&](const std::vector<index::token>& tokens) {
      std::vector<step> s;
      const std::vector<bool> named = names(text, tokens);
      for (std::size_t i = 0; i < tokens.size(); ++i) {
        const index::token& t = tokens[i];
        s.push_back({std::string(tokens_.text(t)), text.substr(t.begin, t.end - t.begin), named[i]});
      }
      return s;
    };
    const std::vector<index::token> joined = joined_tokens(tokens_);
    for (const index::token& t : joined) term.joined.emplace_back(tokens_.text(t));
    compared_.push_back(steps(compared_tokens(tokens_)));
    joined_.push_back(steps(joined));
    out_.terms.push_back(std::move(term));
    out_.groups_from.emplace_back();
    out_.node_of.push_back(0);
    return static_cast<term_id>(out_.terms.size() - 1);
  }

  node_id insert(term_id t, const std::vector<step>& steps) {
    node_id at = 0;
    for (const step& s : steps) at = out_.step(at, out_.word(s.folded, s.written), s.name);
    out_.nodes[at].terms.push_back(t);
    return at;
  }

  // However the file hyphenates a name, a query may write two of its parts as one word.
  void insert_joined_names(term_id t) {
    const std::vector<step>& parts = compared_[t];
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
      std::vector<step> one_less = parts;
      one_less[i].folded += parts[i + 1].folded;
      one_less.erase(one_less.begin() + static_cast<std::ptrdiff_t>(i) + 1);
      insert(t, one_less);
    }
  }

  thesaurus::impl& out_;
  index::analyzer analyzer_;
  index::token_list tokens_;
  std::vector<std::vector<step>> compared_, joined_;  // of each term
};

namespace {

error to_error(errc code, std::string_view name, const std::vector<thesaurus_problem>& problems) {
  std::string message;
  for (std::size_t i = 0; i < problems.size() && i < k_problems_told; ++i) {
    message += fmt::format("{}{}:{}: {}", i == 0 ? "" : "\n", name, problems[i].line, problems[i].message);
  }
  if (problems.size() > k_problems_told) {
    message += fmt::format("\n{}: {} more", name, problems.size() - k_problems_told);
  }
  return {code, message};
}

}  // namespace

result<std::shared_ptr<const thesaurus>> thesaurus::parse(std::string_view text, std::string_view name) {
  if (text.size() > k_most_bytes) {
    return error{errc::too_large, fmt::format("{}: larger than {} bytes; is it a thesaurus?", name, k_most_bytes)};
  }
  if (const std::size_t bad = index::find_invalid_utf8(text); bad != std::string_view::npos) {
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(bad), '\n');
    return to_error(errc::encoding, name,
                    {{static_cast<std::uint32_t>(line), "bytes that are not UTF-8; save the file as UTF-8"}});
  }
  thesaurus_rules rules = read_thesaurus_rules(text);
  auto made = std::make_unique<impl>();
  made->fingerprint = XXH3_64bits(text.data(), text.size());
  thesaurus_compiler compiler(*made);
  for (const thesaurus_rule& r : rules.rules) compiler.add(r, rules.problems);
  if (!rules.problems.empty()) {
    std::stable_sort(rules.problems.begin(), rules.problems.end(),
                     [](const auto& a, const auto& b) { return a.line < b.line; });
    return to_error(errc::malformed, name, rules.problems);
  }
  return std::shared_ptr<const thesaurus>(new thesaurus(std::move(made)));
}

result<std::shared_ptr<const thesaurus>> thesaurus::load(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  // An empty file is a thesaurus without groups, and makes << fail. A folder opens, but cannot be read.
  std::error_code ec;
  if (!in || std::filesystem::is_directory(file, ec) ||
      (in.peek() != std::ifstream::traits_type::eof() && !(text << in.rdbuf()))) {
    return error{errc::io,
                 fmt::format("{}: cannot be read; check search.thesaurus and the file's permissions", file.string())};
  }
  return parse(text.str(), file.string());
}

thesaurus::thesaurus(std::unique_ptr<impl> p) : impl_(std::move(p)) {}
thesaurus::~thesaurus() = default;

std::uint64_t thesaurus::fingerprint() const noexcept {
  return impl_->fingerprint;
}
std::size_t thesaurus::group_count() const noexcept {
  return impl_->groups.size();
}
const std::vector<thesaurus_term>& thesaurus::terms() const noexcept {
  return impl_->terms;
}
bool thesaurus::has_acronym(std::string_view acronym) const {
  return impl_->acronyms.contains(acronym);
}

thesaurus_query_word thesaurus::query_word(std::string_view text, const index::token_list& tokens) {
  thesaurus_query_word out;
  for (const index::token& t : compared_tokens(tokens)) {
    out.positions.push_back({std::string(tokens.text(t)), std::string(text.substr(t.begin, t.end - t.begin))});
  }
  return out;
}

namespace {

struct state {
  node_id at = 0;
  bool exact = true;
  bool operator==(const state&) const = default;
};

}  // namespace

std::vector<thesaurus_match> thesaurus::find(std::span<const thesaurus_query_word> run,
                                             std::span<const std::string> languages, index::stemmers& stems) const {
  const impl& t = *impl_;
  std::vector<thesaurus_match> out;
  std::vector<state> states;
  std::vector<state> next;
  std::vector<std::string_view> found_stems;

  const auto advance = [&](const thesaurus_query_word::position& word, std::string_view language,
                           const impl::stem_table* table) {
    next.clear();
    const auto reach = [&](state s, word_id id, bool name, bool exact) {
      const auto to = t.edges.find(impl::edge(s.at, id, name));
      if (to == t.edges.end()) return;
      const state reached{to->second, s.exact && exact};
      if (std::find(next.begin(), next.end(), reached) == next.end()) next.push_back(reached);
    };
    if (const auto known = t.words.find(word.folded); known != t.words.end()) {
      for (const state s : states) {
        reach(s, known->second, true, true);
        reach(s, known->second, false, true);
      }
    }
    if (table != nullptr && letters(word.folded) >= k_stem_letters) {
      stems.stem(language, index::token_kind::word, word.written, word.folded, found_stems);
      for (const std::string_view stem : found_stems) {
        const auto same = table->words.find(stem);
        if (same == table->words.end()) continue;
        for (const word_id id : same->second) {
          if (t.spellings[id].folded == word.folded) continue;
          for (const state s : states) reach(s, id, false, false);
        }
      }
    }
    states.swap(next);
  };

  for (std::size_t first = 0; first < run.size();) {
    thesaurus_match best;
    best.first = first;
    bool best_exact = false;
    const auto offer = [&](std::size_t count, bool exact, const std::vector<term_id>& terms) {
      if (terms.empty() || count < best.count || (count == best.count && best_exact && !exact)) return;
      if (count > best.count || (exact && !best_exact)) best.recognised.clear();
      best.count = count;
      best_exact = exact;
      for (const term_id id : terms) {
        const thesaurus_term* term = &t.terms[id];
        if (std::find(best.recognised.begin(), best.recognised.end(), term) == best.recognised.end())
          best.recognised.push_back(term);
      }
    };
    if (!run[first].acronym.empty()) {
      if (const auto known = t.acronyms.find(run[first].acronym); known != t.acronyms.end())
        offer(1, true, known->second);
    }
    // Without stems, and then with those of each language.
    for (std::size_t l = 0; l <= languages.size(); ++l) {
      const std::string_view language = l == 0 ? std::string_view() : std::string_view(languages[l - 1]);
      const impl::stem_table* table = l == 0 ? nullptr : t.table(language);
      if (l != 0 && table == nullptr) continue;
      states.assign(1, state{});
      for (std::size_t last = first; last < run.size() && !states.empty(); ++last) {
        if (run[last].positions.empty()) break;
        for (const thesaurus_query_word::position& p : run[last].positions) advance(p, language, table);
        for (const state s : states) offer(last - first + 1, s.exact, t.nodes[s.at].terms);
      }
    }
    if (best.count == 0) {
      ++first;
      continue;
    }
    // Every group that one of the terms opens; each other term once, in the order of the file.
    std::vector<term_id> members;
    for (const thesaurus_term* term : best.recognised) {
      const auto id = static_cast<std::size_t>(term - t.terms.data());
      for (const std::uint32_t g : t.groups_from[id])
        members.insert(members.end(), t.groups[g].to.begin(), t.groups[g].to.end());
    }
    std::sort(members.begin(), members.end());
    const auto same = [](const thesaurus_term& a, const thesaurus_term& b) {
      return a.acronym == b.acronym && std::equal(a.words.begin(), a.words.end(), b.words.begin(), b.words.end(),
                                                  [](const auto& x, const auto& y) { return x.folded == y.folded; });
    };
    for (const term_id id : members) {
      const thesaurus_term& term = t.terms[id];
      const auto known = [&](const thesaurus_term* other) { return same(*other, term); };
      if (std::none_of(best.recognised.begin(), best.recognised.end(), known) &&
          std::none_of(best.equivalents.begin(), best.equivalents.end(), known))
        best.equivalents.push_back(&term);
    }
    first += best.count;
    out.push_back(std::move(best));
  }
  return out;
}

}  // namespace rapporteur::search
