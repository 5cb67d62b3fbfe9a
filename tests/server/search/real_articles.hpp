// Real articles for tests of marking: the repository's own, and where ../shared/corpora is present a sample of it that
// is always the same. With them an index, and queries made of their words.
#pragma once

#include "index/analysis.hpp"
#include "index/article.hpp"

#include <filesystem>
#include <random>
#include <string>
#include <vector>

namespace rapporteur::search {

/// The repository's articles, and about per_corpus of each file of the corpora.
std::vector<article> real_articles(std::size_t per_corpus);

/// True if ../shared/corpora is there.
bool have_corpora();

/// Articles of about bytes each, put together from real ones of one language.
std::vector<article> long_articles(const std::vector<article>& from, std::size_t count, std::size_t bytes);

/// An index of articles in a temporary folder that goes with it.
class temporary_index {
 public:
  explicit temporary_index(const std::vector<article>& articles);
  ~temporary_index();
  temporary_index(const temporary_index&) = delete;
  temporary_index& operator=(const temporary_index&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Makes queries from the words of articles: the same ones for the same seed.
class query_maker {
 public:
  query_maker(const std::vector<article>& articles, unsigned seed) : articles_(articles), random_(seed) {}

  enum class kind {
    word,
    words,
    three_words,
    phrase,
    phrase_and_word,
    any,
    none,
    near,
    near_three,
    near_phrase,
    title,
    title_phrase,
    wildcard,
    stripped,
    acronym,
    exact,
    mixed,
    count
  };
  std::string make(kind k);

 private:
  std::size_t below(std::size_t n) { return random_() % n; }
  void choose_article();
  std::string word();
  std::string neighbours(std::size_t n);
  std::string title_words(std::size_t n);
  std::string acronym();

  const std::vector<article>& articles_;
  std::mt19937 random_;
  const article* subject_ = nullptr;
  index::analyzer analyzer_;
  index::token_list tokens_;
};

}  // namespace rapporteur::search
