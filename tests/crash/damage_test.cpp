// An index that has been damaged or belongs to another version: check says so, commands refuse with what to do, a
// server that has it open stays up, and a rebuild beside it is the way out.
#include "index/schema.hpp"
#include "tests/crash/hindered.hpp"
#include "tests/crash/scenarios.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <xapian.h>

#include <fstream>
#include <ostream>

namespace rapporteur::crash {
namespace {

namespace fs = std::filesystem;
using testing::AnyOf;
using testing::HasSubstr;

constexpr std::uint64_t k_block = 8192;  // half of one of a new generation: its beginning may stay as it was

void zero_block(const fs::path& file, std::uint64_t number) {
  std::fstream f(file, std::ios::in | std::ios::out | std::ios::binary);
  f.seekp(static_cast<std::streamoff>(number * k_block));
  f << std::string(k_block, '\0');
}
void zero_middle(const fs::path& file) {
  zero_block(file, fs::file_size(file) / k_block / 2);
}
void halve(const fs::path& file) {
  fs::resize_file(file, fs::file_size(file) / 2);
}
void set_metadata(const fs::path& generation, std::string_view key, const char* value) {
  Xapian::WritableDatabase db(generation.string());
  db.set_metadata(std::string(key), value);
  db.commit();
}
void write_text(const fs::path& file, const char* text) {
  std::ofstream(file, std::ios::trunc) << text;
}

/// What is harmed: what is served, which a server then reads as it is; or only the way to it, so that a server that has
/// the index open goes on with it.
enum class harmed { content, way };

struct damage {
  const char* name;
  void (*harm)(const fs::path& index, const fs::path& generation);
  harmed what;
};

void PrintTo(const damage& d, std::ostream* out) {
  *out << d.name;
}

const damage k_damages[] = {
    {"postings_zeroed", [](const fs::path&, const fs::path& g) { zero_middle(g / "postlist.glass"); }, harmed::content},
    {"positions_zeroed", [](const fs::path&, const fs::path& g) { zero_middle(g / "position.glass"); },
     harmed::content},
    {"records_zeroed", [](const fs::path&, const fs::path& g) { zero_middle(g / "docdata.glass"); }, harmed::content},
    {"term_lists_zeroed", [](const fs::path&, const fs::path& g) { zero_middle(g / "termlist.glass"); },
     harmed::content},
    {"postings_cut", [](const fs::path&, const fs::path& g) { halve(g / "postlist.glass"); }, harmed::content},
    {"positions_cut", [](const fs::path&, const fs::path& g) { halve(g / "position.glass"); }, harmed::content},
    {"records_cut", [](const fs::path&, const fs::path& g) { halve(g / "docdata.glass"); }, harmed::content},
    {"version_file_empty", [](const fs::path&, const fs::path& g) { write_text(g / "iamglass", ""); }, harmed::content},
    {"version_file_gone", [](const fs::path&, const fs::path& g) { fs::remove(g / "iamglass"); }, harmed::content},
    {"generation_gone", [](const fs::path&, const fs::path& g) { fs::remove_all(g); }, harmed::content},
    {"current_gone", [](const fs::path& i, const fs::path&) { fs::remove(i / "current"); }, harmed::way},
    {"current_empty", [](const fs::path& i, const fs::path&) { write_text(i / "current", ""); }, harmed::way},
    {"current_nonsense", [](const fs::path& i, const fs::path&) { write_text(i / "current", "../etc\n"); },
     harmed::way},
    {"current_of_nothing", [](const fs::path& i, const fs::path&) { write_text(i / "current", "g000099\n"); },
     harmed::way},
    {"other_format", [](const fs::path&, const fs::path& g) { set_metadata(g, index::key::format, "999"); },
     harmed::content},
    {"other_analysis", [](const fs::path&, const fs::path& g) { set_metadata(g, index::key::analysis, "x"); },
     harmed::content},
};

class damaged : public testing::TestWithParam<damage> {};

INSTANTIATE_TEST_SUITE_P(each, damaged, testing::ValuesIn(k_damages),
                         [](const auto& row) { return std::string(row.param.name); });

TEST_P(damaged, is_told_and_rebuilt) {
  const archive a;
  const test::scratch_folder folder;
  const fs::path index = folder.path() / "index";
  ASSERT_EQ(run_undisturbed(folder.path(), {"add", a.first().string()}).status, 0);
  const auto whole = read_index(index);
  const test::server_program server(index);
  ASSERT_EQ(server.get("/api/v1/search?q=district").status, 200U);

  GetParam().harm(index, index / current_generation(index));

  const auto check = run_undisturbed(folder.path(), {"check"});
  EXPECT_THAT(check.status, AnyOf(1, 3)) << check.out << check.err;
  EXPECT_THAT(check.out + check.err, HasSubstr("rebuild"));

  // What the command needs of the index may still be whole; otherwise it refuses, and says what to do.
  const auto add = run_undisturbed(folder.path(), {"add", a.changes().string()});
  EXPECT_THAT(add.status, AnyOf(0, 3)) << add.err;
  if (add.status == 3) {
    EXPECT_THAT(add.err, HasSubstr("rebuild"));
  } else if (GetParam().what == harmed::way) {
    // Then it has found what was there: no article is lost.
    const auto now = read_index(index);
    ASSERT_TRUE(now);
    for (const auto& [id, hash] : whole->articles) ASSERT_TRUE(now->articles.contains(id)) << id << " is lost";
  }

  for (const char* query : {"district", "varland", "witnesses+camp", "%22district+of+varland%22", "unique4x1"}) {
    const unsigned status = server.get(std::string("/api/v1/search?q=") + query).status;
    if (GetParam().what == harmed::way) {
      EXPECT_EQ(status, 200U) << query;
    } else {
      EXPECT_THAT(status, AnyOf(200U, 503U)) << query;
    }
  }
  EXPECT_EQ(server.get("/healthz").status, 200U);

  const auto rebuild = run_undisturbed(folder.path(), {"rebuild", a.first().string()});
  EXPECT_EQ(rebuild.status, 0) << rebuild.err;
  EXPECT_EQ(run_undisturbed(folder.path(), {"check"}).status, 0);
  EXPECT_TRUE(read_index(index) == whole);
  // The server looks for a new generation now and then, not at every request.
  for (unsigned status = 0; status != 200U;) {
    const auto answer = server.get("/api/v1/search?q=district");
    status = answer.status;
    ASSERT_THAT(status, AnyOf(200U, 503U)) << answer.body;
  }
}

}  // namespace
}  // namespace rapporteur::crash
