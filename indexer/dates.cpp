// A date's text becomes tokens; weekday, time of day and remarks are taken out; what is left must be one of few forms.
#include "indexer/dates.hpp"

#include "index/ascii.hpp"
#include "index/unicode.hpp"
#include "indexer/date_words.hpp"
#include "indexer/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <utility>
#include <vector>

namespace rapporteur::indexer {
namespace {

constexpr std::size_t k_longest_date = 200;  // in bytes, folded; a date is far shorter, and parsing stays cheap

struct token {
  enum class kind : std::uint8_t { number, word, mark } is = kind::mark;
  bool glued = false;  ///< no blank before it
  char mark = 0;
  std::size_t digits = 0;  ///< of a number; 0: written in Han numerals or as a word
  int value = 0;
  const date_word* word = nullptr;
  std::string text;  ///< of a word

  [[nodiscard]] bool is_mark(char c) const { return is == kind::mark && mark == c; }
  [[nodiscard]] bool is_number() const { return is == kind::number; }
  [[nodiscard]] bool is_word() const { return is == kind::word; }
  [[nodiscard]] bool is_word(std::string_view w) const { return is == kind::word && text == w; }
  [[nodiscard]] char unit() const { return is == kind::word ? word->unit : '\0'; }
};
using tokens = std::vector<token>;

// ---- from text to tokens

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

/// Nullopt if there is anything that has no place in a date.
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

// ---- from tokens to a date

/// Removes [first, last).
void cut(tokens& t, std::size_t first, std::size_t last) {
  t.erase(t.begin() + static_cast<std::ptrdiff_t>(first), t.begin() + static_cast<std::ptrdiff_t>(last));
}

unsigned weekday_of(const partial_date& d) {
  // Sakamoto; 0 is Sunday there.
  constexpr std::array<int, 12> k_offsets = {0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4};
  const int y = d.year - (d.month < 3 ? 1 : 0);
  const int n = (y + y / 4 - y / 100 + y / 400 + k_offsets[d.month - 1U] + d.day) % 7;
  return n == 0 ? 7U : static_cast<unsigned>(n);
}

std::optional<partial_date> make_date(int year, int month = 0, int day = 0) {
  if (year < 1 || year > 9999 || month < 0 || month > 12) return std::nullopt;
  if (day < 0 || (month == 0 && day != 0)) return std::nullopt;
  if (day > 0 && static_cast<unsigned>(day) > days_in_month(year, static_cast<unsigned>(month))) return std::nullopt;
  partial_date d;
  d.year = static_cast<std::int16_t>(year);
  d.month = static_cast<std::uint8_t>(month);
  d.day = static_cast<std::uint8_t>(day);
  d.precision = day != 0 ? date_precision::day : month != 0 ? date_precision::month : date_precision::year;
  return d;
}

/// The day that is `days` after the first of January.
std::optional<partial_date> day_of_year(int year, int days) {
  for (int month = 1; days >= 0 && year >= 1 && year <= 9999;) {
    const int length = static_cast<int>(days_in_month(year, static_cast<unsigned>(month)));
    if (days < length) return make_date(year, month, days + 1);
    days -= length;
    if (++month > 12) {
      month = 1;
      ++year;
    }
  }
  return std::nullopt;
}

/// ISO 8601, 3.1.1.23: week 1 has the year's first Thursday. weekday 1 … 7.
std::optional<partial_date> day_of_week(int year, int week, int weekday) {
  const auto first = make_date(year, 1, 1);
  if (!first || week < 1 || week > 53 || weekday < 1 || weekday > 7) return std::nullopt;
  const int january = static_cast<int>(weekday_of(*first));
  const int monday = january <= 4 ? 1 - january : 8 - january;  // of week 1, in days after the first of January
  const bool leap = days_in_month(year, 2) == 29;
  if (week == 53 && january != 4 && !(leap && january == 3)) return std::nullopt;
  const int days = monday + (week - 1) * 7 + weekday - 1;
  if (days >= 0) return day_of_year(year, days);
  return make_date(year - 1, 12, 32 + days);
}

class parser {
 public:
  parser(tokens t, std::string_view language) : t_(std::move(t)), language_(language) {}

  date_fault fault = date_fault::none;
  std::string_view why;  ///< of unreadable, if there is more to say

