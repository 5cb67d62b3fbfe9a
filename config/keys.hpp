// The one table of keys. Everything that is said anywhere about a key is said in its row here.
//
// Owns names, kinds, units, bounds and explanations. Knows no file format: config/value.hpp turns text into values,
// config/load.cpp decides which text counts.
#pragma once

#include "config/settings.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace rapporteur::config {

enum class kind : std::uint8_t {
  boolean,        ///< true or false
  count,          ///< a whole number
  size,           ///< bytes: 4096, or "64 KiB"
  duration,       ///< milliseconds inside, always written with a unit: "10 s"
  choice,         ///< one of a row's words
  path,           ///< a file or folder; not empty
  optional_path,  ///< the same, or empty for none
  address,        ///< an IPv4 or IPv6 address
  origins,        ///< a list of web origins
  networks,       ///< a list of addresses, and of networks in CIDR notation
  base_path,      ///< what stands before paths, such as /search, or empty for nothing
  web_address,    ///< scheme://host[:port][/path], or empty for none
  secret,         ///< a password-like text, or empty for none; never printed, never quoted in a message
};

/// A setting's value, whatever its kind: boolean; count, size (bytes) and duration (milliseconds); choice, path and
/// address, base_path, web_address and secret; origins and networks.
using value = std::variant<bool, std::int64_t, std::string, std::vector<std::string>>;

/// Whether values of a kind are lists.
constexpr bool is_list(kind k) noexcept {
  return k == kind::origins || k == kind::networks;
}

struct section_row {
  std::string_view name;
  std::string_view doc;  ///< one line
};

struct key_row {
  std::string_view section;
  std::string_view name;
  kind type;
  std::string_view unit;  ///< for people: "articles", "bytes"; empty where there is none
  std::int64_t min = 0;   ///< in the units of `value`; for count, size and duration
  std::int64_t max = 0;
  std::span<const std::string_view> words;  ///< for choice
  std::string_view doc;                     ///< what it is, and why the default is what it is
  value (*get)(const settings&) = nullptr;
  void (*set)(settings&, const value&) = nullptr;  ///< the value has been checked against this row

  [[nodiscard]] std::string full_name() const;  ///< "server.port"
  [[nodiscard]] std::string variable() const;   ///< "RAPPORTEUR_SERVER_PORT"
};

/// A key that must not be above another of its section.
struct order_row {
  std::string_view section, lower, upper;
};

std::span<const section_row> all_sections();
std::span<const key_row> all_keys();  ///< grouped by section, in the order of all_sections()
std::span<const order_row> all_orders();

/// Null if there is none.
const key_row* find_key(std::string_view section, std::string_view name);
const section_row* find_section(std::string_view name);

}  // namespace rapporteur::config
