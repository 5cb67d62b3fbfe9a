// rapporteur-index watch as its users run it, with what people and programs do to folders. Every commit is a line of
// JSON on stdout; tests wait for those and never for a time.
#include "tests/indexer/watch_program.hpp"

#include <gmock/gmock.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>

namespace rapporteur::indexer {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

std::string line(const std::string& id, const std::string& title = "T", const std::string& text = "Some text.") {
  return R"({"id":")" + id + R"(","title":")" + title + R"(","text":")" + text + "\"}\n";
}

std::string prose(const std::string& title, const std::string& text = "Some text.") {
  return "Title: " + title + "\n\n" + text + "\n";
}

/// A file that somebody is still writing.
class open_file {
 public:
  explicit open_file(const std::string& path, int flags = O_CREAT | O_TRUNC)
      : descriptor_(::open(path.c_str(), O_WRONLY | O_CLOEXEC | flags, 0644)) {}
  ~open_file() { ::close(descriptor_); }
  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;
  void write(std::string_view s) const {
    ASSERT_EQ(::write(descriptor_, s.data(), s.size()), static_cast<ssize_t>(s.size()));
  }

 private:
  int descriptor_;
};

class watch_test : public testing::Test {
 protected:
  watch_test() { fs::create_directory(root()); }

  [[nodiscard]] std::string root() const { return folder_ / "in"; }
  [[nodiscard]] std::string in(const std::string& name) const { return root() + "/" + name; }
  [[nodiscard]] std::vector<std::string> arguments(std::vector<std::string> more) const {
    more.insert(more.begin(), {"--config", config_, "--index", folder_ / "index", "--json"});
    return more;
  }

  /// Starts it and waits until it has looked through everything once. Without looking again from time to time, so that
  /// what is found afterwards was told by inotify.
  void start(const std::string& rescan = "0 s", start_options options = {}) {
    options.environment.push_back("RAPPORTEUR_INDEXER_RESCAN=" + rescan);
    options.environment.push_back("RAPPORTEUR_INDEXER_THREADS=1");
    watch_.emplace(arguments({"watch", root()}), options);
    ASSERT_TRUE(watch_->read_line().has_value()) << watch_->errors();
  }

  /// Looks at the index after every commit until it is as wanted. What must hold all the time is looked at, too.
  void await(
      const std::function<bool()>& wanted, const std::function<bool()>& always = [] { return true; }) {
    const auto end = std::chrono::steady_clock::now() + k_bound;
    while (true) {
      ASSERT_TRUE(always()) << watch_->errors();
      if (wanted()) return;
      ASSERT_LT(std::chrono::steady_clock::now(), end) << watch_->errors();
      const auto told = watch_->read_line();
      ASSERT_TRUE(told.has_value()) << watch_->errors();
      lines_ += *told + "\n";
    }
  }
  void await_title(const std::string& id, const std::string& title) {
    await([&] { return index_.title_of(id) == title; });
  }
  /// Something later has been dealt with, so everything before it has.
  void await_marker() {
    const std::string id = "marker" + std::to_string(++markers_);
    folder_.write("in/" + id + ".jsonl", line(id));
    await([&] { return index_.has(id); });
  }
  [[nodiscard]] std::uint64_t articles() const { return index_.articles() - static_cast<std::uint64_t>(markers_); }

  int run(const std::vector<std::string>& more) {
    index_program p(arguments(more));
    p.read_all();
    return p.wait();
  }

  temporary_folder folder_;
  std::string config_ = folder_.write("rapporteur.toml", "");
  index_view index_{folder_ / "index"};
  std::optional<index_program> watch_;
  std::string lines_;
  int markers_ = 0;
};

