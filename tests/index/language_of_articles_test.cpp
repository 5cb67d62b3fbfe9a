// Which language an article has, and its stems, from the writer to the reader: the declared one, else the one that its
// text shows, else none.
#include "index/reader.hpp"
#include "index/writer.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

namespace rapporteur::index {
namespace {

namespace fs = std::filesystem;

struct row {
  const char* id;
  const char* declared;
  const char* text;
  const char* language;  // of the article, as read
  const char* term;      // a stem that it must have
};

constexpr row k_rows[] = {
    // What is declared counts, even against the text.
    {"declared", "fr", "The detained defectors spoke to the rapporteur about the prison camps and the torture there.",
     "fr", "Zfr:defector"},
    {"detected-es", "", "El relator especial visitó los campos de prisioneros y habló con antiguos detenidos.", "es",
     "Zes:prisioner"},
    {"detected-ru", "", "Специальный докладчик посетил лагеря для политических заключённых и говорил с ними.", "ru",
     "Zru:лагер"},
    {"without-stemmer", "", "특별보고관은 정치범 수용소를 방문하고 전 수감자들과 고문에 대해 UN 이야기했다.", "ko",
     "Zxx:un"},
    {"declared-without-stemmer", "pl", "Więźniowie mówili o torturach.", "pl", "Zxx:wiezniowie"},
    {"unknown", "", "Xyzzy plugh frotz 12345 67890.", "", "Zxx:plugh"},
};

TEST(language_of_articles, is_declared_else_detected_else_none) {
  std::string folder = (fs::temp_directory_path() / "rapporteur-XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  {
    auto w = writer::open(folder, writer::mode::update, {});
    ASSERT_TRUE(w) << w.error().message;
    for (const row& r : k_rows) {
      article a;
      a.id = r.id;
      a.title = "...";
      a.text = r.text;
      a.language = r.declared;
      ASSERT_TRUE(w->add(std::move(a)));
    }
    ASSERT_TRUE(w->commit());
  }
  auto opened = reader::open(folder);
  ASSERT_TRUE(opened) << opened.error().message;
  for (const row& r : k_rows) {
    const auto id = opened->find(r.id);
    ASSERT_NE(id, 0U) << r.id;
    const auto rec = opened->get_record(id);
    ASSERT_TRUE(rec) << r.id;
    EXPECT_EQ(rec->fields.language, r.language) << r.id;
    bool found = false;
    bool filter = *r.language == '\0';
    std::string stems;
    for (auto t = opened->database().termlist_begin(id); t != opened->database().termlist_end(id); ++t) {
      found = found || *t == r.term;
      filter = filter || *t == std::string("L") + r.language;
      if ((*t).starts_with("Z")) stems += *t + " ";
    }
    EXPECT_TRUE(found) << r.id << ": " << stems;
    EXPECT_TRUE(filter) << r.id;
  }
  fs::remove_all(folder);
}

}  // namespace
}  // namespace rapporteur::index
