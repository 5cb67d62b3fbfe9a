// Passes over a text without reading its words: stops only where one of the wanted words may begin.
//
// A word is looked at by its first letters, however they are printed (capitals, accents, full-width, decomposed); what
// passes may still be another word, what is skipped never is a wanted one. Knows words, not patterns.
#pragma once

#include "index/spellings.hpp"

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::search {

class word_filter {
 public:
  word_filter();

  void clear();

  /// A word by its folded form.
  void add_word(std::string_view folded);
  /// The words of a language that have a stem.
  void add_stem(std::string_view stem, std::string_view language);
  /// A word in capitals, as written: UN.
  void add_acronym(std::string_view written);
  /// A document symbol, folded.
  void add_symbol(std::string_view folded);

  [[nodiscard]] bool empty() const noexcept { return beginnings_.empty() && inners_.empty() && !everything_; }

  /// The first place in [at, text.size()) where a wanted word may begin, or text.size(). at must be a break
  /// (index::is_break), as must the text's end.
  [[nodiscard]] std::size_t next(std::string_view text, std::size_t at) const;

 private:
  enum class whole : std::uint8_t { no, yes, capitals };
  struct beginning {
    std::string text;            // how the folded word begins
    whole is_whole = whole::no;  // … and whether that is all of it
  };

  void add(std::string_view folded, whole w);
  std::size_t next_ascii(std::string_view text, std::size_t at, bool& after_letter, bool& found) const;
  void add_inner(std::string_view stem);
  [[nodiscard]] bool has_inner(std::string_view text, std::size_t at) const;
  [[nodiscard]] bool begins_at(std::string_view text, std::size_t at) const;
  [[nodiscard]] bool may_begin_ascii(std::string_view text, std::size_t at) const;
  [[nodiscard]] bool may_begin(std::string_view text, std::size_t at) const;
  [[nodiscard]] bool is_wanted(std::string_view folded, bool ended, bool capitals) const;

  std::vector<beginning> beginnings_;
  std::array<std::vector<std::uint32_t>, 256> by_byte_;  // of beginnings_
  std::array<std::uint8_t, 256> first_{};                // flags of ASCII bytes that a wanted word begins with
  std::bitset<32768> three_, three_capitals_;            // five bits of each of the first three
  std::unique_ptr<index::character_set> others_;         // characters beyond ASCII that a wanted word begins with
  std::vector<std::u16string> inners_;                   // what a wanted Arabic word holds
  bool everything_ = false;
};

}  // namespace rapporteur::search
