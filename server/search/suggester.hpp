// Suggests how a query that is still being typed may go on: words, names and phrases, and titles of articles.
//
// Owns which of them and in what order; what there is to suggest comes from server/search/vocabulary and
// server/search/suggestion_table, which may trail the index, so that each suggestion is looked up in the index before
// it is made. Its cost is bounded whatever is typed.
#pragma once

#include "index/reader.hpp"
#include "server/search/search.hpp"
#include "server/search/suggestion_table.hpp"
#include "server/search/vocabulary.hpp"

#include <xapian.h>

#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace rapporteur::search {

/// Belongs to the reader's thread.
class suggester {
 public:
  explicit suggester(index::reader& r) : reader_(r) {}

  /// Suggestions for q, best first, at most so many. What is null is not suggested from. Lets Xapian's exceptions
  /// through.
  std::vector<suggestion> suggest(std::string_view q, std::uint32_t limit, const vocabulary* words,
                                  const suggestion_table* table);

 private:
  struct state;
  struct candidate {
    std::string text;  // as printed
    std::string key;
    suggestion_kind is = suggestion_kind::word;
    double articles = 0;
    bool exact = false;   // … is their number now
    double together = 0;  // articles that it shares with the words before it, weighed by how rare it is
  };

  void add_lines(state& s, std::string_view beginning, std::vector<candidate>& out);
  void add_words(state& s, std::string_view beginning, std::vector<candidate>& out);
  void add_company(state& s, std::string_view beginning, std::span<const Xapian::docid> articles,
                   std::vector<candidate>& words);
  void favour_company(state& s, std::size_t word, std::vector<candidate>& words);
  void take(state& s, std::vector<candidate>& from, std::size_t word);
  void take_titles(state& s);
  bool is_live(const suggestion_table::line& l);

  index::reader& reader_;
  std::vector<suggestion_table::line> lines_;
  std::vector<vocabulary::frequent_word> words_;
  std::vector<std::string_view> titles_;
};

}  // namespace rapporteur::search
