#include "config/toml_file.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>

namespace rapporteur::config {
namespace {

constexpr std::size_t k_max_file = 1024U * 1024U;

place begin_of(const toml::source_region& region) {
  return {static_cast<std::uint32_t>(region.begin.line), static_cast<std::uint32_t>(region.begin.column)};
}

bool before(const place& a, const place& b) {
  return std::pair(a.line, a.column) < std::pair(b.line, b.column);
}

// Tables in tables in tables say nothing to anybody here.
constexpr int k_deepest = 2;

std::vector<file_key> keys_of(const toml::table& table, int depth);

toml_value content_of(const toml::node& node, int depth) {
  switch (node.type()) {
    case toml::node_type::boolean:
      return node.as_boolean()->get();
    case toml::node_type::integer:
      return node.as_integer()->get();
    case toml::node_type::string:
      return node.as_string()->get();
    case toml::node_type::floating_point:
      return other_type{"a number with a fraction"};
    case toml::node_type::table:
      if (depth >= k_deepest) return other_type{"a table"};
      return keys_of(*node.as_table(), depth + 1);
    case toml::node_type::array: {
      std::vector<std::string> list;
      for (const toml::node& element : *node.as_array()) {
        if (!element.is_string()) return other_type{"a list in which not everything is a string"};
        list.push_back(element.as_string()->get());
      }
      return list;
    }
    default:
      return other_type{"a date or time"};
  }
}

/// In the order of the file.
std::vector<file_key> keys_of(const toml::table& table, int depth) {
  std::vector<file_key> keys;
  for (const auto& [key, content] : table) {
    keys.push_back(
        {std::string(key.str()), begin_of(key.source()), begin_of(content.source()), content_of(content, depth)});
  }
  std::ranges::sort(keys, before, &file_key::name_at);
  return keys;
}

bool read_all(const std::filesystem::path& path, std::string& text, std::string& error) {
  std::error_code ec;
  if (std::filesystem::is_directory(path, ec)) {
    error = "is a folder, not a file";
    return false;
  }
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    error = "cannot be read: " + std::generic_category().message(errno);
    return false;
  }
  text.resize(k_max_file + 1);
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) {
    error = "cannot be read: " + std::generic_category().message(errno);
    return false;
  }
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > k_max_file) {
    error = "is larger than 1 MiB; is it a configuration file?";
    return false;
  }
  return true;
}

}  // namespace

toml_file read_toml_file(const std::filesystem::path& path) {
  toml_file out;
  std::string text;
  if (!read_all(path, text, out.error)) return out;
  try {
    const toml::table root = toml::parse(std::string_view(text));
    for (const auto& [name, node] : root) {
      file_section section{std::string(name.str()), begin_of(name.source()), node.is_table(), {}};
      if (const toml::table* table = node.as_table()) section.keys = keys_of(*table, 1);
      out.sections.push_back(std::move(section));
    }
    std::ranges::sort(out.sections, before, &file_section::at);
  } catch (const toml::parse_error& e) {
    out.sections.clear();
    out.error = "is not valid TOML: " + std::string(e.description());
    out.error_at = begin_of(e.source());
  }
  return out;
}

}  // namespace rapporteur::config
