// The log: one line per event on stderr, structured, and forgery-proof. stdout stays free for what a program prints.
//
// Owns the format of a line. Knows nothing of what is logged; whoever logs query text, a URL with a query or a client
// address asks config::log_section first (both are off unless an operator turns them on).
#pragma once

#include "config/settings.hpp"

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace rapporteur::config {

/// A named value of an event. The value is copied as text; any bytes are legal in it.
struct log_field {
  log_field(std::string_view name, std::string_view v) : key(name), value(v) {}
  log_field(std::string_view name, const std::string& v) : key(name), value(v) {}
  log_field(std::string_view name, const char* v) : key(name), value(v) {}
  log_field(std::string_view name, bool v) : key(name), value(v ? "true" : "false"), bare(true) {}
  log_field(std::string_view name, std::integral auto v) : key(name), value(std::to_string(v)), bare(true) {}
  log_field(std::string_view name, double v);  ///< up to six significant digits; never "nan" or "inf" in JSON

  std::string_view key;  ///< [a-z][a-z0-9_]*; a literal
  std::string value;
  bool bare = false;  ///< a number or a truth value: not quoted in JSON
};

/// Sets level and format. Call once before threads start, and again to change them (thread-safe). Before the first
/// call: info, logfmt.
void start_log(const log_section& s);

/// True if an event of this level would be written: to skip the making of costly fields.
bool log_enabled(log_level level) noexcept;

/// Writes one line, at once, in one write: ts level event, then the fields in their order. Thread-safe; never throws.
/// `event` is a literal, [a-z][a-z0-9_]*, and stable: operators filter by it.
void log_event(log_level level, std::string_view event, std::span<const log_field> fields) noexcept;
inline void log_event(log_level level, std::string_view event, std::initializer_list<log_field> fields = {}) noexcept {
  log_event(level, event, std::span(fields.begin(), fields.size()));
}

/// The line that log_event would write, without its newline; `time` is RFC 3339 in UTC with milliseconds.
/// No value can end the line or begin a new key: in logfmt whatever is not plain is quoted and escaped.
std::string format_event(log_format format, std::string_view time, log_level level, std::string_view event,
                         std::span<const log_field> fields);

}  // namespace rapporteur::config
