// Words of an index to ask for: by how many articles have them, and as they stand in articles. Same index, same words.
#pragma once

#include "index/article.hpp"
#include "index/reader.hpp"

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace rapporteur::bench {

/// Words (terms without prefix) that at least two articles have, with how many; most frequent first.
std::vector<std::pair<std::uint32_t, std::string>> words_by_frequency(index::reader& r);

/// An article and the folded words of its text, in the order in which they stand.
struct article_words {
  article fields;
  std::vector<std::string> words;
};

/// Any article; nothing if the number that was drawn is none's.
std::optional<article_words> draw_article(index::reader& r, std::mt19937& random);

}  // namespace rapporteur::bench
