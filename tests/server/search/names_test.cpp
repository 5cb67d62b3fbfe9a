// Names and acronyms over a real index on disk: however a name is written in the query or in an article, the same
// articles are found and the same places marked, and no others. Each name has decoys: articles with the same words
// that mean something else.
#include "tests/server/search/small_archive.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace rapporteur::search {
namespace {

struct sample {
  const char* id;
  const char* title;
  const char* text;
  const char* language = "en";
};

constexpr sample k_samples[] = {
    // Three ways to write one name, and a fourth; other people with its words in their articles.
    {"un-apart", "Farm visit", "State media showed Kim Jong Un at a farm on Tuesday."},
    {"un-small", "Harvest praised", "Kim Jong-un praised the harvest, the report says."},
    {"un-capital", "Speech", "The speech of Kim Jong-Un was short."},
    {"un-joined", "Old spelling", "A letter signed Kim Jongun turned up."},
    {"il", "Old visit", "Kim Jong Il received the U.N. envoy. The UN said nothing."},
    {"il-hyphen", "Older visit", "Kim Jong-il received an envoy of the UN, Ms Kim."},
    {"scattered", "A list", "Kim, Un and Jong are common syllables; un is also a French article."},
    // A name that no thesaurus knows: the archive tells that it is one word.
    {"yo-hyphen", "Sister", "Han Yo-jong answered."},
    {"yo-hyphen-2", "Sister again", "Han Yo-jong answered again, and Han Yo-jong left."},
    {"yo-apart", "The sister", "Han Yo Jong did not answer."},
    {"yo-decoy", "Others", "Han met Yo, a cellist. Jong came late."},
    // Romanisations.
    {"py-1", "Capital", "Trains to P'yŏngyang stopped."},
    {"py-2", "Capital", "Trains to P’yŏngyang run."},
    {"py-3", "Capital", "Trains to Pyongyang are late."},
    {"ch-1", "Port", "Ch’ŏngjin is a port."},
    {"ch-2", "Port", "Chongjin has a steelworks."},
    // Particles.
    {"as-1", "Decree", "President Bashar al-Assad signed."},
    {"as-2", "Decree", "President Bashar Al Assad signed."},
    {"as-3", "Decree", "Al-Assad signed again."},
    {"as-4", "Alone", "Assad did not sign."},
    {"as-decoy", "Guests", "Al came late; an hour before, Assad had left."},
    // Apostrophes.
    {"ob-1", "Author", "Patrick O'Brien wrote it."},
    {"ob-2", "Author", "Patrick O’Brien wrote it."},
    {"ob-3", "Author", "Patrick OBrien wrote it."},
    {"ob-decoy", "Author", "Patrick Brien, not O, wrote it."},
    // Spellings of one Arabic name.
    {"mu-1", "Trial", "The trial of Muhammad Saleh began."},
    {"mu-2", "Trial", "The trial of Mohammed Saleh began."},
    {"mu-3", "Trial", "The trial of Mohamed Saleh began."},
    // A mandate holder.
    {"oq-1", "Visit", "Tomás Ojea Quintana will visit in June."},
    {"oq-2", "Visit", "Tomas Ojea-Quintana spoke."},
    {"oq-3", "Visit", "Mr. Quintana was told; Ojea is a village."},
    // Acronyms and the words that they are spelt like.
    {"acr-un", "Council", "The U.N. and its agencies met."},
    {"acr-us", "Talks", "The US and the U.S. Senate agreed."},
    {"word-us", "Letter", "They told us to come with us."},
    {"acr-who", "Health", "The WHO counted the clinics."},
    {"word-who", "People", "Those who came know who called."},
    {"acr-aids", "Clinic", "AIDS is treated there."},
    {"word-aids", "Help", "She aids the sick; hearing aids are rare."},
    {"acr-it", "Office", "The IT department was searched."},
    {"word-it", "Rain", "It rained, and it was cold."},
    {"acr-coi", "Report", "The COI heard eighty witnesses."},
    {"acr-coi-2", "Report", "The C.O.I. published what it heard."},
    {"headline", "LEADER TELLS US AND UN WHO AIDS IT", "The headline shouted."},
    {"dateline", "River", "VARDOR, June 3 - The river rose."},
    // What a query in capitals must find.
    {"camps", "Camps", "North Korea denies that prison camps exist."},
    {"quintana", "Question", "Who is Quintana? A lawyer."},
    // A Spanish verb that has the stem of a name.
    {"verbo-1", "Nota", "El gobierno tomó medidas y toma nota de lo que se tome.", "es"},
    {"verbo-2", "Nota", "La policía tomó la plaza; otros tomaron la calle.", "es"},
    {"verbo-3", "Nota", "Tomó la palabra y tomó asiento.", "es"},
    {"verbo-4", "Nota", "El comité tomó nota.", "es"},
    {"verbo-5", "Nota", "Se tomó una decisión.", "es"},
    {"verbo-6", "Nota", "La ministra tomó posesión.", "es"},
    {"verbo-7", "Nota", "El relator tomó notas.", "es"},
    {"verbo-8", "Nota", "El juez tomó juramento.", "es"},
    {"verbo-9", "Nota", "La comisión tomó testimonio.", "es"},
    {"verbo-10", "Nota", "Nadie tomó partido.", "es"},
    {"verbo-11", "Nota", "Tomaron rehenes y se tomó rehenes.", "es"},
    {"verbo-12", "Nota", "El ejército tomó el puerto.", "es"},
    {"verbo-13", "Nota", "La prensa tomó fotos.", "es"},
    {"verbo-14", "Nota", "El director tomó apuntes.", "es"},
    {"verbo-15", "Nota", "El testigo tomó agua.", "es"},
    {"verbo-16", "Nota", "La defensa tomó distancia.", "es"},
};

constexpr const char* k_thesaurus =
    "# section: people\n"
    "Kim Jong Un, 김정은\n"
    "Kim Jong Il, 김정일\n"
    "Bashar al-Assad, بشار الأسد\n"
    "# section: spellings\n"
    "Muhammad, Mohammed, Mohamed\n"
    "# section: bodies\n"
    "UN, United Nations\n"
    "WHO, World Health Organization\n"
    "COI, Commission of Inquiry\n";

class names : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::vector<article> articles;
    for (const sample& s : k_samples) articles.push_back(make_article(s.id, s.title, s.text, s.language));
    archive.emplace(articles);
  }
  static void TearDownTestSuite() { archive.reset(); }
  static inline std::optional<small_archive> archive;

  static answer ask(const std::string& q, bool with_thesaurus = true, bool expand = true) {
    searcher s = archive->open(with_thesaurus ? k_thesaurus : "");
    request r;
    r.q = q;
    r.expand = expand;
    r.limit = 100;
    r.sort = sort_order::newest;  // never widened
    return answer_to(s, r);
  }
};

