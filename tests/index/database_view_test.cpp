// What the view reads of a database is what Xapian reads of it, whoever wrote it last; damage is told, never followed.
#include "index/database_view.hpp"

#include "index/reader.hpp"
#include "tests/index/make_article.hpp"
#include "tests/scratch.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <xapian.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

namespace rapporteur::index {
namespace {

namespace fs = std::filesystem;

/// A document with words at many places, a value and data.
Xapian::Document document(std::mt19937& random, unsigned number) {
  Xapian::Document d;
  const std::size_t length = random() % 60;
  for (std::size_t n = 0; n < length; ++n) {
    // Few frequent words and many rare ones.
    const unsigned word = random() % (1U << (random() % 12));
    d.add_posting(fmt::format("w{}", word), 1 + random() % 5000, 1 + random() % 300);
  }
  if (number % 3 == 0) d.add_posting(std::string("nul\0inside", 10), 7);
  d.add_boolean_term("Xall");
  d.set_data(number % 5 == 0 ? "" : std::string(random() % 300, 'x') + std::to_string(number));
  return d;
}

void expect_same(const fs::path& path, std::mt19937& random) {
  const Xapian::Database db(path.string());
  database_view view(path);
  ASSERT_EQ(view.revision(), db.get_revision());
  EXPECT_EQ(view.documents(), db.get_doccount());
  EXPECT_EQ(view.last_document(), db.get_lastdocid());
  EXPECT_EQ(view.frequency("nobodyhasthis"), 0U);
  database_view::postings all;
  database_view::postings some;
  std::vector<std::uint32_t> places;
  const auto expect_list = [&](const std::string& term, Xapian::doccount frequency) {
    std::vector<std::uint32_t> documents;
    std::vector<std::uint32_t> frequencies;
    for (auto p = db.postlist_begin(term); p != db.postlist_end(term); ++p) {
      documents.push_back(*p);
      frequencies.push_back(p.get_wdf());
    }
    EXPECT_EQ(view.frequency(term), frequency) << term;
    view.read(term, true, all);
    ASSERT_EQ(all.documents, documents) << term;
    if (!term.empty()) {
      ASSERT_EQ(all.frequencies, frequencies) << term;
    }
    view.read(term, false, all);
    ASSERT_EQ(all.documents, documents) << term;
    EXPECT_TRUE(all.frequencies.empty());
    // Among few articles, and among many.
    for (const std::size_t one_in : {1U, 2U, 30U, 500U}) {
      std::vector<std::uint32_t> among;
      for (Xapian::docid id = 1 + random() % one_in; id <= db.get_lastdocid() + 5; id += 1 + random() % (2 * one_in))
        among.push_back(id);
      std::vector<std::uint32_t> wanted;
      std::vector<std::uint32_t> wanted_frequencies;
      for (std::size_t i = 0; i < documents.size(); ++i) {
        if (!std::binary_search(among.begin(), among.end(), documents[i])) continue;
        wanted.push_back(documents[i]);
        wanted_frequencies.push_back(frequencies[i]);
      }
      view.read_among(term, among, true, some);
      ASSERT_EQ(some.documents, wanted) << term << " among one in " << one_in;
      if (!term.empty()) {
        ASSERT_EQ(some.frequencies, wanted_frequencies) << term;
      }
    }
  };
  expect_list("", db.get_doccount());
  std::size_t positional = 0;
  for (auto t = db.allterms_begin(); t != db.allterms_end(); ++t) {
    expect_list(*t, t.get_termfreq());
    if (testing::Test::HasFatalFailure()) return;
    // From one to the next, and far over others.
    for (const unsigned stride : {3U, 40U, 400U}) {
      database_view::places of_term(view, *t);
      for (Xapian::docid id = 1 + random() % stride; id <= db.get_lastdocid() + 1; id += 1 + random() % stride) {
        const std::vector<std::uint32_t> wanted(db.positionlist_begin(id, *t), db.positionlist_end(id, *t));
        EXPECT_EQ(of_term.read(id, places), !wanted.empty());
        ASSERT_EQ(places, wanted) << *t << " in " << id;
        if (wanted.empty()) continue;
        ++positional;
        // Those up to one of them, and a little beyond.
        const std::uint32_t most = wanted[random() % wanted.size()] + random() % 3;
        database_view::places(view, *t).read(id, places, most);
        const auto beyond = std::upper_bound(wanted.begin(), wanted.end(), most);
        ASSERT_GE(places.size(), static_cast<std::size_t>(beyond - wanted.begin())) << *t << " in " << id;
        ASSERT_LE(places.size(), wanted.size());
        ASSERT_TRUE(std::equal(wanted.begin(), beyond, places.begin())) << *t << " in " << id;
      }
    }
  }
  EXPECT_GT(positional, 100U);
  std::size_t told = 0;
  for (auto p = db.postlist_begin(""); p != db.postlist_end(""); ++p) {
    const std::string wanted = db.get_document(*p).get_data();
    const auto data = view.data(*p);  // not what Xapian has compressed
    EXPECT_EQ(data.value_or(wanted), wanted) << *p;
    told += data && !data->empty() ? 1 : 0;
  }
  EXPECT_GT(told, 10U);
  EXPECT_FALSE(view.data(db.get_lastdocid() + 1));
  for (auto k = db.metadata_keys_begin(); k != db.metadata_keys_end(); ++k)
    EXPECT_EQ(view.metadata(*k), db.get_metadata(*k)) << *k;
  EXPECT_EQ(view.metadata("there is none"), "");
}

class database_view_of : public testing::TestWithParam<int> {
 protected:
  test::scratch_folder folder_;
};

// With the smallest blocks tables are deep, and long entries have many parts.
TEST_P(database_view_of, a_database_that_grows_and_shrinks) {
  std::mt19937 random(17);
  const fs::path path = folder_.path() / "db";
  {
    Xapian::WritableDatabase db(path.string(), Xapian::DB_CREATE, GetParam());
    for (unsigned round = 0; round < 4; ++round) {
      for (unsigned n = 0; n < 300; ++n) db.add_document(document(random, n));
      for (unsigned n = 0; n < 40 * round; ++n) {
        const Xapian::docid id = 1 + random() % db.get_lastdocid();
        if (random() % 2 == 0)
          db.replace_document(id, document(random, n));
        else if (db.get_doccount() > 10 && db.postlist_begin("") != db.postlist_end("")) {
          try {
            db.delete_document(id);
          } catch (const Xapian::DocNotFoundError&) {
            continue;
          }
        }
      }
      db.set_metadata(fmt::format("key {}", round), std::string(round * 9000, 'm') + "end");
      db.commit();
      expect_same(path, random);
      if (HasFatalFailure()) return;
    }
  }
  const fs::path compact = folder_.path() / "compact";
  Xapian::Database(path.string()).compact(compact.string(), 0, GetParam());
  expect_same(compact, random);
}

INSTANTIATE_TEST_SUITE_P(blocks, database_view_of, testing::Values(2048, 8192, 65536));

TEST_F(database_view_of, an_empty_database) {
  const fs::path path = folder_.path() / "db";
  Xapian::WritableDatabase(path.string(), Xapian::DB_CREATE).commit();
  database_view view(path);
  database_view::postings list;
  view.read("word", true, list);
  EXPECT_TRUE(list.documents.empty());
  view.read("", true, list);
  EXPECT_TRUE(list.documents.empty());
  EXPECT_FALSE(view.data(1));
  std::vector<std::uint32_t> places{1};
  EXPECT_FALSE(database_view::places(view, "word").read(1, places));
  EXPECT_TRUE(places.empty());
}

// What is changed on disk is answered by an exception of Xapian's or by what is there, never by a crash or without end.
TEST_F(database_view_of, a_damaged_database) {
  std::mt19937 random(23);
  const fs::path path = folder_.path() / "db";
  {
    Xapian::WritableDatabase db(path.string(), Xapian::DB_CREATE, 2048);
    for (unsigned n = 0; n < 400; ++n) db.add_document(document(random, n));
    db.commit();
  }
  std::vector<std::string> terms;
  {
    const Xapian::Database db(path.string());
    for (auto t = db.allterms_begin(); t != db.allterms_end(); ++t) terms.push_back(*t);
  }
  std::size_t told = 0;
  for (int n = 0; n < 300; ++n) {
    const fs::path bad = folder_.path() / "bad";
    fs::remove_all(bad);
    fs::copy(path, bad);
    const fs::path file = bad / (n % 3 == 0 ? "position.glass" : n % 3 == 1 ? "postlist.glass" : "docdata.glass");
    if (n % 10 == 9) {
      fs::resize_file(file, random() % fs::file_size(file));
    } else {
      std::fstream out(file, std::ios::binary | std::ios::in | std::ios::out);
      for (unsigned bytes = 1 + random() % 40; bytes > 0; --bytes) {
        out.seekp(static_cast<std::streamoff>(random() % fs::file_size(file)));
        out.put(static_cast<char>(random()));
      }
    }
    try {
      database_view view(bad);
      database_view::postings list;
      std::vector<std::uint32_t> places;
      const std::vector<std::uint32_t> among{1, 2, 77, 78, 399, 5000};
      for (const std::string& t : terms) {
        try {
          view.read(t, true, list);
          view.read_among(t, among, true, list);
          database_view::places of_term(view, t);
          for (const std::uint32_t id : among) of_term.read(id, places);
        } catch (const Xapian::Error&) {
          ++told;
        }
      }
      for (std::uint32_t id = 1; id < 400; ++id) {
        try {
          view.data(id);
        } catch (const Xapian::Error&) {
          ++told;
        }
      }
    } catch (const Xapian::Error&) {
      ++told;
    }
  }
  EXPECT_GT(told, 100U);
}

// A block that a later commit wrote is none of the revision that is open.
TEST_F(database_view_of, a_revision_that_is_gone) {
  std::mt19937 random(29);
  const fs::path path = folder_.path() / "db";
  Xapian::WritableDatabase db(path.string(), Xapian::DB_CREATE);
  for (unsigned n = 0; n < 200; ++n) db.add_document(document(random, n));
  db.commit();
  database_view view(path);
  for (unsigned round = 0; round < 5; ++round) {
    for (Xapian::docid id = 1; id < 200; ++id) db.replace_document(id, document(random, id));
    db.commit();
  }
  database_view::postings list;
  EXPECT_THROW(
      {
        for (int word = 0; word < 4000; ++word) view.read(fmt::format("w{}", word), true, list);
      },
      Xapian::DatabaseModifiedError);
}

}  // namespace
}  // namespace rapporteur::index
