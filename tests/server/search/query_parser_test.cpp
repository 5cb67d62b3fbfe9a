// The query language: every rule of docs/query-language.md, its examples, and that no bytes at all can upset it.

#include "server/search/query_parser.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <random>
#include <string>
#include <vector>

namespace rapporteur::search {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string codes(const parsed_query& p) {
  std::string out;
  for (const warning& w : p.warnings) out += (out.empty() ? "" : " ") + w.code + "@" + std::to_string(w.column);
  return out;
}

std::string kind_name(node_kind k) {
  static const char* const k_names[] = {"everything", "nothing", "word", "wildcard", "phrase", "exact",
                                        "filter",     "date",    "near", "all",      "any",    "none"};
  return k_names[static_cast<std::size_t>(k)];
}

/// The tree as it is, so that a mistake in to_string() cannot hide one in the parser.
std::string shape(const query_node& n) {
  std::string out = kind_name(n.kind);
  if (n.kind == node_kind::near) out += std::to_string(n.distance);
  if (is_leaf(n.kind) && n.scope != query_field::text) out += ":" + std::string(to_string(n.scope));
  if (!n.tag_name.empty()) out += "." + n.tag_name;
  if (is_leaf(n.kind) && n.kind != node_kind::date) out += "<" + n.text + ">";
  if (n.kind == node_kind::date) {
    out += "<" + (n.from ? n.from->to_string() : "") + "|" + (n.to ? n.to->to_string() : "") + ">";
  }
  if (!n.children.empty()) {
    out += "[";
    for (const query_node& c : n.children) out += (&c == &n.children.front() ? "" : " ") + shape(c);
    out += "]";
  }
  return out;
}

// ---- rules, by what is understood ---------------------------------------------------------------------------------

struct rule {
  const char* query;
  const char* understood;
  const char* warnings = "";
};

std::ostream& operator<<(std::ostream& o, const rule& r) {
  return o << r.query;
}

class query_rules : public ::testing::TestWithParam<rule> {};

TEST_P(query_rules, are_understood) {
  const rule& r = GetParam();
  const parsed_query p = parse_query(r.query);
  EXPECT_EQ(to_string(p.root), r.understood);
  EXPECT_EQ(codes(p), r.warnings);
  const parsed_query again = parse_query(to_string(p.root));
  EXPECT_TRUE(equivalent(p.root, again.root)) << shape(p.root) << "\n" << shape(again.root);
}

constexpr rule k_words[] = {
    {"", "*"},
    {"  \t\n ", "*"},
    {"*", "*"},
    {" * ", "*"},
    {"quintana", "quintana"},
    {"quintana visit", "quintana AND visit"},
    {"quintana AND visit", "quintana AND visit"},
    {"quintana and visit", "quintana AND and AND visit"},
    {"O'Brien O’Brien", "O'Brien AND O’Brien"},
    {"ill-treatment", "ill-treatment"},
    {"and/or", "and/or"},
    {"U.N. visit.", "U.N. AND visit"},
    {"Who is Quintana?", "Who AND is AND Quintana"},
    {"¿Qué pasó?", "Qué AND pasó"},
    {"korea,japan; china", "korea AND japan AND china"},
    {"120,000 dead", "120,000 AND dead"},
    {"北韩，平壤。访问", "北韩 AND 平壤 AND 访问"},
    {"a - b & c / d", "a AND b AND c AND d"},
    {"https://example.org/a?b=c 12:30", "https://example.org/a?b=c AND 12:30"},
    {"S/RES/1718(2006) 7(3)(a)", "S/RES/1718(2006) AND 7(3)(a)"},
    {"A/HRC/25/63", "A/HRC/25/63"},
    {"journalist(s)", "journalist AND s"},
    {"main()", "main", "empty_group@5"},
    {"+korea +\"prison camp\"", "korea AND \"prison camp\""},
    {"#metoo @nknewsorg $100", "metoo AND nknewsorg AND 100"},
    {"a || b", "a AND b", "unknown_operator@3"},
    {"\xE2\x80\x8Fכבר\xE2\x80\x8E now", "כבר AND now"},
    {"צה\"ל הודיע", "צה\"ל AND הודיע"},
    {"???", "\"\"", "nothing_to_search@1"},
    {"\xF0\x9F\x98\x80", "\"\"", "nothing_to_search@1"},
};
INSTANTIATE_TEST_SUITE_P(words, query_rules, ::testing::ValuesIn(k_words));

constexpr rule k_phrases[] = {
    {"\"political prison camps\"", "\"political prison camps\""},
    {"\"  two \t words \"", "\"two words\""},
    {"“prison camps” „prison camps“ «prison camps» »prison camps«",
     "\"prison camps\" AND \"prison camps\" AND \"prison camps\" AND \"prison camps\""},
    {"”swedish” ＂wide＂ “mixed\"", "\"swedish\" AND \"wide\" AND \"mixed\""},
    {"«a \"b\" c»", "«a \"b\" c»"},
    {"\"a «b» c\"", "\"a «b» c\""},
    {"foo\"bar baz\"qux", "foo AND \"bar baz\" AND qux"},
    {"\"דובר צה\"ל\" הודיע", "\"דובר צה\"ל\" AND הודיע"},
    {"\"political prison", "political AND prison", "unbalanced_quote@1"},
    {"prison camps\"", "prison AND camps", "unbalanced_quote@13"},
    {"\"a b\" c\"", "\"a b\" AND c", "unbalanced_quote@8"},
    {"a \"\" b", "a AND b", "empty_phrase@3"},
    {"a \"...\"", "a", "empty_phrase@3"},
    {"\"\"", "\"\"", "empty_phrase@1 nothing_to_search@1"},
    {"\"prison cam*\"", "\"prison cam*\"", "wildcard_position@12"},
    {"=\"U.N.\"", "=\"U.N.\""},
    {"=\"  as  typed \"", "=\"  as  typed \""},
    {"=“C.O.I.”", "=\"C.O.I.\""},
    {"＝＂U.N.＂", "=\"U.N.\""},
    {"=«say \"no\"»", "=«say \"no\"»"},
    {"a=\"b\"", "a AND \"b\""},
    {"=\"open", "open", "unbalanced_quote@2"},
    {"=\"?!\"", "\"\"", "empty_phrase@1 nothing_to_search@1"},
};
INSTANTIATE_TEST_SUITE_P(phrases, query_rules, ::testing::ValuesIn(k_phrases));

constexpr rule k_operators[] = {
    {"a OR b", "a OR b"},
    {"a b OR c d", "a AND (b OR c) AND d"},
    {"a AND b OR c AND d", "(a AND b) OR (c AND d)", "mixed_and_or@9"},
    {"(a AND b) OR (c AND d)", "(a AND b) OR (c AND d)"},
    {"a AND (b OR c) AND d", "a AND (b OR c) AND d"},
    {"a b AND c OR d e", "a AND ((b AND c) OR d) AND e", "mixed_and_or@11"},
    {"a OR b OR (c OR d)", "a OR b OR c OR d"},
    {"((a)) (b (c d))", "a AND b AND c AND d"},
    {"（a OR b）　c", "(a OR b) AND c"},
    {"ａ ＯＲ b", "ａ OR b"},
    {"a\"b\"OR\"c\"", "a AND (\"b\" OR \"c\")"},
    {"a AND(b OR c)", "a AND (b OR c)"},
    {"a or b", "a AND or AND b"},
    {"a NOT b", "a AND NOT b"},
    {"a AND NOT b", "a AND NOT b"},
    {"a -b", "a AND NOT b"},
    {"a －b −c", "a AND NOT b AND NOT c"},
    {"a - b", "a AND b"},
    {"a --b", "a AND b"},
    {"a–b –c", "a–b AND c"},
    {"-b a -c", "a AND NOT b AND NOT c"},
    {"a -(b c)", "a AND NOT (b AND c)"},
    {"a -(b OR c)", "a AND NOT b AND NOT c"},
    {"a -\"b c\"", "a AND NOT \"b c\""},
    {"a (-b)", "a AND NOT b"},
    {"a -'b'", "a AND NOT b"},
    {"a NOT NOT b", "a AND b"},
    {"a NOT (b NOT c)", "a AND NOT (b AND NOT c)"},
    {"NOT (a OR NOT b)", "b AND NOT a", "excluded_alternative@8"},
    {"-b", "NOT b", "only_excluded@2"},
    {"-b -c", "NOT b AND NOT c", "only_excluded@2"},
    {"a OR -b", "a OR NOT b", "excluded_alternative@3"},
    {"a OR (-b -c)", "a OR (NOT b AND NOT c)", "excluded_alternative@3"},
    {"-OR", "NOT or", "only_excluded@2"},
    {"a -\"\" b", "a AND b", "empty_phrase@4"},
    {"a NOT \"\" b", "a AND b", "empty_phrase@7"},
    {"a OR \"\" b", "a AND b", "empty_phrase@6"},
};
INSTANTIATE_TEST_SUITE_P(operators, query_rules, ::testing::ValuesIn(k_operators));

constexpr rule k_dangling[] = {
    {"OR", "or", "dangling_operator@1"},
    {"a OR", "a AND or", "dangling_operator@3"},
    {"OR a", "or AND a", "dangling_operator@1"},
    {"a OR OR b", "(a OR or) AND b", "dangling_operator@6"},
    {"a AND", "a AND and", "dangling_operator@3"},
    {"(a OR) b", "a AND or AND b", "dangling_operator@4"},
    {"a NOT", "a AND not", "dangling_operator@3"},
    {"NOT OR a", "not OR a", "dangling_operator@1"},
    {"a NEAR/5", "a AND near/5", "dangling_operator@3"},
    {"ＮＯＴ", "not", "dangling_operator@1"},
    {"(a b", "a AND b", "unbalanced_parenthesis@1"},
    {"a OR (b c", "a OR (b AND c)", "unbalanced_parenthesis@6"},
    {"a b) c", "a AND b AND c", "unbalanced_parenthesis@4"},
    {")(", "\"\"", "unbalanced_parenthesis@1 nothing_to_search@1 unbalanced_parenthesis@2"},
    {"a ()", "a", "empty_group@3"},
    {"\"OR\"", "\"OR\""},
};
INSTANTIATE_TEST_SUITE_P(dangling, query_rules, ::testing::ValuesIn(k_dangling));

constexpr rule k_near[] = {
    {"a NEAR b", "a NEAR/10 b"},
    {"a NEAR/3 b", "a NEAR/3 b"},
    {"\"prison camp\" NEAR/5 \"north korea\"", "\"prison camp\" NEAR/5 \"north korea\""},
    {"a NEAR/3 b NEAR/3 c", "a NEAR/3 b NEAR/3 c"},
    {"a NEAR/3 b NEAR/7 c", "a NEAR/7 b NEAR/7 c", "near_distance@12"},
    {"a NEAR/0 b", "a NEAR/1 b", "near_distance@3"},
    {"a NEAR/999999999999 b", "a NEAR/50 b", "near_distance@3"},
    {"a NEAR/x b", "a AND NEAR/x AND b"},
    {"(a OR \"b c\") NEAR/5 tort*", "(a OR \"b c\") NEAR/5 tort*"},
    {"a NEAR/5(b OR c)", "a NEAR/5 (b OR c)"},
    {"a NEAR (b c)", "a AND b AND c", "near_operand@3"},
    {"a NEAR -b", "a AND NOT b", "near_operand@3"},
    {"a NEAR title:b", "a AND title:b", "near_operand@3"},
    {"a NEAR lang:en", "a AND lang:en", "near_operand@3"},
    {"a NEAR =\"b\"", "a AND =\"b\"", "near_operand@3"},
    {"(a NEAR b) NEAR c", "a NEAR/10 b AND c", "near_operand@12"},
    {"title:(a NEAR/2 b)", "title:a NEAR/2 title:b"},
    {"x a NEAR b OR c", "x AND (a NEAR/10 b OR c)"},
    {"x -a NEAR b", "x AND NOT (a NEAR/10 b)"},
    {"x NOT a NEAR/4 b", "x AND NOT (a NEAR/4 b)"},
    {"a NEAR \"\"", "a", "empty_phrase@8"},
    {"a near b", "a AND near AND b"},
};
INSTANTIATE_TEST_SUITE_P(near, query_rules, ::testing::ValuesIn(k_near));

constexpr rule k_wildcards[] = {
    {"tortur*", "tortur*"},
    {"tortur*, killings", "tortur* AND killings"},
    {"tortur**", "tortur*"},
    {"tor*", "tor*"},
    {"to*", "to", "wildcard_too_short@1"},
    {"북한*", "북한*"},
    {"북*", "북", "wildcard_too_short@1"},
    {"tortur＊", "tortur*"},
    {"*ture", "ture", "wildcard_position@2"},
    {"tor*ure", "tor*ure", "wildcard_position@1"},
    {"**bold**", "bold", "wildcard_position@3"},
    {"a * b", "a AND b"},
    {"NOT*", "NOT*"},
    {"title:tortur*", "title:tortur*"},
};
INSTANTIATE_TEST_SUITE_P(wildcards, query_rules, ::testing::ValuesIn(k_wildcards));

constexpr rule k_fields[] = {
    {"title:visit", "title:visit"},
    {"TITLE:visit", "title:visit"},
    {"title：visit", "title:visit"},
    {"title: visit", "title:visit"},
    {"title:\"prison camp\" x", "title:\"prison camp\" AND x"},
    {"title:=\"U.N.\"", "title:=\"U.N.\""},
    {"title:(a OR b) c", "(title:a OR title:b) AND c"},
    {"title:（a b）", "title:a AND title:b"},
    {"title:(a author:x (b))", "title:a AND author:x AND title:b"},
    {"-title:a b", "b AND NOT title:a"},
    {"title:-a b", "b AND NOT title:a"},
    {"title:(a -b)", "title:a AND NOT title:b"},
    {"title:OR", "title:OR"},
    {"title:http://x.org", "title:http://x.org"},
    {"title:date:2019", "title:date:2019"},
    {"source:NKNews", "source:NKNews"},
    {"source:\"NK News\"", "source:\"NK News\""},
    {"source:(NK News OR Reuters)", "source:\"NK News\" OR source:Reuters"},
    {"source:(Radio & TV, Ltd OR \"x y\")", "source:\"Radio & TV, Ltd\" OR source:\"x y\""},
    {"source:Yahoo!", "source:\"Yahoo!\""},
    {"source:=\"NK News\"", "source:\"NK News\""},
    {"source:NK*", "source:NK", "wildcard_position@8"},
    {"author:O'Brien", "author:O'Brien"},
    {"author:\"Tomás Ojea Quintana\"", "author:\"Tomás Ojea Quintana\""},
    {"lang:en", "lang:en"},
    {"lang:(en OR ko)", "lang:en OR lang:ko"},
    {"lang:zh-Hant", "lang:zh-Hant"},
    {"lang:(en ko)", "lang:\"en ko\"", "bad_value@7"},
    {"lang:\"1\"", "lang:1", "bad_value@6"},
    {"collection:upr", "collection:upr"},
    {"symbol:A/HRC/25/63", "symbol:A/HRC/25/63"},
    {"symbol:S/RES/1718(2006)", "symbol:\"S/RES/1718(2006)\""},
    {"tag.country:AFG", "tag.country:AFG"},
    {"Tag.Country:(AFG OR PAK)", "tag.country:AFG OR tag.country:PAK"},
    {"tag.state:OR", "tag.state:OR"},
    {"tag.time:12:30", "tag.time:\"12:30\""},
    {"tag:AFG", "tag AND AFG", "unknown_field@1"},
    {"tag.a-b:c", "tag.a-b AND c", "unknown_field@1"},
    {"foo:bar", "foo AND bar", "unknown_field@1"},
    {"foo:(a OR b)", "foo AND (a OR b)", "unknown_field@1"},
    {"foo:\"a b\"", "foo AND \"a b\"", "unknown_field@1"},
    {"North Korea: UN visits", "North AND Korea AND UN AND visits"},
    {"title:", "title", "empty_field@1"},
    {"a title: OR b", "a AND (title OR b)", "empty_field@3"},
    {"title: lang:en", "title AND lang:en", "empty_field@1"},
    {"title:\"\" b", "b", "empty_phrase@7"},
    {"título:informe", "título:informe"},
};
INSTANTIATE_TEST_SUITE_P(fields, query_rules, ::testing::ValuesIn(k_fields));

constexpr rule k_dates[] = {
    {"date:2019", "date:2019"},
    {"date:2019-06", "date:2019-06"},
    {"date:2019-06-13", "date:2019-06-13"},
    {"date:2018..2019-03", "date:2018..2019-03"},
    {"date:2018..", "date:2018.."},
    {"date:..2019", "date:..2019"},
    {"date:2018…2019", "date:2018..2019"},
    {"date:2018...2019", "date:2018..2019"},
    {"date:2018..2018", "date:2018"},
    {"date:\"2019-06\"", "date:2019-06"},
    {"date: 2019-06", "date:2019-06"},
    {"ｄａｔｅ：２０１９－０６", "date:2019-06"},
    {"date:(2018 OR 2019-06)", "date:2018 OR date:2019-06"},
    {"a -date:2019", "a AND NOT date:2019"},
    {"date:2019, b", "date:2019 AND b"},
    {"date:2019..2018", "date:2018..2019", "reversed_range@6"},
    {"date:2019-06..2019", "date:2019-06..2019"},
    {"date:2019-13", "date AND 2019-13", "bad_date@6"},
    {"date:2019-02-29", "date AND 2019-02-29", "bad_date@6"},
    {"date:2020-02-29", "date:2020-02-29"},
    {"date:yesterday", "date AND yesterday", "bad_date@6"},
    {"date:2019-06-13T12:00", "date AND 2019-06-13T12:00", "bad_date@6"},
    {"date:foo:bar", "date AND foo AND bar", "bad_date@6"},
    {"date:x,date:y,date:z", "date AND x AND date AND y AND date AND z", "bad_date@6"},
    {"date:\"last year\"", "date AND \"last year\"", "bad_date@7"},
    {"date:(2018 OR soon)", "date:2018 OR soon", "bad_date@15"},
    {"date:..", "date", "empty_field@1"},
    {"date:OR", "date AND or", "bad_date@6"},
};
INSTANTIATE_TEST_SUITE_P(dates, query_rules, ::testing::ValuesIn(k_dates));

constexpr rule k_bytes[] = {
    {"caf\xE9 noir", "caf AND noir", "ill_formed_utf8@4"},
    {"\xFF\xFE", "\"\"", "ill_formed_utf8@1 nothing_to_search@1"},
    {"\"a\xC0\x80z\"", "\"a z\"", "ill_formed_utf8@3"},
    {"é é \"x", "é AND é AND x", "unbalanced_quote@5"},
};
INSTANTIATE_TEST_SUITE_P(bytes, query_rules, ::testing::ValuesIn(k_bytes));

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

// ---- the documentation --------------------------------------------------------------------------------------------

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
      if (spans.size() < 2 || spans[0] == "too_deep" || spans[0] == "too_many_terms") continue;
      EXPECT_THAT(codes(parse_query(spans[1])), ::testing::HasSubstr(spans[0])) << line;
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