TEST_F(names, are_found_however_they_are_written) {
  struct {
    std::vector<std::string> queries;  // all of them find the same and mark the same
    const char* ids;
    bool thesaurus;
  } const rows[] = {
      {{"Kim Jong Un", "Kim Jong-un", "Kim Jong-Un", "kim jong un", "kim jong-un", "KIM JONG UN", "KIM JONG-UN",
        "Kim Jongun", "Kim-Jong-Un"},
       "un-apart un-capital un-joined un-small",
       true},
      {{"\"Kim Jong Un\"", "\"Kim Jong-un\"", "\"kim jong-Un\""}, "un-apart un-capital un-small", true},
      {{"Kim Jong Un", "Kim Jong-un", "Kim Jong-Un", "kim jong un"}, "un-apart un-capital un-joined un-small", false},
      {{"Kim Jong Il", "Kim Jong-il", "kim jong il"}, "il il-hyphen", true},
      {{"Han Yo Jong", "Han Yo-jong", "han yo jong", "Han Yo-Jong"}, "yo-apart yo-hyphen yo-hyphen-2", true},
      {{"Han Yo Jong", "Han Yo-jong", "han yo jong", "Han Yo-Jong"}, "yo-apart yo-hyphen yo-hyphen-2", false},
      {{"P'yŏngyang", "P’yŏngyang", "Pyongyang", "pyongyang", "PYONGYANG", "P'yongyang"}, "py-1 py-2 py-3", true},
      {{"Ch’ŏngjin", "Ch'ŏngjin", "Chongjin", "chongjin"}, "ch-1 ch-2", true},
      {{"al-Assad", "Al Assad", "Al-Assad", "al assad"}, "as-1 as-2 as-3", true},
      {{"Bashar al-Assad", "Bashar Al Assad", "bashar al assad"}, "as-1 as-2", true},
      {{"Assad"}, "as-1 as-2 as-3 as-4 as-decoy", true},
      {{"O'Brien", "O’Brien", "OBrien", "o'brien"}, "ob-1 ob-2 ob-3", true},
      {{"Muhammad Saleh", "Mohammed Saleh", "Mohamed Saleh", "mohamed saleh"}, "mu-1 mu-2 mu-3", true},
      {{"\"Mohammed Saleh\""}, "mu-2", true},
      {{"Ojea Quintana", "ojea quintana", "\"Ojea Quintana\"", "Ojea-Quintana", "\"Ojea-Quintana\""},
       "oq-1 oq-2",
       true},
  };
  for (const auto& r : rows) {
    const auto first = marks(ask(r.queries.front(), r.thesaurus));
    for (const std::string& q : r.queries) {
      const answer a = ask(q, r.thesaurus);
      EXPECT_EQ(sorted_ids(a), r.ids) << q << (r.thesaurus ? "" : ", without a thesaurus");
      EXPECT_EQ(marks(a), first) << q << " and " << r.queries.front();
    }
  }
}

