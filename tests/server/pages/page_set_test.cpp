#include "server/pages/page_set.hpp"

#include "tests/scratch.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace rapporteur::pages {
namespace {

namespace fs = std::filesystem;

const fs::path k_web = fs::path(RAPPORTEUR_SOURCE_DIR) / "web";

/// A copy of what pages are made of, to be spoilt.
class copied_web {
 public:
  copied_web() {
    for (const auto* part : {"plain", "strings", "sentences"}) {
      fs::copy(k_web / part, folder() / part, fs::copy_options::recursive);
    }
  }
  [[nodiscard]] fs::path folder() const { return scratch_.path(); }
  void write(const fs::path& name, std::string_view text) const {
    std::ofstream(folder() / name, std::ios::binary) << text;
  }

 private:
  test::scratch_folder scratch_;
};

TEST(page_set, has_every_language_of_the_web_folder) {
  const auto read = page_set::load(k_web);
  ASSERT_TRUE(read) << read.error().message;
  const auto& pages = **read;
  EXPECT_EQ(pages.languages().front().words->language(), "en");
  for (const std::string_view language : {"en", "es", "fr", "ar", "ko", "ja", "zh", "ru"}) {
    ASSERT_NE(pages.find(language), nullptr) << language;
    EXPECT_TRUE(pages.find(language)->pages.has("results"));
  }
  EXPECT_EQ(pages.find("xx"), nullptr);
}

TEST(page_set, chooses_by_accept_language) {
  const auto pages = page_set::load(k_web).value();
  struct row {
    std::string_view accepts, language;
  };
  constexpr row k_rows[] = {
      {"", "en"},
      {"fr", "fr"},
      {"FR-ca", "fr"},
      {"zh-Hant-TW", "zh"},
      {"de, ru;q=0.5", "ru"},
      {"fr;q=0.4, ko;q=0.9, es;q=0.9", "ko"},
      {"de", "en"},
      {"*", "en"},
      {"fr;q=0", "en"},
      {"fr;q=0, *", "en"},
      {"fr;q=x, ja", "ja"},
      {",;, ar", "ar"},
      {"frx", "en"},
  };
  for (const auto& row : k_rows) EXPECT_EQ(pages->choose(row.accepts).words->language(), row.language) << row.accepts;
}

TEST(page_set, without_a_folder_there_are_no_pages) {
  const test::scratch_folder empty;
  const auto read = page_set::load(empty.path());
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, nullptr);
}

TEST(page_set, names_the_file_that_is_missing_or_broken_and_what_to_do) {
  struct row {
    std::string_view file, text, says;  // text: empty to remove
  };
  constexpr row k_rows[] = {
      {"plain/results.mustache", "", "there is no "},
      {"plain/head.mustache", "", "there is no head.mustache"},
      {"plain/help.mustache", "{{{q}}}", "help.mustache, line 1: "},
      {"plain/rich.mustache", "{{#pieces}}", "rich.mustache, line 1: Unclosed section"},
      {"strings/en.json", "", "there is no "},
      {"strings/en.json", "{}", "there is no word "},
      {"strings/ru.json", "{", "ru.json, line 1: not JSON"},
      {"sentences/ar.json", "[]", "sentences/ar.json: must be an object"},
      {"strings/not a language.json", "{}", "ICU has no data for the language"},
  };
  for (const auto& row : k_rows) {
    const copied_web web;
    if (row.text.empty()) {
      fs::remove(web.folder() / row.file);
    } else {
      web.write(row.file, row.text);
    }
    const auto read = page_set::load(web.folder());
    ASSERT_FALSE(read) << row.file;
    const auto& message = read.error().message;
    EXPECT_NE(message.find(web.folder().string()), std::string::npos) << message;
    EXPECT_NE(message.find(row.says), std::string::npos) << message;
    EXPECT_NE(message.find("put back the file"), std::string::npos) << message;
  }
}

TEST(page_set, other_files_have_another_fingerprint) {
  const copied_web web;
  const auto before = page_set::load(web.folder()).value()->fingerprint();
  EXPECT_EQ(page_set::load(web.folder()).value()->fingerprint(), before);
  web.write("plain/help.mustache", "Help");
  const auto changed = page_set::load(web.folder()).value()->fingerprint();
  EXPECT_NE(changed, before);
  web.write("strings/fr.json", "{}");
  EXPECT_NE(page_set::load(web.folder()).value()->fingerprint(), changed);
}

}  // namespace
}  // namespace rapporteur::pages
