#include "config/fields.hpp"

#include "config/value.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <vector>

namespace rapporteur::config {
namespace {

constexpr std::string_view k_tag = "tag:";
constexpr std::size_t k_longest = 64;  // a key, a tag's name: as long as the indexer takes
constexpr std::array<std::string_view, 12> k_words = {"id",        "title",      "text",   "url",
                                                      "published", "updated",    "source", "authors",
                                                      "language",  "collection", "tag",    "ignore"};

constexpr std::array<std::string_view, 4> k_doc = {
    "KEY = \"FIELD\" says what a key of JSON Lines, or of the header of a text file, means: id, title, text, url, "
    "published, updated, source, authors, language, collection, tag (a filter of the key's name), tag:NAME (a filter "
    "of that name) or ignore.",
    "KEY = { field = \"tag\", split = \",\" } takes apart a string that holds several tags or authors.",
    "Keys are compared without case, blanks, - and _; one with other characters than letters, digits, - and _ stands "
    "in "
    "quotes. What is not listed here keeps the meaning that docs/articles.md gives it; any other key is a tag.",
    "A variable RAPPORTEUR_FIELDS_KEY=FIELD does the same for one key. A change counts for articles that are added "
    "afterwards: rebuild to apply it to all."};
constexpr std::array<std::string_view, 4> k_examples = {"reporter = \"authors\"", "\"Date of event\" = \"published\"",
                                                        "nation = \"tag:country\"",
                                                        "issues = { field = \"tag\", split = \",\" }"};

bool is_tag_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

// The form that the indexer makes of a key.
bool is_tag_name(std::string_view name) {
  return !name.empty() && name.size() <= k_longest && std::ranges::all_of(name, is_tag_character) &&
         name.front() != '_' && name.back() != '_' && name.find("__") == std::string_view::npos;
}

std::string unknown_field(const std::string& name) {
  if (name.starts_with(k_tag)) {
    return fmt::format("\"{}\" has no name that a tag can have: a-z, 0-9, and single _ between them", name);
  }
  const auto near = nearest(name, {k_words.begin(), k_words.end()});
  if (!near.empty()) return fmt::format("\"{}\" is not a field; did you mean \"{}\"?", name, near);
  return fmt::format("\"{}\" is not a field; the fields are {}, tag:NAME", name, fmt::join(k_words, ", "));
}

std::string printable_name(const std::string& name) {
  std::string out;
  for (const char c : name.substr(0, k_longest)) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  return is_utf8(out) ? out : std::string("(not UTF-8)");
}

std::string type_of(const toml_value& v) {
  if (std::holds_alternative<bool>(v)) return "a truth value";
  if (std::holds_alternative<std::int64_t>(v)) return "a number";
  if (std::holds_alternative<std::string>(v)) return "a string";
  if (std::holds_alternative<std::vector<std::string>>(v)) return "a list";
  if (const auto* other = std::get_if<other_type>(&v)) return std::string(other->name);
  return "a table";
}

field_reading read_table(field_mapping m, const std::vector<file_key>& table) {
  for (const file_key& k : table) {
    const auto* text = std::get_if<std::string>(&k.content);
    if (k.name != "field" && k.name != "split") {
      return {{},
              fmt::format("{}: there is no such key; a mapping has field and split", printable_name(k.name)),
              k.name_at};
    }
    if (text == nullptr)
      return {{}, fmt::format("{} is {}; allowed: a string", k.name, type_of(k.content)), k.value_at};
    (k.name == "field" ? m.field : m.split) = *text;
    if (k.name == "split" && (text->empty() || text->size() > 16)) {
      return {
          {}, "split is empty or longer than 16 bytes; allowed: what divides the values, such as \";\"", k.value_at};
    }
  }
  if (m.field.empty()) return {{}, "has no field; write { field = \"tag\", split = \",\" }", {}};
  return {std::move(m), {}, {}};
}

}  // namespace

std::span<const std::string_view> field_words() {
  return k_words;
}

std::span<const std::string_view> fields_doc() {
  return k_doc;
}

std::span<const std::string_view> fields_examples() {
  return k_examples;
}

std::string same_key(std::string_view key) {
  const auto is_divider = [](char c) { return c == ' ' || c == '-' || c == '_'; };
  std::string out;
  for (const char c : key) {
    const bool leads = out.find_first_not_of(" -_") == std::string::npos;
    if (!is_divider(c) || leads) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

field_reading read_field(std::string_view key, const toml_value& content) {
  if (key.empty() || key.size() > k_longest || !is_utf8(key)) {
    return {{}, fmt::format("the key is empty, longer than {} bytes or not UTF-8", k_longest), {}};
  }
  field_reading r;
  field_mapping m{std::string(key), {}, {}};
  if (const auto* text = std::get_if<std::string>(&content)) {
    m.field = *text;
    r.result = std::move(m);
  } else if (const auto* table = std::get_if<std::vector<file_key>>(&content)) {
    r = read_table(std::move(m), *table);
  } else {
    r.error = fmt::format("is {}; allowed: a field such as \"tag\", or {{ field = \"tag\", split = \",\" }}",
                          type_of(content));
  }
  if (!r.result) return r;
  const std::string& name = r.result->field;
  const bool known = std::ranges::find(k_words, name) != k_words.end() ||
                     (name.starts_with(k_tag) && is_tag_name(std::string_view(name).substr(k_tag.size())));
  if (!known) return {{}, unknown_field(printable_name(name)), {}};
  if (!r.result->split.empty() && name != "authors" && !name.starts_with("tag")) {
    return {{}, fmt::format("{} has one value and cannot be split; authors and tags can", name), {}};
  }
  return r;
}

std::string to_toml(const field_mapping& m) {
  const bool bare =
      std::ranges::all_of(m.key, [](char c) { return is_tag_character(c) || (c >= 'A' && c <= 'Z') || c == '-'; });
  const std::string key = bare ? m.key : toml_quoted(m.key);
  if (m.split.empty()) return fmt::format("{} = {}", key, toml_quoted(m.field));
  return fmt::format("{} = {{ field = {}, split = {} }}", key, toml_quoted(m.field), toml_quoted(m.split));
}

}  // namespace rapporteur::config
