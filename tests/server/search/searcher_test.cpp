// Searches over a real index on disk: which articles a query finds, in which order, and what is marked in them.
#include "server/search/searcher.hpp"

#include "tests/server/search/small_archive.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace rapporteur::search {
namespace {

struct sample {
  const char* id;
  const char* title;
  const char* text;
  const char* language;
  const char* source;
  const char* published;
};

// Invented reporting about invented places.
constexpr sample k_samples[] = {
    {"visit", "Envoy to visit Varland",
     "The UN envoy Tomás Ibarra Quintal will visit Varland in June. He has asked to see the political prison camps "
     "there.\n\n"
     "Torture and ill-treatment remain widespread, his report says. Some 120,000 people are held.",
     "en", "Sample Courier", "2019-06-13"},
    {"speech", "Envoy’s speech",
     "The U.N. envoy Tomas Ibarra Quintal spoke of political prison camps. Detention without trial goes on; detainees "
     "are beaten.",
     "en", "Ostmere Wire", ""},
    {"han", "The leader tours a farm",
     "Han Jong Un toured a farm with his ministers. Han Jong-un praised the harvest, said the prison choir, in camps "
     "of political songs.",
     "en", "Ostmere Wire", "2020-01-05"},
    {"caps", "VARLAND WARNS UN OVER CAMPS", "The government warned the organisation not to send anyone.", "en",
     "Ostmere Wire", "2018"},
    {"symbol", "Council adopts text",
     "The council adopted A/HRC/25/63 and recalled S/RES/1718(2006). After 9/11 the G20 met.", "en", "Sample Courier",
     "2019-07"},
    {"homme", "Les droits de l’homme", "La détention arbitraire viole les droits de l’homme. Le chef d’État se tait.",
     "fr", "Le Spécimen", "2019-06-20"},
    {"pais", "Desaparición forzada en Varland",
     "La nación calla. Las desapariciones forzadas continúan, dice Tomás Ibarra Quintal.", "es", "El Ejemplo",
     "2021-03-02"},
    {"ko", "발란드 인권 보고서", "발란드의 인권은 개선되지 않았다. 정치범수용소는 여전히 존재한다고 유엔은 밝혔다.",
     "ko", "견본신문", "2019-06-13"},
    {"ja", "ヴァーランドの人権", "政治犯収容所について特別報告者が述べた。拷問が続いている。", "ja", "見本新聞",
     "2022-11-30"},
    {"ar", "حقوق الإنسان في فارلاند", "قال المقرر الخاص إن التعذيب مستمر في السجون، وإن حُقُوق السجناء منتهكة.", "ar",
     "العينة", "2023-05-01"},
    {"meridia-1", "Floods", "MERIDIA, June 3 - The river rose again.", "en", "Ostmere Wire", ""},
    {"meridia-2", "Harbour", "The harbour of Meridia reopened.", "en", "Ostmere Wire", ""},
    {"meridia-3", "Bridge", "Meridia built a bridge.", "en", "Ostmere Wire", ""},
    {"meridia-4", "Market", "The market of Meridia is closed; MINUVAR soldiers guard it.", "en", "Ostmere Wire", ""},
};

class searching : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::vector<article> articles;
    for (const sample& s : k_samples) {
      article a = make_article(s.id, s.title, s.text, s.language);
      a.source = s.source;
      if (s.published[0] != '\0') a.published = partial_date::parse(s.published).value();
      a.authors = {"Jane Doe"};
      a.tags = {{"country", {s.language[0] == 'e' ? "Varland" : "Elsewhere"}}};
      articles.push_back(std::move(a));
    }
    archive.emplace(articles);
  }
  static void TearDownTestSuite() { archive.reset(); }
  static inline std::optional<small_archive> archive;

  static answer ask(const request& r) {
    searcher s = archive->open();
    return answer_to(s, r);
  }
  static answer ask(const std::string& q) {
    request r;
    r.q = q;
    return ask(r);
  }
  // The ids of what matches all of the query, sorted: widening would hide what does not match.
  static std::string full(const std::string& q) {
    request r;
    r.q = q;
    r.sort = sort_order::newest;  // never widened
    return sorted_ids(ask(r));
  }
};

