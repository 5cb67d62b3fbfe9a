// Writer and reader together, on a real index on disk: what a run changes, when it shows, and what stays when it fails.
#include "index/writer.hpp"

#include "index/generation.hpp"
#include "index/reader.hpp"
#include "index/schema.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

namespace rapporteur::index {
namespace {

namespace fs = std::filesystem;

class index_on_disk : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "rapporteur-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  static article make(const std::string& id, const std::string& text, const std::string& title = "A title") {
    article a;
    a.id = id;
    a.title = title;
    a.text = text;
    a.language = "en";
    return a;
  }

  // Adds articles in one run; what became of them, by outcome.
  std::map<write_outcome, int> run(std::vector<article> articles, writer::mode m = writer::mode::update,
                                   writer_settings s = {}) {
    std::map<write_outcome, int> outcomes;
    auto w = writer::open(folder_, m, s);
    EXPECT_TRUE(w) << w.error().message;
    if (!w) return outcomes;
    w->on_outcome([&](const written_article& o) { ++outcomes[o.what]; });
    for (article& a : articles) EXPECT_TRUE(w->add(std::move(a)));
    const auto done = w->commit();
    EXPECT_TRUE(done) << done.error().message;
    return outcomes;
  }

  std::uint64_t frequency(reader& r, const std::string& term) { return r.database().get_termfreq(term); }

  fs::path folder_;
};

TEST_F(index_on_disk, stores_an_article_whole) {
  article a = make("a1", "The U.N. said that defectors fled.\n\nThey spoke of ill-treatment.", "Camps of Varland");
  a.published = partial_date{2019, 6, 13, date_precision::day};
  a.source = "The Sample Courier";
  a.tags = {{"country", {"Varland"}}};
  run({a});
  auto r = reader::open(folder_);
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->info().articles, 1U);
  EXPECT_EQ(r->info().revision, 1U);
  EXPECT_EQ(r->languages(), std::vector<std::string>{"en"});
  const auto id = r->find("a1");
  ASSERT_NE(id, 0U);
  const auto rec = r->get_record(id);
  ASSERT_TRUE(rec);
  EXPECT_EQ(rec->fields.title, "Camps of Varland");
  EXPECT_EQ(rec->fields.published, a.published);
  EXPECT_EQ(r->get_text(*rec).value(), a.text);
  for (const char* term :
       {"un", "XACR:UN", "defectors", "Zen:defector", "illtreatment", "treatment", "Scamps", "ZSen:camp", "Len",
        "XSOURCE:the sample courier", "XTAG:country=varland", "D20190613", "M201906", "Y2019", "Qa1"}) {
    EXPECT_EQ(frequency(*r, term), 1U) << term;
  }
  EXPECT_EQ(frequency(*r, "Sun"), 0U);
  EXPECT_EQ(r->find("a2"), 0U);
}

TEST_F(index_on_disk, replaces_skips_and_removes) {
  EXPECT_EQ(run({make("a", "alpha"), make("b", "beta")}), (std::map<write_outcome, int>{{write_outcome::added, 2}}));
  EXPECT_EQ(run({make("a", "alpha"), make("b", "gamma"), make("c", "delta")}),
            (std::map<write_outcome, int>{
                {write_outcome::added, 1}, {write_outcome::replaced, 1}, {write_outcome::unchanged, 1}}));
  auto r = reader::open(folder_);
  ASSERT_TRUE(r);
  EXPECT_EQ(r->info().articles, 3U);
  EXPECT_EQ(r->info().revision, 2U);
  EXPECT_EQ(frequency(*r, "beta"), 0U);
  EXPECT_EQ(frequency(*r, "gamma"), 1U);

  auto w = writer::open(folder_, writer::mode::update, {});
  ASSERT_TRUE(w);
  EXPECT_TRUE(w->remove("b").value());
  EXPECT_FALSE(w->remove("b").value());
  EXPECT_FALSE(w->remove("nobody").value());
  ASSERT_TRUE(w->commit());
  EXPECT_TRUE(r->refresh().value());
  EXPECT_EQ(r->info().articles, 2U);
  EXPECT_EQ(frequency(*r, "gamma"), 0U);
  EXPECT_TRUE(check_index(folder_)->problems.empty());
}

