// `explain` over real files and a real index: what is printed, and the exit status.
#include "indexer/explain.hpp"

#include "index/explanation.hpp"
#include "indexer/text_table.hpp"
#include "tests/indexer/support.hpp"

#include <boost/json/parse.hpp>
#include <gmock/gmock.h>
#include <sys/wait.h>

#include <cstdio>

namespace rapporteur::indexer {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct said {
  int status = -1;
  std::string out, err;
};

class explain : public testing::Test {
 protected:
  said run(const std::string& target, std::vector<std::string> words = {}, bool all = false, bool json = false,
           bool is_id = false) {
    explain_options what;
    what.target = target;
    what.words = std::move(words);
    what.all = all;
    what.is_id = is_id;
    return run(what, json);
  }
  said run(const explain_options& what, bool json = false) {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    said s;
    s.status = command_explain(options_, what, {false, json});
    s.out = testing::internal::GetCapturedStdout();
    s.err = testing::internal::GetCapturedStderr();
    return s;
  }
  boost::json::object json(const std::string& target, std::vector<std::string> words = {}) {
    const said s = run(target, std::move(words), false, true);
    boost::json::error_code ec;
    auto parsed = boost::json::parse(s.out, ec);
    EXPECT_FALSE(ec) << s.out << s.err;
    return ec ? boost::json::object() : parsed.as_object();
  }
  void add(const std::vector<std::string>& paths) {
    run_options o = options_;
    o.paths = paths;
    progress quiet(stderr, false, false);
    testing::internal::CaptureStderr();
    const auto done = indexer::run(o, quiet, [] { return false; });
    testing::internal::GetCapturedStderr();
    ASSERT_TRUE(done) << done.error().message;
  }

