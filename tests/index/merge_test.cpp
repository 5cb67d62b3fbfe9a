// Merging beside a writer, copying while it writes, and restoring.
#include "index/merge.hpp"

#include "index/generation.hpp"
#include "tests/index/index_folder.hpp"

#include <atomic>
#include <future>
#include <optional>
#include <thread>
#include <utility>

namespace rapporteur::index {
namespace {

class merging : public index_folder {
 protected:
  static bool never() { return false; }
  void many_small_commits(int from, int to) {
    for (int i = from; i < to; ++i) run({make("m" + std::to_string(i), "words of article " + std::to_string(i))});
  }
};

TEST_F(merging, keeps_articles_revision_and_answers) {
  many_small_commits(0, 30);
  auto r = reader::open(folder_);
  const auto before = articles();
  const auto info = r->info();
  const auto done = merge_index(folder_, never);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_TRUE(done->merged);
  EXPECT_LT(done->bytes_after, done->bytes_before);
  EXPECT_TRUE(r->refresh().value());
  EXPECT_NE(r->info().generation, info.generation);
  EXPECT_EQ(r->info().revision, info.revision);
  EXPECT_EQ(r->info().as_of, info.as_of);
  EXPECT_EQ(articles(), before);
  expect_sound();
  run({make("m0", "other words")});
  EXPECT_EQ(articles().at("m0"), "other words");
  EXPECT_FALSE(std::filesystem::exists(folder_ / info.generation)) << "the one before goes with the next run";
}

// stop() is asked between the steps, which is where others can write.
TEST_F(merging, catches_up_with_what_is_committed_meanwhile) {
  many_small_commits(0, 20);
  int asked = 0;
  const auto done = merge_index(folder_, [&] {
    if (++asked == 1) {
      run({make("m1", "changed"), make("new", "added " + std::string(40'000, 'x') + " end")});
      auto w = writer::open(folder_, writer::mode::update, {});
      EXPECT_TRUE(w->remove("m2").value());
      known_file f;
      f.path = "/in/f";
      EXPECT_TRUE(w->begin_file());
      EXPECT_TRUE(w->add(make("of-f", "in a file", "/in/f")));
      EXPECT_TRUE(w->end_file(f, true));
      EXPECT_TRUE(w->commit());
    }
    if (asked == 2) run({make("m1", "changed again"), make("m2", "back")});
    return false;
  });
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_TRUE(done->merged);
  const auto found = articles();
  EXPECT_EQ(found.size(), 22U);
  EXPECT_EQ(found.at("m1"), "changed again");
  EXPECT_EQ(found.at("m2"), "back");
  EXPECT_EQ(found.at("new").size(), 40'010U);
  EXPECT_TRUE(*reader::open(folder_)->find_file("/in/f"));
  EXPECT_EQ(reader::open(folder_)->info().revision, 23U);
  expect_sound();
}

TEST_F(merging, gives_way_to_a_rebuild_and_to_a_stop) {
  many_small_commits(0, 5);
  const auto stopped = merge_index(folder_, [] { return true; });
  ASSERT_TRUE(stopped);
  EXPECT_FALSE(stopped->merged);
  EXPECT_EQ(articles().size(), 5U);
  for (const auto& e : std::filesystem::directory_iterator(folder_))
    EXPECT_EQ(e.path().string().find(".building"), std::string::npos) << e.path();
  const auto other = merge_lock::acquire(folder_);
  EXPECT_EQ(merge_index(folder_, never).error().code, errc::index_locked);
}

TEST_F(merging, at_its_end_is_waited_for_and_another_writer_is_not) {
  many_small_commits(0, 1);
  for (const auto& [held_for, waited] : {std::pair(writing::end_of_merge, true), std::pair(writing::articles, false)}) {
    auto held = std::make_optional(writer_lock::acquire(folder_, held_for).value());
    std::promise<bool> told;
    bool waits = false;
    auto got = std::async(std::launch::async, [&] {
      auto lock = writer_lock::acquire(folder_, writing::articles, [&] {
        waits = true;
        told.set_value(true);
      });
      if (!waits) told.set_value(false);
      return lock ? std::optional<errc>() : lock.error().code;
    });
    EXPECT_EQ(told.get_future().get(), waited);
    held.reset();
    EXPECT_EQ(got.get(), waited ? std::nullopt : std::optional(errc::index_locked));
  }
}

TEST_F(merging, work_in_progress_survives_another_writer) {
  many_small_commits(0, 5);
  bool there = false;
  ASSERT_TRUE(merge_index(folder_, [&] {
    run({make("x", "beside")});  // opening an index removes what nobody is at
    for (const auto& e : std::filesystem::directory_iterator(folder_)) {
      there = there || e.path().string().ends_with(".building");
    }
    return false;
  }));
  EXPECT_TRUE(there);
  EXPECT_EQ(articles().size(), 6U);
}

TEST_F(merging, is_worth_it_only_after_growth) {
  many_small_commits(0, 3);
  const auto need = merge_need_of(folder_);
  ASSERT_TRUE(need);
  EXPECT_FALSE(need->worth_it());
  for (const auto& [bytes, compact, expected] : std::vector<std::tuple<std::uint64_t, std::uint64_t, bool>>{
           {100U << 20U, 60U << 20U, true}, {100U << 20U, 80U << 20U, false}, {4U << 20U, 1U << 20U, false}}) {
    EXPECT_EQ((merge_need{bytes, compact}).worth_it(), expected) << bytes << ' ' << compact;
  }
}

TEST_F(merging, snapshots_are_whole_while_a_writer_commits) {
  run({make("0a", "number 0"), make("0b", "number 0")});
  std::atomic<bool> done{false};
  // Each revision has one number in both articles.
  std::thread writing([&] {
    for (int i = 1; !done; ++i) {
      const std::string text = "number " + std::to_string(i);
      run({make("0a", text), make("0b", text)});
    }
  });
  for (int i = 0; i < 12; ++i) {
    const auto to = scratch_ / ("snapshot" + std::to_string(i));
    const auto copied = snapshot_index(folder_, to);
    EXPECT_TRUE(copied) << copied.error().message;
    const auto report = check_index(to);
    EXPECT_TRUE(report && report->problems.empty());
    auto r = reader::open(to);
    std::set<std::string> texts;
    for (const char* id : {"0a", "0b"}) texts.insert(r->get_text(*r->get_record(r->find(id))).value());
    EXPECT_EQ(texts.size(), 1U);
  }
  done = true;
  writing.join();
  expect_sound();
}

TEST_F(merging, restoring_brings_a_snapshot_back_under_a_reader) {
  run({make("1", "one")});
  ASSERT_TRUE(snapshot_index(folder_, scratch_ / "s"));
  EXPECT_EQ(snapshot_index(folder_, scratch_ / "s").error().code, errc::io) << "nothing is overwritten";
  run({make("1", "changed"), make("2", "two")});
  auto r = reader::open(folder_);
  ASSERT_TRUE(restore_index(folder_, scratch_ / "s"));
  EXPECT_TRUE(r->refresh().value());
  EXPECT_EQ(articles(), (std::map<std::string, std::string>{{"1", "one"}}));
  expect_sound();
  EXPECT_EQ(restore_index(folder_, scratch_ / "nothing").error().code, errc::index_missing);
  // Where there is no index at all, too.
  ASSERT_TRUE(restore_index(scratch_ / "elsewhere", scratch_ / "s"));
  EXPECT_EQ(reader::open(scratch_ / "elsewhere")->info().articles, 1U);
}

}  // namespace
}  // namespace rapporteur::index
