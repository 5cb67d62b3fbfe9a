// That every catalogue has a sentence for everything that the server can say by a code, with what is told beside it.
#include "server/api/openapi.hpp"
#include "server/pages/catalogue.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

namespace rapporteur::pages {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::Key;
using testing::SizeIs;

std::string read(const fs::path& file) {
  std::ostringstream out;
  out << std::ifstream(file, std::ios::binary).rdbuf();
  return std::move(out).str();
}

/// The codes in the document's tables of warnings with the names of their values. The document's own test holds both to
/// what the parser says.
std::map<std::string, std::set<std::string>> warnings() {
  std::map<std::string, std::set<std::string>> out;
  std::istringstream lines(read(fs::path(RAPPORTEUR_SOURCE_DIR) / "docs/query-language.md"));
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("|")) inside = false;
    if (line.starts_with("| Code |")) inside = true;
    if (!inside || !line.starts_with("| `")) continue;
    auto& values = out[line.substr(3, line.find('`', 3) - 3)];
    for (auto at = line.rfind('|', line.rfind('|') - 1); (at = line.find('`', at)) != std::string::npos;) {
      const auto end = line.find('`', at + 1);
      values.insert(line.substr(at + 1, end - at - 1));
      at = end + 1;
    }
  }
  return out;
}

std::set<std::string> places_in(std::string_view sentence) {
  std::set<std::string> out;
  for (const auto& p : split_sentence(sentence)) {
    if (!p.place.empty()) out.insert(p.place);
  }
  return out;
}

/// The places of a sentence; of one with plural forms, those of the form for most numbers.
std::set<std::string> places_of(const boost::json::value& v) {
  return places_in(v.is_string() ? v.get_string() : v.at("other").as_string());
}

TEST(sentences, say_every_code_in_every_language) {
  std::map<std::string, std::set<std::string>> wanted;
  for (const auto& [code, values] : warnings()) wanted["warning_" + code] = values;
  EXPECT_THAT(wanted, Contains(Key("warning_near_limited")));
  EXPECT_THAT(wanted, SizeIs(25));
  for (const auto& problem : api::all_problem_codes()) wanted["problem_" + std::string(problem.code)];
  EXPECT_THAT(wanted, Contains(Key("problem_target_too_long")));
  // What server/pages/problem_page and web/trouble.js choose by the values of a problem.
  wanted["problem_parameter"] = {"parameter"};
  wanted["problem_range"] = {"parameter", "lowest", "highest"};
  wanted["problem_choice"] = {"parameter", "choices"};
  wanted["problem_size"] = {"parameter", "n", "most"};
  std::size_t catalogues = 0;
  for (const auto& file : fs::directory_iterator(fs::path(RAPPORTEUR_SOURCE_DIR) / "web/sentences")) {
    ++catalogues;
    const auto words = boost::json::parse(read(file.path())).as_object();
    for (const auto& [key, values] : wanted) {
      const auto* value = words.if_contains(key);
      ASSERT_NE(value, nullptr) << key << " is missing in " << file.path();
      EXPECT_EQ(places_of(*value), values) << key << " in " << file.path();
    }
    for (const auto& member : words) {
      const std::string key(member.key());
      if (key.starts_with("plain_")) continue;  // said by plain pages alone
      EXPECT_TRUE(wanted.contains(key)) << key << " is no code: " << file.path();
    }
  }
  EXPECT_EQ(catalogues, 8U);
}

}  // namespace
}  // namespace rapporteur::pages