TEST_F(watch_test, what_is_there_and_what_is_dropped_becomes_searchable) {
  folder_.write("in/a.jsonl", line("1", "one"));
  start();
  EXPECT_EQ(index_.title_of("1"), "one");
  folder_.write("in/b.jsonl", line("2", "two"));
  await_title("2", "two");
  folder_.write("in/sub/deep/c.jsonl", line("3", "three"));
  await_title("3", "three");
  folder_.write("in/sub/deep/d.txt", prose("four"));
  await([&] { return articles() == 4; });
  fs::remove(in("b.jsonl"));
  await([&] { return !index_.has("2"); });
  EXPECT_EQ(articles(), 3U);
  watch_->send_signal(SIGTERM);
  EXPECT_EQ(watch_->wait(), 0);
}

TEST_F(watch_test, says_in_one_line_what_was_committed) {
  folder_.write("in/a.jsonl", line("1", "one"));
  index_program plain({"--config", config_, "--index", folder_ / "index", "watch", root()});
  EXPECT_TRUE(plain.await_error("revision 1: 1 added, 0 replaced, 0 removed, 0 unchanged"));
  folder_.write("in/a.jsonl", line("1", "two") + "broken\n");
  EXPECT_TRUE(plain.await_error("revision 2: 0 added, 1 replaced, 0 removed, 0 unchanged, 1 failed"));
  EXPECT_THAT(plain.errors(), HasSubstr("/in/a.jsonl:2:1: not valid JSON"));
}

// What a program writes slowly is read when it pauses, and again at the end. Nothing that was there goes meanwhile.
TEST_F(watch_test, a_new_file_in_two_halves) {
  start();
  {
    const open_file lines(in("a.jsonl"));
    const open_file text(in("b.txt"));
    lines.write(line("1", "one") + line("2", "two").substr(0, 20));
    text.write("Title: Half\nId: t\n\nThe first half.\n");
    await([&] { return index_.has("1") && index_.has("t"); });
    lines.write(line("2", "two").substr(20) + line("3", "three"));
    text.write("\nThe second half.\n");
  }
  await([&] { return index_.has("3"); }, [&] { return index_.has("1") && index_.has("t"); });
  EXPECT_EQ(index_.title_of("2"), "two");
  await_marker();
  EXPECT_EQ(articles(), 4U);
  auto r = index::reader::open(folder_ / "index");
  ASSERT_TRUE(r.has_value());
  const auto record = r->get_record(r->find("t"));
  ASSERT_TRUE(record.has_value());
  EXPECT_THAT(r->get_text(*record).value(), HasSubstr("The second half."));
}

struct half {
  std::string name;
  std::size_t bytes;  ///< of the second line that are there at the pause
};
class watch_halves : public watch_test, public testing::WithParamInterface<half> {};

TEST_P(watch_halves, a_file_that_is_written_anew_loses_nothing_on_the_way) {
  folder_.write("in/a.jsonl", line("1", "one") + line("2", "two") + line("3", "three") + line("4", "four"));
  start();
  const std::string first = line("1", "changed"), second = line("2", "changed");
  {
    const open_file file(in("a.jsonl"));
    file.write(first + second.substr(0, GetParam().bytes));
    await([&] { return index_.title_of("1") == "changed"; },
          [&] { return index_.has("2") && index_.has("3") && index_.has("4"); });
    file.write(second.substr(GetParam().bytes) + line("3", "three"));
  }
  await([&] { return !index_.has("4"); }, [&] { return index_.has("1") && index_.has("2") && index_.has("3"); });
  EXPECT_EQ(index_.title_of("2"), "changed");
}

INSTANTIATE_TEST_SUITE_P(halves, watch_halves, testing::Values(half{"in_a_line", 12}, half{"between_lines", 0}),
                         [](const auto& i) { return i.param.name; });

