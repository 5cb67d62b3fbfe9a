// Code, sample file and documentation say the same. If a test here fails after a change to the table of keys, run
// cmake --build --preset dev --target config_docs.
#include "config/document.hpp"

#include "config/keys.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace rapporteur::config {
namespace {

const std::string k_root = RAPPORTEUR_SOURCE_DIR;

std::string contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(document, the_sample_file_is_what_the_table_generates) {
  EXPECT_EQ(contents(k_root + "/config/rapporteur.toml"), sample_file());
}

TEST(document, the_documented_tables_are_what_the_table_generates) {
  const std::string document = contents(k_root + "/docs/configuration.md");
  EXPECT_EQ(document, with_tables(document));
}

TEST(document, a_document_without_marks_is_left_alone) {
  EXPECT_EQ(with_tables("no marks"), "");
  EXPECT_EQ(with_tables(std::string(k_tables_end) + std::string(k_tables_begin)), "");
}

TEST(document, the_sample_loads_and_changes_nothing) {
  const outcome loaded = load({k_root + "/config/rapporteur.toml", {}, {}});
  EXPECT_TRUE(loaded.ok()) << loaded.report();
  EXPECT_TRUE(loaded.origins.empty());
}

// The header of the sample promises that a line with # and no blank is a setting at its default.
TEST(document, every_setting_of_the_sample_uncommented_is_its_default) {
  std::istringstream in(sample_file());
  std::string text;
  for (std::string line; std::getline(in, line);) {
    const bool setting = line.size() > 1 && line[0] == '#' && line[1] != ' ';
    text += (setting ? line.substr(1) : line) + "\n";
    EXPECT_LE(line.size(), 110U) << line;
  }
  std::string name = (std::filesystem::temp_directory_path() / "rapporteur-sample-XXXXXX").string();
  const int file = mkstemp(name.data());
  ASSERT_GE(file, 0);
  ASSERT_EQ(::write(file, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  ::close(file);
  const outcome loaded = load({name, {}, {}});
  std::filesystem::remove(name);
  EXPECT_TRUE(loaded.ok()) << loaded.report();
  for (const key_row& row : all_keys()) {
    EXPECT_TRUE(loaded.origins.contains(row.full_name())) << row.full_name() << " is missing";
    EXPECT_EQ(row.get(loaded.values), row.get({})) << row.full_name();
  }
}

// Prose, unit files, compose files and scripts name keys and variables too; a renamed key must not leave one behind.
TEST(document, every_variable_that_the_project_names_exists) {
  const std::vector<std::string> files{
      "docs/configuration.md", "config/rapporteur.service", "config/rapporteur-index.service",
      "docker/Dockerfile",     "docker/compose.yaml",       "scripts/run"};
  std::vector<std::string> known{"RAPPORTEUR_SECTION_KEY", "RAPPORTEUR_FIELDS_KEY"};
  for (const key_row& row : all_keys()) known.push_back(row.variable());
  for (const std::string& name : files) {
    const std::string path = std::filesystem::path(k_root) / name;
    if (!std::filesystem::exists(path)) continue;
    const std::string text = contents(path);
    for (std::size_t at = text.find("RAPPORTEUR_"); at != std::string::npos; at = text.find("RAPPORTEUR_", at + 1)) {
      const std::size_t end = text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_", at);
      const std::string variable = text.substr(at, end - at);
      // The document's examples of what is not ours.
      if (variable == "RAPPORTEUR_" || variable == "RAPPORTEUR_SERVICE_HOST" || variable == "RAPPORTEUR_PORT") continue;
      EXPECT_THAT(known, testing::Contains(variable)) << name;
    }
  }
}

}  // namespace
}  // namespace rapporteur::config
