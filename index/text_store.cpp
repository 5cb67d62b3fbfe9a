#include "index/text_store.hpp"

#include "index/record.hpp"
#include "index/schema.hpp"

namespace rapporteur::index {

void keep_text(Xapian::WritableDatabase& db, text_codec& codec, std::string_view text, std::uint64_t number,
               const std::optional<text_directory>& directory) {
  if (text.empty()) return;
  if (!directory) {
    db.set_metadata(text_key(number), codec.compress(text));
    return;
  }
  db.set_metadata(text_key(number), encode_directory(*directory));
  for (std::size_t b = 0; b < directory->blocks(); ++b) {
    const std::string_view block = text.substr(directory->begins[b], directory->begins[b + 1] - directory->begins[b]);
    db.set_metadata(text_block_key(number, b), codec.compress(block));
  }
}

std::vector<std::string> text_keys_of(const Xapian::Database& db, Xapian::docid id) {
  std::vector<std::string> keys;
  const auto old = decode_record(db.get_document(id).get_data());
  if (!old || old->text_bytes == 0) return keys;
  // The keys of blocks begin with the text's own.
  const std::string key = text_key(old->text_number);
  for (auto k = db.metadata_keys_begin(key); k != db.metadata_keys_end(key); ++k) keys.push_back(*k);
  return keys;
}

void drop_text(Xapian::WritableDatabase& db, Xapian::docid id) {
  for (const std::string& k : text_keys_of(db, id)) db.set_metadata(k, "");
}

}  // namespace rapporteur::index
