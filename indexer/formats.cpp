// Tables of extensions and of the bytes that formats begin with.
#include "indexer/formats.hpp"

#include "indexer/encoding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace rapporteur::indexer {
namespace {

constexpr std::array<std::string_view, 2> k_text = {".txt", ".text"};
constexpr std::array<std::string_view, 2> k_json_lines = {".jsonl", ".ndjson"};
constexpr std::array<std::string_view, 29> k_unsupported = {
    ".pdf",  ".html", ".htm", ".xhtml", ".mhtml", ".xml",  ".rss", ".atom",  ".warc", ".doc",
    ".docx", ".odt",  ".rtf", ".epub",  ".eml",   ".mbox", ".msg", ".pages", ".csv",  ".tsv",
    ".gz",   ".zst",  ".bz2", ".xz",    ".zip",   ".tar",  ".tgz", ".7z",    ".rar",
};
constexpr std::array<std::string_view, 9> k_temporary = {
    ".tmp", ".temp", ".swp", ".swo", ".bak", ".part", ".partial", ".crdownload", ".download",
};

struct signature {
  std::string_view bytes;
  std::string_view means;
};
constexpr std::array<signature, 11> k_signatures = {{
    {"%PDF-", "a PDF document"},
    {"PK\x03\x04", "a ZIP archive or an office document"},
    {"\x1F\x8B", "compressed with gzip"},
    {"\x28\xB5\x2F\xFD", "compressed with zstd"},
    {"BZh", "compressed with bzip2"},
    {"\xFD"
     "7zXZ",
     "compressed with xz"},
    {"7z\xBC\xAF", "a 7-Zip archive"},
    {"\xD0\xCF\x11\xE0", "an office document"},
    {"\x89PNG", "a picture"},
    {"\xFF\xD8\xFF", "a picture"},
    {"\x7F"
     "ELF",
     "a program"},
}};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

/// True for the beginning of JSON Lines: an object that does not stop at the end of its line.
bool begins_json_lines(std::string_view s) {
  if (!s.starts_with('{')) return false;
  std::string_view line = s.substr(0, s.find('\n'));
  if (line.size() == s.size()) return true;  // the line goes on beyond what is seen, or is the only one
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
  return line.ends_with('}');
}

}  // namespace

std::string extension_of(std::string_view file_name) {
  const std::size_t dot = file_name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return {};
  std::string extension(file_name.substr(dot));
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return extension;
}

name_kind kind_of_name(std::string_view file_name) {
  const std::string extension = extension_of(file_name);
  if (contains(k_text, extension)) return name_kind::text;
  if (contains(k_json_lines, extension)) return name_kind::json_lines;
  if (extension.empty() || extension == ".json") return name_kind::unsaid;
  if (contains(k_unsupported, extension)) return name_kind::unsupported;
  return name_kind::other;
}

bool is_hidden_name(std::string_view file_name) {
  return file_name.starts_with('.');
}

bool is_temporary_name(std::string_view file_name) {
  return file_name.ends_with('~') || file_name.starts_with("~$") ||
         (file_name.size() > 1 && file_name.front() == '#' && file_name.back() == '#') ||
         contains(k_temporary, extension_of(file_name));
}

boost::system::result<format, remark> pick_format(std::string_view file_name, std::string_view first_bytes) {
  if (first_bytes.empty()) return remark{errc::malformed, "the file is empty", ""};
  for (const signature& s : k_signatures) {
    if (first_bytes.starts_with(s.bytes)) {
      return remark{errc::malformed, "no reader for this kind of file", std::string(s.means)};
    }
  }
  std::string converted;
  if (const auto wide = wide_form_of(first_bytes)) {
    if (const auto icu = converter::open(wide->name)) {
      converted = icu->convert(first_bytes.substr(wide->mark)).text;
      first_bytes = converted;
    }
  }
  std::string_view content = first_bytes;
  if (content.starts_with("\xEF\xBB\xBF")) content.remove_prefix(3);
  content.remove_prefix(std::min(content.find_first_not_of(" \t\r\n"), content.size()));
  const bool zero = first_bytes.find('\0') != std::string_view::npos;

  switch (kind_of_name(file_name)) {
    case name_kind::text:
      // Prose does not begin like this; JSON Lines saved under the wrong name do.
      if (begins_json_lines(content) &&
          (content.find("\"text\"") != std::string_view::npos || content.find("\"title\"") != std::string_view::npos)) {
        return format::json_lines;
      }
      return format::text;
    case name_kind::json_lines:
      if (zero && !content.starts_with('{'))
        return remark{errc::malformed, "not a text file", "there are zero bytes in it"};
      return format::json_lines;
    case name_kind::unsupported:
      return remark{errc::malformed, "no reader for this kind of file", extension_of(file_name)};
    case name_kind::unsaid:
    case name_kind::other:
      break;
  }
  if (begins_json_lines(content)) return format::json_lines;
  if (extension_of(file_name) == ".json" || content.starts_with('{')) {
    return remark{errc::malformed, "JSON, but not JSON Lines", "every article must be an object on a line of its own"};
  }
  return format::text;
}

}  // namespace rapporteur::indexer
