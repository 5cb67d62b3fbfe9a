// Known appeals, and matching one at the end of a text.
#include "indexer/appeal.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace rapporteur::indexer {
namespace {

/// Longest first, so that no part of one is left behind. A blank stands for any white space, or none.
constexpr std::array<std::string_view, 3> k_appeals = {
    "In a time of both misinformation and too much information, quality journalism is more crucial than ever. "
    "By subscribing, you can help us get the story right. SUBSCRIBE NOW",
    "In a time of both misinformation and too much information, quality journalism is more crucial than ever. "
    "By subscribing, you can help us get the story right.",
    "In a time of both misinformation and too much information, quality journalism is more crucial than ever.",
};

constexpr bool is_blank(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

std::size_t skip_blanks_back(std::string_view s, std::size_t end) {
  while (end > 0 && is_blank(s[end - 1])) --end;
  return end;
}

/// Where in text a copy of appeal begins that ends the text; npos if there is none.
std::size_t find_at_end(std::string_view text, std::string_view appeal) {
  std::size_t t = text.size();
  std::size_t a = appeal.size();
  for (;;) {
    a = skip_blanks_back(appeal, a);
    if (a == 0) return t;
    t = skip_blanks_back(text, t);
    if (t == 0 || text[t - 1] != appeal[a - 1]) return std::string_view::npos;
    --t;
    --a;
  }
}

}  // namespace

bool remove_appeal(std::string& text) {
  for (const std::string_view appeal : k_appeals) {
    const std::size_t begin = find_at_end(text, appeal);
    if (begin == std::string_view::npos || begin == 0 || text[begin - 1] != '\n') continue;
    const std::size_t end = skip_blanks_back(text, begin);
    if (end == 0) continue;
    text.resize(end);
    return true;
  }
  return false;
}

}  // namespace rapporteur::indexer
