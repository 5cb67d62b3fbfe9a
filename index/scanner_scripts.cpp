// Scripts that do not separate words: Han, Kana and Hangul as bigrams, Thai and its kind by ICU's dictionaries.
#include "index/scanner.hpp"
#include "index/unicode.hpp"

#include <unicode/locid.h>
#include <unicode/utext.h>

#include <algorithm>

namespace rapporteur::index {

std::size_t scanner::scan_cjk(std::size_t at) {
  note_capitals(false, at, at);
  const auto is_leading_jamo = [](char32_t c) { return (c >= 0x1100 && c <= 0x115F) || (c >= 0xA960 && c <= 0xA97C); };
  const auto is_later_jamo = [](char32_t c) { return (c >= 0x1160 && c <= 0x11FF) || (c >= 0xD7B0 && c <= 0xD7FB); };

  // The run is taken in pieces so that memory stays bounded on any input; a piece hands its last character on.
  clusters_.clear();
  std::size_t i = at;
  while (i < text_.size()) {
    const decoded d = decode_utf8(text_, i);
    if (class_of(d.code_point) != char_class::cjk) break;
    const auto begin = static_cast<std::uint32_t>(i);
    i += d.size;
    bool jamo = is_leading_jamo(d.code_point);
    while (i < text_.size()) {
      const decoded next = decode_utf8(text_, i);
      const bool joins = class_of(next.code_point) == char_class::extend || (jamo && is_later_jamo(next.code_point));
      if (!joins) break;
      i += next.size;
    }
    clusters_.emplace_back(begin, static_cast<std::uint32_t>(i));
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

std::size_t scanner::scan_complex(std::size_t at) {
  note_capitals(false, at, at);
  std::size_t end = at;
  while (end < text_.size()) {
    const decoded d = decode_utf8(text_, end);
    const char_class k = class_of(d.code_point);
    if (k != char_class::complex && k != char_class::extend) break;
    end += d.size;
  }
  UErrorCode status = U_ZERO_ERROR;
  if (!dictionary_words_) {
    dictionary_words_.reset(icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), status));
  }
  UText* run = utext_openUTF8(nullptr, text_.data() + at, static_cast<std::int64_t>(end - at), &status);
  if (dictionary_words_ && U_SUCCESS(status)) dictionary_words_->setText(run, status);
  if (!dictionary_words_ || U_FAILURE(status)) {
    utext_close(run);
    ++position_;
    emit(at, end, position_, fold(text_.substr(at, end - at)), token_kind::word);
    return end;
  }
  std::int32_t begin = dictionary_words_->first();
  for (std::int32_t next = dictionary_words_->next(); next != icu::BreakIterator::DONE;
       next = dictionary_words_->next()) {
    const std::string folded =
        fold(text_.substr(at + static_cast<std::size_t>(begin), static_cast<std::size_t>(next - begin)));
    if (!folded.empty()) {
      ++position_;
      emit(at + static_cast<std::size_t>(begin), at + static_cast<std::size_t>(next), position_, folded,
           token_kind::word);
    }
    begin = next;
  }
  utext_close(run);
  return end;
}

}  // namespace rapporteur::index
