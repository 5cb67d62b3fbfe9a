// What one parameter's value may be: numbers, dates, filters, words of a list; and how a form is gone through.
//
// Knows what a value looks like, not which parameters a route takes (server/api/parameters).
#pragma once

#include "index/error.hpp"
#include "server/api/parameters.hpp"
#include "server/api/settings.hpp"
#include "server/http/uri.hpp"
#include "server/search/search.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rapporteur::api {

/// What is wrong with a value: a sentence that lacks the parameter's name before it, and what it tells.
struct objection {
  // Not explicit: most have no values.
  objection(error e, search::named_values v = {}) : what(std::move(e)), values(std::move(v)) {}
  error what;
  search::named_values values;
};

/// What a parameter's reader says: nothing if all is well.
using complaint = std::optional<objection>;

error invalid(std::string message);
/// No whole number from low to high.
objection not_from_to(std::uint32_t low, std::uint32_t high);
/// None of the words, given as "a, b".
objection none_of(std::string_view sentence, std::string_view words);
/// A text of so many bytes.
objection too_long(std::size_t bytes, std::size_t most);

struct sort_name {
  search::sort_order order;
  std::string_view name;
};
inline constexpr std::array<sort_name, 4> k_sorts{{{search::sort_order::relevance, "relevance"},
                                                   {search::sort_order::newest, "newest"},
                                                   {search::sort_order::oldest, "oldest"},
                                                   {search::sort_order::added, "added"}}};

struct unit_name {
  search::timeline_unit unit;
  std::string_view name;
};
inline constexpr std::array<unit_name, 5> k_units{{{search::timeline_unit::automatic, "auto"},
                                                   {search::timeline_unit::day, "day"},
                                                   {search::timeline_unit::week, "week"},
                                                   {search::timeline_unit::month, "month"},
                                                   {search::timeline_unit::year, "year"}}};

complaint read_number(const std::string& value, std::uint32_t low, std::uint32_t high, std::uint32_t& out);
complaint read_query(const std::string& value, const settings& s, std::string& out);
complaint read_date(const std::string& value, std::optional<partial_date>& out);
complaint read_sort(const std::string& value, search::sort_order& out);
complaint read_facets(std::string_view value, std::vector<std::string>& out);
complaint read_unit(const std::string& value, std::optional<search::timeline_unit>& out);
complaint read_cursor(const std::string& value, std::optional<search::cursor>& out);
complaint read_switch(const std::string& value, bool& out);

/// A filter of articles, if name is one. A value that is wanted, or with a minus before it one that is excluded; a
/// backslash takes what follows as it stands, so that a value may begin with either.
bool read_filter(std::string_view name, const std::string& value, search::field_values& wanted,
                 search::field_values& excluded, complaint& c);

/// Sorts the values of each filter and leaves out those that stand twice; languages in small letters.
void normalise(search::field_values& f);

/// Whether a parameter may stand more than once: the filters.
bool may_repeat(std::string_view name) noexcept;

/// What is said of a parameter that a route does not have.
inline parameter_error unknown_parameter(const std::string& name) {
  return {invalid(name.empty() ? "A parameter has no name." : "There is no parameter " + name + " here."), name};
}

/// Reads the fields of a form through read(name, value, complaint&), which says false for a name that it does not know.
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
      return unknown_parameter(f.name);
    }
    if (!c && !may_repeat(f.name) && !seen.insert(f.name).second) c = invalid("may stand only once");
    if (c) return parameter_error{{c->what.code, f.name + ' ' + c->what.message + '.'}, f.name, std::move(c->values)};
  }
  return std::nullopt;
}

}  // namespace rapporteur::api
