#include "server/api/parameter_values.hpp"

#include "server/http/json_string.hpp"
#include "server/search/cursor.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace rapporteur::api {
namespace {

constexpr std::size_t k_max_values = 100;  // of one filter
constexpr std::size_t k_max_value_bytes = 1024;
constexpr std::array<std::string_view, 6> k_facets{"source", "lang", "author", "collection", "year", "month"};
constexpr std::size_t k_max_facets = 20;
constexpr std::size_t k_max_tag_name_bytes = 64;

complaint read_value(std::string_view value, std::vector<std::string>& wanted, std::vector<std::string>& excluded) {
  auto& out = value.starts_with('-') ? excluded : wanted;
  if (value.starts_with('-') || value.starts_with('\\')) value.remove_prefix(1);
  if (value.find_first_not_of(' ') == std::string_view::npos) {
    return invalid("must not be empty; leave it out to have no such filter");
  }
  if (!http::is_utf8(value)) return error{errc::encoding, "must be UTF-8"};
  if (value.size() > k_max_value_bytes) return too_long(value.size(), k_max_value_bytes);
  if (wanted.size() + excluded.size() >= k_max_values) {
    return error{errc::too_costly, "may stand at most " + std::to_string(k_max_values) + " times"};
  }
  out.emplace_back(value);
  return std::nullopt;
}

bool is_tag_name(std::string_view name) {
  return !name.empty() && name.size() <= k_max_tag_name_bytes && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::vector<std::string>& values_of_tag(std::vector<tag>& tags, std::string_view name) {
  auto found = std::find_if(tags.begin(), tags.end(), [name](const tag& t) { return t.name == name; });
  if (found == tags.end()) found = tags.insert(tags.end(), tag{std::string(name), {}});
  return found->values;
}

complaint read_tag(std::string_view name, const std::string& value, search::field_values& wanted,
                   search::field_values& excluded) {
  if (!is_tag_name(name)) return invalid("must name its tag in small letters, digits and _, as in tag.country");
  if (wanted.tags.size() + excluded.tags.size() >= 2 * k_max_values) {
    return error{errc::too_costly, "is one tag too many: at most " + std::to_string(k_max_values) + " may be named"};
  }
  return read_value(value, values_of_tag(wanted.tags, name), values_of_tag(excluded.tags, name));
}

void normalise(std::vector<std::string>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

void to_lower(std::string& s) {
  for (auto& c : s) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
}

}  // namespace

error invalid(std::string message) {
  return {errc::invalid_argument, std::move(message)};
}

objection not_from_to(std::uint32_t low, std::uint32_t high) {
  return {invalid("must be a whole number from " + std::to_string(low) + " to " + std::to_string(high)),
          {{"lowest", low}, {"highest", high}}};
}

objection none_of(std::string_view sentence, std::string_view words) {
  return {invalid(std::string(sentence)), {{"choices", std::string(words)}}};
}

objection too_long(std::size_t bytes, std::size_t most) {
  return {
      {errc::too_large, "has " + std::to_string(bytes) + " bytes; at most " + std::to_string(most) + " are allowed"},
      {{"n", bytes}, {"most", most}}};
}

complaint read_number(const std::string& value, std::uint32_t low, std::uint32_t high, std::uint32_t& out) {
  std::uint32_t n = 0;
  const auto* end = value.data() + value.size();
  const auto [rest, ec] = std::from_chars(value.data(), end, n);
  if (ec != std::errc() || rest != end || n < low || n > high) return not_from_to(low, high);
  out = n;
  return std::nullopt;
}

complaint read_query(const std::string& value, const settings& s, std::string& out) {
  if (value.size() > s.limits.max_query_bytes) return too_long(value.size(), s.limits.max_query_bytes);
  out = value;  // any bytes: the query language takes them all
  return std::nullopt;
}

complaint read_date(const std::string& value, std::optional<partial_date>& out) {
  // A time of day behind the date is read for articles; of a request it would be passed over in silence.
  constexpr std::size_t k_longest = std::string_view("YYYY-MM-DD").size();
  auto date = partial_date::parse(value);
  if (!date || value.size() > k_longest) return invalid("must be a date of the calendar: YYYY, YYYY-MM or YYYY-MM-DD");
  out = *date;
  return std::nullopt;
}

complaint read_sort(const std::string& value, search::sort_order& out) {
  for (const auto& s : k_sorts) {
    if (s.name != value) continue;
    out = s.order;
    return std::nullopt;
  }
  return none_of("must be relevance, newest, oldest or added", "relevance, newest, oldest, added");
}

complaint read_facets(std::string_view value, std::vector<std::string>& out) {
  while (true) {
    const auto comma = value.find(',');
    const auto name = value.substr(0, comma);
    const bool known = std::find(k_facets.begin(), k_facets.end(), name) != k_facets.end() ||
                       (name.starts_with("tag.") && is_tag_name(name.substr(4)));
    if (!known) {
      return invalid("must be a comma-separated list of source, lang, author, collection, year, month and tag.NAME");
    }
    if (std::find(out.begin(), out.end(), name) == out.end()) out.emplace_back(name);
    if (out.size() > k_max_facets) {
      return error{errc::too_costly, "must not name more than " + std::to_string(k_max_facets)};
    }
    if (comma == std::string_view::npos) return std::nullopt;
    value.remove_prefix(comma + 1);
  }
}

complaint read_unit(const std::string& value, std::optional<search::timeline_unit>& out) {
  for (const auto& u : k_units) {
    if (u.name != value) continue;
    out = u.unit;
    return std::nullopt;
  }
  return none_of("must be day, week, month, year or auto", "day, week, month, year, auto");
}

complaint read_cursor(const std::string& value, std::optional<search::cursor>& out) {
  auto c = search::parse_cursor(value);
  if (!c) {
    // Its message is a sentence about the parameter already.
    auto e = c.error();
    constexpr std::string_view k_name = "cursor ";
    if (e.message.starts_with(k_name)) e.message.erase(0, k_name.size());
    return e;
  }
  out = std::move(*c);
  return std::nullopt;
}

complaint read_switch(const std::string& value, bool& out) {
  if (value != "on" && value != "off") return none_of("must be on or off", "on, off");
  out = value == "on";
  return std::nullopt;
}

void normalise(search::field_values& f) {
  for (auto& l : f.languages) to_lower(l);
  for (auto* values : {&f.sources, &f.languages, &f.authors, &f.collections}) normalise(*values);
  std::erase_if(f.tags, [](const tag& t) { return t.values.empty(); });
  for (auto& t : f.tags) normalise(t.values);
  std::sort(f.tags.begin(), f.tags.end());
}

bool may_repeat(std::string_view name) noexcept {
  return name == "source" || name == "lang" || name == "author" || name == "collection" || name.starts_with("tag.");
}

bool read_filter(std::string_view name, const std::string& value, search::field_values& wanted,
                 search::field_values& excluded, complaint& c) {
  if (name == "source")
    c = read_value(value, wanted.sources, excluded.sources);
  else if (name == "lang")
    c = read_value(value, wanted.languages, excluded.languages);
  else if (name == "author")
    c = read_value(value, wanted.authors, excluded.authors);
  else if (name == "collection")
    c = read_value(value, wanted.collections, excluded.collections);
  else if (name.starts_with("tag."))
    c = read_tag(name.substr(4), value, wanted, excluded);
  else
    return false;
  return true;
}

}  // namespace rapporteur::api
