// Reads the settings: defaults, under the configuration file, under the environment, under flags, and says all that is
// wrong with them at once.
//
// Owns precedence and checking. Knows no command line library (a main hands in the flags that it was given) and
// starts nothing.
#pragma once

#include "config/settings.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::config {

/// Read when no file is named, if it exists.
inline constexpr std::string_view k_default_file = "/etc/rapporteur/rapporteur.toml";

/// Where the effective value of a key came from.
enum class origin : std::uint8_t { defaults, file, environment, flag };

/// One thing that is wrong with the configuration.
struct problem {
  origin from = origin::file;
  std::string where;         ///< the file's path, the variable's name or the flag, as its writer spelt it
  std::uint32_t line = 0;    ///< 1-based, in a file; 0 elsewhere, and for a file that cannot be read
  std::uint32_t column = 0;  ///< 1-based, in characters
  std::string key;           ///< "server.port"; empty when it is about the file as a whole
  std::string message;       ///< what is wrong and what is allowed

  /// One line: "rapporteur.toml:12:8: server.port: 99999 is out of range; allowed: 0 to 65535".
  [[nodiscard]] std::string to_string() const;
  bool operator==(const problem&) const = default;
};

/// A value given on the command line.
struct flag {
  std::string key;    ///< "server.port"
  std::string value;  ///< as typed
  std::string name;   ///< for messages: "--port"
};

/// A set environment variable that may be one of ours.
using environment = std::vector<std::pair<std::string, std::string>>;

/// The variables of this process whose name begins with RAPPORTEUR_. Call before threads that might set variables.
environment process_environment();

struct options {
  std::optional<std::filesystem::path> file;  ///< --config; absent: k_default_file if that exists
  environment variables;                      ///< usually process_environment()
  std::vector<flag> flags;                    ///< a later one of the same key wins
};

/// What load() found. `values` is usable only if there is no problem.
struct outcome {
  settings values;
  std::optional<std::filesystem::path> file;                                   ///< the file that was read, if any
  std::map<std::string, std::pair<origin, std::string>, std::less<>> origins;  ///< key → from where; absent: default
  std::vector<problem> problems;  ///< file, then environment, then flags, each in its own order

  [[nodiscard]] bool ok() const noexcept { return problems.empty(); }
  /// All problems, one a line, each ended by a newline.
  [[nodiscard]] std::string report() const;
};

/// Never throws for a bad configuration: everything wrong is in outcome::problems.
outcome load(const options& given);

/// What --print-config prints: a valid configuration file with every key, its explanation, its effective value and
/// where that came from. Loading it again gives the same values, but for secrets: they are not printed.
std::string print_config(const outcome& loaded);

}  // namespace rapporteur::config
