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
#include <string>

namespace rapporteur::indexer {

/// Of one run. Every record that was read is in exactly one of added, replaced, unchanged and failed.
struct run_account {
  std::uint64_t read = 0;  ///< records: articles, and what should have been one
  std::uint64_t added = 0;
  std::uint64_t replaced = 0;
  std::uint64_t unchanged = 0;  ///< in the index already, just so
  std::uint64_t failed = 0;
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::map<std::string, std::uint64_t> failures, warnings;  ///< by reason
  std::map<std::string, std::uint64_t> left_out;            ///< values without a place, by kind
  std::map<std::string, std::uint64_t> ignored;             ///< files passed over, by kind
  std::chrono::duration<double> elapsed{0};

  [[nodiscard]] bool balances() const noexcept { return read == added + replaced + unchanged + failed; }
  void count(index::write_outcome o) noexcept;

  /// For people, several lines.
  [[nodiscard]] std::string to_text() const;
  /// One JSON object on one line, with the members named as here; reasons and kinds as objects of counts.
  [[nodiscard]] std::string to_json() const;
};

/// Lists findings on the progress' stream, at most k_listed of each reason, and counts all of them.
class finding_list {
 public:
  static constexpr std::uint64_t k_listed = 20;

  finding_list(run_account& account, progress& out) noexcept : account_(account), out_(out) {}
  void add(const finding& f);
  void leave_out(const std::string& what, std::uint64_t count);
  /// Says for which reasons there was more than was listed.
  void close();

 private:
  run_account& account_;
  progress& out_;
};

}  // namespace rapporteur::indexer
