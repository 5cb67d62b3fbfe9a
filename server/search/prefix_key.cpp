#include "server/search/prefix_key.hpp"

#include "index/gershayim.hpp"
#include "index/unicode.hpp"

namespace rapporteur::search {
namespace {

bool is_of_word(index::char_class c) noexcept {
  return c == index::char_class::letter || c == index::char_class::digit || c == index::char_class::cjk ||
         c == index::char_class::complex;
}

// Folded and decomposed: a composed character and what it is composed of are the same beginning.
void append_character(std::string& out, char32_t c) {
  std::string folded;
  index::append_folded(folded, c);
  for (std::size_t at = 0; at < folded.size();) {
    const index::decoded d = index::decode_utf8(folded, at);
    if (d.code_point < 128)
      out += folded[at];
    else
      out += index::decompose(d.code_point);
    at += d.size;
  }
}

}  // namespace

prefix_key make_prefix_key(std::string_view text) {
  prefix_key out;
  bool apart = false;  // a blank is due before the next word
  bool dotted = false;
  bool quoted = false;
  char32_t last = 0;  // character of the word, and how many it has so far
  unsigned letters = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const index::decoded d = index::decode_utf8(text, at);
    if (!d.valid) {
      apart = true;
      ++at;
      continue;
    }
    const index::char_class c = index::class_of(d.code_point);
    if (is_of_word(c)) {
      if (apart || out.words.empty()) {
        if (!out.words.empty()) out.key += ' ';
        out.words.push_back({out.key.size(), at, quoted});
        apart = dotted = false;
        letters = 0;
      }
      last = d.code_point;
      ++letters;
      if (byte >= 'a' && byte <= 'z')
        out.key += text[at];
      else
        append_character(out.key, d.code_point);
    } else if (c == index::char_class::extend) {
      if (!apart && !out.words.empty()) append_character(out.key, d.code_point);
    } else if (byte == '.' && !apart && !out.words.empty()) {
      // U.N. is UN, nknews.org one word, and the end of a sentence is an end.
      const std::size_t next = at + 1;
      const bool inside = next < text.size() && is_of_word(index::class_of(index::decode_utf8(text, next).code_point));
      dotted = dotted || inside;
      apart = !dotted && next < text.size();
    } else if (!apart && !out.words.empty() &&
               (index::gershayim_at(text, at, last, letters) != 0 ||
                index::may_become_gershayim(text, at, last, letters))) {
      // Of the word, as an apostrophe is.
    } else if (byte == '"') {
      quoted = !quoted;
      apart = true;
    } else if (c != index::char_class::apostrophe) {
      apart = true;
    }
    at += d.size;
  }
  if (apart && !out.words.empty()) out.key += ' ';
  return out;
}

}  // namespace rapporteur::search
