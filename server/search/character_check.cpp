#include "server/search/character_check.hpp"

#include <algorithm>
#include <string>

namespace rapporteur::search {

result<bool> holds_all(index::reader& reader, const plan& p, Xapian::docid id) {
  auto record = reader.get_record(id);
  if (!record) return record.error();
  auto text = reader.get_text(*record);
  if (!text) return text.error();
  return std::all_of(p.verify.begin(), p.verify.end(), [&](const plan::characters& wanted) {
    return record->fields.title.find(wanted.text) != std::string::npos ||
           (!wanted.title_only && text->find(wanted.text) != std::string::npos);
  });
}

}  // namespace rapporteur::search
