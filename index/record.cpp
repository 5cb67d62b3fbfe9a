#include "index/record.hpp"

#include <limits>

namespace rapporteur::index {
namespace {

constexpr char k_record_version = 1;

// Unsigned LEB128, as in DWARF and Protocol Buffers.
void put(std::string& out, std::uint64_t v) {
  while (v >= 0x80) {
    out.push_back(static_cast<char>(v | 0x80));
    v >>= 7;
  }
  out.push_back(static_cast<char>(v));
}

void put(std::string& out, std::string_view s) {
  put(out, static_cast<std::uint64_t>(s.size()));
  out.append(s);
}

void put(std::string& out, const std::optional<partial_date>& d) {
  // 0 is "no date"; the precision is told by which parts are zero.
  put(out, static_cast<std::uint64_t>(d ? d->packed() : 0));
}

class cursor {
 public:
  explicit cursor(std::string_view bytes) : rest_(bytes) {}

  std::uint64_t number() {
    std::uint64_t v = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto b = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      v |= static_cast<std::uint64_t>(b & 0x7F) << shift;
      if (b < 0x80) return v;
    }
    failed_ = true;
    return 0;
  }

  std::string text() {
    const std::uint64_t size = number();
    if (failed_ || size > rest_.size()) {
      failed_ = true;
      return {};
    }
    std::string s(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return s;
  }

  std::optional<partial_date> date() {
    const std::uint64_t packed = number();
    if (packed == 0 || packed > 99991231) return std::nullopt;
    partial_date d;
    d.year = static_cast<std::int16_t>(packed / 10000);
    d.month = static_cast<std::uint8_t>(packed / 100 % 100);
    d.day = static_cast<std::uint8_t>(packed % 100);
    d.precision = d.day != 0 ? date_precision::day : d.month != 0 ? date_precision::month : date_precision::year;
    return d;
  }

  /// A count of items of at least one byte each: never more than what is left, so that no damaged number asks for
  /// memory.
  std::uint64_t count() {
    const std::uint64_t n = number();
    if (n > rest_.size()) failed_ = true;
    return failed_ ? 0 : n;
  }

  [[nodiscard]] bool finished() const { return !failed_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace

std::string encode_record(const record& r) {
  return encode_record(r.fields, r.text_number, r.text_bytes);
}

std::string encode_record(const article& a, std::uint64_t text_number, std::uint64_t text_bytes) {
  std::string out;
  out.push_back(k_record_version);
  put(out, a.id);
  put(out, a.title);
  put(out, static_cast<std::uint64_t>((a.title_derived ? 1U : 0U) | (a.language_detected ? 2U : 0U)));
  put(out, a.url);
  put(out, a.published);
  put(out, a.updated);
  put(out, a.source);
  put(out, a.language);
  put(out, a.collection);
  put(out, static_cast<std::uint64_t>(a.authors.size()));
  for (const std::string& author : a.authors) put(out, author);
  put(out, static_cast<std::uint64_t>(a.tags.size()));
  for (const tag& t : a.tags) {
    put(out, t.name);
    put(out, static_cast<std::uint64_t>(t.values.size()));
    for (const std::string& v : t.values) put(out, v);
  }
  put(out, a.origin.file);
  put(out, a.origin.offset);
  put(out, a.origin.line);
  put(out, text_number);
  put(out, text_bytes);
  return out;
}

result<record> decode_record(std::string_view bytes) {
  if (bytes.empty() || bytes.front() != k_record_version) {
    return error{errc::index_damaged,
                 "a record of the index is empty or of an unknown version; run check, then rebuild"};
  }
  cursor in(bytes.substr(1));
  record r;
  article& a = r.fields;
  a.id = in.text();
  a.title = in.text();
  const std::uint64_t flags = in.number();
  a.title_derived = (flags & 1U) != 0;
  a.language_detected = (flags & 2U) != 0;
  a.url = in.text();
  a.published = in.date();
  a.updated = in.date();
  a.source = in.text();
  a.language = in.text();
  a.collection = in.text();
  a.authors.resize(in.count());
  for (std::string& author : a.authors) author = in.text();
  a.tags.resize(in.count());
  for (tag& t : a.tags) {
    t.name = in.text();
    t.values.resize(in.count());
    for (std::string& v : t.values) v = in.text();
  }
  a.origin.file = in.text();
  a.origin.offset = in.number();
  a.origin.line = in.number();
  r.text_number = in.number();
  r.text_bytes = in.number();
  if (!in.finished()) {
    return error{errc::index_damaged, "a record of the index is cut short; run check, then rebuild"};
  }
  return r;
}

}  // namespace rapporteur::index
