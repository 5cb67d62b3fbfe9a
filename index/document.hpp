// An article as a document of the index: all its terms, values and its record.
//
// The one place where index/schema is applied. Owns the analyser and stemmers it needs: one builder per thread.
#pragma once

#include "index/analysis.hpp"
#include "index/article.hpp"
#include "index/draft_document.hpp"
#include "index/impact.hpp"
#include "index/stemming.hpp"
#include "index/term_table.hpp"
#include "index/text_blocks.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rapporteur::index {

/// Positions of the text begin this far behind the title's last, so that no phrase spans both.
inline constexpr std::uint32_t k_title_gap = 100;

class document_builder {
 public:
  explicit document_builder(const impact_model& model, std::string main_language = {})
      : model_(model), main_language_(std::move(main_language)) {}

  /// Replaces out by the document of an article whose text is stored under text_number. content: content_hash(a).
  void build(const article& a, std::uint64_t text_number, const std::string& content, draft_document& out);

  /// How the text of the article that was built last is kept: its directory, or nothing if it is kept whole.
  [[nodiscard]] const std::optional<text_directory>& directory() const noexcept { return directory_; }

  /// Words of an article, title included: what impact_model::average_length is the mean of.
  std::uint32_t length(const article& a);

 private:
  struct counts {
    std::uint32_t in_text = 0, in_title = 0;
    std::uint32_t plain_text = 0, plain_title = 0;  // those whose stem depends on the folded form alone
  };
  struct place {
    std::uint32_t word = 0, position = 0;
  };
  /// What is counted of each of several names.
  struct counted {
    term_table names;
    std::vector<counts> of;  // by number

    counts& operator[](std::string_view name) {
      const std::uint32_t n = names.number_of(name);
      if (n == of.size()) of.emplace_back();
      return of[n];
    }
    void clear() {
      names.clear();
      of.clear();
    }
  };

  void count(std::string_view text, const token_list& list, std::string_view language, bool title,
             std::uint32_t offset);
  void count_stems(std::string_view language, token_kind kind, std::string_view written, std::string_view folded,
                   std::uint32_t in_text, std::uint32_t in_title);
  void sort_places();
  std::span<const std::uint32_t> ascending(std::span<const std::uint32_t> positions);
  void add_words(std::string_view language, std::uint32_t length, draft_document& out);
  void add_authors(const article& a, draft_document& out);
  static void add_filters(const article& a, draft_document& out);

  impact_model model_;
  std::string main_language_;
  analyzer analyzer_;
  stemmers stemmers_{k_words_of_indexing};
  token_list title_, text_;
  counted words_, stems_, marked_;
  std::vector<place> places_;             // of words, as they are met: the title's first
  std::vector<std::uint32_t> positions_;  // the same by word
  std::vector<std::uint32_t> position_scratch_;
  std::vector<std::string_view> stem_scratch_;
  std::string term_;
  std::optional<text_directory> directory_;
};

}  // namespace rapporteur::index
