// The table of names. docs/articles.md says the same in words.
#include "indexer/fields.hpp"

#include "index/ascii.hpp"
#include "index/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace rapporteur::indexer {
namespace {

struct field_names {
  field means;
  std::string_view own;      ///< of this product; a value of the wrong type under one of them fails the article
  std::string_view foreign;  ///< of other programs' exports: JSON Feed, schema.org, RSS, news sites
};
constexpr std::array<field_names, 11> k_field_names = {{
    {field::id, "id", "guid|uuid"},
    {field::title, "title", "headline"},
    {field::text, "text", "body|content|content_text|article_body|full_text"},
    {field::url, "url", "link|permalink|canonical_url"},
    {field::published, "date|published",
     "pub_date|publish_date|published_date|date_published|publication_date|published_at|published_on"},
    {field::year, "year", "publication_year"},
    {field::updated, "updated",
     "updated_at|date_updated|last_updated|modified|modified_at|date_modified|last_modified"},
    {field::source, "source", "publisher|outlet|site_name"},
    {field::authors, "author|authors", "byline|creator"},
    {field::language, "lang|language", "in_language|locale"},
    {field::collection, "collection", ""},
}};

template <class Each>
void for_each_name(std::string_view names, Each each) {
  while (!names.empty()) {
    const std::string_view name = names.substr(0, names.find('|'));
    names.remove_prefix(std::min(names.size(), name.size() + 1));
    each(name);
  }
}

}  // namespace

std::string field_key(std::string_view key) {
  std::string folded;
  folded.reserve(key.size());
  if (is_ascii(key)) {
    std::transform(key.begin(), key.end(), std::back_inserter(folded), to_ascii_lower);
  } else {
    const std::string composed = index::compose(key);
    for (std::size_t at = 0; at < composed.size();) {
      const index::decoded d = index::decode_utf8(composed, at);
      index::append_folded(folded, d.code_point);
      at += d.size;
    }
  }
  const auto is_divider = [](char c) { return c == ' ' || c == '-' || c == '_'; };
  const auto first = std::find_if_not(folded.begin(), folded.end(), is_divider);
  folded.erase(std::remove_if(first, folded.end(), is_divider), folded.end());
  return folded;
}

field_map::field_map() {
  for (const field_names& f : k_field_names) {
    for_each_name(f.own, [&](std::string_view name) { set(name, {f.means, {}, {}, true}); });
    for_each_name(f.foreign, [&](std::string_view name) { set(name, {f.means, {}, {}, false}); });
  }
}

void field_map::set(std::string_view key, field_rule rule) {
  rules_[field_key(key)] = std::move(rule);
}

const field_rule& field_map::find(std::string_view key) const {
  static const field_rule k_tag;
  const auto found = rules_.find(field_key(key));
  return found == rules_.end() ? k_tag : found->second;
}

std::string field_map::to_string() const {
  std::string out;
  for (const auto& [key, rule] : rules_) {
    out += fmt::format("{}={} {} {} {}\n", key, static_cast<unsigned>(rule.means), rule.tag, rule.split, rule.strict);
  }
  return out;
}

std::optional<field_rule> field_named(std::string_view name) {
  struct named {
    std::string_view name;
    field means;
  };
  constexpr std::array<named, 12> k_names = {{
      {"id", field::id},
      {"title", field::title},
      {"text", field::text},
      {"url", field::url},
      {"published", field::published},
      {"updated", field::updated},
      {"source", field::source},
      {"authors", field::authors},
      {"language", field::language},
      {"collection", field::collection},
      {"tag", field::tag},
      {"ignore", field::ignored},
  }};
  for (const named& n : k_names) {
    if (n.name == name) return field_rule{n.means, {}, {}, true};
  }
  constexpr std::string_view k_tag = "tag:";
  if (!name.starts_with(k_tag)) return std::nullopt;
  name.remove_prefix(k_tag.size());
  if (name.empty() || tag_name(name) != name) return std::nullopt;
  return field_rule{field::tag, std::string(name), {}, true};
}

std::string tag_name(std::string_view key) {
  std::string folded;
  for (std::size_t at = 0; at < key.size();) {
    const index::decoded d = index::decode_utf8(key, at);
    index::append_folded(folded, d.code_point);
    at += d.size;
  }
  std::string name;
  for (const char c : folded) {
    if (is_ascii_lower(c) || is_ascii_digit(c)) {
      name += c;
    } else if (!name.empty() && name.back() != '_') {
      name += '_';
    }
  }
  if (!name.empty() && name.back() == '_') name.pop_back();
  return name;
}

}  // namespace rapporteur::indexer
