// How often the values of a field occur among the articles found.
//
// Of few articles the records are read; for many the posting lists of the field's terms are counted against the set,
// the most frequent terms first, until no other can be among the values asked for. The two give the same counts: a
// value is what the filter of that field compares, so two spellings that differ in case or accents are one. Must not
// know of HTTP. Lets Xapian's exceptions through.
#pragma once

#include "index/analysis.hpp"
#include "index/reader.hpp"
#include "server/search/match_set.hpp"
#include "server/search/search.hpp"

#include <xapian.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rapporteur::search {

/// True for source, lang, author, collection, year, month and tag.NAME.
bool is_facet(std::string_view name);

/// Whether f has values of that facet's field.
bool has_values(const field_values& f, std::string_view name);

/// Counts over one state of the index.
class facet_counter {
 public:
  /// r: whose selected and excluded values are listed in any case, and how many others.
  facet_counter(index::reader& reader, const request& r) : reader_(reader), request_(r) {}

  result<facet> count(const std::string& name, const match_set& found);

 private:
  /// A value by its term, for whichever spelling.
  struct counted {
    std::string term;
    std::uint64_t count = 0;
    std::string printed;  ///< empty: not known yet
  };
  result<std::vector<counted>> from_records(const std::string& name, const match_set& found);
  std::vector<counted> from_postings(const std::string& name, const match_set& found, bool& exact);
  std::uint64_t count_postings(const std::string& term, const match_set& found);
  std::uint64_t count_only_of_one_word(const std::string& term, const match_set& found, bool& exact);
  void note_names_by_word();
  result<std::string> printed(const std::string& name, const std::string& term, const match_set& found);

  index::reader& reader_;
  const request& request_;
  index::analyzer analyzer_;
  index::token_list tokens_;
  index::database_view::postings list_;
  std::optional<std::map<std::string, std::vector<std::string>>> names_by_word_;  // terms of authors' whole names
};

}  // namespace rapporteur::search