  std::optional<partial_date> run() {
    if (!take_brackets()) return std::nullopt;
    choose_between_month_and_weekday();
    take_weekday();
    if (!take_times()) return std::nullopt;
    if (comment_ && !time_) return std::nullopt;
    drop_fillers();
    std::optional<partial_date> d = read();
    if (d && bracketed_year_ != 0 && bracketed_year_ != d->year) return std::nullopt;
    return d;
  }

 private:
  /// (木), (2019年), and the comments of RFC 5322.
  bool take_brackets() {
    for (std::size_t n = 0; n < t_.size(); ++n) {
      if (t_[n].is_mark(')') || t_[n].is_mark(']')) return false;
      if (!t_[n].is_mark('(') && !t_[n].is_mark('[')) continue;
      std::size_t end = n + 1;
      for (int depth = 1; end < t_.size(); ++end) {
        if (t_[end].is_mark('(') || t_[end].is_mark('[')) ++depth;
        if ((t_[end].is_mark(')') || t_[end].is_mark(']')) && --depth == 0) break;
      }
      if (end >= t_.size()) return false;
      tokens inside(t_.begin() + static_cast<std::ptrdiff_t>(n) + 1, t_.begin() + static_cast<std::ptrdiff_t>(end));
      cut(t_, n, end + 1);
      note_bracket(std::move(inside));
      --n;
    }
    return true;
  }

  void note_bracket(tokens inside) {
    if (inside.size() == 1 && inside[0].is_word() && inside[0].word->weekday != 0) {
      weekday_ = inside[0].word->weekday;
      return;
    }
    if (!inside.empty() && inside.back().unit() == 'Y') inside.pop_back();
    int era = 0;
    if (inside.size() == 2 && inside[0].is_word() && inside[0].word->era != 0) {
      era = inside[0].word->era;
      inside.erase(inside.begin());
    }
    if (inside.size() == 1 && inside[0].is_number() && (era != 0 || inside[0].value >= 1000)) {
      bracketed_year_ = era + inside[0].value;
      return;
    }
    comment_ = true;
  }

  /// "mar": in front of a month it is a Tuesday.
  void choose_between_month_and_weekday() {
    std::size_t months = 0;
    for (const token& t : t_) months += t.is_word() && t.word->month != 0 ? 1U : 0U;
    two_months_ = months > 1;
  }

  void take_weekday() {
    for (std::size_t n = 0; n < t_.size(); ++n) {
      if (!t_[n].is_word() || t_[n].word->weekday == 0) continue;
      if (t_[n].word->month != 0 && !(two_months_ && n == 0)) continue;
      weekday_ = t_[n].word->weekday;
      std::size_t last = n + 1;
      while (last < t_.size() && (t_[last].is_mark(',') || t_[last].is_mark('.'))) ++last;
      std::size_t first = n;
      // "13 June 2019, Thursday", "el jueves".
      while (first > 0 && (t_[first - 1].is_mark(',') || t_[first - 1].is_word("el") || t_[first - 1].is_word("le") ||
                           t_[first - 1].is_word("am") || t_[first - 1].is_word("on"))) {
        --first;
      }
      if (n > 0 && first == n && t_[n - 1].is_mark('-')) --first;
      cut(t_, first, last);
      return;
    }
  }

