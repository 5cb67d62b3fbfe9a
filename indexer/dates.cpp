// A date's text becomes tokens; weekday, time of day and remarks are taken out; what is left must be one of few forms.
#include "indexer/dates.hpp"

#include "index/ascii.hpp"
#include "indexer/date_calendar.hpp"
#include "indexer/date_tokens.hpp"
#include "indexer/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <utility>
#include <vector>

namespace rapporteur::indexer {
namespace {

using namespace date_parts;

constexpr std::size_t k_longest_date = 200;  // in bytes, folded; a date is far shorter, and parsing stays cheap

/// Removes [first, last).
void cut(tokens& t, std::size_t first, std::size_t last) {
  t.erase(t.begin() + static_cast<std::ptrdiff_t>(first), t.begin() + static_cast<std::ptrdiff_t>(last));
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
  if (auto t = take_apart(folded)) {
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
