#include "analysis_rows.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace rapporteur::index {
namespace {

std::string normalized(const icu::Normalizer2* n, std::string_view text) {
  std::string out;
  icu::StringByteSink<std::string> sink(&out);
  UErrorCode status = U_ZERO_ERROR;
  n->normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())), sink, nullptr, status);
  EXPECT_TRUE(U_SUCCESS(status));
  return out;
}

const char* sign_of(token_kind kind) {
  switch (kind) {
    case token_kind::compound:
      return "=";
    case token_kind::elided:
      return "~";
    case token_kind::acronym:
      return "!";
    case token_kind::symbol:
      return "#";
    default:
      return "";
  }
}

bool is_boundary(std::string_view text, std::size_t at) {
  return at == text.size() || (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80);
}

bool has_token(std::string_view slice, std::string_view wanted) {
  analyzer a;
  token_list list;
  a.analyze(slice, list, text_role::query);
  return std::any_of(list.tokens().begin(), list.tokens().end(),
                     [&](const token& t) { return list.text(t) == wanted; });
}

}  // namespace

std::string describe(const token_list& list) {
  std::string out;
  for (const token& t : list.tokens()) {
    if (!out.empty()) out += ' ';
    out += fmt::format("{}:{}{}", t.position, sign_of(t.kind), list.text(t));
  }
  return out;
}

std::string describe(std::string_view text, text_role role) {
  analyzer a;
  token_list list;
  a.analyze(text, list, role);
  return describe(list);
}

std::string nfc(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  return normalized(icu::Normalizer2::getNFCInstance(status), text);
}

std::string nfd(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  return normalized(icu::Normalizer2::getNFDInstance(status), text);
}

std::string what_is_wrong(std::string_view text, const token_list& list, bool read_slices) {
  std::uint32_t position = 0;
  std::size_t place_begin = 0;  // of the last position's word or part
  std::size_t place_end = 0;
  for (const token& t : list.tokens()) {
    const std::string_view slice = t.begin <= t.end ? text.substr(t.begin, t.end - t.begin) : std::string_view{};
    const auto wrong = [&](const char* what) { return fmt::format("{}: {} [{}]", what, list.text(t), slice); };
    if (t.begin >= t.end || t.end > text.size()) return wrong("range");
    if (!is_boundary(text, t.begin) || !is_boundary(text, t.end)) return wrong("not between code points");
    if (t.position < position || t.position > position + 1) return wrong("position");
    if (list.text(t).empty() || t.text_size > k_max_token_bytes) return wrong("size");
    position = t.position;
    if (t.begin < place_begin) return wrong("goes back");
    if (t.kind == token_kind::word || t.kind == token_kind::part || t.kind == token_kind::unigram) {
      if (t.begin < place_end) return wrong("overlaps");
      place_begin = t.begin;
      place_end = t.end;
    }
    if (read_slices && !has_token(slice, list.text(t))) return wrong("slice");
  }
  if (position > list.last_position()) return "last position";
  return {};
}

void expect_row(const analysis_row& row) {
  analyzer a;
  token_list list;
  const struct {
    const char* form;
    std::string text;
  } forms[] = {{"as written", row.text}, {"composed", nfc(row.text)}, {"decomposed", nfd(row.text)}};
  for (const auto& f : forms) {
    a.analyze(f.text, list);
    EXPECT_EQ(describe(list), nfc(row.tokens)) << f.form << ": " << f.text;
    EXPECT_EQ(what_is_wrong(f.text, list, true), "") << f.form << ": " << f.text;
  }
}

}  // namespace rapporteur::index