  /// 08:15:00.123 +09:00, T0815Z, 3 pm, 14h30, 오후 3시 15분. False for an hour or minute that there is not.
  bool take_times() {
    const bool named_month =
        std::any_of(t_.begin(), t_.end(), [](const token& t) { return t.is_word() && t.word->month; });
    for (std::size_t n = 0; n + 1 < t_.size(); ++n) {
      if (!t_[n].is_number() || !t_[n + 1].is_mark(':') || t_[n].digits != 4) continue;
      t_[n + 1].mark = named_month ? ',' : '-';  // 13/Jun/2019:08:15:00, 2019:06:13 08:15:00
      if (!named_month && n + 3 < t_.size() && t_[n + 3].is_mark(':')) t_[n + 3].mark = '-';
    }
    for (std::size_t n = 0; n < t_.size(); ++n) {
      std::size_t end = 0;
      if (!t_[n].is_number()) continue;
      if (n + 2 < t_.size() && t_[n + 1].is_mark(':') && t_[n + 2].is_number()) {
        end = clock_end(n);
      } else if (n > 0 && t_[n - 1].is_word("t") && t_[n].glued) {
        end = compact_end(n);
      } else if (n > 0 && n + 1 < t_.size() && t_[n + 1].is_word() && t_[n].value <= 24 &&
                 (t_[n + 1].word->hour || (t_[n + 1].word->half_day && !t_[n + 1].word->filler))) {
        end = spoken_end(n);
      } else {
        continue;
      }
      if (end == 0 || time_) return false;
      time_ = true;
      end = zone_end(end);
      std::size_t first = n;
      while (first > 0 &&
             (t_[first - 1].is_word("t") || t_[first - 1].is_mark(',') ||
              (t_[first - 1].is_mark('-') && !t_[first - 1].glued) ||
              (t_[first - 1].is_word() &&
               (t_[first - 1].word->half_day || (t_[first - 1].word->filler && !is_year_word(t_[first - 1])))))) {
        --first;
      }
      cut(t_, first, end);
      n = first == 0 ? 0 : first - 1;
    }
    // A date with a zone and no time, as XML Schema has it: 2019-06-13Z.
    if (!time_ && t_.size() > 1 && t_.back().is_word("z") && t_.back().glued) t_.pop_back();
    return true;
  }

  static bool is_year_word(const token& t) { return t.text == "г" || t.text == "года" || t.text == "م"; }

  /// Behind hours:minutes[:seconds[.fraction]] [am|pm]; 0 if there is no such time.
  std::size_t clock_end(std::size_t n) const {
    if (t_[n].value > 24 || t_[n + 2].value > 59 || t_[n + 2].digits != 2) return 0;
    std::size_t end = n + 3;
    if (end + 1 < t_.size() && t_[end].is_mark(':') && t_[end + 1].is_number()) {
      if (t_[end + 1].value > 60) return 0;
      end += 2;
      if (end + 1 < t_.size() && (t_[end].is_mark('.') || t_[end].is_mark(',')) && t_[end + 1].is_number() &&
          t_[end + 1].glued) {
        end += 2;
      }
    }
    if (end < t_.size() && t_[end].is_word() && (t_[end].word->hour)) ++end;  // 14:30 Uhr
    return half_day_end(end);
  }

  /// "am", "p.m."
  std::size_t half_day_end(std::size_t end) const {
    if (end < t_.size() && t_[end].is_word() && t_[end].word->half_day) return end + 1;
    if (end + 2 < t_.size() && (t_[end].is_word("a") || t_[end].is_word("p")) && t_[end + 1].is_mark('.') &&
        t_[end + 2].is_word("m")) {
      return end + (end + 3 < t_.size() && t_[end + 3].is_mark('.') ? 4 : 3);
    }
    return end;
  }

  /// T08, T0815, T081500.123
  std::size_t compact_end(std::size_t n) const {
    const token& t = t_[n];
    int hour = t.value;
    if (t.digits == 4 || t.digits == 6) {
      if (t.value % 100 > (t.digits == 6 ? 60 : 59)) return 0;
      hour = t.value / 100;
      if (t.digits == 6) {
        if (hour % 100 > 59) return 0;
        hour /= 100;
      }
    } else if (t.digits != 2) {
      return 0;
    }
    if (hour > 24) return 0;
    const bool fraction =
        n + 2 < t_.size() && (t_[n + 1].is_mark('.') || t_[n + 1].is_mark(',')) && t_[n + 2].is_number();
    return fraction ? n + 3 : n + 1;
  }

  /// 14 h 30, 3시 15분 20초, 3 pm
  std::size_t spoken_end(std::size_t n) const {
    std::size_t end = n + 2;
    if (!t_[n + 1].word->hour) return end;
    if (end < t_.size() && t_[end].is_mark('.')) ++end;
    for (int part = 0; part < 2; ++part) {
      if (end >= t_.size() || !t_[end].is_number() || t_[end].value > 59) break;
      const bool named = end + 1 < t_.size() && t_[end + 1].is_word() && t_[end + 1].word->minute;
      if (!named && !t_[end].glued && t_[end].digits != 2) break;
      end += named ? 2 : 1;
    }
    return end;
  }

