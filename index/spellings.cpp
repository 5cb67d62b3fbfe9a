#include "index/spellings.hpp"

#include "index/unicode.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace rapporteur::index {
namespace {

constexpr char32_t k_bmp_end = 0x10000;

using pairs = std::vector<std::pair<char32_t, char32_t>>;

struct spelling_tables {
  pairs written;  // (first folded character, character that folds to it), sorted
  pairs bases;    // (first folded character, character that composes to one that folds to it), sorted
  std::vector<char32_t> silent;

  spelling_tables() {
    std::string folded;
    for (char32_t c = 0; c < k_bmp_end; ++c) {
      const char_class k = class_of(c);
      if (k != char_class::letter && k != char_class::digit && k != char_class::cjk && k != char_class::complex)
        continue;
      folded.clear();
      append_folded(folded, c);
      if (folded.empty()) {
        silent.push_back(c);
        continue;
      }
      const char32_t first = decode_utf8(folded, 0).code_point;
      written.emplace_back(first, c);
      // Decomposed, and decomposed in part: ǖ is also ü with a macron.
      const std::string parts = decompose(c);
      for (std::size_t at = decode_utf8(parts, 0).size; at < parts.size(); at += decode_utf8(parts, at).size) {
        const char32_t base = decode_utf8(compose(std::string_view(parts).substr(0, at)), 0).code_point;
        if (base < k_bmp_end && base != first) bases.emplace_back(first, base);
      }
    }
    for (pairs* p : {&written, &bases}) {
      std::sort(p->begin(), p->end());
      p->erase(std::unique(p->begin(), p->end()), p->end());
    }
  }
};

const spelling_tables& tables() {
  static const spelling_tables t;
  return t;
}

template <class F>
void for_each(const pairs& p, char32_t first, F&& fn) {
  for (auto i = std::lower_bound(p.begin(), p.end(), std::pair(first, char32_t{0})); i != p.end() && i->first == first;
       ++i) {
    fn(i->second);
  }
}

}  // namespace

void add_spellings(char32_t folded, character_set& out) {
  const auto add = [&out](char32_t c) {
    if (c < k_bmp_end) out.set(c);
    for_each(tables().written, c, [&out](char32_t w) { out.set(w); });
  };
  add(folded);
  for_each(tables().bases, folded, add);
}

void add_silent(character_set& out) {
  for (const char32_t c : tables().silent) out.set(c);
}

}  // namespace rapporteur::index
