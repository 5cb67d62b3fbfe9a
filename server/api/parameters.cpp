#include "server/api/parameters.hpp"

#include "server/http/json_string.hpp"
#include "server/http/uri.hpp"
#include "server/search/cursor.hpp"

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
constexpr std::array<std::string_view, 6> k_facets{"source", "lang", "author", "collection", "year", "month"};
constexpr std::size_t k_max_facets = 20;
constexpr std::size_t k_max_tag_name_bytes = 64;

struct sort_name {
  search::sort_order order;
  std::string_view name;
};
constexpr sort_name k_sorts[] = {{search::sort_order::relevance, "relevance"},
                                 {search::sort_order::newest, "newest"},
                                 {search::sort_order::oldest, "oldest"}};

struct unit_name {
  search::timeline_unit unit;
  std::string_view name;
};
constexpr unit_name k_units[] = {{search::timeline_unit::automatic, "auto"},
                                 {search::timeline_unit::day, "day"},
                                 {search::timeline_unit::week, "week"},
                                 {search::timeline_unit::month, "month"},
                                 {search::timeline_unit::year, "year"}};

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

/// A value that is wanted, or with a minus before it one that is excluded. A backslash takes what follows as it stands,
/// so that a value may begin with either.
complaint read_value(std::string_view value, std::vector<std::string>& wanted, std::vector<std::string>& excluded) {
  auto& out = value.starts_with('-') ? excluded : wanted;
  if (value.starts_with('-') || value.starts_with('\\')) value.remove_prefix(1);
  if (value.empty()) return invalid("must not be empty; leave it out to have no such filter");
  if (!http::is_utf8(value)) return error{errc::encoding, "must be UTF-8"};
  if (value.size() > k_max_value_bytes) {
    return error{errc::too_large, "must have at most " + std::to_string(k_max_value_bytes) + " bytes"};
  }
  if (wanted.size() + excluded.size() >= k_max_values) {
    return error{errc::too_costly, "may stand at most " + std::to_string(k_max_values) + " times"};
  }
  out.emplace_back(value);
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

bool is_tag_name(std::string_view name) {
  return !name.empty() && name.size() <= k_max_tag_name_bytes && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
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
  return invalid("must be day, week, month, year or auto");
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
  if (value != "on" && value != "off") return invalid("must be on or off");
  out = value == "on";
  return std::nullopt;
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
    return error{errc::too_costly, "too many tags: at most " + std::to_string(k_max_values)};
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

/// A filter of articles, if name is one.
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

}  // namespace

parsed<search::request> parse_search(std::string_view form, const settings& s) {
  search::request r;
  r.limit = s.default_limit;
  r.facet_values = s.default_facet_values;
  r.snippets = s.default_snippets;
  r.snippet_chars = s.default_snippet_chars;
  r.expand = s.default_expand;
  bool has_offset = false;
  const auto read = [&](std::string_view name, const std::string& value, complaint& c) {
    if (name == "q")
      c = read_query(value, s, r.q);
    else if (name == "limit")
      c = read_number(value, 0, s.limits.max_limit, r.limit);
    else if (name == "offset")
      has_offset = true, c = read_number(value, 0, s.limits.max_depth, r.offset);
    else if (name == "sort")
      c = read_sort(value, r.sort);
    else if (name == "from")
      c = read_date(value, r.from);
    else if (name == "to")
      c = read_date(value, r.to);
    else if (name == "facets")
      c = read_facets(value, r.facets);
    else if (name == "facet_values")
      c = read_number(value, 1, s.limits.max_facet_values, r.facet_values);
    else if (name == "timeline")
      c = read_unit(value, r.timeline);
    else if (name == "cursor")
      c = read_cursor(value, r.after);
    else if (name == "snippets")
      c = read_number(value, 0, s.limits.max_snippets, r.snippets);
    else if (name == "snippet_chars")
      c = read_number(value, k_min_snippet_chars, s.limits.max_snippet_chars, r.snippet_chars);
    else if (name == "expand")
      c = read_switch(value, r.expand);
    else
      return read_filter(name, value, r.wanted, r.excluded, c);
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
  normalise(r.wanted);
  normalise(r.excluded);
  std::sort(r.facets.begin(), r.facets.end());
  if (r.after && has_offset) {
    return parameter_error{invalid("offset and cursor exclude each other: a cursor is a place already."), "offset"};
  }
  if (r.after && r.after->request != search::fingerprint_of(r)) {
    return parameter_error{
        {errc::bad_cursor,
         "cursor is of another search: send it with the q, filters, sort and expand that it was given for."},
        "cursor"};
  }
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

parsed<suggest_request> parse_suggest(std::string_view form) {
  suggest_request r{.q = {}, .limit = k_default_suggestions};
  bool has_query = false;
  const auto at_most = [](const std::string& value, std::size_t most) -> complaint {
    if (value.size() <= most) return std::nullopt;
    return error{errc::too_large,
                 "has " + std::to_string(value.size()) + " bytes; at most " + std::to_string(most) + " are allowed"};
  };
  const auto read = [&](std::string_view name, const std::string& value, complaint& c) {
    if (name == "q") {
      has_query = true;
      c = at_most(value, k_max_typed_bytes);
      r.q = value;
    } else if (name == "limit") {
      c = read_number(value, 1, k_max_suggestions, r.limit);
    } else if (name == "format") {
      r.opensearch = value == "opensearch";
      if (!r.opensearch && value != "json") c = invalid("must be json or opensearch");
    } else if (name == "pad") {
      c = at_most(value, k_max_pad_bytes);
    } else {
      return false;
    }
    return true;
  };
  if (auto e = read_form(form, read)) return std::move(*e);
  if (!has_query) return parameter_error{invalid("q is needed: what has been typed so far."), "q"};
  return r;
}

parsed<search::related_request> parse_related(std::string_view form, const settings& s) {
  search::related_request r;
  r.limit = std::min(s.default_limit, s.limits.max_limit);
  r.snippet_chars = s.default_snippet_chars;
  const auto read = [&](std::string_view name, const std::string& value, complaint& c) {
    if (name == "limit")
      c = read_number(value, 1, s.limits.max_limit, r.limit);
    else if (name == "from")
      c = read_date(value, r.from);
    else if (name == "to")
      c = read_date(value, r.to);
    else if (name == "snippets")
      c = read_number(value, 0, s.limits.max_snippets, r.snippets);
    else if (name == "snippet_chars")
      c = read_number(value, k_min_snippet_chars, s.limits.max_snippet_chars, r.snippet_chars);
    else
      return read_filter(name, value, r.wanted, r.excluded, c);
    return true;
  };
  if (auto e = read_form(form, read)) return std::move(*e);
  if (r.from && r.to && r.from->first_day() > r.to->last_day()) {
    return parameter_error{invalid("to must not lie before from."), "to"};
  }
  normalise(r.wanted);
  normalise(r.excluded);
  return r;
}

parsed<article_request> parse_why(std::string_view form, const settings& s) {
  article_request r{.q = {}, .expand = s.default_expand};
  bool has_query = false;
  const auto read = [&](std::string_view name, const std::string& value, complaint& c) {
    if (name == "q") {
      has_query = true;
      c = read_query(value, s, r.q);
    } else if (name == "expand") {
      c = read_switch(value, r.expand);
    } else {
      return false;
    }
    return true;
  };
  if (auto e = read_form(form, read)) return std::move(*e);
  if (!has_query) return parameter_error{invalid("q is needed: the query that is to be explained."), "q"};
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
  const auto put_all = [&put](std::string_view name, const std::vector<std::string>& wanted,
                              const std::vector<std::string>& excluded) {
    for (const auto& v : wanted) put(name, (v.starts_with('-') || v.starts_with('\\') ? "\\" : "") + v);
    for (const auto& v : excluded) put(name, '-' + v);
  };
  if (!r.q.empty()) put("q", r.q);
  put_all("source", r.wanted.sources, r.excluded.sources);
  put_all("lang", r.wanted.languages, r.excluded.languages);
  put_all("author", r.wanted.authors, r.excluded.authors);
  put_all("collection", r.wanted.collections, r.excluded.collections);
  for (const auto& t : r.wanted.tags) put_all("tag." + t.name, t.values, {});
  for (const auto& t : r.excluded.tags) put_all("tag." + t.name, {}, t.values);
  if (r.from) put("from", r.from->to_string());
  if (r.to) put("to", r.to->to_string());
  for (const auto& order : k_sorts) {
    if (order.order == r.sort && r.sort != search::sort_order::relevance) put("sort", order.name);
  }
  std::string facets;
  for (const auto& f : r.facets) facets += (facets.empty() ? "" : ",") + f;
  if (!facets.empty()) put("facets", facets);
  if (r.facet_values != s.default_facet_values) put("facet_values", std::to_string(r.facet_values));
  for (const auto& u : k_units) {
    if (r.timeline == u.unit) put("timeline", u.name);
  }
  if (r.snippets != s.default_snippets) put("snippets", std::to_string(r.snippets));
  if (r.snippet_chars != s.default_snippet_chars) put("snippet_chars", std::to_string(r.snippet_chars));
  if (r.expand != s.default_expand) put("expand", r.expand ? "on" : "off");
  if (r.limit != s.default_limit) put("limit", std::to_string(r.limit));
  if (r.offset != 0) put("offset", std::to_string(r.offset));
  if (r.after) put("cursor", search::to_string(*r.after));
  return out;
}

std::string format_related(const search::related_request& r) {
  search::request same;
  same.limit = r.limit;
  same.from = r.from;
  same.to = r.to;
  same.wanted = r.wanted;
  same.excluded = r.excluded;
  same.snippets = r.snippets;
  same.snippet_chars = r.snippet_chars;
  settings none;
  none.default_limit = 0;  // so that it is always written
  return format_search(same, none);
}

}  // namespace rapporteur::api
