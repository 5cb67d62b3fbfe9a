// Brackets first, then the weekday, then times of day, then the words that only join.
#include "indexer/date_bare.hpp"

#include <algorithm>
#include <utility>

namespace rapporteur::indexer::date_parts {
namespace {

/// Removes [first, last).
void cut(tokens& t, std::size_t first, std::size_t last) {
  t.erase(t.begin() + static_cast<std::ptrdiff_t>(first), t.begin() + static_cast<std::ptrdiff_t>(last));
}

class stripper {
 public:
  explicit stripper(tokens t) : t_(std::move(t)) {}

  std::optional<bare_date> run() {
    if (!take_brackets()) return std::nullopt;
    choose_between_month_and_weekday();
    take_weekday();
    if (!take_times()) return std::nullopt;
    if (comment_ && !time_) return std::nullopt;
    drop_fillers();
    return bare_date{std::move(t_), weekday_, bracketed_year_, time_};
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

  tokens t_;
  unsigned weekday_ = 0;
  int bracketed_year_ = 0;
  bool comment_ = false;
  bool time_ = false;
  bool two_months_ = false;
};

}  // namespace

std::optional<bare_date> strip_date(tokens t) {
  return stripper(std::move(t)).run();
}

}  // namespace rapporteur::indexer::date_parts
