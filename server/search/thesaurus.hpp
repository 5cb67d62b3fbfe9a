// The thesaurus: which terms stand for the same, and where a query names one of them.
//
// Reads Solr's synonym format (docs/thesaurus.md), compiles every term with the tokeniser that made the index, and
// finds terms in a run of query words. Knows nothing of Xapian or of what an archive holds: the planner decides which
// of the terms are worth searching for and how. Immutable after it was made, and shared by all search threads.
#pragma once

#include "index/error.hpp"
#include "index/stemming.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::search {

/// One position of a term.
struct thesaurus_word {
  std::string folded;
  std::string written;  ///< the slice of the file: stemmers want to see accents
  /// Written with a capital: a name, which has no other forms. Where writing has no capitals, every word is common.
  bool name = false;
};

/// One term of the file, in the tokeniser's terms.
struct thesaurus_term {
  std::string text;                   ///< as the file writes it
  std::vector<thesaurus_word> words;  ///< what a phrase of it is made of; never empty
  std::vector<std::string> joined;    ///< the same with hyphenated parts as one word; empty if there are none
  std::string acronym;                ///< UN: a single word in capitals is meant as acronym; else empty
  bool person = false;                ///< a name of several words, in a section of people
};

/// A word of the query as the matcher sees it.
struct thesaurus_query_word {
  struct position {
    std::string folded;
    std::string written;
  };
  std::vector<position> positions;  ///< ill-treatment has two; of Han, Kana and Hangul each character is one
  std::string acronym;              ///< what it stands for if it is to be read as an acronym too; else empty
};

/// Terms found in a run of query words.
struct thesaurus_match {
  std::size_t first = 0, count = 0;                ///< query words
  std::vector<const thesaurus_term*> recognised;   ///< terms of the file that they are, more than one if they agree
  std::vector<const thesaurus_term*> equivalents;  ///< other terms that stand for the same, in the order of the file
};

class thesaurus {
 public:
  /// Reads a file. errc::io; errc::encoding or errc::malformed with a line for each thing that is wrong:
  /// "thesaurus.txt:12: what is wrong; what to do".
  static result<std::shared_ptr<const thesaurus>> load(const std::filesystem::path& file);

  /// The same of a text; name stands for the file in messages.
  static result<std::shared_ptr<const thesaurus>> parse(std::string_view text, std::string_view name);

  ~thesaurus();
  thesaurus(const thesaurus&) = delete;
  thesaurus& operator=(const thesaurus&) = delete;

  /// Differs between files of different contents.
  [[nodiscard]] std::uint64_t fingerprint() const noexcept;
  [[nodiscard]] std::size_t group_count() const noexcept;
  [[nodiscard]] const std::vector<thesaurus_term>& terms() const noexcept;

  /// True if acronym (in capitals) is a term.
  [[nodiscard]] bool has_acronym(std::string_view acronym) const;

  /// The words of text as a match wants them, without an acronym reading.
  static thesaurus_query_word query_word(std::string_view text, const index::token_list& tokens);

  /// The longest terms in the run, leftmost first, not overlapping. Words are equal if their folded forms are, or if
  /// their stems in some one language agree throughout the term; names and words of fewer than 4 letters have no stems
  /// here. Any thread; stems is the caller's.
  [[nodiscard]] std::vector<thesaurus_match> find(std::span<const thesaurus_query_word> run,
                                                  std::span<const std::string> languages, index::stemmers& stems) const;

 private:
  friend class thesaurus_compiler;
  struct impl;
  explicit thesaurus(std::unique_ptr<impl> p);
  std::unique_ptr<impl> impl_;
};

}  // namespace rapporteur::search
