// Distances between words, the words in memory, and the places in a query that may be corrected.
#include "index/writer.hpp"
#include "server/search/character_candidates.hpp"
#include "server/search/edit_distance.hpp"
#include "server/search/query_parser.hpp"
#include "server/search/query_words.hpp"
#include "server/search/shared_vocabulary.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <random>
#include <set>

namespace rapporteur::search {
namespace {

namespace fs = std::filesystem;

// ---- distances -----------------------------------------------------------------------------------------------------

// The definition, cell by cell.
unsigned restricted_distance(const std::u32string& a, const std::u32string& b) {
  std::vector<std::vector<unsigned>> d(a.size() + 1, std::vector<unsigned>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = static_cast<unsigned>(i + j);
        continue;
      }
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

TEST(edit_distance, counts_restricted_edits) {
  struct {
    const char* a;
    const char* b;
    unsigned distance;
  } const rows[] = {
      {"prison", "prison", 0}, {"prison", "pirson", 1}, {"prison", "prisn", 1},        {"prison", "prisson", 1},
      {"prison", "prizon", 1}, {"ca", "abc", 3},        {"kintana", "quintana", 2},    {"muhammad", "mohamed", 3},
      {"пытки", "пытик", 1},   {"حقوق", "حقوقي", 1},    {"δικαιωμα", "δικαιωματα", 2}, {"a", "b", 1},
      {"пытки", "prison", 6},  {"мордор", "модрор", 1},
  };
  for (const auto& r : rows) {
    EXPECT_EQ(edit_pattern(characters_of(r.a)).distance(r.b), r.distance) << r.a << ' ' << r.b;
    EXPECT_EQ(edit_pattern(characters_of(r.b)).distance(r.a), r.distance) << r.b << ' ' << r.a;
  }
}

// The bit-parallel form and its filter against the definition, on words of few letters, so that edits abound.
TEST(edit_distance, agrees_with_its_definition) {
  std::mt19937 random(7);  // NOLINT(bugprone-random-generator-seed): the same words every time
  const std::u32string letters = U"abcдежعمن";
  const auto word = [&](std::size_t most) {
    std::u32string w(1 + random() % most, U'a');
    for (char32_t& c : w) c = letters[random() % letters.size()];
    return w;
  };
  for (int round = 0; round < 20000; ++round) {
    const std::u32string a = word(round % 100 == 0 ? k_max_compared : 8);
    const std::u32string b = word(round % 100 == 0 ? k_max_compared : 8);
    const edit_pattern pattern(a);
    const unsigned distance = restricted_distance(a, b);
    ASSERT_EQ(pattern.distance(utf8_of(b)), distance) << utf8_of(a) << ' ' << utf8_of(b);
    for (unsigned most = distance; most <= 3; ++most)
      ASSERT_TRUE(pattern.may_be_near(b.size(), letters_of(b), most)) << utf8_of(a) << ' ' << utf8_of(b);
  }
}

TEST(edit_cost, weighs_what_people_do_most_as_less) {
  const auto cost = [](const char* typed, const char* meant) {
    return edit_cost(characters_of(typed), characters_of(meant));
  };
  struct {
    const char* typed;
    const char* light;  // is nearer to what was typed …
    const char* heavy;  // … than this
    const char* why;
  } const rows[] = {
      {"comittee", "committee", "comitteex", "a letter doubled"},
      {"pyeongyang", "pyeangyang", "pyekngyang", "a vowel for a vowel"},
      {"mohamed", "muhamed", "mrhamed", "a vowel for a vowel"},
      {"gandi", "gandhi", "gandri", "an h left out"},
      {"kintana", "quintana", "wrintana", "k for qu"},
      {"safia", "saphia", "sawria", "f for ph"},
      {"tortrue", "torture", "toxyrue", "letters exchanged"},
      {"prizon", "prison", "pridon", "s and z"},
      {"torture", "torturd", "dorture", "the end rather than the beginning"},
      {"тортура", "тортуры", "тортурк", "a vowel for a vowel"},
      {"съезд", "сезд", "създ", "a sign that is not heard"},
      {"κοινονια", "κοινωνια", "κοινσνια", "omicron for omega"},
      {"انسن", "انسان", "انسقن", "a long vowel left out"},
  };
  for (const auto& r : rows) EXPECT_LT(cost(r.typed, r.light), cost(r.typed, r.heavy)) << r.typed << ": " << r.why;
  EXPECT_EQ(cost("prison", "prison"), 0);
  EXPECT_EQ(cost("abcd", "abxd"), 1);
}

TEST(character_cost, is_less_the_more_letters_two_syllables_share) {
  struct {
    const char32_t* typed;
    const char32_t* near;
    const char32_t* far;
  } const rows[] = {
      {U"벙", U"범", U"점"}, {U"벙", U"범", U"치"}, {U"헤", U"해", U"하"},
      {U"귄", U"권", U"간"}, {U"カ", U"ガ", U"マ"}, {U"ッ", U"ツ", U"カ"},
  };
  for (const auto& r : rows) EXPECT_LT(character_cost(*r.typed, *r.near), character_cost(*r.typed, *r.far));
  EXPECT_EQ(character_cost(U'人', U'人'), 0);
  EXPECT_GT(character_cost(U'人', U'인'), character_cost(U'人', U'八'));
}

// ---- the words in memory -------------------------------------------------------------------------------------------

class memory_index {
 public:
  void add(const std::vector<std::string>& terms) {
    Xapian::Document d;
    for (const std::string& t : terms) d.add_term(t);
    db_.add_document(d);
  }
  std::shared_ptr<const vocabulary> read(const vocabulary::bounds& most = {}) {
    const std::atomic<bool> stop{false};
    return vocabulary::build(db_, most, stop);
  }

 private:
  Xapian::WritableDatabase db_{"", Xapian::DB_BACKEND_INMEMORY};
};

std::set<std::string> near(const vocabulary& v, const char* word, unsigned most) {
  std::vector<vocabulary::near_word> found;
  v.find_near(edit_pattern(characters_of(word)), most, found);
  std::set<std::string> out;
  for (const auto& n : found) out.insert(n.word + " " + std::to_string(n.distance));
  return out;
}

TEST(vocabulary, holds_words_and_pairs_only) {
  memory_index index;
  index.add({"prison", "prisons", "prism", "Zen:prison", "Sprison", "XACR:UN", "un", "120000", "g20", "a", "пытки",
             "정치", "치범", "정", "पीड़ा", "สิทธิ", std::string(200, 'x')});
  index.add({"prison", "치범"});
  const auto v = index.read();
  EXPECT_EQ(v->words(), 7U);  // prison prisons prism un пытки पीड़ा สิทธิ
  EXPECT_EQ(v->pairs(), 2U);
  EXPECT_EQ(near(*v, "prison", 1), std::set<std::string>{"prisons 1"});
  EXPECT_EQ(near(*v, "prisn", 1), (std::set<std::string>{"prism 1", "prison 1"}));
  EXPECT_EQ(near(*v, "pirsom", 2), (std::set<std::string>{"prism 2", "prison 2"}));
  EXPECT_EQ(near(*v, "пытик", 1), std::set<std::string>{"пытки 1"});
  EXPECT_EQ(near(*v, "xyz", 1), std::set<std::string>{});
  EXPECT_EQ(v->articles_with(U'치', U'범'), 2);
  EXPECT_EQ(v->articles_with(U'범', U'치'), 0);
  EXPECT_GT(v->bytes(), 0U);
}

// A large archive must not cost unbounded memory: the rarest words go first.
TEST(vocabulary, is_bounded_by_leaving_out_what_is_rare) {
  memory_index index;
  std::vector<std::string> common, rare;
  for (char a = 'a'; a <= 'z'; ++a) {
    for (char b = 'a'; b <= 'z'; ++b) rare.push_back(std::string("rare") + a + b);
    common.push_back(std::string("common") + a);
  }
  std::vector<std::string> all = common;
  all.insert(all.end(), rare.begin(), rare.end());
  index.add(all);
  for (int i = 0; i < 5; ++i) index.add(common);
  const auto v = index.read({.words = 100, .pairs = 100});
  EXPECT_EQ(v->words(), common.size());
  EXPECT_TRUE(near(*v, "rareab", 1).empty());
  EXPECT_EQ(near(*v, "commom", 2).count("commona 2"), 1U);
}

TEST(vocabulary, stops_when_told) {
  memory_index index;
  std::vector<std::string> many;
  for (int i = 0; i < 10000; ++i) {
    std::string w = "w";
    for (int n = i; n > 0; n /= 26) w += static_cast<char>('a' + n % 26);
    many.push_back(w);
  }
  index.add(many);
  Xapian::WritableDatabase db("", Xapian::DB_BACKEND_INMEMORY);
  Xapian::Document d;
  for (const std::string& w : many) d.add_term(w);
  db.add_document(d);
  const std::atomic<bool> stop{true};
  EXPECT_EQ(vocabulary::build(db, {}, stop), nullptr);
}

// One vocabulary for all threads; a newer one is made when the index has changed.
TEST(shared_vocabulary, is_made_when_asked_for_and_follows_the_index) {
  std::string pattern = (fs::temp_directory_path() / "rapporteur-XXXXXX").string();
  ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
  const fs::path folder = pattern;
  shared_vocabulary shared(folder);
  EXPECT_EQ(shared.get({}, std::chrono::seconds(10)), nullptr) << "no index yet";
  const auto add = [&](const char* id, const char* text) {
    auto w = index::writer::open(folder, index::writer::mode::update, {});
    article a;
    a.id = id;
    a.text = text;
    ASSERT_TRUE(w->add(a));
    ASSERT_TRUE(w->commit());
  };
  const auto wait_for = [&](std::size_t words) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (std::chrono::steady_clock::now() < deadline) {
      auto reader = index::reader::open(folder);
      const auto v = shared.get(reader->info(), std::chrono::milliseconds(100));
      if (v && v->words() == words) return true;
      std::this_thread::yield();
    }
    return false;
  };
  add("one", "prison");
  EXPECT_TRUE(wait_for(1));
  add("two", "prison camps");
  EXPECT_TRUE(wait_for(2));
  fs::remove_all(folder);
}

TEST(character_candidates, have_only_pairs_of_the_archive) {
  memory_index index;
  index.add({"정치", "치범", "범수", "수용", "용소", "인권", "먹으", "으니"});
  index.add({"カラ", "ラオ", "オケ", "特別", "別報", "報告", "告者"});
  const auto v = index.read();
  struct {
    const char* typed;
    const char* meant;
    const char* why;
  } const rows[] = {
      {"정치벙수용소", "정치범수용소", "one letter of a syllable"},
      {"정치범수용수", "정치범수용소", "the last syllable"},
      {"청치범수용소", "정치범수용소", "the first syllable"},
      {"정범치수용소", "정치범수용소", "two exchanged"},
      {"정치범범수용소", "정치범수용소", "one doubled"},
      {"정치범용소", "정치범수용소", "one missing"},
      {"정치범가수용소", "정치범수용소", "one too many"},
      {"인궈", "인권", "a final consonant left out"},
      {"머그니", "먹으니", "written as it is heard"},
      {"カラーオケ", "カラオケ", "a long vowel too many"},
      {"ガラオケ", "カラオケ", "a voicing mark"},
      {"特別報各者", "特別報告者", "one Han character"},
  };
  for (const auto& r : rows) {
    const auto found = character_candidates(characters_of(r.typed), *v);
    EXPECT_TRUE(std::any_of(found.begin(), found.end(), [&](const auto& c) { return utf8_of(c.word) == r.meant; }))
        << r.typed << ": " << r.why;
    for (const auto& c : found) EXPECT_GT(rarest_pair(c.word, *v), 0) << utf8_of(c.word);
  }
  EXPECT_TRUE(character_candidates(U"人", *v).empty());
  EXPECT_TRUE(character_candidates(U"政府", *v).empty());
}

// ---- the words of a query ------------------------------------------------------------------------------------------

TEST(query_words, are_those_that_may_be_corrected) {
  struct {
    const char* q;
    const char* words;  // as typed
  } const rows[] = {
      {"quintana visit", "quintana|visit"},
      {"  Quintana,   visit! ", "Quintana|visit"},
      {"(visit OR mission) NOT sport -camp", "visit|mission"},
      {"title:visit lang:en source:\"NK News\" date:2019", "visit"},
      {"title:title title", "title|title"},
      {"tortur* =\"Jong-un\" visit", "visit"},
      {"\"prison camps\"", "prison|camps"},
      {"\"prison camps\" lang:en -sport", "prison|camps"},
      {"\"prison camps\" visit", "visit"},
      {"\"prison\" NEAR/3 camps", "camps"},
      {"visit NEAR/3 camps", "visit|camps"},
      {"ill-treatment", "ill|treatment"},
      {"O'Brien", "O'Brien"},
      {"l'homme", "homme"},
      {"120,000 G20 A/HRC/25/63 nknews.org https://example.org/a U.N. 9/11", ""},
      {"정치범수용소 유엔", "정치범수용소|유엔"},
      {"\xff quintana", "quintana"},
      {"", ""},
      {"*", ""},
      {"???", ""},
  };
  index::analyzer analyzer;
  for (const auto& r : rows) {
    std::string found;
    for (const query_word& w : correctable_words(r.q, parse_query(r.q).root, analyzer))
      found += (found.empty() ? "" : "|") + std::string(r.q).substr(w.begin, w.end - w.begin);
    EXPECT_EQ(found, r.words) << r.q;
  }
}

TEST(query_words, are_replaced_and_nothing_else) {
  struct {
    const char* q;
    const char* typed;
    const char* instead;
    const char* expected;  // null: the query would be read in another way
  } const rows[] = {
      {"  quintna   visit ", "quintna", "quintana", "  quintana   visit "},
      {"(quintna OR visit) -\"table tennis\"", "quintna", "quintana", "(quintana OR visit) -\"table tennis\""},
      {"title:quintna", "quintna", "quintana", "title:quintana"},
      {"“politcal camps”", "politcal", "political", "“political camps”"},
      {"northkorea visit", "northkorea", "north korea", "north korea visit"},
      {"northkorea", "northkorea", "north korea", "north korea"},
      {"northkorea OR visit", "northkorea", "north korea", nullptr},
      {"title:northkorea", "northkorea", "north korea", nullptr},
      {"-sport pri son camps", "pri son", "prison", "-sport prison camps"},
      {"pri son", "pri son", "prison", "prison"},
      {"a OR pri son", "pri son", "prison", "a OR prison"},
      {"quintna visit", "quintna", "OR", nullptr},
      {"ill-treatmnet", "treatmnet", "treatment", "ill-treatment"},
  };
  for (const auto& r : rows) {
    const std::string q = r.q;
    const auto at = q.find(r.typed);
    const auto c = correct(q, parse_query(q).root, {{at, at + std::string(r.typed).size(), r.instead}}, 256);
    EXPECT_EQ(c ? c->q : "(none)", r.expected != nullptr ? r.expected : "(none)") << q;
  }
}

TEST(query_words, keep_their_capitals) {
  struct {
    const char* typed;
    const char* text;
    const char* expected;
  } const rows[] = {
      {"quintna", "quintana", "quintana"},
      {"Quintna", "quintana", "Quintana"},
      {"QUINTNA", "quintana", "QUINTANA"},
      {"Éxod", "éxodo", "Éxodo"},
      {"Q", "quintana", "Quintana"},
      {"ПЫТИК", "пытки", "ПЫТКИ"},
      {"인귄", "인권", "인권"},
      {"eBuy", "ebay", "ebay"},
      {"O'Brein", "obrien", "Obrien"},
  };
  for (const auto& r : rows) EXPECT_EQ(in_style_of(r.typed, r.text), r.expected) << r.typed;
}

}  // namespace
}  // namespace rapporteur::search
