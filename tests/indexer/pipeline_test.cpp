// Runs on a real index on disk: what goes in, what the account says of it, and what readers see when.
#include "indexer/pipeline.hpp"

#include "index/inbox.hpp"
#include "index/reader.hpp"
#include "tests/indexer/support.hpp"

#include <gmock/gmock.h>

#include <cstdio>

namespace rapporteur::indexer {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

/// Four numbers that say what became of the records.
std::string outcome(const run_account& a) {
  EXPECT_TRUE(a.balances());
  return std::to_string(a.read) + " read: " + std::to_string(a.added) + " added, " + std::to_string(a.replaced) +
         " replaced, " + std::to_string(a.unchanged) + " unchanged, " + std::to_string(a.failed) + " failed";
}

class pipeline : public testing::Test {
 protected:
  run_options options(const std::vector<std::string>& paths, index::writer::mode mode = index::writer::mode::update) {
    run_options o;
    o.index = folder_ / "index";
    o.mode = mode;
    o.writer.threads = 2;
    o.paths = paths;
    return o;
  }

  run_result run_on(
      const run_options& o, const std::function<bool()>& stop = [] { return false; }) {
    progress quiet(stderr, false, false);
    auto r = run(o, quiet, stop);
    EXPECT_TRUE(r.has_value()) << r.error().message;
    return r ? *std::move(r) : run_result();
  }
  run_result add(const std::vector<std::string>& paths) { return run_on(options(paths)); }
  run_result rebuild(const std::vector<std::string>& paths) {
    return run_on(options(paths, index::writer::mode::rebuild));
  }

  /// The title of the article of that id; "none" if there is none.
  std::string title_of(const std::string& id) {
    auto r = index::reader::open(folder_ / "index");
    if (!r) return r.error().message;
    const auto document = r->find(id);
    return document == 0 ? "none" : r->get_record(document)->fields.title;
  }
  std::uint64_t articles() {
    auto r = index::reader::open(folder_ / "index");
    return r ? r->info().articles : 0;
  }

  temporary_folder folder_;
};

std::string line(const std::string& id, const std::string& title) {
  return R"({"id":")" + id + R"(","title":")" + title + "\",\"text\":\"Some text.\"}\n";
}

TEST_F(pipeline, accounts_for_every_record) {
  folder_.write("in/a.jsonl", line("1", "one") + "broken\n" + line("2", "two") + "\n" + R"({"title":7})" + "\n");
  folder_.write("in/b.txt", "Title: three\nId: 3\n\nText.");
  folder_.write("in/c.txt", std::string("\0", 1));
  folder_.write("in/d.txt", "");
  folder_.write("in/e.pdf", "x");
  folder_.write("in/f.png", "x");
  const run_result r = add({folder_ / "in", folder_ / "missing"});
  EXPECT_EQ(r.end, run_end::committed);
  EXPECT_EQ(outcome(r.account), "9 read: 3 added, 0 replaced, 0 unchanged, 6 failed");
  EXPECT_THAT(r.account.failures, ElementsAre(Pair("a value of the wrong type", 1), Pair("cannot be examined", 1),
                                              Pair("no reader for this kind of file", 1), Pair("not a text file", 1),
                                              Pair("not valid JSON", 1), Pair("the file is empty", 1)));
  EXPECT_THAT(r.account.ignored, ElementsAre(Pair(".png files", 1)));
  EXPECT_EQ(articles(), 3U);
  EXPECT_EQ(title_of("3"), "three");
}

TEST_F(pipeline, replaces_what_changed_and_skips_what_did_not) {
  const std::string path = folder_.write("a.jsonl", line("1", "one") + line("2", "two"));
  EXPECT_EQ(outcome(add({path}).account), "2 read: 2 added, 0 replaced, 0 unchanged, 0 failed");
  EXPECT_EQ(outcome(add({path}).account), "2 read: 0 added, 0 replaced, 2 unchanged, 0 failed");
  folder_.write("a.jsonl", line("1", "one") + line("2", "second") + line("3", "three"));
  EXPECT_EQ(outcome(add({path}).account), "3 read: 1 added, 1 replaced, 1 unchanged, 0 failed");
  EXPECT_EQ(title_of("2"), "second");
  EXPECT_EQ(articles(), 3U);
}

TEST_F(pipeline, the_later_of_two_with_one_id_stays) {
  const std::string path =
      folder_.write("a.jsonl", line("1", "first") + line("2", "two") + line("1", "later") + line("2", "two"));
  EXPECT_EQ(outcome(add({path}).account), "4 read: 2 added, 1 replaced, 1 unchanged, 0 failed");
  EXPECT_EQ(title_of("1"), "later");
  folder_.write("a.jsonl", line("1", "fourth") + line("1", "fifth"));
  EXPECT_EQ(outcome(add({path}).account), "2 read: 0 added, 2 replaced, 0 unchanged, 0 failed");
  EXPECT_EQ(title_of("1"), "fifth");
}

TEST_F(pipeline, a_rebuild_holds_only_what_it_read) {
  add({folder_.write("a.jsonl", line("1", "one") + line("2", "two"))});
  EXPECT_EQ(outcome(rebuild({folder_.write("b.jsonl", line("2", "new"))}).account),
            "1 read: 1 added, 0 replaced, 0 unchanged, 0 failed");
  EXPECT_EQ(articles(), 1U);
  EXPECT_EQ(title_of("1"), "none");
  EXPECT_EQ(title_of("2"), "new");
}

