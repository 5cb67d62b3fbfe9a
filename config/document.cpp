#include "config/document.hpp"

#include "config/fields.hpp"
#include "config/keys.hpp"
#include "config/value.hpp"

#include <fmt/format.h>

namespace rapporteur::config {
namespace {

constexpr std::size_t k_width = 100;

// Wraps at blanks, so that no line with its prefix is longer than k_width unless a single word is.
std::string wrapped(std::string_view text, std::string_view prefix) {
  std::string out;
  std::string line;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    if (!line.empty() && prefix.size() + line.size() + 1 + word.size() > k_width) {
      out += fmt::format("{}{}\n", prefix, line);
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line += word;
    begin = end + 1;
  }
  return out + fmt::format("{}{}\n", prefix, line);
}

// "Default 8080; allowed: 0 to 65535."
std::string bounds(const key_row& row) {
  std::string unit;
  if (row.type == kind::count && !row.unit.empty()) unit = fmt::format(" {}", row.unit);
  return fmt::format("Default: {}{}; allowed: {}.", to_text(row, row.get({})), unit, allowed(row));
}

std::string explained(const key_row& row) {
  return wrapped(row.doc, "# ") + wrapped(bounds(row), "# ");
}

std::string_view name_of(origin from) {
  switch (from) {
    case origin::defaults:
      return "default";
    case origin::file:
      return "file";
    case origin::environment:
      return "environment";
    case origin::flag:
      return "flag";
  }
  return {};
}

// A comment ends with its line, and TOML allows no control characters in one.
std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x20 || byte == 0x7f ? '?' : c;
  }
  return is_utf8(out) ? out : std::string("(a name that is not UTF-8)");
}

std::string set_by(const outcome& loaded, const std::string& full_name) {
  std::string from(name_of(origin::defaults));
  if (const auto at = loaded.origins.find(full_name); at != loaded.origins.end()) {
    from = fmt::format("{} {}", name_of(at->second.first), one_line(at->second.second));
  }
  return fmt::format("# Set by: {}\n", from);
}

// The section whose keys are free.
std::string fields_explained() {
  std::string out;
  for (const std::string_view paragraph : fields_doc()) {
    out += out.empty() ? "\n" : "#\n";
    out += wrapped(paragraph, "# ");
  }
  out += "# For example:\n";
  for (const std::string_view example : fields_examples()) out += fmt::format("#   {}\n", example);
  return out;
}

std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

std::string sample_file() {
  std::string out =
      "# The settings of Rapporteur, read by rapporteur-index and rapporteur-server.\n"
      "#\n"
      "# Every key is here at its default, commented out: a line that begins with # and no blank is a setting;\n"
      "# take the # away to change it. Sizes and durations are written with a unit (\"64 KiB\", \"10 s\").\n"
      "# An environment variable RAPPORTEUR_SECTION_KEY (RAPPORTEUR_SERVER_PORT) goes before this file, and a\n"
      "# flag of the program before both. Check with --check-config, see what counts with --print-config.\n";
  for (const section_row& section : all_sections()) {
    out += fmt::format("\n\n{}[{}]\n", wrapped(section.doc, "# "), section.name);
    if (section.name == k_fields_section) out += fields_explained();
    for (const key_row& row : all_keys()) {
      if (row.section != section.name) continue;
      out += fmt::format("\n{}#{} = {}\n", explained(row), row.name, to_toml(row, row.get({})));
    }
  }
  return out;
}

std::string print_config(const outcome& loaded) {
  std::string out = loaded.file ? fmt::format("# Read from {}.\n", one_line(loaded.file->string()))
                                : std::string("# No configuration file was read.\n");
  for (const section_row& section : all_sections()) {
    out += fmt::format("\n{}[{}]\n", wrapped(section.doc, "# "), section.name);
    if (section.name == k_fields_section) {
      out += fields_explained();
      for (const field_mapping& m : loaded.values.fields) {
        out += fmt::format("\n{}{}\n", set_by(loaded, fmt::format("{}.{}", k_fields_section, m.key)), to_toml(m));
      }
    }
    for (const key_row& row : all_keys()) {
      if (row.section != section.name) continue;
      const value effective = row.get(loaded.values);
      const bool hidden = row.type == kind::secret && effective != value(std::string());
      out += fmt::format("\n{}{}{}{} = {}\n", explained(row), set_by(loaded, row.full_name()), hidden ? "# " : "",
                         row.name, hidden ? to_text(row, effective) : to_toml(row, effective));
    }
  }
  return out;
}

std::string markdown_tables() {
  std::string out;
  for (const section_row& section : all_sections()) {
    if (section.name == k_fields_section) {
      out += fmt::format("\n### `[{}]`\n\n{}\n", section.name, section.doc);
      for (const std::string_view paragraph : fields_doc()) out += fmt::format("\n{}\n", paragraph);
      out += "\n```toml\n[fields]\n";
      for (const std::string_view example : fields_examples()) out += fmt::format("{}\n", example);
      out += "```\n";
      continue;
    }
    out += fmt::format("\n### `[{}]`\n\n{}\n\n| key | default | allowed | what it does, and why |\n|---|---|---|---|\n",
                       section.name, section.doc);
    for (const key_row& row : all_keys()) {
      if (row.section != section.name) continue;
      const std::string unit = row.type == kind::count && !row.unit.empty() ? fmt::format(" {}", row.unit) : "";
      out += fmt::format("| `{}` | {}{} | {} | {} |\n", row.name, cell(to_text(row, row.get({}))), unit,
                         cell(allowed(row)), cell(row.doc));
    }
  }
  return out + "\n";
}

std::string with_tables(std::string_view document) {
  const std::size_t begin = document.find(k_tables_begin);
  const std::size_t end = document.find(k_tables_end);
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) return {};
  return fmt::format("{}{}{}", document.substr(0, begin + k_tables_begin.size()), markdown_tables(),
                     document.substr(end));
}

}  // namespace rapporteur::config
