// Fuzzes the query parser: no bytes may upset it, and what it understood must read back as the same tree.

#include "server/search/query_parser.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rapporteur::search;
  const parser_limits limits;
  const parsed_query first = parse_query(std::string_view(reinterpret_cast<const char*>(data), size), limits);
  const parsed_query second = parse_query(to_string(first.root), limits);
  std::size_t leaves = 0;
  for_each_leaf(first.root, [&](const query_node&, bool) { ++leaves; });
  const bool sound = equivalent(first.root, second.root) && leaves <= limits.max_leaves &&
                     nesting(first.root) <= limits.max_depth && first.warnings.size() <= limits.max_warnings;
  if (!sound) std::abort();
  return 0;
}
