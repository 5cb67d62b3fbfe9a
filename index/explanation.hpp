// What an article becomes: its tokens and its terms, for people who ask why something is found or is not.
//
// Everything comes from the parts that do the work (the analyser, document_builder, the database), and nothing is
// worked out a second time, so that an explanation cannot differ from the index. Knows neither files nor how it is
// printed, and lets no Xapian type or exception out. One explainer per thread.
#pragma once

#include "index/analysis.hpp"
#include "index/article.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::index {

/// What a term stands for; the prefixes of index/schema. In the order in which they are told to people.
enum class term_kind : std::uint8_t {
  id,
  language,
  source,
  collection,
  author,  ///< a whole name, or (with positions) a word of one
  tag,
  day,
  month,
  year,
  path,
  acronym,
  symbol,
  title_word,
  title_stem,
  word,
  stem,
  unknown,  ///< none of this version's
};

struct explained_term {
  std::string term;  ///< as the index has it, with its prefix
  term_kind kind = term_kind::word;
  std::string language;                  ///< of a stem
  std::string value;                     ///< what follows the prefix; of a tag NAME=VALUE
  std::uint32_t impact = 0;              ///< Xapian's wdf; 0 for filters
  std::vector<std::uint32_t> positions;  ///< ascending; of words only

  bool operator==(const explained_term&) const = default;
};

/// Kind, language and value of a term.
explained_term read_term(std::string term);

/// "exact word", "stem (en)", "acronym" …
std::string describe(const explained_term& t);
std::string_view describe(token_kind k) noexcept;

struct article_explanation {
  article subject;            ///< with the language that the index gives it
  std::string stem_language;  ///< whose stemmer its words go through; k_unstemmed: none
  token_list title, text;     ///< of subject.title (none if it is derived: its words are the text's) and subject.text
  std::uint32_t text_offset = 0;      ///< position in the index = position in `text` + this
  std::string content;                ///< content_hash
  std::vector<explained_term> terms;  ///< ascending by term

  [[nodiscard]] std::uint32_t words() const noexcept { return title.last_position() + text.last_position(); }
};

/// An article as an index has it.
struct stored_article {
  article subject;  ///< text included
  std::uint32_t document = 0;
  std::uint64_t revision = 0;         ///< that it was last written in; 0: not known
  std::string content;                ///< content_hash when it was written
  std::vector<std::string> files;     ///< that it was read from
  std::vector<explained_term> terms;  ///< that its document has, ascending by term
};

/// Terms that differ between an index and what would be written now. Files are left out: an article may have several.
struct term_differences {
  std::vector<explained_term> only_stored, only_now;
  std::vector<explained_term> changed;  ///< as now; impact or positions are others

  [[nodiscard]] bool none() const noexcept { return only_stored.empty() && only_now.empty() && changed.empty(); }
};
term_differences compare(const std::vector<explained_term>& stored, const std::vector<explained_term>& now);

/// A term that a search for a word may ask for.
struct word_term {
  explained_term wanted;                  ///< impact and positions as in the article, if it is there
  bool there = false;                     ///< the article has it
  std::optional<std::uint64_t> articles;  ///< of the index that have it; nullopt: no index
};

enum class word_found : std::uint8_t { yes, no, depends };

/// Where the article has what is searched for.
struct word_place {
  bool title = false;                ///< else in the text
  std::uint32_t begin = 0, end = 0;  ///< bytes of title or text
  std::uint32_t position = 0;        ///< in the index
};

/// A word, as a search reads it, against one article.
struct explained_word {
  std::string word;
  token_list tokens;                  ///< of the word, as of a query
  std::vector<word_term> terms;       ///< in the order of the tokens
  word_found found = word_found::no;  ///< whether a search for the word alone, without quotes, finds the article
  std::string because;                ///< a clause: "it has the exact word"
  std::vector<word_place> places;     ///< in order, title first; of a word of several parts where they stand in a row
  std::vector<std::string> similar;   ///< a few words of the article that begin alike, if it lacks this one
};

class explainer {
 public:
  /// As an index would explain it that has no article yet: impacts are of the default mean length.
  explainer();
  /// By the model and main language of the index in a folder, as its current generation has them now.
  /// Errors as of reader::open.
  static result<explainer> open(const std::filesystem::path& folder);
  explainer(explainer&&) noexcept;
  explainer& operator=(explainer&&) noexcept;
  ~explainer();

  [[nodiscard]] bool has_index() const noexcept;
  [[nodiscard]] std::uint64_t articles() const noexcept;  ///< of the index
  [[nodiscard]] std::uint64_t revision() const noexcept;

  /// What adding the article would write.
  article_explanation explain(article a);

  /// What the index has of it; nullopt if it has none of that id, or there is no index. errc::index_damaged, io,
  /// index_changing.
  result<std::optional<stored_article>> find(std::string_view id);

  /// A word against an article that has these terms, whose explanation gives language and tokens.
  result<explained_word> explain_word(std::string_view word, const article_explanation& a,
                                      const std::vector<explained_term>& terms);

 private:
  struct impl;
  explicit explainer(std::unique_ptr<impl> p);
  std::unique_ptr<impl> impl_;
};

}  // namespace rapporteur::index
