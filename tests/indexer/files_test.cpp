// What a second run does: reads no file that has not changed, and removes what is gone if it is told to.
#include "tests/indexer/watch_program.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <map>

namespace rapporteur::indexer {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string line(const std::string& id, const std::string& title = "T") {
  return R"({"id":")" + id + R"(","title":")" + title + "\",\"text\":\"Some text.\"}\n";
}

struct ended {
  int status = -1;
  std::string err;
  boost::json::object account;
  [[nodiscard]] std::int64_t operator[](std::string_view name) const { return account.at(name).as_int64(); }
};

class second_run : public testing::Test {
 protected:
  ended run(std::vector<std::string> arguments, bool as_nobody = false) const {
    arguments.insert(arguments.begin(), {"--config", config_, "--index", folder_ / "index", "--json"});
    index_program p(arguments, {.environment = {}, .as_nobody = as_nobody});
    const std::string out = p.read_all();
    ended e;
    e.status = p.wait();
    e.err = p.errors();
    if (!out.empty()) e.account = boost::json::parse(out).as_object();
    return e;
  }
  ended add(std::vector<std::string> options = {}) const {
    options.insert(options.begin(), {"add", root()});
    return run(options);
  }
  [[nodiscard]] std::string root() const { return folder_ / "in"; }

  /// As if it was written long ago: what was written just now may change again without another mtime.
  void write(const std::string& name, const std::string& content, int seconds_ago = 3600) const {
    set_age(folder_.write(name, content), seconds_ago);
  }
  static void set_age(const std::string& path, int seconds_ago) {
    fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::seconds(seconds_ago));
  }
  /// Every file of the index folder with its bytes.
  [[nodiscard]] std::map<std::string, std::string> index_bytes() const {
    std::map<std::string, std::string> all;
    for (const auto& e : fs::recursive_directory_iterator(folder_ / "index")) {
      all[e.path().native()] = e.is_regular_file() ? content_of_file(e.path()) : "";
    }
    return all;
  }

  temporary_folder folder_;
  std::string config_ = folder_.write("rapporteur.toml", "");
  index_view index_{folder_ / "index"};
};

TEST_F(second_run, reads_no_file_that_has_not_changed) {
  write("in/a.jsonl", line("1") + line("2"));
  write("in/b.txt", "Title: three\n\nText.");
  EXPECT_EQ(add()["files"], 2);
  const ended again = add();
  EXPECT_EQ(again.status, 0);
  EXPECT_EQ(again["files"], 0);
  EXPECT_EQ(again["files_unchanged"], 2);
  EXPECT_EQ(again["bytes"], 0);
  EXPECT_EQ(again["read"], 3);
  EXPECT_EQ(again["unchanged"], 3);
  EXPECT_EQ(index_.revision(), 1U);

  const ended all = add({"--read-all"});
  EXPECT_EQ(all["files"], 2);
  EXPECT_EQ(all["files_unchanged"], 0);
  EXPECT_EQ(all["unchanged"], 3);
  EXPECT_EQ(index_.revision(), 1U);

  write("in/a.jsonl", line("1") + line("2", "changed"), 1800);
  const ended changed = add();
  EXPECT_EQ(changed["files"], 1);
  EXPECT_EQ(changed["files_unchanged"], 1);
  EXPECT_EQ(changed["replaced"], 1);
  EXPECT_EQ(changed["unchanged"], 2);
  EXPECT_EQ(index_.title_of("2"), "changed");
}

// Same size, same name, another file: an older one that was moved over it.
TEST_F(second_run, reads_a_file_that_took_the_place_of_another) {
  write("in/a.jsonl", line("1", "one"));
  struct stat before {};
  add();
  ::stat((root() + "/a.jsonl").c_str(), &before);
  const std::string other = folder_.write("other.jsonl", line("1", "two"));
  const std::array<timespec, 2> same{before.st_atim, before.st_mtim};
  ASSERT_EQ(::utimensat(AT_FDCWD, other.c_str(), same.data(), 0), 0);
  fs::rename(other, root() + "/a.jsonl");
  EXPECT_EQ(add()["replaced"], 1);
  EXPECT_EQ(index_.title_of("1"), "two");
}