  temporary_folder folder_;
  run_options options_ = [this] {
    run_options o;
    o.index = folder_ / "index";
    return o;
  }();
};

const char* const k_lines =
    "{\"id\":\"1\",\"title\":\"One\",\"source\":\"The Courier\",\"year\":2019,\"lang\":\"en\",\"text\":\"The UN spoke "
    "of prisons.\"}\n"
    "broken\n"
    "\n"
    "{\"id\":\"4\",\"title\":\"Four\",\"date\":\"2019-02-30\",\"geo\":{\"x\":1},\"lang\":\"en\"}\n";

TEST_F(explain, shows_an_article_its_tokens_and_terms_without_an_index) {
  const std::string file = folder_.write("a.jsonl", k_lines);
  const said s = run(file + ":1");
  EXPECT_EQ(s.status, k_exit_ok);
  EXPECT_THAT(s.err, HasSubstr("no index here yet"));
  EXPECT_FALSE(fs::exists(folder_ / "index"));
  EXPECT_THAT(s.out, AllOf(HasSubstr("a.jsonl:1\n"), HasSubstr("id         1\n"), HasSubstr("published  2019\n"),
                           HasSubstr("stemmed as en"), HasSubstr("The UN spoke of prisons.\n")));
  EXPECT_THAT(s.out, HasSubstr("     103    4-6  acronym  UN       UN\n"));
  EXPECT_THAT(s.out, HasSubstr("stem (en)"));
  EXPECT_THAT(s.out, Not(HasSubstr("in the index")));
}

TEST_F(explain, shows_all_records_of_a_file_with_what_was_found_wrong) {
  const said s = run(folder_.write("a.jsonl", k_lines));
  EXPECT_EQ(s.status, k_exit_ok);
  EXPECT_THAT(s.out, AllOf(HasSubstr("a.jsonl:2\n"), HasSubstr("a.jsonl:2:1: not valid JSON"), HasSubstr("a.jsonl:4\n"),
                           HasSubstr("2019-02-30"), HasSubstr("left out: 1 × nested values of key"),
                           HasSubstr("published  (not known)\n"), Not(HasSubstr("a.jsonl:3"))));
}

TEST_F(explain, exits_with_1_where_there_is_nothing) {
  const std::string file = folder_.write("a.jsonl", k_lines);
  const std::string odd = folder_.write("odd:7", "A text, and no record of a file.");
  struct row {
    std::string target;
    int status;
    const char* message;
  };
  add({file});
  const row rows[] = {
      {file + ":2", k_exit_partly, ""},
      {file + ":3", k_exit_partly, "a.jsonl:3: the line is blank"},
      {file + ":5", k_exit_partly, "no such record; the last one can be 4"},
      {file + ":0", k_exit_partly, "no such article in the index, and no such file"},
      {file + ":x", k_exit_partly, "no such article in the index, and no such file"},
      {file + ":99999999999999999999", k_exit_partly, "no such article"},
      {folder_ / "missing.jsonl", k_exit_partly, "no such article in the index, and no such file"},
      {folder_.path().native(), k_exit_partly, "a folder; name one of its files"},
      {folder_.write("empty.jsonl", ""), k_exit_partly, ""},
      {folder_.write("blank.jsonl", "\n\n"), k_exit_partly, "no article in it"},
      {folder_.write("empty.txt", ""), k_exit_partly, ""},
      {folder_.write("a.pdf", "%PDF-1.4"), k_exit_partly, ""},
      {std::string(70000, 'x'), k_exit_partly, "no such article"},
      {"", k_exit_partly, "no such article"},
      {odd, k_exit_ok, ""},
      {"1", k_exit_ok, ""},
  };
  for (const row& r : rows) {
    const said s = run(r.target);
    EXPECT_EQ(s.status, r.status) << r.target.substr(0, 200) << s.err;
    EXPECT_THAT(s.err, HasSubstr(r.message)) << r.target.substr(0, 200);
  }
  EXPECT_THAT(run(file + ":2").out, HasSubstr("not valid JSON"));
  EXPECT_THAT(run(folder_ / "empty.txt").out, HasSubstr("the file is empty"));
  EXPECT_THAT(run(folder_ / "a.pdf").out, HasSubstr("no reader for this kind of file"));
}

TEST_F(explain, exits_with_3_without_a_usable_index) {
  const said missing = run("nobody");
  EXPECT_EQ(missing.status, k_exit_index);
  EXPECT_THAT(missing.err, AllOf(HasSubstr("no such file"), HasSubstr("no index here yet")));
  const std::string file = folder_.write("a.jsonl", k_lines);
  folder_.write("index/current", "nonsense\n");
  EXPECT_EQ(run("1").status, k_exit_index);
  const said s = run(file);
  EXPECT_EQ(s.status, k_exit_index);
  EXPECT_THAT(s.out, HasSubstr("The UN spoke"));  // the file is explained all the same
}

TEST_F(explain, tells_what_the_index_has_of_an_article) {
  const std::string file = folder_.write("a.jsonl", k_lines);
  add({file});
  EXPECT_THAT(run(file + ":1").out, HasSubstr("in the index: unchanged (document 1, written in revision 1)\n"));
  const said stored = run("1");
  EXPECT_EQ(stored.status, k_exit_ok);
  EXPECT_THAT(stored.out,
              AllOf(HasSubstr("in the index: document 1, written in revision 1\n"),
                    HasSubstr("from " + fs::canonical(file).native() + ", line 1\n"), HasSubstr("The UN spoke"),
                    HasSubstr("terms that the index has of it"), HasSubstr("would give the same terms now")));

  const std::string other = folder_.write(
      "b.jsonl",
      "{\"id\":\"1\",\"title\":\"Uno\",\"lang\":\"en\",\"year\":2019,\"text\":\"The UN spoke of camps.\"}\n"
      "{\"id\":\"new\",\"title\":\"New\"}\n");
  const said changed = run(other);
  EXPECT_THAT(changed.out, AllOf(HasSubstr("in the index: changed (document 1"), HasSubstr("    title   One\n"),
                                 HasSubstr("    source  The Courier\n"), HasSubstr("text    another one, of"),
                                 HasSubstr("only in the index"), HasSubstr("prisons")));
  EXPECT_THAT(changed.out, HasSubstr("in the index: no article of this id\n"));
  const auto j = json(other);
  EXPECT_EQ(j.at("records").at(0).at("index").at("state").as_string(), "changed");
  EXPECT_EQ(j.at("records").at(1).at("index").at("state").as_string(), "absent");
  EXPECT_EQ(json("1").at("records").at(0).at("index").at("state").as_string(), "unchanged");
}

TEST_F(explain, takes_an_id_for_an_id_if_told_to) {
  const std::string file = folder_.write("a.jsonl", k_lines);
  add({folder_.write("b.jsonl", "{\"id\":\"" + file + "\",\"title\":\"Named like a file\"}\n")});
  EXPECT_THAT(run(file).out, HasSubstr("The Courier"));
  EXPECT_THAT(run(file, {}, false, false, true).out, HasSubstr("Named like a file"));
}

TEST_F(explain, answers_for_single_words) {
  const std::string file = folder_.write("a.jsonl", k_lines);
  add({file});
  const said s = run("1", {"prison camp", "UN"});
  EXPECT_EQ(s.status, k_exit_ok);
  EXPECT_THAT(s.out, AllOf(HasSubstr("prison: found: it has another form of the word"),
                           HasSubstr("camp: NOT found: it has neither the word nor its stem (en)"),
                           HasSubstr("UN: found: it has the acronym"), HasSubstr("of «prisons»."),
                           HasSubstr("lacks  exact word")));
  EXPECT_THAT(s.out, Not(HasSubstr("tokens of the text")));
  const auto record = json("1", {"camp"}).at("records").at(0).as_object();
  EXPECT_FALSE(record.contains("tokens"));
  const auto& word = record.at("words").at(0).as_object();
  EXPECT_EQ(word.at("found").as_string(), "no");
  EXPECT_EQ(word.at("terms").at(0).at("term").as_string(), "camp");
  EXPECT_FALSE(word.at("terms").at(0).at("there").as_bool());
  EXPECT_EQ(word.at("terms").at(0).at("articles").as_int64(), 0);
}

TEST_F(explain, shows_the_first_records_and_says_how_to_choose) {
  std::string lines;
  for (int n = 1; n <= 40; ++n) lines += "{\"id\":\"a" + std::to_string(n) + "\",\"title\":\"Number\"}\n";
  const std::string file = folder_.write("many.jsonl", lines);
  const said s = run(file);
  EXPECT_EQ(s.status, k_exit_ok);
  EXPECT_THAT(s.err, HasSubstr("these are the first 10 records; name the line of another one"));
  EXPECT_THAT(s.out, AllOf(HasSubstr("a10\n"), Not(HasSubstr("a11\n"))));
  const auto j = json(file);
  EXPECT_EQ(j.at("records").as_array().size(), 10U);
  EXPECT_TRUE(j.at("more").as_bool());
  EXPECT_THAT(run(file + ":40").out, AllOf(HasSubstr("a40\n"), Not(HasSubstr("a39\n"))));
}

TEST_F(explain, bounds_what_people_read_and_nothing_of_json) {
  std::string text;
  for (int n = 0; n < 500; ++n) text += "word" + std::to_string(n) + " and ";
  const std::string file = folder_.write("long.txt", text);
  const said some = run(file);
  EXPECT_THAT(some.out, AllOf(HasSubstr("tokens of the text: 1,000 (the first 200; --all shows all)"),
                              HasSubstr("… and 301 more (--all)"), Not(HasSubstr("word499"))));
  EXPECT_THAT(run(file, {}, true).out, AllOf(HasSubstr("tokens of the text: 1,000\n"), HasSubstr("word499")));
  EXPECT_EQ(json(file).at("records").at(0).at("tokens").at("text").as_array().size(), 1000U);
}

TEST_F(explain, says_which_encoding_a_line_was_read_in) {
  const std::string line =
      "{\"id\":\"%\",\"lang\":\"ru\",\"title\":\"\xcb\xe0\xe3\xe5\xf0\xff\",\"text\":\"\xd1\xef\xe5"
      "\xf6\xe8\xe0\xeb\xfc\xed\xfb\xe9 \xe4\xee\xea\xeb\xe0\xe4\xf7\xe8\xea \xef\xee\xf1\xe5\xf2"
      "\xe8\xeb \xeb\xe0\xe3\xe5\xf0\xff \xe8 \xe3\xee\xe2\xee\xf0\xe8\xeb \xf1 \xed\xe8\xec\xe8"
      "\"}\n";
  const std::string file = folder_.write("ru.jsonl", line + line + line);
  EXPECT_THAT(run(file + ":3").out,
              AllOf(HasSubstr("ru.jsonl:1: warning: not UTF-8"), HasSubstr("windows-1251"), HasSubstr("Лагеря")));
}

TEST_F(explain, prints_nothing_that_a_terminal_obeys) {
  const std::string file = folder_.write("a\x1b[31m.jsonl",
                                         "{\"id\":\"\\u001b[2J\",\"title\":\"A \\u202e title\",\"text\":\"The "
                                         "\\u001b]0;x\\u0007 UN\\u009b said.\\rNo.\"}\n");
  for (const auto& s : {run(file), run(file, {"UN\x1b[0m", "\xff"}), run(file + "\x1b"), run(file, {}, true)}) {
    for (const char c : s.out + s.err) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20U) << int{c};
    EXPECT_THAT(s.out, AllOf(Not(HasSubstr("\u202e")), Not(HasSubstr("\u009b"))));
  }
}

