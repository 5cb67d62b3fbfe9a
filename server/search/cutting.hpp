// Where a text may be cut for showing a part of it: ends of sentences, and between words of every script.
//
// In the spirit of UAX #29's sentence boundaries, with what running text needs beyond them (initials, abbreviations).
// Plain functions over UTF-8; know nothing of matches.
#pragma once

#include <cstddef>
#include <string_view>

namespace rapporteur::search {

/// Length in bytes of the end of a sentence or paragraph that stands at text[at], closing quotation marks and the
/// blanks behind it included; 0 if none does.
std::size_t sentence_end(std::string_view text, std::size_t at);

/// True if text may be cut before text[at] without cutting a word, as far as the characters on both sides tell: at
/// blanks, behind punctuation, between characters of Han, Kana and Hangul. Never inside a grapheme cluster. False
/// inside Thai and its kind, where only a dictionary can tell.
bool is_word_cut(std::string_view text, std::size_t at);

/// True if text[at] is inside a run of Thai or another script that only a dictionary cuts.
bool is_unspaced(std::string_view text, std::size_t at);

/// True if text may be cut before text[at] without cutting what readers take for one character (UAX #29, grapheme
/// clusters; judged by the two characters around the place).
bool is_cluster_cut(std::string_view text, std::size_t at);

constexpr bool is_blank(char c) noexcept {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

}  // namespace rapporteur::search
