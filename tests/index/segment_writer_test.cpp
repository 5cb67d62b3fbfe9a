// A segment written in one go against the same documents through Xapian's own WritableDatabase: everything that Xapian
// can say of a database is the same, and its check finds nothing.
#include "index/segment_writer.hpp"

#include "tests/index/whole_database.hpp"
#include "tests/scratch.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace rapporteur::index {
namespace {

namespace fs = std::filesystem;

class segment_writer_rows : public testing::TestWithParam<document_row> {
 protected:
  void SetUp() override {
    made_documents m = GetParam().make();
    segment_writer ours(ours_);
    Xapian::WritableDatabase theirs(theirs_.string(), Xapian::DB_CREATE | Xapian::DB_BACKEND_GLASS);
    for (const auto& [key, value] : m.metadata) {
      ours.set_metadata(key, value);
      theirs.set_metadata(key, value);
    }
    for (draft_document& d : m.documents) {
      const Xapian::docid id = ours.add(d);
      EXPECT_EQ(id, theirs.add_document(d.as_xapian()));
    }
    ours.finish();
    theirs.commit();
  }
  test::scratch_folder folder_;
  fs::path ours_ = folder_.path() / "ours", theirs_ = folder_.path() / "theirs";
};

INSTANTIATE_TEST_SUITE_P(each, segment_writer_rows, testing::ValuesIn(document_rows()),
                         [](const auto& r) { return std::string(r.param.name); });

TEST_P(segment_writer_rows, reads_like_a_database_of_xapians) {
  expect_sound(ours_);
  const std::string ours = described(Xapian::Database(ours_.string()));
  const std::string theirs = described(Xapian::Database(theirs_.string()));
  const auto [a, b] = std::mismatch(ours.begin(), ours.end(), theirs.begin(), theirs.end());
  EXPECT_TRUE(ours == theirs) << "ours:   " << std::string(a, std::min(a + 200, ours.end()))
                              << "\ntheirs: " << std::string(b, std::min(b + 200, theirs.end()));
}

TEST_P(segment_writer_rows, is_compacted_like_one) {
  const auto compacted = [&](const fs::path& from) {
    const fs::path to = folder_.path() / "compacted";
    fs::remove_all(to);
    Xapian::Database parts(from.string());
    parts.add_database(Xapian::Database(theirs_.string()));
    parts.compact(to.string());
    expect_sound(to);
    return described(Xapian::Database(to.string()));
  };
  EXPECT_TRUE(compacted(ours_) == compacted(theirs_));
}

TEST_P(segment_writer_rows, can_be_written_to_by_xapian) {
  const auto changed = [&](const fs::path& path) {
    {
      Xapian::WritableDatabase db(path.string(), Xapian::DB_OPEN | Xapian::DB_NO_SYNC | Xapian::DB_DANGEROUS);
      change_much(db);
      db.commit();
    }
    expect_sound(path);
    return described(Xapian::Database(path.string()));
  };
  EXPECT_TRUE(changed(ours_) == changed(theirs_));
}

}  // namespace
}  // namespace rapporteur::index