TEST_F(watch_test, files_are_renamed) {
  folder_.write("in/a.jsonl", line("1", "one"));
  folder_.write("in/b.txt", prose("two"));
  folder_.write("in/c.txt", "Id: 3\n" + prose("three"));
  start();
  EXPECT_EQ(articles(), 3U);
  // Within the tree: with ids of their own nothing changes, others are named after their path.
  fs::create_directory(in("sub"));
  fs::rename(in("a.jsonl"), in("sub/a2.jsonl"));
  fs::rename(in("b.txt"), in("b2.txt"));
  fs::rename(in("c.txt"), in("sub/c2.txt"));
  await_marker();
  await([&] { return articles() == 3; }, [&] { return index_.has("1") && index_.has("3"); });
  // Out of it and in again.
  fs::rename(in("sub/a2.jsonl"), folder_ / "a.jsonl");
  await([&] { return !index_.has("1"); });
  fs::rename(in("b2.txt"), folder_ / "b.txt");
  await([&] { return articles() == 1; });
  fs::rename(folder_ / "a.jsonl", in("a3.jsonl"));
  fs::rename(folder_ / "b.txt", in("b3.txt"));
  await([&] { return articles() == 3 && index_.has("1"); });
  fs::remove(in("sub/c2.txt"));
  await([&] { return !index_.has("3"); });
  EXPECT_EQ(articles(), 2U);
}

TEST_F(watch_test, folders_are_moved) {
  folder_.write("in/f/a.jsonl", line("1"));
  folder_.write("in/f/deep/b.jsonl", line("2"));
  folder_.write("out/g/c.jsonl", line("3"));
  folder_.write("out/g/deep/d.jsonl", line("4"));
  start();
  fs::rename(folder_ / "out/g", in("g"));
  await([&] { return index_.has("3") && index_.has("4"); });
  fs::rename(in("f"), in("f2"));
  await_marker();
  await([&] { return articles() == 4; }, [&] { return index_.has("3"); });
  folder_.write("in/f2/deep/e.jsonl", line("5"));  // in a folder that was renamed
  await([&] { return index_.has("5"); });
  EXPECT_TRUE(index_.has("1") && index_.has("2"));
  fs::rename(in("f2"), folder_ / "out/f");
  await([&] { return articles() == 2; });
  folder_.write("out/f/deep/late.jsonl", line("6"));
  fs::remove(folder_ / "out/f/a.jsonl");
  await_marker();
  EXPECT_FALSE(index_.has("6"));
  fs::remove_all(in("g"));
  await([&] { return articles() == 0; });
}

// As when a whole folder is exchanged for a new one.
TEST_F(watch_test, a_folder_in_the_place_of_another) {
  folder_.write("in/f/a.jsonl", line("1"));
  folder_.write("in/f/b.jsonl", line("2"));
  folder_.write("out/f/b.jsonl", line("2", "new"));
  folder_.write("out/f/c.jsonl", line("3"));
  start();
  fs::rename(in("f"), folder_ / "out/old");
  fs::rename(folder_ / "out/f", in("f"));
  await([&] { return index_.title_of("2") == "new" && index_.has("3") && !index_.has("1"); });
  EXPECT_EQ(articles(), 2U);
}

TEST_F(watch_test, an_article_in_two_files_stays_while_one_has_it) {
  folder_.write("in/a.jsonl", line("1", "from a"));
  start();
  folder_.write("in/b.jsonl", line("1", "from b"));
  await_title("1", "from b");
  fs::remove(in("b.jsonl"));
  await([&] { return index_.title_of("1") == "from a"; }, [&] { return index_.has("1"); });
  fs::remove(in("a.jsonl"));
  await([&] { return !index_.has("1"); });
}

