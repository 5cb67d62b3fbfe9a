// Addresses of plain pages: a search's, an article's, and a search with a value of a filter added or taken off.
#pragma once

#include "server/api/settings.hpp"
#include "server/search/search.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::pages {

inline constexpr std::string_view k_search_path = "/plain/";
inline constexpr std::string_view k_article_path = "/plain/articles/{id}";
inline constexpr std::string_view k_help_path = "/plain/help";

/// Makes addresses as a client has to ask for them.
struct linker {
  const api::settings& defaults;  ///< of the plain pages' searches: what is at them is not in an address
  std::string prefix;             ///< before every path
  std::string language;           ///< of the interface, where the reader chose it; carried on

  /// Of any path of this server.
  [[nodiscard]] std::string to(std::string_view path) const { return prefix + std::string(path); }
  [[nodiscard]] std::string search(const search::request& r) const;
  /// The article, with what r finds marked, and r to go back to.
  [[nodiscard]] std::string article(std::string_view id, const search::request& r) const;
  [[nodiscard]] std::string help() const;
  /// The same addresses in another language.
  [[nodiscard]] linker in(std::string_view other) const { return {defaults, prefix, std::string(other)}; }

 private:
  [[nodiscard]] std::string with_query(std::string path, std::string query) const;
};

/// From the first page on.
search::request from_start(search::request r);

/// The values of a filter (source, lang, author, collection, tag.NAME); null if there are none.
const std::vector<std::string>* values_of(const search::field_values& f, std::string_view filter);

enum class choice { wanted, excluded, neither };
/// r with that value wanted, excluded, or neither, from its first page on.
search::request choose(search::request r, std::string_view filter, const std::string& value, choice c);

/// What of r says which articles are found and in which order; all else is as it is by default.
search::request what_is_found(const search::request& r, const api::settings& defaults);

/// Whether anything narrows the archive besides the query.
bool is_filtered(const search::request& r);
/// Whether there is anything to search for: words, filters, or an order to browse in.
bool is_search(const search::request& r);

}  // namespace rapporteur::pages
