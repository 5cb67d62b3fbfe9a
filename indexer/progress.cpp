// Formats and draws progress.
#include "indexer/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace rapporteur::indexer {

std::string grouped(std::uint64_t n) {
  std::string digits = std::to_string(n);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string bytes_shown(std::uint64_t bytes) {
  const auto n = static_cast<double>(bytes);
  if (n < 1e3) return fmt::format("{} bytes", bytes);
  if (n < 1e6) return fmt::format("{:.1f} kB", n / 1e3);
  if (n < 1e9) return fmt::format("{:.1f} MB", n / 1e6);
  return fmt::format("{:.1f} GB", n / 1e9);
}

std::string duration_shown(std::chrono::duration<double> d) {
  const double s = d.count();
  if (s < 9.95) return fmt::format("{:.1f} s", s);
  const auto whole = static_cast<std::uint64_t>(std::llround(s));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

std::string progress_line(std::uint64_t articles, std::uint64_t bytes, std::uint64_t all_bytes,
                          std::chrono::duration<double> elapsed) {
  std::string line = grouped(articles) + " articles";
  const double seconds = elapsed.count();
  if (seconds >= 0.5)
    line += fmt::format(", {}/s", grouped(static_cast<std::uint64_t>(static_cast<double>(articles) / seconds)));
  if (all_bytes == 0) return line;
  const double part = std::min(1.0, static_cast<double>(bytes) / static_cast<double>(all_bytes));
  line += fmt::format(", {} % of {}", static_cast<int>(part * 100), bytes_shown(all_bytes));
  constexpr double k_enough_to_tell = 0.01;
  if (part >= k_enough_to_tell && seconds >= 2) {
    const double left = seconds / part * (1 - part);
    line += fmt::format(", {} left", duration_shown(std::chrono::duration<double>(std::ceil(left))));
  }
  return line;
}

void progress::start(std::uint64_t all_bytes) {
  all_bytes_ = all_bytes;
  started_ = clock::now();
  due_ = started_ + std::chrono::milliseconds(terminal_ ? 100 : 5000);
}

void progress::update(std::uint64_t articles, std::uint64_t bytes) {
  if (!shown_) return;
  const clock::time_point now = clock::now();
  if (now < due_) return;
  due_ = now + std::chrono::milliseconds(terminal_ ? 100 : 5000);
  draw(progress_line(articles, bytes, all_bytes_, now - started_));
}

void progress::step(std::string_view what) {
  if (shown_) draw(std::string(what));
}

void progress::say(std::string_view line) {
  clear();
  fmt::print(to_, "{}\n", line);
}

void progress::clear() {
  if (!drawn_) return;
  std::fputs("\r\x1B[K", to_);
  std::fflush(to_);
  drawn_ = false;
}

void progress::draw(const std::string& line) {
  if (terminal_) {
    fmt::print(to_, "\r\x1B[K{}", line);
    drawn_ = true;
  } else {
    fmt::print(to_, "{}\n", line);
  }
  std::fflush(to_);
}

}  // namespace rapporteur::indexer
