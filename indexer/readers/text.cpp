// The two headers of a text file, and what is left: the text.
#include "indexer/readers/text.hpp"

#include "indexer/draft.hpp"
#include "indexer/readable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace rapporteur::indexer {
namespace {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t';
}
constexpr char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

std::string lower(std::string_view s) {
  std::string out(s);
  std::transform(out.begin(), out.end(), out.begin(), to_lower);
  return out;
}

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && is_blank(s.front())) s.remove_prefix(1);
  while (!s.empty() && (is_blank(s.back()) || s.back() == '\r')) s.remove_suffix(1);
  return s;
}

/// Removes the first line, with its end (\n, \r\n or \r), from text.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end);
  if (text.starts_with("\r\n")) {
    text.remove_prefix(2);
  } else if (!text.empty()) {
    text.remove_prefix(1);
  }
  return line;
}

/// A line "Key: value" of a header.
struct header_line {
  std::string_view key;
  std::string value;
  std::uint64_t number = 0;  ///< of the line in the file
};

/// Reads "Key: value"; the key is of letters, digits, blanks, _ and -, and a blank or nothing follows the colon (so
/// that an address is no header).
std::optional<header_line> header_line_of(std::string_view line, std::uint64_t number) {
  constexpr std::size_t k_key_bytes = 40;
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > k_key_bytes || is_blank(line[0])) return std::nullopt;
  const std::string_view key = line.substr(0, colon);
  const bool is_key = std::all_of(key.begin(), key.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x80 || is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'z') ||
           c == ' ' || c == '_' || c == '-';
  });
  const std::string_view rest = line.substr(colon + 1);
  if (!is_key || (!rest.empty() && !is_blank(rest[0]))) return std::nullopt;
  return header_line{trimmed(key), std::string(trimmed(rest)), number};
}

bool is_encoding_key(std::string_view key) {
  const std::string k = field_key(key);
  return k == "charset" || k == "encoding";
}

class text_file {
 public:
  text_file(std::string_view content, article_draft& draft) : rest_(content), draft_(draft) {}

  /// Hands header and text to the draft; a reason if the file cannot be an article.
  std::optional<finding> read() {
    if (auto problem = read_header()) return problem;
    if (!draft_.has(field::published)) read_inline_date();
    draft_.set({field::text, {}, {}, true}, "text", std::string(rest_));
    return std::nullopt;
  }

 private:
  /// A block of "Key: value" lines up to the first blank line. The first key must be a known one, or the text is one
  /// that happens to begin with a word and a colon.
  std::optional<finding> read_header() {
    std::string_view after = rest_;
    std::vector<header_line> block;
    for (std::uint64_t number = 1; !after.empty(); ++number) {
      const std::string_view line = take_line(after);
      if (trimmed(line).empty()) {
        if (block.empty()) return std::nullopt;
        break;
      }
      if (!block.empty() && is_blank(line[0])) {  // a long value goes on
        block.back().value.append(" ").append(trimmed(line));
        continue;
      }
      auto parsed = header_line_of(line, number);
      if (!parsed || (block.empty() && !begins_header(parsed->key))) {
        if (!block.empty()) {
          draft_.warn({errc::malformed, "looks like a header, but is not one and was taken as text",
                       fmt::format("line {} is not \"Key: value\"", number)});
        }
        return std::nullopt;
      }
      block.push_back(*std::move(parsed));
    }
    if (block.empty()) return std::nullopt;
    rest_ = after;
    return apply(block);
  }

  /// "Body: two men were found" is a text that begins with a word and a colon.
  bool begins_header(std::string_view key) const {
    if (is_encoding_key(key)) return true;
    const field_rule& rule = draft_.rule_of(key);
    return rule.strict || (rule.means != field::tag && rule.means != field::text);
  }

  std::optional<finding> apply(const std::vector<header_line>& block) {
    std::vector<std::string> seen;
    for (const header_line& h : block) {
      const std::string key = lower(h.key);
      if (is_encoding_key(key)) continue;  // has been followed
      field_rule rule = draft_.rule_of(key);
      if (rule.means == field::text) {
        draft_.leave_out("\"text\" in the header of a text file");
        continue;
      }
      if (rule.means == field::tag || rule.means == field::authors) {
        if (rule.split.empty()) rule.split = ";";
        draft_.set(rule, h.key, h.value);
        continue;
      }
      if (std::find(seen.begin(), seen.end(), key) != seen.end()) {
        return finding{severity::failure, {errc::malformed, "a key is given twice", printable(h.key)}, {}, h.number, 1};
      }
      seen.push_back(key);
      draft_.set(rule, h.key, h.value);
    }
    return std::nullopt;
  }