TEST_F(watch_test, an_unreadable_file_becomes_readable) {
  ::chmod(folder_.path().c_str(), 0777);
  folder_.write("in/a.jsonl", line("1"));
  const std::string secret = folder_.write("in/b.jsonl", line("2"));
  folder_.write("in/f/c.jsonl", line("3"));
  ::chmod(secret.c_str(), 0);
  ::chmod(in("f").c_str(), 0);
  start("0 s", {.environment = {}, .as_nobody = true});
  EXPECT_THAT(watch_->errors(), HasSubstr("/in/b.jsonl: cannot be read"));
  EXPECT_EQ(articles(), 1U);
  ::chmod(secret.c_str(), 0644);
  await([&] { return index_.has("2"); });
  ::chmod(in("f").c_str(), 0755);
  await([&] { return index_.has("3"); });
  // What cannot be read any more stays.
  ::chmod(in("f").c_str(), 0);
  ::chmod(secret.c_str(), 0);
  await_marker();
  EXPECT_EQ(articles(), 3U);
  ::chmod(in("f").c_str(), 0755);
}

TEST_F(watch_test, a_link_that_leads_nowhere_and_then_somewhere) {
  folder_.write("in/b.jsonl", line("2"));
  fs::create_symlink(in(".target"), in("a.jsonl"));
  start();
  EXPECT_THAT(watch_->errors(), HasSubstr("/in/a.jsonl: cannot be examined"));
  folder_.write("in/.target", line("1"));
  fs::remove(in("a.jsonl"));
  fs::create_symlink(in(".target"), in("a.jsonl"));
  await([&] { return index_.has("1"); });
}

// What editors leave beside a file and do to it while they save.
TEST_F(watch_test, editors_save_in_their_ways) {
  const std::string a = folder_.write("in/a.txt", "Id: 1\n" + prose("zero"));
  start();
  const auto always = [&] { return index_.has("1"); };
  const auto saved = [&](const std::string& title) { await([&] { return index_.title_of("1") == title; }, always); };
  // vim: is the folder writable, what was there, the file, and the old one goes.
  folder_.write("in/.a.txt.swp", "b0VIM 9.0");
  folder_.write("in/4913", "");
  fs::remove(in("4913"));
  fs::rename(a, in("a.txt~"));
  folder_.write("in/a.txt", "Id: 1\n" + prose("vim"));
  fs::remove(in("a.txt~"));
  fs::remove(in(".a.txt.swp"));
  saved("vim");
  // emacs: a lock that is a link to nowhere, a copy of what is not saved, a backup.
  fs::create_symlink("user@host.1234:1700000000", in(".#a.txt"));
  folder_.write("in/#a.txt#", "Id: 2\n" + prose("not saved"));
  fs::copy_file(a, in("a.txt~"));
  folder_.write("in/a.txt", "Id: 1\n" + prose("emacs"));
  fs::remove(in("#a.txt#"));
  fs::remove(in(".#a.txt"));
  saved("emacs");
  // sed -i, and all who save by a rename.
  folder_.write("in/sedAbCdEf", "Id: 1\n" + prose("sed"));
  fs::rename(in("sedAbCdEf"), a);
  saved("sed");
  folder_.write("in/.goutputstream-X1", "Id: 1\n" + prose("gedit"));
  fs::rename(in(".goutputstream-X1"), a);
  saved("gedit");
  await_marker();
  EXPECT_EQ(articles(), 1U);
  EXPECT_THAT(lines_, Not(HasSubstr("\"failures\":{\"")));
}

TEST_F(watch_test, hidden_and_temporary_files_are_never_read) {
  start();
  const std::vector<std::string> names = {".hidden.jsonl",    ".git/a.jsonl", "a.jsonl~",       "#a.jsonl#",
                                          "a.jsonl.part",     "a.jsonl.tmp",  "~$a.jsonl",      "upload.part/a.jsonl",
                                          "sub/.b/c/a.jsonl", "a.png",        "x.tmp/y/a.jsonl"};
  for (const std::string& n : names) folder_.write("in/" + n, line(n));
  await_marker();
  // A file that is not closed is read after a while; so is this one, behind those.
  {
    const open_file slow(in("slow.jsonl"));
    slow.write(line("slow"));
    await([&] { return index_.has("slow"); });
  }
  EXPECT_EQ(articles(), 1U);
  for (const std::string& n : names) EXPECT_FALSE(index_.has(n)) << n;
  fs::rename(in("upload.part"), in("upload"));
  await([&] { return index_.has("upload.part/a.jsonl"); });
  fs::rename(in("a.jsonl.part"), in("a.jsonl"));
  await([&] { return index_.has("a.jsonl.part"); });
}

