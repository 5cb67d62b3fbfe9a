// What may be suggested while a query is typed, kept in memory so that any beginning is answered in microseconds: names
// and phrases of a sample of the articles, their authors and outlets, and titles. Single words are the vocabulary's.
//
// A snapshot, that may be older than the index: each line tells by what to see whether an article still has it, and
// whoever suggests it looks (server/search/suggester). Bounded in memory whatever the archive's size.
#pragma once

#include "index/reader.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::search {

/// Immutable: any number of threads may read it.
class suggestion_table {
 public:
  enum class kind : std::uint8_t { word, phrase, name, author, outlet };

  struct bounds {
    std::size_t titles = 200'000;          ///< of more articles every second, third, … is read; about 100 bytes each
    std::size_t phrases = 60'000;          ///< about 80 bytes each
    std::size_t authors = 50'000;          ///< and as many outlets
    std::size_t forms = 100'000;           ///< about 30 bytes each
    std::size_t sample_articles = 20'000;  ///< whose texts are read …
    std::size_t sample_bytes = 2'048;      ///< … so far
  };

  /// Reads the records of the articles, and the beginnings of some texts. Nothing if stop became true meanwhile. Lets
  /// Xapian's exceptions through.
  static std::shared_ptr<const suggestion_table> build(index::reader& reader, const bounds& most,
                                                       const std::atomic<bool>& stop);

  /// An article that was read, and what its content was.
  struct example {
    std::string id;
    std::uint64_t content = 0;  ///< content_mark() of it
  };
  struct line {
    std::string_view key;   ///< make_prefix_key() of the text, or of its last words
    std::string_view text;  ///< as printed
    kind is = kind::word;
    std::uint32_t articles = 0;                ///< that have it: all for authors and outlets, else an estimate
    std::array<const example*, 2> examples{};  ///< of phrases, names and words; else null
  };
  /// Replaces out by the lines whose key begins so, most articles first, at most so many.
  void find(std::string_view beginning, std::size_t most, std::vector<line>& out) const;

  /// Replaces out by the ids of articles whose title's key begins so, the newest first, at most so many, one for each
  /// title. Only the first k_title_bytes are compared.
  void find_titles(std::string_view beginning, std::size_t most, std::vector<std::string_view>& out) const;
  static constexpr std::size_t k_title_bytes = 64;

  /// How a folded word is mostly printed; empty: as it is, or not known.
  [[nodiscard]] std::string_view printed_form(std::string_view folded) const;

  /// The first bytes of an article's content hash (index::slot::content).
  static std::uint64_t content_mark(std::string_view content_value) noexcept;

  [[nodiscard]] std::size_t lines() const noexcept { return lines_.size(); }
  [[nodiscard]] std::size_t titles() const noexcept { return titles_.size(); }
  /// What it holds in memory.
  [[nodiscard]] std::size_t bytes() const noexcept;

 private:
  struct stored_line {
    std::uint32_t at = 0;  // in letters_: the key, then the text
    std::uint16_t key_size = 0, text_size = 0;
    std::uint32_t articles = 0;
    std::array<std::uint16_t, 2> examples{};  // 1 + place in examples_
    kind is = kind::word;
  };
  struct stored_title {
    std::uint32_t at = 0;  // in letters_: the key, then the id
    std::uint8_t key_size = 0, id_size = 0;
    std::int16_t year = 0;
  };
  struct stored_form {
    std::uint32_t at = 0;
    std::uint8_t folded_size = 0, form_size = 0;
  };
  struct draft;

  void add_line(std::string_view key, std::string_view text, kind is, std::uint32_t articles,
                std::array<std::uint16_t, 2> examples);
  void add_names(const draft& d);
  void order();
  void drop_beginnings();
  [[nodiscard]] std::string_view key_of(const stored_line& l) const {
    return std::string_view(letters_).substr(l.at, l.key_size);
  }
  [[nodiscard]] std::string_view key_of(const stored_title& t) const {
    return std::string_view(letters_).substr(t.at, t.key_size);
  }

  std::string letters_;
  std::vector<stored_line> lines_;    // by key
  std::vector<stored_title> titles_;  // by key
  std::vector<stored_form> forms_;    // by folded word
  std::vector<example> examples_;
};

}  // namespace rapporteur::search
