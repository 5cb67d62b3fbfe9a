// What the API is told: the bounds and defaults of requests. Plain values; where they come from is not known here.
#pragma once

#include "server/search/search.hpp"

#include <cstdint>
#include <string>

namespace rapporteur::api {

struct settings {
  search::limits limits;
  std::uint32_t default_limit = 10;
  std::uint32_t default_facet_values = 100;
  std::uint32_t default_snippets = 3;
  std::uint32_t default_snippet_chars = 240;
  bool default_expand = true;

  /// Enters every ETag. Must differ between programs and configurations that answer the same request over the same
  /// index differently.
  std::string etag_salt;
};

}  // namespace rapporteur::api