TEST_F(watch_test, a_file_that_is_named_is_watched_whatever_its_name) {
  const std::string named = folder_.write("in/notes.md", "Id: 1\n" + prose("one"));
  folder_.write("in/other.txt", prose("not named"));
  watch_.emplace(arguments({"watch", named}), start_options{{"RAPPORTEUR_INDEXER_RESCAN=0 s"}, false});
  ASSERT_TRUE(watch_->read_line().has_value());
  EXPECT_EQ(articles(), 1U);
  folder_.write("in/other2.txt", prose("not named either"));
  folder_.write("in/notes.md", "Id: 1\n" + prose("two"));
  await_title("1", "two");
  EXPECT_EQ(articles(), 1U);
}

TEST_F(watch_test, a_root_that_is_renamed_keeps_its_articles_and_may_come_back) {
  folder_.write("in/a.jsonl", line("1"));
  folder_.write("in/f/b.jsonl", line("2"));
  start("1 s");
  fs::rename(root(), folder_ / "away");
  ASSERT_TRUE(watch_->await_error("/in: cannot be examined"));
  fs::remove(folder_ / "away/a.jsonl");
  folder_.write("away/c.jsonl", line("3"));
  fs::rename(folder_ / "away", root());
  await([&] { return index_.has("3"); }, [&] { return index_.has("2"); });
  EXPECT_FALSE(index_.has("1"));
  EXPECT_EQ(watch_->count_errors("/in: cannot be examined"), 1U);
  folder_.write("in/f/d.jsonl", line("4"));
  await([&] { return index_.has("4"); });
}

TEST_F(watch_test, a_root_that_is_not_mounted_keeps_its_articles) {
  folder_.write("disk/a.jsonl", line("1"));
  const auto mount = [&] {
    return ::mount((folder_ / "disk").c_str(), root().c_str(), nullptr, MS_BIND, nullptr) == 0;
  };
  if (!mount()) GTEST_SKIP() << "nothing can be mounted here";
  start("1 s");
  ASSERT_EQ(::umount2(root().c_str(), MNT_DETACH), 0);
  ASSERT_TRUE(watch_->await_error("may not be mounted"));
  EXPECT_TRUE(index_.has("1"));
  folder_.write("disk/b.jsonl", line("2"));
  ASSERT_TRUE(mount());
  await([&] { return index_.has("2"); }, [&] { return index_.has("1"); });
  EXPECT_EQ(watch_->count_errors("may not be mounted"), 1U);
  watch_.reset();
  ::umount2(root().c_str(), MNT_DETACH);
}

