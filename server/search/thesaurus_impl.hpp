// What a thesaurus is inside: its terms, groups, and the tree that queries are compared with. Private to thesaurus.cpp,
// which reads it, and thesaurus_compiler.cpp, which makes it.
#pragma once

#include "index/analysis.hpp"
#include "index/stemming.hpp"
#include "server/search/thesaurus.hpp"

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace rapporteur::search {

using node_id = std::uint32_t;
using word_id = std::uint32_t;
using term_id = std::uint32_t;

struct string_hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view s) const noexcept { return std::hash<std::string_view>{}(s); }
};
template <class T>
using string_map = std::unordered_map<std::string, T, string_hash, std::equal_to<>>;

/// What a term is compared by: one token a position, of Han, Kana and Hangul the character, so that a blank between
/// characters makes no difference.
std::vector<index::token> compared_tokens(const index::token_list& list);

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

  /// The stems of the common words in a language; null if it has no stemmer.
  const stem_table* table(std::string_view language) const;
};

}  // namespace rapporteur::search
