// Accounts as text and as JSON.
#include "indexer/report.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace rapporteur::indexer {
namespace {

/// Kinds of left-out values contain keys, of which a file may have any number.
constexpr std::size_t k_most_kinds = 50;

/// An outlet may be anything that an article says.
constexpr std::size_t k_most_outlets = 1000;

/// The most frequent ones, in one line.
std::string most_of(const std::map<std::string, std::uint64_t>& of, std::string_view nothing) {
  constexpr std::size_t k_shown = 8;
  std::vector<std::pair<std::string, std::uint64_t>> sorted(of.begin(), of.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string line;
  for (std::size_t n = 0; n < sorted.size() && n < k_shown; ++n) {
    const std::string name = sorted[n].first.empty() ? std::string(nothing) : printable(sorted[n].first, 60);
    line += fmt::format("{}{} {}", n == 0 ? "" : ", ", name, grouped(sorted[n].second));
  }
  if (sorted.size() > k_shown) line += fmt::format(" and {} more", grouped(sorted.size() - k_shown));
  return line;
}

boost::json::object counts(const std::map<std::string, std::uint64_t>& of) {
  boost::json::object o;
  for (const auto& [name, count] : of) o[name] = count;
  return o;
}

void list(std::string& out, std::string_view heading, const std::map<std::string, std::uint64_t>& of) {
  if (of.empty()) return;
  out += heading;
  out += '\n';
  for (const auto& [name, count] : of) out += fmt::format("  {:>12}  {}\n", grouped(count), name);
}

}  // namespace

void run_account::count(const index::written_article& o) {
  ++languages[o.language];
  switch (o.what) {
    case index::write_outcome::added:
      ++added;
      break;
    case index::write_outcome::replaced:
      ++replaced;
      break;
    case index::write_outcome::unchanged:
    case index::write_outcome::claimed:
      ++unchanged;
      break;
  }
}

void run_account::describe(const article& a) {
  if (!a.published) ++undated;
  const bool known = outlets.contains(a.source);
  ++outlets[known || outlets.size() < k_most_outlets ? a.source : "(other outlets)"];
}

std::string run_account::to_text() const {
  std::string out;
  const auto row = [&](std::string_view name, std::uint64_t n, std::string_view more = {}) {
    out += fmt::format("{:<10}{:>14}{}\n", name, grouped(n), more);
  };
  row("read", read, fmt::format("  in {} {}, {}", grouped(files), files == 1 ? "file" : "files", bytes_shown(bytes)));
  row("added", added);
  row("replaced", replaced);
  row("unchanged", unchanged);
  row("removed", removed,
      files_gone == 0 ? ""
                      : fmt::format("  {} {} gone", grouped(files_gone), files_gone == 1 ? "file is" : "files are"));
  row("failed", failed);
  if (files_unchanged > 0) row("files", files_unchanged, "  not read again: they have not changed");
  if (files > 0 && !languages.empty()) {
    row("undated", undated);
    out += fmt::format("languages {}\noutlets   {}\n", most_of(languages, "(unknown)"), most_of(outlets, "(none)"));
  }
  list(out, "failures", failures);
  list(out, "warnings (these articles are in)", warnings);
  list(out, "values left out", left_out);
  list(out, "files passed over", ignored);
  const double seconds = elapsed.count();
  out += fmt::format("time      {:>14}", duration_shown(elapsed));
  if (seconds > 0)
    out += fmt::format("  {} articles/s", grouped(static_cast<std::uint64_t>(static_cast<double>(read) / seconds)));
  out += '\n';
  return out;
}

std::string run_account::to_line(std::uint64_t revision) const {
  std::string line = fmt::format("revision {}: {} added, {} replaced, {} removed, {} unchanged", revision,
                                 grouped(added), grouped(replaced), grouped(removed), grouped(unchanged));
  if (failed > 0) line += fmt::format(", {} failed", grouped(failed));
  return line + fmt::format(", in {}", duration_shown(elapsed));
}

std::string run_account::to_json(std::uint64_t revision) const {
  boost::json::object o;
  if (revision != 0) o["revision"] = revision;
  o["read"] = read;
  o["added"] = added;
  o["replaced"] = replaced;
  o["unchanged"] = unchanged;
  o["failed"] = failed;
  o["removed"] = removed;
  o["undated"] = undated;
  o["files"] = files;
  o["files_unchanged"] = files_unchanged;
  o["files_gone"] = files_gone;
  o["bytes"] = bytes;
  o["failures"] = counts(failures);
  o["warnings"] = counts(warnings);
  o["left_out"] = counts(left_out);
  o["ignored"] = counts(ignored);
  o["languages"] = counts(languages);
  o["outlets"] = counts(outlets);
  o["seconds"] = elapsed.count();
  return boost::json::serialize(o) + "\n";
}

void finding_list::add(const finding& f) {
  const bool failure = f.level == severity::failure;
  if (failure) ++account_.failed;
  std::uint64_t& so_far = (failure ? account_.failures : account_.warnings)[f.what.reason];
  ++so_far;
  if (told_ != nullptr && so_far <= k_listed + 1 && !told_->is_new(f.to_string())) return;
  if (so_far <= k_listed) out_.say(f.to_string());
  if (so_far == k_listed + 1) out_.say(fmt::format("(further ones are counted, not listed: {})", f.what.reason));
}

void finding_list::leave_out(const std::string& what, std::uint64_t count) {
  const bool known = account_.left_out.contains(what);
  account_.left_out[known || account_.left_out.size() < k_most_kinds ? what : "values of other kinds"] += count;
}

void finding_list::close() {
  if (told_ != nullptr) return;
  for (const auto* of : {&account_.failures, &account_.warnings}) {
    for (const auto& [reason, count] : *of) {
      if (count > k_listed) out_.say(fmt::format("{} more, not listed: {}", grouped(count - k_listed), reason));
    }
  }
}

}  // namespace rapporteur::indexer