  /// +09:00, -0400, Z, GMT+9
  std::size_t zone_end(std::size_t end) const {
    const std::size_t before = end;
    if (end < t_.size() && t_[end].is_word()) {
      const std::string& w = t_[end].text;
      const bool military = w.size() == 1 && w != "j" && w != "a" && w >= "b" && w <= "z";
      if (t_[end].word->zone || military) ++end;
    }
    if (end + 1 < t_.size() && (t_[end].is_mark('+') || t_[end].is_mark('-')) && t_[end + 1].is_number() &&
        t_[end + 1].glued && (t_[end + 1].digits == 4 || t_[end + 1].digits <= 2)) {
      end += 2;
      if (end + 1 < t_.size() && t_[end].is_mark(':') && t_[end + 1].is_number()) end += 2;
    }
    return end == before ? before : end;
  }

  void drop_fillers() {
    tokens kept;
    for (std::size_t n = 0; n < t_.size(); ++n) {
      const token& t = t_[n];
      const bool behind_number = !kept.empty() && kept.back().is_number();
      if (t.is_word() && t.word->ordinal && t.glued && n > 0) {
        if (behind_number) continue;  // 1st, 1er, 1º
        if (kept.size() > 1 && kept.back().is_mark('.') && kept[kept.size() - 2].is_number()) {
          kept.pop_back();  // 1.º
          continue;
        }
      }
      if (t.is_word() && t.word->filler && t.word->month == 0) {
        if (n + 1 < t_.size() && t_[n + 1].is_mark('.')) ++n;  // г.
        continue;
      }
      kept.push_back(t);
    }
    while (!kept.empty() && (kept.back().is_mark('.') || kept.back().is_mark(','))) kept.pop_back();
    while (!kept.empty() && kept.front().is_mark(',')) kept.erase(kept.begin());
    t_ = std::move(kept);
  }

  std::optional<partial_date> read() {
    if (t_.empty()) return std::nullopt;
    if (std::any_of(t_.begin(), t_.end(), [](const token& t) { return t.unit() != 0; })) return read_units();
    if (std::any_of(t_.begin(), t_.end(), [](const token& t) { return t.is_word() && t.word->month != 0; })) {
      return read_named();
    }
    return read_numbers();
  }

  /// 2019年6月13日, 令和元年6月, 주체108년 6월 13일
  std::optional<partial_date> read_units() {
    int era = 0;
    std::size_t n = 0;
    if (t_[0].is_word() && t_[0].word->era != 0) {
      era = t_[0].word->era;
      ++n;
    }
    std::array<int, 3> parts{};  // year, month, day
    constexpr std::string_view k_units = "YMD";
    std::size_t part = 0;
    for (; n < t_.size(); ++part) {
      if (part >= k_units.size() || n + 1 >= t_.size()) return std::nullopt;
      if (!t_[n].is_number() || t_[n + 1].unit() != k_units[part]) return std::nullopt;
      parts[part] = t_[n].value;
      if (t_[n].value == 0 || (part == 0 && era == 0 && t_[n].value < 1000)) return std::nullopt;
      n += 2;
      while (n < t_.size() && t_[n].is_mark(',')) ++n;
    }
    if (parts[0] == 0) return std::nullopt;
    return make_date(parts[0] + era, parts[1], parts[2]);
  }

