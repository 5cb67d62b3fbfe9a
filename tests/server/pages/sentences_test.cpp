// That every catalogue has a sentence for everything that the server can say by a code.
#include "server/api/openapi.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace rapporteur::pages {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::SizeIs;

std::string read(const fs::path& file) {
  std::ostringstream out;
  out << std::ifstream(file, std::ios::binary).rdbuf();
  return std::move(out).str();
}

/// The codes in the document's tables of warnings, which its own test holds to what the parser says.
std::set<std::string> warning_codes() {
  std::set<std::string> out;
  std::istringstream lines(read(fs::path(RAPPORTEUR_SOURCE_DIR) / "docs/query-language.md"));
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("|")) inside = false;
    if (line.starts_with("| Code |")) inside = true;
    if (!inside || !line.starts_with("| `")) continue;
    out.insert(line.substr(3, line.find('`', 3) - 3));
  }
  return out;
}

TEST(sentences, say_every_code_in_every_language) {
  std::set<std::string> wanted;
  for (const auto& code : warning_codes()) wanted.insert("warning_" + code);
  EXPECT_THAT(wanted, Contains("warning_near_limited"));
  EXPECT_THAT(wanted, SizeIs(25));
  for (const auto& problem : api::all_problem_codes()) wanted.insert("problem_" + std::string(problem.code));
  EXPECT_THAT(wanted, Contains("problem_target_too_long"));
  const std::set<std::string> others{"problem_parameter"};
  std::size_t catalogues = 0;
  for (const auto& file : fs::directory_iterator(fs::path(RAPPORTEUR_SOURCE_DIR) / "web/sentences")) {
    ++catalogues;
    const auto words = boost::json::parse(read(file.path())).as_object();
    for (const auto& key : wanted) {
      const auto* value = words.if_contains(key);
      ASSERT_NE(value, nullptr) << key << " is missing in " << file.path();
      ASSERT_TRUE(value->is_string()) << key;
      // The answer carries nothing that could be put into it.
      EXPECT_EQ(value->get_string().find('{'), boost::json::string::npos) << key << " in " << file.path();
    }
    for (const auto& member : words) {
      const std::string key(member.key());
      EXPECT_TRUE(wanted.contains(key) || others.contains(key)) << key << " is no code: " << file.path();
    }
  }
  EXPECT_EQ(catalogues, 8U);
}

}  // namespace
}  // namespace rapporteur::pages