  /// " date 2019-06-13 The text…": the date, to the day or the month, on the line of the first words.
  void read_inline_date() {
    std::string_view s = rest_;
    while (!s.empty() && (is_blank(s.front()) || s.front() == '\n' || s.front() == '\r')) s.remove_prefix(1);
    constexpr std::string_view k_word = "date ";
    if (lower(s.substr(0, k_word.size())) != k_word) return;
    s.remove_prefix(k_word.size());
    while (!s.empty() && is_blank(s.front())) s.remove_prefix(1);
    const std::string_view value = s.substr(0, s.find_first_of(" \t\r\n"));
    constexpr std::string_view k_day_form = "dddd-dd-dd";
    constexpr std::string_view k_month_form = "dddd-dd";
    const auto has_form = [&](std::string_view form) {
      return std::equal(value.begin(), value.end(), form.begin(), form.end(),
                        [](char c, char f) { return f == 'd' ? is_digit(c) : c == f; });
    };
    if (!has_form(k_day_form) && !has_form(k_month_form)) return;
    draft_.set({field::published, {}, {}, true}, "date", std::string(value));
    rest_ = s.substr(value.size());
  }

  std::string_view rest_;
  article_draft& draft_;
};

std::optional<finding> failure(errc code, std::string reason, std::string detail, std::uint64_t line = 0,
                               std::uint64_t column = 0) {
  return finding{severity::failure, {code, std::move(reason), std::move(detail)}, {}, line, column};
}

/// "Charset: windows-1251" among the first lines, which are ASCII in every encoding that needs to be declared.
std::string_view declared_encoding(std::string_view content) {
  constexpr std::size_t k_lines = 64;
  for (std::size_t n = 0; n < k_lines && !content.empty(); ++n) {
    const std::string_view line = trimmed(take_line(content));
    const std::size_t colon = line.find(':');
    if (line.empty() || (n == 0 && colon == std::string_view::npos)) break;
    if (colon != std::string_view::npos && is_encoding_key(line.substr(0, colon)))
      return trimmed(line.substr(colon + 1));
  }
  return {};
}

/// The whole file, or nullopt if it is larger than max_bytes.
result<std::optional<std::string>> read_whole(input_file& file, std::uint64_t max_bytes) {
  constexpr std::size_t k_chunk = 64U << 10U;
  std::string content;
  if (file.size() > max_bytes) return std::optional<std::string>();
  content.reserve(file.size() + 1);
  for (;;) {
    const std::size_t have = content.size();
    content.resize(have + k_chunk);
    const auto n = file.read(content.data() + have, k_chunk);
    if (!n) return n.error();
    content.resize(have + *n);
    if (*n == 0) return std::optional<std::string>(std::move(content));
    if (content.size() > max_bytes) return std::optional<std::string>();
  }
}

}  // namespace

result<std::uint64_t> read_text(input_file& file, const std::string& path, const std::string& shown,
                                const read_limits& limits, const record_rules& rules, const read_events& events) {
  const auto report = [&](finding f) {
    f.file = shown;
    events.on_finding(std::move(f));
    events.on_bytes(file.size());
    return std::uint64_t{1};
  };
  auto whole = read_whole(file, limits.max_article_bytes);
  if (!whole) return whole.error();
  if (!*whole) {
    return report(*failure(errc::too_large, "the file is too long for one article",
                           fmt::format("{} bytes, over {}", file.size(), limits.max_article_bytes)));
  }
  auto readable = make_readable(**whole, declared_encoding(**whole));
  if (readable.has_error()) return report(readable.error());
  whole->reset();

  article_draft draft({path, 0, 1}, 0, rules);
  if (auto bad = text_file(readable->text, draft).read()) return report(*std::move(bad));
  auto finished = draft.finish();
  for (const auto& [what, count] : draft.left_out()) events.on_left_out(what, count);
  if (finished.has_error()) return report({severity::failure, finished.error(), {}, 0, 0});
  for (finding& w : readable->warnings) {
    w.file = shown;
    events.on_finding(std::move(w));
  }
  for (const remark& w : draft.warnings()) events.on_finding({severity::warning, w, shown, 0, 0});
  if (const auto taken = events.on_article(*std::move(finished)); !taken) return taken.error();
  events.on_bytes(file.size());
  return std::uint64_t{1};
}

}  // namespace rapporteur::indexer
