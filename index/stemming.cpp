#include "index/stemming.hpp"

#include "index/ascii.hpp"
#include "index/stem_memory.hpp"
#include "index/unicode.hpp"

#include <xapian.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace rapporteur::index {
namespace {

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

// Tells the keys of a stem_memory apart: by language, and by whether they are folded.
std::uint16_t memory_kind(std::size_t language, bool by_folded) {
  return static_cast<std::uint16_t>(2 * language + (by_folded ? 1 : 0));
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
  explicit impl(std::size_t remembered) : words(remembered) {}

  // The number of a language in stemmed_languages(); none without a stemmer.
  std::optional<std::size_t> number_of(std::string_view language) {
    const auto& codes = stemmed_languages();
    if (last < codes.size() && codes[last] == language) return last;  // texts are read one after another
    const auto at = std::lower_bound(codes.begin(), codes.end(), language);
    if (at == codes.end() || *at != language) return std::nullopt;
    last = static_cast<std::size_t>(at - codes.begin());
    return last;
  }

  std::vector<std::optional<Xapian::Stem>> languages{stemmed_languages().size()};
  std::size_t last = 0;
  stem_memory words;
};

stemmers::stemmers(std::size_t remembered) : impl_(std::make_unique<impl>(remembered)) {}
stemmers::~stemmers() = default;

void stemmers::expect(std::string_view language, std::string_view folded) {
  if (const auto number = impl_->number_of(language)) impl_->words.prefetch(memory_kind(*number, true), folded);
}

void stemmers::stem(std::string_view language, token_kind kind, std::string_view written, std::string_view folded,
                    std::vector<std::string_view>& out) {
  out.clear();
  if (kind == token_kind::acronym || kind == token_kind::symbol || kind == token_kind::unigram ||
      kind == token_kind::bigram)
    return;
  if (has_digit(folded)) return;
  if (language == k_unstemmed) out.push_back(folded);
  const auto number = impl_->number_of(language);
  if (!number) return;

  // What is remembered is keyed by the written form where that can matter, else by the folded one.
  const bool by_folded = kind != token_kind::word || is_ascii(written) || has_apostrophe(written);
  const std::string_view key = by_folded ? folded : written;
  const std::uint16_t kind_of_key = memory_kind(*number, by_folded);
  stem_memory::stems known;
  if (!impl_->words.find(kind_of_key, key, known)) {
    std::optional<Xapian::Stem>& stemmer = impl_->languages[*number];
    if (!stemmer) stemmer.emplace(std::string(language));
    const std::string first = fold((*stemmer)(std::string(folded)));
    std::string second;
    if (!by_folded) {
      second = fold((*stemmer)(casefold(written)));
      if (second == first) second.clear();
    }
    known = impl_->words.put(kind_of_key, key, {first, second});
  }
  if (!known.first.empty()) out.push_back(known.first);
  if (!known.second.empty()) out.push_back(known.second);
}

}  // namespace rapporteur::index
