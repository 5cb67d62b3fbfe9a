// What an index holds and answers, so that two can be compared; and what it takes up on disk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rapporteur::crash {

/// Everything that readers can see of an index.
struct index_state {
  std::map<std::string, std::string> articles;  ///< id → hash of all that is stored of it
  std::string impacts;                          ///< the model that scores come from
  bool operator==(const index_state& other) const { return articles == other.articles; }
};

/// What a reader sees; nothing if there is no index yet. Fails the test if there is one that cannot be read.
std::optional<index_state> read_index(const std::filesystem::path& index);

/// A few hundred: frequent and rare words, phrases, and pairs of words, taken from the texts of an index. Terms.
struct question {
  enum class kind { word, phrase, both, either } what = kind::word;
  std::vector<std::string> words;
};
std::vector<question> questions_of(const std::filesystem::path& index);

/// Ids of the best 20 with their scores, by question; equal scores in the order of ids.
using answers = std::vector<std::vector<std::pair<std::string, double>>>;
answers ask(const std::filesystem::path& index, const std::vector<question>& questions);

/// Fails the test where the answers differ.
void expect_same_answers(const answers& wanted, const answers& found, const std::vector<question>& questions);

struct footprint {
  std::size_t files = 0;
  std::uint64_t bytes = 0;
  std::vector<std::string> entries;  ///< names directly in the folder, sorted
};
footprint footprint_of(const std::filesystem::path& index);

/// Name of the current generation; empty if there is none.
std::string current_generation(const std::filesystem::path& index);

}  // namespace rapporteur::crash
