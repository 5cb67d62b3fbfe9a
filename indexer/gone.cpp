#include "indexer/gone.hpp"

#include "indexer/formats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <unordered_set>

namespace rapporteur::indexer {
namespace {

namespace fs = std::filesystem;

bool is_below(std::string_view path, std::string_view folder) {
  return path == folder || (path.starts_with(folder) && (folder == "/" || path[folder.size()] == '/'));
}

// A folder may have come in the place of a file. What cannot be examined may well be there.
bool is_no_file(const fs::path& path) {
  std::error_code failure;
  const auto type = fs::status(path, failure).type();
  return type == fs::file_type::not_found || type == fs::file_type::directory;
}

// Looking through all known files is worth it only for what may have been a folder.
bool kind_may_be_folder(const fs::path& path) {
  const std::string name = path.filename().native();
  if (is_temporary_name(name)) return false;
  const name_kind kind = kind_of_name(name);
  return kind == name_kind::unsaid || kind == name_kind::other;
}

}  // namespace

bool is_below_any(std::string_view path, const std::vector<std::string>& folders) {
  return std::any_of(folders.begin(), folders.end(), [&](const std::string& f) { return is_below(path, f); });
}

result<void> prune_gone(ingest& into, article_sink& index, const source_listing& listing, bool allow_empty,
                        finding_list& findings) {
  std::unordered_set<std::string_view> there;
  for (const source_file& f : listing.files) there.insert(f.path);
  std::vector<std::string> gone;
  auto walked = index.for_each_file([&](const index::known_file& f) {
    if (there.contains(f.path) || !is_below_any(f.path, listing.roots)) return;
    if (!is_below_any(f.path, listing.unreadable)) gone.push_back(f.path);
  });
  if (!walked) return walked;
  for (const std::string& root : listing.roots) {
    const bool any = std::any_of(listing.files.begin(), listing.files.end(),
                                 [&](const source_file& f) { return is_below(f.path, root); });
    if (any || allow_empty) continue;
    const auto kept =
        std::stable_partition(gone.begin(), gone.end(), [&](const std::string& path) { return !is_below(path, root); });
    if (kept == gone.end()) continue;
    findings.add({severity::warning,
                  {errc::not_found, "a folder is empty and may not be mounted; its articles are kept",
                   fmt::format("{} of its files were known; --allow-empty removes their articles", gone.end() - kept)},
                  root,
                  0,
                  0});
    gone.erase(kept, gone.end());
  }
  for (const std::string& path : gone) {
    if (auto dropped = into.drop(path); !dropped) return dropped;
  }
  return {};
}

result<void> drop_gone(ingest& into, article_sink& index, const fs::path& path) {
  const auto known = index.find_file(path.native());
  if (!known) return known.error();
  // What came in its place is told of by itself.
  if (*known && is_no_file(path)) return into.drop(path.native());
  if (*known || !kind_may_be_folder(path)) return {};
  std::vector<std::string> below;
  const std::string start = path.native() + '/';
  auto walked = index.for_each_file([&](const index::known_file& f) {
    if (f.path.starts_with(start) && is_no_file(f.path)) below.push_back(f.path);
  });
  if (!walked) return walked;
  for (const std::string& f : below) {
    if (auto dropped = into.drop(f); !dropped) return dropped;
  }
  return {};
}

}  // namespace rapporteur::indexer
