#include "server/pages/catalogue.hpp"

#include <gtest/gtest.h>

namespace rapporteur::pages {
namespace {

catalogue made(std::string_view language, std::string_view json, const catalogue* others = nullptr) {
  return std::move(catalogue::read(language, json, "words.json", others).value());
}

TEST(catalogue, cuts_sentences_at_their_places) {
  struct row {
    std::string_view pattern;
    std::vector<piece> pieces;
  };
  const row rows[] = {
      {"", {}},
      {"Search", {{"Search", ""}}},
      {"{n}", {{"", "n"}}},
      {"Page {page} of {pages}", {{"Page ", ""}, {"", "page"}, {" of ", ""}, {"", "pages"}}},
      {"{a}{b_c}", {{"", "a"}, {"", "b_c"}}},
      {"{", {{"{", ""}}},
      {"{}", {{"{}", ""}}},
      {"{A} {n", {{"{A} {n", ""}}},
      {"{{n}}", {{"{", ""}, {"", "n"}, {"}", ""}}},
  };
  for (const auto& row : rows) EXPECT_EQ(split_sentence(row.pattern), row.pieces) << row.pattern;
}

TEST(catalogue, fills_places_and_chooses_forms) {
  const auto en = made("en", R"({"search": "Search", "page": "Page {page} of {pages}",
    "articles": {"one": "{n} article", "other": "{n} articles"}})");
  EXPECT_EQ(en.text("search"), "Search");
  EXPECT_EQ(en.text("page", {{"page", "2"}, {"pages", "{page}"}}), "Page 2 of {page}");
  EXPECT_EQ(en.text("page", {{"page", "2"}}), "Page 2 of {pages}") << "what is not told stays, so that it is seen";
  EXPECT_EQ(en.counted("articles", 1), "1 article");
  EXPECT_EQ(en.counted("articles", 1234), "1,234 articles");
  EXPECT_EQ(en.text("nothing"), "⟨nothing⟩");
  EXPECT_TRUE(en.is_sentence("page"));
  EXPECT_TRUE(en.is_sentence("articles"));
  EXPECT_FALSE(en.is_sentence("search"));
  const auto ru = made("ru", R"({"articles": {"one": "{n} статья", "few": "{n} статьи", "many": "{n} статей",
    "other": "{n} статьи"}})",
                       &en);
  EXPECT_EQ(ru.counted("articles", 21), "21 статья");
  EXPECT_EQ(ru.counted("articles", 4), "4 статьи");
  EXPECT_EQ(ru.counted("articles", 5), "5 статей");
  EXPECT_EQ(ru.text("search"), "Search") << "lent by English";
  const auto bare = made("ru", "{}", &en);
  EXPECT_EQ(bare.counted("articles", 21), "21 articles") << "in the forms of the language that lends it";
}

TEST(catalogue, says_what_is_wrong_with_a_file) {
  struct row {
    std::string_view language, json, says;
  };
  constexpr row k_rows[] = {
      {"en", "", "words.json, line 1: not JSON"},
      {"en", "{\"a\": \"b\",\n\n}\n", "words.json, line 3: not JSON"},
      {"en", "{\"a\":\n\"b\"", "words.json, line 2: not JSON"},
      {"en", "{}\n{}", "words.json, line 2: not JSON"},
      {"en", "[]", "words.json: must be an object"},
      {"en", "{\"b\": \"the \\\"a\\\" of\",\n\"c\": \"a\",\n\"a\" : 1}",
       "words.json, line 3: a must be a string or an object of plural forms"},
      {"en", R"({"a": {"one": "x"}})", "words.json, line 1: a has no form \"other\""},
      {"en", R"({"a": {"some": "x", "other": "y"}})",
       "words.json, line 1: a must have strings by plural category, not some"},
      {"en", R"({"a": {"other": 1}})", "words.json, line 1: a must have strings by plural category"},
      {"no language", "{}", "words.json: ICU has no data for the language no language"},
  };
  for (const auto& row : k_rows) {
    const auto read = catalogue::read(row.language, row.json, "words.json", nullptr);
    ASSERT_FALSE(read) << row.json;
    EXPECT_TRUE(read.error().message.starts_with(row.says)) << read.error().message;
  }
}

}  // namespace
}  // namespace rapporteur::pages
