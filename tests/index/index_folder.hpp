// A folder for an index that goes away, and short ways to write it and to look into it.
#pragma once

#include "index/reader.hpp"
#include "index/writer.hpp"
#include "tests/index/make_article.hpp"
#include "tests/scratch.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace rapporteur::index {

class index_folder : public testing::Test {
 protected:
  static article make(const std::string& id, const std::string& text, const std::string& file = {}) {
    article a = test::make_article(id, "A title", text);
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

  const test::scratch_folder own_;
  const std::filesystem::path& scratch_ = own_.path();
  const std::filesystem::path folder_ = scratch_ / "index";
};

}  // namespace rapporteur::index
