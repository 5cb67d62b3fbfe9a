// Scripts that do not separate words: Han, Kana and Hangul as bigrams, Thai and its kind by ICU's dictionaries.
#include "index/scanner.hpp"
#include "index/unicode.hpp"

#include <unicode/locid.h>
#include <unicode/utext.h>

#include <algorithm>

namespace rapporteur::index {

namespace {

// Vowels and final consonants of Hangul: they belong to the consonant or syllable before them.
bool is_later_jamo(char32_t c) {
  return (c >= 0x1160 && c <= 0x11FF) || (c >= 0xD7B0 && c <= 0xD7FB);
}

bool is_jamo_or_syllable(char32_t c) {
  return (c >= 0x1100 && c <= 0x11FF) || (c >= 0xA960 && c <= 0xA97C) || (c >= 0xAC00 && c <= 0xD7FB);
}

// The blocks from Thai to Khmer: a mark of another script is none that the dictionaries know.
bool is_south_east_asian(char32_t c) {
  return c >= 0x0E00 && c < 0x1A00;
}

bool is_nikhahit(char32_t c) {
  return c == 0x0E4D || c == 0x0ECD;
}

bool is_sara_aa(char32_t c) {
  return c == 0x0E32 || c == 0x0EB2;
}

}  // namespace

std::size_t scanner::scan_cjk(std::size_t at) {
  note_capitals(false, at, at);

  // The run is taken in pieces so that memory stays bounded on any input; a piece hands its last character on.
  clusters_.clear();
  std::size_t i = at;
  while (i < text_.size()) {
    const decoded d = decode_utf8(text_, i);
    if (class_of(d.code_point) != char_class::cjk) break;
    const auto begin = static_cast<std::uint32_t>(i);
    i += d.size;
    auto end = static_cast<std::uint32_t>(i);
    const bool hangul = is_jamo_or_syllable(d.code_point);
    while (i < text_.size()) {
      const decoded next = decode_utf8(text_, i);
      const bool joins = class_of(next.code_point) == char_class::extend || (hangul && is_later_jamo(next.code_point));
      if (!joins) break;
      i += next.size;
      if (!is_format(next.code_point)) end = static_cast<std::uint32_t>(i);
    }
    clusters_.emplace_back(begin, end);
  }
  cluster_folds_.resize(std::max(cluster_folds_.size(), clusters_.size()));
  for (std::size_t c = 0; c < clusters_.size(); ++c) {
    std::string& folded = cluster_folds_[c];
    folded.clear();
    const std::string_view written = text_.substr(clusters_[c].first, clusters_[c].second - clusters_[c].first);
    if (decode_utf8(written, 0).size == written.size() && !needs_composition(decode_utf8(written, 0).code_point)) {
      append_folded(folded, decode_utf8(written, 0).code_point);
    } else {
      // Compatibility forms first (half-width kana and its voicing mark), then composed.
      std::string parts;
      const std::string composed = compose(written);
      for (std::size_t k = 0; k < composed.size();) {
        const decoded d = decode_utf8(composed, k);
        append_folded(parts, d.code_point);
        k += d.size;
      }
      folded = compose(parts);
    }
  }
  for (std::size_t c = 0; c < clusters_.size(); ++c) {
    if (cluster_folds_[c].empty()) continue;
    ++position_;
    if (c + 1 < clusters_.size() && !cluster_folds_[c + 1].empty()) {
      scratch_ = cluster_folds_[c];
      scratch_ += cluster_folds_[c + 1];
      emit(clusters_[c].first, clusters_[c + 1].second, position_, scratch_, token_kind::bigram);
    }
    emit(clusters_[c].first, clusters_[c].second, position_, cluster_folds_[c], token_kind::unigram);
  }
  return i;
}

// A run of Thai or its kind as the dictionaries know it: composed, and without what is not seen.
void scanner::compose_run(std::string_view run) {
  composed_run_.clear();
  composed_places_.clear();
  for (std::size_t at = 0; at < run.size();) {
    const std::size_t begin = at;
    bool nikhahit = false;
    std::string visible;
    while (at < run.size()) {
      const decoded d = decode_utf8(run, at);
      const bool first = at == begin;
      if (!first && class_of(d.code_point) != char_class::extend && !(nikhahit && is_sara_aa(d.code_point))) break;
      nikhahit = nikhahit || is_nikhahit(d.code_point);
      if (!is_format(d.code_point)) visible.append(run, at, d.size);
      at += d.size;
      if (is_sara_aa(d.code_point)) nikhahit = false;
    }
    composed_places_.emplace_back(composed_run_.size(), begin);
    composed_run_ += compose(visible);
  }
  composed_places_.emplace_back(composed_run_.size(), run.size());
}

std::size_t scanner::scan_complex(std::size_t at) {
  note_capitals(false, at, at);
  std::size_t end = at;
  std::size_t seen_end = at;
  bool plain = true;
  while (end < text_.size()) {
    const decoded d = decode_utf8(text_, end);
    const char_class k = class_of(d.code_point);
    if (k != char_class::complex && k != char_class::extend) break;
    plain = plain && (k == char_class::complex || is_south_east_asian(d.code_point)) &&
            !needs_composition(d.code_point) && !is_format(d.code_point);
    end += d.size;
    if (!is_format(d.code_point)) seen_end = end;
  }
  const std::string_view written = text_.substr(at, seen_end - at);
  if (!plain) compose_run(written);
  const std::string_view run = plain ? written : std::string_view(composed_run_);
  // Offsets in the run as offsets in the text; what lies within a composed character is its end.
  const auto place = [&](std::size_t offset) {
    if (plain) return at + offset;
    return at + std::lower_bound(composed_places_.begin(), composed_places_.end(), std::pair(offset, std::size_t{0}))
                    ->second;
  };

  UErrorCode status = U_ZERO_ERROR;
  if (!dictionary_words_) {
    dictionary_words_.reset(icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), status));
  }
  UText* opened = utext_openUTF8(nullptr, run.data(), static_cast<std::int64_t>(run.size()), &status);
  if (dictionary_words_ && U_SUCCESS(status)) dictionary_words_->setText(opened, status);
  if (!dictionary_words_ || U_FAILURE(status)) {
    utext_close(opened);
    ++position_;
    emit(at, seen_end, position_, fold(run), token_kind::word);
    return end;
  }
  auto begin = static_cast<std::size_t>(dictionary_words_->first());
  for (std::int32_t found = dictionary_words_->next(); found != icu::BreakIterator::DONE;
       found = dictionary_words_->next()) {
    const auto next = static_cast<std::size_t>(found);
    const std::string folded = fold(run.substr(begin, next - begin));
    if (!folded.empty() && place(begin) < place(next)) {
      ++position_;
      emit(place(begin), place(next), position_, folded, token_kind::word);
    }
    begin = next;
  }
  utext_close(opened);
  return end;
}

}  // namespace rapporteur::index