TEST_F(second_run, a_file_that_was_touched_is_read_and_makes_no_revision) {
  write("in/a.jsonl", line("1"));
  add();
  set_age(root() + "/a.jsonl", 60);
  const ended touched = add();
  EXPECT_EQ(touched["files"], 1);
  EXPECT_EQ(touched["unchanged"], 1);
  EXPECT_EQ(index_.revision(), 1U);
  EXPECT_EQ(add()["files_unchanged"], 1) << "the new time is remembered, too";
}

TEST_F(second_run, a_file_of_just_now_is_read_again) {
  write("in/a.jsonl", line("1", "one"), 0);
  add();
  EXPECT_EQ(add()["files"], 1);
}

TEST_F(second_run, what_failed_is_told_again_and_not_read) {
  write("in/a.jsonl", line("1") + "broken\n" + line("2") + "{}\n");
  EXPECT_EQ(add().status, 1);
  const ended again = add();
  EXPECT_EQ(again.status, 1);
  EXPECT_EQ(again["files"], 0);
  EXPECT_EQ(again["files_unchanged"], 1);
  EXPECT_EQ(again["failed"], 2);
  EXPECT_EQ(again["unchanged"], 2);
  EXPECT_EQ(again.account.at("failures").at("failed before, and the file has not changed since"), 2);
  write("in/a.jsonl", line("1") + line("2"), 60);
  EXPECT_EQ(add().status, 0);
}

TEST_F(second_run, other_rules_read_everything_again) {
  write("in/a.jsonl", R"({"id":"1","title":"T","land":"PRK"})"
                      "\n");
  add();
  folder_.write("rapporteur.toml", "[fields]\nland = \"tag\"\n");
  EXPECT_EQ(add()["files"], 1);
  EXPECT_EQ(add()["files_unchanged"], 1);
}

TEST_F(second_run, prune_removes_what_is_gone_and_a_dry_run_says_the_same) {
  write("in/a.jsonl", line("1") + line("2") + line("both"));
  write("in/b.jsonl", line("3") + line("both"));
  write("in/c.txt", "Title: four\n\nText.");
  write("other/d.jsonl", line("5"));
  run({"add", root(), folder_ / "other"});
  EXPECT_EQ(index_.articles(), 6U);
  write("in/a.jsonl", line("1", "changed") + line("new"), 60);
  fs::remove(root() + "/b.jsonl");
  fs::remove(folder_ / "other/d.jsonl");

  const ended kept = add();  // without --prune nothing goes
  EXPECT_EQ(kept["removed"], 0);
  EXPECT_EQ(index_.articles(), 7U);

  const auto before = index_bytes();
  const ended dry = add({"--prune", "--dry-run"});
  EXPECT_EQ(dry.status, 0);
  EXPECT_THAT(dry.err, HasSubstr("a dry run: the index is as it was"));
  EXPECT_EQ(index_bytes(), before);

  const ended pruned = add({"--prune"});
  EXPECT_EQ(pruned.status, 0);
  EXPECT_EQ(pruned["files_gone"], 1);
  EXPECT_EQ(pruned["removed"], 3) << "2, 3 and the one that both files had";
  for (const char* name :
       {"read", "added", "replaced", "unchanged", "removed", "files", "files_unchanged", "files_gone"})
    EXPECT_EQ(dry[name], pruned[name]) << name;
  EXPECT_EQ(index_.title_of("1"), "changed");
  EXPECT_TRUE(index_.has("new"));
  EXPECT_TRUE(index_.has("5")) << "another folder's";
  for (const char* id : {"2", "3", "both"}) EXPECT_FALSE(index_.has(id)) << id;
  EXPECT_EQ(index_.articles(), 4U);
  EXPECT_EQ(add({"--prune"})["removed"], 0);
}

