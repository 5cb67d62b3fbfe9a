// What an index remembers of files, and what becomes of articles when files change, share articles, or go.
#include "index/generation.hpp"
#include "tests/index/index_folder.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace rapporteur::index {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using ids = std::set<std::string>;

class files : public index_folder {
 protected:
  static known_file file(const std::string& path, std::uint64_t bytes = 10) {
    known_file f;
    f.path = path;
    f.bytes = bytes;
    f.modified_ns = 5;
    return f;
  }

  // Reads files, each with the articles that it has now: (id, text).
  using contents = std::vector<std::pair<std::string, std::string>>;
  file_end read(const std::vector<std::pair<std::string, contents>>& now, bool prune,
                const std::vector<std::string>& gone = {}) {
    file_end all;
    auto w = writer::open(folder_, writer::mode::update, {});
    EXPECT_TRUE(w) << w.error().message;
    w->on_file_end([&](const file_end& end) {
      all.removed.insert(all.removed.end(), end.removed.begin(), end.removed.end());
      all.read_again.insert(all.read_again.end(), end.read_again.begin(), end.read_again.end());
    });
    for (const auto& [path, articles] : now) {
      EXPECT_TRUE(w->begin_file());
      for (const auto& [id, text] : articles) EXPECT_TRUE(w->add(make(id, text, path)));
      EXPECT_TRUE(w->end_file(file(path), prune));
    }
    for (const std::string& path : gone) EXPECT_TRUE(w->drop_file(path));
    EXPECT_TRUE(w->commit());
    expect_sound();
    return all;
  }
};

TEST_F(files, are_remembered_and_forgotten) {
  read({{"/in/a", {{"1", "one"}}}, {"/in/b", {{"2", "two"}}}}, false);
  auto r = reader::open(folder_);
  const auto a = r->find_file("/in/a");
  ASSERT_TRUE(a && *a);
  EXPECT_EQ((*a)->bytes, 10U);
  EXPECT_TRUE((*a)->is_same(file("/in/a")));
  EXPECT_FALSE((*a)->is_same(file("/in/a", 11)));
  EXPECT_FALSE(*r->find_file("/in/c"));
  const std::string far = "/in/" + std::string(400, 'x');  // longer than a key may be
  read({{far, {{"3", "three"}}}}, false, {"/in/b"});
  ASSERT_TRUE(r->refresh());
  ids known;
  ASSERT_TRUE(r->for_each_file([&](const known_file& f) { known.insert(f.path); }));
  EXPECT_EQ(known, (ids{"/in/a", far}));
  EXPECT_THAT(articles(), ElementsAre(Pair("1", "one"), Pair("3", "three")));
}

TEST_F(files, a_changed_file_loses_articles_only_where_pruned) {
  read({{"/in/a", {{"1", "one"}, {"2", "two"}}}}, false);
  EXPECT_THAT(read({{"/in/a", {{"1", "one"}}}}, false).removed, IsEmpty());
  EXPECT_EQ(articles().size(), 2U);
  EXPECT_EQ((*reader::open(folder_)->find_file("/in/a"))->kept, 1U) << "so that a later pruning knows";
  EXPECT_THAT(read({{"/in/a", {{"1", "one"}}}}, true).removed, ElementsAre("2"));
  EXPECT_THAT(articles(), ElementsAre(Pair("1", "one")));
  EXPECT_EQ((*reader::open(folder_)->find_file("/in/a"))->kept, 0U);
}

TEST_F(files, an_article_stays_as_long_as_any_file_has_it) {
  read({{"/in/a", {{"1", "as in a"}}}, {"/in/b", {{"1", "as in b"}}}}, true);
  EXPECT_THAT(articles(), ElementsAre(Pair("1", "as in b")));
  // b goes: a has another text, and has to be read again for it.
  file_end end = read({}, true, {"/in/b"});
  EXPECT_THAT(end.removed, IsEmpty());
  EXPECT_THAT(end.read_again, ElementsAre("/in/a"));
  end = read({{"/in/a", {{"1", "as in a"}}}}, true);
  EXPECT_THAT(articles(), ElementsAre(Pair("1", "as in a")));
  end = read({}, true, {"/in/a"});
  EXPECT_THAT(end.removed, ElementsAre("1"));
  EXPECT_THAT(articles(), IsEmpty());
}

