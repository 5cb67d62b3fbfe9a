// Segments merged by us against the same segments compacted by Xapian: everything that Xapian can say of the result is
// the same, its check finds nothing, and it can go on writing. And what is no segment is refused, whatever its bytes
// are.
#include "index/segment_merge.hpp"

#include "index/segment_writer.hpp"
#include "tests/index/whole_database.hpp"
#include "tests/scratch.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>

namespace rapporteur::index {
namespace {

namespace fs = std::filesystem;

void write_segment(made_documents m, const fs::path& to) {
  segment_writer s(to);
  for (const auto& [key, value] : m.metadata) s.set_metadata(key, value);
  for (draft_document& d : m.documents) s.add(d);
  s.finish();
}

// As a new generation has them: segments, one of which Xapian has taken documents out of, a database that it made of
// documents, one of metadata alone.
std::vector<fs::path> write_parts(const document_row& r, const fs::path& folder) {
  const fs::path whole = folder / "whole", fewer = folder / "fewer", xapians = folder / "xapians",
                 metadata = folder / "metadata", again = folder / "again", none = folder / "none";
  write_segment(r.make(), whole);
  write_segment(r.make(), fewer);
  {
    Xapian::WritableDatabase db(fewer.string(), Xapian::DB_OPEN | Xapian::DB_NO_SYNC);
    // The first and the last stay: Xapian would begin and end with those that are left.
    const Xapian::docid last = db.get_lastdocid();
    for (Xapian::docid id = 2; id < last; id += 3) db.delete_document(id);
    db.commit();
  }
  {
    Xapian::WritableDatabase db(xapians.string(), Xapian::DB_CREATE | Xapian::DB_BACKEND_GLASS | Xapian::DB_NO_SYNC);
    for (draft_document& d : r.make().documents) db.add_document(d.as_xapian());
    db.commit();
  }
  {
    Xapian::WritableDatabase db(metadata.string(), Xapian::DB_CREATE | Xapian::DB_BACKEND_GLASS | Xapian::DB_NO_SYNC);
    for (int n = 0; n < 500; ++n) db.set_metadata(fmt::format("f{}", n), std::string(static_cast<std::size_t>(n), 'x'));
    db.set_metadata("t000000", "of the second");
    db.commit();
  }
  {
    Xapian::WritableDatabase db(none.string(), Xapian::DB_CREATE | Xapian::DB_BACKEND_GLASS | Xapian::DB_NO_SYNC);
    db.add_document({});
    db.delete_document(1);
    db.commit();
  }
  write_segment(r.make(), again);
  return {whole, fewer, xapians, metadata, none, again};
}

class merged_rows : public testing::TestWithParam<document_row> {
 protected:
  void SetUp() override {
    parts_ = write_parts(GetParam(), folder_.path());
    Xapian::Database all;
    for (const fs::path& p : parts_) all.add_database(Xapian::Database(p.string()));
    all.compact(theirs_.string(), Xapian::Compactor::FULL);
  }

