// The tree of a parsed query, its limits, and that no bytes at all can upset the parser.
#include "server/search/query_parser.hpp"

#include "tests/server/search/parsed_queries.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace rapporteur::search {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// ---- the tree itself ----------------------------------------------------------------------------------------------

TEST(query_parser, builds_the_documented_tree) {
  const struct {
    const char* query;
    const char* tree;
  } rows[] = {
      {"", "everything"},
      {"\"\"", "nothing"},
      {"a b", "all[word<a> word<b>]"},
      {"a b OR c d", "all[word<a> any[word<b> word<c>] word<d>]"},
      {"-x a -\"y z\"", "all[word<a> none[word<x> phrase<y z>]]"},
      {"a NEAR/4 (b OR c*) x", "all[near4[word<a> any[word<b> word<c>]] word<x>]"},
      {"title:(a OR =\"b\") abc*", "all[any[word:title<a> exact:title<b>] wildcard<abc>]"},
      {"tag.country:AFG author:(Jo Doe)", "all[filter:tag.country<AFG> filter:author<Jo Doe>]"},
      {"date:2018..2019-03 date:..2020", "all[date<2018|2019-03> date<|2020>]"},
      {"date:2019", "date<2019|2019>"},
  };
  for (const auto& r : rows) EXPECT_EQ(shape(parse_query(r.query).root), r.tree) << r.query;
}

TEST(query_parser, counts_columns_in_characters) {
  const parsed_query p = parse_query("é 북한 \"x y\" OR -z");
  std::vector<std::pair<std::string, std::uint32_t>> leaves;
  std::vector<std::string> excluded;
  for_each_leaf(p.root, [&](const query_node& n, bool out) {
    leaves.emplace_back(n.text, n.column);
    if (out) excluded.push_back(n.text);
  });
  EXPECT_THAT(leaves,
              ElementsAre(std::pair("é", 1U), std::pair("북한", 3U), std::pair("x y", 6U), std::pair("z", 16U)));
  EXPECT_THAT(excluded, ElementsAre("z"));
}

TEST(query_parser, leaves_out_what_is_beyond_its_limits) {
  parser_limits l;
  l.max_leaves = 3;
  parsed_query p = parse_query("a OR b c OR (d e)", l);
  EXPECT_EQ(to_string(p.root), "(a OR b) AND c");
  EXPECT_EQ(codes(p), "too_many_terms@14");

  l = {};
  l.max_warnings = 2;
  p = parse_query("))))))", l);
  EXPECT_EQ(p.warnings.size(), 2U);

  l = {};
  l.min_wildcard_letters = 5;
  EXPECT_EQ(to_string(parse_query("tort* tortu*", l).root), "tort AND tortu*");
}

// So that a warning can be told in any language: what its message tells stands beside it.
TEST(query_parser, gives_with_a_warning_what_it_tells) {
  struct row {
    std::string query;
    std::string_view code;
    named_values values;
  };
  const row rows[] = {
      {"to*", warning_code::wildcard_too_short, {{"n", 3U}}},
      {"a NEAR/99 b", warning_code::near_distance, {{"most", 50U}, {"taken", 50U}}},
      {"a NEAR/0 b", warning_code::near_distance, {{"most", 50U}, {"taken", 1U}}},
      {"a NEAR/3 b NEAR/7 c", warning_code::near_distance, {{"most", 50U}, {"taken", 7U}}},
      {"visit OR", warning_code::dangling_operator, {{"word", "OR"}}},
      {"visit ＡＮＤ", warning_code::dangling_operator, {{"word", "AND"}}},
      {"북한 ville:x", warning_code::unknown_field, {{"name", "ville"}}},
      {"korea Title:", warning_code::empty_field, {{"name", "Title"}}},
      {"lang:(en ko)", warning_code::bad_value, {{"value", "en ko"}}},
      {"date:أمس", warning_code::bad_date, {{"value", "أمس"}}},
      {"date:\"last  year\"", warning_code::bad_date, {{"value", "last year"}}},
      {"date:2019-06..2018", warning_code::reversed_range, {{"from", "2018"}, {"to", "2019-06"}}},
      {"a \xff b \xfe\xfe", warning_code::ill_formed_utf8, {{"n", 3U}}},
      {std::string(33, '(') + "a", warning_code::too_deep, {{"n", 32U}}},
      {"\"a", warning_code::unbalanced_quote, {}},
  };
  for (const auto& r : rows) {
    const auto p = parse_query(r.query);
    const auto found = std::ranges::find(p.warnings, r.code, &warning::code);
    ASSERT_NE(found, p.warnings.end()) << r.query << ": " << codes(p);
    EXPECT_EQ(found->values, r.values) << r.query;
  }
  parser_limits l;
  l.max_leaves = 3;
  EXPECT_EQ(parse_query("a b c d", l).warnings.at(0).values, (named_values{{"n", 3U}}));
}

