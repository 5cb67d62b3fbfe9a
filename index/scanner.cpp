// The walk over a text, the short cut for plain ASCII words, and what capitals mean.
#include "index/scanner.hpp"

#include "index/ascii.hpp"
#include "index/unicode.hpp"

#include <algorithm>
#include <array>

namespace rapporteur::index {
namespace {

constexpr std::size_t k_max_text = 0x7FFFFFFF;
constexpr unsigned k_max_acronym_letters = 10;
constexpr unsigned k_caps_run = 4;          // neighbouring words in capitals that are a headline, not acronyms
constexpr std::size_t k_line_window = 300;  // bytes each way that decide whether a line is in capitals

// Characters after a plain ASCII word that may make it more than that, if something of a word follows them.
constexpr bool may_connect(unsigned char c) {
  return c >= 0x80 || c == '\'' || c == '`' || c == '-' || c == '.' || c == '/' || c == ',';
}

}  // namespace

void scanner::run(std::string_view text, std::size_t begin, std::size_t end, token_list& out, text_role role,
                  bool acronyms) {
  out.clear();
  text_ = text.substr(0, utf8_boundary_before(text, std::min(text.size(), k_max_text)));
  end = std::min(end, text_.size());
  out_ = &out;
  role_ = role;
  acronyms_ = acronyms;
  position_ = 0;
  counted_begin_ = counted_end_ = 0;
  counted_upper_ = counted_other_ = 0;
  capitals_run_ = 0;
  capitals_tokens_.clear();
  has_dead_tokens_ = false;

  std::size_t at = begin;
  while (at < end) {
    const unsigned char c = byte(at);
    if (c < 0x80) {
      if (is_ascii_alnum(static_cast<char>(c)))
        at = scan_plain_word(at);
      else
        ++at;
      continue;
    }
    const decoded d = decode_utf8(text_, at);
    switch (class_of(d.code_point)) {
      case char_class::letter:
      case char_class::digit:
        at = scan_chunk(at);
        break;
      case char_class::cjk:
        at = scan_cjk(at);
        break;
      case char_class::complex:
        at = scan_complex(at);
        break;
      default:
        at += d.size;
    }
  }
  close_capitals_run();
  if (has_dead_tokens_) {
    std::erase_if(out.tokens_, [](const token& t) { return t.text_size == 0; });
  }
  out.last_position_ = position_;
}

void scanner::emit(std::size_t begin, std::size_t end, std::uint32_t position, std::string_view folded,
                   token_kind kind) {
  folded = folded.substr(0, utf8_boundary_before(folded, k_max_token_bytes));
  if (folded.empty()) return;
  out_->tokens_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), position,
                           static_cast<std::uint32_t>(out_->arena_.size()), static_cast<std::uint16_t>(folded.size()),
                           kind});
  out_->arena_.append(folded);
}

// --- capitals ---------------------------------------------------------------------------------------------------

// Letters in capitals and others of the characters that begin in [begin, end).
void scanner::count_case(std::size_t begin, std::size_t end, unsigned& upper, unsigned& other) const {
  for (std::size_t i = begin; i < end; ++i) {
    const unsigned char c = byte(i);
    if (c < 0x80) {
      upper += is_ascii_upper(static_cast<char>(c));
      other += is_ascii_lower(static_cast<char>(c));
      continue;
    }
    if ((c & 0xC0) == 0x80) continue;
    const char32_t point = decode_utf8(text_, i).code_point;
    const char_class k = class_of(point);
    if (is_upper(point))
      ++upper;
    else if (k == char_class::letter || k == char_class::cjk || k == char_class::complex)
      ++other;
  }
}

