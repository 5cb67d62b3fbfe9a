// A date's text becomes tokens (date_tokens); weekday, time of day and remarks are taken out (date_bare); what is left
// must be one of the few forms here.
#include "indexer/dates.hpp"

#include "index/ascii.hpp"
#include "indexer/date_bare.hpp"
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

class parser {
 public:
  parser(bare_date bare, std::string_view language)
      : t_(std::move(bare.parts)),
        language_(language),
        weekday_(bare.weekday),
        bracketed_year_(bare.bracketed_year),
        time_(bare.timed) {}

  date_fault fault = date_fault::none;
  std::string_view why;  ///< of unreadable, if there is more to say

  std::optional<partial_date> run() {
    const std::optional<partial_date> d = read();
    if (d && bracketed_year_ != 0 && bracketed_year_ != d->year) return std::nullopt;
    return d;
  }

 private:
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
  unsigned weekday_;
  int bracketed_year_;
  bool time_;
};

}  // namespace

partial_date today_utc() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  return make_date(utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday).value_or(partial_date());  // it is always a day
}

date_reading read_date(std::string_view text, const date_context& context) {
  const auto quoted = [&] { return '"' + printable(text, 80) + '"'; };
  date_reading r;
  std::string_view why;
  const std::string folded = text.size() > k_longest_date ? std::string() : fold_date(text);
  auto t = take_apart(folded);
  if (auto bare = t ? strip_date(*std::move(t)) : std::nullopt) {
    parser p(*std::move(bare), context.language);
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
