// An index that changes with every commit, and what it holds at each of its revisions.
//
// Every revision writes its own number into both articles of a pair, and changes one article of a ring: an answer made
// of two revisions contradicts itself, and one that names the wrong revision contradicts the history.
#pragma once

#include "index/article.hpp"
#include "index/writer.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace rapporteur::test {

/// Slots that have an article, with the revision that wrote it.
using ring = std::map<unsigned, std::uint64_t>;

/// What the index holds at each revision. Any thread.
class history {
 public:
  void promise(std::uint64_t revision, const ring& r);
  /// Empty if that revision was never promised.
  [[nodiscard]] ring at(std::uint64_t revision) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::uint64_t, ring> rings_;
};

/// Changes the index. One thread; throws when the index cannot be changed.
class changing_archive {
 public:
  static constexpr unsigned k_slots = 40;

  /// Builds the first revision in folder/index; base: how many articles never change.
  changing_archive(std::filesystem::path folder, unsigned base);

  void commit();   ///< one small run: the pair, and one article of the ring added, replaced or removed
  void rebuild();  ///< rapporteur-index rebuild, over files that say what the next revision holds
  void merge();    ///< beside a few commits

  [[nodiscard]] const history& states() const noexcept { return states_; }
  [[nodiscard]] std::filesystem::path index() const { return folder_ / "index"; }
  [[nodiscard]] unsigned base() const noexcept { return base_; }
  [[nodiscard]] std::uint64_t revision() const noexcept { return revision_; }
  /// Of all files below the index folder.
  [[nodiscard]] std::uint64_t bytes() const;

 private:
  void expect(std::uint64_t found) const;

  std::filesystem::path folder_;
  unsigned base_;
  std::uint64_t revision_ = 0;
  ring ring_;
  history states_;
};

/// How often the number of its revision stands in an article of the pair, title and text together.
inline constexpr unsigned k_numbers_in_pair[] = {13, 301};

}  // namespace rapporteur::test