// Whether the line around a place, k_line_window bytes each way, is in capitals. It depends on nothing else, so that a
// part of a text is analysed as it is in the whole. The window slides: each byte is counted in once and out once.
bool scanner::in_line_of_capitals(std::size_t at) {
  if (role_ == text_role::query) return false;
  std::size_t begin = at - std::min(at, k_line_window);
  if (const std::size_t line = text_.substr(begin, at - begin).rfind('\n'); line != std::string_view::npos)
    begin += line + 1;
  std::size_t end = std::min(text_.size(), at + k_line_window);
  if (const std::size_t line = text_.substr(at, end - at).find('\n'); line != std::string_view::npos) end = at + line;
  if (begin < counted_begin_ || begin >= counted_end_ || end < counted_end_) {
    counted_upper_ = counted_other_ = 0;
    counted_begin_ = counted_end_ = begin;
  }
  unsigned gone_upper = 0;
  unsigned gone_other = 0;
  count_case(counted_begin_, begin, gone_upper, gone_other);
  counted_upper_ -= gone_upper;
  counted_other_ -= gone_other;
  count_case(counted_end_, end, counted_upper_, counted_other_);
  counted_begin_ = begin;
  counted_end_ = end;
  return counted_upper_ > 4 * counted_other_;
}

void scanner::note_capitals(bool capitals, std::size_t begin, std::size_t end) {
  if (role_ == text_role::query) return;
  if (!capitals) {
    if (capitals_run_ != 0) close_capitals_run();
    return;
  }
  const bool adjoins =
      capitals_run_ != 0 && std::all_of(text_.begin() + static_cast<std::ptrdiff_t>(capitals_end_),
                                        text_.begin() + static_cast<std::ptrdiff_t>(begin),
                                        [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; });
  if (!adjoins) close_capitals_run();
  ++capitals_run_;
  capitals_end_ = end;
}

void scanner::close_capitals_run() {
  if (capitals_run_ >= k_caps_run) {
    for (const std::size_t i : capitals_tokens_) out_->tokens_[i].text_size = 0;
    has_dead_tokens_ = has_dead_tokens_ || !capitals_tokens_.empty();
  }
  capitals_run_ = 0;
  capitals_tokens_.clear();
}

void scanner::emit_acronym(std::size_t begin, std::size_t end, std::uint32_t position, std::string_view folded,
                           const letter_counts& c) {
  if (!acronyms_ || c.upper + c.digits < 2 || c.upper == 0 || c.letters > k_max_acronym_letters) return;
  if (in_line_of_capitals(begin)) return;
  std::string written;
  append_upper(written, folded);
  capitals_tokens_.push_back(out_->tokens_.size());
  emit(begin, end, position, written, token_kind::acronym);
}

std::size_t scanner::scan_plain_word(std::size_t at) {
  std::size_t end = at;
  letter_counts counts;
  while (end < text_.size()) {
    const unsigned char c = byte(end);
    if (is_ascii_lower(static_cast<char>(c)))
      ++counts.lower;
    else if (is_ascii_upper(static_cast<char>(c)))
      ++counts.upper;
    else if (is_ascii_digit(static_cast<char>(c)))
      ++counts.digits;
    else
      break;
    ++end;
  }
  if (end < text_.size() && may_connect(byte(end))) {
    const bool plain =
        byte(end) < 0x80 && (end + 1 == text_.size() || (byte(end + 1) < 0x80 && !is_ascii_alnum(text_[end + 1])));
    if (!plain) return scan_chunk(at);
  }
  if (end - at > k_max_token_bytes) return scan_chunk(at);

  std::array<char, k_max_token_bytes> lowered{};
  for (std::size_t i = at; i < end; ++i)
    lowered[i - at] = static_cast<char>(is_ascii_upper(text_[i]) ? byte(i) + 32 : byte(i));
  std::string_view folded(lowered.data(), end - at);
  ++position_;
  emit(at, end, position_, folded, token_kind::word);
  counts.letters = counts.upper + counts.lower;
  const bool capitals = counts.upper > 0 && counts.lower == 0;
  note_capitals(capitals, at, end);
  if (capitals) {
    emit_acronym(at, end, position_, folded, counts);
  } else if (counts.upper >= 2 && counts.lower == 1 && folded.back() == 's' && is_ascii_lower(text_[end - 1])) {
    folded.remove_suffix(1);
    emit_acronym(at, end, position_, folded, counts);
  }
  return end;
}

}  // namespace rapporteur::index
