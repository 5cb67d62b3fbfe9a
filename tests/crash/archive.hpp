// The articles of these tests, twice: as they are at first and as they are later, when some have been changed, some are
// new and some are gone. Written into a folder of its own, as files that rapporteur-index reads.
#pragma once

#include "tests/http/programs.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace rapporteur::crash {

class archive {
 public:
  archive();

  /// Folder with everything as it is at first: the sample articles, and enough short ones for several shards, and one
  /// that is long enough to be kept in blocks.
  [[nodiscard]] std::filesystem::path first() const { return folder_.path() / "first"; }
  /// The same folder later.
  [[nodiscard]] std::filesystem::path later() const { return folder_.path() / "later"; }
  /// One file: articles that are new, changed and unchanged against first().
  [[nodiscard]] std::filesystem::path changes() const { return folder_.path() / "changes.jsonl"; }
  /// A folder that changes, and how: it holds what is in first() or later(), and nothing else.
  [[nodiscard]] std::filesystem::path live() const { return folder_.path() / "live"; }
  void make_live(const std::filesystem::path& as) const;
  /// Where a snapshot may be made: not there yet.
  [[nodiscard]] std::filesystem::path snapshot() const { return folder_.path() / "snapshot"; }
  /// Ids of articles in first(), to be removed.
  [[nodiscard]] const std::vector<std::string>& unwanted() const noexcept { return unwanted_; }

 private:
  test::scratch_folder folder_;
  std::vector<std::string> unwanted_;
};

}  // namespace rapporteur::crash
