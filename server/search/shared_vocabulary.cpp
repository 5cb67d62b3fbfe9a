#include "server/search/shared_vocabulary.hpp"

namespace rapporteur::search {

shared_vocabulary::shared_vocabulary(const std::filesystem::path& index, vocabulary::bounds most,
                                     suggestion_table::bounds most_suggestions)
    : vocabulary_(index, [most](index::reader& r,
                                const std::atomic<bool>& stop) { return vocabulary::build(r.database(), most, stop); }),
      suggestions_(index, [most_suggestions](index::reader& r, const std::atomic<bool>& stop) {
        return suggestion_table::build(r, most_suggestions, stop);
      }) {}

std::shared_ptr<const vocabulary> shared_vocabulary::get(const index::index_info& wanted,
                                                         std::chrono::milliseconds patience) {
  return std::static_pointer_cast<const vocabulary>(vocabulary_.get(wanted, patience));
}

std::shared_ptr<const suggestion_table> shared_vocabulary::suggestions(const index::index_info& wanted,
                                                                       std::chrono::milliseconds patience) {
  return std::static_pointer_cast<const suggestion_table>(suggestions_.get(wanted, patience));
}

}  // namespace rapporteur::search
