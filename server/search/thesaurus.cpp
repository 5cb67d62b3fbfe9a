#include "server/search/thesaurus.hpp"

#include "index/unicode.hpp"
#include "server/search/thesaurus_impl.hpp"

#include <algorithm>
#include <utility>

namespace rapporteur::search {
namespace {

constexpr std::size_t k_stem_letters = 4;  // shorter words are compared as written

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

}  // namespace

std::vector<index::token> compared_tokens(const index::token_list& list) {
  std::vector<index::token> out;
  for (const index::token& t : list.tokens()) {
    if (!index::carries_position(t.kind) || t.kind == index::token_kind::bigram) continue;
    if (!out.empty() && out.back().position == t.position) continue;
    out.push_back(t);
  }
  return out;
}

const thesaurus::impl::stem_table* thesaurus::impl::table(std::string_view language) const {
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
    if (table != nullptr && letters(word.folded) >= k_stem_letters && is_written_in(language, word.folded)) {
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
