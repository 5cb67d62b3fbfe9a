// What other spelling is proposed for a query, over real indexes on disk.
#include "server/search/speller.hpp"

#include "index/reader.hpp"
#include "server/search/shared_vocabulary.hpp"
#include "tests/server/search/small_archive.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace rapporteur::search {
namespace {

namespace fs = std::filesystem;

struct sample {
  int copies;
  const char* language;
  const char* text;
};

// Invented reporting about invented places; copies differ in their ids, so that words have frequencies.
constexpr sample k_samples[] = {
    {6, "en", "The envoy Tomás Ojea Quintal will visit North Varland and its political prison camps in June."},
    {5, "en", "Quintal said after the visit that detainees are held without trial."},
    {14, "en", "Prisoners in the prison camps of North Varland speak of torture, ill-treatment and hunger."},
    {12, "en", "The government of Varland denies arbitrary detention and enforced disappearances."},
    {12, "en", "The committee received the statement of the special rapporteur on human rights."},
    {40, "en", "The letter arrived after the election."},
    {3, "en", "Watchers saw an aster in the yard. A lutter rang."},
    {1, "en", "Their lettar arrived late."},
    {12, "en", "UNHCR and MINUVAR opened offices near Pyongsan; Muhammad Azri leads one."},
    {12, "en", "His son walked north to the sea with the men of the harbour."},
    {4, "en", "O'Brannan wrote of the man from Qasimabad."},
    {5, "es", "La desaparición forzada de Inés Quíntez sigue impune; exigen saber la verdad."},
    {5, "fr", "La détention arbitraire viole les droits de l’homme et de l’enfant."},
    {4, "de", "Die Übergriffe auf Häftlinge wurden in den Gefängnissen bestätigt."},
    {6, "ru", "Правозащитники сообщили о пытках заключённых в колонии. Пытки продолжаются."},
    {5, "uk", "Правозахисники повідомили про катування ув’язнених."},
    {5, "el", "Τα ανθρώπινα δικαιώματα παραβιάζονται στις φυλακές."},
    {6, "ar", "قالت منظمة حقوق الإنسان إن التعذيب مستمر في السجون وإن الحكومة تنفي."},
    {3, "he", "זכויות האדם מופרות בבתי הכלא, אמר הדובר."},
    {5, "ko", "정치범수용소는 여전히 존재한다고 유엔 특별보고관이 밝혔다. 인권 침해는 계속된다."},
    {5, "ja", "政治犯収容所について特別報告者が述べた。拷問が続いているとインタビューで語った。"},
    {5, "zh", "联合国特别报告员谈到政治犯集中营和强迫失踪问题。"},
    {4, "hi", "मानवाधिकार कार्यकर्ताओं ने हिरासत में यातना की बात कही।"},
};

// Has the words of the index in memory, however long a busy machine takes.
bool await_words(shared_vocabulary& words, const fs::path& folder) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(120);
  while (std::chrono::steady_clock::now() < deadline) {
    auto reader = index::reader::open(folder);
    if (reader && words.get(reader->info(), std::chrono::seconds(10))) return true;
  }
  return false;
}

class spelling : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::vector<article> articles;
    for (const sample& s : k_samples) {
      for (int i = 0; i < s.copies; ++i) {
        const std::string id = std::to_string(articles.size());
        articles.push_back(make_article(id, id, s.text, s.language));
      }
    }
    articles.push_back(make_article("title", "Harvesting begins", "A meeting.", "en"));
    archive.emplace(articles);
    words() = std::make_shared<shared_vocabulary>(archive->folder());
    ASSERT_TRUE(await_words(*words(), archive->folder()));
  }
  static void TearDownTestSuite() {
    words().reset();
    archive.reset();
  }
  static inline std::optional<small_archive> archive;
  static std::shared_ptr<shared_vocabulary>& words() {
    static std::shared_ptr<shared_vocabulary> w;
    return w;
  }

  static answer ask(const request& r) {
    searcher s = archive->open();
    s.share_vocabulary(words());
    return answer_to(s, r);
  }
  static std::string proposed(const std::string& q) {
    request r;
    r.q = q;
    return ask(r).did_you_mean.value_or("(none)");
  }
};

struct row {
  const char* q;
  const char* proposed;  // null: none
  const char* why = "";
};

