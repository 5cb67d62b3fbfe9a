#include "index/schema.hpp"

#include "index/analysis.hpp"
#include "index/stemming.hpp"
#include "index/unicode.hpp"

#include <fmt/format.h>
#include <unicode/uchar.h>
#include <xapian.h>
#include <xxhash.h>

#include <algorithm>
#include <charconv>
#include <iterator>

namespace rapporteur::index {
namespace {

constexpr std::size_t k_max_term_bytes = 245;
constexpr std::size_t k_hash_digits = 16;

std::size_t stored_size(std::string_view s) {
  return s.size() + static_cast<std::size_t>(std::count(s.begin(), s.end(), '\0'));
}

std::string big_endian(std::uint32_t v) {
  return {static_cast<char>(v >> 24), static_cast<char>(v >> 16), static_cast<char>(v >> 8), static_cast<char>(v)};
}

}  // namespace

std::string make_term(std::string_view prefix, std::string_view value) {
  std::string term(prefix);
  if (stored_size(prefix) + stored_size(value) <= k_max_term_bytes) return term.append(value);
  std::size_t keep = k_max_term_bytes - prefix.size() - k_hash_digits - 1;
  keep -= std::min(keep, stored_size(value.substr(0, keep)) - std::min(keep, value.size()));
  term.append(value.substr(0, utf8_boundary_before(value, keep)));
  return term.append(fmt::format("~{:016x}", XXH3_64bits(value.data(), value.size())));
}

std::string source_term(std::string_view outlet) {
  return make_term(prefix::source, fold(outlet));
}
std::string collection_term(std::string_view name) {
  return make_term(prefix::collection, fold(name));
}
std::string author_term(std::string_view name) {
  return make_term(prefix::author, fold(name));
}
std::string tag_term(std::string_view name, std::string_view value) {
  return make_term(prefix::tag, fmt::format("{}={}", name, fold(value)));
}
std::string language_term(std::string_view language) {
  return make_term(prefix::language, language);
}
std::string id_term(std::string_view id) {
  return make_term(prefix::id, id);
}
std::string path_term(std::string_view path) {
  // The alphabet of base64url (RFC 4648), so that a term can be printed.
  constexpr std::string_view k_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  static_assert(k_digits.size() == 64);
  constexpr int k_bits_of_each = 36;
  const XXH128_hash_t hash = XXH3_128bits(path.data(), path.size());
  std::string term(prefix::path);
  for (const std::uint64_t half : {hash.high64, hash.low64}) {
    for (int shift = k_bits_of_each - 6; shift >= 0; shift -= 6) term += k_digits[half >> shift & 63U];
  }
  return term;
}
std::string stem_term(std::string_view language, std::string_view stem) {
  return make_term(prefix::stem, fmt::format("{}:{}", language, stem));
}
std::string title_stem_term(std::string_view language, std::string_view stem) {
  return make_term(prefix::title_stem, fmt::format("{}:{}", language, stem));
}

std::string newest_key(const partial_date& d) {
  return big_endian(d.packed());
}
std::string oldest_key(const partial_date& d) {
  return big_endian(0xFFFFFFFFU - d.packed());
}

std::string revision_value(std::uint64_t revision) {
  std::string value;
  for (int shift = 56; shift >= 0; shift -= 8) {
    if (const auto byte = static_cast<char>(revision >> shift); byte != 0 || !value.empty()) value += byte;
  }
  return value;
}
std::uint64_t revision_of_value(std::string_view value) noexcept {
  std::uint64_t n = 0;
  for (const char c : value) n = n << 8U | static_cast<unsigned char>(c);
  return n;
}

std::string content_value(std::string_view hash) {
  std::string value;
  for (std::size_t at = 0; at < hash.size(); at += 2) {
    unsigned byte = 0;
    const char* const end = hash.data() + std::min(at + 2, hash.size());
    if (end != hash.data() + at + 2 || std::from_chars(hash.data() + at, end, byte, 16).ptr != end)
      return std::string(hash);
    value.push_back(static_cast<char>(byte));
  }
  return value;
}
std::string content_of_value(std::string_view value) {
  std::string hash;
  for (const char c : value) fmt::format_to(std::back_inserter(hash), "{:02x}", static_cast<unsigned char>(c));
  return hash;
}

std::string file_key_of_term(std::string_view path_term) {
  return std::string(key::file).append(path_term.substr(prefix::path.size()));
}
std::string file_key(std::string_view path) {
  return file_key_of_term(path_term(path));
}

std::string text_key(std::uint64_t number) {
  std::string k(key::text);
  for (int shift = 56; shift >= 0; shift -= 8) k.push_back(static_cast<char>(number >> shift));
  return k;
}

std::string text_block_key(std::uint64_t number, std::size_t block) {
  return text_key(number) + big_endian(static_cast<std::uint32_t>(block));
}

std::string record_dictionary_key(std::size_t number) {
  return fmt::format("{}{}", key::records, number);
}

std::uint64_t metadata_number(std::string_view digits) noexcept {
  std::uint64_t n = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), n);
  return n;
}

std::string analysis_fingerprint() {
  std::string languages;
  for (const std::string& l : stemmed_languages()) languages += l + ",";
  return fmt::format("analysis {} unicode {} xapian {} stems {}", k_analysis_version, U_UNICODE_VERSION,
                     Xapian::version_string(), languages);
}

}  // namespace rapporteur::index
