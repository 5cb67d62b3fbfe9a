// Explanations against real indexes: what is told of an article is what its document has.
#include "index/explanation.hpp"

#include "index/known_file.hpp"
#include "index/reader.hpp"
#include "index/schema.hpp"
#include "tests/index/index_folder.hpp"
#include "tests/index/make_article.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace rapporteur::index {
namespace {

using test::make_article;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

/// Invented articles, one for each way in which words become terms.
std::vector<article> samples() {
  std::vector<article> all = {
      make_article(
          "en", "U.N. envoy names Han Jong-un",
          "The UN (A/HRC/97/41) spoke of ill-treatment, COVID-19 and 120,000 prisoners.\n\nVARLAND WARNS UN AGAIN\n\n"
          "Prisoner's rights: a prison is a prison."),
      make_article("es", "Tomás y los prisioneros", "El relator visitó a los prisioneros. Tomás habló; Tomas calló.",
                   "es"),
      make_article("fr", "L’homme du fleuve", "L’homme a traversé le fleuve. Aujourd’hui, l'homme est détenu.", "fr"),
      make_article("ar", "تقرير", "زار المقرر الخاص معسكرات الاعتقال وتحدث مع المعتقلين.", "ar"),
      make_article("ru", "Лагеря", "Специальный докладчик ООН посетил лагеря; всё ещё ждут.", "ru"),
      make_article("ko", "북한 인권", "특별보고관은 UN에서 북한의 인권을 말했다.", "ko"),
      make_article("ja", "人権宣言", "北朝鮮の人権について、国連が報告した。", "ja"),
      make_article("th", "สิทธิมนุษยชน", "ปฏิญญาสากลว่าด้วยสิทธิมนุษยชน", "th"),
      make_article("detected", "A report",
                   "The detained defectors spoke to the rapporteur about the camps and the torture.", ""),
      make_article("unknown", "Xyzzy", "Xyzzy plugh frotz 12345.", ""),
      make_article("title-only", "Only a title", ""),
  };
  article& full = all.front();
  full.published = partial_date{2019, 6, 13, date_precision::day};
  full.source = "The Sample Courier";
  full.authors = {"Søren Vangsted-Kjær", "Ko Ri"};
  full.collection = "Press releases";
  full.tags = {{"country", {"Varland", "Sonha"}}, {"topic", {"detention"}}};
  full.origin = {"/articles/en.jsonl", 120, 2};
  article derived = make_article("derived", "The first sentence", "The first sentence. And a second one.");
  derived.title_derived = true;
  all.push_back(derived);
  std::string lengthy;
  for (int n = 0; n < 4000; ++n) lengthy += "Detained word" + std::to_string(n % 700) + " in the UN camp.\n";
  all.push_back(make_article("long", "A long one", lengthy));
  return all;
}

class explanation : public index_folder {
 protected:
  explainer open() {
    auto e = explainer::open(folder_);
    EXPECT_TRUE(e) << e.error().message;
    return e ? std::move(*e) : explainer();
  }
};

/// Term, frequency and positions as Xapian lists them, with none of the code that is tested.
std::vector<std::string> listed(Xapian::Database& db, Xapian::docid id) {
  std::vector<std::string> out;
  for (auto t = db.termlist_begin(id); t != db.termlist_end(id); ++t) {
    std::string row = *t + " " + std::to_string(t.get_wdf());
    for (auto p = db.positionlist_begin(id, *t); p != db.positionlist_end(id, *t); ++p) row += " " + std::to_string(*p);
    out.push_back(row);
  }
  return out;
}

std::vector<std::string> listed(const std::vector<explained_term>& terms) {
  std::vector<std::string> out;
  for (const explained_term& t : terms) {
    std::string row = t.term + " " + std::to_string(t.impact);
    for (const std::uint32_t p : t.positions) row += " " + std::to_string(p);
    out.push_back(row);
  }
  return out;
}

TEST_F(explanation, has_the_terms_positions_and_impacts_of_the_index) {
  run(samples());
  explainer e = open();
  auto r = reader::open(folder_);
  ASSERT_TRUE(r);
  for (const article& a : samples()) {
    const auto id = r->find(a.id);
    ASSERT_NE(id, 0U) << a.id;
    const std::vector<std::string> real = listed(r->database(), id);
    const article_explanation now = e.explain(a);
    EXPECT_EQ(listed(now.terms), real) << a.id;
    const auto stored = e.find(a.id);
    ASSERT_TRUE(stored) << stored.error().message;
    ASSERT_TRUE(stored->has_value()) << a.id;
    EXPECT_EQ(listed((*stored)->terms), real) << a.id;
    EXPECT_EQ((*stored)->content, now.content) << a.id;
    EXPECT_EQ((*stored)->subject.text, a.text) << a.id;
    EXPECT_TRUE(compare((*stored)->terms, now.terms).none()) << a.id;
  }
}

TEST_F(explanation, has_the_tokens_that_the_positions_come_from) {
  run(samples());
  explainer e = open();
  for (const article& a : samples()) {
    const article_explanation x = e.explain(a);
    std::map<std::string, std::vector<std::uint32_t>> of_tokens, of_terms;
    const auto gather = [&](const token_list& list, std::uint32_t offset) {
      for (const token& t : list.tokens()) {
        if (t.kind != token_kind::acronym && t.kind != token_kind::symbol)
          of_tokens[std::string(list.text(t))].push_back(t.position + offset);
      }
    };
    gather(x.title, 0);
    gather(x.text, x.text_offset);
    for (const explained_term& t : x.terms) {
      if (t.kind == term_kind::word) of_terms[t.value] = t.positions;
    }
    for (auto& [word, positions] : of_tokens) {
      std::sort(positions.begin(), positions.end());
      positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
    }
    EXPECT_EQ(of_tokens, of_terms) << a.id;
    EXPECT_FALSE(x.stem_language.empty());
    EXPECT_TRUE(
        std::is_sorted(x.terms.begin(), x.terms.end(), [](const auto& s, const auto& t) { return s.term < t.term; }));
  }
}

TEST_F(explanation, tells_language_revision_and_files) {
  run(samples());
  article again = samples().front();
  again.origin.file = "/articles/other.jsonl";
  {
    auto w = writer::open(folder_, writer::mode::update, {});
    ASSERT_TRUE(w);
    known_file other;
    other.path = "/articles/other.jsonl";
    ASSERT_TRUE(w->begin_file());
    ASSERT_TRUE(w->add(again));
    ASSERT_TRUE(w->end_file(other, false));
    ASSERT_TRUE(w->add(make_article("late", "Late", "Added later.")));
    ASSERT_TRUE(w->commit());
  }
  explainer e = open();
  EXPECT_TRUE(e.has_index());
  EXPECT_EQ(e.revision(), 2U);
  EXPECT_EQ(e.explain(samples()[8]).subject.language, "en");
  EXPECT_TRUE(e.explain(samples()[8]).subject.language_detected);
  EXPECT_EQ(e.explain(samples()[3]).stem_language, "ar");
  EXPECT_EQ(e.explain(samples()[5]).stem_language, "xx");
  const auto first = e.find("en");
  ASSERT_TRUE(first && *first);
  EXPECT_EQ((*first)->revision, 2U);  // another file claimed it
  EXPECT_THAT((*first)->files, ElementsAre("/articles/en.jsonl", "/articles/other.jsonl"));
  std::vector<std::string> shown;
  for (const explained_term& t : (*first)->terms) {
    if (t.kind == term_kind::path) shown.push_back(t.value);
  }
  EXPECT_THAT(shown, UnorderedElementsAre("/articles/en.jsonl", "/articles/other.jsonl"));
  EXPECT_EQ((*first)->subject.origin.line, 2U);
  EXPECT_EQ((*e.find("es"))->revision, 1U);
  EXPECT_EQ((*e.find("late"))->revision, 2U);
  EXPECT_FALSE(e.find("nobody")->has_value());
  EXPECT_FALSE(e.find("")->has_value());
  EXPECT_FALSE(e.find(std::string(1000, 'x'))->has_value());
}

TEST_F(explanation, follows_an_index_that_changes) {
  run(samples());
  explainer e = open();
  for (int n = 0; n < 4; ++n)
    run({make_article("en", "Other", "Changed " + std::to_string(n) + std::string(5000, ' '))});
  const auto found = e.find("en");
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_TRUE(*found);
  EXPECT_FALSE((*found)->terms.empty());
}

TEST(explanation_without_index, has_default_impacts_and_finds_nothing) {
  explainer e;
  EXPECT_FALSE(e.has_index());
  EXPECT_FALSE(e.find("en")->has_value());
  const article_explanation x = e.explain(samples().front());
  const auto un = std::find_if(x.terms.begin(), x.terms.end(), [](const auto& t) { return t.term == "XACR:UN"; });
  ASSERT_NE(un, x.terms.end());
  EXPECT_GT(un->impact, 0U);
  const auto word = e.explain_word("prison", x, x.terms);
  ASSERT_TRUE(word);
  EXPECT_EQ(word->found, word_found::yes);
  EXPECT_FALSE(word->terms.at(0).articles.has_value());
}

TEST(explanation_without_index, says_why_an_index_cannot_be_opened) {
  const test::scratch_folder folder;
  EXPECT_EQ(explainer::open(folder.path()).error().code, errc::index_missing);
}

TEST(explained_terms, are_read_back) {
  struct row {
    std::string term;
    term_kind kind;
    const char *language, *value, *described;
  };
  const std::string path = path_term("/a/b.txt");
  const char* const hash = path.c_str() + 1;
  const row rows[] = {
      {"prison", term_kind::word, "", "prison", "exact word"},
      {"Zen:prison", term_kind::stem, "en", "prison", "stem (en)"},
      {"Zxx:인권", term_kind::stem, "xx", "인권", "stem (unstemmed)"},
      {"Sprison", term_kind::title_word, "", "prison", "title word"},
      {"ZSen:prison", term_kind::title_stem, "en", "prison", "title stem (en)"},
      {"XACR:UN", term_kind::acronym, "", "UN", "acronym"},
      {"XSYM:a/hrc/25/63", term_kind::symbol, "", "a/hrc/25/63", "document symbol"},
      {id_term("reuters-1"), term_kind::id, "", "reuters-1", "id"},
      {author_term("Jane Doe"), term_kind::author, "", "jane doe", "author"},
      {language_term("en"), term_kind::language, "", "en", "language"},
      {source_term("NK News"), term_kind::source, "", "nk news", "source"},
      {collection_term("Press"), term_kind::collection, "", "press", "collection"},
      {tag_term("country", "Varland"), term_kind::tag, "", "country=varland", "tag"},
      {"D20190613", term_kind::day, "", "20190613", "day"},
      {"M201906", term_kind::month, "", "201906", "month"},
      {"Y2019", term_kind::year, "", "2019", "year"},
      {path_term("/a/b.txt"), term_kind::path, "", hash, "file"},
      {"XNEW:x", term_kind::unknown, "", "XNEW:x", "unknown to this version"},
      {"Z", term_kind::unknown, "", "Z", "unknown to this version"},
      {"", term_kind::word, "", "", "exact word"},
  };
  for (const row& r : rows) {
    const explained_term t = read_term(r.term);
    EXPECT_EQ(t.term, r.term);
    EXPECT_EQ(t.kind, r.kind) << r.term;
    EXPECT_EQ(t.language, r.language) << r.term;
    EXPECT_EQ(t.value, r.value) << r.term;
    EXPECT_EQ(describe(t), r.described) << r.term;
  }
}

TEST(explained_terms, are_compared) {
  const auto term = [](std::string name, std::uint32_t impact) {
    explained_term t = read_term(std::move(name));
    t.impact = impact;
    return t;
  };
  const std::vector<explained_term> stored = {term(path_term("/old"), 0), term("a", 1), term("b", 1), term("d", 1)};
  const std::vector<explained_term> now = {term(path_term("/new"), 0), term("b", 2), term("c", 1), term("d", 1)};
  const term_differences d = compare(stored, now);
  EXPECT_THAT(listed(d.only_stored), ElementsAre("a 1"));
  EXPECT_THAT(listed(d.only_now), ElementsAre("c 1"));
  EXPECT_THAT(listed(d.changed), ElementsAre("b 2"));
  EXPECT_TRUE(compare(now, now).none());
}

TEST_F(explanation, says_why_a_word_finds_an_article_or_does_not) {
  std::vector<article> all = samples();
  all.push_back(make_article("lower", "About un", "Kim Jong-un said un."));
  run(all);
  explainer e = open();
  struct row {
    const char *id, *word;
    word_found found;
    const char* because;
    std::vector<std::string> places;  // as printed
  };
  const row rows[] = {
      {"en", "prison", word_found::yes, "exact word", {"prisoners", "Prisoner's", "prison", "prison"}},
      {"en", "imprisoned", word_found::no, "neither the word nor its stem (en)", {}},
      {"es", "prisionera", word_found::yes, "same stem (es)", {"prisioneros", "prisioneros"}},
      {"es", "TOMAS", word_found::yes, "exact word", {"Tomás", "Tomás", "Tomas"}},
      {"ko", "prison", word_found::no, "no stems here", {}},
      {"en", "UN", word_found::yes, "has the acronym", {"U.N.", "un", "UN", "UN"}},
      {"lower", "UN", word_found::no, "in small letters it is found", {"un", "un", "un"}},
      {"lower", "un", word_found::yes, "exact word", {"un", "un", "un"}},
      {"es", "UN", word_found::no, "does not have the acronym", {}},
      {"en", "ill-treatment", word_found::yes, "in a row", {"ill-treatment"}},
      {"en", "illtreatment", word_found::yes, "exact word", {"ill-treatment"}},
      {"en", "treatment-ill", word_found::no, "not in a row", {}},
      {"en", "ill-advised", word_found::no, "lacks advised", {}},
      {"en", "A/HRC/97/41", word_found::yes, "document symbol", {"A/HRC/97/41"}},
      {"en", "A/HRC/97/42", word_found::no, "lacks 42", {}},
      {"en", "120,000", word_found::yes, "exact word", {"120,000"}},
      {"en", "12", word_found::no, "does not have the word", {}},
      {"fr", "homme", word_found::yes, "exact word", {"homme", "homme", "homme"}},
      {"ru", "ОО", word_found::no, "does not have the acronym", {}},
      {"ru", "все", word_found::yes, "exact word", {"всё"}},
      {"ko", "인권", word_found::yes, "characters of the word in a row", {"인권", "인권"}},
      {"ko", "권인", word_found::no, "lacks 권인", {}},
      {"ja", "人権宣言", word_found::yes, "in a row", {"人権宣言"}},
      {"ja", "権", word_found::yes, "exact word", {"権", "権"}},
      {"ja", "人権について", word_found::yes, "in a row", {"人権について"}},
      {"ja", "人権報告", word_found::no, "lacks 権報", {}},
      {"derived", "sentences", word_found::yes, "same stem (en)", {"sentence"}},
      {"en", "...", word_found::no, "nothing of it is a word", {}},
      {"en", "", word_found::no, "nothing of it is a word", {}},
      {"en", "\xFF\xFE", word_found::no, "nothing of it is a word", {}},
  };
  for (const row& r : rows) {
    const auto stored = e.find(r.id);
    ASSERT_TRUE(stored && *stored) << r.id;
    const article_explanation x = e.explain((*stored)->subject);
    const auto w = e.explain_word(r.word, x, (*stored)->terms);
    ASSERT_TRUE(w) << w.error().message;
    EXPECT_EQ(w->found, r.found) << r.id << " " << r.word << ": " << w->because;
    EXPECT_THAT(w->because, HasSubstr(r.because)) << r.id << " " << r.word;
    std::vector<std::string> places;
    for (const word_place& p : w->places)
      places.push_back((p.title ? x.subject.title : x.subject.text).substr(p.begin, p.end - p.begin));
    EXPECT_EQ(places, r.places) << r.id << " " << r.word;
    for (const word_term& t : w->terms) {
      ASSERT_TRUE(t.articles.has_value());
      EXPECT_TRUE(!t.there || *t.articles > 0) << t.wanted.term;
      const bool really =
          std::any_of(x.terms.begin(), x.terms.end(), [&](const auto& of) { return of.term == t.wanted.term; });
      EXPECT_EQ(t.there, really) << t.wanted.term;
    }
  }
}

TEST_F(explanation, leaves_open_what_depends_on_the_archive) {
  explainer none;
  const article_explanation lower = none.explain(make_article("a", "About un", "Kim Jong-un said so."));
  EXPECT_EQ(none.explain_word("UN", lower, lower.terms)->found, word_found::depends);
  // No article has the acronym: the word is meant. A long one is an acronym only if it is written so often.
  run({make_article("x", "Words", "They said pyongok in small letters, and un.")});
  explainer before = open();
  const article_explanation small =
      before.explain(make_article("x", "Words", "They said pyongok in small letters, and un."));
  EXPECT_EQ(before.explain_word("UN", small, small.terms)->found, word_found::yes);
  EXPECT_EQ(before.explain_word("PYONGOK", small, small.terms)->found, word_found::yes);
  run({make_article("y", "Capitals", "PYONGOK — They said so at the UN in small letters.")});
  explainer after = open();
  EXPECT_EQ(after.explain_word("UN", small, small.terms)->found, word_found::no);
  EXPECT_EQ(after.explain_word("PYONGOK", small, small.terms)->found, word_found::no);
  for (const char* id : {"1", "2", "3"}) run({make_article(id, "Words", "They said pyongok.")});
  explainer rarely = open();
  EXPECT_EQ(rarely.explain_word("PYONGOK", small, small.terms)->found, word_found::yes);
}

TEST_F(explanation, names_words_that_begin_alike) {
  explainer e;
  const article_explanation x =
      e.explain(make_article("a", "Varlandic", "The varlander and the varlandish met in Var over varnish."));
  EXPECT_THAT(e.explain_word("Varlands", x, x.terms)->similar, ElementsAre("varlander", "varlandic", "varlandish"));
  EXPECT_THAT(e.explain_word("Varlandic", x, x.terms)->similar, IsEmpty());
  EXPECT_THAT(e.explain_word("xyz", x, x.terms)->similar, IsEmpty());
}

}  // namespace
}  // namespace rapporteur::index
