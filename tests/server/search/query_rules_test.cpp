// The rules of the query language, each with what is understood and what is warned of.
#include "server/search/query_parser.hpp"
#include "tests/server/search/parsed_queries.hpp"

#include <gtest/gtest.h>

#include <ostream>

namespace rapporteur::search {
namespace {

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

}  // namespace
}  // namespace rapporteur::search
