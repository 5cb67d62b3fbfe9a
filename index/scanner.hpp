// The scanner behind index/analysis: one pass over a text, character class by character class.
//
// A chunk is a run of atoms (letters and digits) held together by single hyphens, slashes or dots; what a chunk becomes
// (words, a compound, U.N., a document symbol) is decided when all of it has been read. Plain ASCII words take a short
// cut. Private to index/: everybody else uses analyzer. scanner.cpp has the walk and what capitals mean,
// scanner_atoms.cpp the reading of atoms, scanner_chunks.cpp what chunks become, scanner_scripts.cpp the scripts
// without spaces.
#pragma once

#include "index/analysis.hpp"

#include <unicode/brkiter.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rapporteur::index {

class scanner {
 public:
  /// The tokens of [begin, end) of text, both of them places where words may be taken apart (analysis.hpp).
  void run(std::string_view text, std::size_t begin, std::size_t end, token_list& out, text_role role,
           bool acronyms = true);

 private:
  struct letter_counts {
    unsigned letters = 0, upper = 0, lower = 0, digits = 0;
  };
  struct atom {
    std::uint32_t begin = 0, end = 0;
    std::string folded;
    letter_counts counts;
    char connector = 0;                 // before it: - / . ( or, between groups of three digits, a blank
    std::uint32_t elided_begin = 0;     // where the word after an elided article begins, in the text and …
    std::uint16_t elided_folded = 0;    // … in its folded form; 0: no elision
    bool plural = false;                // a final small s after capitals: NGOs
    bool apostrophe = false;            // one inside that is no elision or possessive: no acronym has that
    std::uint32_t suffixed_end = 0;     // where capitals end that a suffix follows (BM’nin), in the text and …
    std::uint16_t suffixed_folded = 0;  // … in the folded form; 0: no such
    bool decimal = false;               // a number with a decimal point
    [[nodiscard]] bool in_capitals() const { return counts.upper > 0 && counts.lower == 0; }
    [[nodiscard]] bool digits_only() const { return counts.letters == 0; }
    [[nodiscard]] bool single_letter() const { return counts.letters == 1 && counts.digits == 0; }
  };

  [[nodiscard]] unsigned char byte(std::size_t at) const { return static_cast<unsigned char>(text_[at]); }
  [[nodiscard]] bool starts_atom(std::size_t at) const;
  [[nodiscard]] bool is_digit_at(std::size_t at) const;
  [[nodiscard]] bool groups_thousands(std::size_t after_separator) const;

  std::size_t scan_plain_word(std::size_t at);
  std::size_t scan_chunk(std::size_t at);
  std::size_t scan_atom(std::size_t at, atom& a);
  std::size_t scan_cjk(std::size_t at);
  std::size_t scan_complex(std::size_t at);
  void compose_run(std::string_view run);
  void finish_atom(atom& a, bool composes, std::size_t apostrophe_count, std::uint32_t first_apostrophe,
                   const letter_counts& before_first, std::uint32_t last_apostrophe, const letter_counts& before_last);

  void merge_dotted();
  [[nodiscard]] bool is_document_symbol(std::size_t first) const;
  [[nodiscard]] std::size_t find_document_symbol() const;
  void emit_symbol(std::size_t first);
  void emit_chunk();
  void emit_words();
  void emit_group(std::size_t first, std::size_t last);
  void emit_atom(const atom& a, token_kind kind);
  void emit(std::size_t begin, std::size_t end, std::uint32_t position, std::string_view folded, token_kind kind);
  void emit_acronym(std::size_t begin, std::size_t end, std::uint32_t position, std::string_view folded,
                    const letter_counts& c);
  atom& next_atom();

  [[nodiscard]] bool in_line_of_capitals(std::size_t at);
  [[nodiscard]] bool in_dateline(std::size_t begin, std::size_t end, unsigned letters) const;
  void count_case(std::size_t begin, std::size_t end, unsigned& upper, unsigned& other) const;
  void note_capitals(bool capitals, std::size_t begin, std::size_t end);
  void close_capitals_run();

  std::string_view text_;
  token_list* out_ = nullptr;
  text_role role_ = text_role::article;
  bool acronyms_ = true;
  std::uint32_t position_ = 0;

  std::vector<atom> atoms_;  // reused: only the first atom_count_ are of the chunk at hand
  std::size_t atom_count_ = 0;
  std::string scratch_;

  std::size_t counted_begin_ = 0, counted_end_ = 0;  // what in_line_of_capitals() has counted
  unsigned counted_upper_ = 0, counted_other_ = 0;
  std::size_t capitals_end_ = 0;
  unsigned capitals_run_ = 0;
  std::vector<std::size_t> capitals_tokens_;
  bool has_dead_tokens_ = false;

  std::unique_ptr<icu::BreakIterator> dictionary_words_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> clusters_;
  std::vector<std::string> cluster_folds_;
  std::string composed_run_;                                          // of scan_complex(), where the text is not that
  std::vector<std::pair<std::size_t, std::size_t>> composed_places_;  // … offsets in it and in the run
};

}  // namespace rapporteur::index
