// What the keys of records mean: which field of an article each names, or which tag.
//
// Owns the names that are known without being told, and the rules that an administrator adds. Knows no format, no
// values, and no configuration file: main.cpp fills a field_map in.
#pragma once

#include "index/article.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace rapporteur::indexer {

/// What a key means. Any other key than the known ones names a tag.
enum class field : std::uint8_t {
  id,
  title,
  text,
  url,
  published,
  year,  ///< published, where there is no usable date
  updated,
  source,
  authors,
  language,
  collection,
  tag,
  ignored  ///< left out, and counted
};

/// What one key means, and how its values are taken apart.
struct field_rule {
  field means = field::tag;
  std::string tag;      ///< the tag's name; empty: from the key
  std::string split;    ///< what divides several values in one string, for authors and tags; empty: nothing
  bool strict = false;  ///< a value of the wrong type fails the article; otherwise it is left out
};

/// The form in which keys are compared: folded, without blanks, - and _ inside it ("Date Published", "datePublished"
/// and "date_published" are one key; "_id" is not "id").
std::string field_key(std::string_view key);

class field_map {
 public:
  /// Knows the names that docs/articles.md lists.
  field_map();

  /// Overrides what key meant.
  void set(std::string_view key, field_rule rule);

  /// A tag for a key that nobody has said anything about. Valid until the next set().
  [[nodiscard]] const field_rule& find(std::string_view key) const;

  /// All rules in one text: equal for maps that read alike.
  [[nodiscard]] std::string to_string() const;

 private:
  std::map<std::string, field_rule, std::less<>> rules_;
};

/// What a configuration calls a field: id, title, text, url, published, updated, source, authors, language,
/// collection, tag, tag:NAME or ignore. nullopt for anything else, and for a NAME that tag_name() would change.
std::optional<field_rule> field_named(std::string_view name);

/// Name of the tag that a key becomes: [a-z0-9_]+, diacritics dropped, anything else as one _; empty if nothing of the
/// key can be kept.
std::string tag_name(std::string_view key);

/// How records become articles, apart from limits.
struct record_rules {
  field_map fields;
  std::optional<partial_date> today;  ///< UTC; absent: whatever day it is
};

}  // namespace rapporteur::indexer
