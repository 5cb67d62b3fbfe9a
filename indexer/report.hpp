// The account of a run: what was read and what became of it, and the findings, listed as they come and counted.
//
// Knows nothing of reading and writing. Not thread-safe.
#pragma once

#include "index/writer.hpp"
#include "indexer/findings.hpp"
#include "indexer/progress.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace rapporteur::indexer {

/// Of one run. Every record that was read is in exactly one of added, replaced, unchanged and failed.
struct run_account {
  std::uint64_t read = 0;  ///< records: articles, and what should have been one
  std::uint64_t added = 0;
  std::uint64_t replaced = 0;
  std::uint64_t unchanged = 0;  ///< in the index already, just so
  std::uint64_t failed = 0;
  std::uint64_t removed = 0;          ///< articles that no file has any more, or that were asked to go
  std::uint64_t undated = 0;          ///< articles that went in without a date
  std::uint64_t files = 0;            ///< that were read
  std::uint64_t files_unchanged = 0;  ///< that were passed over, being as they were; their records count as read
  std::uint64_t files_gone = 0;       ///< that the index knew and that are not there any more
  std::uint64_t bytes = 0;
  std::map<std::string, std::uint64_t> failures, warnings;  ///< by reason
  std::map<std::string, std::uint64_t> left_out;            ///< values without a place, by kind
  std::map<std::string, std::uint64_t> ignored;             ///< files passed over, by kind
  /// Articles of the files that were read, by what they say of themselves: "" if nothing.
  std::map<std::string, std::uint64_t> languages, outlets;
  std::chrono::duration<double> elapsed{0};

  [[nodiscard]] bool balances() const noexcept { return read == added + replaced + unchanged + failed; }
  void count(const index::written_article& o);
  /// Counts an article's outlet and date.
  void describe(const article& a);

  /// For people, several lines.
  [[nodiscard]] std::string to_text() const;
  /// One JSON object on one line, with the members named as here; reasons and kinds as objects of counts.
  /// revision: the one in which the run is searchable; 0: not said.
  [[nodiscard]] std::string to_json(std::uint64_t revision = 0) const;
  /// For the log of a program that watches, in one line.
  [[nodiscard]] std::string to_line(std::uint64_t revision) const;
};

/// What was said already, for a program that looks at the same files again and again. One look is a round.
class told_findings {
 public:
  /// Whether this is new: not said in the round before this one.
  bool is_new(const std::string& finding) {
    const bool first = now_.insert(finding).second;
    return first && !before_.contains(finding);
  }
  void end_round() { before_ = std::exchange(now_, {}); }

 private:
  std::set<std::string> before_, now_;
};

/// Lists findings on the progress' stream, at most k_listed of each reason, and counts all of them.
class finding_list {
 public:
  static constexpr std::uint64_t k_listed = 20;

  /// told: if given, findings that it knows are counted only.
  finding_list(run_account& account, progress& out, told_findings* told = nullptr) noexcept
      : account_(account), out_(out), told_(told) {}
  void add(const finding& f);
  void leave_out(const std::string& what, std::uint64_t count);
  /// Says for which reasons there was more than was listed.
  void close();

 private:
  run_account& account_;
  progress& out_;
  told_findings* told_;
};

}  // namespace rapporteur::indexer