TEST_F(second_run, a_dry_run_of_changes_says_what_the_run_does) {
  write("in/a.jsonl", line("1") + line("2") + line("1", "later"));
  const ended first = add({"--dry-run"});
  EXPECT_FALSE(fs::exists(folder_ / "index")) << "nor is one made";
  const ended did = add();
  write("in/b.jsonl", line("2") + line("3") + line("1", "again") + "broken\n");
  const auto before = index_bytes();
  const ended second = add({"--dry-run"});
  EXPECT_EQ(index_bytes(), before);
  EXPECT_EQ(second.status, 1) << "a record failed";
  const ended did_then = add();
  for (const char* name : {"read", "added", "replaced", "unchanged", "failed", "files", "files_unchanged"}) {
    EXPECT_EQ(first[name], did[name]) << name;
    EXPECT_EQ(second[name], did_then[name]) << name;
  }
}

TEST_F(second_run, a_dry_run_follows_articles_from_file_to_file) {
  write("in/a.jsonl", line("up") + line("stays a"));
  write("in/b.jsonl", line("down") + line("stays b") + line("both"));
  write("in/c.jsonl", line("both"));
  add();
  write("in/a.jsonl", line("down") + line("stays a"), 60);
  write("in/b.jsonl", line("up", "changed") + line("stays b"), 60);
  fs::remove(root() + "/c.jsonl");
  const ended dry = add({"--prune", "--dry-run"});
  const ended did = add({"--prune"});
  // The run reads files again that have an article whose content came from one that gave it up; those count twice.
  for (const char* name : {"added", "replaced", "removed", "files_gone"}) EXPECT_EQ(dry[name], did[name]) << name;
  EXPECT_EQ(index_.articles(), 4U);
}

TEST_F(second_run, a_half_broken_file_prunes_nothing) {
  write("in/a.jsonl", line("1") + line("2"));
  add();
  write("in/a.jsonl", line("1") + line("2").substr(0, 15), 60);
  EXPECT_EQ(add({"--prune"})["removed"], 0);
  EXPECT_TRUE(index_.has("2"));
  write("in/a.jsonl", line("1"), 30);
  EXPECT_EQ(add({"--prune"})["removed"], 1);
}

TEST_F(second_run, an_empty_folder_keeps_its_articles_unless_told_otherwise) {
  write("in/a.jsonl", line("1"));
  write("other/b.jsonl", line("2"));
  const std::vector<std::string> both = {"add", root(), folder_ / "other", "--prune"};
  run(both);
  fs::remove(root() + "/a.jsonl");
  const ended kept = run(both);
  EXPECT_EQ(kept.status, 0);
  EXPECT_EQ(kept["removed"], 0);
  EXPECT_THAT(kept.err, HasSubstr("may not be mounted"));
  EXPECT_TRUE(index_.has("1"));
  auto allowed = both;
  allowed.emplace_back("--allow-empty");
  EXPECT_EQ(run(allowed)["removed"], 1);
  EXPECT_FALSE(index_.has("1"));
  EXPECT_TRUE(index_.has("2"));
}

TEST_F(second_run, a_folder_that_is_not_there_or_cannot_be_read_keeps_its_articles) {
  ::chmod(folder_.path().c_str(), 0777);
  write("in/a.jsonl", line("1"));
  write("in/f/b.jsonl", line("2"));
  write("in/c.jsonl", line("3"));
  EXPECT_EQ(run({"add", root()}, true).status, 0);
  ::chmod((root() + "/f").c_str(), 0);
  fs::remove(root() + "/c.jsonl");
  const ended unreadable = run({"add", root(), "--prune"}, true);
  EXPECT_EQ(unreadable.status, 1);
  EXPECT_EQ(unreadable["removed"], 1);
  EXPECT_THAT(unreadable.err, HasSubstr("/in/f: the folder cannot be read"));
  EXPECT_TRUE(index_.has("2"));
  ::chmod((root() + "/f").c_str(), 0755);
  fs::rename(root(), folder_ / "away");
  EXPECT_EQ(run({"add", root(), "--prune", "--allow-empty"}, true).status, 1);
  EXPECT_TRUE(index_.has("1"));
  EXPECT_EQ(index_.articles(), 2U);
}

}  // namespace
}  // namespace rapporteur::indexer