#define EXPECT_PROPOSALS(rows) \
  for (const row& r : rows)    \
  EXPECT_EQ(proposed(r.q), r.proposed != nullptr ? r.proposed : "(none)") << r.q << ": " << r.why

TEST_F(spelling, of_single_words) {
  constexpr row k_rows[] = {
      {"quintla", "quintal", "letters exchanged"},
      {"qintal", "quintal", "a letter left out"},
      {"quinttal", "quintal", "a letter doubled"},
      {"quintol", "quintal", "a wrong letter"},
      {"Kintal", "Quintal", "k for qu"},
      {"comittee", "committee", "a letter not doubled"},
      {"commitee", "committee"},
      {"governmnet", "government"},
      {"goverment", "government"},
      {"Pyeongsan", "Pyongsan", "another transliteration"},
      {"Pyongsam", "Pyongsan"},
      {"Mohamad", "Muhammad", "three light edits"},
      {"Muhamed", "Muhammad"},
      {"rapportuer", "rapporteur"},
      {"disapearances", "disappearances"},
      {"dissapearances", "disappearances", "two edits"},
      {"hte", "the", "a short word"},
      {"aftr", "after"},
      {"varlnad", "varland"},
      {"detaines", "detainees"},
  };
  EXPECT_PROPOSALS(k_rows);
}

TEST_F(spelling, of_every_script) {
  constexpr row k_rows[] = {
      {"desaparicoin", "desaparición", "with the accents of print"},
      {"Quíntze", "Quíntez"},
      {"Quintze", "Quíntez", "typed without accents"},
      {"arbitarire", "arbitraire"},
      {"l’homem", "l’homme", "behind an elided article"},
      {"Ubergrife", "Übergriffe"},
      {"Häftlnge", "Häftlinge"},
      {"правозащитнки", "правозащитники"},
      {"заклученных", "заключённых", "ё in print"},
      {"продолжаютя", "продолжаются"},
      {"Правозахиснкии", "Правозахисники"},
      {"δικαιωμτα", "δικαιώματα"},
      {"ανθρωπηνα", "ανθρώπινα", "eta for iota"},
      {"التعذبي", "التعذيب"},
      {"التعديب", "التعذيب", "a dot left out"},
      {"الحكومة", nullptr, "as it is"},
      {"الحكمة", "الحكومة"},
      {"זכיות", "זכויות"},
      {"정치벙수용소", "정치범수용소", "one letter of a syllable"},
      {"정치범수용수", "정치범수용소", "the last syllable"},
      {"정범치수용소", "정치범수용소", "two syllables exchanged"},
      {"정치범범수용소", "정치범수용소", "a syllable doubled"},
      {"정치범용소", "정치범수용소", "a syllable missing"},
      {"인궈", "인권", "a final consonant missing"},
      {"특별보고간", "특별보고관"},
      {"政治犯収溶所", "政治犯収容所"},
      {"特別報告物", "特別報告者"},
      {"インタービュー", "インタビュー", "a long vowel too many"},
      {"インダビュー", "インタビュー", "a voicing mark"},
      {"强迫失综", "强迫失踪"},
      {"특별 보고관", nullptr, "finds as much"},
      {"मानवाधिकर", "मानवाधिकार"},
  };
  EXPECT_PROPOSALS(k_rows);
}

TEST_F(spelling, of_several_words) {
  constexpr row k_rows[] = {
      {"quintla visit", "quintal visit", "widened to visit, and corrected all the same"},
      {"Ojea Quintla", "Ojea Quintal"},
      {"politcal prisn camps", "political prison camps", "two errors"},
      {"humna rigths", "human rights"},
      {"arbitary detenton", "arbitrary detention"},
      {"northvarland", "north varland", "run together"},
      {"NorthVarland camps", "North Varland camps"},
      {"humanrights committee", "human rights committee"},
      {"pri son camps", "prison camps", "torn apart"},
      {"Pris oners", "Prisoners"},
      {"사람 정치벙수용소", "사람 정치범수용소", "the other word is in no article"},
      {"quintla zzqqx", "quintal zzqqx", "the other word is in no article"},
      {"пытки заключеннх", "пытки заключённых"},
      {"특별 보고간", "특별 보고관"},
      {"desaparicion forzda", "desaparicion forzada", "what is right stays as typed"},
      {"droits de l'homem", "droits de l'homme"},
      {"ill-treatmnet", "ill-treatment", "a part of a compound"},
      {"O'Branan", "O'brannan", "apostrophes stay"},
  };
  EXPECT_PROPOSALS(k_rows);
}

