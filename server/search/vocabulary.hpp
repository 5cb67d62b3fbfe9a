// The words of the archive, kept in memory so that those near to a misspelled one are found in about a millisecond.
//
// A snapshot of the index's own exact word terms, which are those of articles that exist: words, and for Han, Kana and
// Hangul pairs of characters. Xapian's spelling tables are not used: they keep the words of removed articles and a
// remote database has none. A snapshot may be older than the database that is searched, so whoever proposes a word of
// it looks it up there first. Bounded in memory: of a very large archive the rarest words are left out.
#pragma once

#include "server/search/edit_distance.hpp"

#include <xapian.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::search {

/// Immutable: any number of threads may read it.
class vocabulary {
 public:
  struct bounds {
    std::size_t words = 300'000;  ///< about 14 bytes each
    std::size_t pairs = 250'000;  ///< 8 bytes each
  };

  /// Reads the terms of db: words of 2 to 32 characters without digits, pairs of characters. Nothing if stop became
  /// true meanwhile. Lets Xapian's exceptions through.
  static std::shared_ptr<const vocabulary> build(const Xapian::Database& db, const bounds& most,
                                                 const std::atomic<bool>& stop);

  struct near_word {
    std::string word;
    double articles = 0;  ///< that have it, within a twentieth
    unsigned distance = 0;
  };
  /// Appends the words at most `most` edits away, but not the word itself; in no order that means anything.
  void find_near(const edit_pattern& pattern, unsigned most, std::vector<near_word>& out) const;

  struct frequent_word {
    std::string word;
    double articles = 0;  ///< that have it, within a twentieth
  };
  /// Replaces out by the words that begin so, most frequent first, at most so many; words of Han, Kana and Hangul are
  /// pairs of characters here. A Hangul syllable at the end that a letter could still be added to stands for those,
  /// too.
  void find_beginning(std::string_view beginning, std::size_t most, std::vector<frequent_word>& out) const;

  /// Calls fn(character, articles) for each character that stands behind first (before second) in some article.
  using pair_function = std::function<void(char32_t, double)>;
  void for_each_behind(char32_t first, const pair_function& fn) const;
  void for_each_before(char32_t second, const pair_function& fn) const;
  /// How many articles have first right before second, within a twentieth; 0 if none.
  [[nodiscard]] double articles_with(char32_t first, char32_t second) const;

  [[nodiscard]] std::size_t words() const noexcept;
  [[nodiscard]] std::size_t pairs() const noexcept { return pairs_.size(); }
  /// What it holds in memory.
  [[nodiscard]] std::size_t bytes() const noexcept;

 private:
  /// Words of one length in characters and in bytes, which keeps scripts mostly apart and needs no offsets.
  struct shelf {
    std::size_t characters = 0;
    std::size_t bytes = 0;
    std::string rows;                       ///< the words in sorted order, end to end
    std::vector<std::uint32_t> letters;     ///< letters_of() each
    std::vector<std::uint8_t> frequencies;  ///< frequency_code() each
  };

  void find_pairs(std::u32string_view beginning, std::size_t most, std::vector<frequent_word>& out) const;
  void add_word(shelf& s, std::string_view term, std::uint32_t letters, std::uint8_t frequency);
  void bound(const bounds& most);

  std::vector<shelf> shelves_;
  std::vector<std::uint64_t> pairs_;  ///< first character, second, frequency_code(); sorted
  std::uint8_t rarest_word_ = 0;      ///< frequency_code() of the rarest that is kept
  std::uint8_t rarest_pair_ = 0;
  std::size_t words_ = 0;
};

}  // namespace rapporteur::search