  /// A month's name with a year, and perhaps a day, in any order.
  std::optional<partial_date> read_named() {
    int month = 0;
    std::vector<const token*> numbers;
    std::size_t named_at = 0;
    for (std::size_t n = 0; n < t_.size(); ++n) {
      const token& t = t_[n];
      if (t.is_number()) {
        numbers.push_back(&t);
      } else if (t.is_word() && t.word->month != 0) {
        // حزيران/يونيو: one month in two traditions.
        if (month != 0 && (t.word->month != month || n != named_at + 2 || !t_[n - 1].is_mark('/'))) return std::nullopt;
        month = t.word->month;
        named_at = n;
      } else if (t.is_word() || n == 0 || std::string_view("-/.,'").find(t.mark) == std::string_view::npos) {
        return std::nullopt;
      }
    }
    if (numbers.empty() || numbers.size() > 2) return std::nullopt;
    const auto is_year = [](const token* t) { return t->digits == 4; };
    if (numbers.size() == 1) {
      if (!is_year(numbers[0])) {
        why = "it has no year of four digits";
        return std::nullopt;
      }
      return make_date(numbers[0]->value, month);
    }
    const token* day = numbers[0];
    const token* year = numbers[1];
    if (is_year(day)) std::swap(day, year);
    if (day->digits > 2 || day->value == 0) return std::nullopt;
    if (is_year(year)) return make_date(year->value, month, day->value);
    why = "it has no year of four digits";
    if (!time_ || year != numbers[1] || !t_[0].is_number() || year->digits < 2 || year->digits > 3) return std::nullopt;
    // RFC 5322, 4.3: obsolete years of two and three digits.
    const int offset = year->digits == 2 && year->value < 50 ? 2000 : 1900;
    return make_date(year->value + offset, month, day->value);
  }

  std::optional<partial_date> read_numbers() {
    std::vector<const token*> numbers;
    std::vector<std::string> between;  ///< before each number
    std::string marks;
    for (const token& t : t_) {
      if (t.is_number()) {
        if (t.digits == 0) return std::nullopt;
        numbers.push_back(&t);
        between.push_back(std::exchange(marks, {}));
      } else if (t.is_word("w") && t.glued) {
        marks += 'w';
      } else if (t.is_word()) {
        return std::nullopt;
      } else {
        marks += t.mark;
      }
    }
    if (numbers.empty() || !marks.empty() || !between[0].empty()) return std::nullopt;
    if (numbers.size() == 1) return read_digits(*numbers[0]);
    if (between[1].ends_with('w')) return read_week(numbers, between);
    if (numbers.size() == 2) return read_two(*numbers[0], *numbers[1], between[1]);
    if (numbers.size() == 3 && between[1] == between[2]) return read_three(numbers, between[1]);
    return std::nullopt;
  }

  /// 2019, 20190613, 2019164
  static std::optional<partial_date> read_digits(const token& t) {
    if (t.digits == 4) return make_date(t.value);
    if (t.digits == 8 && t.value / 100 % 100 != 0 && t.value % 100 != 0) {
      return make_date(t.value / 10000, t.value / 100 % 100, t.value % 100);
    }
    if (t.digits == 7) return ordinal(t.value / 1000, t.value % 1000);
    return std::nullopt;
  }

  static std::optional<partial_date> ordinal(int year, int day) {
    auto d = day_of_year(year, day - 1);
    return d && d->year == year ? d : std::nullopt;
  }

  /// 2019-W24, 2019-W24-4, 2019W244
  std::optional<partial_date> read_week(const std::vector<const token*>& n, const std::vector<std::string>& between) {
    if (n[0]->digits != 4 || (between[1] != "w" && between[1] != "-w")) return std::nullopt;
    int week = n[1]->value;
    int day = 0;
    if (n.size() == 2 && n[1]->digits == 3) {
      day = week % 10;
      week /= 10;
    } else if (n[1]->digits != 2 || n.size() > 3) {
      return std::nullopt;
    } else if (n.size() == 3) {
      if (between[2] != "-" || n[2]->digits != 1) return std::nullopt;
      day = n[2]->value;
    }
    if (day != 0 || n.size() == 3 || n[1]->digits == 3) return day_of_week(n[0]->value, week, day);
    const auto first = day_of_week(n[0]->value, week, 1);
    const auto last = day_of_week(n[0]->value, week, 7);
    if (!first || !last || first->year != last->year) return std::nullopt;
    fault = date_fault::coarsened;
    return make_date(first->year, first->month == last->month ? first->month : 0);
  }

  std::optional<partial_date> read_two(const token& a, const token& b, std::string_view mark) {
    if (mark != "-" && mark != "/" && mark != ".") return std::nullopt;
    if (a.digits == 4 && b.digits == 3 && mark == "-") return ordinal(a.value, b.value);
    const bool year_first = a.digits == 4 && b.digits <= 2;
    const bool year_last = b.digits == 4 && a.digits <= 2;
    if (!year_first && !year_last) return std::nullopt;
    const token& year = year_first ? a : b;
    const token& month = year_first ? b : a;
    if (month.value == 0) return std::nullopt;
    // 2010/11 is a season as often as a month.
    if (year_first && mark == "/" && month.value <= 12 && month.value == (year.value + 1) % 100) {
      fault = date_fault::ambiguous;
      return make_date(year.value);
    }
    return make_date(year.value, month.value);
  }