TEST_F(names, are_marked_whole) {
  struct {
    const char* q;
    const char* id;
    std::multiset<std::string> marks;
  } const rows[] = {
      {"kim jong un", "un-apart", {"Kim Jong Un"}},
      {"kim jong un", "un-small", {"Kim Jong-un"}},
      {"Kim Jong-un", "un-capital", {"Kim Jong-Un"}},
      {"Kim Jong-un", "un-joined", {"Kim Jongun"}},
      {"Al Assad", "as-1", {"al-Assad"}},
      {"al-Assad", "as-2", {"Al Assad"}},
      {"Pyongyang", "py-1", {"P'yŏngyang"}},
      {"O'Brien", "ob-2", {"O’Brien"}},
      {"Mohamed", "mu-1", {"Muhammad"}},
  };
  for (const auto& r : rows) {
    const auto all = marks(ask(r.q));
    const auto found = all.find(r.id);
    ASSERT_NE(found, all.end()) << r.q << " does not find " << r.id;
    EXPECT_EQ(found->second, r.marks) << r.q << " in " << r.id;
  }
}

TEST_F(names, acronyms_are_found_as_acronyms) {
  struct {
    const char* q;
    const char* ids;
  } const rows[] = {
      {"UN", "acr-un il il-hyphen"},
      {"U.N.", "acr-un il il-hyphen"},
      {"un", "acr-un headline il il-hyphen scattered un-apart un-capital un-small"},
      {"US", "acr-us"},
      {"U.S.", "acr-us"},
      {"us", "acr-us headline word-us"},
      {"WHO", "acr-who"},
      {"AIDS", "acr-aids"},
      {"IT", "acr-it"},
      {"COI", "acr-coi acr-coi-2"},
      {"coi", "acr-coi acr-coi-2"},
      {"C.O.I.", "acr-coi acr-coi-2"},
      {"VARDOR", "dateline"},
  };
  for (const auto& r : rows) {
    EXPECT_EQ(sorted_ids(ask(r.q)), r.ids) << r.q;
    EXPECT_EQ(sorted_ids(ask(r.q, false)), r.ids) << r.q << ", without a thesaurus";
  }
}

// A query typed with caps lock says nothing by its capitals, and all its words count.
TEST_F(names, caps_lock_loses_no_words) {
  struct {
    const char* q;
    const char* ids;
  } const rows[] = {
      {"NORTH KOREA PRISON CAMPS", "camps"},
      {"KIM JONG UN", "un-apart un-capital un-joined un-small"},
      {"WHO IS QUINTANA", "oq-1 oq-2 oq-3 quintana"},
      {"KIM FARM", "un-apart"},
      {"THE LEADER TELLS US", "headline"},
  };
  for (const auto& r : rows) EXPECT_EQ(sorted_ids(ask(r.q)), r.ids) << r.q;
}

// The Spanish stem of the name is tom, that of tomó and tomaron. Nearly all articles with that stem have it from other
// words, and the word is at home in other languages: it is not given that stem.
TEST_F(names, do_not_take_the_stems_of_another_languages_words) {
  EXPECT_EQ(sorted_ids(ask("tomas")), "oq-1 oq-2");
  EXPECT_EQ(sorted_ids(ask("Tomás")), "oq-1 oq-2");
  const std::string verbs = sorted_ids(ask("tomó"));
  EXPECT_NE(verbs.find("verbo-16"), std::string::npos);
  EXPECT_EQ(sorted_ids(ask("tomaron")), verbs);
}

}  // namespace
}  // namespace rapporteur::search