TEST_F(spelling, keeps_all_else_as_typed) {
  constexpr row k_rows[] = {
      {"  quintla   visit ", "  quintal   visit "},
      {"(quintla OR zzqqx) visit", "(quintal OR zzqqx) visit"},
      {"quintla -sport", "quintal -sport"},
      {"Quintla NOT torture", "Quintal NOT torture"},
      {"quintla AND visit", "quintal AND visit"},
      {"quintla NEAR/9 visit", "quintal NEAR/9 visit"},
      {"title:harvestign", "title:harvesting", "in a title"},
      {"lang:en quintla", "lang:en quintal"},
      {"quintla lang:en tort*", nullptr, "no article has both"},
      {"prisn tort*", "prison tort*"},
      {"\"politcal prison camps\"", "\"political prison camps\"", "nothing but a phrase"},
      {"“politcal prison camps” lang:en", "“political prison camps” lang:en"},
      {"\"quintla\"", "\"quintal\""},
      {"\"politcal prison\" camps", nullptr, "a phrase among words is as it is"},
      {"\"politcal prison\" quintla", nullptr, "what is proposed must find something"},
      {"QUINTLA", "QUINTAL", "capitals"},
      {"QUINTLA VISIT", "QUINTAL VISIT", "caps lock"},
      {"Quintla", "Quintal"},
      {"\xff quintla", "\xff quintal", "bytes that are none"},
  };
  EXPECT_PROPOSALS(k_rows);
}

TEST_F(spelling, leaves_alone_what_is_right_or_not_to_be_touched) {
  constexpr row k_rows[] = {
      {"", nullptr},
      {"*", nullptr},
      {"???", nullptr},
      {"quintal", nullptr, "finds plenty"},
      {"prison camps", nullptr},
      {"torture", nullptr},
      {"aster", nullptr, "rare but right: near to after"},
      {"lutter", nullptr, "rare but right: near to letter"},
      {"Qasimabad", nullptr},
      {"quintal torture", nullptr, "both are known; no article has both"},
      {"aster election", nullptr, "rare but right, beside a word that after stands near"},
      {"MINUVAR", nullptr, "an acronym"},
      {"UNHCR", nullptr},
      {"MINUVRA", "MINUVAR", "no acronym, but near to one"},
      {"xqzwv", nullptr, "near to nothing"},
      {"zq", nullptr, "too short"},
      {"-quintla", nullptr, "excluded"},
      {"visit -quintla", nullptr},
      {"quintl*", nullptr, "a star"},
      {"lang:em", nullptr, "the value of a field"},
      {"author:quintla", nullptr},
      {"source:\"Ostmere Wier\"", nullptr},
      {"tag.country:varlnad", nullptr},
      {"=\"quintla\"", nullptr, "exact characters"},
      {"=\"Ojea\" quintla", nullptr},
      {"quintla date:1900", nullptr, "what is proposed must find something"},
      {"quintla OR prison", nullptr, "finds plenty"},
      {"1718 2006", nullptr, "numbers"},
      {"A/HRC/25/63", nullptr},
      {"https://example.org/quintla", nullptr},
      {"정치범수용소", nullptr},
      {"하늘", nullptr, "nothing near enough for two syllables"},
  };
  EXPECT_PROPOSALS(k_rows);
}

// Only what the first page of a search that finds little asks for is computed; filters count.
TEST_F(spelling, depends_on_the_request) {
  request r;
  r.q = "quintla";
  EXPECT_EQ(ask(r).did_you_mean, "quintal");
  r.sort = sort_order::newest;
  EXPECT_EQ(ask(r).did_you_mean, "quintal");
  r.limit = 0;
  EXPECT_EQ(ask(r).did_you_mean, "quintal");
  r.limit = 10;
  r.offset = 10;
  EXPECT_FALSE(ask(r).did_you_mean);
  r.offset = 0;
  r.wanted.languages = {"ko"};
  EXPECT_FALSE(ask(r).did_you_mean) << "no Korean article has the proposed word";
  r.wanted.languages = {"en"};
  EXPECT_EQ(ask(r).did_you_mean, "quintal");
}

