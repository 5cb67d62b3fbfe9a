// All articles that a query finds, as a set of their numbers: what facets and timelines are counted over.
//
// Exact up to a number of articles; of more, a sample that is as good as a random one: those whose content's hash is
// small. Lets Xapian's exceptions through.
#pragma once

#include "index/reader.hpp"
#include "server/search/match_query.hpp"

#include <xapian.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace rapporteur::search {

class match_set {
 public:
  /// What query finds; a sample if that is more than `most` articles.
  static match_set of(index::reader& reader, const match_query& query, std::uint32_t most);

  /// The same of what a query has found, ascending.
  static match_set of(index::reader& reader, std::vector<Xapian::docid> found, std::uint32_t most);

  /// These articles, in any order, each once.
  static match_set of(std::vector<Xapian::docid> articles);

  /// True if it is every article of the archive: then ids() is empty, and whatever is counted needs no look at it.
  [[nodiscard]] bool all() const noexcept { return all_; }
  [[nodiscard]] bool contains(Xapian::docid id) const noexcept { return all_ || (id < bits_.size() && bits_[id]); }

  /// Articles in the set.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// These, ascending.
  [[nodiscard]] const std::vector<Xapian::docid>& ids() const noexcept { return ids_; }

  /// Articles that the query finds for each one in the set; 1 unless it is a sample.
  [[nodiscard]] std::uint64_t factor() const noexcept { return factor_; }
  [[nodiscard]] bool exact() const noexcept { return exact_; }

  /// From here on it is told to be an estimate.
  void set_estimated() noexcept { exact_ = false; }

 private:
  bool all_ = false;
  bool exact_ = true;
  std::uint64_t factor_ = 1;
  std::size_t size_ = 0;
  std::vector<Xapian::docid> ids_;
  std::vector<bool> bits_;
};

}  // namespace rapporteur::search
