#include "server/api/parameters.hpp"

#include "server/http/json_string.hpp"
#include "server/http/uri.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <utility>
#include <vector>

namespace rapporteur::api {
namespace {

constexpr std::size_t k_max_values = 100;  // of one filter
constexpr std::size_t k_max_value_bytes = 1024;
constexpr std::uint32_t k_min_snippet_chars = 20;
constexpr std::array<std::string_view, 4> k_facets{"source", "lang", "collection", "year"};

struct sort_name {
  search::sort_order order;
  std::string_view name;
};
constexpr sort_name k_sorts[] = {{search::sort_order::relevance, "relevance"},
                                 {search::sort_order::newest, "newest"},
                                 {search::sort_order::oldest, "oldest"}};

/// What a parameter's reader says: nothing if all is well.
using complaint = std::optional<error>;

error invalid(std::string message) {
  return {errc::invalid_argument, std::move(message)};
}

complaint read_number(const std::string& value, std::uint32_t low, std::uint32_t high, std::uint32_t& out) {
  std::uint32_t n = 0;
  const auto* end = value.data() + value.size();
  const auto [rest, ec] = std::from_chars(value.data(), end, n);
  if (ec != std::errc() || rest != end || n < low || n > high) {
    return invalid("must be a whole number from " + std::to_string(low) + " to " + std::to_string(high));
  }
  out = n;
  return std::nullopt;
}

complaint read_query(const std::string& value, const settings& s, std::string& out) {
  if (value.size() > s.limits.max_query_bytes) {
    return error{errc::too_large, "has " + std::to_string(value.size()) + " bytes; at most " +
                                      std::to_string(s.limits.max_query_bytes) + " are allowed"};
  }
  out = value;  // any bytes: the query language takes them all
  return std::nullopt;
}

complaint read_date(const std::string& value, std::optional<partial_date>& out) {
  auto date = partial_date::parse(value);
  if (!date) return invalid("must be a date of the calendar: YYYY, YYYY-MM or YYYY-MM-DD");
  out = *date;
  return std::nullopt;
}

complaint read_value(const std::string& value, std::vector<std::string>& out) {
  if (value.empty()) return invalid("must not be empty; leave it out to have no such filter");
  if (!http::is_utf8(value)) return error{errc::encoding, "must be UTF-8"};
  if (value.size() > k_max_value_bytes) {
    return error{errc::too_large, "must have at most " + std::to_string(k_max_value_bytes) + " bytes"};
  }
  if (out.size() >= k_max_values) {
    return error{errc::too_costly, "may stand at most " + std::to_string(k_max_values) + " times"};
  }
  out.push_back(value);
  return std::nullopt;
}

complaint read_sort(const std::string& value, search::sort_order& out) {
  for (const auto& s : k_sorts) {
    if (s.name != value) continue;
    out = s.order;
    return std::nullopt;
  }
  return invalid("must be relevance, newest or oldest");
}

complaint read_facets(std::string_view value, std::vector<std::string>& out) {
  while (true) {
    const auto comma = value.find(',');
    const auto name = value.substr(0, comma);
    if (std::find(k_facets.begin(), k_facets.end(), name) == k_facets.end()) {
      return invalid("must be a comma-separated list of source, lang, collection and year");
    }
    if (std::find(out.begin(), out.end(), name) == out.end()) out.emplace_back(name);
    if (comma == std::string_view::npos) return std::nullopt;
    value.remove_prefix(comma + 1);
  }
}

complaint read_switch(const std::string& value, bool& out) {
  if (value != "on" && value != "off") return invalid("must be on or off");
  out = value == "on";
  return std::nullopt;
}

complaint read_tag(std::string_view name, const std::string& value, std::vector<tag>& out) {
  const bool well_named = !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
  if (!well_named) return invalid("must name its tag in small letters, digits and _, as in tag.country");
  auto found = std::find_if(out.begin(), out.end(), [name](const tag& t) { return t.name == name; });
  if (found == out.end()) {
    if (out.size() >= k_max_values) {
      return error{errc::too_costly, "too many tags: at most " + std::to_string(k_max_values)};
    }
    found = out.insert(out.end(), tag{std::string(name), {}});
  }
  return read_value(value, found->values);
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

bool may_repeat(std::string_view name) noexcept {
  return name == "source" || name == "lang" || name == "author" || name == "collection" || name.starts_with("tag.");
}

/// Reads the fields of a form through read(name, value), which says false for a name that it does not know.
template <class F>
std::optional<parameter_error> read_form(std::string_view form, F read) {
  std::vector<http::form_field> fields;
  http::form_error bad;
  if (!http::parse_form(form, fields, bad)) {
    return parameter_error{{errc::malformed, "A '%' in the query must be followed by two hexadecimal digits."},
                           bad.name};
  }
  std::set<std::string_view> seen;
  for (const auto& f : fields) {
    complaint c;
    if (!read(f.name, f.value, c)) {
      return parameter_error{invalid("There is no parameter " + f.name + " here."), f.name};
    }
    if (!c && !may_repeat(f.name) && !seen.insert(f.name).second) c = invalid("may stand only once");
    if (c) return parameter_error{{c->code, f.name + ' ' + c->message + '.'}, f.name};
  }
  return std::nullopt;
}

}  // namespace

parsed<search::request> parse_search(std::string_view form, const settings& s) {
  search::request r;
  r.limit = s.default_limit;
  r.snippets = s.default_snippets;
  r.snippet_chars = s.default_snippet_chars;
  r.expand = s.default_expand;
  const auto read = [&](std::string_view name, const std::string& value, complaint& c) {
    if (name == "q")
      c = read_query(value, s, r.q);
    else if (name == "limit")
      c = read_number(value, 0, s.limits.max_limit, r.limit);
    else if (name == "offset")
      c = read_number(value, 0, s.limits.max_depth, r.offset);
    else if (name == "sort")
      c = read_sort(value, r.sort);
    else if (name == "from")
      c = read_date(value, r.from);
    else if (name == "to")
      c = read_date(value, r.to);
    else if (name == "source")
      c = read_value(value, r.sources);
    else if (name == "lang")
      c = read_value(value, r.languages);
    else if (name == "author")
      c = read_value(value, r.authors);
    else if (name == "collection")
      c = read_value(value, r.collections);
    else if (name.starts_with("tag."))
      c = read_tag(name.substr(4), value, r.tags);
    else if (name == "facets")
      c = read_facets(value, r.facets);
    else if (name == "snippets")
      c = read_number(value, 0, s.limits.max_snippets, r.snippets);
    else if (name == "snippet_chars")
      c = read_number(value, k_min_snippet_chars, s.limits.max_snippet_chars, r.snippet_chars);
    else if (name == "expand")
      c = read_switch(value, r.expand);
    else
      return false;
    return true;
  };
  if (auto e = read_form(form, read)) return std::move(*e);
  if (std::uint64_t{r.offset} + r.limit > s.limits.max_depth) {
    return parameter_error{
        {errc::too_costly, "offset and limit together must not be above " + std::to_string(s.limits.max_depth) + "."},
        "offset"};
  }
  if (r.from && r.to && r.from->first_day() > r.to->last_day()) {
    return parameter_error{invalid("to must not lie before from."), "to"};
  }
  for (auto& l : r.languages) to_lower(l);
  for (auto* values : {&r.sources, &r.languages, &r.authors, &r.collections}) normalise(*values);
  for (auto& t : r.tags) normalise(t.values);
  std::sort(r.tags.begin(), r.tags.end());
  std::sort(r.facets.begin(), r.facets.end());
  return r;
}

parsed<article_request> parse_article(std::string_view form, const settings& s) {
  article_request r{.q = {}, .expand = s.default_expand};
  const auto read = [&](std::string_view name, const std::string& value, complaint& c) {
    if (name == "q")
      c = read_query(value, s, r.q);
    else if (name == "expand")
      c = read_switch(value, r.expand);
    else
      return false;
    return true;
  };
  if (auto e = read_form(form, read)) return std::move(*e);
  return r;
}

parsed<snippets_request> parse_snippets(std::string_view form, const settings& s) {
  snippets_request r{
      .q = {}, .snippets = s.default_snippets, .snippet_chars = s.default_snippet_chars, .expand = s.default_expand};
  bool has_query = false;
  const auto read = [&](std::string_view name, const std::string& value, complaint& c) {
    if (name == "q") {
      has_query = true;
      c = read_query(value, s, r.q);
    } else if (name == "snippets") {
      c = read_number(value, 1, s.limits.max_snippets, r.snippets);
    } else if (name == "snippet_chars") {
      c = read_number(value, k_min_snippet_chars, s.limits.max_snippet_chars, r.snippet_chars);
    } else if (name == "expand") {
      c = read_switch(value, r.expand);
    } else {
      return false;
    }
    return true;
  };
  if (auto e = read_form(form, read)) return std::move(*e);
  if (!has_query) return parameter_error{invalid("q is needed: the query whose passages are wanted."), "q"};
  return r;
}

std::optional<parameter_error> parse_nothing(std::string_view form) {
  return read_form(form, [](std::string_view, const std::string&, complaint&) { return false; });
}

std::string format_search(const search::request& r, const settings& s) {
  std::string out;
  const auto put = [&out](std::string_view name, std::string_view value) {
    if (!out.empty()) out += '&';
    http::percent_encode(out, name);
    out += '=';
    http::percent_encode(out, value);
  };
  const auto put_all = [&put](std::string_view name, const std::vector<std::string>& values) {
    for (const auto& v : values) put(name, v);
  };
  if (!r.q.empty()) put("q", r.q);
  put_all("source", r.sources);
  put_all("lang", r.languages);
  put_all("author", r.authors);
  put_all("collection", r.collections);
  for (const auto& t : r.tags) put_all("tag." + t.name, t.values);
  if (r.from) put("from", r.from->to_string());
  if (r.to) put("to", r.to->to_string());
  for (const auto& order : k_sorts) {
    if (order.order == r.sort && r.sort != search::sort_order::relevance) put("sort", order.name);
  }
  std::string facets;
  for (const auto& f : r.facets) facets += (facets.empty() ? "" : ",") + f;
  if (!facets.empty()) put("facets", facets);
  if (r.snippets != s.default_snippets) put("snippets", std::to_string(r.snippets));
  if (r.snippet_chars != s.default_snippet_chars) put("snippet_chars", std::to_string(r.snippet_chars));
  if (r.expand != s.default_expand) put("expand", r.expand ? "on" : "off");
  if (r.limit != s.default_limit) put("limit", std::to_string(r.limit));
  if (r.offset != 0) put("offset", std::to_string(r.offset));
  return out;
}

}  // namespace rapporteur::api
