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
constexpr unsigned k_short_code = 6;     // characters; longer ones with digits here and there are codes
constexpr unsigned k_caps_run = 4;       // neighbouring words in capitals that are a headline, not acronyms
constexpr unsigned k_line_window = 300;  // bytes of decomposed text each way that tell whether a line is in capitals
constexpr std::size_t k_dateline = 80;   // bytes within which a dateline ends

// Characters after a plain ASCII word that may make it more than that, if something of a word follows them.
constexpr bool may_connect(unsigned char c) {
  return c >= 0x80 || c == '\'' || c == '`' || c == '-' || c == '.' || c == '/' || c == ',';
}

bool is_later_jamo(char32_t c) {
  return (c >= 0x1160 && c <= 0x11FF) || (c >= 0xD7B0 && c <= 0xD7FB);
}

// Roman numbers up to 39 (II, XIV): of articles, chapters, kings and wars.
bool is_roman_number(std::string_view folded) {
  if (folded.find_first_not_of("ivx") != std::string_view::npos) return false;
  while (folded.starts_with('x')) folded.remove_prefix(1);
  constexpr std::array<std::string_view, 10> k_units = {"", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"};
  return std::find(k_units.begin(), k_units.end(), folded) != k_units.end();
}

// What a word in capitals must look like to be an acronym: no Roman number, no measure (1.50C), no key or code
// (C1015AB0).
bool is_acronym_form(std::string_view folded) {
  unsigned characters = 0;
  unsigned runs = 0;
  bool digits = false;
  for (const char c : folded) {
    if ((static_cast<unsigned char>(c) & 0xC0) == 0x80) continue;
    if (c == '.') return false;
    runs += characters == 0 || digits != is_ascii_digit(c);
    digits = is_ascii_digit(c);
    ++characters;
  }
  if (characters > k_max_acronym_letters || (characters > k_short_code && runs > 2)) return false;
  return !is_roman_number(folded);
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
    if ((c & 0xC0) == 0x80) continue;  // counted with the byte that the character begins with
    const char32_t point = decode_utf8(text_, i).code_point;
    const char_class k = class_of(point);
    if (is_upper(point))
      ++upper;
    else if (k == char_class::letter || k == char_class::complex || (k == char_class::cjk && !is_later_jamo(point)))
      ++other;
  }
}

// Whether the line around a place, k_line_window bytes each way, is in capitals. It depends on nothing else, so that a
// part of a text is analysed as it is in the whole; and the bytes are counted as if the text were decomposed, so that
// both forms of it are analysed alike. The window slides: each byte is counted in once and out once.
bool scanner::in_line_of_capitals(std::size_t at) {
  if (role_ == text_role::query) return false;
  std::size_t begin = at;
  for (unsigned left = k_line_window; left > 0 && begin > 0 && byte(begin - 1) != '\n';) {
    std::size_t before = begin - 1;
    unsigned size = 1;
    if (byte(before) >= 0x80) {
      while (before > 0 && begin - before < 4 && (byte(before) & 0xC0) == 0x80) --before;
      size = decomposed_size(decode_utf8(text_, before).code_point);
      if (size > left) break;
    }
    left -= size;
    begin = before;
  }
  std::size_t end = at;
  for (unsigned left = k_line_window; left > 0 && end < text_.size() && byte(end) != '\n';) {
    if (byte(end) < 0x80) {
      ++end;
      --left;
      continue;
    }
    const decoded d = decode_utf8(text_, end);
    left -= std::min(left, decomposed_size(d.code_point));
    end += d.size;
  }
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
  // A headline may go on in the next line, but not beyond a blank one.
  bool adjoins = capitals_run_ != 0;
  int lines = 0;
  for (std::size_t i = capitals_end_; i < begin && adjoins; ++i) {
    const char c = text_[i];
    lines += c == '\n';
    adjoins = (c == ' ' || c == '\t' || c == '\n' || c == '\r') && lines < 2;
  }
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

// Whether a word in capitals is the place that a report begins with: "SEOUL, May 3 (Reuters) - ", "NEW YORK (AP) — ".
// Nothing but words in capitals may stand before it in its line, and a dash must end it after names and numbers; a
// short word needs a date or an agency in brackets, because an acronym, too, may stand before a comma or a dash.
bool scanner::in_dateline(std::size_t begin, std::size_t end, unsigned letters) const {
  if (letters < 3) return false;
  for (std::size_t at = begin; at > 0 && byte(at - 1) != '\n'; --at) {
    const unsigned char c = byte(at - 1);
    if (begin - at > k_dateline / 2 || (c != ' ' && c != '\t' && !is_ascii_upper(static_cast<char>(c)))) return false;
  }
  bool comma = false;
  bool number = false;
  bool brackets = false;
  bool inside = false;
  bool word_begins = false;
  const std::size_t limit = std::min(text_.size(), end + k_dateline);
  for (std::size_t at = end; at < limit; ++at) {
    const char c = text_[at];
    const bool begins = std::exchange(word_begins, !is_ascii_alnum(c) && byte(at) < 0x80);
    if (inside) {
      inside = c != ')';
      if (c == '\n') return false;
    } else if (c == '(') {
      inside = brackets = true;
    } else if (c == ',') {
      comma = true;
    } else if (is_ascii_digit(c)) {
      number = true;
    } else if (is_ascii_lower(c)) {
      if (begins) return false;
    } else if (c == '-' || text_.substr(at).starts_with("–") || text_.substr(at).starts_with("—")) {
      const bool stands_apart = c != '-' || (at + 1 < text_.size() &&
                                             (text_[at + 1] == ' ' || text_[at + 1] == '-' || text_[at + 1] == '\n'));
      return stands_apart && (brackets || (comma && (number || letters >= 5)));
    } else if (c != ' ' && c != '.' && !is_ascii_upper(c)) {
      return false;
    }
  }
  return false;
}

void scanner::emit_acronym(std::size_t begin, std::size_t end, std::uint32_t position, std::string_view folded,
                           const letter_counts& c) {
  if (!acronyms_ || c.upper + c.digits < 2 || c.upper == 0) return;
  if (!is_acronym_form(folded)) return;
  if (role_ == text_role::article && (in_line_of_capitals(begin) || in_dateline(begin, end, c.letters))) return;
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