TEST(query_parser, ignores_parentheses_nested_too_deep) {
  const auto nested = [](std::size_t depth) {
    std::string q;
    for (std::size_t i = 0; i < depth; ++i) q += "a" + std::to_string(i) + (i % 2 == 0 ? " OR (" : " (");
    return q + "end" + std::string(depth, ')');
  };
  EXPECT_THAT(parse_query(nested(20)).warnings, IsEmpty());
  for (const std::size_t depth : {33, 40, 100, 255}) {
    const parsed_query p = parse_query(nested(depth));
    EXPECT_THAT(codes(p), ::testing::HasSubstr("too_deep")) << depth;
    EXPECT_LE(nesting(p.root), parser_limits{}.max_depth);
    EXPECT_TRUE(equivalent(p.root, parse_query(to_string(p.root)).root)) << depth;
  }
  // Parentheses that group nothing cost nothing, but their number is bounded all the same.
  EXPECT_EQ(to_string(parse_query(std::string(100000, '(') + "a").root), "a");
  EXPECT_EQ(to_string(parse_query(std::string(100000, '(') + "a" + std::string(100000, ')')).root), "a");
}

// ---- properties, over generated queries ---------------------------------------------------------------------------

/// What query.hpp promises of every tree.
void check_invariants(const query_node& n, bool root, const std::string& q) {
  const auto fail = [&](const char* what) { ADD_FAILURE() << what << " in " << shape(n) << " of " << q; };
  if (!root && (n.kind == node_kind::everything || n.kind == node_kind::nothing)) fail("root kind inside");
  if (is_leaf(n.kind) != n.children.empty() && n.kind != node_kind::everything && n.kind != node_kind::nothing) {
    fail("children");
  }
  if (is_leaf(n.kind) && n.kind != node_kind::date && n.text.empty()) fail("empty leaf");
  if (n.kind == node_kind::date && !n.from && !n.to) fail("date without dates");
  if ((n.kind == node_kind::filter) != (n.scope > query_field::title)) fail("scope");
  if ((n.scope == query_field::tag) == n.tag_name.empty()) fail("tag name");
  if (n.kind == node_kind::near && (n.distance < 1 || n.distance > k_max_near)) fail("distance");
  for (const query_node& c : n.children) {
    const bool last = &c == &n.children.back();
    if (n.kind == node_kind::all_of && (c.kind == node_kind::all_of || (c.kind == node_kind::none_of && !last))) {
      fail("all_of child");
    }
    if (n.kind == node_kind::any_of && c.kind == node_kind::any_of) fail("any_of child");
    if (n.kind == node_kind::none_of && (c.kind == node_kind::none_of || c.kind == node_kind::any_of)) {
      fail("none_of child");
    }
    if (n.kind == node_kind::near && c.kind != node_kind::any_of && c.kind != node_kind::word &&
        c.kind != node_kind::wildcard && c.kind != node_kind::phrase) {
      fail("near child");
    }
    check_invariants(c, false, q);
  }
  if (n.children.size() < 2 &&
      (n.kind == node_kind::near || n.kind == node_kind::all_of || n.kind == node_kind::any_of)) {
    fail("too few children");
  }
}

void check_query(const std::string& q) {
  const parsed_query p = parse_query(q);
  const parser_limits l;
  check_invariants(p.root, true, q);
  const std::string understood = to_string(p.root);
  const parsed_query again = parse_query(understood);
  EXPECT_TRUE(equivalent(p.root, again.root)) << q << "\n"
                                              << understood << "\n"
                                              << shape(p.root) << "\n"
                                              << shape(again.root);
  std::size_t leaves = 0;
  for_each_leaf(p.root, [&](const query_node&, bool) { ++leaves; });
  EXPECT_LE(leaves, l.max_leaves) << q;
  EXPECT_LE(nesting(p.root), l.max_depth) << q;
  EXPECT_LE(p.warnings.size(), l.max_warnings) << q;
  for (const warning& w : p.warnings) {
    EXPECT_TRUE(w.column >= 1 && w.column <= q.size() + 1) << w.code << w.column << q;
    EXPECT_FALSE(w.message.empty());
  }
}

TEST(query_parser, any_bytes_are_a_query) {
  std::mt19937 random(20190613);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same queries on every run
  for (int i = 0; i < 40000 && !::testing::Test::HasFailure(); ++i) {
    std::string q(random() % 60, '\0');
    for (char& c : q) c = static_cast<char>(random() % (i % 2 == 0 ? 256 : 128));
    check_query(q);
  }
}

