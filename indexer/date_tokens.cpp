// Characters to tokens; Han numerals, and names of two words.
#include "indexer/date_tokens.hpp"

#include "index/ascii.hpp"
#include "index/unicode.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace rapporteur::indexer::date_parts {
namespace {

bool is_hangul(char32_t c) {
  return c >= 0xAC00 && c <= 0xD7A3;
}
bool is_han(char32_t c) {
  return (c >= 0x4E00 && c <= 0x9FFF) || c == U'〇';
}

/// A Han numeral's value; -1 for any other character. 十 and its kind are the powers of ten.
int han_numeral(char32_t c) {
  constexpr std::u32string_view k_digits = U"〇一二三四五六七八九";
  if (const std::size_t at = k_digits.find(c); at != std::u32string_view::npos) return static_cast<int>(at);
  switch (c) {
    case U'零':
      return 0;
    case U'十':
      return 10;
    case U'廿':
      return 20;
    case U'卅':
      return 30;
    case U'百':
      return 100;
    case U'千':
      return 1000;
    default:
      return -1;
  }
}

/// 二〇一九, 十三, 二千十九; -1 if the characters are no number.
int read_han_number(const std::vector<int>& values) {
  const bool by_places = std::all_of(values.begin(), values.end(), [](int v) { return v < 10; });
  int total = 0;
  int digit = -1;
  for (const int v : values) {
    if (by_places) {
      total = total * 10 + v;
      if (total > 9999) return -1;
    } else if (v < 10) {
      if (digit > 0) return -1;
      digit = v;
    } else {
      total += v % 10 == 0 && v != 20 && v != 30 ? v * (digit < 0 ? 1 : digit) : v;
      digit = -1;
    }
  }
  return by_places ? total : total + std::max(digit, 0);
}

class tokenizer {
 public:
  explicit tokenizer(std::string_view folded) : text_(folded) {}

  std::optional<tokens> run() {
    while (at_ < text_.size()) {
      const index::decoded d = index::decode_utf8(text_, at_);
      if (d.code_point <= 0x20) {
        at_ += d.size;
        glued_ = false;
        continue;
      }
      if (!one(d)) return std::nullopt;
      glued_ = true;
    }
    return join_names();
  }

 private:
  bool one(const index::decoded& d) {
    const char32_t c = d.code_point;
    if (c < 0x80 && is_ascii_digit(static_cast<char>(c))) return digits();
    if (is_han(c) || is_hangul(c)) return east_asian(c);
    if (index::class_of(c) == index::char_class::letter) return letters();
    token t;
    t.glued = glued_;
    t.mark = c < 0x80 ? static_cast<char>(c) : mark_of(c);
    at_ += d.size;
    if (std::string_view("-/.,:'()[]+").find(t.mark) == std::string_view::npos) return false;
    out_.push_back(std::move(t));
    return true;
  }

  static char mark_of(char32_t c) {
    switch (c) {
      case U'‐':
      case U'‑':
      case U'–':
      case U'−':
        return '-';
      case U'،':
      case U'、':
        return ',';
      case U'’':
        return '\'';
      case U'。':
        return '.';
      default:
        return '?';
    }
  }

  bool digits() {
    token t;
    t.is = token::kind::number;
    t.glued = glued_;
    for (; at_ < text_.size() && is_ascii_digit(text_[at_]); ++at_, ++t.digits) {
      if (t.digits >= 9) return false;
      t.value = t.value * 10 + (text_[at_] - '0');
    }
    out_.push_back(std::move(t));
    return true;
  }

  bool letters() {
    const std::size_t begin = at_;
    while (at_ < text_.size()) {
      const index::decoded d = index::decode_utf8(text_, at_);
      const index::char_class k = index::class_of(d.code_point);
      if (k != index::char_class::letter && k != index::char_class::extend) break;
      at_ += d.size;
    }
    return word(text_.substr(begin, at_ - begin));
  }

  bool word(std::string_view w) {
    token t;
    t.is = token::kind::word;
    t.glued = glued_;
    t.text = w;
    t.word = find_date_word(w);
    static constexpr date_word k_unknown;
    if (t.word == nullptr) t.word = &k_unknown;  // "t" and "w" of ISO 8601, the first part of a name, a remark
    if (t.word->number != 0) {
      t.is = token::kind::number;
      t.value = t.word->number;
    }
    out_.push_back(std::move(t));
    return true;
  }

  bool east_asian(char32_t c) {
    std::size_t bytes = 0;
    const date_word* w = find_date_prefix(text_.substr(at_), bytes);
    // A weekday in brackets is one character: (木), (목).
    const bool bracketed = !out_.empty() && out_.back().is_mark('(') && text_.substr(at_ + 3).starts_with(')');
    if (bracketed) {
      constexpr std::u32string_view k_short = U"月火水木金土日월화수목금토일一二三四五六日";
      if (const std::size_t n = k_short.find(c); n != std::u32string_view::npos) {
        static constexpr std::array<date_word, 7> k_days = [] {
          std::array<date_word, 7> days{};
          for (std::size_t i = 0; i < days.size(); ++i) days[i].weekday = static_cast<std::uint8_t>(i + 1);
          return days;
        }();
        token t;
        t.is = token::kind::word;
        t.word = &k_days[n % k_days.size()];
        out_.push_back(std::move(t));
        at_ += 3;
        return true;
      }
    }
    if (w != nullptr) {
      token t;
      t.is = token::kind::word;
      t.glued = glued_;
      t.text = text_.substr(at_, bytes);
      t.word = w;
      out_.push_back(std::move(t));
      at_ += bytes;
      return true;
    }
    return han_number(c);
  }

  bool han_number(char32_t c) {
    token t;
    t.is = token::kind::number;
    t.glued = glued_;
    if (c == U'元') {  // the first year of an era
      at_ += 3;
      t.value = 1;
      const bool of_era = !out_.empty() && out_.back().is_word() && out_.back().word->era != 0;
      out_.push_back(std::move(t));
      return of_era;
    }
    std::vector<int> values;
    while (at_ < text_.size()) {
      const index::decoded d = index::decode_utf8(text_, at_);
      const int v = han_numeral(d.code_point);
      if (v < 0) break;
      values.push_back(v);
      at_ += d.size;
    }
    t.value = values.empty() || values.size() > 8 ? -1 : read_han_number(values);
    out_.push_back(std::move(t));
    return out_.back().value >= 0;
  }

  /// كانون الثاني: names of two words.
  tokens join_names() {
    for (std::size_t n = 0; n + 1 < out_.size(); ++n) {
      if (!out_[n].is_word() || !out_[n + 1].is_word()) continue;
      std::string both = out_[n].text + " " + out_[n + 1].text;
      if (const date_word* w = find_date_word(both)) {
        out_[n].word = w;
        out_[n].text = std::move(both);
        out_.erase(out_.begin() + static_cast<std::ptrdiff_t>(n) + 1);
      }
    }
    return std::move(out_);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool glued_ = false;
  tokens out_;
};

}  // namespace

std::optional<tokens> take_apart(std::string_view folded) {
  return tokenizer(folded).run();
}

}  // namespace rapporteur::indexer::date_parts
