#include "index/file_terms.hpp"

#include "index/schema.hpp"
#include "index/xapian_error.hpp"

namespace rapporteur::index {

std::vector<std::string> path_terms_of(const Xapian::Database& db, Xapian::docid id) {
  std::vector<std::string> terms;
  auto t = db.termlist_begin(id);
  for (t.skip_to(std::string(prefix::path)); t != db.termlist_end(id) && (*t).starts_with(prefix::path); ++t) {
    terms.push_back(*t);
  }
  return terms;
}

result<std::optional<known_file>> find_known_file(const Xapian::Database& db, std::string_view path) {
  try {
    const std::string value = db.get_metadata(file_key(path));
    if (value.empty()) return std::optional<known_file>();
    auto file = decode_known_file(value);
    if (!file) return file.error();
    return std::optional<known_file>(std::move(*file));
  } catch (...) {
    return caught_error("the index");
  }
}

result<void> for_each_known_file(const Xapian::Database& db, const std::function<void(const known_file&)>& f) {
  try {
    const std::string start(key::file);
    for (auto k = db.metadata_keys_begin(start); k != db.metadata_keys_end(start); ++k) {
      const auto file = decode_known_file(db.get_metadata(*k));
      if (!file) return file.error();
      f(*file);
    }
    return {};
  } catch (...) {
    return caught_error("the index");
  }
}

}  // namespace rapporteur::index