// Every proposal finds more than the query did, and is not itself corrected.
TEST_F(spelling, proposals_find_more_and_stand) {
  for (const char* q : {"quintla visit", "politcal prisn camps", "northvarland", "pri son camps", "정치벙수용소",
                        "desaparicoin", "التعذبي", "l’homem", "\"politcal prison camps\"", "prisn tort*"}) {
    request r;
    r.q = q;
    r.sort = sort_order::newest;  // never widened
    const answer before = ask(r);
    ASSERT_TRUE(before.did_you_mean) << q;
    r.q = *before.did_you_mean;
    const answer after = ask(r);
    EXPECT_GT(after.total, before.total) << q;
    EXPECT_FALSE(after.did_you_mean) << q << " -> " << r.q << " -> " << after.did_you_mean.value_or("");
  }
}

TEST_F(spelling, any_bytes_are_a_query) {
  for (const char* q : {"\xFF\xFE", "\"", "(((", "AND OR NOT", "quintla \xE2\x80", "quintla\nvisit", "\"quintla",
                        "quintla)", "(quintla", "title:", "title:quintla)", "-", "qu\xffintla",
                        "\"quintla  \xff visit\"", "ﬁnnal", "ｑｕｉｎｔｌａ", "a̸̷̴̵b̸̷̴̵c", "정치벙", "ㅈㅓㅇ"}) {
    request r;
    r.q = q;
    const answer a = ask(r);
    if (!a.did_you_mean) continue;
    r.q = *a.did_you_mean;
    EXPECT_GT(ask(r).total, 0U) << q;
  }
  std::string many;
  for (int i = 0; i < 200; ++i) many += "quintla" + std::string(1, static_cast<char>('a' + i % 26)) + " ";
  proposed(many);  // bounded, whatever comes out
}

// A removed article's words are gone, also from a vocabulary that was made while it was there.
TEST(spelling_of_a_changing_index, proposes_no_word_of_removed_articles) {
  const small_archive archive({make_article("one", "one", "The harbour of Meridia reopened.", "en"),
                               make_article("two", "two", "The harbour of Kestrin is closed.", "en")});
  auto words = std::make_shared<shared_vocabulary>(archive.folder());
  ASSERT_TRUE(await_words(*words, archive.folder()));
  request r;
  r.q = "meridai";
  const auto ask = [&](searcher& s) {
    auto a = s.search(r);
    EXPECT_TRUE(a);
    return a ? a->did_you_mean : std::nullopt;
  };
  auto open = searcher::open(archive.folder(), limits{});
  ASSERT_TRUE(open);
  open->share_vocabulary(words);
  EXPECT_EQ(ask(*open), "meridia");

  archive.write({}, {"one"});
  auto fresh = searcher::open(archive.folder(), limits{});
  ASSERT_TRUE(fresh);
  fresh->share_vocabulary(words);
  EXPECT_EQ(ask(*fresh), std::nullopt) << "the words in memory are older than the index";
  // The one that was open before sees the removal at its next refresh.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (open->state()->articles != 1 && std::chrono::steady_clock::now() < deadline) {
  }
  EXPECT_EQ(ask(*open), std::nullopt);
  // … and an article that comes back is known again, as are the words of a new one once the words are read anew.
  archive.write({make_article("three", "three", "Volunteers of Ostmerik mend nets.", "en")});
  r.q = "ostmerki";
  std::optional<std::string> seen;
  while (!(seen = ask(*open)) && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_EQ(seen, "ostmerik");
}

// Many threads need the words at once: they are made once, and each gets its answer.
TEST(spelling_of_a_changing_index, shares_words_between_threads) {
  const small_archive archive({make_article("one", "one", "The harbour of Meridia reopened.", "en")});
  auto words = std::make_shared<shared_vocabulary>(archive.folder());
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      auto s = searcher::open(archive.folder(), limits{});
      if (!s) return;
      s->share_vocabulary(words);
      request r;
      r.q = "meridai";
      const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
      while (std::chrono::steady_clock::now() < deadline) {
        const auto a = s->search(r);
        if (a && a->did_you_mean == "meridia") {
          ++right;
          break;
        }
      }
    });
  }
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(right, 4);
}

}  // namespace
}  // namespace rapporteur::search
