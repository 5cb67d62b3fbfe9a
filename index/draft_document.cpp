#include "index/draft_document.hpp"

#include <boost/endian/conversion.hpp>

#include <algorithm>
#include <cstring>

namespace rapporteur::index {
namespace {

// The first eight bytes as a number that orders as they do; a shorter name is filled up with zeros.
std::uint64_t first_bytes(std::string_view name) noexcept {
  std::uint64_t out = 0;
  if (name.size() >= sizeof out) {
    std::memcpy(&out, name.data(), sizeof out);
    return boost::endian::big_to_native(out);
  }
  for (const char c : name) out = out << 8U | static_cast<unsigned char>(c);
  return name.empty() ? 0 : out << (8 * (sizeof out - name.size()));
}

}  // namespace

void draft_document::clear() {
  names_.clear();
  positions_.clear();
  entries_.clear();
  weightless_.clear();
  terms_.clear();
  values_.clear();
  data_.clear();
}

void draft_document::add_term(std::string_view name, std::uint32_t frequency,
                              std::span<const std::uint32_t> positions) {
  if (frequency == 0) weightless_.push_back(static_cast<std::uint32_t>(entries_.size()));
  entries_.push_back({static_cast<std::uint32_t>(names_.size()), static_cast<std::uint32_t>(name.size()), frequency,
                      static_cast<std::uint32_t>(positions_.size()), static_cast<std::uint32_t>(positions.size())});
  names_ += name;
  positions_.insert(positions_.end(), positions.begin(), positions.end());
}

void draft_document::add_filter(std::string_view name) {
  const std::string_view names = names_;
  for (const std::uint32_t n : weightless_) {
    if (names.substr(entries_[n].name, entries_[n].name_size) == name) return;
  }
  add_term(name, 0);
}

void draft_document::set_value(Xapian::valueno slot, std::string_view value) {
  if (!value.empty()) values_.emplace_back(slot, value);
}

const std::vector<draft_document::term>& draft_document::sorted_terms() {
  if (terms_.size() == entries_.size()) return terms_;
  terms_.clear();
  const std::string_view names = names_;
  const std::span<const std::uint32_t> positions = positions_;
  const auto name_of = [&](const entry& e) { return names.substr(e.name, e.name_size); };
  order_.clear();
  for (const entry& e : entries_)
    order_.emplace_back(first_bytes(name_of(e)), static_cast<std::uint32_t>(order_.size()));
  std::sort(order_.begin(), order_.end(), [&](const auto& a, const auto& b) {
    if (a.first != b.first) return a.first < b.first;
    return name_of(entries_[a.second]) < name_of(entries_[b.second]);
  });
  for (const auto& [bytes, n] : order_) {
    const entry& e = entries_[n];
    terms_.push_back({name_of(e), e.frequency, positions.subspan(e.positions, e.position_count)});
  }
  return terms_;
}

const std::vector<std::pair<Xapian::valueno, std::string>>& draft_document::sorted_values() {
  std::sort(values_.begin(), values_.end());
  return values_;
}

Xapian::Document draft_document::as_xapian() {
  Xapian::Document doc;
  std::string name;
  for (const term& t : sorted_terms()) {
    name = t.name;
    if (t.positions.empty()) {
      doc.add_term(name, t.frequency);
      continue;
    }
    doc.add_posting(name, t.positions.front(), t.frequency);
    for (const std::uint32_t p : t.positions.subspan(1)) doc.add_posting(name, p, 0);
  }
  for (const auto& [slot, value] : values_) doc.add_value(slot, value);
  doc.set_data(data_);
  return doc;
}

}  // namespace rapporteur::index