TEST(query_parser, any_arrangement_of_its_own_syntax_is_a_query) {
  static const std::vector<std::string> k_pieces = {" ",        " ",
                                                    " ",        " ",
                                                    "(",        ")",
                                                    "（",       "）",
                                                    "\"",       "“",
                                                    "”",        "«",
                                                    "»",        "-",
                                                    "−",        "=",
                                                    "=\"",      "*",
                                                    "**",       ":",
                                                    "：",       "..",
                                                    "…",        ".",
                                                    ",",        "'",
                                                    "/",        "//",
                                                    "|",        "||",
                                                    "+",        "&",
                                                    "OR",       " OR ",
                                                    "AND",      " AND ",
                                                    "NOT",      " NOT ",
                                                    "NEAR",     " NEAR/3 ",
                                                    "NEAR/",    " ＯＲ ",
                                                    "title",    "title:",
                                                    " title: ", "source:",
                                                    "author:(", "lang:",
                                                    "tag.",     "tag.x:",
                                                    "symbol:",  "date:",
                                                    "date:(",   "2019",
                                                    "2019-06",  "2018..",
                                                    "..2020",   "foo:",
                                                    "http://",  "S/RES/",
                                                    "(2006)",   "7(3)",
                                                    "a",        "b",
                                                    "word",     "Quintana",
                                                    "北韩",     "북한",
                                                    "צה",       "ל",
                                                    "é",        "e\u0301",
                                                    "\u200F",   "\u200D",
                                                    "\xFF",     "\xC3",
                                                    "120,000",  "U.N.",
                                                    "，",       "　",
                                                    "\n",       std::string(1, '\0'),
                                                    "@",        "#",
                                                    "!",        "?",
                                                    "😀",        "１",
                                                    "Ａ",       "ไทย"};
  std::mt19937 random(42);  // NOLINT(cert-msc32-c,cert-msc51-cpp)
  for (int i = 0; i < 60000 && !::testing::Test::HasFailure(); ++i) {
    std::string q;
    for (std::size_t n = random() % 24; n > 0; --n) q += k_pieces[random() % k_pieces.size()];
    check_query(q);
  }
}

std::string well_formed(std::mt19937& random, int depth) {
  static const char* const k_leaves[] = {"camp",    "\"prison camp\"",  "=\"U.N.\"",   "tortur*",         "title:visit",
                                         "lang:ko", "source:(NK News)", "date:2018..", "tag.country:AFG", "x NEAR/4 y",
                                         "-sport"};
  if (depth == 0 || random() % 4 == 0) return k_leaves[random() % std::size(k_leaves)];
  std::string q;
  static const char* const k_joins[] = {" ", " OR ", " AND ", " NOT ", " -"};
  for (std::size_t n = 2 + random() % 3; n > 0; --n) {
    q += random() % 2 == 0 ? "(" + well_formed(random, depth - 1) + ")" : well_formed(random, depth - 1);
    if (n > 1) q += k_joins[random() % std::size(k_joins)];
  }
  return q;
}

TEST(query_parser, writes_back_what_it_read) {
  std::mt19937 random(7);  // NOLINT(cert-msc32-c,cert-msc51-cpp)
  for (int i = 0; i < 10000 && !::testing::Test::HasFailure(); ++i) check_query(well_formed(random, 1 + i % 5));
}

TEST(query_parser, takes_time_proportional_to_the_query) {
  // Each of these would take minutes if any part of it were read once more for every character. The test's own time
  // limit is the judge.
  constexpr std::size_t k_repeats = 200000;
  for (const char* piece :
       {"(",       ")",      "\"",       "«",       "-",        "--a ", "a:",       "a:....", "title:",
        "title: ", "date:",  "date:x,",  "=\"",     "NOT ",     "OR ",  "a OR ",    "NEAR ",  "1(2)",
        "1(",      "-\"\" ", "-(",       "*",       "a*",       ". ",   "source:(", "\xFF",   "-\" «",
        "a-",      "a,",     "date:(x ", "http://", "title:\"", "|",    "(a"}) {
    std::string q;
    for (std::size_t i = 0; i < k_repeats; ++i) q += piece;
    const parsed_query p = parse_query(q);
    std::size_t leaves = 0;
    for_each_leaf(p.root, [&](const query_node&, bool) { ++leaves; });
    EXPECT_LE(leaves, parser_limits{}.max_leaves) << piece;
  }
}

}  // namespace
}  // namespace rapporteur::search
