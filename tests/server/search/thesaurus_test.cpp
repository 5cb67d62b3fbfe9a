// The thesaurus: its file format, what it refuses, and which terms it recognises in a run of query words.
#include "server/search/thesaurus.hpp"

#include "index/analysis.hpp"
#include "server/search/thesaurus_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace rapporteur::search {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
namespace fs = std::filesystem;

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& p : parts) out += (out.empty() ? "" : "|") + p;
  return out;
}

TEST(thesaurus_file, reads_solrs_format) {
  struct {
    const char* text;
    const char* from;
    const char* to;
  } const rows[] = {
      {"a, b, c", "a|b|c", "a|b|c"},
      {"  a  b ,c ", "a  b|c", "a  b|c"},
      {"a,b=>c,d", "a|b", "c|d"},
      {"a => b", "a", "b"},
      {R"(a\,b, c)", "a,b|c", "a,b|c"},
      {R"(a \=> b, c)", "a => b|c", "a => b|c"},
      {R"(a\\, b)", "a\\|b", "a\\|b"},
      {R"(\#1, number one)", "#1|number one", "#1|number one"},
      {"a = b, c > d", "a = b|c > d", "a = b|c > d"},
      {"# a, b\n\n \t\n\r\nc, d\r", "c|d", "c|d"},
      {"\xEF\xBB\xBF"
       "a, b",
       "a|b", "a|b"},
      {"  # a, b\nc, d # e", "c|d # e", "c|d # e"},
      {"북한, 朝鲜", "북한|朝鲜", "북한|朝鲜"},
  };
  for (const auto& r : rows) {
    const thesaurus_rules got = read_thesaurus_rules(r.text);
    EXPECT_TRUE(got.problems.empty()) << r.text;
    ASSERT_EQ(got.rules.size(), 1U) << r.text;
    EXPECT_EQ(joined(got.rules[0].from), r.from) << r.text;
    EXPECT_EQ(joined(got.rules[0].to), r.to) << r.text;
  }
}

TEST(thesaurus_file, says_what_is_wrong_and_where) {
  struct {
    const char* text;
    errc code;
    const char* message;
  } const rows[] = {
      {"a, b\nc\n", errc::malformed, "t.txt:2: “c” stands alone"},
      {"a,, b", errc::malformed, "t.txt:1: an empty term"},
      {"a, b,", errc::malformed, "t.txt:1: an empty term"},
      {"=> b", errc::malformed, "t.txt:1: an empty term"},
      {"a =>", errc::malformed, "t.txt:1: an empty term"},
      {"a => b => c", errc::malformed, "t.txt:1: more than one =>"},
      {"\n\na, b\\", errc::malformed, "t.txt:3: the line ends in a backslash"},
      {"a, ???", errc::malformed, "t.txt:1: “???” has no letters or digits"},
      {"a, b, a", errc::malformed, "t.txt:1: “a” stands twice"},
      {"a, 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17", errc::malformed, "has 17 words, more than the 16"},
      {"a, b\nc, \xC3\x28\n", errc::encoding, "t.txt:2: bytes that are not UTF-8"},
      {"a\nb", errc::malformed, "t.txt:2: “b” stands alone"},
  };
  for (const auto& r : rows) {
    const auto got = thesaurus::parse(r.text, "t.txt");
    ASSERT_FALSE(got) << r.text;
    EXPECT_EQ(got.error().code, r.code) << r.text;
    EXPECT_THAT(got.error().message, HasSubstr(r.message)) << r.text;
  }
}

TEST(thesaurus_file, loads_files_and_tells_contents_apart) {
  const fs::path file = fs::temp_directory_path() / ("rapporteur-thesaurus-" + std::to_string(::getpid()));
  const auto write = [&](const std::string& text) { std::ofstream(file, std::ios::binary) << text; };
  write("a, b\n");
  const auto one = thesaurus::load(file);
  ASSERT_TRUE(one);
  EXPECT_EQ((*one)->group_count(), 1U);
  write("a, c\n");
  const auto two = thesaurus::load(file);
  ASSERT_TRUE(two);
  EXPECT_NE((*one)->fingerprint(), (*two)->fingerprint());
  write("");
  const auto none = thesaurus::load(file);
  ASSERT_TRUE(none) << none.error().message;
  EXPECT_EQ((*none)->group_count(), 0U);
  fs::remove(file);
  EXPECT_EQ(thesaurus::load(file).error().code, errc::io);
  EXPECT_EQ(thesaurus::load(fs::temp_directory_path()).error().code, errc::io);
}

