// What keys mean: the known ones under all their names, those that [fields] maps, and tags of all others.
#include "indexer/fields.hpp"

#include "config/fields.hpp"
#include "tests/indexer/support.hpp"

#include <gmock/gmock.h>

#include <set>

namespace rapporteur::indexer {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(jsonl, reads_the_other_names_of_keys) {
  const article a = read_one(R"({"text":"T","published":"2019","author":"Jane Doe","language":"Español"})");
  EXPECT_EQ(a.published->to_string(), "2019");
  EXPECT_THAT(a.authors, ElementsAre("Jane Doe"));
  EXPECT_EQ(a.language, "es");
}

// What other programs write: JSON Feed, schema.org, RSS as JSON, a news site's own.
TEST(jsonl, reads_the_names_of_other_exports) {
  const article feed =
      read_one(R"({"id":"https://a.example/1","url":"https://a.example/1","title":"T","content_text":"Text.",)"
               R"("date_published":"2019-06-13T08:15:00Z","date_modified":"2019-06-14","language":"en-US",)"
               R"("authors":[{"name":"Jane Doe","url":"https://a.example/jane"},{"name":"Ko Ri"}],"tags":["law"]})");
  EXPECT_EQ(feed.text, "Text.");
  EXPECT_EQ(feed.published->to_string(), "2019-06-13");
  EXPECT_EQ(feed.updated->to_string(), "2019-06-14");
  EXPECT_EQ(feed.language, "en");
  EXPECT_THAT(feed.authors, ElementsAre("Jane Doe", "Ko Ri"));
  EXPECT_EQ(feed.tags, (std::vector<tag>{{"tags", {"law"}}}));

  const article schema = read_one(
      R"({"@type":"NewsArticle","headline":"T","articleBody":"Text.","datePublished":"2019-06","inLanguage":"fr",)"
      R"("author":{"@type":"Person","name":"Jane Doe"},"publisher":{"name":"The Courier","logo":{"url":"x"}}})");
  EXPECT_EQ(schema.title, "T");
  EXPECT_EQ(schema.text, "Text.");
  EXPECT_EQ(schema.published->to_string(), "2019-06");
  EXPECT_EQ(schema.language, "fr");
  EXPECT_THAT(schema.authors, ElementsAre("Jane Doe"));
  EXPECT_EQ(schema.source, "The Courier");
  EXPECT_EQ(schema.tags, (std::vector<tag>{{"type", {"NewsArticle"}}}));

  const article site =
      read_one(R"({"guid":"g-1","Headline":"T","Body":"Text.","link":"https://a.example/1","byline":"By Jane Doe",)"
               R"("Publication Date":"13 June 2019","outlet":"The Courier"})");
  EXPECT_EQ(site.id, "g-1");
  EXPECT_EQ(site.title, "T");
  EXPECT_EQ(site.text, "Text.");
  EXPECT_EQ(site.url, "https://a.example/1");
  EXPECT_THAT(site.authors, ElementsAre("Jane Doe"));
  EXPECT_EQ(site.published->to_string(), "2019-06-13");
  EXPECT_EQ(site.source, "The Courier");
}

// Under a name that is not ours a value may be something else, which is no reason to lose the article.
TEST(jsonl, values_of_foreign_keys_that_do_not_fit_are_left_out_and_counted) {
  const collected c = read_lines(
      R"({"title":"T","content":{"rendered":"x"},"guid":{"a":1},"headline":5,"body":["x"],"_id":{"$oid":"1"},)"
      R"("creator":[{"nick":"x"},["y"],"Ko Ri"],"author":{"name":"Jane Doe","age":5,"of":{"name":"Z"},"x":null}})");
  EXPECT_THAT(c.only().authors, ElementsAre("Ko Ri", "Jane Doe"));
  EXPECT_THAT(
      c.left_out,
      testing::UnorderedElementsAre(
          Pair("values of key \"content\" that are an object", 1), Pair("values of key \"guid\" that are an object", 1),
          Pair("values of key \"headline\" that are a number", 1), Pair("values of key \"body\" that are an array", 1),
          Pair("nested values of key \"_id\"", 1), Pair("values beside \"name\" in objects of key \"creator\"", 1),
          Pair("objects without a \"name\" under key \"creator\"", 1),
          Pair("values of key \"creator\" that are an array", 1),
          Pair("values beside \"name\" in objects of key \"author\"", 2)));
}

TEST(jsonl, fields_are_mapped_as_configured) {
  record_rules rules;
  const auto map = [&](std::string_view key, std::string_view name, std::string split = {}) {
    auto rule = field_named(name);
    ASSERT_TRUE(rule) << name;
    rule->split = std::move(split);
    rules.fields.set(key, *std::move(rule));
  };
  map("국가", "tag:country");
  map("issues", "tag", ",");
  map("writers", "authors", ";");
  map("Erschienen am", "published");
  map("year", "published");
  map("internal", "ignore");
  map("headline", "tag");
  const collected c = read_content(
      "in.jsonl",
      R"({"text":"T","국가":"Varland","issues":"Rights of the Child, Women's rights,,","writers":"Jane Doe; Ko Ri",)"
      R"("year":2019,"erschienen_am":"13. Juni 2019","internal":{"a":[1]},"Headline":["x"],"INTERNAL":"y"})",
      {}, rules);
  const article& a = c.only();
  EXPECT_EQ(a.tags,
            (std::vector<tag>{
                {"country", {"Varland"}}, {"issues", {"Rights of the Child", "Women's rights"}}, {"headline", {"x"}}}));
  EXPECT_THAT(a.authors, ElementsAre("Jane Doe", "Ko Ri"));
  EXPECT_EQ(a.published->to_string(), "2019-06-13");
  EXPECT_THAT(c.warnings, IsEmpty());
  EXPECT_THAT(c.left_out, testing::UnorderedElementsAre(Pair("values of key \"internal\", as [fields] says", 1),
                                                        Pair("values of key \"INTERNAL\", as [fields] says", 1)));
}

TEST(fields, keys_are_compared_without_what_people_vary) {
  for (const char* key : {"date_published", "datePublished", "Date Published", "DATE-PUBLISHED"}) {
    EXPECT_EQ(field_key(key), "datepublished") << key;
  }
  EXPECT_EQ(field_key("_id"), "_id");
  EXPECT_EQ(field_key("Pai\u0301s"), "pais");
  EXPECT_EQ(field_key("국가"), "국가");
}

TEST(fields, have_the_names_that_a_configuration_uses) {
  for (const std::string_view word : config::field_words()) EXPECT_TRUE(field_named(word)) << word;
  EXPECT_EQ(field_named("ignore")->means, field::ignored);
  EXPECT_EQ(field_named("tag:from_state")->tag, "from_state");
  for (const char* name : {"", "tags", "tag:", "tag:From State", "Title", "year"})
    EXPECT_FALSE(field_named(name)) << name;
}

struct tags_case {
  const char* line;
  std::vector<tag> tags;
  std::uint64_t left_out;
};

class jsonl_tags : public testing::TestWithParam<tags_case> {};

TEST_P(jsonl_tags, come_from_unknown_keys) {
  const collected c = read_lines(GetParam().line);
  EXPECT_EQ(c.only().tags, GetParam().tags);
  std::uint64_t left_out = 0;
  for (const auto& [what, count] : c.left_out) left_out += count;
  EXPECT_EQ(left_out, GetParam().left_out);
}

INSTANTIATE_TEST_SUITE_P(
    all, jsonl_tags,
    testing::Values(
        tags_case{R"({"text":"T","country":"PRK"})", {{"country", {"PRK"}}}, 0},
        tags_case{R"({"text":"T","places":["usa","uk","usa"]})", {{"places", {"usa", "uk"}}}, 0},
        tags_case{R"({"text":"T","topics":[]})", {}, 0}, tags_case{R"({"text":"T","a":"","b":[" "]})", {}, 0},
        tags_case{
            R"({"text":"T","a":"\u200b","b":["\u202e\u00a0\u3000","\u2060","\u200d!"]})", {{"b", {"\u200d!"}}}, 0},
        tags_case{R"({"text":"T","session":45})", {{"session", {"45"}}}, 0},
        tags_case{R"({"text":"T","score":1.50})", {{"score", {"1.50"}}}, 0},
        tags_case{R"({"text":"T","n":123456789012345678901234567890})", {{"n", {"123456789012345678901234567890"}}}, 0},
        tags_case{R"({"text":"T","opinion":true})", {{"opinion", {"true"}}}, 0},
        tags_case{R"({"text":"T","From State":"X"})", {{"from_state", {"X"}}}, 0},
        tags_case{R"({"text":"T","País":"X"})", {{"pais", {"X"}}}, 0},
        tags_case{R"({"text":"T","Country":"A","country":"B"})", {{"country", {"A", "B"}}}, 0},
        tags_case{R"({"text":"T","note":"two\n lines"})", {{"note", {"two lines"}}}, 0},
        tags_case{R"({"text":"T","国":"X"})", {}, 1}, tags_case{R"({"text":"T","gone":null})", {}, 1},
        tags_case{R"({"text":"T","geo":{"lat":1,"lon":[2,{"a":"b"}]},"k":"v"})", {{"k", {"v"}}}, 1},
        tags_case{R"({"text":"T","mixed":["a",1,null,{"b":"c"},["d"],"e"]})", {{"mixed", {"a", "1", "e"}}}, 3},
        tags_case{R"({"text":"T","tags":["a","b"]})", {{"tags", {"a", "b"}}}, 0},
        tags_case{R"({"text":"T","tags":{"country":["A","B"],"topic":"law","x":{"y":"z"}}})",
                  {{"country", {"A", "B"}}, {"topic", {"law"}}},
                  1}));

TEST(jsonl, tags_are_bounded_with_a_warning) {
  std::string line = R"({"text":"T","long":")" + std::string(1025, 'x') + R"(","many":[)";
  for (int n = 0; n < 300; ++n) line += (n == 0 ? "\"" : ",\"") + std::to_string(n) + "\"";
  line += "]";
  for (int n = 0; n < 100; ++n) line += ",\"k" + std::to_string(n) + "\":\"v\"";
  const collected c = read_lines(line + "}");
  const article& a = c.only();
  EXPECT_EQ(a.tags.size(), 64U);
  EXPECT_EQ(a.tags[0].name, "many");
  EXPECT_EQ(a.tags[0].values.size(), 256U);
  EXPECT_EQ(c.warnings.size(), 32U);
  EXPECT_THAT(c.left_out, ElementsAre(Pair("warnings, beyond 32 for one article", 7)));
}

// Whole collections as they were published: every line is in, with its date and its filters, and nothing needs a word.
TEST(jsonl, real_collections) {
  const std::filesystem::path folder = std::string(RAPPORTEUR_SOURCE_DIR) + "/../shared/corpora/articles";
  if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << folder << " is not there";
  struct collection {
    const char* file;
    std::size_t articles, dated;
    std::vector<std::string> tags;
  };
  record_rules rules;
  auto issues = *field_named("tag");
  issues.split = ",";
  rules.fields.set("issues", issues);
  for (const collection& expected : std::vector<collection>{
           {"amnesty_annual.jsonl", 2575, 2575, {}},
           {"dev_open_cc0.jsonl", 386, 386, {"country"}},
           {"syrian_archive.jsonl", 185, 156, {"parallel_id", "summary"}},
           {"upr_recommendations.jsonl", 41062, 0, {"country", "from_state", "issues", "response", "session"}}}) {
    collected c;
    std::size_t articles = 0;
    std::size_t dated = 0;
    std::set<std::string> tags, values;
    read_events events = c.events(folder.native());
    events.on_article = [&](const article& a) -> result<void> {
      ++articles;
      dated += a.published ? 1 : 0;
      for (const tag& t : a.tags) {
        tags.insert(t.name);
        if (t.name == "issues") values.insert(t.values.begin(), t.values.end());
      }
      return {};
    };
    const std::string path = (folder / expected.file).native();
    ASSERT_TRUE(read_source({path, path, 0, 0, 0}, {}, rules, events)) << path;
    EXPECT_EQ(articles, expected.articles) << path;
    EXPECT_EQ(dated, expected.dated) << path;
    EXPECT_THAT(tags, testing::ElementsAreArray(expected.tags)) << path;
    EXPECT_THAT(c.failures, IsEmpty());
    EXPECT_THAT(c.warnings, IsEmpty());
    EXPECT_THAT(c.left_out, IsEmpty());
    EXPECT_EQ(values.size(), tags.contains("issues") ? 54U : 0U);
  }
}

}  // namespace
}  // namespace rapporteur::indexer