  std::optional<partial_date> read_three(const std::vector<const token*>& n, std::string_view mark) {
    if (mark != "-" && mark != "/" && mark != "." && !mark.empty()) return std::nullopt;
    if (n[1]->digits > 2 || n[1]->value == 0 || n[0]->value == 0 || n[2]->value == 0) return std::nullopt;
    if (n[0]->digits == 4 && n[2]->digits <= 2) return make_date(n[0]->value, n[1]->value, n[2]->value);
    if (n[0]->digits > 2 || n[2]->digits != 4) {
      why = "it has no year of four digits";
      return std::nullopt;
    }
    const auto day_first = make_date(n[2]->value, n[1]->value, n[0]->value);
    const auto month_first = make_date(n[2]->value, n[0]->value, n[1]->value);
    if (mark == ".") return day_first;  // nobody writes the month first with dots
    if (!day_first || !month_first || *day_first == *month_first) return day_first ? day_first : month_first;
    if (is_day_first()) return day_first;
    if (is_month_first()) return month_first;
    if (weekday_ != 0) {
      const bool one = weekday_of(*day_first) == weekday_;
      const bool other = weekday_of(*month_first) == weekday_;
      if (one != other) return one ? day_first : month_first;
    }
    fault = date_fault::ambiguous;
    return make_date(n[2]->value);
  }

  [[nodiscard]] bool language_is(std::initializer_list<std::string_view> tags) const {
    std::string tag;
    for (const char c : language_) tag += c == '_' ? '-' : to_ascii_lower(c);
    const std::string_view whole = tag;
    return std::any_of(tags.begin(), tags.end(), [&](std::string_view known) {
      return whole == known || (whole.starts_with(known) && whole[known.size()] == '-');
    });
  }
  [[nodiscard]] bool is_day_first() const {
    return language_is(
        {"es", "fr", "de", "ru", "ar", "en-gb", "en-ie", "en-au", "en-nz", "en-in", "en-za", "en-ke", "en-ng"});
  }
  [[nodiscard]] bool is_month_first() const { return language_is({"en-us"}); }

  tokens t_;
  std::string_view language_;
  unsigned weekday_ = 0;
  int bracketed_year_ = 0;
  bool comment_ = false;
  bool time_ = false;
  bool two_months_ = false;
};

partial_date day_after(const partial_date& d) {
  if (d.day < days_in_month(d.year, d.month)) return *make_date(d.year, d.month, d.day + 1);
  return d.month < 12 ? *make_date(d.year, d.month + 1, 1) : *make_date(d.year + 1, 1, 1);
}

}  // namespace

partial_date today_utc() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  return *make_date(utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday);
}

date_reading read_date(std::string_view text, const date_context& context) {
  const auto quoted = [&] { return '"' + printable(text, 80) + '"'; };
  date_reading r;
  std::string_view why;
  const std::string folded = text.size() > k_longest_date ? std::string() : fold_date(text);
  if (auto t = tokenizer(folded).run()) {
    parser p(*std::move(t), context.language);
    r.date = p.run();
    r.fault = p.fault;
    why = p.why;
  }
  if (!r.date) {
    r.fault = date_fault::unreadable;
    r.detail = quoted();
    if (!why.empty()) r.detail += fmt::format(": {}", why);
  } else if (r.date->year < k_earliest_year) {
    r = {std::nullopt, date_fault::too_early, quoted()};
  } else if (r.date->first_day() > day_after(context.today).packed()) {
    r = {std::nullopt, date_fault::future, fmt::format("{}; today is {}", quoted(), context.today.to_string())};
  } else if (r.fault == date_fault::ambiguous) {
    r.detail = fmt::format("{}: kept as {}; write it as YYYY-MM-DD", quoted(), r.date->to_string());
  } else if (r.fault == date_fault::coarsened) {
    r.detail = fmt::format("{}: kept as {}", quoted(), r.date->to_string());
  }
  return r;
}

}  // namespace rapporteur::indexer
