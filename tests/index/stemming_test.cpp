// Stems by language, and the languages themselves.
#include "index/stemming.hpp"

#include "index/language.hpp"
#include "index/stem_memory.hpp"

#include <gtest/gtest.h>
#include <xapian.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace rapporteur::index {
namespace {

std::vector<std::string> stems(std::string_view language, std::string_view written) {
  analyzer a;
  token_list list;
  a.analyze(written, list, text_role::query);
  stemmers s;
  std::vector<std::string> all;
  std::vector<std::string_view> out;
  for (const token& t : list.tokens()) {
    s.stem(language, t.kind, written.substr(t.begin, t.end - t.begin), list.text(t), out);
    all.insert(all.end(), out.begin(), out.end());
  }
  return all;
}

bool meet(std::string_view language, std::string_view one, std::string_view other) {
  const auto a = stems(language, one);
  const auto b = stems(language, other);
  return std::any_of(a.begin(), a.end(),
                     [&](const std::string& s) { return std::find(b.begin(), b.end(), s) != b.end(); });
}

TEST(stemming, forms_of_a_word_meet) {
  struct {
    const char* language;
    const char* one;
    const char* other;
  } const rows[] = {
      {"en", "Defectors", "defector"},   {"en", "detained", "detain"},     {"en", "people’s", "people"},
      {"fr", "détentions", "détention"}, {"fr", "détention", "detention"}, {"es", "naciones", "nación"},
      {"es", "nacion", "nación"},        {"de", "Lagern", "Lager"},        {"ru", "лагеря", "лагерь"},
      {"ar", "الحقوق", "حقوق"},          {"pt", "prisões", "prisoes"},     {"fr", "l’homme", "homme"},
  };
  for (const auto& r : rows)
    EXPECT_TRUE(meet(r.language, r.one, r.other)) << r.language << ' ' << r.one << ' ' << r.other;
  EXPECT_FALSE(meet("en", "general", "generate"));
}

// Every language that Xapian has a stemmer for, by the stemmer that is its current one. Left out, because they are
// older or other stemmers of languages that are in the list:
TEST(stemming, languages_are_those_of_the_library) {
  const std::set<std::string> others = {"earlyenglish", "german2", "kraaij_pohlmann", "lovins", "porter"};
  std::set<std::string> library;
  std::istringstream names(Xapian::Stem::get_available_languages());
  for (std::string name; names >> name;) library.insert(name);
  for (const std::string& name : others) EXPECT_EQ(library.erase(name), 1U) << name;

  std::set<std::string> ours;
  for (const std::string& code : stemmed_languages()) {
    EXPECT_EQ(code, normalize_language(code)) << code;
    std::string name = Xapian::Stem(code).get_description();  // Xapian::Stem(english)
    name = name.substr(name.find('(') + 1);
    name.pop_back();
    EXPECT_TRUE(ours.insert(name).second) << code;
  }
  EXPECT_EQ(ours, library);
}

TEST(stemming, not_everything_is_stemmed) {
  EXPECT_TRUE(stems("en", "120,000").empty());
  EXPECT_TRUE(stems("ko", "인권은").empty());
  EXPECT_TRUE(stems("pl", "words").empty());
  EXPECT_TRUE(stems("", "words").empty());
  EXPECT_FALSE(has_stemmer("ko"));
  EXPECT_TRUE(has_stemmer("en"));
}

TEST(language, declared_codes_come_to_one_form) {
  struct {
    const char* declared;
    const char* code;
  } const rows[] = {{"en", "en"},  {"EN-gb", "en"}, {"eng", "en"}, {"zh_Hant", "zh"}, {"spa", "es"},
                    {"fas", "fa"}, {"ckb", "ckb"},  {"nb", "no"},  {"", ""},          {"english", ""},
                    {"e1", ""},    {"und", ""},     {"x", ""}};
  for (const auto& r : rows) EXPECT_EQ(normalize_language(r.declared), r.code) << r.declared;
}

TEST(language, is_detected_from_prose) {
  struct {
    const char* text;
    const char* code;
  } const rows[] = {
      {"The special rapporteur visited the political prison camps and spoke to former detainees about torture.", "en"},
      {"El relator especial visitó los campos de prisioneros políticos y habló con antiguos detenidos sobre la "
       "tortura.",
       "es"},
      {"Le rapporteur spécial a visité les camps de prisonniers politiques et parlé avec d’anciens détenus.", "fr"},
      {"특별보고관은 정치범 수용소를 방문하고 전 수감자들과 고문에 대해 이야기했다.", "ko"},
      {"特別報告者は政治犯収容所を訪問し、元収容者と拷問について話した。", "ja"},
      {"زار المقرر الخاص معسكرات السجناء السياسيين وتحدث مع معتقلين سابقين عن التعذيب.", "ar"},
      {"", ""},
      {"12345 67890 12345 67890 12345 67890", ""},
  };
  for (const auto& r : rows) EXPECT_EQ(detect_language(r.text), r.code) << r.text;
}

TEST(language, of_short_texts_is_the_expected_one) {
  struct {
    const char* text;
    const char* expected;
    const char* code;
  } const rows[] = {
      {"Interrupt Driven Programming", "", "nl"},
      {"Interrupt Driven Programming", "en", "en"},
      // What is plainly another language stays that.
      {"El relator especial visitó los campos de prisioneros políticos y habló con antiguos detenidos.", "en", "es"},
      {"특별보고관은 정치범 수용소를 방문했다.", "en", "ko"},
  };
  for (const auto& r : rows) EXPECT_EQ(detect_language(r.text, r.expected), r.code) << r.text;
}

TEST(language, of_stems_is_never_missing) {
  struct {
    const char* article;
    const char* main;
    const char* stems;
  } const rows[] = {{"fr", "en", "fr"}, {"", "en", "en"}, {"pl", "en", "xx"}, {"", "", "xx"}, {"ko", "", "xx"}};
  for (const auto& r : rows) EXPECT_EQ(stem_language(r.article, r.main), r.stems) << r.article;
}

// A memory so small that hardly anything is found again, one for everything, and none.
TEST(stemming, is_the_same_whatever_is_remembered) {
  const std::string text =
      "Defectors detained naciones naciónes Détentions détention detention l’homme L'Homme people’s ПРАВА права "
      "лагеря Лагеря заключённых заключенных Ёлка высокопревосходительствующий الحقوق حقوق الْحُقُوقِ prisões "
      "ill-treatment élève-maître Donaudampfschifffahrtsgesellschaftskapitän úńĺíḱéĺý "
      "உரிமைகள் மனித իրավունքներ İstanbul ISTANBUL 120th ünïversïtät";
  analyzer a;
  token_list list;
  a.analyze(text, list, text_role::query);
  stemmers small(2);
  stemmers large(k_words_of_indexing);
  std::vector<std::string_view> out;
  for (int round = 0; round < 3; ++round) {
    for (const std::string& language : stemmed_languages()) {
      for (const token& t : list.tokens()) {
        const std::string_view written = std::string_view(text).substr(t.begin, t.end - t.begin);
        for (const token_kind kind : {t.kind, token_kind::part}) {
          if (t.kind == token_kind::acronym) continue;
          stemmers fresh;
          fresh.stem(language, kind, written, list.text(t), out);
          const std::vector<std::string> expected(out.begin(), out.end());
          for (stemmers* s : {&small, &large}) {
            s->stem(language, kind, written, list.text(t), out);
            EXPECT_EQ(std::vector<std::string>(out.begin(), out.end()), expected) << language << " " << written;
          }
        }
      }
    }
  }
}

TEST(stem_memory, finds_what_was_put_under_the_same_kind_until_newer_words_drive_it_out) {
  stem_memory m(2);
  stem_memory::stems found;
  EXPECT_FALSE(m.find(1, "", found));
  EXPECT_FALSE(m.find(1, "camps", found));
  const auto put = m.put(1, "camps", {"camp", "kamp"});
  EXPECT_EQ(put.first, "camp");
  EXPECT_EQ(put.second, "kamp");
  EXPECT_FALSE(m.find(2, "camps", found));
  EXPECT_FALSE(m.find(1, "camp", found));
  ASSERT_TRUE(m.find(1, "camps", found));
  EXPECT_EQ(found.first, "camp");
  EXPECT_EQ(found.second, "kamp");

  m.put(2, "camps", {"", ""});
  ASSERT_TRUE(m.find(1, "camps", found));
  EXPECT_EQ(found.first, "camp");
  ASSERT_TRUE(m.find(2, "camps", found));
  EXPECT_EQ(found.first, "");
  m.put(3, "exiles", {"exil", ""});
  EXPECT_FALSE(m.find(1, "camps", found));
  EXPECT_TRUE(m.find(2, "camps", found));
  EXPECT_TRUE(m.find(3, "exiles", found));
}

TEST(stem_memory, hands_back_what_is_too_long_for_it) {
  for (const std::size_t size : {0U, 1U, 18U, 19U, 20U, 21U, 96U, 400U}) {
    stem_memory m(2);
    const std::string key(size, 'k');
    const std::string first(size, 'a');
    const std::string second(size, 'b');
    const auto put = m.put(1, key, {first, second});
    EXPECT_EQ(put.first, first);
    EXPECT_EQ(put.second, second);
    stem_memory::stems found;
    ASSERT_EQ(m.find(1, key, found), size > 0 && 3 * size < 60) << size;
    if (size == 0 || 3 * size >= 60) continue;
    EXPECT_EQ(found.first, first);
    EXPECT_EQ(found.second, second);
  }
}

TEST(stemming, words_of_languages_without_a_stemmer_are_their_own_stems) {
  stemmers all;
  std::vector<std::string_view> out;
  all.stem(k_unstemmed, token_kind::word, "więźniowie", "wiezniowie", out);
  EXPECT_EQ(out, std::vector<std::string_view>{"wiezniowie"});
  all.stem(k_unstemmed, token_kind::word, "120,000", "120000", out);
  EXPECT_TRUE(out.empty());
}

}  // namespace
}  // namespace rapporteur::index