TEST_F(index_on_disk, unchanged_run_is_no_revision) {
  run({make("a", "alpha")});
  run({make("a", "alpha")});
  EXPECT_EQ(reader::open(folder_)->info().revision, 1U);
}

TEST_F(index_on_disk, same_id_twice_in_one_run_leaves_the_later) {
  for (int round = 0; round < 2; ++round) {
    const std::string suffix = std::to_string(round);
    run({make("a", "first" + suffix), make("a", "second" + suffix)});
    auto r = reader::open(folder_);
    EXPECT_EQ(r->info().articles, 1U);
    EXPECT_EQ(frequency(*r, "first" + suffix), 0U);
    EXPECT_EQ(frequency(*r, "second" + suffix), 1U);
    EXPECT_TRUE(check_index(folder_)->problems.empty());
  }
}

TEST_F(index_on_disk, nothing_shows_before_commit_and_nothing_stays_without) {
  run({make("a", "alpha")});
  auto r = reader::open(folder_);
  {
    auto w = writer::open(folder_, writer::mode::update, {});
    ASSERT_TRUE(w);
    for (int i = 0; i < 600; ++i)  // more than Xapian holds in memory: postings are written out during the run
      ASSERT_TRUE(w->add(make("n" + std::to_string(i), "beta")));
    ASSERT_FALSE(w->remove("missing").value());  // waits for all before it
    r->refresh();
    EXPECT_EQ(r->info().articles, 1U);
    EXPECT_EQ(reader::open(folder_)->info().articles, 1U);
  }
  EXPECT_EQ(reader::open(folder_)->info().articles, 1U);
  EXPECT_EQ(run({make("a", "alpha")}), (std::map<write_outcome, int>{{write_outcome::unchanged, 1}}));
}

TEST_F(index_on_disk, rebuild_swaps_beside_a_reader) {
  run({make("a", "alpha"), make("b", "beta")});
  auto r = reader::open(folder_);
  const std::string before = r->info().generation;
  run({make("c", "gamma")}, writer::mode::rebuild);
  EXPECT_EQ(frequency(*r, "alpha"), 1U);  // still the old generation, still readable
  EXPECT_TRUE(r->get_record(r->find("a")));
  EXPECT_TRUE(r->refresh().value());
  EXPECT_NE(r->info().generation, before);
  EXPECT_EQ(r->info().revision, 2U);
  EXPECT_EQ(r->info().articles, 1U);
  EXPECT_EQ(frequency(*r, "alpha"), 0U);
  EXPECT_FALSE(r->refresh().value());
}

TEST_F(index_on_disk, abandoned_rebuild_leaves_the_served_index) {
  run({make("a", "alpha")});
  {
    auto w = writer::open(folder_, writer::mode::rebuild, {});
    ASSERT_TRUE(w->add(make("b", "beta")));
  }
  EXPECT_EQ(reader::open(folder_)->info().articles, 1U);
  int generations = 0;
  for (const auto& e : fs::directory_iterator(folder_)) generations += e.is_directory() ? 1 : 0;
  EXPECT_EQ(generations, 1);
}

TEST_F(index_on_disk, several_shards_merge_into_one) {
  writer_settings s;
  s.threads = 3;
  s.sample_articles = 700;
  std::vector<article> articles;
  articles.reserve(2000);
  for (int i = 0; i < 2000; ++i) {
    articles.push_back(make("id" + std::to_string(i), "common word" + std::to_string(i) + " and " +
                                                          std::to_string(i % 7) + " camps in the district of Varland"));
  }
  EXPECT_EQ(run(std::move(articles), writer::mode::update, s),
            (std::map<write_outcome, int>{{write_outcome::added, 2000}}));
  auto r = reader::open(folder_);
  EXPECT_EQ(r->info().articles, 2000U);
  EXPECT_EQ(frequency(*r, "common"), 2000U);
  for (int i = 0; i < 2000; i += 97) {
    const auto rec = r->get_record(r->find("id" + std::to_string(i)));
    ASSERT_TRUE(rec);
    EXPECT_NE(r->get_text(*rec).value().find("word" + std::to_string(i) + " "), std::string::npos);
  }
  const auto report = check_index(folder_);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->problems.empty()) << report->problems.front();
}

