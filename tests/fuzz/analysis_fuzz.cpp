// Fuzzes the tokeniser: any bytes give tokens that lie in the text, in order, bounded, with well-formed folded forms.
#include "index/analysis.hpp"
#include "index/unicode.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rapporteur::index;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  analyzer a;
  token_list list;
  for (const text_role role : {text_role::article, text_role::query}) {
    a.analyze(text, list, role);
    std::uint32_t position = 0;
    for (const token& t : list.tokens()) {
      const std::string_view folded = list.text(t);
      const bool sound = t.begin < t.end && t.end <= text.size() && !folded.empty() &&
                         folded.size() <= k_max_token_bytes && t.position >= position && t.position >= 1 &&
                         find_invalid_utf8(folded) == std::string_view::npos;
      if (!sound) std::abort();
      position = t.position;
    }
    if (position > list.last_position()) std::abort();
  }
  return 0;
}
