// [fields]: free keys, each checked; every level of precedence; printed so that it loads again.
#include "config/fields.hpp"

#include "config/load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace rapporteur::config {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

class fields_test : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "rapporteur-fields-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  outcome load_text(std::string_view text, environment variables = {}, std::vector<flag> flags = {}) {
    const fs::path path = folder_ / "r.toml";
    std::ofstream(path, std::ios::binary) << text;
    return load({path, std::move(variables), std::move(flags)});
  }

  fs::path folder_;
};

TEST_F(fields_test, both_ways_of_writing_a_mapping_are_read_in_the_order_of_the_file) {
  const outcome loaded = load_text(
      "[fields]\nnation = 'tag:country'\n\"Date of event\" = \"published\"\nissues = { field = 'tag', split = ',' }\n"
      "\"국가\" = 'tag:country'\n[fields.writers]\nfield = 'authors'\nsplit = ' / '\n");
  EXPECT_TRUE(loaded.ok()) << loaded.report();
  EXPECT_THAT(loaded.values.fields,
              ElementsAre(field_mapping{"nation", "tag:country", ""}, field_mapping{"Date of event", "published", ""},
                          field_mapping{"issues", "tag", ","}, field_mapping{"국가", "tag:country", ""},
                          field_mapping{"writers", "authors", " / "}));
}

struct wrong_case {
  const char* line;
  const char* said;
};

TEST_F(fields_test, mistakes_are_reported_in_place) {
  const wrong_case cases[] = {
      {"a = 'publshed'", R"(2:5: fields.a: "publshed" is not a field; did you mean "published"?)"},
      {"a = 'xyzzy'",
       R"(2:5: fields.a: "xyzzy" is not a field; the fields are id, title, text, url, published, updated, )"
       "source, authors, language, collection, tag, ignore, tag:NAME"},
      {"a = 'tag:From State'",
       R"(2:5: fields.a: "tag:From State" has no name that a tag can have: a-z, 0-9, and single _ between them)"},
      {"a = 'tag:'", R"(2:5: fields.a: "tag:" has no name that a tag can have: a-z, 0-9, and single _ between them)"},
      {"a = 5", R"(2:5: fields.a: is a number; allowed: a field such as "tag", or { field = "tag", split = "," })"},
      {"a = ['tag']", R"(2:5: fields.a: is a list; allowed: a field such as "tag", or { field = "tag", split = "," })"},
      {"a = { fild = 'tag' }", "2:7: fields.a: fild: there is no such key; a mapping has field and split"},
      {"a = { field = 'tag', split = 5 }", "2:30: fields.a: split is a number; allowed: a string"},
      {"a = { field = 'tag', split = '' }",
       R"(2:30: fields.a: split is empty or longer than 16 bytes; allowed: what divides the values, such as ";")"},
      {"a = { split = ',' }", R"(2:5: fields.a: has no field; write { field = "tag", split = "," })"},
      {"a = { field = { b = { c = 1 } } }", "2:15: fields.a: field is a table; allowed: a string"},
      {"a = { field = 'title', split = ',' }",
       "2:5: fields.a: title has one value and cannot be split; authors and tags can"},
      {"\"\" = 'tag'", "2:6: fields.: the key is empty, longer than 64 bytes or not UTF-8"},
      {"pub_date = 'tag'\npubDate = 'tag'", "3:1: fields.pubDate: is the same key as pub_date in line 2"},
  };
  for (const wrong_case& c : cases) {
    const outcome loaded = load_text("[fields]\n" + std::string(c.line) + "\n");
    EXPECT_EQ(loaded.report(), folder_.string() + "/r.toml:" + c.said + "\n") << c.line;
  }
  EXPECT_THAT(load_text("fields = 1\n").report(), testing::HasSubstr("fields: is a section; write [fields]"));
  EXPECT_THAT(load_text("[field]\n").report(), testing::HasSubstr("did you mean [fields]?"));
}

TEST_F(fields_test, a_variable_overrides_the_file_in_any_spelling_of_the_key) {
  const outcome loaded = load_text("[fields]\npubDate = 'ignore'\nb = 'tag'\n",
                                   {{"RAPPORTEUR_FIELDS_PUB_DATE", "published"}, {"RAPPORTEUR_FIELDS_NATION", "tag"}},
                                   {{"fields.b", "title", "--set"}});
  EXPECT_TRUE(loaded.ok()) << loaded.report();
  EXPECT_THAT(loaded.values.fields,
              testing::UnorderedElementsAre(field_mapping{"pub_date", "published", ""},
                                            field_mapping{"nation", "tag", ""}, field_mapping{"b", "title", ""}));
  EXPECT_EQ(load_text("", {{"RAPPORTEUR_FIELDS_X", "tagg"}}).report(),
            "RAPPORTEUR_FIELDS_X: fields.x: \"tagg\" is not a field; did you mean \"tag\"?\n");
}

TEST_F(fields_test, what_is_printed_loads_to_the_same) {
  const outcome first = load_text(
      "[fields]\n\"a \\\"b\\\" \\\\ \\n 국가\" = 'tag:country'\nc-d_E = { field = 'authors', split = \"\\t\" }\n",
      {{"RAPPORTEUR_FIELDS_NATION", "tag:country"}});
  ASSERT_TRUE(first.ok()) << first.report();
  const std::string printed = print_config(first);
  EXPECT_THAT(printed, testing::HasSubstr("r.toml:3\nc-d_E = { field = \"authors\", split = \"\\u0009\" }\n"));
  EXPECT_THAT(printed,
              testing::HasSubstr("# Set by: environment RAPPORTEUR_FIELDS_NATION\nnation = \"tag:country\"\n"));
  const outcome second = load_text(printed);
  ASSERT_TRUE(second.ok()) << second.report();
  EXPECT_EQ(second.values.fields, first.values.fields);
}

TEST_F(fields_test, every_word_and_example_is_allowed) {
  for (const std::string_view word : field_words()) {
    EXPECT_TRUE(read_field("a", std::string(word)).result) << word;
  }
  std::string text = "[fields]\n";
  for (const std::string_view example : fields_examples()) text += std::string(example) + "\n";
  const outcome loaded = load_text(text);
  EXPECT_TRUE(loaded.ok()) << loaded.report();
  EXPECT_EQ(loaded.values.fields.size(), fields_examples().size());
}

}  // namespace
}  // namespace rapporteur::config
