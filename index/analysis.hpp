// Text to tokens: the one tokeniser of the product, for articles, queries and snippets alike.
//
// Segments after UAX #29 (word boundaries, with ICU's dictionaries for Thai, Lao, Khmer and Burmese), folds case,
// width and diacritics, recognises acronyms, numbers, compounds and document symbols, and turns Han, Kana and Hangul
// into overlapping bigrams. docs/analysis.md has the rules, tests/index/analysis_test.cpp a row for each.
// Knows nothing of Xapian terms (index/schema does) and nothing of stemming (index/stemming does).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::index {

enum class token_kind : std::uint8_t {
  word,      ///< a word, folded
  part,      ///< one part of a hyphenated, slashed or dotted compound; in phrases it stands where a word would
  compound,  ///< the parts joined (illtreatment), at the position of the first part
  elided,    ///< a word without its elided article: homme of l’homme, at the position of the word lhomme
  acronym,   ///< a word written in capitals (or U.N.) in mixed-case text; its text keeps the capitals: UN
  symbol,    ///< a document symbol, folded: a/hrc/25/63; its parts follow as part tokens
  unigram,   ///< one Han, Kana or Hangul character
  bigram,    ///< two neighbouring ones, at the position of the first
};

/// One token. Several tokens may share a position: they are then readings of the same place in the text.
struct token {
  std::uint32_t begin = 0;  ///< byte range [begin, end) in the text that was analysed; on code point boundaries
  std::uint32_t end = 0;
  std::uint32_t position = 0;  ///< 1-based count of words; the parts of a compound take one each
  std::uint32_t text_begin = 0;
  std::uint16_t text_size = 0;
  token_kind kind = token_kind::word;
};

/// True for the kinds that a phrase is made of: one of these stands at every position.
constexpr bool carries_position(token_kind k) {
  return k == token_kind::word || k == token_kind::part || k == token_kind::unigram || k == token_kind::bigram;
}

/// The tokens of one text, in order of position; reusable to avoid allocation. Owns the folded forms.
class token_list {
 public:
  [[nodiscard]] const std::vector<token>& tokens() const noexcept { return tokens_; }
  [[nodiscard]] std::string_view text(const token& t) const noexcept {
    return std::string_view(arena_).substr(t.text_begin, t.text_size);
  }
  [[nodiscard]] std::uint32_t last_position() const noexcept { return last_position_; }
  void clear() noexcept;

 private:
  friend class analyzer;
  friend class scanner;
  std::vector<token> tokens_;
  std::string arena_;
  std::uint32_t last_position_ = 0;
};

/// Longest folded form of a token, in bytes; longer runs are cut there, on a code point boundary.
inline constexpr std::size_t k_max_token_bytes = 96;

/// Changes with every change of the rules, so that an index built by other rules is refused (index/schema).
inline constexpr std::uint32_t k_analysis_version = 3;

/// What a text is to the analyser. In a query the acronym reading of a capitalised word is always given, because what
/// the capitals of so short a text mean depends on the archive; in an article a line in capitals has no acronyms.
enum class text_role : std::uint8_t { article, query };

/// Splits text into tokens. Holds ICU iterators and scratch buffers: cheap to reuse, not to be shared between threads.
class analyzer {
 public:
  analyzer();
  ~analyzer();
  analyzer(const analyzer&) = delete;
  analyzer& operator=(const analyzer&) = delete;

  /// Replaces the contents of out by the tokens of text. text is meant to be UTF-8; ill-formed bytes separate words
  /// and never fail. Text beyond 2^31 bytes is ignored.
  /// Token boundaries never depend on what stands further away than the line and its neighbouring words.
  void analyze(std::string_view text, token_list& out, text_role role = text_role::article);

  /// The tokens that analyze() finds in bytes [begin, end) of an article's text, with positions counted from begin.
  /// begin and end must be breaks (is_break). Without acronyms it reads only the part; with them k_part_context bytes
  /// around it, and what four words in capitals in a row mean is told by those inside the part alone: whoever wants
  /// acronyms includes three words each way.
  void analyze_part(std::string_view text, std::size_t begin, std::size_t end, bool acronyms, token_list& out);

 private:
  std::unique_ptr<class scanner> scanner_;
};

inline constexpr std::size_t k_part_context = 304;

/// True if a text may be taken apart before text[at]: at its ends and directly behind a blank, a line end, or a comma
/// or full stop of Han and Kana. No token reaches over such a place, and what is behind it never changes what the
/// tokens before it are, but for acronyms (analyzer::analyze_part).
bool is_break(std::string_view text, std::size_t at) noexcept;

/// The last break in [floor, at], or floor; and the first one in [at, text.size()].
std::size_t break_at_or_before(std::string_view text, std::size_t at, std::size_t floor = 0) noexcept;
std::size_t break_at_or_after(std::string_view text, std::size_t at) noexcept;

/// The folded form of a whole string (case, width, diacritics; NFC), without any splitting: for field values such as
/// outlets and authors, which are compared whole.
std::string fold(std::string_view text);

}  // namespace rapporteur::index