TEST_F(files, the_same_article_in_two_files_is_claimed_by_both) {
  for (const bool at_once : {true, false}) {
    if (at_once) {
      read({{"/in/a", {{"1", "same"}}}, {"/in/b", {{"1", "same"}}}}, true);
    } else {
      read({{"/in/a", {{"1", "same"}}}}, true);
      read({{"/in/b", {{"1", "same"}}}}, true);
    }
    EXPECT_THAT(read({}, true, {"/in/a"}).removed, IsEmpty()) << at_once;
    EXPECT_THAT(articles(), ElementsAre(Pair("1", "same"))) << at_once;
    EXPECT_THAT(read({}, true, {"/in/b"}).removed, ElementsAre("1")) << at_once;
  }
}

TEST_F(files, what_is_only_noted_is_no_revision) {
  read({{"/in/a", {{"1", "one"}}}}, true);
  const auto before = reader::open(folder_)->info().revision;
  read({{"/in/a", {{"1", "one"}}}}, true);
  auto w = writer::open(folder_, writer::mode::update, {});
  ASSERT_TRUE(w->begin_file());
  ASSERT_TRUE(w->add(make("1", "one", "/in/a")));
  ASSERT_TRUE(w->end_file(file("/in/a", 99), true));
  const auto done = w->commit();
  EXPECT_FALSE(done->changed);
  EXPECT_EQ(done->revision, before);
  EXPECT_EQ((*reader::open(folder_)->find_file("/in/a"))->bytes, 99U);
}

// Text numbers were handed out twice, and one article's text overwrote another's.
TEST_F(files, texts_of_later_runs_do_not_overwrite_earlier_ones) {
  std::vector<article> first, changed, more;
  for (int i = 0; i < 300; ++i) first.push_back(make("a" + std::to_string(i), "text " + std::to_string(i)));
  for (int i = 0; i < 100; ++i) changed.push_back(make("a" + std::to_string(i), "changed " + std::to_string(i)));
  for (int i = 0; i < 50; ++i) more.push_back(make("b" + std::to_string(i), "more " + std::to_string(i)));
  run(first);
  run(changed);
  run(more);
  expect_sound();
  const auto found = articles();
  EXPECT_EQ(found.size(), 350U);
  EXPECT_EQ(found.at("a99"), "changed 99");
  EXPECT_EQ(found.at("a299"), "text 299");
  EXPECT_EQ(found.at("b49"), "more 49");
}

TEST_F(files, a_lost_or_spoiled_pointer_loses_no_article) {
  run({make("1", "one")});
  for (const char* content : {"", "\n", "nonsense\n", "g000099\n"}) {
    std::ofstream(folder_ / "current") << content;
    const auto r = reader::open(folder_);
    ASSERT_TRUE(r) << content << r.error().message;
    EXPECT_NE(r->info().problem, "") << content;
    EXPECT_EQ(articles().size(), 1U);
    EXPECT_FALSE(check_index(folder_)->problems.empty());
    EXPECT_EQ(writer::open(folder_, writer::mode::update, {}).error().code, errc::index_damaged) << content;
  }
  std::filesystem::remove(folder_ / "current");
  EXPECT_EQ(articles().size(), 1U);
  const auto without = reader::open(folder_);
  ASSERT_TRUE(without);
  EXPECT_THAT(without->info().problem, testing::StartsWith((folder_ / "current").string() + " is missing"));
  run({make("2", "two")});
  EXPECT_EQ(articles().size(), 2U);
  expect_sound();
}

// A reader that trails a commit may read blocks that the next one is writing: see reader::is_untouched.
TEST_F(files, tell_a_reader_that_something_was_committed) {
  run({make("1", "one")});
  auto r = reader::open(folder_);
  ASSERT_TRUE(r);
  EXPECT_TRUE(r->is_untouched());
  for (int n = 0; n < 3; ++n) {
    run({make("2", "two " + std::to_string(n))});
    EXPECT_FALSE(r->is_untouched()) << n;
    ASSERT_TRUE(r->refresh());
    EXPECT_TRUE(r->is_untouched()) << n;
  }
  // What is gone from the folder is still open, and whole.
  std::filesystem::remove_all(folder_ / r->info().generation);
  EXPECT_TRUE(r->is_untouched());
}

}  // namespace
}  // namespace rapporteur::index
