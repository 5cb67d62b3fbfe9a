#include "server/search/statistics.hpp"

#include "index/reader.hpp"

#include <system_error>

namespace rapporteur::search {
namespace {

namespace fs = std::filesystem;

/// What cannot be read, because it is being replaced, counts as nothing.
std::uint64_t size_of(const fs::path& folder) {
  std::uint64_t total = 0;
  std::error_code ec;
  for (fs::recursive_directory_iterator at(folder, ec), end; !ec && at != end; at.increment(ec)) {
    std::error_code ignored;
    const auto size = at->is_regular_file(ignored) ? at->file_size(ignored) : 0;
    if (!ignored) total += size;
  }
  return total;
}

}  // namespace

result<archive_statistics> read_statistics(const fs::path& index) {
  auto counted = index::collect_stats(index);
  if (!counted) return counted.error();
  archive_statistics s;
  s.index = {.revision = counted->info.revision, .as_of = counted->info.as_of, .articles = counted->info.articles};
  s.languages = std::move(counted->languages);
  s.sources = std::move(counted->sources);
  s.collections = std::move(counted->collections);
  s.years = std::move(counted->years);
  s.undated = counted->undated;
  s.size_bytes = size_of(index / counted->info.generation);
  return s;
}

}  // namespace rapporteur::search
