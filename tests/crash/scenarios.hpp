// The commands that change an index, each with what comes before it: one table for all tests of this folder. A new
// command of rapporteur-index is a new row.
#pragma once

#include "tests/crash/archive.hpp"
#include "tests/crash/index_state.hpp"
#include "tests/http/programs.hpp"

#include <filesystem>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace rapporteur::crash {

using words = std::vector<std::string>;  // of a command line, behind --index DIR

struct scenario {
  const char* name;
  std::vector<words> (*before)(const archive& a);  ///< run one after the other, from nothing
  words (*command)(const archive& a);
  int status_again = 0;                           ///< exit status when all is done already
  void (*meanwhile)(const archive& a) = nullptr;  ///< between those before and the command
  bool waits = false;                             ///< for another indexer to end its writing
};

const std::vector<scenario>& scenarios();
void PrintTo(const scenario& s, std::ostream* out);

/// A scenario made ready: the index before, and what an undisturbed run makes of it.
class prepared {
 public:
  explicit prepared(const scenario& s);

  /// A folder that holds a copy of the index as it is before, named index, and nothing else.
  [[nodiscard]] std::unique_ptr<test::scratch_folder> copy() const;

  [[nodiscard]] const scenario& what() const noexcept { return scenario_; }
  [[nodiscard]] const words& command() const noexcept { return command_; }
  [[nodiscard]] const std::optional<index_state>& before() const noexcept { return before_; }
  [[nodiscard]] const index_state& after() const noexcept { return after_; }
  [[nodiscard]] const std::string& generation() const noexcept { return generation_; }  ///< current before
  [[nodiscard]] double seconds() const noexcept { return seconds_; }                    ///< that the run took
  [[nodiscard]] unsigned long commit_points() const noexcept { return commit_points_; }
  [[nodiscard]] unsigned long all_points() const noexcept { return all_points_; }

  /// `rapporteur-index check` finds it sound, and it holds exactly the set before or the set after.
  void expect_whole(const std::filesystem::path& folder) const;

  /// It holds the set after.
  void expect_done(const std::filesystem::path& folder) const;

  /// Runs the command again, undisturbed: the index is then that of an undisturbed run, and takes up no more than
  /// that and a previous generation.
  void expect_finishes(const std::filesystem::path& folder) const;

 private:
  scenario scenario_;
  archive archive_;
  test::scratch_folder template_;
  words command_;
  std::optional<index_state> before_;
  index_state after_;
  std::string generation_;
  footprint footprint_before_, footprint_after_;
  std::vector<question> questions_;
  answers answers_;
  double seconds_ = 0;
  unsigned long commit_points_ = 0, all_points_ = 0;
};

}  // namespace rapporteur::crash
