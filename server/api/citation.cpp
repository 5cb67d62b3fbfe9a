#include "server/api/citation.hpp"

#include "server/api/safe_text.hpp"

#include <algorithm>
#include <span>
#include <vector>

namespace rapporteur::api {
namespace {

constexpr std::size_t k_most_words = 4;
constexpr std::size_t k_short_word = 6;  // bytes; a syllable of a name in East Asia

/// Words that a person's name does not have, in small letters.
constexpr std::string_view k_organisation_words[] = {
    "agence",     "agency",      "alliance",      "amnesty",        "and",          "archive",   "army",
    "assembly",   "association", "bank",          "bureau",         "center",       "centre",    "coalition",
    "commission", "committee",   "correspondent", "correspondents", "council",      "court",     "department",
    "desk",       "editor",      "editorial",     "editors",        "federation",   "for",       "forum",
    "foundation", "fund",        "government",    "group",          "inc",          "institute", "international",
    "league",     "ltd",         "media",         "ministry",       "movement",     "nations",   "network",
    "news",       "newspaper",   "office",        "organisation",   "organization", "party",     "police",
    "press",      "project",     "rights",        "service",        "services",     "society",   "staff",
    "team",       "the",         "times",         "union",          "university",   "watch",     "reporter",
    "reporters",  "monitor",     "post",          "radio",          "of",           "united"};

constexpr std::string_view k_particles[] = {"af",  "al",    "av",  "bin", "bint", "da",  "de",
                                            "del", "della", "den", "der", "des",  "di",  "dos",
                                            "du",  "ibn",   "la",  "ten", "van",  "von", "zu"};

constexpr std::string_view k_leading_family_names[] = {
    "ahn", "bae",  "cho",  "choe", "choi", "chung", "hwang",  "jang", "jung", "kang", "kim",  "kwon",
    "li",  "liu",  "min",  "moon", "nam",  "ngo",   "nguyen", "oh",   "pak",  "park", "pham", "ri",
    "ryu", "shin", "song", "tran", "wang", "xi",    "yang",   "yi",   "yoon", "zhang"};

std::string lower(std::string_view s) {
  std::string out(s);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool is_one_of(std::span<const std::string_view> words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string_view trim(std::string_view s) {
  while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
  while (!s.empty() && s.back() == ' ') s.remove_suffix(1);
  return s;
}

std::vector<std::string> words_of(std::string_view s) {
  std::vector<std::string> out;
  while (!(s = trim(s)).empty()) {
    const auto end = std::min(s.find(' '), s.size());
    out.emplace_back(s.substr(0, end));
    s.remove_prefix(end);
  }
  return out;
}

std::string join(const std::vector<std::string>& words, std::size_t begin, std::size_t end) {
  std::string out;
  for (std::size_t i = begin; i < end; ++i) out.append(i == begin ? "" : " ").append(words[i]);
  return out;
}

/// Latin, Greek and Cyrillic letters, marks and punctuation: all that UTF-8 writes in one or two bytes up to U+052F,
/// and Latin Extended Additional.
bool is_western(std::string_view s) {
  for (std::size_t i = 0; i < s.size(); ++i) {
    const auto c = static_cast<unsigned char>(s[i]);
    if (c < 0x80 || (c >= 0x80 && c < 0xC0)) continue;
    if (c <= 0xD4) continue;
    // U+1E00 … U+1FFF, and quotation marks and dashes of U+2000 … U+203F.
    const auto next = i + 1 < s.size() ? static_cast<unsigned char>(s[i + 1]) : 0U;
    if ((c == 0xE1 && next >= 0xB8) || (c == 0xE2 && next == 0x80)) continue;
    return false;
  }
  return true;
}

bool is_organisation(std::string_view name, const std::vector<std::string>& words) {
  if (name.find_first_of("0123456789&/@()|:") != std::string_view::npos) return true;
  return std::any_of(words.begin(), words.end(), [](const std::string& w) {
    std::string folded = lower(w);
    while (folded.ends_with('.') || folded.ends_with(',')) folded.pop_back();
    // A particle of names too, but then it is written small.
    return w == "Al" || is_one_of(k_organisation_words, folded);
  });
}

/// A given name of two syllables as romanised: Jong-un, Yong-il.
bool is_hyphened_given_name(std::string_view w) {
  const auto hyphen = w.find('-');
  return hyphen != std::string_view::npos && hyphen > 0 && hyphen + 1 < w.size() && w[hyphen + 1] >= 'a' &&
         w[hyphen + 1] <= 'z' && w.find('-', hyphen + 1) == std::string_view::npos;
}

}  // namespace

citation_kind kind_of(const article& a) noexcept {
  if (!a.source.empty()) return citation_kind::newspaper_article;
  return a.url.empty() ? citation_kind::document : citation_kind::webpage;
}

author_name divide_name(std::string_view printed) {
  const std::string clean = plain(printed, line_breaks::blank);
  const std::string_view name = trim(clean);
  author_name whole{.family = {}, .given = {}, .whole = std::string(name)};
  const auto words = words_of(name);
  if (words.size() < 2 || words.size() > k_most_words || !is_western(name) || is_organisation(name, words))
    return whole;
  const auto comma = name.find(',');
  if (comma != std::string_view::npos) {
    const auto family = trim(name.substr(0, comma));
    const auto given = trim(name.substr(comma + 1));
    if (family.empty() || given.empty() || given.find(',') != std::string_view::npos) return whole;
    return {.family = std::string(family), .given = std::string(given), .whole = {}};
  }
  const bool east_asian = is_one_of(k_leading_family_names, lower(words[0]));
  if (words.size() == 2 && is_hyphened_given_name(words[1]) && (east_asian || words[0].size() < k_short_word)) {
    return {.family = words[0], .given = words[1], .whole = {}};
  }
  if (words.size() == 3 && east_asian &&
      std::all_of(words.begin() + 1, words.end(), [](const std::string& w) { return w.size() <= k_short_word; })) {
    return whole;
  }
  std::size_t family = words.size() - 1;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (!is_one_of(k_particles, words[i])) continue;
    family = i;
    break;
  }
  // A particle at the end is none.
  if (is_one_of(k_particles, words.back())) return whole;
  return {.family = join(words, family, words.size()), .given = join(words, 0, family), .whole = {}};
}

}  // namespace rapporteur::api
