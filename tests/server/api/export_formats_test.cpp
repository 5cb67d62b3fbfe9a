// What each format writes of an article.
#include "server/api/citation.hpp"
#include "server/api/export_bibtex.hpp"
#include "server/api/export_csv.hpp"
#include "server/http/json_string.hpp"
#include "tests/server/api/hostile_article.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace rapporteur::api {
namespace {

using namespace std::string_literals;
using test::hostile_article;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
namespace json = boost::json;

std::string document(const export_format& f, const std::vector<article>& articles, const export_options& o = {}) {
  const auto writer = f.open(o);
  std::string out;
  writer->begin(out);
  for (const auto& a : articles) writer->add(out, a);
  writer->end(out);
  return out;
}

article plain_article() {
  article a;
  a.id = "a/1";
  a.title = "An envoy in Harsk";
  a.text = "First.\n\nSecond.";
  a.url = "https://courier.example/1";
  a.published = partial_date::parse("2019-06-03").value();
  a.updated = partial_date::parse("2020").value();
  a.source = "The Courier";
  a.authors = {"Tomás Ojea Quintana", "Courier staff"};
  a.language = "en";
  a.collection = "press";
  a.tags = {{"country", {"PRK", "KOR"}}, {"topic", {"visits"}}};
  return a;
}

article bare_article() {
  article a;
  a.id = "b";
  a.title = "B";
  return a;
}

/// Rows of RFC 4180, with any line end outside of quotes.
std::vector<std::vector<std::string>> read_csv(std::string_view s) {
  std::vector<std::vector<std::string>> rows(1, std::vector<std::string>(1));
  bool quoted = false;
  for (std::size_t i = 0; i < s.size(); ++i) {
    auto& cell = rows.back().back();
    if (quoted) {
      if (s[i] != '"') {
        cell += s[i];
      } else if (i + 1 < s.size() && s[i + 1] == '"') {
        cell += s[++i];
      } else {
        quoted = false;
      }
    } else if (s[i] == '"') {
      quoted = true;
    } else if (s[i] == ',') {
      rows.back().emplace_back();
    } else if (s.substr(i).starts_with("\r\n")) {
      ++i;
      rows.emplace_back(1);
    } else {
      cell += s[i];
    }
  }
  rows.pop_back();
  return rows;
}

TEST(csv_cells, are_quoted_and_never_formulae) {
  struct row {
    std::string in, out;
  };
  const row k_rows[] = {
      {"", ""},
      {"plain", "plain"},
      {"a,b", "\"a,b\""},
      {"a;b", "\"a;b\""},
      {"say \"x\"", "\"say \"\"x\"\"\""},
      {"a\r\nb", "\"a\nb\""},
      {" a", "\" a\""},
      {"'a", "\"'a\""},
      {"=1+1", "\"'=1+1\""},
      {"+1", "\"'+1\""},
      {"-1", "\"'-1\""},
      {"@x", "\"'@x\""},
      {"\tx", "\"'\tx\""},
      {"\rx", "\"'\nx\""},
      {"\nx", "\"'\nx\""},
      {"＝1", "\"'＝1\""},
      {"\u0085=1", "\"'\n=1\""},
      {"'=1", "\"''=1\""},
      {"''＋1", "\"'''＋1\""},
      {"'", "\"'\""},
      {"1=1", "1=1"},
      {"a\0b"s, "a�b"},
  };
  for (const auto& r : k_rows) {
    std::string out;
    append_csv_cell(out, r.in);
    EXPECT_EQ(out, r.out) << r.in;
  }
}

TEST(csv, has_a_header_and_a_line_for_each_article) {
  const auto rows = read_csv(document(k_csv, {plain_article(), bare_article()}, {.with_text = true}));
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_THAT(rows[0], ElementsAre("id", "title", "published", "updated", "source", "authors", "lang", "collection",
                                   "url", "tags", "title_derived", "lang_detected", "text"));
  EXPECT_THAT(rows[1], ElementsAre("a/1", "An envoy in Harsk", "2019-06-03", "2020", "The Courier",
                                   "Tomás Ojea Quintana; Courier staff", "en", "press", "https://courier.example/1",
                                   "country: PRK; country: KOR; topic: visits", "", "", "First.\n\nSecond."));
  EXPECT_THAT(rows[2], ElementsAre("b", "B", "", "", "", "", "", "", "", "", "", "", ""));
  EXPECT_EQ(document(k_csv, {}, {.with_bom = true}).substr(0, 6), "\xEF\xBB\xBFid,");
}

TEST(csv, holds_what_is_hostile_in_its_cells) {
  const auto a = hostile_article();
  const auto rows = read_csv(document(k_csv, {a, plain_article()}, {.with_text = true}));
  ASSERT_EQ(rows.size(), 3U);
  for (const auto& row : rows) EXPECT_EQ(row.size(), rows[0].size());
  for (const auto& cell : rows[1]) {
    EXPECT_EQ(cell.find_first_of("=+-@\t\r\n"), cell.empty() ? std::string::npos : cell.find_first_of("=+-@\t\r\n", 1))
        << cell;
  }
  EXPECT_EQ(rows[1][12], a.text);
  EXPECT_EQ(rows[2][0], "a/1");
}

TEST(jsonl, has_an_article_on_each_line) {
  const auto lines = document(k_jsonl, {plain_article()}, {.with_text = true});
  EXPECT_EQ(lines,
            R"({"id":"a/1","title":"An envoy in Harsk","date":"2019-06-03","updated":"2020","source":"The Courier",)"
            R"("authors":["Tomás Ojea Quintana","Courier staff"],"lang":"en","collection":"press",)"
            R"("url":"https://courier.example/1","tags":{"country":["PRK","KOR"],"topic":["visits"]},)"
            R"("text":"First.\n\nSecond."})"
            "\n");
  EXPECT_EQ(document(k_jsonl, {bare_article()}), "{\"id\":\"b\",\"title\":\"B\"}\n");
  const auto hostile = document(k_jsonl, {hostile_article()}, {.with_text = true});
  EXPECT_EQ(hostile.find('\n'), hostile.size() - 1);
  EXPECT_EQ(json::parse(hostile).at("title").as_string(), hostile_article().title);
}

TEST(jsonl, leaves_out_what_was_derived_from_the_text_that_it_has) {
  auto a = plain_article();
  a.title_derived = true;
  a.language_detected = true;
  const auto with = json::parse(document(k_jsonl, {a}, {.with_text = true}));
  EXPECT_FALSE(with.as_object().contains("title"));
  EXPECT_FALSE(with.as_object().contains("lang"));
  const auto without = json::parse(document(k_jsonl, {a}));
  EXPECT_TRUE(without.as_object().contains("title"));
  EXPECT_TRUE(without.as_object().contains("lang"));
}

TEST(ris, has_a_line_for_each_value) {
  EXPECT_EQ(document(k_ris, {plain_article(), bare_article()}),
            "TY  - NEWS\r\nID  - a/1\r\nTI  - An envoy in Harsk\r\nAU  - Quintana, Tomás Ojea\r\n"
            "AU  - Courier staff\r\nT2  - The Courier\r\nPY  - 2019\r\nDA  - 2019/06/03/\r\nLA  - en\r\n"
            "UR  - https://courier.example/1\r\nKW  - PRK\r\nKW  - KOR\r\nKW  - visits\r\nER  - \r\n\r\n"
            "TY  - GEN\r\nID  - b\r\nTI  - B\r\nER  - \r\n\r\n");
  const auto hostile = document(k_ris, {hostile_article()});
  EXPECT_THAT(hostile, HasSubstr("DA  - 2019/06//\r\n"));
  // Every line has a tag, and the only end is the end.
  std::size_t ends = 0;
  for (std::size_t at = 0; at < hostile.size();) {
    const auto end = hostile.find("\r\n", at);
    const auto line = hostile.substr(at, end - at);
    if (!line.empty()) {
      EXPECT_EQ(line.substr(2, 4), "  - ") << line;
    }
    ends += line.starts_with("ER") ? 1 : 0;
    EXPECT_EQ(line.find_first_of("\r\n\0"s), std::string::npos);
    at = end + 2;
  }
  EXPECT_EQ(ends, 1U);
}

TEST(bibtex, writes_tex_as_text) {
  struct row {
    std::string in, out;
  };
  const row k_rows[] = {
      {"Tomás", "Tomás"},
      {"100% & #1 $5 a_b", "100\\% \\& \\#1 \\$5 a\\_b"},
      {"{x", "\\textbraceleft{}x"},
      {"x}", "x\\textbraceright{}"},
      {"\\end{x}", "\\textbackslash{}end\\textbraceleft{}x\\textbraceright{}"},
      {"a~b^c", "a\\textasciitilde{}b\\textasciicircum{}c"},
      {"a\nb", "a b"},
      {"@x \"y\"", "@x \"y\""},
  };
  for (const auto& r : k_rows) {
    std::string out;
    append_latex(out, r.in);
    EXPECT_EQ(out, r.out) << r.in;
  }
}

TEST(bibtex, has_an_entry_for_each_article) {
  const auto a = plain_article();
  EXPECT_EQ(document(k_bibtex, {a}), "@article{" + bibtex_key(a) +
                                         ",\n  title = {{An envoy in Harsk}},\n"
                                         "  author = {Quintana, Tomás Ojea and {Courier staff}},\n"
                                         "  journaltitle = {{The Courier}},\n  date = {2019-06-03},\n"
                                         "  language = {en},\n  url = {https://courier.example/1},\n"
                                         "  keywords = {{PRK}, {KOR}, {visits}}\n}\n\n");
  EXPECT_EQ(document(k_bibtex, {bare_article()}), "@misc{" + bibtex_key(bare_article()) + ",\n  title = {{B}}\n}\n\n");
  const auto hostile = document(k_bibtex, {hostile_article()});
  // BibTeX counts braces and knows no escapes.
  int depth = 0;
  int ended = 0;
  for (const char c : hostile) {
    depth += c == '{' ? 1 : c == '}' ? -1 : 0;
    ASSERT_GE(depth, 0);
    if (c == '}' && depth == 0) ++ended;
  }
  EXPECT_EQ(depth, 0);
  EXPECT_EQ(ended, 1);
  EXPECT_THAT(hostile, HasSubstr("url = {https://example.org/a?b=c&d=\"><script>%7Bx%7D%5C%20y}"));
}

TEST(bibtex, keys_are_an_articles_own) {
  auto a = plain_article();
  EXPECT_THAT(bibtex_key(a), testing::StartsWith("thecourier2019-"));
  EXPECT_EQ(bibtex_key(bare_article()).substr(0, 8), "article-");
  std::set<std::string> keys;
  for (int i = 0; i < 10'000; ++i) {
    a.id = "p-" + std::to_string(i);
    keys.insert(bibtex_key(a));
  }
  EXPECT_EQ(keys.size(), 10'000U);
  EXPECT_EQ(bibtex_key(hostile_article()).find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"),
            std::string::npos);
}

TEST(csl_json, is_an_array_of_items) {
  const auto items = json::parse(document(k_csl_json, {plain_article(), bare_article(), hostile_article()})).as_array();
  ASSERT_EQ(items.size(), 3U);
  EXPECT_EQ(items[0], json::parse(R"({"id":"a/1","type":"article-newspaper","title":"An envoy in Harsk",
    "author":[{"family":"Quintana","given":"Tomás Ojea"},{"literal":"Courier staff"}],"container-title":"The Courier",
    "issued":{"date-parts":[[2019,6,3]]},"language":"en","URL":"https://courier.example/1",
    "keyword":"PRK, KOR, visits"})"));
  EXPECT_EQ(items[1], json::parse(R"({"id":"b","type":"document","title":"B"})"));
  EXPECT_EQ(items[2].at("issued"), json::parse(R"({"date-parts":[[2019,6]]})"));
  EXPECT_EQ(document(k_csl_json, {}), "[\n]\n");
}

TEST(author_names, are_divided_where_the_parts_are_known) {
  struct row {
    std::string in, family, given;  // no family: whole
  };
  const row k_rows[] = {
      {"Tomás Ojea Quintana", "Quintana", "Tomás Ojea"},
      {"Quintana, Tomás Ojea", "Quintana", "Tomás Ojea"},
      {"Jane Doe", "Doe", "Jane"},
      {"Alfred de Zayas", "de Zayas", "Alfred"},
      {"Marco van der Berg", "van der Berg", "Marco"},
      {"Мария Петрова", "Петрова", "Мария"},
      {"Kim Jong-un", "Kim", "Jong-un"},
      {"Kim Jong Un", "", ""},
      {"Nguyen Van Anh", "", ""},
      {"Jean-Pierre Dupont", "Dupont", "Jean-Pierre"},
      {"AFP", "", ""},
      {"Amnesty International", "", ""},
      {"Human Rights Watch", "", ""},
      {"United Nations", "", ""},
      {"Courier staff", "", ""},
      {"Jane Doe and John Roe", "", ""},
      {"김정은", "", ""},
      {"홍 길동", "", ""},
      {"محمد علي", "", ""},
      {"A, B, C", "", ""},
      {"Doe,", "", ""},
      {"R2D2 Unit", "", ""},
      {"a b c d e", "", ""},
      {"", "", ""},
      {"  Jane   Doe ", "Doe", "Jane"},
  };
  for (const auto& r : k_rows) {
    const auto n = divide_name(r.in);
    EXPECT_EQ(n.family, r.family) << r.in;
    EXPECT_EQ(n.given, r.given) << r.in;
    EXPECT_EQ(n.whole.empty(), !r.family.empty() || r.in.empty()) << r.in;
  }
}

TEST(exports, are_utf8_whatever_an_article_holds) {
  auto a = hostile_article();
  a.title += "\xFF\xC3";
  a.authors.emplace_back("\xED\xA0\x80");
  for (const auto* f : {&k_csv, &k_jsonl, &k_ris, &k_bibtex, &k_csl_json}) {
    EXPECT_TRUE(http::is_utf8(document(*f, {a}, {.with_text = f->has_text}))) << f->suffix;
  }
}

}  // namespace
}  // namespace rapporteur::api
