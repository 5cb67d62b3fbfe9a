// One configuration file as a list of what stands in it, with places. The only code that knows the TOML library.
//
// Owns reading and syntax. Knows nothing of which keys exist.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace rapporteur::config {

struct place {
  std::uint32_t line = 0;    ///< 1-based
  std::uint32_t column = 0;  ///< 1-based, in characters
};

/// A value that no key of ours can have, by its name in a sentence: "a date".
struct other_type {
  std::string_view name;
};
struct file_key;
using toml_value =
    std::variant<bool, std::int64_t, std::string, std::vector<std::string>, std::vector<file_key>, other_type>;

struct file_key {
  std::string name;
  place name_at, value_at;
  toml_value content;
};

/// A table at the top of the file; `is_table` is false for a value that stands where a section should.
struct file_section {
  std::string name;
  place at;
  bool is_table = true;
  std::vector<file_key> keys;  ///< in the order of the file
};

struct toml_file {
  std::vector<file_section> sections;
  std::string error;  ///< why it could not be read or parsed; then there are no sections
  place error_at;     ///< 0:0 if the file could not be read
};

/// Reads at most 1 MiB: a configuration is not longer.
toml_file read_toml_file(const std::filesystem::path& path);

}  // namespace rapporteur::config
