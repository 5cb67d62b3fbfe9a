// What the tests of searching share: an archive of a few articles on disk, and what an answer shows of them. Must not
// know which articles: each test brings its own.
#pragma once

#include "index/article.hpp"
#include "index/writer.hpp"
#include "server/search/search.hpp"
#include "server/search/searcher.hpp"
#include "tests/index/make_article.hpp"
#include "tests/scratch.hpp"

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::search {

using test::make_article;

/// An index in a temporary folder that goes with it. Whatever fails throws: without its archive a test has
/// nothing to say.
class small_archive {
 public:
  small_archive() = default;  ///< an empty folder, with no index until the first write
  explicit small_archive(const std::vector<article>& articles);

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }

  /// One commit: adds articles, and removes those of the ids in removed.
  void write(const std::vector<article>& articles, const std::vector<std::string>& removed = {},
             index::writer::mode m = index::writer::mode::update) const;

  /// A searcher with the thesaurus that rules write; no rules: none.
  [[nodiscard]] searcher open(std::string_view rules = {}, const limits& l = {}) const;

 private:
  test::scratch_folder folder_;
};

/// What s answers; an error fails the test and is an empty answer.
answer answer_to(searcher& s, const request& r);

/// The articles found, in the order of the answer.
std::vector<std::string> ids(const answer& a);
/// The articles found, in the order of their ids, between spaces: where the order of the answer is not what is tested.
std::string sorted_ids(const answer& a);

/// What is marked in each article found, in its title and passages.
std::map<std::string, std::multiset<std::string>> marks(const answer& a);
/// The different texts marked in one article; none if it was not found.
std::set<std::string> marks(const answer& a, const std::string& id);

}  // namespace rapporteur::search
