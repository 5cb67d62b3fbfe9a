#include "server/pages/page_request.hpp"

#include "server/api/parameter_values.hpp"
#include "server/http/uri.hpp"
#include "server/pages/links.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace rapporteur::pages {
namespace {

constexpr std::uint32_t k_hits = 20;
constexpr std::uint32_t k_passages = 2;
constexpr std::uint32_t k_values = 40;
constexpr std::string_view k_language = "ui";

/// Up to so many months a range is shown by day, and up to so many by month.
constexpr int k_months_by_day = 1;
constexpr int k_months_by_month = 36;

search::timeline_unit unit_for(const search::request& r) {
  using enum search::timeline_unit;
  if (!r.from || !r.to) return year;
  const auto month_of = [](std::uint32_t day) { return static_cast<int>(day / 10000 * 12 + day / 100 % 100); };
  const int months = month_of(r.to->last_day()) - month_of(r.from->first_day()) + 1;
  return months <= k_months_by_day ? day : months <= k_months_by_month ? month : year;
}

}  // namespace

api::settings page_settings(const api::settings& s) {
  auto p = s;
  p.default_limit = std::min(k_hits, s.limits.max_limit);
  p.default_snippets = std::min(k_passages, s.limits.max_snippets);
  p.default_facet_values = std::min(k_values, s.limits.max_facet_values);
  return p;
}

api::parsed<page_request> parse_page(std::string_view form, const api::settings& s) {
  std::vector<http::form_field> fields;
  http::form_error bad;
  page_request out;
  std::string rest;
  if (!http::parse_form(form, fields, bad)) {
    rest = form;  // the search's parser says what is wrong
  } else {
    for (const auto& f : fields) {
      if (f.value.empty()) continue;
      if (f.name == k_language) {
        out.language = f.value;
        continue;
      }
      if (!rest.empty()) rest += '&';
      http::percent_encode(rest, f.name);
      rest += '=';
      http::percent_encode(rest, f.value);
    }
  }
  auto parsed = api::parse_search(rest, s);
  if (auto* wrong = std::get_if<api::parameter_error>(&parsed)) return std::move(*wrong);
  out.search = std::get<search::request>(std::move(parsed));
  return out;
}

api::parsed<std::string> parse_language(std::string_view form) {
  std::string language;
  const auto read = [&language](std::string_view name, const std::string& value, api::complaint&) {
    if (name != k_language) return false;
    language = value;
    return true;
  };
  if (auto wrong = api::read_form(form, read)) return std::move(*wrong);
  return language;
}

std::string language_named(std::string_view form) {
  std::vector<http::form_field> fields;
  http::form_error bad;
  if (!http::parse_form(form, fields, bad)) return {};
  const auto found = std::ranges::find(fields, k_language, &http::form_field::name);
  return found == fields.end() ? std::string() : found->value;
}

search::request for_results(search::request r) {
  if (!is_search(r)) r.limit = 0;
  if (r.facets.empty()) r.facets = {"author", "collection", "lang", "source"};
  if (!r.timeline) r.timeline = unit_for(r);
  return r;
}

}  // namespace rapporteur::pages
