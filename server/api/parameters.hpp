// From a query or a form to a request of search: every parameter known, checked and bounded, or the one that is not.
#pragma once

#include "index/error.hpp"
#include "server/api/export_format.hpp"
#include "server/api/settings.hpp"
#include "server/search/search.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace rapporteur::api {

/// Which parameter is wrong, and how.
struct parameter_error {
  error what;
  std::string parameter;  ///< empty if its name could not be read
  /// What the sentence tells: lowest and highest of a number, choices of a word, n bytes and the most of a text.
  search::named_values values = {};
};

template <class T>
using parsed = std::variant<T, parameter_error>;

/// Parameters of a search, encoded as application/x-www-form-urlencoded. Absent ones have the settings' defaults;
/// values of a filter are sorted and without duplicates, so that equal requests are equal values.
parsed<search::request> parse_search(std::string_view form, const settings& s);

/// What a request that names nothing asks for.
search::request default_request(const settings& s);

/// Parameters of an article: q (absent: empty), expand, format.
struct article_request {
  std::string q;
  bool expand = true;
  const export_format* reference = nullptr;  ///< what format names; null: the article itself, as JSON
};
parsed<article_request> parse_article(std::string_view form, const settings& s);

/// Parameters of an article's snippets: q (needed), snippets, snippet_chars, expand.
struct snippets_request {
  std::string q;
  std::uint32_t snippets = 0;
  std::uint32_t snippet_chars = 0;
  bool expand = true;
};
parsed<snippets_request> parse_snippets(std::string_view form, const settings& s);

/// Parameters of suggestions: q (needed), limit, format, pad (ignored).
struct suggest_request {
  std::string q;
  std::uint32_t limit = 0;
  bool opensearch = false;  ///< format=opensearch
};
inline constexpr std::uint32_t k_max_suggestions = 20;
inline constexpr std::uint32_t k_default_suggestions = 10;
inline constexpr std::size_t k_max_typed_bytes = 256;
inline constexpr std::size_t k_max_pad_bytes = 1024;
parsed<suggest_request> parse_suggest(std::string_view form);

/// Parameters of what is related to an article: limit, snippets, snippet_chars, from, to and the filters of a search.
/// r.id is not set.
parsed<search::related_request> parse_related(std::string_view form, const settings& s);
/// As format_search().
std::string format_related(const search::related_request& r);

/// Parameters of why: q (needed), expand.
parsed<article_request> parse_why(std::string_view form, const settings& s);

/// The parameters of /healthz and /readyz: none.
std::optional<parameter_error> parse_nothing(std::string_view form);

/// Whether an offset leads to the page after r, of which a is the answer: else a cursor does (docs/api.md, Pages). None
/// leads on from a short page with more behind it: that ended where the candidates did that were read for it.
bool goes_on_by_offset(const search::request& r, const search::answer& a, const settings& s);

/// The query that asks for r: parse_search of it gives r again. In one order, without what is at its default, so that
/// equal requests have equal queries.
std::string format_search(const search::request& r, const settings& s);

}  // namespace rapporteur::api
