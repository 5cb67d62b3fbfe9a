// What the tests of the indexer share: a folder that goes away, and a reader's events collected.
#pragma once

#include "indexer/findings.hpp"
#include "indexer/source.hpp"
#include "tests/scratch.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::indexer {

/// A folder with short ways to name and to write what is in it.
class temporary_folder : public test::scratch_folder {
 public:
  [[nodiscard]] std::string operator/(std::string_view name) const { return (path() / name).native(); }

  /// Writes a file, making its folders; returns its path.
  std::string write(std::string_view name, std::string_view content) const {
    const std::filesystem::path p = path() / name;
    std::filesystem::create_directories(p.parent_path());
    std::ofstream(p, std::ios::binary) << content;
    return p.native();
  }
};

/// Everything that reading gave.
struct collected {
  std::vector<article> articles;
  std::vector<std::string> failures, warnings;  ///< as shown, the folder's path removed
  std::vector<std::string> failed_ids;          ///< what each failure says of the id, in their order
  std::map<std::string, std::uint64_t> left_out;
  std::uint64_t bytes = 0;
  std::uint64_t records = 0;

  read_events events(const std::string& folder) {
    read_events e;
    e.on_article = [this](article a) -> result<void> {
      articles.push_back(std::move(a));
      return {};
    };
    e.on_finding = [this, folder](finding f) {
      if (f.file.starts_with(folder + "/")) f.file.erase(0, folder.size() + 1);
      (f.level == severity::failure ? failures : warnings).push_back(f.to_string());
      if (f.level == severity::failure) failed_ids.push_back(f.id);
    };
    e.on_left_out = [this](const std::string& what, std::uint64_t count) { left_out[what] += count; };
    e.on_bytes = [this](std::uint64_t more) {
      bytes += more;
      return true;
    };
    return e;
  }

  /// The one article that was read. Fails the test if there is none, or another.
  [[nodiscard]] const article& only() const {
    static const article k_none;
    EXPECT_EQ(articles.size(), 1U) << testing::PrintToString(failures);
    return articles.empty() ? k_none : articles.front();
  }
};

/// Reads a file of that name and content, and checks what holds for every input: all records are accounted for.
inline collected read_content(std::string_view name, std::string_view content, const read_limits& limits = {},
                              const record_rules& rules = {}) {
  const temporary_folder folder;
  const std::string path = folder.write(name, content);
  collected c;
  const auto records = read_source({path, path, content.size(), 0, 0}, limits, rules, c.events(folder.path().native()));
  EXPECT_TRUE(records.has_value());
  if (records) c.records = records->records;
  EXPECT_EQ(c.records, c.articles.size() + c.failures.size()) << name;
  return c;
}

inline collected read_lines(std::string_view content, const read_limits& limits = {}) {
  return read_content("in.jsonl", content, limits);
}

/// A line of JSON Lines with which nothing is wrong.
inline article read_one(std::string_view line) {
  const collected c = read_lines(line);
  EXPECT_EQ(c.failures, std::vector<std::string>()) << line;
  return c.only();
}

}  // namespace rapporteur::indexer
