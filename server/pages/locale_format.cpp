#include "server/pages/locale_format.hpp"

#include <unicode/dtptngen.h>
#include <unicode/gregocal.h>
#include <unicode/locdspnm.h>
#include <unicode/locid.h>
#include <unicode/numberformatter.h>
#include <unicode/plurrule.h>
#include <unicode/smpdtfmt.h>
#include <unicode/timezone.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <utility>

namespace rapporteur::pages {
namespace {

/// English is written as the search page writes it.
constexpr std::string_view k_english = "en-GB";
/// Earlier than any date of ours: the calendar has no Julian part.
constexpr UDate k_always_gregorian = -1e17;

std::string to_utf8(const icu::UnicodeString& s) {
  std::string out;
  return s.toUTF8String(out);
}

/// A language tag of letters, digits and hyphens (BCP 47).
bool is_tag(std::string_view code) noexcept {
  return code.size() >= 2 && code.size() <= 35 && std::all_of(code.begin(), code.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
         });
}

UDate milliseconds(int year, unsigned month, unsigned day) {
  namespace chrono = std::chrono;
  const chrono::sys_days at = chrono::year(year) / chrono::month(std::max(month, 1U)) / chrono::day(std::max(day, 1U));
  return static_cast<UDate>(chrono::duration_cast<chrono::milliseconds>(at.time_since_epoch()).count());
}

}  // namespace

struct locale_format::impl {
  icu::Locale locale;
  std::unique_ptr<icu::PluralRules> plural;
  icu::number::LocalizedNumberFormatter numbers;
  std::unique_ptr<icu::SimpleDateFormat> year, month, day, moment;
  std::unique_ptr<icu::LocaleDisplayNames> names;
};

locale_format::locale_format(std::unique_ptr<impl> p) : impl_(std::move(p)) {}
locale_format::locale_format(locale_format&&) noexcept = default;
locale_format& locale_format::operator=(locale_format&&) noexcept = default;
locale_format::~locale_format() = default;

result<locale_format> locale_format::make(std::string_view language) {
  const error unknown{errc::invalid_argument, "ICU has no data for the language " + std::string(language)};
  if (!is_tag(language)) return unknown;
  UErrorCode status = U_ZERO_ERROR;
  auto p = std::make_unique<impl>();
  const std::string tag(language == "en" ? k_english : language);
  p->locale = icu::Locale::forLanguageTag(tag, status);
  if (U_FAILURE(status) != 0) return unknown;
  p->locale.setKeywordValue("calendar", "gregorian", status);
  p->plural.reset(icu::PluralRules::forLocale(p->locale, status));
  p->numbers = icu::number::NumberFormatter::withLocale(p->locale);
  p->names.reset(icu::LocaleDisplayNames::createInstance(p->locale));
  const std::unique_ptr<icu::DateTimePatternGenerator> patterns(
      icu::DateTimePatternGenerator::createInstance(p->locale, status));
  if (U_FAILURE(status) != 0 || patterns == nullptr || p->names == nullptr) return unknown;
  icu::GregorianCalendar calendar(*icu::TimeZone::getGMT(), p->locale, status);
  calendar.setGregorianChange(k_always_gregorian, status);
  const auto format = [&](const char* skeleton) {
    auto f = std::make_unique<icu::SimpleDateFormat>(
        patterns->getBestPattern(icu::UnicodeString::fromUTF8(skeleton), status), p->locale, status);
    if (U_SUCCESS(status) != 0) f->setCalendar(calendar);
    return f;
  };
  p->year = format("y");
  p->month = format("yMMM");
  p->day = format("yMMMd");
  p->moment = format("yMMMdjm");
  if (U_FAILURE(status) != 0) return unknown;
  return locale_format(std::move(p));
}

std::string locale_format::plural_category(std::uint64_t n) const {
  return to_utf8(impl_->plural->select(static_cast<double>(n)));
}

std::string locale_format::number(std::uint64_t n) const {
  UErrorCode status = U_ZERO_ERROR;
  const auto text = impl_->numbers.formatInt(static_cast<std::int64_t>(n), status).toString(status);
  return U_SUCCESS(status) != 0 ? to_utf8(text) : std::to_string(n);
}

std::string locale_format::date(const partial_date& d) const {
  const auto& format = d.precision == date_precision::year    ? impl_->year
                       : d.precision == date_precision::month ? impl_->month
                                                              : impl_->day;
  icu::UnicodeString text;
  return to_utf8(format->format(milliseconds(d.year, d.month, d.day), text));
}

std::string locale_format::moment(std::string_view rfc3339) const {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  unsigned hour = 0;
  unsigned minute = 0;
  if (std::sscanf(std::string(rfc3339).c_str(), "%4d-%2u-%2uT%2u:%2u:", &year, &month, &day, &hour, &minute) != 5 ||
      day > days_in_month(year, month) || day == 0 || hour > 23 || minute > 59) {
    return std::string(rfc3339);
  }
  icu::UnicodeString text;
  constexpr double k_minute = 60'000;
  return to_utf8(impl_->moment->format(milliseconds(year, month, day) + (hour * 60 + minute) * k_minute, text)) +
         " UTC";
}

std::string locale_format::language_name(std::string_view code) const {
  if (!is_tag(code)) return std::string(code);
  icu::UnicodeString name;
  impl_->names->localeDisplayName(std::string(code).c_str(), name);
  return name.isBogus() || name.isEmpty() ? std::string(code) : to_utf8(name);
}

bool locale_format::right_to_left() const noexcept {
  return impl_->locale.isRightToLeft() != 0;
}

}  // namespace rapporteur::pages
