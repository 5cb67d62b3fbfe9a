#include "index/known_file.hpp"

#include <fmt/format.h>

#include <charconv>

namespace rapporteur::index {
namespace {

constexpr std::uint64_t k_version = 1;

/// Takes a number and the blank behind it off the front of s.
template <class T>
bool take(std::string_view& s, T& number) {
  const auto [end, failure] = std::from_chars(s.data(), s.data() + s.size(), number);
  if (failure != std::errc() || end == s.data() + s.size() || *end != ' ') return false;
  s.remove_prefix(static_cast<std::size_t>(end - s.data()) + 1);
  return true;
}

}  // namespace

std::string encode_known_file(const known_file& f) {
  return fmt::format("{} {} {} {} {} {} {} {} {}", k_version, f.bytes, f.modified_ns, f.inode, f.reading, f.articles,
                     f.failed, f.kept, f.path);
}

result<known_file> decode_known_file(std::string_view value) {
  known_file f;
  std::uint64_t version = 0;
  if (!take(value, version) || version != k_version || !take(value, f.bytes) || !take(value, f.modified_ns) ||
      !take(value, f.inode) || !take(value, f.reading) || !take(value, f.articles) || !take(value, f.failed) ||
      !take(value, f.kept)) {
    return error{errc::index_damaged, "what the index remembers of a file cannot be read; run check"};
  }
  f.path = value;
  return f;
}

}  // namespace rapporteur::index
