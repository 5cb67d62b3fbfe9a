// A folder for an index that goes away, and short ways to write it and to look into it.
#pragma once

#include "index/reader.hpp"
#include "index/writer.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace rapporteur::index {

class index_folder : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "rapporteur-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    scratch_ = pattern;
    folder_ = scratch_ / "index";
  }
  void TearDown() override { std::filesystem::remove_all(scratch_); }

  static article make(const std::string& id, const std::string& text, const std::string& file = {}) {
    article a;
    a.id = id;
    a.title = "A title";
    a.text = text;
    a.language = "en";
    a.origin.file = file;
    return a;
  }

  void run(std::vector<article> articles, writer::mode m = writer::mode::update) {
    auto w = writer::open(folder_, m, {});
    ASSERT_TRUE(w) << w.error().message;
    for (article& a : articles) ASSERT_TRUE(w->add(std::move(a)));
    const auto done = w->commit();
    ASSERT_TRUE(done) << done.error().message;
  }

  /// Texts by id, of all articles.
  [[nodiscard]] std::map<std::string, std::string> articles() const {
    std::map<std::string, std::string> found;
    auto r = reader::open(folder_);
    if (!r) return found;
    Xapian::Database& db = r->database();
    for (auto p = db.postlist_begin(""); p != db.postlist_end(""); ++p) {
      const auto rec = r->get_record(*p);
      EXPECT_TRUE(rec);
      if (rec) found[rec->fields.id] = r->get_text(*rec).value();
    }
    return found;
  }

  void expect_sound() const {
    const auto report = check_index(folder_);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_TRUE(report->problems.empty()) << report->problems.front();
  }

  std::filesystem::path scratch_, folder_;
};

}  // namespace rapporteur::index
