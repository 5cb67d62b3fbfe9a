#include "index/stem_memory.hpp"

#include <xxhash.h>

#include <cstring>

namespace rapporteur::index {

// The first of the two lines that may hold a key.
std::size_t stem_memory::pair_of(std::uint16_t kind, std::string_view key) const noexcept {
  return XXH3_64bits_withSeed(key.data(), key.size(), kind) & (size_ - 1) & ~std::size_t{1};
}

void stem_memory::prefetch(std::uint16_t kind, std::string_view key) const noexcept {
  if (lines_.empty()) return;
  const line* at = &lines_[pair_of(kind, key)];
  __builtin_prefetch(at);
  __builtin_prefetch(at + 1);
}

bool stem_memory::find(std::uint16_t kind, std::string_view key, stems& found) const noexcept {
  if (lines_.empty() || key.empty()) return false;
  const line* at = &lines_[pair_of(kind, key)];
  for (const line* l = at; l != at + 2; ++l) {
    if (l->kind != kind || l->key_size != key.size() || std::memcmp(l->bytes.data(), key.data(), key.size()) != 0)
      continue;
    found = l->parts();
    return true;
  }
  return false;
}

stem_memory::stems stem_memory::put(std::uint16_t kind, std::string_view key, const stems& s) {
  if (key.empty() || key.size() + s.first.size() + s.second.size() > sizeof(line::bytes)) {
    too_long_.assign(s.first).append(s.second);
    const std::string_view both = too_long_;
    return {both.substr(0, s.first.size()), both.substr(s.first.size())};
  }
  if (lines_.empty()) lines_.resize(size_);
  line& l = lines_[pair_of(kind, key)];
  if (l.key_size != 0) *(&l + 1) = l;
  l.kind = kind;
  l.key_size = static_cast<std::uint8_t>(key.size());
  l.first_size = static_cast<std::uint8_t>(s.first.size());
  l.second_size = static_cast<std::uint8_t>(s.second.size());
  char* to = l.bytes.data();
  for (const std::string_view part : {key, s.first, s.second}) {
    part.copy(to, part.size());
    to += part.size();
  }
  return l.parts();
}

}  // namespace rapporteur::index
