// Readers who search without pause, and do not believe what they are answered.
#pragma once

#include "tests/load/changing_archive.hpp"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace rapporteur::test {

/// Threads with a connection each, until destruction or stop().
class readers {
 public:
  readers(std::uint16_t port, const changing_archive& archive, unsigned threads);
  ~readers();
  readers(const readers&) = delete;
  readers& operator=(const readers&) = delete;

  void stop();
  [[nodiscard]] std::uint64_t asked() const noexcept { return asked_; }
  [[nodiscard]] std::uint64_t wrong() const noexcept { return wrong_; }
  /// Revisions that answers were of, all clients together; a revision counts once for each client that saw it.
  [[nodiscard]] std::uint64_t revisions_seen() const noexcept { return revisions_seen_; }
  [[nodiscard]] std::uint64_t slowest_microseconds() const noexcept { return slowest_; }
  /// What was wrong with the first few wrong answers.
  [[nodiscard]] std::string complaints() const;

 private:
  void read(std::uint16_t port, unsigned number);
  void complain(const std::string& target, const std::string& what);

  const changing_archive& archive_;
  std::atomic<bool> stopping_{false};
  std::atomic<std::uint64_t> asked_{0}, wrong_{0}, revisions_seen_{0}, slowest_{0};
  mutable std::mutex mutex_;
  std::string complaints_;
  std::vector<std::thread> threads_;
};

}  // namespace rapporteur::test
