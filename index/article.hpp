// What an article is, for the whole product: the fields a reader of any file format fills in and the index keeps.
//
// A plain value. Knows no file format, no index layout, no HTTP. What is not known stays absent: no date is
// invented, and a title that was derived from the text is marked as derived.
#pragma once

#include "index/error.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur {

enum class date_precision : std::uint8_t { year, month, day };

/// A date of the proleptic Gregorian calendar, known to the day, the month or the year (ISO 8601-1 reduced
/// precision). month is 0 below month precision, day is 0 below day precision.
struct partial_date {
  std::int16_t year = 0;  ///< 1 … 9999
  std::uint8_t month = 0;
  std::uint8_t day = 0;
  date_precision precision = date_precision::year;

  /// Reads YYYY, YYYY-MM or YYYY-MM-DD, the last optionally followed by T or a blank and a time (ignored).
  /// errc::malformed for anything else, and for a day that the calendar does not have.
  static result<partial_date> parse(std::string_view text);

  /// YYYY, YYYY-MM or YYYY-MM-DD.
  [[nodiscard]] std::string to_string() const;

  /// yyyymmdd as one number, absent parts as 0: orders dates, a coarser date before the finer ones inside it.
  [[nodiscard]] std::uint32_t packed() const noexcept {
    return static_cast<std::uint32_t>(year) * 10000U + month * 100U + day;
  }
  /// First and last day that this date covers, as yyyymmdd.
  [[nodiscard]] std::uint32_t first_day() const noexcept;
  [[nodiscard]] std::uint32_t last_day() const noexcept;

  auto operator<=>(const partial_date&) const = default;
};

/// Days in a month of the proleptic Gregorian calendar; 0 for a month outside 1…12.
unsigned days_in_month(int year, unsigned month) noexcept;

/// A named list of values, each of which becomes a filter and a facet: tag.country = {"AFG"}.
struct tag {
  std::string name;  ///< lower case, [a-z0-9_]+
  std::vector<std::string> values;
  auto operator<=>(const tag&) const = default;
};

/// Where an article came from, for error messages and for finding it again.
struct article_origin {
  std::string file;
  std::uint64_t offset = 0;  ///< byte offset of the record in the file
  std::uint64_t line = 0;    ///< 1-based line of the record, 0 where the format has no lines
};

struct article {
  std::string id;     ///< unique in an index; see derive_article_id
  std::string title;  ///< may be empty only if the text is too
  bool title_derived = false;
  std::string text;  ///< valid UTF-8; paragraphs are separated by blank lines
  std::string url;   ///< absolute, or empty
  std::optional<partial_date> published;
  std::optional<partial_date> updated;
  std::string source;                ///< the outlet, as printed
  std::vector<std::string> authors;  ///< in printed order
  std::string language;              ///< ISO 639-1 where there is one, else 639-3; lower case; empty: unknown
  bool language_detected = false;    ///< false: declared by the article
  std::string collection;
  std::vector<tag> tags;
  article_origin origin;
};

/// The id of an article that brings none: "u-" + a hash of its canonical URL, else "p-" + a hash of its path (and,
/// for a file of several records, the record's number). 128 bits of XXH3 in hexadecimal.
std::string derive_article_id(const article& a, std::uint64_t record_number = 0);

/// Longest accepted article id, in bytes (it is a Xapian term, limited to 245 bytes with its prefix).
inline constexpr std::size_t k_max_article_id_bytes = 200;

/// A title for an article without one: its first sentence or line, cut at a word within max_bytes. Never splits a
/// UTF-8 sequence; empty if the text has no visible character.
std::string derive_title(std::string_view text, std::size_t max_bytes = 160);

/// A hash over everything the index stores of an article (not its origin), in 32 hexadecimal digits: what can name an
/// article that has nothing else.
std::string content_id(const article& a);

/// Its first half. Equal to the one of the same article before: nothing to do.
std::string content_hash(const article& a);

}  // namespace rapporteur
