// What the thesaurus adds to a search over a real index on disk: which articles, which marks, in which order, and what
// it leaves alone.
#include "server/search/thesaurus.hpp"
#include "tests/server/search/small_archive.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace rapporteur::search {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct sample {
  const char* id;
  const char* title;
  const char* text;
  const char* language = "en";
};

// Invented reporting about invented places.
constexpr sample k_samples[] = {
    {"full", "Talks", "The Republic of Varland and its neighbour met. Envoys spoke of prisons."},
    {"short", "Talks in Varland", "Varland denies it."},
    {"acronym", "Sanctions", "Sanctions on the VRL were renewed; the VRL protested."},
    {"word", "Small letters", "vrl is a syllable in a song."},
    {"hangul", "보고서", "발란드의 인권 보고서가 나왔다.", "ko"},
    {"french", "Rapport", "La République de Varlande se tait.", "fr"},
    {"apart", "Republic", "The republic in the valley has nothing to do with that state, Varland."},
    {"camp", "Camp", "A political prison camp was seen from above."},
    {"camps", "Camps", "Political prison camps exist, say witnesses."},
    {"kwan", "Kwanliso", "Kwanliso is the word that former prisoners use."},
    {"suyongso", "수용소", "정치범수용소에 대한 증언이 있다.", "ko"},
    {"campos", "Campos", "Hay campos de prisioneros políticos, dice el informe.", "es"},
    {"stray", "Prison", "The prison is near a camp site; a political question."},
    {"desap", "Desapariciones", "Las desapariciones forzadas continúan.", "es"},
    {"disp", "Disparition", "La disparition forcée est un crime.", "fr"},
    {"enforced", "Enforced disappearances", "Enforced disappearances continue."},
    {"ru", "Доклад", "В докладе говорится о насильственных исчезновениях.", "ru"},
    {"vessel", "Harbour", "A vessel left."},
    {"ship", "Harbour", "A ship left."},
    {"boats", "Harbour", "Two boats left."},
    {"ministry", "Ministry of Silence", "The Ministry of Silence said nothing."},
    {"mos", "Offices", "The office known as MOSVAR moved."},
};

constexpr const char* k_thesaurus =
    "Varland, Republic of Varland, VRL, République de Varlande, 발란드, Varlandia\n"
    "political prison camp, kwanliso, 정치범수용소, campo de prisioneros políticos\n"
    "enforced disappearance, desaparición forzada, disparition forcée, насильственное исчезновение\n"
    "vessel => ship, boat\n"
    "Ministry of Silence, MOSVAR\n"
    "WHO, World Harbour Organization\n";

class synonyms : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::vector<article> articles;
    for (const sample& s : k_samples) articles.push_back(make_article(s.id, s.title, s.text, s.language));
    archive.emplace(articles);
  }
  static void TearDownTestSuite() { archive.reset(); }
  static inline std::optional<small_archive> archive;

  static answer ask(const std::string& q, bool expand = true, sort_order order = sort_order::newest) {
    searcher s = archive->open(k_thesaurus);
    request r;
    r.q = q;
    r.expand = expand;
    r.limit = 100;
    r.sort = order;  // by relevance, few matches are widened
    return answer_to(s, r);
  }
};

TEST_F(synonyms, find_these_articles) {
  const std::string varland = "acronym apart french full hangul short";
  const std::string camps = "camp campos camps kwan stray suyongso";
  const std::string exact_camps = "camp campos camps kwan suyongso";
  const std::string disappeared = "desap disp enforced ru";
  struct {
    const char* q;
    std::string with, without;
  } const rows[] = {
      {"varland", varland, "apart french full short"},  // French stems varlande so
      {"VRL", varland, "acronym"},
      {"발란드", varland, "hangul"},
      {"République de Varlande", varland, "french"},
      {"republic of varland", varland, "apart full"},
      // In small letters VRL is an everyday word to this archive as often as not.
      {"vrl", varland + " word", "acronym word"},
      {"political prison camp", camps, "camp camps stray"},
      {"political prison camps", camps, "camp camps stray"},
      {"kwanliso", exact_camps, "kwan"},
      {"정치범수용소", exact_camps, "suyongso"},
      {"정치범 수용소", exact_camps, "suyongso"},
      {"campos de prisioneros políticos", exact_camps, "campos"},
      {"enforced disappearance", disappeared, "enforced"},
      {"disparitions forcées", disappeared, "disp"},
      {"насильственные исчезновения", disappeared, "ru"},
      {"vessel", "boats ship vessel", "vessel"},
      {"ship", "ship", "ship"},
      {"Ministry of Silence", "ministry mos", "ministry"},
      {"MOSVAR", "ministry mos", "mos"},
      // Beside other words and operators.
      {"kwanliso witnesses", "camps", ""},
      {"kwanliso -witnesses", "camp campos kwan suyongso", "kwan"},
      {"vessel OR kwanliso", "boats camp campos camps kwan ship suyongso vessel", "kwan vessel"},
      {"(varland sanctions) OR vessel", "acronym boats ship vessel", "vessel"},
      {"title:varland", "short", "short"},
      {"title:정치범수용소", "kwan", ""},
      {"varland lang:ko", "hangul", ""},
      // Left alone.
      {"\"varland\"", "apart full short", "apart full short"},
      {"\"political prison camp\"", "camp", "camp"},
      {"=\"Kwanliso\"", "kwan", "kwan"},
      {"kwanlis*", "kwan", "kwan"},
      {"varland NEAR/3 denies", "short", "short"},
      {"lang:fr -vrl", "disp french", "disp french"},
      {"source:varland", "", ""},
      {"who", "", ""},
  };
  for (const auto& r : rows) {
    EXPECT_EQ(sorted_ids(ask(r.q)), r.with) << r.q;
    EXPECT_EQ(sorted_ids(ask(r.q, false)), r.without) << r.q << ", expand=off";
    EXPECT_THAT(ask(r.q, false).expanded, IsEmpty()) << r.q;
  }
}

