// Impacts: BM25F with length normalisation folded into the stored within-document frequency.
//
// Xapian then scores with idf × wdf (BM25Weight with b = 0 and a large k1) and reads no document length at match
// time. Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), section 3.6; impacts
// after Anh & Moffat (2002).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rapporteur::index {

/// The model that an index was written with; stored in it, so that later runs write comparable impacts. The constants
/// are those that docs/relevance.md arrives at.
struct impact_model {
  double average_length = 300;  ///< words per article, of the sample that the index was begun with
  double k1 = 1.4;
  double b = 0.6;
  double title_weight = 2;  ///< a word of the title counts as this many words of the text
  double scale = 64;        ///< impacts per unit of the BM25 term frequency factor, whose limit is k1 + 1

  /// The stored frequency of a term: at least 1, at most scale × (k1 + 1).
  [[nodiscard]] std::uint32_t impact(std::uint32_t in_text, std::uint32_t in_title,
                                     std::uint32_t length) const noexcept;

  [[nodiscard]] std::string to_string() const;
  static std::optional<impact_model> parse(std::string_view text);
};

}  // namespace rapporteur::index
