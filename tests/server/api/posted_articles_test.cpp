// What may be posted, what becomes of it, and where a mistake is.
#include "server/api/posted_articles.hpp"

#include "index/article.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <algorithm>

namespace rapporteur::api {
namespace {

using enum post_format;

posted_articles taken(std::string_view body, post_format format = json) {
  auto read = read_posted(body, format, 100);
  if (const auto* bad = std::get_if<post_problem>(&read)) {
    ADD_FAILURE() << body.substr(0, 200) << ": " << bad->what.message;
    return {};
  }
  return std::get<posted_articles>(std::move(read));
}

TEST(posted_articles, are_written_one_on_a_line_with_the_id_first) {
  struct row {
    post_format format;
    std::string_view body, lines;
  };
  constexpr row k_rows[] = {
      {json, R"({"id":"a","title":"T"})", "{\"id\":\"a\",\"title\":\"T\"}\n"},
      {json, R"({"title":"T","id":"a"})", "{\"id\":\"a\",\"title\":\"T\"}\n"},
      {json,
       "\xEF\xBB\xBF [\r\n { \"id\" : 17 , \"text\" :\t\"one\\ntwo\" } "
       ",\n{\"id\":\"b\",\"title\":\"T\",\"text\":null}\n]\n",
       "{\"id\":\"17\",\"text\":\"one\\ntwo\"}\n{\"id\":\"b\",\"title\":\"T\",\"text\":null}\n"},
      {json,
       R"({"id":" a ","title":"","text":"x","year":2019,"n":[1,-2.50,1e2,123456789012345678901234567890,true,null,[],{}],"tags":{"a":["b","c"],"d":{}},"e":"é북\ud83d\ude00\u0001"})",
       "{\"id\":\"a\",\"title\":\"\",\"text\":\"x\",\"year\":2019,\"n\":[1,-2.50,1e2,123456789012345678901234567890,"
       "true,null,"
       "[],{}],\"tags\":{\"a\":[\"b\",\"c\"],\"d\":{}},\"e\":\"é북😀\\u0001\"}\n"},
      {lines, "{\"id\":\"a\",\"title\":\"T\"}\n\n  \r\n{\"id\":\"b\",\"text\":\"x\"}\r\n",
       "{\"id\":\"a\",\"title\":\"T\"}\n{\"id\":\"b\",\"text\":\"x\"}\n"},
      {lines, R"({"id":"a","title":"T"})", "{\"id\":\"a\",\"title\":\"T\"}\n"},
  };
  for (const auto& r : k_rows) EXPECT_EQ(taken(r.body, r.format).lines, r.lines) << r.body;
}

TEST(posted_articles, without_an_id_get_one_that_stays) {
  const auto by_url = taken(R"([{"title":"T","url":"https://Example.org:443/a?utm_source=x#top"}])").ids.at(0);
  rapporteur::article a;
  a.url = "https://example.org/a";
  EXPECT_EQ(by_url, derive_article_id(a)) << "as the indexer would";
  const auto first = taken(R"({"title":"T","text":"x"})");
  const auto again = taken(R"([ { "title":"T",  "text":"x", "id":null } ])");
  EXPECT_EQ(first.ids, again.ids);
  EXPECT_EQ(first.lines, again.lines);
  EXPECT_TRUE(first.ids.at(0).starts_with("c-"));
  EXPECT_LE(first.ids.at(0).size(), k_max_article_id_bytes);
  EXPECT_NE(first.lines.find("\"id\":\"" + first.ids.at(0) + '"'), std::string::npos);
  EXPECT_NE(first.ids, taken(R"({"title":"T","text":"y"})").ids);
  EXPECT_NE(first.ids, taken(R"({"title":"T","text":"x","date":"2019"})").ids);
  for (const std::string_view no_address : {"ftp://a.example/", "https:///a", "https://a b/", "a", "javascript://x"}) {
    const auto id = taken(R"({"title":"T","url":")" + std::string(no_address) + "\"}").ids.at(0);
    EXPECT_TRUE(id.starts_with("c-")) << no_address;
  }
  EXPECT_TRUE(taken(R"({"title":"T","id":"  "})").ids.at(0).starts_with("c-"));
}

TEST(posted_articles, mistakes_are_told_with_their_place) {
  struct row {
    post_format format;
    std::string body;
    errc code;
    std::uint64_t article, line;
  };
  const std::string deep = R"({"title":"T","a":)" + std::string(200, '[') + std::string(200, ']') + '}';
  const row rows[] = {
      {json, "", errc::malformed, 0, 0},
      {json, " \n", errc::malformed, 0, 0},
      {json, "[]", errc::malformed, 0, 0},
      {lines, "", errc::malformed, 0, 0},
      {lines, "\n \n", errc::malformed, 0, 0},
      {json, "{\"title\":\"\xC3\"}", errc::encoding, 0, 0},
      {json, "nonsense", errc::malformed, 1, 1},
      {json, "5", errc::malformed, 1, 1},
      {json, "null", errc::malformed, 1, 1},
      {json, "\"text\"", errc::malformed, 1, 1},
      {json, "[1]", errc::malformed, 1, 1},
      {json, "[[{\"title\":\"T\"}]]", errc::malformed, 1, 1},
      {json, "[{\"title\":\"T\"},\n\"x\"]", errc::malformed, 2, 2},
      {json, "[{\"title\":\"T\"},\n{\"title\":\"U\"", errc::malformed, 2, 2},
      {json, "[{\"title\":\"T\"},\n{\"title\":\"U\",}]", errc::malformed, 2, 2},
      {json, "[{\"title\":\"T\"}", errc::malformed, 2, 1},
      {json, "{\"title\":\"T\"}\n{\"title\":\"U\"}", errc::malformed, 0, 2},
      {json, "{\"title\":\"a\nb\"}", errc::malformed, 1, 1},
      {json, "{\"title\":\"\\ud800\"}", errc::malformed, 1, 1},
      {json, deep, errc::malformed, 1, 1},
      {json, "{}", errc::malformed, 1, 1},
      {json, "{\"id\":\"a\",\"title\":\" \\n\",\"text\":null}", errc::malformed, 1, 1},
      {json, "{\"title\":5}", errc::malformed, 1, 1},
      {json, "{\"text\":[\"a\"]}", errc::malformed, 1, 1},
      {json, "{\"text\":{\"a\":\"b\"}}", errc::malformed, 1, 1},
      {json, "{\"title\":\"T\",\"text\":true}", errc::malformed, 1, 1},
      {json, "{\"title\":\"T\",\"id\":1.5}", errc::malformed, 1, 1},
      {json, "{\"title\":\"T\",\"id\":true}", errc::malformed, 1, 1},
      {json, "{\"title\":\"T\",\"id\":[\"a\"]}", errc::malformed, 1, 1},
      {json, "{\"title\":\"T\",\"id\":{}}", errc::malformed, 1, 1},
      {json, "{\"title\":\"T\",\"id\":\"a\\u0000b\"}", errc::malformed, 1, 1},
      {json, "{\"title\":\"T\",\"id\":\"" + std::string(201, 'x') + "\"}", errc::too_large, 1, 1},
      {json, "{\"title\":\"T\",\n\"title\":\"U\"}", errc::malformed, 1, 2},
      {json, "{\"title\":\"T\",\"id\":\"a\",\"\\u0069d\":\"b\"}", errc::malformed, 1, 1},
      {json, "[{\"title\":\"T\",\"id\":\"a\"},{\"title\":\"T\",\"id\":\"b\"},{\"title\":\"U\",\"id\":\"a\"}]",
       errc::malformed, 3, 1},
      {lines, "{\"title\":\"T\"}\n[{\"title\":\"U\"}]\n", errc::malformed, 2, 2},
      {lines, "{\"title\":\"T\"}\n\n{\"title\":\n\"U\"}\n", errc::malformed, 2, 3},
      {lines, "{\"title\":\"T\"}{\"title\":\"U\"}\n", errc::malformed, 0, 1},
      {lines, "{\"title\":\"T\"}\nx\n", errc::malformed, 2, 2},
  };
  for (const auto& r : rows) {
    const auto read = read_posted(r.body, r.format, 100);
    const auto* bad = std::get_if<post_problem>(&read);
    ASSERT_NE(bad, nullptr) << r.body;
    EXPECT_EQ(bad->what.code, r.code) << r.body << ": " << bad->what.message;
    EXPECT_EQ(bad->article, r.article) << r.body << ": " << bad->what.message;
    EXPECT_EQ(bad->line, r.line) << r.body << ": " << bad->what.message;
    EXPECT_FALSE(bad->what.message.empty());
  }
}

TEST(posted_articles, may_only_be_so_many) {
  std::string body;
  for (int i = 0; i < 3; ++i) body += R"({"title":")" + std::to_string(i) + "\"}\n";
  EXPECT_TRUE(std::holds_alternative<posted_articles>(read_posted(body, lines, 3)));
  const auto more = read_posted(body, lines, 2);
  EXPECT_EQ(std::get<post_problem>(more).what.code, errc::too_large);
  EXPECT_EQ(std::get<post_problem>(more).article, 3U);
}

// Whatever is cut off anywhere is refused or taken as what it then is, and what is written is always JSON Lines.
TEST(posted_articles, every_truncation_is_refused) {
  const std::string body =
      R"([{"id":"a","title":"T é","n":[1.5,{"x":null}]},{"text":"北\n","url":"https://a.example/1"}])";
  const auto whole = taken(body);
  EXPECT_EQ(std::ranges::count(whole.lines, '\n'), 2);
  for (std::size_t begin = 0, end = 0; (end = whole.lines.find('\n', begin)) != std::string::npos; begin = end + 1) {
    EXPECT_TRUE(boost::json::parse(whole.lines.substr(begin, end - begin)).is_object());
  }
  for (std::size_t size = 0; size < body.size(); ++size) {
    EXPECT_TRUE(std::holds_alternative<post_problem>(read_posted(body.substr(0, size), json, 100))) << size;
  }
}

}  // namespace
}  // namespace rapporteur::api