TEST_F(synonyms, are_listed_as_the_file_writes_them_if_an_article_has_them) {
  EXPECT_THAT(ask("kwanliso").expanded,
              ElementsAre("political prison camp", "정치범수용소", "campo de prisioneros políticos"));
  EXPECT_THAT(ask("varland").expanded, ElementsAre("Republic of Varland", "VRL", "République de Varlande",
                                                   "발란드"));  // no article has Varlandia
  EXPECT_THAT(ask("vessel kwanliso vessel").expanded,
              ElementsAre("ship", "boat", "political prison camp", "정치범수용소", "campo de prisioneros políticos"));
  EXPECT_THAT(ask("\"varland\"").expanded, IsEmpty());
  EXPECT_EQ(ask("Ministry of Silence").understood, "Ministry AND of AND Silence");
}

TEST_F(synonyms, are_marked_as_printed_and_whole) {
  struct {
    const char* q;
    const char* id;
    std::set<std::string> marks;
  } const rows[] = {
      {"varland", "acronym", {"VRL"}},
      {"varland", "hangul", {"발란드"}},
      {"varland", "french", {"République de Varlande"}},
      {"kwanliso", "camps", {"Political prison camps"}},
      {"kwanliso", "campos", {"campos de prisioneros políticos"}},
      {"kwanliso", "suyongso", {"정치범수용소"}},
      {"enforced disappearance", "desap", {"desapariciones forzadas"}},
      {"enforced disappearance", "ru", {"насильственных исчезновениях"}},
      {"vessel", "boats", {"boats"}},
      {"Ministry of Silence", "mos", {"MOSVAR"}},
  };
  for (const auto& r : rows) EXPECT_EQ(marks(ask(r.q), r.id), r.marks) << r.q << " in " << r.id;

  searcher s = archive->open(k_thesaurus);
  EXPECT_GT(s.article("acronym", "varland", true)->matches, 0U);
  EXPECT_EQ(s.article("acronym", "varland", false)->matches, 0U);
}

// Naming a thing in four ways makes no article four times as relevant.
TEST_F(synonyms, count_as_one_term) {
  std::vector<article> articles;
  const auto add = [&](const std::string& id, const std::string& text) {
    articles.push_back(make_article(id, "Report", text, "en"));
  };
  add("one-way", "The vessel left the harbour, and the vessel came back, and another vessel, and a vessel more.");
  add("four-ways", "The vessel left the harbour, and the ship came back, and another boat, and a barge more.");
  for (int i = 0; i < 40; ++i)
    add("other-" + std::to_string(i), "The cart left the market, and the mule came back, and another horse.");
  const small_archive own(articles);
  searcher s = own.open("vessel, ship, boat, barge\n");
  request r;
  r.q = "vessel";
  const auto a = s.search(r);
  ASSERT_TRUE(a);
  ASSERT_EQ(a->hits.size(), 2U);
  EXPECT_EQ(a->hits[0].fields.id, "one-way");
  EXPECT_LT(a->hits[0].score, 2 * a->hits[1].score);
}

TEST_F(synonyms, are_kept_or_given_up_as_a_whole_when_a_query_is_widened) {
  const answer a = ask("political prison camp zebra", true, sort_order::relevance);
  EXPECT_TRUE(a.widened);
  EXPECT_EQ(sorted_ids(a), "camp campos camps kwan stray suyongso");  // and not those that have prisons only
  const answer b = ask("kwanliso sanctions", true, sort_order::relevance);
  EXPECT_TRUE(b.widened);
  EXPECT_EQ(sorted_ids(b), "acronym camp campos camps kwan suyongso");
}

TEST_F(synonyms, are_bounded) {
  limits l;
  l.max_query_terms = 5;
  searcher s = archive->open(k_thesaurus, l);
  request r;
  r.q = "varland";
  const auto a = s.search(r);
  ASSERT_TRUE(a) << a.error().message;
  EXPECT_THAT(a->expanded, ElementsAre("Republic of Varland", "VRL"));
}

TEST_F(synonyms, follow_the_thesaurus_that_is_used) {
  searcher s = archive->open(k_thesaurus);
  request r;
  r.q = "vessel";
  EXPECT_THAT(s.search(r)->expanded, ElementsAre("ship", "boat"));
  const auto before = s.state()->thesaurus;
  s.use_thesaurus(thesaurus::parse("vessel, sanctions\n", "t.txt").value());
  EXPECT_THAT(s.search(r)->expanded, ElementsAre("sanctions"));
  EXPECT_NE(s.state()->thesaurus, before);
  s.use_thesaurus(nullptr);
  EXPECT_THAT(s.search(r)->expanded, IsEmpty());
  EXPECT_EQ(s.state()->thesaurus, 0U);
}

}  // namespace
}  // namespace rapporteur::search