TEST_F(searching, finds_exactly_these) {
  struct {
    const char* q;
    const char* ids;
  } const rows[] = {
      {"quintal", "pais speech visit"},
      {"tomas quintal", "pais speech visit"},
      {"Tomás Ibarra Quintal", "pais speech visit"},
      {"\"political prison camps\"", "speech visit"},
      {"political prison camps", "han speech visit"},
      {"\"political camps\"", ""},
      {"\"camps prison\"", ""},
      {"MERIDIA", "meridia-1 meridia-2 meridia-3 meridia-4"},
      {"MINUVAR", "meridia-4"},
      {"UN", "speech visit"},
      {"un", "caps han speech visit"},
      {"U.N.", "speech visit"},
      {"\"Han Jong Un\"", "han"},
      {"\"Han Jong-un\"", "han"},
      {"Jong-Un", "han"},
      {"VARLAND WARNS UN", "caps"},
      {"detainee", "speech"},
      {"detention", "homme speech"},
      {"Defectors", ""},
      {"ill-treatment", "visit"},
      {"illtreatment", "visit"},
      {"ill treatment", "visit"},
      {"120000", "visit"},
      {"120,000", "visit"},
      {"A/HRC/25/63", "symbol"},
      {"symbol:A/HRC/25/63", "symbol"},
      {"1718", "symbol"},
      {"9/11", "symbol"},
      {"G20", "symbol"},
      {"homme", "homme"},
      {"droits de l'homme", "homme"},
      {"\"droits de l'homme\"", "homme"},
      {"etat", "homme"},
      {"naciones", "pais"},
      {"desaparicion forzada", "pais"},
      {"인권", "ko"},
      {"정치범", "ko"},
      {"政治犯", "ja"},
      {"\"特別報告者\"", "ja"},
      {"حقوق", "ar"},
      {"السجناء", "ar"},
      {"camps -choir", "caps speech visit"},
      {"quintal NOT date:2019", "pais speech"},
      {"torture OR harvest", "han visit"},
      {"political NEAR/3 camps", "han speech visit"},
      {"envoy NEAR/1 camps", ""},
      {"detai*", "speech"},
      {"ill-treat*", "visit"},
      {"Jong-u*", "han"},
      {"tomás NEAR/1 (\"ibarra quintal\" OR nobody)", "pais speech visit"},
      {"envoy NEAR/30 (\"camps political\" OR \"prison camps\")", "speech visit"},
      {"envoy NEAR/30 (\"camps political\" OR nobody)", ""},
      {"title:envoy", "speech visit"},
      {"title:camps", "caps"},
      {"date:2019-06", "homme ko visit"},
      {"date:2019", "homme ko symbol visit"},
      {"date:2018", "caps"},
      {"date:2019..2019-06", "homme ko visit"},
      {"date:2019-06-14..2019-07", "homme symbol"},
      {"date:2019-06-14..2019-07-30", "homme"},
      {"date:2018..2019-01", "caps"},
      {"date:2019-06-13..2019-06-13", "ko visit"},
      {"date:2018-05", ""},
      {"date:2020..", "ar han ja pais"},
      {"date:..2018", "caps"},
      {"source:\"ostmere wire\"", "caps han meridia-1 meridia-2 meridia-3 meridia-4 speech"},
      {"lang:fr", "homme"},
      {"author:doe camps", "caps han speech visit"},
      {"tag.country:varland harvest", "han"},
      {"=\"Jong-un\"", "han"},
      {"=\"Jong-Un\"", ""},
      {"=\"Tomas Ibarra\"", "speech"},
      {"=\"Tomás Ibarra\"", "visit pais"},
      {"title:=\"Envoy to\"", "visit"},
      {"title:=\"envoy to\"", ""},
      {"zzzz", ""},
  };
  for (const auto& r : rows) {
    std::string expected = r.ids;
    if (expected == "visit pais") expected = "pais visit";
    EXPECT_EQ(full(r.q), expected) << r.q;
  }
}

TEST_F(searching, says_where_exact_characters_are_not_compared) {
  const answer a = ask("harvest OR =\"Jong-Un\"");
  ASSERT_EQ(a.warnings.size(), 1U);
  EXPECT_EQ(a.warnings[0].code, "exact_as_phrase");
  EXPECT_EQ(a.warnings[0].column, 12U);
  EXPECT_EQ(a.warnings[0].values, (named_values{{"phrase", "=\"Jong-Un\""}}));
  EXPECT_TRUE(ask("=\"Jong-un\" farm").warnings.empty());
}

