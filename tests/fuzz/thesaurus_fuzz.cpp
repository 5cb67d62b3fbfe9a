// Fuzzes the reading of a thesaurus: no bytes may upset it, a faulty line is told with its number, and what was read is
// never empty.
#include "server/search/thesaurus_file.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rapporteur::search;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto lines = static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  const thesaurus_rules read = read_thesaurus_rules(text);
  for (const thesaurus_rule& r : read.rules) {
    if (r.line == 0 || r.line > lines || r.from.empty() || r.to.empty()) std::abort();
    for (const auto* terms : {&r.from, &r.to}) {
      if (std::any_of(terms->begin(), terms->end(), [](const std::string& t) { return t.empty(); })) std::abort();
    }
  }
  for (const thesaurus_problem& p : read.problems) {
    if (p.line > lines || p.message.empty()) std::abort();
  }
  return 0;
}