// The file that comes with the program is without mistakes, and holds what its readers look for first.
TEST(thesaurus_file, that_is_shipped_is_sound) {
  const auto shipped = thesaurus::load(fs::path(RAPPORTEUR_SOURCE_DIR) / "config" / "thesaurus.txt");
  ASSERT_TRUE(shipped) << shipped.error().message;
  EXPECT_GE((*shipped)->group_count(), 400U);
  EXPECT_TRUE((*shipped)->has_acronym("DPRK"));
  EXPECT_TRUE((*shipped)->has_acronym("UN"));
  const auto& terms = (*shipped)->terms();
  EXPECT_TRUE(std::any_of(terms.begin(), terms.end(), [](const thesaurus_term& t) { return t.person; }));
}

class recognising : public testing::Test {
 protected:
  static const thesaurus& words() {
    static const auto made = thesaurus::parse(
        "# section: states\n"
        "Northland, NPR, Northland Peoples' Republic, People's Republic of Northland, 北国, 북국, Nordlande\n"
        "Niger, Niger Republic\n"
        "Nigeria, NGA\n"
        "US, United Vales, America\n"
        "WHO, World Harbour Organization\n"
        "Harbour Council, HC\n"
        "UN Harbour Council, UNHC\n"
        "# section: words\n"
        "political prison camp, kwan-li-so, 정치범 수용소, campo de prisioneros políticos\n"
        "ill-treatment, abuse\n"
        "torture, ill-treatment\n"
        "law, statute\n"
        "disparition forcée, desaparición forzada\n"
        "vessel => ship, boat\n"
        "a\\,b, ab c\n"
        "# section: people of Northland\n"
        "Han Jong Un, Han Chong-ŭn, 한정운\n"
        "the Leader, Leader Han\n",
        "t.txt");
    EXPECT_TRUE(made) << made.error().message;
    return **made;
  }

  // The words cut at blanks; one with a leading ^ is read as an acronym too.
  static std::vector<thesaurus_query_word> run_of(const std::string& text) {
    std::vector<thesaurus_query_word> run;
    index::analyzer analyzer;
    index::token_list tokens;
    std::string word;
    const auto take = [&] {
      if (word.empty()) return;
      const bool acronym = word.front() == '^';
      if (acronym) word.erase(0, 1);
      analyzer.analyze(word, tokens, index::text_role::query);
      run.push_back(thesaurus::query_word(word, tokens));
      if (acronym) run.back().acronym = word;
      word.clear();
    };
    for (const char c : text) {
      if (c == ' ')
        take();
      else
        word += c;
    }
    take();
    return run;
  }

  static std::string found(const std::string& text, const std::vector<std::string>& languages) {
    index::stemmers stems;
    std::string out;
    for (const thesaurus_match& m : words().find(run_of(text), languages, stems)) {
      out += std::to_string(m.first) + "+" + std::to_string(m.count);
      for (const thesaurus_term* t : m.equivalents) out += "/" + t->text;
      out += " ";
    }
    if (!out.empty()) out.pop_back();
    return out;
  }
};

