#include "server/search/request_bounds.hpp"

#include "server/search/cursor.hpp"
#include "server/search/facets.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <utility>

namespace rapporteur::search {

result<void> check_bounds(const request& r, const limits& bounds) {
  const auto refuse = [](errc code, std::string message) -> result<void> { return error{code, std::move(message)}; };
  if (r.q.size() > bounds.max_query_bytes) {
    return refuse(errc::too_large,
                  fmt::format("q: {} bytes, at most {} are allowed", r.q.size(), bounds.max_query_bytes));
  }
  if (r.limit > bounds.max_limit)
    return refuse(errc::invalid_argument, fmt::format("limit: at most {}", bounds.max_limit));
  if (r.after && (r.offset > 0 || r.after->request != fingerprint_of(r))) {
    return refuse(errc::bad_cursor, "cursor is of another search; send the parameters that it was given for");
  }
  if (static_cast<std::uint64_t>(r.offset) + r.limit > bounds.max_depth && !r.after) {
    return refuse(errc::invalid_argument,
                  fmt::format("offset: offset and limit together reach at most {} deep", bounds.max_depth));
  }
  if (r.snippets > bounds.max_snippets)
    return refuse(errc::invalid_argument, fmt::format("snippets: at most {}", bounds.max_snippets));
  if (r.snippet_chars > bounds.max_snippet_chars || (r.snippets > 0 && r.snippet_chars < 20)) {
    return refuse(errc::invalid_argument, fmt::format("snippet_chars: from 20 to {}", bounds.max_snippet_chars));
  }
  for (const std::string& f : r.facets) {
    if (!is_facet(f))
      return refuse(errc::invalid_argument,
                    fmt::format("facets: “{}” is none of source, lang, author, collection, year, month, tag.NAME", f));
  }
  if (r.facet_values > bounds.max_facet_values)
    return refuse(errc::invalid_argument, fmt::format("facet_values: at most {}", bounds.max_facet_values));
  return {};
}

}  // namespace rapporteur::search
