// How one language writes numbers, dates and the names of languages, and which form of a word goes with a number.
//
// ICU's data, and nothing else of the interface: the words are server/pages/catalogue's.
#pragma once

#include "index/article.hpp"
#include "index/error.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace rapporteur::pages {

/// Immutable; any thread may use it.
class locale_format {
 public:
  /// language: as a catalogue's file is named ("fr"). errc::invalid_argument if ICU knows no such language.
  static result<locale_format> make(std::string_view language);

  locale_format(locale_format&&) noexcept;
  locale_format& operator=(locale_format&&) noexcept;
  ~locale_format();

  /// The plural category of the number (CLDR, UTS #35 part 3): "zero", "one", "two", "few", "many" or "other".
  [[nodiscard]] std::string plural_category(std::uint64_t n) const;
  [[nodiscard]] std::string number(std::uint64_t n) const;
  /// No more precise than it is.
  [[nodiscard]] std::string date(const partial_date& d) const;
  /// An instant ("2026-01-02T03:04:05Z") in UTC; as it came if it is none.
  [[nodiscard]] std::string moment(std::string_view rfc3339) const;
  /// The name of a language by its code; the code itself where there is no name.
  [[nodiscard]] std::string language_name(std::string_view code) const;
  [[nodiscard]] bool right_to_left() const noexcept;

 private:
  struct impl;
  explicit locale_format(std::unique_ptr<impl> p);
  std::unique_ptr<impl> impl_;
};

}  // namespace rapporteur::pages
