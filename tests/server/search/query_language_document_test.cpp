// docs/query-language.md: its examples are true, and it has every warning.
#include "server/search/query_parser.hpp"
#include "tests/server/search/parsed_queries.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rapporteur::search {
namespace {

using ::testing::IsEmpty;

std::vector<std::string> code_spans(const std::string& line) {
  std::vector<std::string> out;
  std::size_t at = 0;
  while ((at = line.find('`', at)) != std::string::npos) {
    const std::size_t ticks = line.find_first_not_of('`', at) - at;
    const std::string fence(ticks, '`');
    const std::size_t end = line.find(fence, at + ticks);
    if (end == std::string::npos) break;
    std::string span = line.substr(at + ticks, end - at - ticks);
    // A table's cell cannot hold a bare vertical bar.
    for (std::size_t bar = 0; (bar = span.find("\\|", bar)) != std::string::npos;) span.erase(bar++, 1);
    out.push_back(std::move(span));
    at = end + ticks;
  }
  return out;
}

std::vector<std::string> read_lines(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

TEST(query_language_document, has_true_examples) {
  const auto lines = read_lines(RAPPORTEUR_SOURCE_DIR "/docs/query-language.md");
  ASSERT_THAT(lines, ::testing::Not(IsEmpty()));
  std::size_t examples = 0;
  bool inside = false;
  for (const std::string& line : lines) {
    if (line.starts_with("| Query | Understood as |"))
      inside = true;
    else if (!line.starts_with("|"))
      inside = false;
    else if (inside && !line.starts_with("|---")) {
      const auto spans = code_spans(line);
      ASSERT_GE(spans.size(), 2U) << line;
      EXPECT_EQ(to_string(parse_query(spans[0]).root), spans[1]) << line;
      ++examples;
    }
  }
  EXPECT_GE(examples, 50U);
}

/// The names in the last cell of a table's row: the spans before a colon or a semicolon of theirs.
std::vector<std::string> names_in_last_cell(const std::string& line) {
  const auto end = line.rfind('|');
  return code_spans(line.substr(line.rfind('|', end - 1) + 1));
}

std::vector<std::string> names_of(const named_values& values) {
  std::vector<std::string> out;
  for (const auto& v : values) out.push_back(v.name);
  return out;
}

/// A query that earns a warning whose example would be too long for a table.
std::string long_example(std::string_view code) {
  if (code == warning_code::too_deep) return std::string(40, '(') + 'a' + std::string(40, ')');
  if (code == warning_code::ill_formed_utf8) return "a \xff";
  std::string q;
  for (int i = 0; i < 300; ++i) q += "a ";
  return q;
}

TEST(query_language_document, lists_every_warning) {
  // Each row of the document's table gives a query that earns the warning.
  const auto lines = read_lines(RAPPORTEUR_SOURCE_DIR "/docs/query-language.md");
  std::vector<std::string> documented;
  bool inside = false;
  for (const std::string& line : lines) {
    if (line.starts_with("| Code | Example |"))
      inside = true;
    else if (!line.starts_with("|"))
      inside = false;
    else if (inside && !line.starts_with("|---")) {
      const auto spans = code_spans(line);
      ASSERT_GE(spans.size(), 1U) << line;
      documented.push_back(spans[0]);
      const bool has_example = line.find("` | `") != std::string::npos || line.find("` | ``") != std::string::npos;
      const auto parsed = parse_query(has_example ? spans[1] : long_example(spans[0]));
      const auto found = std::ranges::find(parsed.warnings, spans[0], &warning::code);
      ASSERT_NE(found, parsed.warnings.end()) << line << codes(parsed);
      EXPECT_EQ(names_of(found->values), names_in_last_cell(line)) << line;
    }
  }
  using namespace warning_code;
  EXPECT_THAT(documented,
              ::testing::UnorderedElementsAre(
                  unbalanced_quote, unbalanced_parenthesis, empty_phrase, empty_group, dangling_operator,
                  unknown_operator, mixed_and_or, excluded_alternative, only_excluded, unknown_field, empty_field,
                  bad_value, bad_date, reversed_range, near_operand, near_distance, wildcard_too_short,
                  wildcard_position, too_deep, too_many_terms, ill_formed_utf8, nothing_to_search));
}

}  // namespace
}  // namespace rapporteur::search
