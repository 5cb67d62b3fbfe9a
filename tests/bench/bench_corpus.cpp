#include "tests/bench/bench_corpus.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_set>

namespace rapporteur::bench {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

// Positions of title and text are kept apart by a gap, so that no phrase spans both. Terms longer than Xapian allows
// end in a hash. A record's date has eight digits.
constexpr std::string_view k_fields =
    "title : field index=S index\n"
    "text : gap field index\n"
    "source : field value=2 lower hash boolean=XS\n"
    "lang : field value=3 boolean=L\n"
    "date : field value=0 date=yyyymmdd\n"
    "year : field value=5 boolean=Y\n"
    "url : field\n"
    "collection : field value=4 lower hash boolean=XC\n"
    "author : field index=A\n"
    "tag : field lower hash boolean=XTAG\n";

std::string text_of(const json::value& v) {
  if (const auto* s = v.if_string()) return std::string(std::string_view(*s));
  if (v.is_array() || v.is_object() || v.is_null()) return {};
  return json::serialize(v);
}

void put(std::string& record, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  record.append(name).append("=");
  for (const char c : value) {
    if (c == '\r') continue;
    record += c;
    if (c == '\n') record += '=';
  }
  record += '\n';
}

// Values of a key that is no field are filters, as they are for Rapporteur.
void put_tags(std::string& record, std::string_view name, const json::value& v) {
  if (const auto* all = v.if_array()) {
    for (const json::value& one : *all) put_tags(record, name, one);
    return;
  }
  const std::string value = text_of(v);
  if (!value.empty()) put(record, "tag", fmt::format("{}={}", name, value));
}

std::string record_of(const json::object& o) {
  std::string record;
  std::string title;
  std::string text;
  for (const auto& [key, value] : o) {
    const std::string_view name(key.data(), key.size());
    const std::string plain = text_of(value);
    if (name == "id" || name == "source" || name == "lang" || name == "url" || name == "collection" ||
        name == "author") {
      put(record, name, plain);
    } else if (name == "title") {
      title = plain;
    } else if (name == "text") {
      text = plain;
    } else if (name == "date") {
      std::string digits = plain.substr(0, 10);
      std::erase(digits, '-');
      if (digits.size() == 8) put(record, "date", digits);
      if (plain.size() >= 4) put(record, "year", plain.substr(0, 4));
    } else if (name == "year") {
      if (!o.contains("date")) put(record, "year", plain);
    } else {
      put_tags(record, name, value);
    }
  }
  if (title.empty() && text.empty()) return {};
  put(record, "title", title);
  put(record, "text", text);
  record += '\n';
  return record;
}

// Whether a line before had the same id: the later would replace the earlier, and an indexer that is told not to look
// for ids would keep both.
bool is_known(const std::string& line, std::unordered_set<std::string>& ids) {
  boost::system::error_code failure;
  const json::value v = json::parse(line, failure);
  if (failure || !v.is_object() || !v.get_object().contains("id")) return false;
  return !ids.insert(text_of(v.get_object().at("id"))).second;
}

// The nth copy of an article: another id, other words at the end.
std::string copy_of(const std::string& line, std::uint64_t copy) {
  json::object o = json::parse(line).as_object();
  o["id"] = fmt::format("{}-copy{}", text_of(o["id"]), copy);
  o["text"] = fmt::format("{}\n\nCopy number {} of this article, kept in folder f{}x{}.", text_of(o["text"]), copy,
                          copy, std::hash<std::string>{}(line) % 100000);
  return json::serialize(o);
}

void check(const std::ofstream& out, const fs::path& to) {
  if (!out) throw std::runtime_error(fmt::format("{}: cannot be written", to.string()));
}

}  // namespace

std::string index_script(bool look_up_ids) {
  return fmt::format("id : field boolean=Q{}\n{}", look_up_ids ? " unique=Q" : "", k_fields);
}

std::vector<fs::path> json_lines_files(const std::vector<fs::path>& paths) {
  std::vector<fs::path> files;
  for (const fs::path& p : paths) {
    if (!fs::is_directory(p)) {
      files.push_back(p);
      continue;
    }
    for (const auto& entry : fs::recursive_directory_iterator(p)) {
      const auto extension = entry.path().extension();
      if (extension == ".jsonl" || extension == ".ndjson") files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::uint64_t count_articles(const std::vector<fs::path>& files) {
  std::uint64_t count = 0;
  std::string line;
  std::unordered_set<std::string> ids;
  for (const fs::path& file : files) {
    for (std::ifstream in(file, std::ios::binary); std::getline(in, line);)
      count += line.empty() || is_known(line, ids) ? 0 : 1;
  }
  return count;
}

corpus write_json_lines(const std::vector<fs::path>& files, std::uint64_t wanted, const fs::path& to) {
  const std::uint64_t lines = count_articles(files);
  corpus written{to, 0, 0};
  std::ofstream out(to, std::ios::binary | std::ios::trunc);
  std::string line;
  const std::uint64_t whole = lines == 0 ? 0 : wanted / lines;  // copies of every line
  const std::uint64_t rest = lines == 0 ? 0 : wanted % lines;   // lines that have one copy more
  std::uint64_t number = 0;
  std::unordered_set<std::string> ids;
  for (const fs::path& file : files) {
    for (std::ifstream in(file, std::ios::binary); std::getline(in, line);) {
      if (line.empty() || is_known(line, ids)) continue;
      const bool one_more = (number + 1) * rest / lines != number * rest / lines;
      ++number;
      for (std::uint64_t copy = 0; copy < whole + (one_more ? 1 : 0); ++copy) {
        const std::string article = copy == 0 ? line : copy_of(line, copy + 1);
        out << article << '\n';
        ++written.articles;
        written.bytes += article.size() + 1;
      }
    }
  }
  out.flush();
  check(out, to);
  return written;
}

corpus write_scriptindex_records(const fs::path& json_lines, const fs::path& to) {
  corpus written{to, 0, 0};
  std::ofstream out(to, std::ios::binary | std::ios::trunc);
  std::string line;
  for (std::ifstream in(json_lines, std::ios::binary); std::getline(in, line);) {
    boost::system::error_code failure;
    const json::value v = json::parse(line, failure);
    if (failure || !v.is_object()) continue;
    const std::string record = record_of(v.get_object());
    if (record.empty()) continue;
    out << record;
    ++written.articles;
    written.bytes += record.size();
  }
  out.flush();
  check(out, to);
  return written;
}

}  // namespace rapporteur::bench
