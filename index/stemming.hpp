// Stems: Snowball (by way of Xapian) per language, with a memory, because the same words come again and again.
//
// A stem is a term of its language only (schema: Zen:, Zfr: …). Knows nothing of documents or queries.
#pragma once

#include "index/analysis.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::index {

/// True if there is a stemmer for the ISO 639-1 code.
bool has_stemmer(std::string_view language);

/// Stands for every language without a stemmer: its stems are the folded words themselves. With them each word of each
/// article has a stem, so that articles of all languages are ranked alike.
inline constexpr std::string_view k_unstemmed = "xx";

/// The language whose stemmer an article's words go through: its own, that of most of the archive for an article whose
/// language is not known, or k_unstemmed.
std::string_view stem_language(std::string_view of_article, std::string_view main_language);

/// The codes of all languages with a stemmer, sorted.
const std::vector<std::string>& stemmed_languages();

/// How many words a stemmers object remembers, at 64 bytes each: for queries and what they read, and for indexing,
/// which meets every word of an archive.
inline constexpr std::size_t k_words_of_queries = std::size_t{1} << 13;
inline constexpr std::size_t k_words_of_indexing = std::size_t{1} << 16;

/// Stems of words. Owns its stemmers and its memory: one per thread.
class stemmers {
 public:
  /// remembered: a power of two of at least 2. The memory is taken with the first word.
  explicit stemmers(std::size_t remembered = k_words_of_queries);
  ~stemmers();
  stemmers(const stemmers&) = delete;
  stemmers& operator=(const stemmers&) = delete;

  /// Replaces out by the folded stems of a token in a language: one, or two where the accents that were written make a
  /// difference (the stem of the word as written, folded, and the stem of the folded word), so that a word typed
  /// without accents meets one printed with them. written is the token's slice of the text. Empty for tokens that are
  /// not stemmed (numbers, acronyms, symbols, Han and Kana and Hangul) and for languages without a stemmer other than
  /// k_unstemmed. The views stay valid until the next call, or as long as folded does.
  void stem(std::string_view language, token_kind kind, std::string_view written, std::string_view folded,
            std::vector<std::string_view>& out);

  /// Says that a word will be asked for soon by its folded form alone: what is remembered of it is fetched meanwhile.
  void expect(std::string_view language, std::string_view folded);

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace rapporteur::index
