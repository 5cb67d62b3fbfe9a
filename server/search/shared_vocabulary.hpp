// The one vocabulary, and the one table of suggestions, that all search threads of a program share.
//
// Each is made when somebody first needs it, and anew when the index has changed (server/search/shared_snapshot).
#pragma once

#include "index/reader.hpp"
#include "server/search/shared_snapshot.hpp"
#include "server/search/suggestion_table.hpp"
#include "server/search/vocabulary.hpp"

#include <chrono>
#include <filesystem>
#include <memory>

namespace rapporteur::search {

/// Any thread may use it.
class shared_vocabulary {
 public:
  /// Reads nothing until somebody asks.
  explicit shared_vocabulary(const std::filesystem::path& index, vocabulary::bounds most = {},
                             suggestion_table::bounds most_suggestions = {});

  /// See shared_snapshot::get.
  std::shared_ptr<const vocabulary> get(const index::index_info& wanted, std::chrono::milliseconds patience);
  /// Whether the vocabulary was made from that state of the index.
  [[nodiscard]] bool is_of(const index::index_info& state) const { return vocabulary_.is_of(state); }
  std::shared_ptr<const suggestion_table> suggestions(const index::index_info& wanted,
                                                      std::chrono::milliseconds patience);

 private:
  shared_snapshot vocabulary_;
  shared_snapshot suggestions_;
};

}  // namespace rapporteur::search
