// A new generation holds the same whatever memory its lists may take: in one segment, in many, and where articles of
// one id are in the same segment, in two, or in the one that is open.
#include "index/schema.hpp"
#include "tests/index/index_folder.hpp"

#include <fmt/format.h>

#include <limits>
#include <optional>
#include <random>

namespace rapporteur::index {
namespace {

struct fresh_row {
  const char* name;
  std::size_t memory;  // of lists, bytes
  unsigned threads;
  unsigned articles;
};
void PrintTo(const fresh_row& r, std::ostream* out) {
  *out << r.name;
}

class fresh_database_rows : public index_folder, public testing::WithParamInterface<fresh_row> {
 protected:
  writer open() const {
    writer_settings s;
    s.memory = GetParam().memory;
    s.threads = GetParam().threads;
    s.sample_articles = 400;  // of which a shard is made for every 200
    auto w = writer::open(folder_, writer::mode::update, s);
    if (!w) throw std::runtime_error(w.error().message);
    return std::move(*w);
  }
  // The files that each article says it is in.
  [[nodiscard]] std::map<std::string, std::set<std::string>> files() const {
    std::map<std::string, std::set<std::string>> found;
    auto r = reader::open(folder_);
    if (!r) return found;
    auto& db = r->database();
    for (auto p = db.postlist_begin(""); p != db.postlist_end(""); ++p) {
      auto& of = found[r->get_record(*p)->fields.id];
      for (auto t = db.termlist_begin(*p); t != db.termlist_end(*p); ++t) {
        if ((*t).starts_with(prefix::path)) of.insert(*t);
      }
    }
    return found;
  }
};

INSTANTIATE_TEST_SUITE_P(each, fresh_database_rows,
                         testing::Values(fresh_row{"an_article_a_segment", 1, 1, 150},
                                         fresh_row{"some_segments", 1500000, 1, 1500},
                                         fresh_row{"two_threads", 3000000, 2, 1500},
                                         fresh_row{"one_segment", std::numeric_limits<std::size_t>::max(), 1, 1500}),
                         [](const auto& r) { return std::string(r.param.name); });

TEST_P(fresh_database_rows, what_comes_last_is_what_counts) {
  std::mt19937 random(7);
  std::map<std::string, std::string> texts;
  std::map<std::string, std::set<std::string>> in;
  std::string words;
  for (int n = 0; n < 80; ++n) words += fmt::format(" w{}", n * n);
  const unsigned ids = GetParam().articles / 4;
  std::optional<writer> opened = open();
  writer& w = *opened;
  for (unsigned n = 0; n < GetParam().articles; ++n) {
    const std::string id = fmt::format("a{}", random() % ids);
    const std::string text = fmt::format("text {} of{} {}", random() % 3, words, id);
    const std::string file = fmt::format("f{}.jsonl", random() % 3);
    ASSERT_TRUE(w.add(make(id, text, file)));
    texts[id] = text;
    in[id].insert(path_term(file));
    if (random() % 20 == 0) {
      const std::string gone = fmt::format("a{}", random() % ids);
      const auto removed = w.remove(gone);
      ASSERT_TRUE(removed) << removed.error().message;
      EXPECT_EQ(*removed, texts.erase(gone) == 1) << gone;
      in.erase(gone);
    }
  }
  for (int n = 0; n < 3; ++n) {
    known_file f;
    f.path = fmt::format("f{}.jsonl", n);
    ASSERT_TRUE(w.end_file(f, false));
  }
  const auto done = w.commit();
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(articles(), texts);
  EXPECT_EQ(files(), in);
  expect_sound();
  opened.reset();
  std::set<std::string> noted;
  ASSERT_TRUE(open().for_each_file([&](const known_file& f) { noted.insert(f.path); }));
  EXPECT_EQ(noted, (std::set<std::string>{"f0.jsonl", "f1.jsonl", "f2.jsonl"}));
}

}  // namespace
}  // namespace rapporteur::index
