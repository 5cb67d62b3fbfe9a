#include "server/search/cursor.hpp"

#include <xxhash.h>

#include <array>
#include <utility>

namespace rapporteur::search {
namespace {

// The bytes of a cursor: version, order, request (8), then by date the sizes of date and content (1 each) and both,
// else position (4) and state (8); at last a check of all before it (4). Numbers are big-endian.
constexpr std::uint64_t k_version = 1;
constexpr std::size_t k_check_bytes = 4;
constexpr std::size_t k_most_bytes = 128;
constexpr std::string_view k_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void put(std::string& out, std::uint64_t number, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out += static_cast<char>(number >> shift & 0xFFU);
}

std::uint64_t check_of(std::string_view bytes) {
  return XXH3_64bits(bytes.data(), bytes.size()) & 0xFFFFFFFFU;
}

std::string to_base64url(std::string_view bytes) {
  std::string out;
  std::uint32_t held = 0;
  int bits = 0;
  for (const char c : bytes) {
    held = held << 8U | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 6; bits -= 6) out += k_digits[held >> (bits - 6) & 63U];
    held &= (1U << bits) - 1;
  }
  if (bits > 0) out += k_digits[held << (6 - bits) & 63U];
  return out;
}

/// False unless text is what to_base64url() makes of some bytes: each has one spelling.
bool from_base64url(std::string_view text, std::string& bytes) {
  std::uint32_t held = 0;
  int bits = 0;
  for (const char c : text) {
    const auto digit = k_digits.find(c);
    if (digit == std::string_view::npos) return false;
    held = held << 6U | static_cast<std::uint32_t>(digit);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(held >> bits & 0xFFU);
    held &= (1U << bits) - 1;
  }
  return bits < 6 && held == 0;
}

/// Takes values off the front; ok is false from the first one on that is not there whole.
struct byte_reader {
  std::string_view rest;
  bool ok = true;

  std::uint64_t number(std::size_t bytes) {
    std::uint64_t n = 0;
    for (const char c : text(bytes)) n = n << 8U | static_cast<unsigned char>(c);
    return n;
  }
  std::string_view text(std::size_t bytes) {
    ok = ok && rest.size() >= bytes;
    if (!ok) return {};
    const auto taken = rest.substr(0, bytes);
    rest.remove_prefix(bytes);
    return taken;
  }
};

error garbled() {
  return {errc::bad_cursor, "cursor is not one that an answer gave; send it whole, as it was given"};
}

/// Every value with its length, so that no two requests have the same bytes.
class hashed {
 public:
  void add(std::string_view s) {
    put(bytes_, s.size(), 8);
    bytes_ += s;
  }
  void add(std::uint64_t n) { put(bytes_, n, 8); }
  void add(const std::vector<std::string>& values) {
    add(std::uint64_t{values.size()});
    for (const auto& v : values) add(std::string_view(v));
  }
  void add(const field_values& f) {
    for (const auto* values : {&f.sources, &f.languages, &f.collections, &f.authors}) add(*values);
    add(std::uint64_t{f.tags.size()});
    for (const tag& t : f.tags) {
      add(std::string_view(t.name));
      add(t.values);
    }
  }
  void add(const std::optional<partial_date>& d) {
    add(d ? std::uint64_t{d->packed()} * 4 + static_cast<std::uint64_t>(d->precision) + 1 : std::uint64_t{0});
  }
  [[nodiscard]] std::uint64_t value() const { return XXH3_64bits(bytes_.data(), bytes_.size()); }

 private:
  std::string bytes_;
};

}  // namespace

std::string to_string(const cursor& c) {
  std::string bytes;
  put(bytes, k_version, 1);
  put(bytes, static_cast<std::uint64_t>(c.order), 1);
  put(bytes, c.request, 8);
  if (!is_by_date(c.order)) {
    put(bytes, c.position, 4);
    put(bytes, c.state, 8);
  } else {
    put(bytes, c.date.size(), 1);
    put(bytes, c.content.size(), 1);
    bytes += c.date + c.content;
  }
  put(bytes, check_of(bytes), k_check_bytes);
  return to_base64url(bytes);
}

result<cursor> parse_cursor(std::string_view text) {
  std::string bytes;
  if (text.size() > 2 * k_most_bytes || !from_base64url(text, bytes) || bytes.size() <= k_check_bytes) return garbled();
  byte_reader in{std::string_view(bytes).substr(0, bytes.size() - k_check_bytes)};
  byte_reader check{std::string_view(bytes).substr(bytes.size() - k_check_bytes)};
  if (check.number(k_check_bytes) != check_of(in.rest)) return garbled();
  if (in.number(1) != k_version) {
    return error{errc::cursor_expired, "cursor is of another version of the server; begin again without it"};
  }
  cursor c;
  const std::uint64_t order = in.number(1);
  if (order > static_cast<std::uint64_t>(sort_order::added)) return garbled();
  c.order = static_cast<sort_order>(order);
  c.request = in.number(8);
  if (!is_by_date(c.order)) {
    c.position = static_cast<std::uint32_t>(in.number(4));
    c.state = in.number(8);
  } else {
    const auto date = static_cast<std::size_t>(in.number(1));
    const auto content = static_cast<std::size_t>(in.number(1));
    c.date = in.text(date);
    c.content = in.text(content);
    // A date key has four bytes (index/schema), an undated article none.
    if (date != 0 && date != 4) return garbled();
  }
  if (!in.ok || !in.rest.empty()) return garbled();
  return c;
}

std::uint64_t fingerprint_of(const request& r) {
  hashed h;
  h.add(std::string_view(r.q));
  h.add(static_cast<std::uint64_t>(r.sort));
  h.add(r.from);
  h.add(r.to);
  h.add(r.wanted);
  h.add(r.excluded);
  h.add(std::uint64_t{r.expand});
  return h.value();
}

std::uint64_t fingerprint_of(const index_state& s) {
  hashed h;
  h.add(s.revision);
  h.add(std::string_view(s.as_of));
  h.add(s.articles);
  h.add(s.thesaurus);
  return h.value();
}

}  // namespace rapporteur::search
