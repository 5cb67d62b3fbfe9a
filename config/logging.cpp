#include "config/logging.hpp"

#include "config/value.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <memory>

namespace rapporteur::config {
namespace {

constexpr std::array<std::string_view, 4> k_level_names{"debug", "info", "warning", "error"};
constexpr std::string_view k_hex = "0123456789abcdef";

std::atomic<log_level> g_level{log_level::info};
std::atomic<log_format> g_format{log_format::logfmt};

// One sink, which locks, and a pattern that adds nothing: the line is made by format_event. Never destroyed, so that a
// thread which logs while the program ends finds it alive.
spdlog::logger& logger() {
  static auto* const instance = [] {
    auto* made = new spdlog::logger("rapporteur", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_formatter(std::make_unique<spdlog::pattern_formatter>("%v"));
    made->set_level(spdlog::level::trace);
    made->flush_on(spdlog::level::trace);
    made->set_error_handler([](const std::string&) {});  // a log that cannot be written must not stop the program
    return made;
  }();
  return *instance;
}

bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte > 0x20 && byte < 0x7f && c != '"' && c != '\\' && c != '=';
}

// In quotes, with everything escaped that could end the quotes, the line or the record, move a terminal's cursor, or
// not be UTF-8. The escapes are JSON's, so that one function serves both formats; a byte that is not UTF-8 becomes
// U+FFFD.
void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) {
      if (byte == '"' || byte == '\\') {
        out += '\\';
        out += text[i];
      } else if (byte == '\n') {
        out += "\\n";
      } else if (byte == '\t') {
        out += "\\t";
      } else if (byte == '\r') {
        out += "\\r";
      } else if (byte < 0x20 || byte == 0x7f) {
        out += "\\u00";
        out += k_hex[byte >> 4U];
        out += k_hex[byte & 0xFU];
      } else {
        out += text[i];
      }
      ++i;
      continue;
    }
    const std::size_t length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
    const std::string_view sequence = text.substr(i, length);
    if (sequence.size() != length || !is_utf8(sequence)) {
      out += "\\ufffd";
      ++i;
    } else if (byte == 0xC2 && static_cast<unsigned char>(sequence[1]) < 0xA0) {
      // The C1 controls: some terminals obey U+009B as they obey ESC [.
      out += "\\u00";
      out += k_hex[static_cast<unsigned char>(sequence[1]) >> 4U];
      out += k_hex[static_cast<unsigned char>(sequence[1]) & 0xFU];
      i += length;
    } else if (sequence == "\xE2\x80\xA8" || sequence == "\xE2\x80\xA9") {
      out +=
          sequence.back() == '\xA8' ? "\\u2028" : "\\u2029";  // line and paragraph separator: some readers break there
      i += length;
    } else {
      out += sequence;
      i += length;
    }
  }
  out += '"';
}

void append_value(std::string& out, log_format format, const log_field& field) {
  if (format == log_format::json) {
    if (field.bare) {
      out += field.value;
    } else {
      append_quoted(out, field.value);
    }
    return;
  }
  bool plain = !field.value.empty();
  for (const char c : field.value) plain = plain && is_plain(c);
  if (plain) {
    out += field.value;
  } else {
    append_quoted(out, field.value);
  }
}

std::string now() {
  const auto time = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto days = std::chrono::floor<std::chrono::days>(seconds);
  const std::chrono::year_month_day date(days);
  const std::chrono::hh_mm_ss clock(time - days);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), (time - seconds).count());
}

spdlog::level::level_enum to_spdlog(log_level level) {
  constexpr std::array levels{spdlog::level::debug, spdlog::level::info, spdlog::level::warn, spdlog::level::err};
  return levels[static_cast<std::size_t>(level)];
}

}  // namespace

log_field::log_field(std::string_view name, double v) : key(name), bare(std::isfinite(v)) {
  value = fmt::format("{:.6g}", v);
}

void start_log(const log_section& s) {
  g_level = s.level;
  g_format = s.format;
}

bool log_enabled(log_level level) noexcept {
  return level >= g_level.load(std::memory_order_relaxed);
}

std::string format_event(log_format format, std::string_view time, log_level level, std::string_view event,
                         std::span<const log_field> fields) {
  const bool json = format == log_format::json;
  const std::string_view level_name = k_level_names[static_cast<std::size_t>(level)];
  std::string out = json ? fmt::format(R"({{"ts":"{}","level":"{}","event":")", time, level_name)
                         : fmt::format("ts={} level={} event=", time, level_name);
  out += event;
  if (json) out += '"';
  for (const log_field& field : fields) {
    out += json ? ",\"" : " ";
    out += field.key;
    out += json ? "\":" : "=";
    append_value(out, format, field);
  }
  if (json) out += '}';
  return out;
}

void log_event(log_level level, std::string_view event, std::span<const log_field> fields) noexcept {
  if (!log_enabled(level)) return;
  try {
    const std::string line = format_event(g_format.load(std::memory_order_relaxed), now(), level, event, fields);
    logger().log(to_spdlog(level), spdlog::string_view_t(line));
  } catch (...) {  // out of memory, or no stderr: there is nowhere left to say so
    return;
  }
}

}  // namespace rapporteur::config