TEST_F(searching, marks_what_matched_as_printed) {
  struct {
    const char* q;
    const char* id;
    std::set<std::string> marks;
  } const rows[] = {
      {"tomas quintal", "visit", {"Tomás", "Quintal"}},
      {"tomas quintal", "speech", {"Tomas", "Quintal"}},
      {"UN", "speech", {"U.N."}},
      {"\"political prison camps\"", "visit", {"political prison camps"}},
      {"un", "han", {"Un", "un"}},
      {"\"Jong Un\"", "han", {"Jong Un", "Jong-un"}},
      {"ill treatment", "visit", {"ill-treatment"}},
      {"ill-treatment", "visit", {"ill-treatment"}},
      {"detainee", "speech", {"detainees"}},
      {"homme", "homme", {"homme"}},
      {"인권", "ko", {"인권"}},
      {"政治犯収容所", "ja", {"政治犯収容所"}},
      {"حقوق", "ar", {"حقوق", "حُقُوق"}},
      {"camps -choir", "visit", {"camps"}},
      {"title:envoy", "visit", {"Envoy"}},
      {"a/hrc/25/63", "symbol", {"A/HRC/25/63"}},
      {"=\"Jong-un\"", "han", {"Jong-un"}},
      {"date:2019-06", "visit", {}},
  };
  for (const auto& r : rows) EXPECT_EQ(marks(ask(r.q), r.id), r.marks) << r.q << " in " << r.id;
}

TEST_F(searching, a_stray_word_of_a_phrase_is_not_marked) {
  const answer a = ask("\"political prison camps\"");
  EXPECT_TRUE(marks(a, "han").empty());
  searcher s = archive->open();
  const auto whole = s.article("han", "\"political prison camps\"");
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->matches, 0U);
}

TEST_F(searching, runs_put_together_are_the_text) {
  searcher s = archive->open();
  for (const sample& x : k_samples) {
    const auto whole = s.article(x.id, "quintal OR camps OR 인권 OR حقوق OR \"de l'homme\"");
    ASSERT_TRUE(whole);
    std::string text;
    for (const marked_text& p : whole->paragraphs) {
      if (!text.empty()) text += "\n\n";
      for (const run& r : p) text += r.text;
    }
    EXPECT_EQ(text, x.text);
  }
  EXPECT_EQ(s.article("nobody", "").error().code, errc::not_found);
}

TEST_F(searching, sorts_by_date_with_the_undated_last) {
  request r;
  r.q = "quintal";
  r.sort = sort_order::newest;
  EXPECT_EQ(ids(ask(r)), (std::vector<std::string>{"pais", "visit", "speech"}));
  r.sort = sort_order::oldest;
  EXPECT_EQ(ids(ask(r)), (std::vector<std::string>{"visit", "pais", "speech"}));
}

TEST_F(searching, widens_with_full_matches_first_and_pages_through_both) {
  const answer a = ask("envoy harvest visit");
  EXPECT_TRUE(a.widened);
  EXPECT_EQ(a.total, 3U);
  const answer b = ask("envoy visit");
  EXPECT_TRUE(b.widened);
  ASSERT_FALSE(b.hits.empty());
  EXPECT_EQ(b.hits[0].fields.id, "visit");
  std::vector<std::string> paged;
  for (std::uint32_t offset = 0; offset < b.total; ++offset) {
    request r;
    r.q = "envoy visit";
    r.limit = 1;
    r.offset = offset;
    for (const std::string& id : ids(ask(r))) paged.push_back(id);
  }
  EXPECT_EQ(paged, ids(b));
  EXPECT_FALSE(ask("quintal").widened);
  EXPECT_FALSE(ask("\"political prison camps\" harvest").widened);
}

TEST_F(searching, what_and_joins_is_not_given_up) {
  const struct {
    const char* q;
    bool widened;
    std::vector<std::string> found;
  } k_cases[] = {
      {"envoy harvest", true, {"han", "speech", "visit"}},
      {"envoy AND harvest", false, {}},
      {"envoy AND visit", false, {"visit"}},
      {"(envoy harvest) AND visit", false, {}},
      {"envoy AND tomas visit harvest", true, {"visit"}},
      {"envoy AND tomas visit", false, {"visit"}},
      {"visit harvest envoy AND tomas", true, {"visit"}},
      {"Quintal AND ill-treatment farm", false, {}},
      {"farm envoy OR choir", false, {"han"}},
  };
  for (const auto& c : k_cases) {
    const answer a = ask(c.q);
    EXPECT_EQ(a.widened, c.widened) << c.q;
    std::vector<std::string> found = ids(a);
    std::sort(found.begin(), found.end());
    EXPECT_EQ(found, c.found) << c.q;
    EXPECT_EQ(a.total, c.found.size()) << c.q;
  }
}