TEST_F(explain, agrees_with_the_index_on_the_sample_articles) {
  const std::string samples = std::string(RAPPORTEUR_SOURCE_DIR) + "/tests/articles";
  add({samples});
  std::size_t records = 0;
  for (const auto& entry : fs::recursive_directory_iterator(samples)) {
    const std::string ext = entry.path().extension().native();
    if (ext != ".txt" && ext != ".jsonl" && ext != ".ndjson") continue;
    const auto of_file = json(entry.path().native());
    for (const auto& record : of_file.at("records").as_array()) {
      ++records;
      const std::string where = entry.path().native() + " " + std::string(record.at("article").at("id").as_string());
      const auto& state = record.at("index").as_object();
      EXPECT_EQ(state.at("state").as_string(), "unchanged") << where;
      for (const char* kind : {"only_in_index", "only_now", "changed"})
        EXPECT_THAT(state.at("differences").at(kind).as_array(), IsEmpty()) << where << " " << kind;
      EXPECT_FALSE(record.at("terms").as_array().empty()) << where;
    }
  }
  EXPECT_GT(records, 40U);
}

TEST(explain_program, is_a_command_of_rapporteur_index) {
  const temporary_folder folder;
  const std::string config = folder.write("c.toml", "");
  const std::string command = std::string(RAPPORTEUR_BINARY_DIR) + "/rapporteur-index --config " + config +
                              " --index " + (folder / "index") + " explain " + folder.write("a.jsonl", k_lines) +
                              ":1 --word UN --word prison 2>/dev/null";
  std::FILE* pipe = ::popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string out(4096, '\0');
  out.resize(std::fread(out.data(), 1, out.size(), pipe));
  EXPECT_EQ(WEXITSTATUS(::pclose(pipe)), 0);
  EXPECT_THAT(out, AllOf(HasSubstr("UN: found"), HasSubstr("prison: found")));
}

TEST(text_tables, align_every_script) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("人権"), 4U);
  EXPECT_EQ(display_width("북한"), 4U);
  EXPECT_EQ(display_width("e\xCC\x81"), 1U);  // a combining mark
  EXPECT_EQ(display_width("a\u200db"), 2U);   // a joiner
  EXPECT_EQ(display_width("تقرير"), 5U);
  EXPECT_EQ(display_width("\xFF"), 1U);
  text_table t({text_table::align::left, text_table::align::right, text_table::align::left});
  t.add({"人", "1", "x"});
  t.add({"abc", "200", ""});
  t.add({std::string(40, 'w'), "3", "y"});
  std::string out;
  t.print(out, " ");
  EXPECT_EQ(out, " 人" + std::string(26, ' ') + "    1  x\n abc" + std::string(25, ' ') + "  200\n " +
                     std::string(40, 'w') + "    3  y\n");
}

}  // namespace
}  // namespace rapporteur::indexer