// What came through the inbox is part of a rebuild, and so of what its dry run tells: articles, one that replaces, one
// that is the same again, removals of posted ones, of a file's and of what is not there, and one that comes back.
TEST_F(pipeline, a_dry_rebuild_tells_what_the_rebuild_does_with_the_inbox) {
  const std::string path = folder_.write("a.jsonl", line("1", "one") + line("2", "two"));
  index::inbox box(folder_ / "inbox");
  for (const auto& [kind, bytes] : std::vector<std::pair<index::request_kind, std::string>>{
           {index::request_kind::articles, line("p1", "posted") + line("p2", "posted") + "broken\n"},
           {index::request_kind::articles, line("p1", "posted") + line("2", "posted")},
           {index::request_kind::removal, index::join_ids({"1", "p2", "p2", "unknown"})},
           {index::request_kind::articles, line("p2", "back")}}) {
    ASSERT_TRUE(box.deposit(kind, bytes).has_value());
  }
  const auto waiting = box.pending();
  ASSERT_TRUE(waiting.has_value());
  for (const auto& r : *waiting) ASSERT_TRUE(box.finish(r, {}).has_value());
  add({folder_.write("before.jsonl", line("0", "before"))});

  run_options o = options({path}, index::writer::mode::rebuild);
  o.inbox = folder_ / "inbox";
  o.dry = true;
  const run_result dry = run_on(o);
  EXPECT_EQ(dry.end, run_end::compared);
  EXPECT_EQ(articles(), 1U) << "nothing is changed";
  o.dry = false;
  const run_result real = run_on(o);
  EXPECT_EQ(real.end, run_end::committed);
  EXPECT_EQ(outcome(real.account), "8 read: 5 added, 1 replaced, 1 unchanged, 1 failed");
  EXPECT_EQ(outcome(dry.account), outcome(real.account));
  EXPECT_EQ(dry.account.removed, real.account.removed);
  EXPECT_EQ(real.account.removed, 2U);
  EXPECT_EQ(dry.account.files, real.account.files);
  EXPECT_EQ(dry.account.bytes, real.account.bytes);
  EXPECT_EQ(dry.account.failures, real.account.failures);
  EXPECT_EQ(articles(), 3U);
}

// A mistyped path must not cost an archive, and a dry run must not call it a good one.
TEST_F(pipeline, a_rebuild_from_nothing_leaves_the_index) {
  add({folder_.write("a.jsonl", line("1", "one"))});
  std::filesystem::create_directory(folder_ / "empty");
  EXPECT_EQ(rebuild({folder_ / "mistyped"}).end, run_end::nothing);
  EXPECT_EQ(rebuild({folder_ / "empty"}).end, run_end::nothing);
  run_options dry = options({folder_ / "mistyped"}, index::writer::mode::rebuild);
  dry.dry = true;
  EXPECT_EQ(run_on(dry).end, run_end::nothing);
  EXPECT_EQ(title_of("1"), "one");
}

TEST_F(pipeline, a_wrong_path_makes_no_index_but_an_empty_folder_does) {
  EXPECT_EQ(add({folder_ / "mistyped"}).end, run_end::nothing);
  EXPECT_FALSE(index::reader::open(folder_ / "index").has_value());
  std::filesystem::create_directory(folder_ / "empty");
  EXPECT_EQ(add({folder_ / "empty"}).end, run_end::committed);
  EXPECT_TRUE(index::reader::open(folder_ / "index").has_value());
  EXPECT_EQ(articles(), 0U);
}

class pipeline_stopped : public pipeline, public testing::WithParamInterface<index::writer::mode> {};

TEST_P(pipeline_stopped, leaves_the_index_as_it_was) {
  add({folder_.write("a.jsonl", line("1", "one"))});
  std::string content;
  for (int n = 0; n < 500; ++n) content += line(std::to_string(n), "changed");
  run_options o = options({folder_.write("b.jsonl", content)}, GetParam());
  o.writer.sample_articles = 10;  // so that the writer's threads are at work when the stop comes
  int asked = 0;
  const run_result r = run_on(o, [&] { return ++asked > 300; });
  EXPECT_EQ(r.end, run_end::stopped);
  EXPECT_EQ(title_of("1"), "one");
  EXPECT_EQ(articles(), 1U);
  EXPECT_EQ(outcome(add({folder_ / "b.jsonl"}).account), "500 read: 499 added, 1 replaced, 0 unchanged, 0 failed");
}

INSTANTIATE_TEST_SUITE_P(modes, pipeline_stopped,
                         testing::Values(index::writer::mode::update, index::writer::mode::rebuild));

TEST_F(pipeline, an_index_in_use_is_said_to_be) {
  auto other = index::writer::open(folder_ / "index", index::writer::mode::update, {});
  ASSERT_TRUE(other.has_value());
  progress quiet(stderr, false, false);
  const auto r = run(options({folder_.write("a.jsonl", line("1", "one"))}), quiet, [] { return false; });
  ASSERT_FALSE(r.has_value());
  EXPECT_EQ(r.error().code, errc::index_locked);
}

TEST_F(pipeline, the_sample_articles_of_the_project_go_in_whole) {
  const run_result r = add({std::string(RAPPORTEUR_SOURCE_DIR) + "/tests/articles"});
  EXPECT_EQ(r.account.failed, 0U);
  EXPECT_GE(r.account.added, 40U);
  EXPECT_THAT(r.account.warnings, IsEmpty());
}

}  // namespace
}  // namespace rapporteur::indexer