TEST_F(index_on_disk, one_writer_at_a_time) {
  auto first = writer::open(folder_, writer::mode::update, {});
  ASSERT_TRUE(first);
  const auto second = writer::open(folder_, writer::mode::update, {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, errc::index_locked);
}

TEST_F(index_on_disk, refuses_what_it_cannot_store) {
  auto w = writer::open(folder_, writer::mode::update, {});
  ASSERT_TRUE(w);
  EXPECT_EQ(w->add(make("", "text")).error().code, errc::invalid_argument);
  EXPECT_EQ(w->add(make(std::string(300, 'x'), "text")).error().code, errc::invalid_argument);
  EXPECT_EQ(w->add(make("a", "bad \xFF byte")).error().code, errc::encoding);
}

TEST_F(index_on_disk, tells_what_is_wrong_with_an_index) {
  EXPECT_EQ(reader::open(folder_).error().code, errc::index_missing);
  run({make("a", "alpha")});
  const std::string generation = reader::open(folder_)->info().generation;
  {
    Xapian::WritableDatabase db((folder_ / generation).string());
    db.set_metadata(std::string(key::analysis), "other rules");
    db.commit();
  }
  EXPECT_EQ(reader::open(folder_).error().code, errc::index_mismatch);
  EXPECT_EQ(writer::open(folder_, writer::mode::update, {}).error().code, errc::index_mismatch);
  std::ofstream(folder_ / "current") << "../../etc/passwd\n";
  EXPECT_EQ(reader::open(folder_).error().code, errc::index_damaged);
  run({make("a", "alpha")}, writer::mode::rebuild);  // the way out
  EXPECT_EQ(reader::open(folder_)->info().articles, 1U);
}

TEST_F(index_on_disk, empty_run_makes_an_empty_index) {
  run({});
  auto r = reader::open(folder_);
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->info().articles, 0U);
}

TEST_F(index_on_disk, check_finds_a_lost_text) {
  run({make("a", "alpha"), make("b", "beta")});
  auto r = reader::open(folder_);
  const auto rec = r->get_record(r->find("a"));
  {
    Xapian::WritableDatabase db((folder_ / r->info().generation).string());
    db.set_metadata(text_key(rec->text_number), "");
    db.commit();
  }
  const auto report = check_index(folder_);
  ASSERT_TRUE(report);
  ASSERT_EQ(report->problems.size(), 1U);
  EXPECT_NE(report->problems[0].find("“a”"), std::string::npos) << report->problems[0];
}

TEST_F(index_on_disk, decomposed_and_composed_outlets_are_one) {
  article a = make("a", "alpha");
  a.source = "El País";
  article b = make("b", "beta");
  b.source = "El Pai\xCC\x81s";
  run({a, b});
  using counted = std::vector<std::pair<std::string, std::uint64_t>>;
  EXPECT_EQ(collect_stats(folder_)->sources, (counted{{"El País", 2}}));
}

TEST_F(index_on_disk, stats_count_by_field) {
  article a = make("a", "alpha");
  a.source = "One";
  a.published = partial_date{2019, 0, 0, date_precision::year};
  article b = make("b", "beta");
  b.source = "Two";
  article c = make("c", "gamma");
  c.source = "Two";
  c.language = "fr";
  run({a, b, c});
  const auto stats = collect_stats(folder_);
  ASSERT_TRUE(stats);
  using counted = std::vector<std::pair<std::string, std::uint64_t>>;
  EXPECT_EQ(stats->sources, (counted{{"Two", 2}, {"One", 1}}));
  EXPECT_EQ(stats->languages, (counted{{"en", 2}, {"fr", 1}}));
  EXPECT_EQ(stats->years, (counted{{"2019", 1}}));
  EXPECT_EQ(stats->undated, 2U);
}

}  // namespace
}  // namespace rapporteur::index
