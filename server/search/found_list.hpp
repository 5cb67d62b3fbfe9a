// Lists of articles that parts of a query find, and what becomes of several of them.
//
// Knows neither queries nor where the lists come from.
#pragma once

#include <xapian.h>

#include <cstddef>
#include <vector>

namespace rapporteur::search {

/// Articles by ascending number, and a value of each, or of none.
struct found_list {
  std::vector<Xapian::docid> articles;
  std::vector<double> values;
  [[nodiscard]] std::size_t size() const noexcept { return articles.size(); }
};

/// What becomes of the values of an article that is in several lists.
enum class combining { sum, greatest };

/// All lists' articles. All have values or none has. greatest_id: of the archive's articles; a list that tells of
/// others is Xapian::DatabaseCorruptError.
found_list united(std::vector<found_list> lists, combining how, Xapian::docid greatest_id);

/// Keeps of a what is in `in`, or (not wanted) what is not.
void keep(found_list& a, const std::vector<Xapian::docid>& in, bool wanted);

}  // namespace rapporteur::search
