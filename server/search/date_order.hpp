// Lists of articles in order of date: pages of them, from an offset on or from behind an article.
//
// The newest (or oldest) date first, a date of lower precision behind all that it may mean; articles of one date by the
// hash of their content; the undated last, by that hash too. So an article's place among others depends on nothing but
// these articles: not on when they were added, not on which database of several they are in, not on the page asked for.
//
// Reads the years one after the other and stops when the page is full, so that a page costs about the same wherever it
// begins. Uses nothing that Xapian's remote backend cannot do. Lets Xapian's exceptions through.
#pragma once

#include "server/search/search.hpp"

#include <xapian.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::search {

/// What an article's place in an order of date depends on.
struct date_place {
  std::string date;     ///< value of slot::newest or slot::oldest, as the order is; empty: undated
  std::string content;  ///< value of slot::content
};

class date_order {
 public:
  /// sort: newest or oldest. query: what the list holds.
  date_order(const Xapian::Database& db, Xapian::Query query, sort_order sort);

  /// At most count articles, without the first offset ones.
  std::vector<Xapian::docid> from(std::uint32_t offset, std::uint32_t count);

  /// At most count articles that come behind p, whether or not the article of p is in the list.
  std::vector<Xapian::docid> after(const date_place& p, std::uint32_t count);

  [[nodiscard]] date_place place_of(Xapian::docid id) const;

 private:
  struct entry {
    Xapian::docid id = 0;
    std::string date;
  };
  std::vector<entry> by_date(const Xapian::Query& dated, std::uint32_t count);
  void add_by_content(const Xapian::Query& q, std::uint32_t offset, std::uint32_t count);
  void add_dated(const Xapian::Query& dated, std::uint32_t& offset, std::uint32_t count);
  void add_years(std::size_t first, std::uint32_t& offset, std::uint32_t count);
  [[nodiscard]] Xapian::Query of_date(const Xapian::Query& q, const std::string& date) const;
  [[nodiscard]] Xapian::Query undated() const;
  [[nodiscard]] std::string content_of(Xapian::docid id) const;

  Xapian::Database db_;
  Xapian::Query query_;
  sort_order sort_;
  Xapian::valueno slot_;
  std::vector<std::string> years_;  // terms of the archive's years, in the list's order
  std::vector<Xapian::docid> out_;
};

}  // namespace rapporteur::search
