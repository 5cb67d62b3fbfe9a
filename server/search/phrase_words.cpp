#include "server/search/phrase_words.hpp"

#include <cstdint>

namespace rapporteur::search {

std::vector<index::token> phrase_tokens(const index::token_list& list) {
  const auto& tokens = list.tokens();
  std::vector<index::token> out;
  std::uint32_t position = 0;
  std::uint32_t covered = 0;  // end of the last bigram
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const index::token& t = tokens[i];
    if (!index::carries_position(t.kind) || t.position == position) continue;
    position = t.position;
    // Only inside a longer phrase is the last character of a run needed, to keep the positions in a row.
    if (t.kind == index::token_kind::unigram && covered == t.end && i + 1 == tokens.size()) continue;
    if (t.kind == index::token_kind::bigram) covered = t.end;
    out.push_back(t);
  }
  return out;
}

}  // namespace rapporteur::search