TEST_F(recognising, finds_the_longest_terms) {
  const std::string camp = "/kwan-li-so/정치범 수용소/campo de prisioneros políticos";
  struct {
    const char* query;
    std::string found;
  } const rows[] = {
      {"northland", "0+1/NPR/Northland Peoples' Republic/People's Republic of Northland/北国/북국/Nordlande"},
      {"visit to NORTHLAND now",
       "2+1/NPR/Northland Peoples' Republic/People's Republic of Northland/北国/북국/Nordlande"},
      {"北国", "0+1/Northland/NPR/Northland Peoples' Republic/People's Republic of Northland/북국/Nordlande"},
      {"people's republic of northland", "0+4/Northland/NPR/Northland Peoples' Republic/北国/북국/Nordlande"},
      {"peoples republic of northland",
       "3+1/NPR/Northland Peoples' Republic/People's Republic of Northland/北国/북국/Nordlande"},
      // An acronym is one only where the query says so.
      {"npr", ""},
      {"^NPR", "0+1/Northland/Northland Peoples' Republic/People's Republic of Northland/北国/북국/Nordlande"},
      {"us", ""},
      {"^US", "0+1/United Vales/America"},
      {"who is han", ""},
      // Longest first: the shorter term inside does not count.
      {"harbour council", "0+2/HC"},
      {"un harbour council", "0+3/UNHC"},
      {"harbour un harbour council", "1+3/UNHC"},
      // Stems, of the languages that the archive has.
      {"political prison camp", "0+3" + camp},
      {"political prison camps", "0+3" + camp},
      {"politics prison camping", "0+3" + camp},
      {"political prison", ""},
      {"desapariciones forzadas", "0+2/disparition forcée"},
      {"disparitions forcées", "0+2/desaparición forzada"},
      {"disparitions forcees", "0+2/desaparición forzada"},
      // Short words and names have none.
      {"laws", ""},
      {"law", "0+1/statute"},
      {"nigeria", "0+1/NGA"},  // in Italian its stem is niger
      {"niger", "0+1/Niger Republic"},
      // Hyphens, joined or not, and blanks between characters.
      {"ill treatment", "0+2/abuse/torture"},
      {"ill-treatment", "0+1/abuse/torture"},
      {"illtreatment", "0+1/abuse/torture"},
      {"kwan li so", "0+3/political prison camp/정치범 수용소/campo de prisioneros políticos"},
      {"kwanliso", "0+1/political prison camp/정치범 수용소/campo de prisioneros políticos"},
      {"정치범수용소", "0+1/political prison camp/kwan-li-so/campo de prisioneros políticos"},
      {"정치범 수용소", "0+2/political prison camp/kwan-li-so/campo de prisioneros políticos"},
      {"정치범", ""},
      // One way.
      {"vessel", "0+1/ship/boat"},
      {"ship", ""},
      // Two terms one after the other; a term may stand in several groups.
      {"torture niger", "0+1/ill-treatment 1+1/Niger Republic"},
      {"abuse", "0+1/ill-treatment"},
      {"a,b", "0+1/ab c"},
      {"han jong un", "0+3/Han Chong-ŭn/한정운"},
      {"han jong-un", "0+2/Han Chong-ŭn/한정운"},
      {"Han Chong-un", "0+2/Han Jong Un/한정운"},
      {"", ""},
  };
  for (const auto& r : rows) EXPECT_EQ(found(r.query, {"en", "es", "fr", "it"}), r.found) << r.query;
  EXPECT_EQ(found("political prison camps", {}), "") << "without a language there are no stems";
  EXPECT_EQ(found("political prison camps", {"xx"}), "");
}

TEST_F(recognising, knows_names_of_people_by_their_section) {
  std::vector<std::string> people;
  for (const thesaurus_term& t : words().terms()) {
    if (t.person) people.push_back(t.text);
  }
  EXPECT_THAT(people, ElementsAre("Han Jong Un", "Han Chong-ŭn", "Leader Han"));
}

TEST_F(recognising, searches_for_terms_as_a_phrase_would) {
  struct {
    const char* text;
    const char* words;
    const char* joined;
    const char* acronym;
  } const rows[] = {
      {"NPR", "npr", "", "NPR"},
      {"kwan-li-so", "kwan|li|so", "kwanliso", ""},
      {"정치범 수용소", "정치|치범|범|수용|용소", "", ""},
      {"북국", "북국", "", ""},
      {"Han Chong-ŭn", "han|chong|un", "han|chongun", ""},
      {"People's Republic of Northland", "people|republic|of|northland", "", ""},
  };
  for (const auto& r : rows) {
    const auto& all = words().terms();
    const auto t = std::find_if(all.begin(), all.end(), [&](const thesaurus_term& x) { return x.text == r.text; });
    ASSERT_NE(t, all.end()) << r.text;
    std::vector<std::string> folded;
    for (const thesaurus_word& w : t->words) folded.push_back(w.folded);
    EXPECT_EQ(joined(folded), r.words);
    EXPECT_EQ(joined(t->joined), r.joined);
    EXPECT_EQ(t->acronym, r.acronym);
  }
}

// Stem tables are made on demand: threads that ask for one at once must all find it whole.
TEST_F(recognising, may_be_asked_by_many_threads_at_once) {
  const auto fresh = thesaurus::parse("political prison camp, kwanliso\n", "t.txt").value();
  std::vector<std::size_t> counts(8);
  std::vector<std::thread> threads;
  for (std::size_t& count : counts) {
    threads.emplace_back([&fresh, &count] {
      index::stemmers stems;
      const std::vector<std::string> languages{"en", "fr"};
      count = fresh->find(run_of("political prison camps"), languages, stems).size();
    });
  }
  for (std::thread& t : threads) t.join();
  for (const std::size_t count : counts) EXPECT_EQ(count, 1U);
}

}  // namespace
}  // namespace rapporteur::search
