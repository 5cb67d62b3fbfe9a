// check and stats: reading a whole index, for people who keep one.
#include "index/reader.hpp"
#include "index/schema.hpp"
#include "index/xapian_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <stdexcept>
#include <unordered_set>

namespace rapporteur::index {
namespace {

using counted = std::vector<std::pair<std::string, std::uint64_t>>;

// The distinct values of a slot, most frequent first.
counted count_values(const Xapian::Database& db, Xapian::valueno slot) {
  std::map<std::string, std::uint64_t> counts;
  for (auto v = db.valuestream_begin(slot); v != db.valuestream_end(slot); ++v) ++counts[*v];
  counted out(counts.begin(), counts.end());
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  return out;
}

constexpr std::size_t k_most_problems = 100;

}  // namespace

result<check_report> check_index(const std::filesystem::path& folder) {
  auto opened = reader::open(folder);
  if (!opened) return opened.error();
  reader& r = *opened;
  check_report report;
  report.info = r.info();
  const auto problem = [&](std::string what) {
    if (report.problems.size() < k_most_problems) report.problems.push_back(std::move(what));
  };
  if (!report.info.problem.empty()) problem(report.info.problem);
  try {
    std::ostringstream said;
    const std::string path = (folder / r.info().generation).string();
    if (const std::size_t errors = Xapian::Database::check(path, 0, &said); errors != 0) {
      problem(fmt::format("{}: Xapian finds {} errors: {}", path, errors, said.str()));
    }
    std::unordered_set<std::string> ids;
    std::uint64_t documents = 0;
    Xapian::Database& db = r.database();
    for (auto p = db.postlist_begin(""); p != db.postlist_end(""); ++p) {
      ++documents;
      auto rec = r.get_record(*p);
      if (!rec) {
        problem(fmt::format("document {}: {}", *p, rec.error().message));
        continue;
      }
      const std::string& id = rec->fields.id;
      if (!ids.insert(id).second) problem(fmt::format("article “{}” is there twice", id));
      if (r.find(id) != *p) problem(fmt::format("article “{}” is not found by its id", id));
      if (auto text = r.get_text(*rec); !text) problem(fmt::format("article “{}”: {}", id, text.error().message));
    }
    if (documents != db.get_doccount()) {
      problem(fmt::format("{} documents are counted, {} are there", db.get_doccount(), documents));
    }
  } catch (const Xapian::Error& e) {
    problem(fmt::format("{}: {}", e.get_type(), e.get_msg()));
  } catch (const std::length_error&) {
    problem(impossible_length(folder.string()).message);
  }
  return report;
}

result<index_stats> collect_stats(const std::filesystem::path& folder) {
  auto opened = reader::open(folder);
  if (!opened) return opened.error();
  index_stats stats;
  stats.info = opened->info();
  try {
    const Xapian::Database& db = opened->database();
    stats.languages = count_values(db, slot::language);
    stats.sources = count_values(db, slot::source);
    stats.collections = count_values(db, slot::collection);
    stats.years = count_values(db, slot::year);
    stats.undated = db.get_doccount() - db.get_value_freq(slot::newest);
  } catch (const Xapian::Error& e) {
    return error{errc::index_damaged, fmt::format("{}: {}; run rapporteur-index check", folder.string(), e.get_msg())};
  } catch (const std::length_error&) {
    return impossible_length(folder.string());
  }
  return stats;
}

}  // namespace rapporteur::index