  test::scratch_folder folder_;
  fs::path ours_ = folder_.path() / "ours", theirs_ = folder_.path() / "theirs";
  std::vector<fs::path> parts_;
};

INSTANTIATE_TEST_SUITE_P(each, merged_rows, testing::ValuesIn(document_rows()),
                         [](const auto& r) { return std::string(r.param.name); });

TEST_P(merged_rows, read_as_compacted_by_xapian) {
  const std::string theirs = described(Xapian::Database(theirs_.string()));
  for (const std::size_t block : {2048U, 8192U, 32768U}) {
    fs::remove_all(ours_);
    merge_segments(parts_, ours_, block);
    expect_sound(ours_);
    const std::string ours = described(Xapian::Database(ours_.string()));
    const auto [a, b] = std::mismatch(ours.begin(), ours.end(), theirs.begin(), theirs.end());
    EXPECT_TRUE(ours == theirs) << block << " ours:   " << std::string(a, std::min(a + 200, ours.end()))
                                << "\ntheirs: " << std::string(b, std::min(b + 200, theirs.end()));
    if (block == 8192) {
      EXPECT_LE(fs::file_size(ours_ / "postlist.glass"), fs::file_size(theirs_ / "postlist.glass") + block);
    }
  }
}

TEST_P(merged_rows, can_be_written_to_by_xapian) {
  merge_segments(parts_, ours_);
  const auto changed = [&](const fs::path& path) {
    {
      Xapian::WritableDatabase db(path.string(), Xapian::DB_OPEN | Xapian::DB_NO_SYNC);
      change_much(db);
      db.commit();
    }
    expect_sound(path);
    return described(Xapian::Database(path.string()));
  };
  EXPECT_TRUE(changed(ours_) == changed(theirs_));
}

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}
void write(const fs::path& file, std::string_view bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

const document_row& row_named(std::string_view name) {
  return *std::ranges::find(document_rows(), name, &document_row::name);
}

TEST(damaged_segments, are_refused_or_read_but_never_trusted) {
  const test::scratch_folder folder;
  const fs::path sound = folder.path() / "sound", harmed = folder.path() / "harmed", to = folder.path() / "to";
  write_segment(row_named("some").make(), sound);
  std::mt19937 random(1);
  std::size_t refused = 0;
  for (int round = 0; round < 400; ++round) {
    fs::remove_all(harmed);
    fs::remove_all(to);
    fs::copy(sound, harmed);
    std::vector<fs::path> files;
    for (const auto& f : fs::directory_iterator(harmed)) files.push_back(f.path());
    std::ranges::sort(files);
    const fs::path file = files[random() % files.size()];
    std::string bytes = read(file);
    switch (random() % 3) {
      case 0:
        bytes.resize(random() % (bytes.size() + 1));
        break;
      case 1:
        for (int n = 0; n < 20; ++n) bytes[random() % bytes.size()] = static_cast<char>(random());
        break;
      default:
        for (int n = 0; n < 3; ++n)
          bytes[random() % std::min<std::size_t>(bytes.size(), 200)] = static_cast<char>(random());
    }
    write(file, bytes);
    try {
      merge_segments({sound, harmed}, to);
    } catch (const Xapian::Error& e) {
      ++refused;
      EXPECT_FALSE(e.get_msg().empty());
    }
  }
  EXPECT_GT(refused, 100U);
}

TEST(damaged_segments, are_named) {
  const test::scratch_folder folder;
  const fs::path part = folder.path() / "part";
  write_segment(row_named("many").make(), part);
  fs::resize_file(part / "position.glass", fs::file_size(part / "position.glass") / 2);
  try {
    merge_segments({part}, folder.path() / "to");
    FAIL() << "half a table was taken for a whole one";
  } catch (const Xapian::DatabaseCorruptError& e) {
    EXPECT_NE(e.get_msg().find((part / "position.glass").string()), std::string::npos) << e.get_msg();
  }
}

// A block whose directory ends early has lost its last item, and looks whole.
TEST(damaged_segments, lose_no_entry_unseen) {
  const test::scratch_folder folder;
  const fs::path sound = folder.path() / "sound", harmed = folder.path() / "harmed", to = folder.path() / "to";
  write_segment(row_named("many").make(), sound);
  constexpr std::size_t k_block = 8192, k_level = 4, k_directory_end = 10;
  for (const char* table : {"postlist.glass", "docdata.glass", "termlist.glass", "position.glass"}) {
    const std::string bytes = read(sound / table);
    for (std::size_t at = 0; at < bytes.size(); at += 7 * k_block) {
      if (bytes[at + k_level] != 0) continue;
      fs::remove_all(harmed);
      fs::remove_all(to);
      fs::copy(sound, harmed);
      std::string fewer = bytes;
      auto& end = reinterpret_cast<unsigned char&>(fewer[at + k_directory_end]);
      ASSERT_GE(end, 2);
      end -= 2;
      write(harmed / table, fewer);
      EXPECT_THROW(merge_segments({harmed}, to), Xapian::DatabaseCorruptError) << table << " at " << at;
    }
  }
}

TEST(damaged_segments, are_named_when_missing) {
  const test::scratch_folder folder;
  try {
    merge_segments({folder.path() / "nowhere"}, folder.path() / "to");
    FAIL();
  } catch (const Xapian::DatabaseError& e) {
    EXPECT_NE(e.get_msg().find("nowhere"), std::string::npos) << e.get_msg();
  }
}

}  // namespace
}  // namespace rapporteur::index