TEST_F(searching, filters_and_facets) {
  request r;
  r.q = "camps";
  r.facets = {"source", "lang", "year"};
  const answer a = ask(r);
  ASSERT_EQ(a.facets.size(), 3U);
  EXPECT_EQ(a.facets[0].values[0].value, "Ostmere Wire");
  EXPECT_EQ(a.facets[0].values[0].count, 3U);
  EXPECT_EQ(a.facets[1].values[0].value, "en");
  r.wanted.sources = {"sample courier", "Le Spécimen"};
  EXPECT_EQ(ids(ask(r)), std::vector<std::string>{"visit"});
  r.wanted.sources.clear();
  r.from = partial_date::parse("2020").value();
  EXPECT_EQ(ids(ask(r)), std::vector<std::string>{"han"});
  r.from.reset();
  r.wanted.tags = {{"country", {"nowhere"}}};
  EXPECT_TRUE(ask(r).hits.empty());
}

// A filter that nothing passes was once taken for no filter.
TEST_F(searching, a_filter_that_nothing_passes_finds_nothing) {
  const auto none = [](auto&& filter) {
    for (const char* q : {"camps", "envoy visit", "", "=\"camps\""}) {
      request r;
      r.q = q;
      r.facets = {"year"};
      filter(r);
      const answer a = ask(r);
      EXPECT_EQ(a.total, 0U) << q;
      EXPECT_TRUE(a.hits.empty()) << q;
      EXPECT_TRUE(a.facets[0].values.empty()) << q;
    }
  };
  none([](request& r) { r.to = partial_date::parse("1900").value(); });
  none([](request& r) { r.from = partial_date::parse("2100").value(); });
  none([](request& r) { r.from = partial_date::parse("2020").value(), r.to = partial_date::parse("2019").value(); });
  none([](request& r) { r.wanted.sources = {"nobody"}; });
  none([](request& r) { r.wanted.authors = {"!!"}; });
  none([](request& r) { r.wanted.languages = {"???"}; });
  none([](request& r) { r.wanted.collections = {"none"}; });
}

TEST_F(searching, limits_are_told_before_anything_runs) {
  searcher s = archive->open();
  request r;
  r.q = std::string(5000, 'x');
  EXPECT_EQ(s.search(r).error().code, errc::too_large);
  r.q = "x";
  r.limit = 101;
  EXPECT_EQ(s.search(r).error().code, errc::invalid_argument);
  r.limit = 10;
  r.offset = 9995;
  EXPECT_EQ(s.search(r).error().code, errc::invalid_argument);
  r.offset = 0;
  r.facets = {"nonsense"};
  EXPECT_EQ(s.search(r).error().code, errc::invalid_argument);
}

TEST_F(searching, limit_zero_counts_only) {
  request r;
  r.q = "camps";
  r.limit = 0;
  const answer a = ask(r);
  EXPECT_TRUE(a.hits.empty());
  EXPECT_EQ(a.total, 4U);
  EXPECT_TRUE(a.total_exact);
}

TEST_F(searching, any_bytes_are_a_query) {
  searcher s = archive->open();
  for (const char* q : {"", "\xFF\xFE", "\"", "(((", "AND OR NOT", "-", "*", "a*", "title:", "date:x", "NEAR/", "=\"\"",
                        "北* OR", "\xE2\x80", "x\ny"}) {
    request r;
    r.q = q;
    EXPECT_TRUE(s.search(r)) << q;
  }
  EXPECT_EQ(ask("").total, std::size(k_samples));
}

TEST_F(searching, follows_the_index) {
  const small_archive own;
  EXPECT_EQ(searcher::open(own.folder(), limits{}).error().code, errc::index_missing);
  const auto add = [&](const std::string& id, index::writer::mode m) {
    own.write({make_article(id, "", "camps", "")}, {}, m);
  };
  add("one", index::writer::mode::update);
  auto s = searcher::open(own.folder(), limits{});
  ASSERT_TRUE(s);
  const auto until_revision = [&](std::uint64_t revision) {
    // The searcher looks for a newer commit a few times a second: ask until it has seen it.
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (s->state()->revision != revision && std::chrono::steady_clock::now() < deadline) {
    }
    request r;
    r.q = "camps";
    return s->search(r)->total;
  };
  add("two", index::writer::mode::update);
  EXPECT_EQ(until_revision(2), 2U);
  add("three", index::writer::mode::rebuild);
  EXPECT_EQ(until_revision(3), 1U);
}

// An answer over what was before a commit could be read from blocks that the next commit is writing.
TEST_F(searching, an_answer_never_trails_a_commit) {
  const small_archive own;
  own.write({make_article("0", "", "camps", "")});
  auto s = searcher::open(own.folder(), limits{});
  ASSERT_TRUE(s);
  request r;
  r.q = "camps";
  for (std::uint64_t n = 1; n <= 5; ++n) {
    own.write({make_article(std::to_string(n), "", "camps", "")});
    EXPECT_EQ(s->search(r)->total, n + 1);
  }
}

}  // namespace
}  // namespace rapporteur::search
