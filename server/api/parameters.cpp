#include "server/api/parameters.hpp"

#include "server/api/parameter_values.hpp"
#include "server/http/uri.hpp"
#include "server/search/cursor.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace rapporteur::api {
namespace {

constexpr std::uint32_t k_min_snippet_chars = 20;

complaint read_reference(const std::string& value, const export_format*& out) {
  std::string names = "json";
  for (const auto* f : k_reference_formats) {
    names.append(", ").append(format_name(*f));
    if (format_name(*f) == value) out = f;
  }
  if (value == "json" || out != nullptr) return std::nullopt;
  return none_of("must be one of " + names, names);
}

parameter_error crossed(const partial_date& from, const partial_date& to) {
  return {invalid("to must not lie before from."), "to", {{"from", from.to_string()}, {"to", to.to_string()}}};
}

}  // namespace

search::request default_request(const settings& s) {
  search::request r;
  r.limit = s.default_limit;
  r.facet_values = s.default_facet_values;
  r.snippets = s.default_snippets;
  r.snippet_chars = s.default_snippet_chars;
  r.expand = s.default_expand;
  return r;
}

parsed<search::request> parse_search(std::string_view form, const settings& s) {
  search::request r = default_request(s);
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
        "offset",
        {{"most", s.limits.max_depth}}};
  }
  if (r.from && r.to && r.from->first_day() > r.to->last_day()) return crossed(*r.from, *r.to);
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
    else if (name == "format")
      c = read_reference(value, r.reference);
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
    return too_long(value.size(), most);
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
      if (!r.opensearch && value != "json") c = none_of("must be json or opensearch", "json, opensearch");
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
  if (r.from && r.to && r.from->first_day() > r.to->last_day()) return crossed(*r.from, *r.to);
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

bool goes_on_by_offset(const search::request& r, const search::answer& a, const settings& s) {
  return !r.after && a.hits.size() >= r.limit &&
         std::uint64_t{r.offset} + 2 * std::uint64_t{r.limit} <= s.limits.max_depth;
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
