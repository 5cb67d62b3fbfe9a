// What an archive consists of, in numbers: for an overview, not for one query.
#pragma once

#include "index/error.hpp"
#include "server/search/search.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace rapporteur::search {

struct archive_statistics {
  index_state index;
  std::vector<std::pair<std::string, std::uint64_t>> languages, sources, collections, years;  ///< most articles first
  std::uint64_t undated = 0;
  std::uint64_t size_bytes = 0;  ///< of the generation's files
};

/// Reads every article's values: some milliseconds for ten thousand articles. Opens the index for itself; any thread.
/// errc::index_missing, index_mismatch, index_damaged, io.
result<archive_statistics> read_statistics(const std::filesystem::path& index);

}  // namespace rapporteur::search
