// How far a run is, for people: a line that is redrawn on a terminal, a plain line every few seconds elsewhere.
//
// Owns the terminal line: every message on stderr during a run goes through say(), so that the two do not mix.
// Knows only numbers, not what is being done.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace rapporteur::indexer {

/// 1234567 as "1,234,567".
std::string grouped(std::uint64_t n);

/// 162100000 as "162.1 MB".
std::string bytes_shown(std::uint64_t bytes);

/// 75.4 s as "1 min 15 s".
std::string duration_shown(std::chrono::duration<double> d);

/// "12,000 articles, 2,400/s, 31 % of 162.1 MB, 11 s left". What cannot be known yet is left out.
std::string progress_line(std::uint64_t articles, std::uint64_t bytes, std::uint64_t all_bytes,
                          std::chrono::duration<double> elapsed);

class progress {
 public:
  using clock = std::chrono::steady_clock;

  /// Writes to `to`, which is not closed. shown false: only say() writes.
  progress(std::FILE* to, bool terminal, bool shown) noexcept : to_(to), terminal_(terminal), shown_(shown) {}
  ~progress() { clear(); }
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;

  /// Begins counting; all_bytes is what there is to read.
  void start(std::uint64_t all_bytes);

  /// Draws, if it is time to.
  void update(std::uint64_t articles, std::uint64_t bytes);

  /// Draws a line of words, at once: for a step that cannot be measured.
  void step(std::string_view what);

  /// Writes a whole line of its own.
  void say(std::string_view line);

  /// Takes the progress line off the terminal.
  void clear();

 private:
  void draw(const std::string& line);

  std::FILE* to_;
  bool terminal_;
  bool shown_;
  bool drawn_ = false;
  std::uint64_t all_bytes_ = 0;
  clock::time_point started_;
  clock::time_point due_;
};

}  // namespace rapporteur::indexer
