// Walking: what is listed, in which order, and what is passed over.
#include "indexer/formats.hpp"
#include "tests/indexer/support.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

namespace rapporteur::indexer {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

namespace fs = std::filesystem;

struct walked {
  source_listing listing;
  std::vector<std::string> shown;     ///< files, without the folder's path
  std::vector<std::string> failures;  ///< the same
};

walked walk(const temporary_folder& folder, const std::vector<std::string>& paths) {
  walked w;
  const std::string prefix = folder.path().native() + "/";
  w.listing = list_sources(
      paths,
      [&](finding f) {
        if (f.file.starts_with(prefix)) f.file.erase(0, prefix.size());
        w.failures.push_back(f.to_string());
      },
      [] { return true; });
  std::uint64_t bytes = 0;
  for (const source_file& f : w.listing.files) {
    EXPECT_TRUE(fs::path(f.path).is_absolute());
    w.shown.push_back(f.shown.starts_with(prefix) ? f.shown.substr(prefix.size()) : f.shown);
    bytes += f.bytes;
  }
  EXPECT_EQ(w.listing.bytes, bytes);
  return w;
}

TEST(source, lists_in_the_order_of_names) {
  const temporary_folder folder;
  for (const char* name : {"b.txt", "a/z.jsonl", "a/b/c.txt", "B.txt", "é.txt", "a.txt", "noextension", "d.json"})
    folder.write(name, "x");
  const walked w = walk(folder, {folder.path().native()});
  EXPECT_THAT(w.shown,
              ElementsAre("B.txt", "a/b/c.txt", "a/z.jsonl", "a.txt", "b.txt", "d.json", "noextension", "é.txt"));
  EXPECT_THAT(w.failures, IsEmpty());
  EXPECT_THAT(w.listing.ignored, IsEmpty());
}

TEST(source, takes_paths_in_the_order_given_and_files_once) {
  const temporary_folder folder;
  const std::string b = folder.write("b.txt", "x");
  folder.write("a.txt", "x");
  fs::create_symlink("b.txt", folder / "c.txt");
  const walked w = walk(folder, {b, folder.path().native(), b, folder.path().native() + "/."});
  EXPECT_THAT(w.shown, ElementsAre("b.txt", "a.txt"));
  EXPECT_THAT(w.listing.ignored,
              ElementsAre(Pair("files that were reached twice", 3), Pair("folders that were reached twice", 1)));
}

TEST(source, follows_links_but_not_in_circles) {
  const temporary_folder folder;
  folder.write("in/one.txt", "x");
  folder.write("outside/two.txt", "x");
  fs::create_directory_symlink("..", folder / "in/up");
  fs::create_directory_symlink(".", folder / "in/self");
  fs::create_symlink("loop", folder / "in/loop");
  fs::create_symlink("nowhere.txt", folder / "in/broken.txt");
  fs::create_directory_symlink("../outside", folder / "in/aside");
  const walked w = walk(folder, {folder / "in"});
  EXPECT_THAT(w.shown, ElementsAre("in/aside/two.txt", "in/one.txt"));
  EXPECT_THAT(w.failures, ElementsAre("in/broken.txt: cannot be examined: No such file or directory",
                                      "in/loop: cannot be examined: Too many levels of symbolic links"));
}

TEST(source, passes_over_what_holds_no_articles_and_counts_it) {
  const temporary_folder folder;
  for (const char* name : {"a.txt", ".hidden.txt", ".git/config", "a.txt~", "#a.txt#", "b.swp", "c.tmp", "~$d.txt",
                           "p.png", "q.PNG", "r.css"})
    folder.write(name, "x");
  ASSERT_EQ(::mkfifo((folder / "pipe.txt").c_str(), 0600), 0);
  const walked w = walk(folder, {folder.path().native()});
  EXPECT_THAT(w.shown, ElementsAre("a.txt"));
  EXPECT_THAT(w.failures, IsEmpty());
  EXPECT_THAT(w.listing.ignored,
              ElementsAre(Pair(".css files", 1), Pair(".png files", 2), Pair("hidden files and folders", 2),
                          Pair("pipes, sockets and devices", 1), Pair("temporary files", 5)));
}

TEST(source, reports_documents_that_it_has_no_reader_for) {
  const temporary_folder folder;
  for (const char* name : {"a.pdf", "b.html", "c.docx", "d.jsonl.gz"}) folder.write(name, "x");
  const walked w = walk(folder, {folder.path().native()});
  EXPECT_THAT(w.shown, IsEmpty());
  EXPECT_THAT(w.failures, ElementsAre("a.pdf: no reader for this kind of file: .pdf",
                                      "b.html: no reader for this kind of file: .html",
                                      "c.docx: no reader for this kind of file: .docx",
                                      "d.jsonl.gz: no reader for this kind of file: .gz"));
}

TEST(source, takes_a_named_file_whatever_its_name) {
  const temporary_folder folder;
  const std::string hidden = folder.write(".hidden.txt", "x");
  const std::string odd = folder.write("a.odd", "x");
  const std::string temporary = folder.write("a.tmp", "x");
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  const walked w = walk(folder, {hidden, odd, temporary, folder / "pipe", folder / "missing"});
  EXPECT_THAT(w.shown, ElementsAre(".hidden.txt", "a.odd", "a.tmp"));
  EXPECT_THAT(w.failures, ElementsAre("pipe: neither a file nor a folder",
                                      "missing: cannot be examined: No such file or directory"));
}

TEST(source, identifies_a_file_by_its_real_path) {
  const temporary_folder folder;
  folder.write("real/a.txt", "Text");
  fs::create_directory_symlink("real", folder / "link");
  const walked direct = walk(folder, {folder / "real/a.txt"});
  const walked linked = walk(folder, {folder / "link/../link/a.txt"});
  ASSERT_EQ(direct.listing.files.size(), 1U);
  ASSERT_EQ(linked.listing.files.size(), 1U);
  EXPECT_EQ(direct.listing.files[0].path, linked.listing.files[0].path);
  EXPECT_EQ(linked.shown[0], "link/../link/a.txt");
}

/// Root may read everything: while this lives, the test is somebody else.
class not_root {
 public:
  not_root() : was_root_(::geteuid() == 0) {
    constexpr uid_t k_nobody = 65534;
    if (was_root_ && ::seteuid(k_nobody) != 0) throw std::runtime_error("cannot give up being root");
  }
  ~not_root() {
    if (was_root_ && ::seteuid(0) != 0) std::abort();
  }
  not_root(const not_root&) = delete;
  not_root& operator=(const not_root&) = delete;

