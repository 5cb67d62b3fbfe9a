#include "index/stemming.hpp"

#include "index/ascii.hpp"
#include "index/unicode.hpp"

#include <xapian.h>

#include <algorithm>
#include <map>
#include <unordered_map>

namespace rapporteur::index {
namespace {

constexpr std::size_t k_memory = 200000;  // words remembered per language before the memory starts afresh

struct string_hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view s) const noexcept { return std::hash<std::string_view>{}(s); }
};

bool has_digit(std::string_view s) {
  return std::any_of(s.begin(), s.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// A slice with an apostrophe is not the word that its folded form is (possessives, elisions, romanisations).
bool has_apostrophe(std::string_view s) {
  for (std::size_t at = 0; at < s.size();) {
    const decoded d = decode_utf8(s, at);
    if (class_of(d.code_point) == char_class::apostrophe || d.code_point == U'"') return true;
    at += d.size;
  }
  return false;
}

}  // namespace

const std::vector<std::string>& stemmed_languages() {
  // The ISO 639-1 codes among the names that Xapian's stemmers answer to; the algorithms' own names are left out.
  static const std::vector<std::string> codes = [] {
    std::vector<std::string> out;
    for (const char* code : {"ar", "ca", "da", "de", "en", "es", "eu", "fi", "fr", "ga", "hu", "hy",
                             "id", "it", "lt", "ne", "nl", "no", "pt", "ro", "ru", "sv", "ta", "tr"}) {
      try {
        const Xapian::Stem probe(code);
        out.emplace_back(code);
      } catch (const Xapian::InvalidArgumentError&) {
        // this build of Xapian lacks it
      }
    }
    return out;
  }();
  return codes;
}

bool has_stemmer(std::string_view language) {
  const auto& codes = stemmed_languages();
  return std::binary_search(codes.begin(), codes.end(), language);
}

std::string_view stem_language(std::string_view of_article, std::string_view main_language) {
  const std::string_view language = of_article.empty() ? main_language : of_article;
  return has_stemmer(language) ? language : k_unstemmed;
}

struct stemmers::impl {
  struct language_memory {
    Xapian::Stem stemmer;
    std::unordered_map<std::string, std::pair<std::string, std::string>, string_hash, std::equal_to<>> known;
  };
  std::map<std::string, language_memory, std::less<>> languages;
};

stemmers::stemmers() : impl_(std::make_unique<impl>()) {}
stemmers::~stemmers() = default;

void stemmers::stem(std::string_view language, token_kind kind, std::string_view written, std::string_view folded,
                    std::vector<std::string_view>& out) {
  out.clear();
  if (kind == token_kind::acronym || kind == token_kind::symbol || kind == token_kind::unigram ||
      kind == token_kind::bigram)
    return;
  if (has_digit(folded)) return;
  if (language == k_unstemmed) out.push_back(folded);
  if (!has_stemmer(language)) return;
  auto found = impl_->languages.find(language);
  if (found == impl_->languages.end()) {
    found =
        impl_->languages.emplace(std::string(language), impl::language_memory{Xapian::Stem(std::string(language)), {}})
            .first;
  }
  impl::language_memory& memory = found->second;

  // What is remembered is keyed by the written form where that can matter, else by the folded one.
  const bool by_folded = kind != token_kind::word || is_ascii(written) || has_apostrophe(written);
  const std::string_view key = by_folded ? folded : written;
  auto known = memory.known.find(key);
  if (known == memory.known.end()) {
    if (memory.known.size() >= k_memory) memory.known.clear();
    std::pair<std::string, std::string> stems;
    stems.first = fold(memory.stemmer(std::string(folded)));
    if (!by_folded) {
      stems.second = fold(memory.stemmer(casefold(written)));
      if (stems.second == stems.first) stems.second.clear();
    }
    known = memory.known.emplace(std::string(key), std::move(stems)).first;
  }
  if (!known->second.first.empty()) out.push_back(known->second.first);
  if (!known->second.second.empty()) out.push_back(known->second.second);
}

}  // namespace rapporteur::index
