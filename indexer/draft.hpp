// An article in the making: takes fields by name, as any format spells them, and checks, cleans and derives.
//
// Owns every rule about values: both readers hand in what they found, so that a header in a text file and a key in JSON
// mean the same (indexer/fields says what). Knows neither format.
#pragma once

#include "index/article.hpp"
#include "indexer/fields.hpp"
#include "indexer/findings.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rapporteur::indexer {

/// Bounds on what one article may carry; docs/articles.md lists them.
inline constexpr std::size_t k_max_title_bytes = 4096;
inline constexpr std::size_t k_max_name_bytes = 512;  ///< outlet, collection, an author
inline constexpr std::size_t k_max_authors = 200;
inline constexpr std::size_t k_max_tags = 64;
inline constexpr std::size_t k_max_tag_name_bytes = 64;
inline constexpr std::size_t k_max_tag_values = 256;
inline constexpr std::size_t k_max_tag_value_bytes = 1024;

/// text without white space around it, and each run of white space and control characters in it as one blank.
std::string single_line(std::string_view text);

class article_draft {
 public:
  /// record_number tells the records of one file apart for derive_article_id; 0 for the only one. rules must outlive
  /// the draft.
  article_draft(article_origin origin, std::uint64_t record_number, const record_rules& rules) noexcept;

  /// What key means.
  [[nodiscard]] const field_rule& rule_of(std::string_view key) const { return rules_.fields.find(key); }

  /// Gives a value; value must be UTF-8. Fields of one value that were given another before (under another name: link
  /// and url) keep the first, with a warning; of dates that agree the most precise counts. key is used for tags and in
  /// messages.
  void set(const field_rule& rule, std::string_view key, std::string value);

  /// Notes a value that has no place in an article: what is "nested values of key …".
  void leave_out(std::string what, std::uint64_t count = 1);

  void warn(remark what);

  [[nodiscard]] bool has(field f) const noexcept;

  /// The id that was given, not yet checked; empty if none was, or once finish() has given the article away.
  [[nodiscard]] const std::string& id() const noexcept { return article_.id; }

  /// The article, or why there is none. The draft is spent.
  boost::system::result<article, remark> finish();

  /// Filled in by set() and finish().
  [[nodiscard]] const std::vector<remark>& warnings() const noexcept { return warnings_; }
  [[nodiscard]] const std::vector<std::pair<std::string, std::uint64_t>>& left_out() const noexcept {
    return left_out_;
  }

 private:
  void add_author(std::string_view key, std::string value);
  void add_tag(const field_rule& rule, std::string_view key, std::string value);
  std::optional<remark> check_sizes() const;
  std::optional<partial_date> read(const std::string& value, std::string_view which);
  void settle_dates();
  void settle_url();
  void settle_language();

  const record_rules& rules_;
  article article_;
  std::uint64_t record_number_;
  std::uint32_t given_ = 0;  ///< one bit per field
  struct keyed {
    std::string key, value;
  };
  std::vector<keyed> published_, updated_;  ///< in the order given
  std::string year_, language_;
  std::vector<remark> warnings_;
  std::vector<std::pair<std::string, std::uint64_t>> left_out_;
};

}  // namespace rapporteur::indexer
