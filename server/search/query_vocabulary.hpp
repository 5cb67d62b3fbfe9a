// The fixed words of the query language: field names, operators, dates, language codes.
//
// Everything here works on ASCII as character_sequence::ascii() gives it. Private to the query parser.
#pragma once

#include "server/search/query_lexer.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace rapporteur::search {

/// A field that can be named in a query, and what its value is.
struct field_name {
  enum class form : std::uint8_t {
    words,  ///< searched like the text: title
    value,  ///< compared as a whole
    date,
  };
  form values = form::words;
  query_field field = query_field::text;  ///< text for date, which is no field of a leaf
  std::string tag;
};

/// name is in lower case, without its colon.
std::optional<field_name> find_field(std::string_view name);

struct operator_word {
  lexeme_kind kind = lexeme_kind::op_and;
  unsigned distance = 0;  ///< of NEAR; as typed, but at most 1000
};

/// The operator that a run of characters is, if it is one. Only capitals are.
std::optional<operator_word> find_operator(std::string_view run);

struct date_range {
  std::optional<partial_date> from, to;  ///< inclusive; at least one; equal for a single date
};

/// YYYY, YYYY-MM, YYYY-MM-DD, or two of these with .. between, either of which may be left out.
std::optional<date_range> read_dates(std::string_view text);

/// True if no day lies between the first of from and the last of to.
bool is_reversed(const date_range& r);

/// Two to eight letters, perhaps followed by subtags (BCP 47): en, prs, zh-Hant.
bool is_language_code(std::string_view text);

std::string lower_ascii(std::string s);

}  // namespace rapporteur::search
