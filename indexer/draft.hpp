// An article in the making: takes fields by name, as any format spells them, and checks, cleans and derives.
//
// Owns the names that articles use for their fields, and every rule about values: both readers hand in what they
// found, so that a header in a text file and a key in JSON mean the same. Knows neither format.
#pragma once

#include "index/article.hpp"
#include "indexer/findings.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rapporteur::indexer {

/// What a key means. Any other key than the known ones names a tag.
enum class field : std::uint8_t {
  id,
  title,
  text,
  url,
  published,
  year,
  updated,
  source,
  authors,
  language,
  collection,
  tag
};

/// The field that a key names: id, title, text, url, date or published, year, updated, source, author or authors,
/// lang or language, collection; in lower case. field::tag for every other key.
field field_of(std::string_view key) noexcept;

/// Bounds on what one article may carry; docs/articles.md lists them.
inline constexpr std::size_t k_max_title_bytes = 4096;
inline constexpr std::size_t k_max_name_bytes = 512;  ///< outlet, collection, an author
inline constexpr std::size_t k_max_url_bytes = 8192;
inline constexpr std::size_t k_max_authors = 200;
inline constexpr std::size_t k_max_tags = 64;
inline constexpr std::size_t k_max_tag_name_bytes = 64;
inline constexpr std::size_t k_max_tag_values = 256;
inline constexpr std::size_t k_max_tag_value_bytes = 1024;

/// Name of the tag that a key becomes: [a-z0-9_]+, diacritics dropped, anything else as one _; empty if nothing of the
/// key can be kept.
std::string tag_name(std::string_view key);

/// text without white space around it, and each run of white space and control characters in it as one blank.
std::string single_line(std::string_view text);

class article_draft {
 public:
  /// record_number tells the records of one file apart for derive_article_id; 0 for the only one.
  article_draft(article_origin origin, std::uint64_t record_number) noexcept;

  /// Gives a value; value must be UTF-8. Fields of one value that were given another before (under another name: date
  /// and published) keep the first, with a warning. key is used for tags and in messages.
  void set(field f, std::string_view key, std::string value);

  /// Notes a value that has no place in an article: what is "nested values of key …".
  void leave_out(std::string what, std::uint64_t count = 1);

  void warn(remark what);

  [[nodiscard]] bool has(field f) const noexcept;

  /// The article, or why there is none. The draft is spent.
  boost::system::result<article, remark> finish();

  /// Filled in by set() and finish().
  [[nodiscard]] const std::vector<remark>& warnings() const noexcept { return warnings_; }
  [[nodiscard]] const std::vector<std::pair<std::string, std::uint64_t>>& left_out() const noexcept {
    return left_out_;
  }

 private:
  void add_tag(std::string_view key, std::string value);
  std::optional<remark> check_sizes() const;
  void settle_dates();
  void settle_url();
  void settle_language();

  article article_;
  std::uint64_t record_number_;
  std::uint32_t given_ = 0;  ///< one bit per field
  std::string published_, year_, updated_, language_;
  std::vector<remark> warnings_;
  std::vector<std::pair<std::string, std::uint64_t>> left_out_;
};

}  // namespace rapporteur::indexer
