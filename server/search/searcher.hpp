// Answers requests from one index: parse, plan, match, fetch, highlight.
//
// A searcher owns its reader, analyser and stemmers and belongs to one thread; server/http/offload keeps one per search
// thread. It catches every Xapian exception: what leaves is a result.
#pragma once

#include "index/error.hpp"
#include "server/search/search.hpp"

#include <filesystem>
#include <memory>
#include <string_view>

namespace rapporteur::search {

class newest_state;
class shared_vocabulary;
class thesaurus;

class searcher {
 public:
  /// errc::index_missing, index_mismatch, index_damaged, io.
  static result<searcher> open(const std::filesystem::path& index, const limits& l);

  searcher(searcher&&) noexcept;
  searcher& operator=(searcher&&) noexcept;
  ~searcher();

  /// The words that spelling is corrected by, of the same index; without it a searcher makes its own when it needs
  /// them.
  void share_vocabulary(std::shared_ptr<shared_vocabulary> words);

  /// What other searchers of the same index have seen of it: this one answers from nothing older. Without it, it only
  /// looks for changes from time to time.
  void share_newest(std::shared_ptr<newest_state> seen);

  /// The thesaurus that requests with expand are widened by, and that tells names; null: none.
  void use_thesaurus(std::shared_ptr<const thesaurus> words);

  /// errc::invalid_argument, too_costly, index_changing, index_damaged.
  result<answer> search(const request& r);

  /// The next count articles of r's list, from r.offset or r.after on; r.limit does not count. Errors as search, and
  /// errc::bad_cursor, cursor_expired. A listing may be short, or empty, and the list still go on: next tells.
  result<listing> list(const request& r, std::uint32_t count);

  /// One article as it was put in; with its text or without. errc::not_found if there is none of that id.
  result<struct article> read(std::string_view id, bool with_text);

  /// errc::not_found if there is no such article. An empty q marks nothing.
  result<article_answer> article(std::string_view id, std::string_view q, bool expand = true);
  result<snippets_answer> snippets(std::string_view id, std::string_view q, std::uint32_t count, std::uint32_t chars,
                                   bool expand = true);

  /// Suggestions for a query that is being typed, at most so many.
  result<suggest_answer> suggest(std::string_view q, std::uint32_t limit);

  /// errc::not_found if there is no such article.
  result<related_answer> related(const related_request& r);

  /// Why q finds the article, or does not: of a search without filters. errc::not_found if there is no such article;
  /// otherwise as search().
  result<why_answer> why(std::string_view id, std::string_view q, bool expand = true);

  /// Moves to the newest commit; cheap when nothing changed.
  result<index_state> state();

 private:
  struct impl;
  explicit searcher(std::unique_ptr<impl> p);
  std::unique_ptr<impl> impl_;
};

}  // namespace rapporteur::search
