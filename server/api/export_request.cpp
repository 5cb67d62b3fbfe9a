#include "server/api/export_request.hpp"

#include "server/api/parameter_values.hpp"
#include "server/http/uri.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <vector>

namespace rapporteur::api {
namespace {

constexpr std::array<std::string_view, 8> k_found_by{"q",      "sort",   "from",       "to",
                                                     "source", "author", "collection", "lang"};

/// What says which articles are found, and in which order.
bool says_what_is_found(std::string_view name) {
  return name == "expand" || name.starts_with("tag.") ||
         std::find(k_found_by.begin(), k_found_by.end(), name) != k_found_by.end();
}

std::optional<parameter_error> read_number(const http::form_field& f, std::uint32_t most, std::uint32_t& out) {
  std::uint32_t n = 0;
  const auto* end = f.value.data() + f.value.size();
  const auto [rest, ec] = std::from_chars(f.value.data(), end, n);
  if (ec == std::errc() && rest == end && n >= 1 && n <= most) {
    out = n;
    return std::nullopt;
  }
  return parameter_error{
      {errc::invalid_argument, f.name + " must be a whole number from 1 to " + std::to_string(most) + "."},
      f.name,
      {{"lowest", 1U}, {"highest", most}}};
}

std::optional<parameter_error> read_switch(const http::form_field& f, bool& out) {
  if (f.value != "on" && f.value != "off") {
    return parameter_error{{errc::invalid_argument, f.name + " must be on or off."}, f.name, {{"choices", "on, off"}}};
  }
  out = f.value == "on";
  return std::nullopt;
}

/// The fields of a form, and the part of it that a search reads, with the usual order if it names none.
struct divided_form {
  std::vector<http::form_field> own;
  std::string search;
};

/// own(name): whether a field that says nothing of what is found is a parameter here.
template <class F>
parsed<divided_form> divide(std::string_view form, std::string_view usual_order, const settings& s, F own) {
  std::vector<http::form_field> fields;
  http::form_error bad;
  if (!http::parse_form(form, fields, bad)) return std::get<parameter_error>(parse_search(form, s));
  divided_form out;
  bool sorted = false;
  for (auto& f : fields) {
    if (says_what_is_found(f.name)) {
      sorted = sorted || f.name == "sort";
      http::percent_encode(out.search.append(out.search.empty() ? "" : "&"), f.name);
      http::percent_encode(out.search.append("="), f.value);
      continue;
    }
    if (!own(f.name)) return unknown_parameter(f.name);
    const bool again =
        std::any_of(out.own.begin(), out.own.end(), [&f](const http::form_field& o) { return o.name == f.name; });
    if (again) return parameter_error{{errc::invalid_argument, f.name + " may stand only once."}, f.name};
    out.own.push_back(std::move(f));
  }
  if (!sorted) out.search.append(out.search.empty() ? "" : "&").append("sort=").append(usual_order);
  return out;
}

}  // namespace

parsed<export_request> parse_export(std::string_view form, const export_format& f, const settings& s) {
  const auto own = [&f](std::string_view name) {
    return name == "limit" || (name == "text" && f.has_text) || (name == "bom" && f.has_bom);
  };
  auto divided = divide(form, "newest", s, own);
  if (auto* e = std::get_if<parameter_error>(&divided)) return std::move(*e);
  const auto& parts = std::get<divided_form>(divided);
  export_request r;
  for (const auto& field : parts.own) {
    std::optional<parameter_error> e;
    if (field.name == "limit") e = read_number(field, r.limit, r.limit);
    if (field.name == "text") e = read_switch(field, r.options.with_text);
    if (field.name == "bom") e = read_switch(field, r.options.with_bom);
    if (e) return std::move(*e);
  }
  auto search = parse_search(parts.search, s);
  if (auto* e = std::get_if<parameter_error>(&search)) return std::move(*e);
  r.search = std::get<search::request>(std::move(search));
  return r;
}

parsed<search::request> parse_feed(std::string_view form, const settings& s) {
  const auto own = [](std::string_view name) {
    return name == "limit" || name == "snippets" || name == "snippet_chars";
  };
  auto divided = divide(form, "added", s, own);
  if (auto* e = std::get_if<parameter_error>(&divided)) return std::move(*e);
  auto& parts = std::get<divided_form>(divided);
  std::uint32_t limit = std::min(k_feed_entries, s.limits.max_limit);
  bool passages = false;
  for (const auto& field : parts.own) {
    if (field.name == "limit") {
      if (auto e = read_number(field, s.limits.max_limit, limit)) return std::move(*e);
      continue;
    }
    passages = passages || field.name == "snippets";
    http::percent_encode(parts.search.append("&").append(field.name).append("="), field.value);
  }
  auto search = parse_search(parts.search, s);
  if (auto* e = std::get_if<parameter_error>(&search)) return std::move(*e);
  auto r = std::get<search::request>(std::move(search));
  r.limit = limit;
  if (!passages) r.snippets = std::min(1U, s.limits.max_snippets);
  return r;
}

}  // namespace rapporteur::api
