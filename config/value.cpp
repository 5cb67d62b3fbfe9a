#include "config/value.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace rapporteur::config {
namespace {

struct unit {
  std::string_view name;
  std::int64_t factor;
};
constexpr std::array<unit, 5> k_size_units{
    {{"B", 1}, {"KiB", 1LL << 10U}, {"MiB", 1LL << 20U}, {"GiB", 1LL << 30U}, {"TiB", 1LL << 40U}}};
constexpr std::array<unit, 4> k_duration_units{{{"ms", 1}, {"s", 1000}, {"min", 60'000}, {"h", 3'600'000}}};

std::span<const unit> units_of(kind k) {
  if (k == kind::size) return k_size_units;
  return k_duration_units;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_blank(char c) {
  return c == ' ' || c == '\t';
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_letters(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && is_blank(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_blank(s.back())) s.remove_suffix(1);
  return s;
}

// A value as a message quotes it: on one line, and not longer than helps to recognise it.
std::string shown(std::string_view text) {
  constexpr std::size_t k_longest = 80;
  const bool utf8 = is_utf8(text);
  std::size_t end = std::min(text.size(), k_longest);
  while (utf8 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) --end;
  std::string out = "\"";
  for (const char c : text.substr(0, end)) {
    const auto byte = static_cast<unsigned char>(c);
    const bool printable = byte >= 0x20 && byte != 0x7f && (utf8 || byte < 0x80);
    out += printable ? std::string(1, c) : fmt::format("\\x{:02x}", byte);
  }
  return out + (end < text.size() ? "…\"" : "\"");
}

reading refused(const key_row& row, const std::string& what) {
  return {std::nullopt, what + "; allowed: " + allowed(row)};
}

// "64 KiB", "10s", "4096": digits, blanks, a unit. Without a unit a size is in bytes and a duration is refused, since
// its reader could only guess.
reading read_quantity(const key_row& row, std::string_view text) {
  const std::string_view all = trimmed(text);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(all.data(), all.data() + all.size(), number);
  if (error == std::errc::result_out_of_range) return refused(row, shown(text) + " is out of range");
  if (error != std::errc{} || all.front() == '-') {
    const char* const what = row.type == kind::size ? " is not a size" : " is not a duration";
    return refused(
        row, shown(text) + what + R"(; write a whole number and a unit, such as ")" + to_text(row, row.get({})) + '"');
  }
  const std::string_view name = trimmed(all.substr(static_cast<std::size_t>(end - all.data())));
  std::int64_t factor = 1;
  if (name.empty()) {
    if (row.type == kind::duration && number != 0) {
      return refused(row, fmt::format(R"({} has no unit; write "{} s" or "{} ms")", number, number, number));
    }
  } else {
    const auto units = units_of(row.type);
    const auto at = std::ranges::find_if(units, [&](const unit& u) { return same_letters(u.name, name); });
    if (at == units.end()) {
      return refused(row, fmt::format("{} has an unknown unit; the units are {}", shown(text),
                                      row.type == kind::size ? "B, KiB, MiB, GiB and TiB (1 KiB is 1024 bytes)"
                                                             : "ms, s, min and h"));
    }
    factor = at->factor;
  }
  if (number > std::numeric_limits<std::int64_t>::max() / factor) return refused(row, shown(text) + " is out of range");
  return check_value(row, number * factor);
}

std::string quantity(kind type, std::int64_t v) {
  if (type == kind::count || v == 0) return std::to_string(v);
  const auto units = units_of(type);
  const unit* best = units.data();
  for (const unit& u : units) {
    if (v % u.factor == 0) best = &u;
  }
  return fmt::format("{} {}", v / best->factor, best->name);
}

// The Origin header holds scheme://host[:port] and nothing else (RFC 6454 §7); an entry of any other shape would never
// match and only look as if it did.
std::string origin_error(std::string_view origin) {
  std::string_view rest = origin;
  if (rest.starts_with("https://")) {
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else {
    return shown(origin) + " does not begin with https:// or http://";
  }
  if (const auto slash = rest.find_first_of("/?#"); slash != std::string_view::npos) {
    return fmt::format("{} has more than scheme, host and port; write {}", shown(origin),
                       shown(origin.substr(0, origin.size() - rest.size() + slash)));
  }
  std::string_view host = rest;
  if (const auto colon = rest.rfind(':'); colon != std::string_view::npos && !rest.ends_with(']')) {
    const std::string_view port = rest.substr(colon + 1);
    host = rest.substr(0, colon);
    if (port.empty() || port.size() > 5 || !std::ranges::all_of(port, is_digit)) {
      return shown(origin) + " has a port that is no number";
    }
  }
  const auto host_char = [](char c) {
    return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '.' || c == '[' || c == ']' || c == ':';
  };
  if (host.empty() || !std::ranges::all_of(host, host_char)) {
    return shown(origin) + " has a host that browsers do not send: lower case, letters of other scripts as xn--…";
  }
  return {};
}

bool is_address(const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) return true;
  const auto scope = text.find('%');  // fe80::1%eth0: a link-local address needs its interface
  if (scope != std::string::npos && scope + 1 == text.size()) return false;
  return inet_pton(AF_INET6, text.substr(0, scope).c_str(), bytes.data()) == 1;
}

/// Without the text itself, which would end up in a terminal or a log.
std::string secret_error(std::string_view text) {
  constexpr std::size_t k_shortest = 16;
  constexpr std::size_t k_longest = 512;
  if (text.empty()) return {};
  const bool visible = std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
  if (!visible) return "has a character that is a blank or not of ASCII";
  if (text.size() < k_shortest) return fmt::format("has only {} characters", text.size());
  if (text.size() > k_longest) return fmt::format("has {} characters", text.size());
  return {};
}

bool is_network(const std::string& text) {
  const auto slash = text.find('/');
  const auto address = text.substr(0, slash);
  if (!is_address(address) || address.find('%') != std::string::npos) return false;
  if (slash == std::string::npos) return true;
  const auto length = std::string_view(text).substr(slash + 1);
  if (length.empty() || length.size() > 3 || !std::ranges::all_of(length, is_digit)) return false;
  return std::stoi(std::string(length)) <= (address.find(':') == std::string::npos ? 32 : 128);
}

// What a path of it would be has to be the same for browsers, proxies and the server: no encoding, nothing to resolve.
std::string base_path_error(std::string_view path) {
  if (path.empty()) return {};
  if (path.front() != '/') return shown(path) + " does not begin with /";
  if (path.ends_with('/')) return shown(path) + " ends with /";
  if (path == "/api" || path.starts_with("/api/")) return shown(path) + " is where the API is";
  for (std::size_t begin = 1; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const auto segment = path.substr(begin, end - begin);
    const bool plain = std::ranges::all_of(segment, [](char c) {
      return (lower(c) >= 'a' && lower(c) <= 'z') || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
    });
    if (segment.empty() || segment == "." || segment == ".." || !plain) {
      return shown(path) + " has a part that is not of letters, digits, -, ., _ and ~";
    }
    begin = end + 1;
  }
  return {};
}

std::string web_address_error(std::string_view text) {
  if (text.empty()) return {};
  const auto host = text.find("://");
  const auto slash = host == std::string_view::npos ? host : text.find('/', host + 3);
  if (const auto error = origin_error(text.substr(0, slash)); !error.empty()) return error;
  if (slash == std::string_view::npos) return {};
  auto path = text.substr(slash);
  if (path.ends_with('/')) path.remove_suffix(1);
  return path == "/api" || path.starts_with("/api/") ? std::string() : base_path_error(path);
}

reading check_strings(const key_row& row, std::vector<std::string> list) {
  if (row.type == kind::networks) {
    for (const std::string& entry : list) {
      if (!is_network(entry)) return refused(row, shown(entry) + " is neither an address nor a network");
    }
    return {value(std::move(list)), {}};
  }
  for (const std::string& origin : list) {
    if (origin == "*") {
      if (list.size() > 1) return refused(row, R"("*" stands for every origin and must be alone)");
    } else if (const std::string error = origin_error(origin); !error.empty()) {
      return refused(row, error);
    }
  }
  return {value(std::move(list)), {}};
}

reading check_string(const key_row& row, std::string text) {
  if (row.type == kind::secret) {
    if (const std::string error = secret_error(text); !error.empty()) return refused(row, error);
    return {value(std::move(text)), {}};
  }
  if (text.find('\0') != std::string::npos) return refused(row, shown(text) + " contains a zero byte");
  switch (row.type) {
    case kind::size:
    case kind::duration:
      return read_quantity(row, text);
    case kind::choice:
      if (std::ranges::find(row.words, text) == row.words.end()) {
        std::string error = shown(text) + " is not a choice";
        const auto near = nearest(text, {row.words.begin(), row.words.end()});
        if (!near.empty()) error += fmt::format(R"(; did you mean "{}"?)", near);
        return refused(row, error);
      }
      break;
    case kind::path:
      if (text.empty()) return refused(row, "is empty");
      break;
    case kind::address:
      if (!is_address(text)) {
        return refused(row, shown(text) + (text.starts_with('[') ? " is not an address; write it without brackets"
                                                                 : " is not an address"));
      }
      break;
    case kind::base_path:
      if (const std::string error = base_path_error(text); !error.empty()) return refused(row, error);
      break;
    case kind::web_address:
      if (const std::string error = web_address_error(text); !error.empty()) return refused(row, error);
      break;
    default:
      break;
  }
  return {value(std::move(text)), {}};
}

}  // namespace

reading check_value(const key_row& row, value v) {
  if (const auto* number = std::get_if<std::int64_t>(&v)) {
    if (*number < row.min || *number > row.max) {
      return refused(row, quantity(row.type, *number) + " is out of range");
    }
    return {std::move(v), {}};
  }
  if (auto* text = std::get_if<std::string>(&v)) return check_string(row, std::move(*text));
  if (auto* list = std::get_if<std::vector<std::string>>(&v)) return check_strings(row, std::move(*list));
  return {std::move(v), {}};
}

reading read_text(const key_row& row, std::string_view text) {
  if (row.type == kind::secret) return check_value(row, std::string(text));
  if (!is_utf8(text)) return refused(row, shown(text) + " is not UTF-8");
  switch (row.type) {
    case kind::boolean:
      if (text == "true") return {value(true), {}};
      if (text == "false") return {value(false), {}};
      return refused(row, shown(text) + " is not a truth value");
    case kind::count: {
      const std::string_view digits = trimmed(text);
      std::int64_t number = 0;
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
      if (error == std::errc::result_out_of_range) return refused(row, shown(text) + " is out of range");
      if (error != std::errc{} || end != digits.data() + digits.size()) {
        return refused(row, shown(text) + " is not a whole number");
      }
      return check_value(row, number);
    }
    case kind::networks:
    case kind::origins: {
      std::vector<std::string> list;
      for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        const std::string_view part = trimmed(text.substr(begin, end - begin));
        if (!part.empty()) list.emplace_back(part);
        begin = end + 1;
      }
      return check_value(row, std::move(list));
    }
    default:
      return check_value(row, std::string(text));
  }
}

std::string allowed(const key_row& row) {
  switch (row.type) {
    case kind::boolean:
      return "true or false";
    case kind::count:
    case kind::size:
    case kind::duration:
      return quantity(row.type, row.min) + " to " + quantity(row.type, row.max);
    case kind::choice: {
      std::string out = "one of ";
      for (const std::string_view word : row.words) {
        if (word != row.words.front()) out += ", ";
        out += word;
      }
      return out;
    }
    case kind::path:
      return "a path";
    case kind::optional_path:
      return "a path, or \"\" for none";
    case kind::address:
      return "an IPv4 or IPv6 address";
    case kind::origins:
      return R"(a list of origins such as "https://news.example", or "*" alone)";
    case kind::networks:
      return R"(a list of addresses and networks, such as "127.0.0.1" or "10.0.0.0/8")";
    case kind::base_path:
      return R"(a path such as "/search", or "" for none)";
    case kind::web_address:
      return R"(an address such as "https://news.example/search", or "" for none)";
    case kind::secret:
      return "16 to 512 characters of ASCII without blanks, or \"\" for none";
  }
  return {};
}

std::string to_text(const key_row& row, const value& v) {
  if (const auto* truth = std::get_if<bool>(&v)) return *truth ? "true" : "false";
  if (const auto* number = std::get_if<std::int64_t>(&v)) return quantity(row.type, *number);
  if (const auto* list = std::get_if<std::vector<std::string>>(&v)) {
    if (list->empty()) return "none";
    return fmt::format("{}", fmt::join(*list, ", "));
  }
  const auto& text = std::get<std::string>(v);
  return row.type == kind::secret && !text.empty() ? "(set, not shown)" : text;
}

std::string to_toml(const key_row& row, const value& v) {
  if (const auto* list = std::get_if<std::vector<std::string>>(&v)) {
    std::string out = "[";
    for (const std::string& entry : *list) {
      if (out.size() > 1) out += ", ";
      out += toml_quoted(entry);
    }
    out += ']';
    return out;
  }
  std::string text = to_text(row, v);
  if (row.type == kind::boolean || row.type == kind::count) return text;
  return toml_quoted(text);
}

std::string toml_quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\u{:04X}", byte);
    } else {
      out += c;
    }
  }
  return out + "\"";
}

bool is_utf8(std::string_view bytes) noexcept {
  // RFC 3629 §4: the second byte of a sequence is what excludes overlong forms, surrogates and what is above U+10FFFF.
  for (std::size_t i = 0; i < bytes.size();) {
    const auto lead = static_cast<unsigned char>(bytes[i]);
    std::size_t more = 0;
    unsigned low = 0x80;
    unsigned high = 0xBF;
    if (lead < 0x80) {
      ++i;
      continue;
    }
    if (lead >= 0xC2 && lead <= 0xDF) {
      more = 1;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
      more = 2;
      if (lead == 0xE0) low = 0xA0;
      if (lead == 0xED) high = 0x9F;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
      more = 3;
      if (lead == 0xF0) low = 0x90;
      if (lead == 0xF4) high = 0x8F;
    } else {
      return false;
    }
    if (bytes.size() - i <= more) return false;
    for (std::size_t k = 1; k <= more; ++k) {
      const auto byte = static_cast<unsigned char>(bytes[i + k]);
      if (byte < low || byte > high) return false;
      low = 0x80;
      high = 0xBF;
    }
    i += more + 1;
  }
  return true;
}

std::string nearest(std::string_view text, const std::vector<std::string>& candidates) {
  constexpr std::size_t k_longest = 64;  // no name of ours is longer, and the table below stays small
  if (text.empty() || text.size() > k_longest) return {};
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(1, text.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t n = text.size();
    const std::size_t m = candidate.size();
    std::vector<std::vector<std::size_t>> d(n + 1, std::vector<std::size_t>(m + 1));
    for (std::size_t i = 0; i <= n; ++i) d[i][0] = i;
    for (std::size_t j = 0; j <= m; ++j) d[0][j] = j;
    for (std::size_t i = 1; i <= n; ++i) {
      for (std::size_t j = 1; j <= m; ++j) {
        const bool same = lower(text[i - 1]) == lower(candidate[j - 1]);
        d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (same ? 0 : 1)});
        if (i > 1 && j > 1 && lower(text[i - 1]) == lower(candidate[j - 2]) &&
            lower(text[i - 2]) == lower(candidate[j - 1])) {
          d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    if (d[n][m] < best_distance) {
      best_distance = d[n][m];
      best = candidate;
    }
  }
  return best;
}

}  // namespace rapporteur::config