TEST_F(watch_test, an_overflow_of_the_queue_loses_nothing) {
  folder_.write("in/a.jsonl", line("1"));
  folder_.write("in/gone.jsonl", line("2"));
  start();
  watch_->send_signal(SIGSTOP);
  std::ifstream limit("/proc/sys/fs/inotify/max_queued_events");
  int most = 16384;
  limit >> most;
  if (most > 100'000) GTEST_SKIP() << "the queue is too long: " << most;
  for (int n = 0; n < most / 2; ++n) {  // opened and closed: two events at least, and no two alike in a row
    const open_file one(in("x.tmp"), O_CREAT), two(in("y.tmp"), O_CREAT);
    one.write("x");
    two.write("y");
  }
  folder_.write("in/b.jsonl", line("3"));
  folder_.write("in/new/c.jsonl", line("4"));
  fs::remove(in("gone.jsonl"));
  watch_->send_signal(SIGCONT);
  await([&] { return index_.has("3") && index_.has("4") && !index_.has("2"); }, [&] { return index_.has("1"); });
  folder_.write("in/new/d.jsonl", line("5"));  // the folder is watched from now on
  await([&] { return index_.has("5"); });
}

TEST_F(watch_test, another_writer_is_waited_for) {
  start();
  const int other = ::open((folder_ / "index/writer.lock").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(other, 0);
  ASSERT_EQ(::flock(other, LOCK_EX), 0);
  folder_.write("in/a.jsonl", line("1"));
  ASSERT_TRUE(watch_->await_error("it is tried again"));
  folder_.write("in/b.jsonl", line("2"));
  folder_.write("in/c/d.jsonl", line("3"));
  ::close(other);
  await([&] { return index_.has("1") && index_.has("2") && index_.has("3"); });
  EXPECT_TRUE(watch_->await_error("the index can be written again"));
  EXPECT_EQ(watch_->count_errors("it is tried again"), 1U) << watch_->errors();
}

TEST_F(watch_test, a_full_disk_is_waited_for) {
  const std::string disk = folder_ / "index";
  fs::create_directory(disk);
  if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=8m") != 0) GTEST_SKIP() << "a tmpfs cannot be mounted here";
  struct unmounting {
    std::string path;
    ~unmounting() { ::umount2(path.c_str(), MNT_DETACH); }
  } const at_the_end{disk};
  folder_.write("in/a.jsonl", line("1"));
  start();
  {
    const open_file filler(disk + "/filler");
    const std::string some(4096, 'x');
    const int fd = ::open((disk + "/filler").c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
    while (::write(fd, some.data(), some.size()) > 0) {
    }
    ::close(fd);
  }
  std::string many;
  for (int n = 100; n < 400; ++n) many += line(std::to_string(n), "T", "word" + std::to_string(n * 7919));
  folder_.write("in/b.jsonl", many);
  ASSERT_TRUE(watch_->await_error("it is tried again"));
  EXPECT_TRUE(index_.has("1"));
  fs::remove(disk + "/filler");
  await([&] { return index_.has("100") && index_.has("399"); }, [&] { return index_.has("1"); });
  EXPECT_TRUE(watch_->await_error("the index can be written again"));
  EXPECT_EQ(watch_->count_errors("it is tried again"), 1U) << watch_->errors();
  EXPECT_EQ(run({"check"}), 0);
}

TEST_F(watch_test, a_damaged_index_is_restored_while_it_runs) {
  folder_.write("in/a.jsonl", line("1"));
  start();
  ASSERT_EQ(run({"snapshot", folder_ / "snapshot"}), 0);
  folder_.write("in/b.jsonl", line("2"));
  await([&] { return index_.has("2"); });
  for (const auto& e : fs::recursive_directory_iterator(folder_ / "index")) {
    if (e.path().filename().native().starts_with("iamglass")) std::ofstream(e.path(), std::ios::binary) << "nonsense";
  }
  folder_.write("in/c.jsonl", line("3"));
  ASSERT_TRUE(watch_->await_error("it is tried again"));
  ASSERT_EQ(run({"restore", folder_ / "snapshot"}), 0) << watch_->errors();
  await([&] { return index_.has("1") && index_.has("2") && index_.has("3"); });
  EXPECT_TRUE(watch_->await_error("the index can be written again"));
  // Once for the damage, and once more if it met the lock that restore holds.
  EXPECT_LE(watch_->count_errors("it is tried again"), 2U) << watch_->errors();
  EXPECT_EQ(run({"check"}), 0);
}

TEST_F(watch_test, a_path_that_is_nowhere_is_refused) {
  index_program p(arguments({"watch", folder_ / "nowhere"}));
  EXPECT_EQ(p.wait(), 3);
  EXPECT_THAT(p.errors(), HasSubstr("nowhere: is not there"));
  EXPECT_FALSE(fs::exists(folder_ / "index"));
}

}  // namespace
}  // namespace rapporteur::indexer
