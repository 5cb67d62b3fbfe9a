// The body of a request that posts articles: checked, given ids, and written anew as JSON Lines for the inbox.
//
// Owns what is refused before a request is accepted: what is not JSON, what is no article. What an article's other
// fields may hold is the indexer's business and stands in the receipt.
#pragma once

#include "index/error.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace rapporteur::api {

enum class post_format : std::uint8_t {
  json,   ///< one object, or an array of objects
  lines,  ///< one object per line; blank lines do not count
};

struct posted_articles {
  std::string lines;  ///< one article per line, each with its id as the first key; numbers as they were written
  std::vector<std::string> ids;  ///< of the articles, in their order
};

/// Why nothing of a body is taken, and where. Does not quote texts.
struct post_problem {
  error what;
  std::uint64_t article = 0;  ///< 1-based; 0: not about one
  std::uint64_t line = 0;     ///< 1-based, of the body; 0: not about one
};

/// errc::malformed: not JSON, not an object, a key twice, no title and no text, an id that cannot be one, two articles
/// of one id, none at all. errc::encoding: not UTF-8. errc::too_large: more than max_articles, an id that is too long.
///
/// An article without an id gets one that is the same whenever it is posted again: of its address, as the indexer would
/// derive it, else "c-" and a hash of all that it holds.
std::variant<posted_articles, post_problem> read_posted(std::string_view body, post_format format,
                                                        std::size_t max_articles);

}  // namespace rapporteur::api
