// What is told to be on the disk is there and whole; what failed leaves nothing behind.
#include "index/durable.hpp"

#include "tests/scratch.hpp"
#include "tests/tiny_disk.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rapporteur::index {
namespace {

namespace fs = std::filesystem;
using test::entries_of;
using test::scratch_folder;
using test::tiny_disk;

TEST(durable, a_new_file_holds_what_it_was_given_and_is_never_written_over) {
  const scratch_folder folder;
  const fs::path file = folder.path() / "a";
  ASSERT_TRUE(write_new_file(file, "first"));
  const auto again = write_new_file(file, "second");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, errc::io);
  EXPECT_EQ(read_whole_file(file, 5).value(), "first");
}

TEST(durable, a_small_file_is_replaced_also_over_what_a_killed_process_left) {
  const scratch_folder folder;
  const fs::path file = folder.path() / "current";
  ASSERT_TRUE(replace_file(file, "one"));
  ASSERT_TRUE(write_new_file(folder.path() / "current.new", "half of somethi"));
  ASSERT_TRUE(replace_file(file, "two"));
  EXPECT_EQ(read_whole_file(file, 100).value(), "two");
  EXPECT_EQ(entries_of(folder.path()), std::vector<std::string>{"current"});
}

TEST(durable, folders_are_made_with_all_above_them) {
  const scratch_folder folder;
  ASSERT_TRUE(make_folder(folder.path() / "a" / "b" / "c"));
  ASSERT_TRUE(make_folder(folder.path() / "a" / "b" / "c"));
  EXPECT_TRUE(fs::is_directory(folder.path() / "a" / "b" / "c"));
  ASSERT_TRUE(write_new_file(folder.path() / "file", "x"));
  for (const char* place : {"file", "file/below", "file/far/below"}) {
    const auto made = make_folder(folder.path() / place);
    ASSERT_FALSE(made) << place;
    EXPECT_EQ(made.error().code, errc::io) << place;
  }
}

TEST(durable, what_is_not_there_is_told_apart) {
  const scratch_folder folder;
  const fs::path nothing = folder.path() / "nothing";
  EXPECT_EQ(read_whole_file(nothing, 10).error().code, errc::not_found);
  EXPECT_EQ(rename_durably(nothing, folder.path() / "b").error().code, errc::not_found);
  EXPECT_FALSE(remove_durably(nothing).value());
  ASSERT_TRUE(write_new_file(nothing, "x"));
  EXPECT_TRUE(remove_durably(nothing).value());
}

TEST(durable, only_regular_files_within_their_bound_are_read) {
  const scratch_folder folder;
  ASSERT_TRUE(write_new_file(folder.path() / "file", "12345"));
  EXPECT_EQ(read_whole_file(folder.path() / "file", 4).error().code, errc::too_large);
  EXPECT_EQ(read_whole_file(folder.path(), 100).error().code, errc::io);
  ASSERT_EQ(::symlink("file", (folder.path() / "link").c_str()), 0);
  EXPECT_EQ(read_whole_file(folder.path() / "link", 100).error().code, errc::io);
  ASSERT_EQ(::mkfifo((folder.path() / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(read_whole_file(folder.path() / "pipe", 100).error().code, errc::io);
}

TEST(durable, a_full_disk_is_told_and_keeps_nothing) {
  const scratch_folder folder;
  const tiny_disk disk(folder.path() / "disk");
  if (!disk.is_mounted()) GTEST_SKIP() << "a tmpfs cannot be mounted here";
  const fs::path file = disk.path() / "current";
  ASSERT_TRUE(replace_file(file, "old"));
  const std::string much(2 * test::k_tiny_disk_bytes, 'x');
  EXPECT_EQ(write_new_file(disk.path() / "b", much).error().code, errc::disk_full);
  EXPECT_EQ(replace_file(file, much).error().code, errc::disk_full);
  EXPECT_EQ(entries_of(disk.path()), std::vector<std::string>{"current"});
  EXPECT_EQ(read_whole_file(file, 100).value(), "old");
}

}  // namespace
}  // namespace rapporteur::index
