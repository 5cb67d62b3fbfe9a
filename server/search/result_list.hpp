// The list of articles that a plan finds: one page of it in the order that was asked for, how many there are, and where
// the list goes on.
//
// Finds and counts; reads no article but to look for characters in it, and marks nothing. Lets Xapian's exceptions
// through.
#pragma once

#include "index/reader.hpp"
#include "server/search/planner.hpp"
#include "server/search/ranking.hpp"
#include "server/search/search.hpp"

#include <xapian.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace rapporteur::search {

class result_list {
 public:
  struct matched {
    std::vector<scored> page;
    std::uint64_t total = 0;
    bool exact = true;               ///< false: as many candidates as were not read are reckoned with
    std::vector<Xapian::docid> all;  ///< what the query finds, ascending, characters not compared; empty: not counted
    std::optional<cursor> next;      ///< behind the page, if anything is
  };
  struct located_page {
    matched found;
    std::uint32_t offset = 0;    ///< of the page in a ranking
    bool widened = false;        ///< articles with some of the words are among them
    bool few = false;            ///< articles with all that was asked
    std::uint64_t articles = 0;  ///< … and how many
  };

  /// state: fingerprint of the index's state, which cursors of a ranking are of. The reader must outlive it.
  result_list(index::reader& reader, std::uint64_t state) noexcept : reader_(reader), state_(state) {}

  /// The page that r asks for. counted: whether the total is told. errc::bad_cursor or cursor_expired if that is so.
  result<located_page> locate(const plan& p, const request& r, bool counted);

  /// The page from offset on by relevance. articles: set to those with all words; widens if these are too few. told: if
  /// not null, what the second look says of one of them.
  matched match_ranked(const plan& p, const request& r, std::uint32_t offset, std::uint64_t& articles, bool& widened,
                       second_look_told* told = nullptr);

 private:
  struct place {
    std::uint32_t offset = 0;
    const cursor* after = nullptr;  // by date; in place of offset
  };

  // Matches by relevance from offset on.
  matched match(const match_query& query, std::uint32_t offset, std::uint32_t limit);
  void count(const match_query& query, matched& out);
  // A page of the list, and one more article if there is one.
  std::vector<scored> page_of(const match_query& query, sort_order order, const place& from, std::uint32_t limit);
  std::vector<scored> last_added(const match_query& query, std::uint32_t offset, std::uint32_t limit);
  // Where the list goes on behind an article, or behind so many.
  cursor cursor_behind(const request& r, sort_order order, std::uint32_t position, Xapian::docid last);
  // Candidates whose text holds what must be in it. So many are read for one page at most: it may be short of its
  // limit, or empty, and the list still go on.
  result<matched> match_verified(const plan& p, const request& r, sort_order order, const place& from);
  // The one article more than a page only tells that the list goes on.
  void cut_page(matched& found, const request& r, sort_order order, std::uint32_t offset);

  index::reader& reader_;
  std::uint64_t state_;
};

}  // namespace rapporteur::search
