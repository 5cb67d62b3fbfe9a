// A document before it is in a database: terms with impacts and positions, values, data.
//
// What index/document makes of an article, in few large pieces of memory instead of many small ones, so that it can be
// filled again and again. Owns its bytes. Knows nothing of articles; as_xapian() is the only thing that knows of
// databases.
#pragma once

#include <xapian.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rapporteur::index {

class draft_document {
 public:
  struct term {
    std::string_view name;                     ///< into the document; at most 245 bytes
    std::uint32_t frequency = 0;               ///< within-document frequency (wdf)
    std::span<const std::uint32_t> positions;  ///< ascending; may be empty
  };

  /// Empties it; memory stays.
  void clear();

  /// A term that is not there yet; positions ascend, each once. The bytes are copied.
  void add_term(std::string_view name, std::uint32_t frequency, std::span<const std::uint32_t> positions = {});

  /// A term without weight, unless there is one of that name already. No other term may have the name.
  void add_filter(std::string_view name);

  /// A value for a slot that has none yet; an empty value is none.
  void set_value(Xapian::valueno slot, std::string_view value);
  void set_data(std::string data) { data_ = std::move(data); }

  /// Sorted by name, bytewise. The views stay valid until the next change.
  [[nodiscard]] const std::vector<term>& sorted_terms();
  /// Sorted by slot.
  [[nodiscard]] const std::vector<std::pair<Xapian::valueno, std::string>>& sorted_values();
  [[nodiscard]] const std::string& data() const noexcept { return data_; }

  [[nodiscard]] Xapian::Document as_xapian();

 private:
  struct entry {
    std::uint32_t name = 0, name_size = 0;  // in names_
    std::uint32_t frequency = 0;
    std::uint32_t positions = 0, position_count = 0;  // in positions_
  };
  std::string names_;
  std::vector<std::uint32_t> positions_;
  std::vector<entry> entries_;
  std::vector<std::uint32_t> weightless_;  // entries without frequency: few, so that add_filter may look at each
  std::vector<std::pair<std::uint64_t, std::uint32_t>> order_;  // the first bytes of a name, and its entry
  std::vector<term> terms_;
  std::vector<std::pair<Xapian::valueno, std::string>> values_;
  std::string data_;
};

}  // namespace rapporteur::index
