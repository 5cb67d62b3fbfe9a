#include "index/text_store.hpp"

#include "index/schema.hpp"

namespace rapporteur::index {

void for_each_entry(text_codec& codec, std::string_view text, std::uint64_t number,
                    const std::optional<text_directory>& directory,
                    const std::function<void(const std::string& key, const std::string& value)>& put) {
  if (text.empty()) return;
  if (!directory) {
    put(text_key(number), codec.compress(text));
    return;
  }
  put(text_key(number), encode_directory(*directory));
  for (std::size_t b = 0; b < directory->blocks(); ++b) {
    const std::string_view block = text.substr(directory->begins[b], directory->begins[b + 1] - directory->begins[b]);
    put(text_block_key(number, b), codec.compress(block));
  }
}

void keep_text(Xapian::WritableDatabase& db, text_codec& codec, std::string_view text, std::uint64_t number,
               const std::optional<text_directory>& directory) {
  for_each_entry(codec, text, number, directory,
                 [&db](const std::string& key, const std::string& value) { db.set_metadata(key, value); });
}

std::vector<std::string> text_keys_of(const Xapian::Database& db, record_codec& records, Xapian::docid id) {
  std::vector<std::string> keys;
  const auto old = records.unpack(db.get_document(id).get_data());
  if (!old || old->text_bytes == 0) return keys;
  // The keys of blocks begin with the text's own.
  const std::string key = text_key(old->text_number);
  for (auto k = db.metadata_keys_begin(key); k != db.metadata_keys_end(key); ++k) keys.push_back(*k);
  return keys;
}

void drop_text(Xapian::WritableDatabase& db, record_codec& records, Xapian::docid id) {
  for (const std::string& k : text_keys_of(db, records, id)) db.set_metadata(k, "");
}

}  // namespace rapporteur::index