 private:
  bool was_root_;
};

TEST(source, reports_what_may_not_be_read) {
  const temporary_folder folder;
  fs::permissions(folder.path(), fs::perms::group_all | fs::perms::others_all, fs::perm_options::add);
  const std::string file = folder.write("a.txt", "x");
  folder.write("closed/b.txt", "x");
  fs::permissions(file, fs::perms::none);
  fs::permissions(folder / "closed", fs::perms::none);
  collected c;
  {
    const not_root somebody;
    const walked w = walk(folder, {folder.path().native()});
    EXPECT_THAT(w.failures, ElementsAre("closed: the folder cannot be read: Permission denied"));
    ASSERT_EQ(w.listing.files.size(), 1U);
    const auto records = read_source(w.listing.files[0], {}, {}, c.events(folder.path().native()));
    ASSERT_TRUE(records);
    EXPECT_EQ(records->records, 1U);
  }
  fs::permissions(folder / "closed", fs::perms::owner_all);
  EXPECT_THAT(c.failures, ElementsAre("a.txt: cannot be read: cannot be opened: Permission denied"));
}

TEST(source, a_file_that_went_away_is_one_failed_record) {
  const temporary_folder folder;
  collected c;
  const auto records =
      read_source({folder / "gone.txt", folder / "gone.txt", 10, 0, 0}, {}, {}, c.events(folder.path().native()));
  ASSERT_TRUE(records);
  EXPECT_EQ(records->records, 1U);
  EXPECT_THAT(c.failures, ElementsAre("gone.txt: cannot be read: cannot be opened: No such file or directory"));
}

// Opening a pipe for reading waits for a writer, unless one takes care.
TEST(source, a_pipe_in_place_of_a_file_does_not_hang) {
  const temporary_folder folder;
  ASSERT_EQ(::mkfifo((folder / "pipe.txt").c_str(), 0600), 0);
  collected c;
  ASSERT_TRUE(
      read_source({folder / "pipe.txt", folder / "pipe.txt", 0, 0, 0}, {}, {}, c.events(folder.path().native())));
  EXPECT_THAT(c.failures, ElementsAre("pipe.txt: cannot be read: is not a file"));
}

TEST(source, stops_when_told_to) {
  const temporary_folder folder;
  for (int n = 0; n < 10; ++n) folder.write(std::to_string(n) + ".txt", "x");
  int asked = 0;
  const source_listing l = list_sources(
      {folder.path().native()}, [](const finding&) {}, [&] { return ++asked <= 4; });
  EXPECT_EQ(l.files.size(), 3U);
}

TEST(findings, are_one_line_whatever_the_bytes) {
  const finding f{severity::failure, {errc::malformed, "reason", "a\nb\x1B[31m\xFF\u202Ec"}, "evil\n\x07name", 3, 4};
  EXPECT_EQ(f.to_string(), "evil\uFFFD\uFFFDname:3:4: reason: a\uFFFDb\uFFFD[31m\uFFFD\uFFFDc");
}

}  // namespace
}  // namespace rapporteur::indexer
